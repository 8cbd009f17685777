/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files are read as configuration: by their kind, mode, owner and size. They stand in
 * a directory of the test's own, where it runs: so errors show short names. */
#include "config.h"

#include "testlib.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounds.h"
#include "settings.h"

#define USER "user.conf"

/* The file at @path as the user's, who is @owner. */
static gboolean
read_file (const char *path, guint owner, gboolean is_system, QrPool *pool, GError **error)
{
  const QrSettingsFile file = { path, owner, is_system };
  QrSettings settings;

  if (!qr_settings_read (&file, 1, "qriser", &qr_profiles_builtin, pool, &settings, error))
    return FALSE;
  g_assert_null (settings.qemu);
  return TRUE;
}

/* What stands where the file is looked for. */
typedef enum
{
  KIND_FILE,
  KIND_DIRECTORY,
  KIND_FIFO,
  KIND_LINK,         /* to a good file */
  KIND_BROKEN_LINK,
  KIND_CIRCLE,       /* a link to itself */
  KIND_BELOW_A_FILE, /* the path goes on behind a file */
} Kind;

/* @drawn NULL: read. */
static const struct
{
  const char *name;
  Kind kind;
  mode_t mode;
  QrStatus status;
  const char *drawn;
} files[] = {
  { "private", KIND_FILE, 0600, 0, NULL },
  { "readable", KIND_FILE, 0644, 0, NULL },
  { "executable", KIND_FILE, 0755, 0, NULL },
  { "link", KIND_LINK, 0644, 0, NULL },
  { "group-writable", KIND_FILE, 0664, QR_STATUS_CONFIG,
    "qriser: error: configuration \"user.conf\" can be written by others than its owner\n"
    "  hint: take the right to write from group and others (chmod go-w)\n" },
  { "world-writable", KIND_FILE, 0646, QR_STATUS_CONFIG,
    "qriser: error: configuration \"user.conf\" can be written by others than its owner\n"
    "  hint: take the right to write from group and others (chmod go-w)\n" },
  { "link-to-writable", KIND_LINK, 0666, QR_STATUS_CONFIG,
    "qriser: error: configuration \"user.conf\" can be written by others than its owner\n"
    "  hint: take the right to write from group and others (chmod go-w)\n" },
  { "directory", KIND_DIRECTORY, 0755, QR_STATUS_CONFIG,
    "qriser: error: configuration \"user.conf\" is not a regular file\n" },
  { "fifo", KIND_FIFO, 0644, QR_STATUS_CONFIG,
    "qriser: error: configuration \"user.conf\" is not a regular file\n" },
  { "broken-link", KIND_BROKEN_LINK, 0, 0, NULL },
  { "below-a-file", KIND_BELOW_A_FILE, 0, 0, NULL },
  { "circle", KIND_CIRCLE, 0, QR_STATUS_IO,
    "qriser: error: cannot read \"user.conf\": Too many levels of symbolic links\n" },
};

static const char *
make (Kind kind, mode_t mode)
{
  gboolean good = TRUE;

  (void) unlink (USER);
  (void) unlink ("target");
  if (kind == KIND_FILE || kind == KIND_BELOW_A_FILE)
    g_free (test_file (".", USER, "[qriser]\n"));
  if (kind == KIND_LINK)
    g_free (test_file (".", "target", "[qriser]\n"));
  if (kind == KIND_DIRECTORY)
    good = mkdir (USER, mode) == 0;
  else if (kind == KIND_FIFO)
    good = mkfifo (USER, mode) == 0;
  else if (kind == KIND_LINK || kind == KIND_BROKEN_LINK)
    good = symlink ("target", USER) == 0;
  else if (kind == KIND_CIRCLE)
    good = symlink (USER, USER) == 0;
  if (kind == KIND_FILE || kind == KIND_LINK)
    good = good && chmod (USER, mode) == 0;
  g_assert_true (good);
  return kind == KIND_BELOW_A_FILE ? USER "/qriser.conf" : USER;
}

static void
test_files (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  const char *path = make (files[i].kind, files[i].mode);
  GError *error = NULL;
  gboolean good = read_file (path, geteuid (), FALSE, pool, &error);

  if (files[i].drawn == NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_cmpint (qr_error_status (error), ==, files[i].status);
      test_error_is (&error, files[i].drawn);
    }
  g_assert_cmpint (good, ==, files[i].drawn == NULL);
  (void) rmdir (USER);
}

/* The hint says whose it must be. */
static void
test_owner (gconstpointer data)
{
  gboolean is_system = GPOINTER_TO_INT (data);
  guint owner = geteuid () + 1;
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *drawn = g_strdup_printf (
      "qriser: error: configuration \"" USER "\" belongs to user %u, not %u\n"
      "  hint: it must belong to %s\n",
      owner - 1, owner, is_system ? "root" : "you");
  GError *error = NULL;

  g_free (test_file (".", USER, "no configuration at all"));
  g_assert_false (read_file (USER, owner, is_system, pool, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_is (&error, drawn);
}

/* A file of @size bytes, all of it a comment but for its first line. */
static void
test_size (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  static const char start[] = "[qriser]\n#";
  g_autofree char *text = g_malloc (size + 1);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  gboolean good;

  memset (text, '#', size);
  text[size] = '\0';
  memcpy (text, start, strlen (start));
  g_free (test_file (".", USER, text));
  good = read_file (USER, geteuid (), FALSE, pool, &error);
  if (size <= QR_LIMIT_FILE_BYTES)
    g_assert_no_error (error);
  else
    {
      g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
      test_error_is (&error, "qriser: error: \"user.conf\" is larger than 16 MiB\n");
    }
  g_assert_cmpint (good, ==, size <= QR_LIMIT_FILE_BYTES);
  (void) unlink (USER);
}

int
main (int argc, char **argv)
{
  static const gsize sizes[] = { QR_LIMIT_FILE_BYTES, QR_LIMIT_FILE_BYTES + 1, 17 * 1024 * 1024 };

  g_test_init (&argc, &argv, NULL);
  umask (022);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strdup_printf ("/settings-files/file/%s", files[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_files);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/settings-files/size/%" G_GSIZE_FORMAT, sizes[i]);

      g_test_add_data_func (name, GSIZE_TO_POINTER (sizes[i]), test_size);
    }
  g_test_add_data_func ("/settings-files/owner/system", GINT_TO_POINTER (TRUE), test_owner);
  g_test_add_data_func ("/settings-files/owner/user", GINT_TO_POINTER (FALSE), test_owner);
  return test_run_inside ();
}
