/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of a binary: until it changes, for whom it may be trusted. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache.h"

enum
{
  SOMEBODY = 12345, /* a user that the test is not */
  WRITERS = 8,
  WRITES = 20,
};

#define USER "user/cache"
#define SYSTEM "system"
#define MODULES "modules none"

typedef struct
{
  QrCache cache;
  char *binary;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void) data;
  fixture->cache = (QrCache){ USER, SYSTEM };
  fixture->binary = test_file (".", "qemu", "binary");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const all[] = { USER, "user", SYSTEM };

  (void) data;
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (GDir) directory = g_dir_open (all[i], 0, NULL);
      const char *name;

      while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
        {
          g_autofree char *path = g_build_filename (all[i], name, NULL);

          (void) unlink (path);
        }
      (void) rmdir (all[i]);
    }
  (void) unlink (fixture->binary);
  g_free (fixture->binary);
}

static void
write_entry (const Fixture *fixture, const char *version, const char *text)
{
  g_autoptr (GString) rest = g_string_new (text);
  g_autoptr (GError) error = NULL;

  g_assert_true (qr_cache_write (&fixture->cache, fixture->binary, MODULES, version, rest, &error));
  g_assert_no_error (error);
}

/* @version, @text: NULL: there is none */
static void
entry_is (const Fixture *fixture, const char *version, const char *text)
{
  g_autofree char *kept = qr_cache_version (&fixture->cache, fixture->binary);
  GString *rest = qr_cache_read (&fixture->cache, fixture->binary, QR_CACHE_REST, MODULES);

  g_assert_cmpstr (kept, ==, version);
  g_assert_cmpstr (rest == NULL ? NULL : rest->str, ==, text);
  if (rest != NULL)
    g_string_free (rest, TRUE);
}

/* @part: of what is wrong; NULL: nothing is */
static void
check_is (const Fixture *fixture, QrStatus status, const char *part)
{
  g_autoptr (GError) error = NULL;
  const gboolean good = qr_cache_check (&fixture->cache, fixture->binary, &error);

  g_assert_cmpint (good, ==, part == NULL);
  if (!good)
    test_error_code (&error, status, "cache", part);
}

