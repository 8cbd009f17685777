/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a replacement does, and when there is none. What must not change is compared as a whole. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bounds.h"
#include "here.h"
#include "lock-file.h"

#define NAME "f"
#define TEXT "{ \"text\": 1 }\n"

static void
nothing (void)
{
}

static void
make_file (void)
{
  here_put (NAME, TEXT, 0600);
}

static void
make_read_only (void)
{
  here_put (NAME, TEXT, 0400);
}

static void
make_useless (void)
{
  here_put (NAME, TEXT, 0);
}

static QrLockFile *
open_file (void)
{
  GError *error = NULL;
  QrLockFile *file = qr_lock_file_open (NAME, 0, &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static void
replace (QrLockFile *file, const char *text)
{
  GError *error = NULL;

  g_assert_true (qr_lock_file_replace (file, text, strlen (text), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (qr_lock_file_text (file)->str, ==, text);
  here_holds (NAME, text);
  here_names_are (NAME);
}

/* A new file, then others, by one who keeps it open; its mode is 0600 whatever it was. */
static void
test_replace (void)
{
  g_autoptr (QrLockFile) file = NULL;
  struct stat info;
  mode_t mask;

  here_enter ();
  file = open_file ();
  mask = umask (0777);
  replace (file, "a\n");
  (void) umask (mask);
  g_assert_cmpint (stat (NAME, &info), ==, 0);
  g_assert_cmpint (info.st_mode, ==, S_IFREG | 0600);
  g_assert_cmpint (chmod (NAME, 0644), ==, 0);
  replace (file, "longer\n");
  g_assert_cmpint (stat (NAME, &info), ==, 0);
  g_assert_cmpint (info.st_mode, ==, S_IFREG | 0600);
  g_assert_cmpint (info.st_nlink, ==, 1);
  replace (file, "b\n");
  g_assert_true (qr_lock_file_replace (file, qr_lock_file_text (file)->str, 1, NULL));
  here_holds (NAME, "b");
  g_clear_pointer (&file, qr_lock_file_close);
  file = open_file ();
  g_assert_cmpstr (qr_lock_file_text (file)->str, ==, "b");
  here_leave ();
}

/* The same bytes are not written, not even where they could not be. */
static void
test_same (void)
{
  g_autofree char *before = NULL;
  g_autoptr (QrLockFile) file = NULL;

  here_enter ();
  make_read_only ();
  g_assert_cmpint (chmod (".", 0500), ==, 0);
  before = here_look ();
  file = open_file ();
  replace (file, TEXT);
  here_is (before);
  here_leave ();
}

static void
change_mode (void)
{
  g_assert_cmpint (chmod (NAME, 0400), ==, 0);
}

static void
change_directory (void)
{
  g_assert_cmpint (chmod (".", 0500), ==, 0);
}

static void
change_text (void)
{
  here_put (NAME, "{ \"text\": 22 }\n", 0600);
}

/* Another text of the same length, a moment later. */
static void
change_moment (void)
{
  struct timespec times[2] = { { 0, UTIME_OMIT } };
  struct stat info;

  g_assert_cmpint (stat (NAME, &info), ==, 0);
  times[1] = info.st_mtim;
  times[1].tv_nsec = (times[1].tv_nsec + 1) % 1000000000;
  here_put (NAME, "{ \"text\": 2 }\n", 0600);
  g_assert_cmpint (utimensat (AT_FDCWD, NAME, times, 0), ==, 0);
}

static void
change_to_none (void)
{
  g_assert_cmpint (unlink (NAME), ==, 0);
}

static void
change_file (void)
{
  g_assert_cmpint (rename (NAME, "other"), ==, 0); /* or the inode might come again */
  make_file ();
}

static void
make_link (void)
{
  here_put ("target", TEXT, 0600);
  g_assert_cmpint (symlink ("target", NAME), ==, 0);
}

static void
change_to_link (void)
{
  change_to_none ();
  make_link ();
}

static void
change_to_directory (void)
{
  change_to_none ();
  g_assert_cmpint (mkdir (NAME, 0700), ==, 0);
}

static void
change_remove_all (void)
{
  g_assert_cmpint (chdir (".."), ==, 0);
  g_assert_cmpint (rmdir ("here"), ==, 0);
  here_enter (); /* another of the same name */
}

#define MEANWHILE "another process has changed lock file \"f\" meanwhile\n  hint: try again\n"

/* What another does between the opening and the replacement. */
static const struct
{
  const char *name;
  void (*make) (void), (*change) (void);
  HereWho who;
  QrStatus status;
  const char *drawn;
} changes[] = {
  { "read-only", make_read_only, nothing, HERE_ANYBODY, QR_STATUS_PERMISSION,
    "lock file \"f\" is read-only\n  hint: give its owner the right to write (chmod u+w)\n" },
  { "no-rights", make_useless, nothing, HERE_ROOT, QR_STATUS_PERMISSION,
    "lock file \"f\" is read-only\n  hint: give its owner the right to write (chmod u+w)\n" },
  { "made-read-only", make_file, change_mode, HERE_ANYBODY, QR_STATUS_PERMISSION,
    "lock file \"f\" is read-only\n  hint: give its owner the right to write (chmod u+w)\n" },
  { "read-only-directory", make_file, change_directory, HERE_USER, QR_STATUS_PERMISSION,
    "cannot write lock file \"f\": Permission denied\n" },
  { "written", make_file, change_text, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "written-as-long", make_file, change_moment, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "another-file", make_file, change_file, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "made", nothing, make_file, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "removed", make_file, change_to_none, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "link", make_file, change_to_link, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "new-link", nothing, make_link, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "directory", make_file, change_to_directory, HERE_ANYBODY, QR_STATUS_UNAVAILABLE, MEANWHILE },
  { "directory-removed", nothing, change_remove_all, HERE_ANYBODY, QR_STATUS_NO_INPUT,
    "cannot write lock file \"f\": No such file or directory\n" },
};

static void
test_change (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *before = NULL, *drawn = g_strdup_printf ("qriser: error: %s", changes[i].drawn);
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  if (here_skips (changes[i].who))
    return;
  here_enter ();
  changes[i].make ();
  file = open_file ();
  changes[i].change ();
  before = here_look ();
  g_assert_false (qr_lock_file_replace (file, "new\n", 4, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (qr_error_status (error), ==, changes[i].status);
  g_assert_cmpstr (qr_error_code (error), ==, "lock-file");
  test_error_is (&error, drawn);
  g_assert_false (qr_lock_file_replace (file, "new\n", 4, NULL));
  here_is (before);
  here_leave ();
}

static void
test_large (void)
{
  g_autofree char *text = g_strnfill (QR_LIMIT_FILE_BYTES + 1, 'x'), *before = NULL;
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  here_enter ();
  make_file ();
  before = here_look ();
  file = open_file ();
  g_assert_false (qr_lock_file_replace (file, text, QR_LIMIT_FILE_BYTES + 1, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "lock-file",
                   "lock file \"f\" would be larger than 16 MiB");
  here_is (before);
  g_assert_true (qr_lock_file_replace (file, text, QR_LIMIT_FILE_BYTES, &error));
  g_assert_no_error (error);
  g_clear_pointer (&file, qr_lock_file_close);
  file = open_file ();
  g_assert_cmpuint (qr_lock_file_text (file)->len, ==, QR_LIMIT_FILE_BYTES);
  here_leave ();
}

/* A disk that takes no more after some bytes: a write is cut short, the next one fails. */
static void
test_short_write (void)
{
  g_autofree char *text = g_strnfill (300, 'x'), *before = NULL;
  g_autoptr (QrLockFile) file = NULL;
  struct rlimit old, limit;
  GError *error = NULL;
  gboolean good;

  here_enter ();
  make_file ();
  before = here_look ();
  file = open_file ();
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = (struct rlimit){ 100, old.rlim_max };
  (void) signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  good = qr_lock_file_replace (file, text, 300, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_false (good);
  test_error_code (&error, QR_STATUS_IO, "lock-file",
                   "cannot write lock file \"f\": File too large");
  here_is (before);
  replace (file, text);
  here_leave ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock-replace/change/%s", changes[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_change);
    }
  g_test_add_func ("/lock-replace/replace", test_replace);
  g_test_add_func ("/lock-replace/same", test_same);
  g_test_add_func ("/lock-replace/large", test_large);
  g_test_add_func ("/lock-replace/short-write", test_short_write);
  return test_run_inside ();
}
