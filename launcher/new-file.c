/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "new-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autofd.h"
#include "file.h"

/* An empty qcow2 image with clusters of 64 KiB: one for the header, one for the refcount table,
 * one refcount block (32,768 counts of 16 bits), then the L1 table. */
enum
{
  CLUSTER_BITS = 16,
  CLUSTER = 1 << CLUSTER_BITS,
  HEADER_CLUSTERS = 3,
  L1_ENTRY_BYTES = 8,
  MAX_COPY_BYTES = 256 * 1024 * 1024, /* firmware has 64 MiB at most */
  MAX_L1_CLUSTERS = 512,              /* 32 MiB, as much as QEMU takes */
  REFCOUNT_ORDER = 4,
  QCOW2_VERSION = 3,
  HEADER_LENGTH = 104,
};

/* A file has less than 8 EiB. */
static const guint64 most_raw = G_GUINT64_CONSTANT (4) << 60;

/* What one entry of the L1 table stands for: an L2 table of one cluster. */
static const guint64 l1_reach = (guint64) (CLUSTER / 8) << CLUSTER_BITS;

guint64
qr_new_file_most (QrNewKind kind)
{
  return kind == QR_NEW_QCOW2 ? (guint64) MAX_L1_CLUSTERS * (CLUSTER / L1_ENTRY_BYTES) * l1_reach
                              : most_raw;
}

static gboolean
fail (const QrNewFile *file, const char *path, int code, GError **error)
{
  qr_error_set (error, qr_file_status (code), "new-file", &file->place, NULL,
                "cannot make \"%s\": %s", path, g_strerror (code));
  return FALSE;
}

