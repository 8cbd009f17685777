/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autofd.h"
#include "file.h"

/* The fixed part of a qcow2 header, version 3, up to the flags of incompatible features. */
enum
{
  HEADER_BYTES = 80,
  OLDEST = 2, /* version 1 is QEMU's format "qcow" */
  NEWEST = 3,
  BACKING_OFFSET = 8,       /* u64: where the name of the backing file is; 0: none */
  INCOMPATIBLE_OFFSET = 72, /* u64 of version 3 */
  EXTERNAL_DATA = 1 << 2,   /* "external data file" */
};

static const guint8 magic[] = { 'Q', 'F', 'I', 0xfb };

/* Descriptors that were handed over have names of their own in QEMU. */
static const char descriptors[] = "/dev/fdset/";

static const char file_protocol[] = "file:";

/* "PROTOCOL:...", before any slash. */
static gboolean
is_remote (const char *path)
{
  return path[strcspn (path, ":/")] == ':' || g_str_has_prefix (path, descriptors);
}

const char *
qr_image_path (const char *name)
{
  if (g_str_has_prefix (name, file_protocol))
    return name + strlen (file_protocol);
  return is_remote (name) ? NULL : name;
}

static guint64
read_u64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

static guint32
read_u32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static gboolean
leads_elsewhere (const guint8 *header)
{
  return read_u64 (header + BACKING_OFFSET) != 0
         || (read_u32 (header + sizeof magic) >= 3
             && (read_u64 (header + INCOMPATIBLE_OFFSET) & EXTERNAL_DATA) != 0);
}

static gboolean
says_qcow2 (const char *path)
{
  return g_str_has_suffix (path, ".qcow2") || g_str_has_suffix (path, ".qcow")
         || g_str_has_suffix (path, ".qc2");
}

static gboolean
fail (const char *path, int code, GError **error)
{
  qr_error_set (error, qr_file_status (code), "image-read", NULL, NULL, "cannot open \"%s\": %s",
                path, g_strerror (code));
  return FALSE;
}

/* Opening a device can do something by itself: only what can be an image is opened. */
static gboolean
check_type (const char *path, const struct stat *info, GError **error)
{
  if (S_ISREG (info->st_mode) || S_ISBLK (info->st_mode))
    return TRUE;
  qr_error_set (error, QR_STATUS_IO, "image-read", NULL, NULL,
                "\"%s\" is neither a file nor a block device", path);
  return FALSE;
}

gboolean
qr_image_look (const char *path, QrImage *out, GError **error)
{
  guint8 header[HEADER_BYTES] = { 0 };
  qr_autofd fd = -1;
  struct stat info;
  gssize got;

  *out = QR_IMAGE_REMOTE;
  if (is_remote (path))
    return TRUE;
  *out = QR_IMAGE_ABSENT;
  if (stat (path, &info) != 0)
    return errno == ENOENT || fail (path, errno, error);
  if (!check_type (path, &info, error))
    return FALSE;
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 || fstat (fd, &info) != 0)
    return fail (path, errno, error);
  if (!check_type (path, &info, error))
    return FALSE;
  do
    got = pread (fd, header, sizeof header, 0);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return fail (path, errno, error);
  *out = QR_IMAGE_UNKNOWN;
  if (memcmp (header, magic, sizeof magic) == 0 && read_u32 (header + sizeof magic) >= OLDEST
      && read_u32 (header + sizeof magic) <= NEWEST)
    *out = leads_elsewhere (header) && !says_qcow2 (path) ? QR_IMAGE_CHAINED : QR_IMAGE_QCOW2;
  return TRUE;
}
