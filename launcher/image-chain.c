/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "image-chain.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autofd.h"
#include "image.h"

enum
{
  LINKS_MAX = 64,
  HEAD_BYTES = 1 << 16, /* of an image that are looked at: one cluster */
  NAME_MAX_BYTES = 1023,
  VERSION_AT = 4, /* offsets of big-endian numbers */
  BACKING_OFFSET = 8,
  BACKING_SIZE = 16,
  INCOMPATIBLE = 72,
  HEADER_LENGTH = 100,
  HEADER_2 = 72, /* bytes of version 2 */
  HEADER_3 = 104,
  EXTERNAL_DATA = 1 << 2,
  EXTENSION_FORMAT = (gint32) 0xe2792aca,
  EXTENSION_DATA = 0x44415441,
  SPARSE_SIZE = 12, /* u64: 0 where the text says all */
};

static const guint8 magic[] = { 'Q', 'F', 'I', 0xfb };
static const char format_of_trust[] = "qcow2";

/* VMware's images: a text that says where the data is, or data with such a text in it. */
static const char descriptor[] = "# Disk DescriptorFile", vmware_format[] = "vmdk",
                  parent_key[] = "parentFileNameHint";
static const char *const sparse_magics[] = { "KDMV", "COWD" };

typedef struct
{
  const char *backing; /* as the header has it; NULL: none */
  const char *format;  /* of that; NULL: it is searched for */
  const char *data;    /* NULL: in the image */
} Head;

static guint32
number (const guint8 *bytes, gsize at)
{
  guint32 value;

  memcpy (&value, bytes + at, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint64
wide (const guint8 *bytes, gsize at)
{
  return (guint64) number (bytes, at) << 32 | number (bytes, at + 4);
}

/* Up to HEAD_BYTES of what can be an image; 0: nothing. */
static gsize
read_bytes (const char *path, guint8 *bytes)
{
  qr_autofd fd = -1;
  struct stat info;
  gssize got;

  if (stat (path, &info) != 0 || !(S_ISREG (info.st_mode) || S_ISBLK (info.st_mode)))
    return 0;
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  got = fd < 0 ? -1 : pread (fd, bytes, HEAD_BYTES, 0);
  return got < 0 ? 0 : (gsize) got;
}

static const char *
text_at (const guint8 *bytes, gsize size, guint64 at, guint64 length, QrPool *pool)
{
  if (length == 0 || length > NAME_MAX_BYTES || at > size || length > size - at)
    return NULL;
  return qr_pool_strndup (pool, (const char *) bytes + at, length);
}

/* QEMU reads no extension behind @end. */
static void
read_extensions (const guint8 *bytes, gsize end, gsize at, QrPool *pool, Head *out)
{
  while (at + 8 <= end && number (bytes, at) != 0)
    {
      guint32 type = number (bytes, at), length = number (bytes, at + 4);

      if (type == (guint32) EXTENSION_FORMAT)
        out->format = text_at (bytes, end, at + 8, length, pool);
      if (type == EXTENSION_DATA)
        out->data = text_at (bytes, end, at + 8, length, pool);
      if (length > end - at - 8)
        return;
      at += 8 + (length + 7) / 8 * 8;
    }
}

/* FALSE: no image of qcow2 that can be read. */
static gboolean
parse_head (const guint8 *bytes, gsize size, QrPool *pool, Head *out)
{
  gsize header = HEADER_2, end;

  *out = (Head){ 0 };
  if (size < HEADER_3 || memcmp (bytes, magic, sizeof magic) != 0)
    return FALSE;
  if (number (bytes, VERSION_AT) >= 3)
    header = number (bytes, HEADER_LENGTH);
  end = wide (bytes, BACKING_OFFSET) == 0 ? size : (gsize) MIN (wide (bytes, BACKING_OFFSET), size);
  read_extensions (bytes, end, header, pool, out);
  if (number (bytes, VERSION_AT) < 3 || (wide (bytes, INCOMPATIBLE) & EXTERNAL_DATA) == 0)
    out->data = NULL;
  if (wide (bytes, BACKING_OFFSET) != 0)
    out->backing
        = text_at (bytes, size, wide (bytes, BACKING_OFFSET), number (bytes, BACKING_SIZE), pool);
  return TRUE;
}

static gboolean
read_head (const char *path, QrPool *pool, Head *out)
{
  g_autofree guint8 *bytes = g_malloc0 (HEAD_BYTES);

  return parse_head (bytes, read_bytes (path, bytes), pool, out);
}

/* Whether an image of VMware's has its data, or what it stands on, in other files. */
static gboolean
leads_in_vmware (const guint8 *bytes, gsize size)
{
  if (size >= strlen (descriptor) && memcmp (bytes, descriptor, strlen (descriptor)) == 0)
    return TRUE;
  for (guint i = 0; size >= SPARSE_SIZE + 8 && i < G_N_ELEMENTS (sparse_magics); i++)
    if (memcmp (bytes, sparse_magics[i], strlen (sparse_magics[i])) == 0)
      return (i == 0 && wide (bytes, SPARSE_SIZE) == 0)
             || memmem (bytes, size, parent_key, strlen (parent_key)) != NULL;
  return FALSE;
}

static gboolean
fail (const char *path, const char *hint, GError **error, const char *what)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "image-chain", NULL, hint, "image \"%s\" %s", path,
                what);
  return FALSE;
}

