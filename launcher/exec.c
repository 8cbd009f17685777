/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "autofd.h"

/* Bytes of a program that are looked at; the linker puts notes in front. */
enum
{
  HEAD_BYTES = 4096,
};

/* An ELF note that tells any build of this program from a QEMU, wherever it was copied. */
static const struct
{
  guint32 name_size, description_size, type;
  char name[8];
} note __attribute__ ((used, aligned (4), section (".note." PACKAGE_NAME)))
    = { sizeof PACKAGE_NAME, 0, 1, PACKAGE_NAME };

G_STATIC_ASSERT (sizeof PACKAGE_NAME <= sizeof note.name);

/* The first bytes of @path; 0 when it cannot be read. */
static gsize
read_head (const char *path, char head[HEAD_BYTES])
{
  qr_autofd fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  ssize_t got = fd < 0 ? 0 : read (fd, head, HEAD_BYTES);

  return got < 0 ? 0 : (gsize) got;
}

/* Whether a file that begins with @head is this program or another build of it. */
static gboolean
is_this_program (const char *head, gsize length)
{
  return memmem (head, length, &note, sizeof note) != NULL;
}

static gboolean
is_candidate (const char *path)
{
  char head[HEAD_BYTES];
  struct stat info;

  return stat (path, &info) == 0 && S_ISREG (info.st_mode) && access (path, X_OK) == 0
         && !is_this_program (head, read_head (path, head));
}

char *
qr_exec_find (const char *name, const char *path, const char *directory)
{
  g_auto (GStrv) directories = NULL;
  char *found;

  if (strchr (name, '/') != NULL)
    return g_strdup (name);
  directories = g_strsplit (path == NULL ? "" : path, ":", -1);
  for (guint i = 0; directories[i] != NULL; i++)
    {
      found = g_build_filename (*directories[i] == '\0' ? "." : directories[i], name, NULL);
      if (is_candidate (found))
        return found;
      g_free (found);
    }
  found = g_build_filename (directory, name, NULL);
  if (is_candidate (found))
    return found;
  g_free (found);
  return NULL;
}

/* The interpreter of a script that begins with @head. (transfer full) */
static char *
interpreter (const char *head)
{
  const char *start = head + 2;

  while (*start == ' ' || *start == '\t')
    start++;
  return g_strndup (start, strcspn (start, " \t\n"));
}

static gboolean
not_executable (const char *path, const char *why, const char *hint, GError **error)
{
  qr_error_set (error, QR_STATUS_NOT_EXECUTABLE, "not-executable", NULL, hint,
                "cannot run \"%s\": %s", path, why);
  return FALSE;
}

/* What the file begins with; of one that may be executed but not read nothing is known, and
 * execve() will tell. */
static gboolean
check_head (const char *path, gboolean scripts, GError **error)
{
  g_autofree char *name = NULL, *why = NULL;
  char head[HEAD_BYTES + 1] = { 0 };

  if (is_this_program (head, read_head (path, head)))
    return not_executable (path, "it is qriser itself",
                           "name the real QEMU: --qemu=PATH, or -qriser qemu=PATH", error);
  if (scripts || strncmp (head, "#!", 2) != 0)
    return TRUE;
  name = interpreter (head);
  why = g_strdup_printf ("it is a script for \"%s\"", name);
  return not_executable (path, why,
                         "name the QEMU that the script starts, or a seccomp profile that lets it "
                         "start programs",
                         error);
}

gboolean
qr_exec_check (const char *path, gboolean scripts, GError **error)
{
  struct stat info;

  if (stat (path, &info) != 0)
    {
      gboolean missing = errno == ENOENT || errno == ENOTDIR;
      const char *why = g_strerror (errno);

      if (!missing)
        return not_executable (path, why, NULL, error);
      qr_error_set (error, QR_STATUS_NOT_FOUND, "not-found", NULL,
                    "name the QEMU to run: --qemu=PATH, or -qriser qemu=PATH", "there is no \"%s\"", path);
      return FALSE;
    }
  if (S_ISDIR (info.st_mode))
    return not_executable (path, "it is a directory", NULL, error);
  if (!S_ISREG (info.st_mode) || access (path, X_OK) != 0)
    return not_executable (path, "it is not an executable file", NULL, error);
  return check_head (path, scripts, error);
}

void
qr_exec (const char *path, char *const *argv, char *const *environment, GError **error)
{
  int code;

  (void) execve (path, argv, environment);
  code = errno;
  qr_error_set (error, code == ENOENT ? QR_STATUS_NOT_FOUND : QR_STATUS_NOT_EXECUTABLE,
                "not-executable", NULL, NULL, "cannot run \"%s\": %s", path, g_strerror (code));
}