/* The file of the entry in @directory. (transfer full) */
static char *
file_of (const char *directory, const char *ending)
{
  g_autoptr (GDir) opened = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (opened)) != NULL)
    if (g_str_has_suffix (name, ending))
      return g_build_filename (directory, name, NULL);
  g_assert_not_reached ();
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  struct stat info;

  (void) data;
  entry_is (fixture, NULL, NULL);
  check_is (fixture, QR_STATUS_DONE, NULL);
  g_assert_cmpint (access ("user", F_OK), !=, 0); /* looking makes nothing */
  write_entry (fixture, "7.2.22", "{ \"a\": 1 }\n");
  entry_is (fixture, "7.2.22", "{ \"a\": 1 }\n");
  write_entry (fixture, "7.2.23", "{}");
  entry_is (fixture, "7.2.23", "{}");
  g_assert_cmpint (stat (USER, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  check_is (fixture, QR_STATUS_DONE, NULL);
}

/* @text: NULL: there is none */
static void
overlay_is (const Fixture *fixture, const char *modules, const char *text)
{
  GString *overlay = qr_cache_read (&fixture->cache, fixture->binary, QR_CACHE_OVERLAY, modules);

  g_assert_cmpstr (overlay == NULL ? NULL : overlay->str, ==, text);
  if (overlay != NULL)
    g_string_free (overlay, TRUE);
}

static void
test_overlay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{ \"b\": 2 }");
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;

  (void) data;
  g_assert_false (qr_cache_has_overlay (&fixture->cache, fixture->binary));
  g_assert_true (qr_cache_write_overlay (&fixture->cache, fixture->binary, MODULES, NULL, &error));
  write_entry (fixture, "7.2.22", "{}");
  g_assert_false (qr_cache_has_overlay (&fixture->cache, fixture->binary));
  g_assert_true (qr_cache_write_overlay (&fixture->cache, fixture->binary, MODULES, text, &error));
  g_assert_true (qr_cache_has_overlay (&fixture->cache, fixture->binary));
  overlay_is (fixture, MODULES, text->str);
  overlay_is (fixture, "modules /others 1.000000000", NULL);
  entry_is (fixture, "7.2.22", "{}");
  file = file_of (USER, ".overlay.json");
  g_assert_cmpint (chmod (file, 0666), ==, 0);
  overlay_is (fixture, MODULES, NULL);
  check_is (fixture, QR_STATUS_PERMISSION, "others may write it");
  g_assert_true (qr_cache_write_overlay (&fixture->cache, fixture->binary, MODULES, NULL, &error));
  g_assert_false (qr_cache_has_overlay (&fixture->cache, fixture->binary));
  entry_is (fixture, "7.2.22", "{}");
  g_assert_cmpint (unlink (fixture->binary), ==, 0);
  g_assert_false (qr_cache_has_overlay (&fixture->cache, fixture->binary));
  g_assert_false (qr_cache_write_overlay (&fixture->cache, fixture->binary, MODULES, text, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "cache", "no file that could be told from others");
}

/* Another size, and another time. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  const struct timespec times[] = { { 1, 2 }, { 3, 4 } };

  (void) data;
  write_entry (fixture, "7.2.22", "{}");
  g_assert_cmpint (truncate (fixture->binary, 3), ==, 0);
  entry_is (fixture, NULL, NULL);
  write_entry (fixture, "8.0.0", "{}");
  entry_is (fixture, "8.0.0", "{}");
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->binary, times, 0), ==, 0);
  entry_is (fixture, NULL, NULL);
  g_assert_cmpint (unlink (fixture->binary), ==, 0);
  entry_is (fixture, NULL, NULL);
}

static void
test_modules (Fixture *fixture, gconstpointer data)
{
  static const char *const places[] = { "lib64/qemu", "lib/qemu", NULL };
  g_autofree char *none = qr_cache_modules ("/nowhere", places, NULL), *said = NULL, *found = NULL;
  GString *rest;

  (void) data;
  g_assert_cmpstr (none, ==, MODULES);
  write_entry (fixture, "7.2.22", "{}");
  rest = qr_cache_read (&fixture->cache, fixture->binary, QR_CACHE_REST, "modules /others 1.000000000");
  g_assert_null (rest);
  g_assert_cmpint (g_mkdir_with_parents ("prefix/lib/qemu", 0700), ==, 0);
  found = qr_cache_modules ("prefix", places, "/nowhere");
  g_assert_true (g_str_has_prefix (found, "modules prefix/lib/qemu "));
  said = qr_cache_modules ("prefix", places, "/tmp");
  g_assert_true (g_str_has_prefix (said, "modules /tmp "));
  g_assert_cmpint (rmdir ("prefix/lib/qemu"), ==, 0);
  g_assert_cmpint (rmdir ("prefix/lib"), ==, 0);
  g_assert_cmpint (rmdir ("prefix"), ==, 0);
}

static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  static const char *const versions[]
      = { "", "\n", "seven\n", "7.2\n8.0\n", ".7\n", "7777777777777777777777777777777777\n" };

  (void) data;
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autofree char *path = NULL;

      write_entry (fixture, "7.2.22", "{}");
      path = file_of (USER, ".version");
      g_assert_true (g_file_set_contents (path, versions[i], -1, NULL));
      entry_is (fixture, NULL, "{}");
      write_entry (fixture, "7.2.22", "{}"); /* made again */
      entry_is (fixture, "7.2.22", "{}");
    }
}

typedef enum
{
  FAULT_OTHERS_WRITE,
  FAULT_GROUP_WRITES,
  FAULT_OWNER,
  FAULT_LINK,
  FAULT_DIRECTORY_MODE,
  FAULT_DIRECTORY_OWNER,
  N_FAULTS,
} Fault;

/* Spoils the file @path; FALSE: only root can. */
static gboolean
spoil (Fault fault, const char *path)
{
  switch (fault)
    {
    case FAULT_OTHERS_WRITE:
      return chmod (path, 0602) == 0;
    case FAULT_GROUP_WRITES:
      return chmod (path, 0620) == 0;
    case FAULT_OWNER:
      return chown (path, SOMEBODY, (gid_t) -1) == 0;
    case FAULT_LINK:
      return rename (path, "user/elsewhere") == 0 && symlink ("../elsewhere", path) == 0;
    case FAULT_DIRECTORY_MODE:
      return chmod (USER, 0777) == 0;
    case FAULT_DIRECTORY_OWNER:
      return chown (USER, SOMEBODY, (gid_t) -1) == 0;
    case N_FAULTS:
      break;
    }
  return FALSE;
}