/* Relative to the directory of @path. */
static const char *
beside (const char *path, const char *name, QrPool *pool)
{
  const char *slash = strrchr (path, '/');

  return *name == '/' || slash == NULL
             ? name
             : qr_pool_printf (pool, "%.*s%s", (int) (slash + 1 - path), path, name);
}

static void
add_link (GArray *out, const char *path, gboolean is_data, const char *format)
{
  const QrImageLink link = { path, is_data, format };

  g_array_append_val (out, link);
}

/* The file that holds the data; QEMU looks for it from where it is, not from the image. */
static gboolean
add_data (const char *path, const Head *head, gboolean is_data, GArray *out, GError **error)
{
  const char *name;

  if (head->data == NULL)
    return TRUE;
  name = qr_image_path (head->data);
  if (name == NULL)
    return fail (path, NULL, error, "has its data in what is no path");
  add_link (out, name, is_data, NULL);
  return TRUE;
}

gboolean
qr_image_chain (const char *path, QrImageAsk ask, gpointer data, QrPool *pool, GArray *out,
                GError **error)
{
  Head head;

  for (guint i = 0; read_head (path, pool, &head); i++)
    {
      const char *name = head.backing == NULL ? NULL : qr_image_path (head.backing), *format;
      QrImageSaid said = { 0 };

      if (ask != NULL)
        ask (i, &said, data);
      if (i == LINKS_MAX)
        return fail (path, NULL, error, "is one of too many that stand on each other");
      if (!said.data && !add_data (path, &head, i == 0, out, error))
        return FALSE;
      if (said.backing || head.backing == NULL)
        return TRUE;
      if (name == NULL)
        return fail (path, NULL, error, "stands on what is no path");
      if (name == head.backing)
        name = beside (path, name, pool);
      format = said.format != NULL ? said.format : head.format;
      add_link (out, name, FALSE, format);
      if (g_strcmp0 (format, format_of_trust) != 0)
        return format != NULL || qr_image_leads (name) == NULL
               || fail (path, "write it by \"qemu-img rebase -u -F FORMAT -b FILE\"", error,
                        "does not say in which format the image is that it stands on");
      path = name;
    }
  return TRUE;
}

const char *
qr_image_leads (const char *path)
{
  g_autofree guint8 *bytes = g_malloc0 (HEAD_BYTES);
  g_autoptr (QrPool) pool = qr_pool_new ();
  gsize size = read_bytes (path, bytes);
  Head head;

  if (parse_head (bytes, size, pool, &head) && (head.backing != NULL || head.data != NULL))
    return format_of_trust;
  return leads_in_vmware (bytes, size) ? vmware_format : NULL;
}
