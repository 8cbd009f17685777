/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lock-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "autofd.h"
#include "bounds.h"
#include "file.h"

#define SUFFIX ".tmp"
#define DIGITS "0123456789abcdef"

enum
{
  RANDOM_DIGITS = 8,
  NAME_BYTES_MAX = NAME_MAX - 2 - RANDOM_DIGITS - (int) sizeof SUFFIX + 1, /* two dots */
  TRIES = 16,     /* for a name of a temporary that is not taken */
  POLL_US = 5000, /* between two tries for the lock */
};

struct QrLockFile
{
  char *path;       /* as the user wrote it */
  const char *name; /* the last part of it */
  int directory;    /* -1, or open, and then locked */
  GString *text;    /* NULL: there was no file */
  struct stat info; /* of the file with that text */
};

static gboolean refuse (GError **error, QrStatus status, const char *code, const char *hint,
                        const char *format, ...) G_GNUC_PRINTF (5, 6);

static gboolean
refuse (GError **error, QrStatus status, const char *code, const char *hint, const char *format,
        ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, status, code, NULL, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* --- the directory and its lock ------------------------------------------------------- */

static gboolean
check_name (const QrLockFile *file, GError **error)
{
  if (*file->name == '\0' || strcmp (file->name, ".") == 0 || strcmp (file->name, "..") == 0)
    return refuse (error, QR_STATUS_USAGE, "lock-path", "name a file in a directory that exists",
                   "\"%s\" names no lock file", file->path);
  if (strlen (file->name) > NAME_BYTES_MAX)
    return refuse (error, QR_STATUS_USAGE, "lock-path", NULL,
                   "the name of a lock file has at most %d bytes", NAME_BYTES_MAX);
  return TRUE;
}

static gboolean
check_directory (const QrLockFile *file, const struct stat *info, GError **error)
{
  if (info->st_uid != geteuid () && info->st_uid != 0)
    return refuse (error, QR_STATUS_PERMISSION, "lock-directory", "it must belong to you or root",
                   "the directory of lock file \"%s\" belongs to user %u", file->path,
                   (guint) info->st_uid);
  if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0 && (info->st_mode & S_ISVTX) == 0)
    return refuse (error, QR_STATUS_PERMISSION, "lock-directory",
                   "take the right to write from group and others (chmod go-w)",
                   "others can replace files in the directory of lock file \"%s\"", file->path);
  return TRUE;
}

static gboolean
open_directory (QrLockFile *file, GError **error)
{
  g_autofree char *above = g_strndup (file->path, (gsize) (file->name - file->path));
  struct stat info;
  int code;

  file->directory = open (*above == '\0' ? "." : above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file->directory >= 0 && fstat (file->directory, &info) == 0)
    return check_directory (file, &info, error);
  code = errno;
  return refuse (error, qr_file_status (code), "lock-directory", NULL,
                 "cannot open the directory of lock file \"%s\": %s", file->path,
                 g_strerror (code));
}

static gboolean
take_lock (const QrLockFile *file, guint wait_ms, GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  while (flock (file->directory, LOCK_EX | LOCK_NB) < 0)
    {
      int code = errno;

      if (code == EINTR)
        continue;
      if (code != EWOULDBLOCK)
        return refuse (error, QR_STATUS_IO, "lock-directory", NULL,
                       "cannot lock the directory of lock file \"%s\": %s", file->path,
                       g_strerror (code));
      if (g_get_monotonic_time () >= end)
        return refuse (error, QR_STATUS_UNAVAILABLE, "lock-busy", "try again when it has ended",
                       "another process uses the directory of lock file \"%s\"", file->path);
      g_usleep (POLL_US);
    }
  return TRUE;
}

