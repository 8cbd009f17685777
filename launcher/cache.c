/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autofd.h"
#include "file.h"
#include "lock-file.h"

enum
{
  WAIT_MS = 2000,
  NAME_DIGITS = 24,
  VERSION_BYTES = 32,
};

/* The names of an entry's files begin with this. (transfer full): NULL: there is no such binary */
static char *
entry_name (const char *program)
{
  g_autofree char *key = NULL, *hash = NULL;
  struct stat info;

  if (stat (program, &info) != 0 || !S_ISREG (info.st_mode))
    return NULL;
  key = g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                         " %" G_GINT64_FORMAT ".%09ld",
                         (guint64) info.st_dev, (guint64) info.st_ino, (guint64) info.st_size,
                         (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  return g_strdup_printf ("qemu-%.*s", NAME_DIGITS, hash);
}

static gboolean
is_trusted (const struct stat *info)
{
  return (info->st_uid == geteuid () || info->st_uid == 0)
         && (info->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* What is in @name of @directory; NULL: it is not there, or not to be trusted. */
static GString *
read_trusted (const char *directory, const char *name)
{
  qr_autofd folder = directory == NULL ? -1 : open (directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  qr_autofd file = -1;
  struct stat info;

  if (folder < 0 || fstat (folder, &info) != 0 || !is_trusted (&info))
    return NULL;
  file = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0 || fstat (file, &info) != 0 || !is_trusted (&info) || !S_ISREG (info.st_mode))
    return NULL;
  return qr_file_read_open (file, name, NULL);
}

static const char version_ending[] = ".version";
static const char *const part_endings[] = { ".json", ".overlay.json" }; /* by QrCachePart */

static GString *
read_entry (const QrCache *cache, const char *program, const char *ending)
{
  g_autofree char *entry = entry_name (program);
  g_autofree char *name = entry == NULL ? NULL : g_strconcat (entry, ending, NULL);
  GString *text = NULL;

  if (name != NULL)
    text = read_trusted (cache->user, name);
  if (name != NULL && text == NULL)
    text = read_trusted (cache->system, name);
  return text;
}

/* Digits and dots. */
static gboolean
is_version (const char *text, gsize length)
{
  return length > 0 && length < VERSION_BYTES && g_ascii_isdigit (*text)
         && strspn (text, "0123456789.") == length;
}

char *
qr_cache_version (const QrCache *cache, const char *program)
{
  GString *text = read_entry (cache, program, version_ending);

  if (text == NULL)
    return NULL;
  if (text->len > 0 && text->str[text->len - 1] == '\n')
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, !is_version (text->str, text->len));
}

/* The first line says which modules it is for. */
GString *
qr_cache_read (const QrCache *cache, const char *program, QrCachePart part, const char *modules)
{
  g_autofree char *head = g_strdup_printf ("%s\n", modules);
  GString *text = read_entry (cache, program, part_endings[part]);

  if (text == NULL)
    return NULL;
  if (g_str_has_prefix (text->str, head))
    return g_string_erase (text, 0, (gssize) strlen (head));
  g_string_free (text, TRUE);
  return NULL;
}

gboolean
qr_cache_has_overlay (const QrCache *cache, const char *program)
{
  const char *const directories[] = { cache->user, cache->system };
  g_autofree char *entry = entry_name (program);

  for (gsize i = 0; entry != NULL && i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *path
          = directories[i] == NULL
                ? NULL
                : g_strconcat (directories[i], "/", entry, part_endings[QR_CACHE_OVERLAY], NULL);

      if (path != NULL && access (path, F_OK) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Makes @path and what is above it. */
static gboolean
make_directory (const char *path, gboolean shared, GError **error)
{
  if (g_mkdir_with_parents (path, shared ? 0755 : 0700) == 0)
    return TRUE;
  qr_error_set (error, qr_file_status (errno), "cache", NULL, NULL,
                "cannot make the directory \"%s\" of the cache: %s", path, g_strerror (errno));
  return FALSE;
}

/* @shared: others may read it. */
static gboolean
write_file (const char *directory, const char *entry, const char *ending, const char *text,
            gboolean shared, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s%s", directory, entry, ending);
  g_autoptr (GError) fault = NULL;
  g_autoptr (QrLockFile) file = qr_lock_file_open (path, WAIT_MS, &fault);

  if (file == NULL && qr_error_status (fault) == QR_STATUS_CONFIG && unlink (path) == 0)
    {
      g_clear_error (&fault); /* one that was cut short */
      file = qr_lock_file_open (path, WAIT_MS, &fault);
    }
  if (file == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (!qr_lock_file_replace (file, text, strlen (text), error))
    return FALSE;
  if (shared)
    (void) chmod (path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH); /* or nobody else finds it */
  return TRUE;
}

/* Where entries are written, which is made if need be; NULL: it cannot be. */
static const char *
writable_directory (const QrCache *cache, GError **error)
{
  const gboolean shared = cache->user == NULL;
  const char *directory = shared ? cache->system : cache->user;

  return make_directory (directory, shared, error) ? directory : NULL;
}

/* The entry's name, (transfer full); NULL: there is no such binary. */
static char *
name_entry (const char *program, GError **error)
{
  char *entry = entry_name (program);

  if (entry == NULL)
    qr_error_set (error, QR_STATUS_NO_INPUT, "cache", NULL, NULL,
                  "\"%s\" is no file that could be told from others", program);
  return entry;
}

gboolean
qr_cache_write (const QrCache *cache, const char *program, const char *modules, const char *version,
                const GString *rest, GError **error)
{
  const gboolean shared = cache->user == NULL;
  g_autofree char *entry = name_entry (program, error), *line = g_strdup_printf ("%s\n", version);
  g_autofree char *whole = g_strdup_printf ("%s\n%s", modules, rest->str);
  const char *directory = entry == NULL ? NULL : writable_directory (cache, error);

  return directory != NULL && write_file (directory, entry, version_ending, line, shared, error)
         && write_file (directory, entry, part_endings[QR_CACHE_REST], whole, shared, error);
}

gboolean
qr_cache_write_overlay (const QrCache *cache, const char *program, const char *modules,
                        const GString *overlay, GError **error)
{
  const char *ending = part_endings[QR_CACHE_OVERLAY];
  g_autofree char *entry = name_entry (program, error), *text = NULL;
  const char *directory = entry == NULL ? NULL : writable_directory (cache, error);

  if (directory == NULL)
    return FALSE;
  if (overlay == NULL)
    {
      text = g_strconcat (directory, "/", entry, ending, NULL);
      if (unlink (text) == 0 || errno == ENOENT)
        return TRUE;
      qr_error_set (error, qr_file_status (errno), "cache", NULL, NULL, "cannot remove \"%s\": %s",
                    text, g_strerror (errno));
      return FALSE;
    }
  text = g_strdup_printf ("%s\n%s", modules, overlay->str);
  return write_file (directory, entry, ending, text, cache->user == NULL, error);
}

/* Why @path, of which @info is known, is not trusted. */
static gboolean
check_trust (const char *path, const struct stat *info, GError **error)
{
  const mode_t others = S_IWGRP | S_IWOTH;
  g_autofree char *hint = NULL;

  if (S_ISLNK (info->st_mode))
    {
      qr_error_set (error, QR_STATUS_PERMISSION, "cache", NULL, "remove it",
                    "\"%s\" is not trusted: it is a link", path);
      return FALSE;
    }
  if (is_trusted (info))
    return TRUE;
  if ((info->st_mode & others) != 0)
    {
      hint = g_strdup_printf ("chmod go-w \"%s\"", path);
      qr_error_set (error, QR_STATUS_PERMISSION, "cache", NULL, hint,
                    "\"%s\" is not trusted: others may write it (mode %04o)", path,
                    (unsigned) (info->st_mode & 07777));
    }
  else
    {
      hint = g_strdup_printf ("chown %u \"%s\", or remove it", (unsigned) geteuid (), path);
      qr_error_set (error, QR_STATUS_PERMISSION, "cache", NULL, hint,
                    "\"%s\" is not trusted: it belongs to user %u", path, (unsigned) info->st_uid);
    }
  return FALSE;
}

/* Whether @directory can be written, or made. */
static gboolean
check_directory (const char *directory, GError **error)
{
  g_autofree char *path = g_strdup (directory);
  struct stat info;

  while (access (path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
         && strcmp (path, "/") != 0 && strcmp (path, ".") != 0)
    {
      char *above = g_path_get_dirname (path);

      g_free (path);
      path = above;
    }
  if (stat (path, &info) == 0 && !S_ISDIR (info.st_mode))
    errno = ENOTDIR;
  else if (access (path, W_OK | X_OK) == 0)
    return strcmp (path, directory) != 0 || check_trust (path, &info, error);
  qr_error_set (error, qr_file_status (errno), "cache", NULL,
                "XDG_CACHE_HOME names another directory", "\"%s\" cannot be written: %s: %s",
                directory, path, g_strerror (errno));
  return FALSE;
}

gboolean
qr_cache_check (const QrCache *cache, const char *program, GError **error)
{
  const char *const endings[]
      = { version_ending, part_endings[QR_CACHE_REST], part_endings[QR_CACHE_OVERLAY] };
  const char *directory = cache->user != NULL ? cache->user : cache->system;
  g_autofree char *entry = program == NULL ? NULL : entry_name (program);

  if (!check_directory (directory, error))
    return FALSE;
  for (gsize i = 0; entry != NULL && i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s%s", directory, entry, endings[i]);
      struct stat info;

      if (lstat (path, &info) == 0 && !check_trust (path, &info, error))
        return FALSE;
    }
  return TRUE;
}

char *
qr_cache_modules (const char *prefix, const char *const *directories, const char *environment)
{
  for (gssize i = environment == NULL ? 0 : -1; i < 0 || directories[i] != NULL; i++)
    {
      const char *name = i < 0 ? environment : directories[i];
      g_autofree char *path = *name == '/' || prefix == NULL
                                  ? g_strdup (name)
                                  : g_strdup_printf ("%s/%s", prefix, name);
      struct stat info;

      if (stat (path, &info) == 0)
        return g_strdup_printf ("modules %s %" G_GINT64_FORMAT ".%09ld", path,
                                (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    }
  return g_strdup ("modules none");
}