static void
test_untrusted (Fixture *fixture, gconstpointer data)
{
  const Fault fault = (Fault) GPOINTER_TO_UINT (data);
  static const char *const endings[] = { ".version", ".json" };
  static const char *const reasons[] = { "(mode 0602)",  "(mode 0620)", "belongs to user 12345",
                                         "it is a link", "(mode 0777)", "belongs to user 12345" };

  write_entry (fixture, "7.2.22", "{}");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = file_of (USER, endings[i]);

      if (!spoil (fault, path))
        {
          g_test_skip ("only root can do that");
          return;
        }
    }
  entry_is (fixture, NULL, NULL);
  check_is (fixture, QR_STATUS_PERMISSION, reasons[fault]);
}

/* The user's wins over the system's, which everybody may read. */
static void
test_system (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  struct stat info;

  (void) data;
  fixture->cache.user = NULL;
  write_entry (fixture, "7.2.22", "{ \"system\": 1 }");
  fixture->cache.user = USER;
  entry_is (fixture, "7.2.22", "{ \"system\": 1 }");
  path = file_of (SYSTEM, ".json");
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0644);
  write_entry (fixture, "10.0.2", "{}");
  entry_is (fixture, "10.0.2", "{}");
}

/* A directory that cannot be made is an error when it is written, and nothing when it is read. */
static void
test_no_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) rest = g_string_new ("{}");
  g_autoptr (GError) error = NULL;

  (void) data;
  fixture->cache = (QrCache){ "qemu/cache", "qemu/system" };
  g_assert_false (
      qr_cache_write (&fixture->cache, fixture->binary, MODULES, "7.2.22", rest, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "cache", "cannot make the directory");
  check_is (fixture, QR_STATUS_NO_INPUT, "cannot be written: qemu: Not a directory");
  entry_is (fixture, NULL, NULL);
}

static int
write_often (const Fixture *fixture, guint writer)
{
  for (guint i = 0; i < WRITES; i++)
    {
      g_autofree char *text = g_strdup_printf ("{ \"writer\": %u, \"write\": %u }", writer, i);
      g_autoptr (GString) rest = g_string_new (text);

      if (!qr_cache_write (&fixture->cache, fixture->binary, MODULES, "7.2.22", rest, NULL))
        return 1;
    }
  return 0;
}

/* Whoever reads meanwhile finds an entry that is whole. */
static void
test_writers (Fixture *fixture, gconstpointer data)
{
  pid_t writers[WRITERS];
  guint running = WRITERS;

  (void) data;
  write_entry (fixture, "7.2.22", "{ \"writer\": 0 }");
  for (guint i = 0; i < WRITERS; i++)
    {
      writers[i] = fork ();
      if (writers[i] == 0)
        _exit (write_often (fixture, i));
    }
  while (running > 0)
    {
      GString *rest = qr_cache_read (&fixture->cache, fixture->binary, QR_CACHE_REST, MODULES);
      g_autofree char *version = qr_cache_version (&fixture->cache, fixture->binary);
      int status;

      g_assert_cmpstr (version, ==, "7.2.22");
      g_assert_nonnull (rest);
      g_assert_true (g_str_has_prefix (rest->str, "{ \"writer\"")
                     && g_str_has_suffix (rest->str, "}"));
      g_string_free (rest, TRUE);
      if (waitpid (-1, &status, WNOHANG) > 0)
        {
          g_assert_cmpint (status, ==, 0);
          running--;
        }
    }
}

#define ADD(name, test) g_test_add ("/cache/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  static const char *const faults[]
      = { "others-write", "group-writes", "owner", "link", "directory-mode", "directory-owner" };

  G_STATIC_ASSERT (G_N_ELEMENTS (faults) == N_FAULTS);
  g_test_init (&argc, &argv, NULL);
  ADD ("kept", test_kept);
  ADD ("changed", test_changed);
  ADD ("modules", test_modules);
  ADD ("overlay", test_overlay);
  ADD ("corrupt", test_corrupt);
  ADD ("system", test_system);
  ADD ("no-directory", test_no_directory);
  ADD ("writers", test_writers);
  for (guint i = 0; i < N_FAULTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/cache/untrusted/%s", faults[i]);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_untrusted, tear_down);
    }
  return test_run_inside ();
}