/* Whether @entry is a temporary of this file's name. */
static gboolean
is_temporary (const QrLockFile *file, const char *entry)
{
  gsize length = strlen (file->name);

  if (*entry != '.' || strncmp (entry + 1, file->name, length) != 0 || entry[length + 1] != '.')
    return FALSE;
  entry += length + 2;
  return strspn (entry, DIGITS) == RANDOM_DIGITS && strcmp (entry + RANDOM_DIGITS, SUFFIX) == 0;
}

/* Removes what killed processes left. Nobody writes one now, for we have the lock; one that
 * cannot be removed harms nobody. */
static void
remove_temporaries (const QrLockFile *file)
{
  int fd = openat (file->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = fd < 0 ? NULL : fdopendir (fd);
  const struct dirent *entry;
  struct stat info;

  if (entries == NULL)
    {
      qr_autofd_close (&fd);
      return;
    }
  while ((entry = readdir (entries)) != NULL)
    if (is_temporary (file, entry->d_name)
        && fstatat (file->directory, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0
        && S_ISREG (info.st_mode) && info.st_uid == geteuid ())
      (void) unlinkat (file->directory, entry->d_name, 0);
  (void) closedir (entries);
}

/* --- reading -------------------------------------------------------------------------- */

static gboolean
check_file (const QrLockFile *file, GError **error)
{
  const struct stat *info = &file->info;

  if (!S_ISREG (info->st_mode))
    return refuse (error, QR_STATUS_IO, "lock-file", NULL, "lock file \"%s\" is not a regular file",
                   file->path);
  if (info->st_uid != geteuid ())
    return refuse (error, QR_STATUS_PERMISSION, "lock-file", "it must belong to you",
                   "lock file \"%s\" belongs to user %u, not %u", file->path, (guint) info->st_uid,
                   (guint) geteuid ());
  if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refuse (error, QR_STATUS_PERMISSION, "lock-file",
                   "take the right to write from group and others (chmod go-w)",
                   "lock file \"%s\" can be written by others than its owner", file->path);
  if (info->st_nlink != 1)
    return refuse (error, QR_STATUS_PERMISSION, "lock-file", "leave it one name",
                   "lock file \"%s\" has %lu names (hard links)", file->path,
                   (gulong) info->st_nlink);
  return TRUE;
}

static gboolean
read_file (QrLockFile *file, GError **error)
{
  qr_autofd fd = openat (file->directory, file->name,
                         O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  int code = fd < 0 ? errno : 0;

  if (code == ENOENT)
    return TRUE;
  if (code == ELOOP)
    return refuse (error, QR_STATUS_PERMISSION, "lock-file", "name the file itself",
                   "lock file \"%s\" is a symbolic link", file->path);
  if (code == 0 && fstat (fd, &file->info) < 0)
    code = errno;
  if (code != 0)
    return refuse (error, qr_file_status (code), "lock-file", NULL,
                   "cannot read lock file \"%s\": %s", file->path, g_strerror (code));
  if (!check_file (file, error))
    return FALSE;
  file->text = qr_file_read_open (fd, file->path, error);
  if (file->text != NULL && file->text->len == 0)
    return refuse (error, QR_STATUS_CONFIG, "lock-file",
                   "it was cut short: restore it, or remove it to begin a new one",
                   "lock file \"%s\" is empty", file->path);
  return file->text != NULL;
}

QrLockFile *
qr_lock_file_open (const char *path, guint wait_ms, GError **error)
{
  g_autoptr (QrLockFile) file = g_new0 (QrLockFile, 1);
  const char *slash;

  file->path = g_strdup (path);
  slash = strrchr (file->path, '/');
  file->name = slash == NULL ? file->path : slash + 1;
  file->directory = -1;
  if (!check_name (file, error) || !open_directory (file, error)
      || !take_lock (file, wait_ms, error))
    return NULL;
  remove_temporaries (file);
  return read_file (file, error) ? g_steal_pointer (&file) : NULL;
}

void
qr_lock_file_close (QrLockFile *file)
{
  if (file == NULL)
    return;
  if (file->text != NULL)
    g_string_free (file->text, TRUE);
  qr_autofd_close (&file->directory);
  g_free (file->path);
  g_free (file);
}

const GString *
qr_lock_file_text (const QrLockFile *file)
{
  return file->text;
}

/* --- writing -------------------------------------------------------------------------- */

static gboolean
write_failed (const QrLockFile *file, int code, GError **error)
{
  return refuse (error, qr_file_status (code), "lock-file", NULL,
                 "cannot write lock file \"%s\": %s", file->path, g_strerror (code));
}

/* The rename would take any file away: only the one that was read may go, and only if its
 * owner may write to it. */
static gboolean
check_old (const QrLockFile *file, GError **error)
{
  const struct stat *old = &file->info;
  struct stat now;
  int code = 0;

  if (fstatat (file->directory, file->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
    code = errno;
  if (code != 0 && code != ENOENT)
    return write_failed (file, code, error);
  if ((code == 0) != (file->text != NULL)
      || (code == 0
          && (now.st_dev != old->st_dev || now.st_ino != old->st_ino || now.st_size != old->st_size
              || now.st_mtim.tv_sec != old->st_mtim.tv_sec
              || now.st_mtim.tv_nsec != old->st_mtim.tv_nsec)))
    return refuse (error, QR_STATUS_UNAVAILABLE, "lock-file", "try again",
                   "another process has changed lock file \"%s\" meanwhile", file->path);
  if (code == 0 && (now.st_mode & S_IWUSR) == 0)
    return refuse (error, QR_STATUS_PERMISSION, "lock-file",
                   "give its owner the right to write (chmod u+w)", "lock file \"%s\" is read-only",
                   file->path);
  return TRUE;
}

/* A new file of ours and its name, or -1 with errno set. */
static int
make_temporary (const QrLockFile *file, char name[NAME_MAX + 1])
{
  int fd = -1;

  for (guint i = 0; i < TRIES && fd < 0; i++)
    {
      (void) snprintf (name, NAME_MAX + 1, ".%s.%0*x" SUFFIX, file->name, RANDOM_DIGITS,
                       g_random_int ());
      fd = openat (file->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   0600);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  return fd;
}

/* All of @text to the disk, whatever the umask was. Returns 0 or an errno. */
static int
fill (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      ssize_t written = write (fd, text, length);

      if (written < 0 && errno != EINTR)
        return errno;
      if (written > 0)
        {
          text += written;
          length -= (gsize) written;
        }
    }
  return fchmod (fd, S_IRUSR | S_IWUSR) < 0 || fsync (fd) < 0 ? errno : 0;
}

gboolean
qr_lock_file_replace (QrLockFile *file, const char *text, gsize length, GError **error)
{
  char temporary[NAME_MAX + 1];
  qr_autofd fd = -1;
  GString *held;
  int code;

  g_assert (length > 0);
  if (file->text != NULL && file->text->len == length
      && memcmp (file->text->str, text, length) == 0)
    return TRUE;
  if (length > QR_LIMIT_FILE_BYTES)
    return refuse (error, QR_STATUS_CONFIG, "lock-file", NULL,
                   "lock file \"%s\" would be larger than 16 MiB", file->path);
  if (!check_old (file, error))
    return FALSE;
  fd = make_temporary (file, temporary);
  if (fd < 0)
    return write_failed (file, errno, error);
  code = fill (fd, text, length);
  if (code == 0 && renameat (file->directory, temporary, file->directory, file->name) < 0)
    code = errno;
  if (code != 0)
    {
      (void) unlinkat (file->directory, temporary, 0); /* else the next open removes it */
      return write_failed (file, code, error);
    }
  held = file->text;
  file->text = g_string_new_len (text, (gssize) length);
  if (held != NULL)
    g_string_free (held, TRUE);
  if (fstat (fd, &file->info) < 0 || fsync (file->directory) < 0)
    return write_failed (file, errno, error);
  return TRUE;
}
