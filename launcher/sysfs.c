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

gboolean
qr_sysfs_read (const char *root, const char *host, QrSysfsFunction *out)
{
  guint8 config[CONFIG_CONVENTIONAL] = { 0 };
  g_autofree char *path = NULL;
  qr_autofd fd = -1;
  struct stat info;
  guint fields[4];
  gssize length;
  int type;

  *out = (QrSysfsFunction){ 0 };
  if (!parse_host (host, fields))
    return FALSE;
  out->slot = fields[2];
  out->function = fields[3];
  path = g_strdup_printf ("%s/bus/pci/devices/%04x:%02x:%02x.%u/config", root, fields[0], fields[1],
                          fields[2], fields[3]);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &info) < 0)
    return TRUE;
  length = read (fd, config, sizeof config);
  if (length < CONFIG_HEADER)
    return TRUE;
  type = express_type (config, (gsize) length);
  out->found = TRUE;
  out->vendor = (guint16) (config[CONFIG_VENDOR] | config[CONFIG_VENDOR + 1] << 8);
  out->class_code = (guint32) (config[CONFIG_CLASS] | config[CONFIG_CLASS + 1] << 8
                               | config[CONFIG_CLASS + 2] << 16);
  out->express = type >= 0 || info.st_size > CONFIG_CONVENTIONAL;
  out->integrated = type == EXPRESS_INTEGRATED_ENDPOINT;
  return TRUE;
}
