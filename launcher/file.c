/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "autofd.h"
#include "bounds.h"

QrStatus
qr_file_status (int code)
{
  if (code == ENOENT || code == ENOTDIR)
    return QR_STATUS_NO_INPUT;
  return code == EACCES || code == EPERM ? QR_STATUS_PERMISSION : QR_STATUS_IO;
}

/* Everything up to one block past the limit. */
static GString *
read_all (int fd, int *code)
{
  GString *text = g_string_new (NULL);
  char block[16384];
  ssize_t got;

  do
    {
      got = read (fd, block, sizeof block);
      *code = got < 0 ? errno : 0;
      if (got > 0)
        g_string_append_len (text, block, got);
    }
  while ((got > 0 && text->len <= QR_LIMIT_FILE_BYTES) || (got < 0 && *code == EINTR));
  return text;
}

static GString *
fail (const char *path, int code, GError **error)
{
  qr_error_set (error, qr_file_status (code), "file-read", NULL, NULL, "cannot read \"%s\": %s",
                path, g_strerror (code));
  return NULL;
}

GString *
qr_file_read_open (int fd, const char *path, GError **error)
{
  int code;
  GString *text = read_all (fd, &code);

  if (code == 0 && text->len <= QR_LIMIT_FILE_BYTES)
    return text;
  g_string_free (text, TRUE);
  if (code != 0)
    return fail (path, code, error);
  qr_error_set (error, QR_STATUS_CONFIG, "file-size", NULL, NULL, "\"%s\" is larger than 16 MiB",
                path);
  return NULL;
}

GString *
qr_file_read (const char *path, struct stat *info, GError **error)
{
  qr_autofd fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat seen;
  GString *text;

  if (fd < 0 || fstat (fd, &seen) < 0)
    return fail (path, errno, error);
  if (!S_ISREG (seen.st_mode))
    {
      qr_error_set (error, QR_STATUS_IO, "file-type", NULL, NULL, "\"%s\" is not a regular file",
                    path);
      return NULL;
    }
  text = qr_file_read_open (fd, path, error);
  if (text != NULL && info != NULL)
    *info = seen;
  return text;
}

GString *
qr_file_read_input (const char *path, GError **error)
{
  gboolean standard = strcmp (path, "-") == 0;
  qr_autofd fd = standard ? fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                          : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  const char *name = standard ? "standard input" : path;

  return fd < 0 ? fail (name, errno, error) : qr_file_read_open (fd, name, error);
}
