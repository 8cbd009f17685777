/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "autofd.h"
#include "pci-addr.h"

enum
{
  CONFIG_VENDOR = 0x00,
  CONFIG_STATUS = 0x06,
  CONFIG_CLASS = 0x09,
  CONFIG_CAPABILITIES = 0x34,
  CONFIG_HEADER = 0x40, /* what anybody may read */
  CONFIG_CONVENTIONAL = 0x100,
  STATUS_HAS_CAPABILITIES = 0x10,
  CAPABILITY_EXPRESS = 0x10,
  EXPRESS_INTEGRATED_ENDPOINT = 9,
  RESOURCE_IO = 0x100,
  RESOURCE_MEMORY = 0x200,
  RESOURCE_PREFETCHABLE = 0x2000,
  RESOURCE_64 = 0x100000,
  RESOURCE_FILE = 2048, /* three numbers a line, of which the first six are BARs */
};

/* "0000:01:00.0" or "01:00.0": fields in hexadecimal. */
static gboolean
parse_host (const char *host, guint fields[4])
{
  static const guint limits[] = { 0xffff, 0xff, QR_PCI_SLOTS - 1, QR_PCI_FUNCTIONS - 1 };
  guint first = strchr (host, ':') == strrchr (host, ':') ? 1 : 0;

  fields[0] = 0;
  for (guint i = first; i < 4; i++)
    {
      char *end;
      guint64 value = g_ascii_strtoull (host, &end, 16);

      if (!g_ascii_isxdigit (*host) || value > limits[i])
        return FALSE;
      fields[i] = (guint) value;
      if (*end != (i < 2 ? ':' : i == 2 ? '.' : '\0'))
        return FALSE;
      host = end + (i < 3);
    }
  return TRUE;
}

/* The type in the PCI Express capability, or -1 when it cannot be seen. */
static int
express_type (const guint8 *config, gsize length)
{
  guint at = config[CONFIG_CAPABILITIES] & 0xfc;

  if ((config[CONFIG_STATUS] & STATUS_HAS_CAPABILITIES) == 0)
    return -1;
  for (guint steps = 0; steps < 48 && at >= CONFIG_HEADER && at + 3 < length; steps++)
    {
      if (config[at] == CAPABILITY_EXPRESS)
        return config[at + 2] >> 4;
      at = config[at + 1] & 0xfc;
    }
  return -1;
}

/* "0xSTART 0xEND 0xFLAGS\n"; FALSE when that is not what stands there. */
static gboolean
read_resource (const char **text, guint64 fields[3])
{
  for (guint i = 0; i < 3; i++)
    {
      char *end;

      if (!g_str_has_prefix (*text, "0x"))
        return FALSE;
      fields[i] = g_ascii_strtoull (*text, &end, 16);
      if (*end != (i < 2 ? ' ' : '\n'))
        return FALSE;
      *text = end + 1;
    }
  return TRUE;
}

/* The sizes of the BARs, from the text of the kernel's list. */
static gboolean
read_bars (const char *text, QrSysfsFunction *out)
{
  static const guint64 large = RESOURCE_MEMORY | RESOURCE_PREFETCHABLE | RESOURCE_64;

  for (guint i = 0; i < QR_SYSFS_BARS; i++)
    {
      guint64 fields[3], size;

      if (!read_resource (&text, fields))
        return FALSE;
      size = fields[1] > fields[0] ? fields[1] - fields[0] + 1 : 0;
      if ((fields[2] & RESOURCE_IO) != 0)
        out->io_bytes += (guint) MIN (size, G_MAXUINT16);
      else if ((fields[2] & large) == large)
        out->memory64[i] = size;
    }
  return TRUE;
}

/* Reads up to @size bytes of the function's file @name; -1 when it cannot be read. */
static gssize
read_file (const char *directory, const char *name, gpointer bytes, gsize size, goffset *length)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  qr_autofd fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) < 0)
    return -1;
  *length = info.st_size;
  return read (fd, bytes, size);
}

gboolean
qr_sysfs_read (const char *root, const char *host, QrSysfsFunction *out)
{
  guint8 config[CONFIG_CONVENTIONAL] = { 0 };
  char resources[RESOURCE_FILE + 1] = "";
  g_autofree char *directory = NULL;
  goffset length;
  gssize n;
  guint fields[4];
  int type;

  *out = (QrSysfsFunction){ 0 };
  if (!parse_host (host, fields))
    return FALSE;
  out->slot = fields[2];
  out->function = fields[3];
  directory = g_strdup_printf ("%s/bus/pci/devices/%04x:%02x:%02x.%u", root, fields[0], fields[1],
                               fields[2], fields[3]);
  n = read_file (directory, "config", config, sizeof config, &length);
  if (n < CONFIG_HEADER)
    return TRUE;
  type = express_type (config, (gsize) n);
  out->found = TRUE;
  out->vendor = (guint16) (config[CONFIG_VENDOR] | config[CONFIG_VENDOR + 1] << 8);
  out->class_code = (guint32) (config[CONFIG_CLASS] | config[CONFIG_CLASS + 1] << 8
                               | config[CONFIG_CLASS + 2] << 16);
  out->express = type >= 0 || length > CONFIG_CONVENTIONAL;
  out->integrated = type == EXPRESS_INTEGRATED_ENDPOINT;
  n = read_file (directory, "resource", resources, RESOURCE_FILE, &length);
  out->sized = n > 0 && read_bars (resources, out);
  return TRUE;
}