static gboolean
write_all (int fd, const void *bytes, gsize length, guint64 at)
{
  const char *from = bytes;

  while (length > 0)
    {
      gssize written = pwrite (fd, from, length, (off_t) at);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      from += written;
      length -= (gsize) written;
      at += (guint64) written;
    }
  return TRUE;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static void
put_u64 (guint8 *at, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static gboolean
write_qcow2 (int fd, guint64 bytes)
{
  guint32 n_l1 = (guint32) MAX ((bytes + l1_reach - 1) / l1_reach, 1);
  guint32 l1_clusters = (n_l1 * L1_ENTRY_BYTES + CLUSTER - 1) / CLUSTER;
  guint32 used = HEADER_CLUSTERS + l1_clusters;
  g_autofree guint8 *head = g_malloc0 (HEADER_CLUSTERS * CLUSTER);
  guint8 *counts = head + 2 * CLUSTER;

  memcpy (head, "QFI\xfb", 4);
  put_u32 (head + 4, QCOW2_VERSION);
  put_u32 (head + 20, CLUSTER_BITS);
  put_u64 (head + 24, bytes);
  put_u32 (head + 36, n_l1);
  put_u64 (head + 40, HEADER_CLUSTERS * CLUSTER); /* the L1 table */
  put_u64 (head + 48, CLUSTER);                   /* the refcount table */
  put_u32 (head + 56, 1);                         /* its clusters */
  put_u32 (head + 96, REFCOUNT_ORDER);
  put_u32 (head + 100, HEADER_LENGTH);
  put_u64 (head + CLUSTER, 2 * CLUSTER);
  for (guint32 i = 0; i < used; i++)
    counts[2 * i + 1] = 1;
  return write_all (fd, head, HEADER_CLUSTERS * CLUSTER, 0)
         && ftruncate (fd, (off_t) used * CLUSTER) == 0;
}

/* Returns: 0 or an errno */
static int
copy (int to, int from)
{
  char block[65536];
  guint64 at = 0;
  struct stat info;
  gssize got;

  if (fstat (from, &info) != 0)
    return errno;
  if (!S_ISREG (info.st_mode) || info.st_size > MAX_COPY_BYTES)
    return EFBIG;
  while ((got = pread (from, block, sizeof block, (off_t) at)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0 || !write_all (to, block, (gsize) got, at))
        return errno;
      at += (guint64) got;
      if (at > MAX_COPY_BYTES)
        return EFBIG;
    }
  return 0;
}

/* What cannot be read is the original, what cannot be written the copy. */
static gboolean
fill_copy (int fd, const QrNewFile *file, GError **error)
{
  qr_autofd from = open (file->original, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int code = from < 0 ? errno : copy (fd, from);

  if (code == 0)
    return TRUE;
  qr_error_set (error, qr_file_status (code), "new-file", &file->place, NULL,
                "cannot make \"%s\" of \"%s\": %s", file->path, file->original, g_strerror (code));
  return FALSE;
}

static gboolean
fill (int fd, const QrNewFile *file, GError **error)
{
  switch (file->kind)
    {
    case QR_NEW_QCOW2:
      return write_qcow2 (fd, file->bytes) || fail (file, file->path, errno, error);
    case QR_NEW_RAW:
      return ftruncate (fd, (off_t) file->bytes) == 0 || fail (file, file->path, errno, error);
    case QR_NEW_COPY:
      return fill_copy (fd, file, error);
    }
  g_assert_not_reached ();
}

/* A file without a name in @directory; where the file system has none such, one whose name is
 * put into @name. */
static int
open_nameless (const QrNewFile *file, char **name)
{
  g_autofree char *directory = g_path_get_dirname (file->path);
  int fd = open (directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);

  *name = NULL;
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
    return fd;
  *name = g_strdup_printf ("%s.XXXXXX", file->path);
  return g_mkstemp_full (*name, O_RDWR | O_CLOEXEC, 0666);
}

/* One of them. */
typedef struct
{
  const QrNewFile *file;
  int fd;
  char *name; /* that it has until it gets its own; NULL: none */
} Made;

struct QrNewFiles
{
  Made *files;
  gsize n;
};

void
qr_new_files_free (QrNewFiles *made)
{
  if (made == NULL)
    return;
  for (gsize i = 0; i < made->n; i++)
    {
      (void) close (made->files[i].fd);
      if (made->files[i].name != NULL)
        (void) unlink (made->files[i].name);
      g_free (made->files[i].name);
    }
  g_free (made->files);
  g_free (made);
}

QrNewFiles *
qr_new_files_prepare (const QrNewFile *files, gsize n, GError **error)
{
  g_autoptr (QrNewFiles) made = g_new0 (QrNewFiles, 1);

  made->files = g_new0 (Made, n + 1);
  for (; made->n < n; made->n++)
    {
      Made *one = &made->files[made->n];

      one->file = &files[made->n];
      one->fd = open_nameless (one->file, &one->name);
      if (one->fd < 0)
        {
          g_free (one->name);
          (void) fail (one->file, one->file->path, errno, error);
          return NULL;
        }
      if (!fill (one->fd, one->file, error)
          || (fsync (one->fd) != 0 && !fail (one->file, one->file->path, errno, error)))
        {
          made->n++; /* it goes with the others */
          return NULL;
        }
    }
  return g_steal_pointer (&made);
}

/* One that has the name already stays; a link to nothing is none. */
static gboolean
name_one (const Made *one, GError **error)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", one->fd);
  const char *from = one->name != NULL ? one->name : link;
  struct stat info;

  if (linkat (AT_FDCWD, from, AT_FDCWD, one->file->path, AT_SYMLINK_FOLLOW) == 0)
    return TRUE;
  if (errno == EEXIST && stat (one->file->path, &info) == 0)
    return TRUE;
  return fail (one->file, one->file->path, errno, error);
}

gboolean
qr_new_files_own (const QrNewFiles *made, uid_t user, gid_t group, GError **error)
{
  for (gsize i = 0; i < made->n; i++)
    {
      const Made *one = &made->files[i];

      if (one->fd >= 0 && fchown (one->fd, user, group) != 0)
        return fail (one->file, one->file->path, errno, error);
    }
  return TRUE;
}

gboolean
qr_new_files_name (const QrNewFiles *made, GError **error)
{
  for (gsize i = 0; i < made->n; i++)
    if (!name_one (&made->files[i], error))
      return FALSE;
  return TRUE;
}
