/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Others beside us: what killed ones left, names that are taken, and who has the lock. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "here.h"
#include "lock-file.h"

#define NAME "f"
#define TEXT "{ \"text\": 1 }\n"

enum
{
  SOMEBODY = 12345, /* a user that the test is not */
};

static QrLockFile *
open_file (void)
{
  GError *error = NULL;
  QrLockFile *file = qr_lock_file_open (NAME, 0, &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

/* Only files of ours with the very pattern go. */
static void
test_temporaries (void)
{
  static const char *const stay[] = {
    ".f.0123abc.tmp", ".f.0123abcde.tmp", ".f.0123abcg.tmp", ".f.0123ABCD.tmp", ".f.0123abcd.tmp~",
    ".f.0123abcd.tm", ".f.0123abcd", ".g.0123abcd.tmp", ".ff.0123abcd.tmp", "f.0123abcd.tmp", ".f",
    ".f.", "g.f.0123abcd.tmp", ".f.0123abcd.tmp.0123abcd.tmp", ".f..0123abcd.tmp",
  };
  g_autoptr (QrLockFile) file = NULL;
  g_autofree char *before = NULL;

  here_enter ();
  here_put (NAME, TEXT, 0600);
  for (gsize i = 0; i < G_N_ELEMENTS (stay); i++)
    here_put (stay[i], "", 0600);
  g_assert_cmpint (mkdir (".f.00000001.tmp", 0700), ==, 0);
  g_assert_cmpint (symlink ("g.f.0123abcd.tmp", ".f.00000002.tmp"), ==, 0);
  g_assert_cmpint (mkfifo (".f.00000003.tmp", 0600), ==, 0);
  here_put (".f.00000004.tmp", "", 0600);
  if (geteuid () == 0)
    g_assert_cmpint (chown (".f.00000004.tmp", SOMEBODY, (gid_t) -1), ==, 0);
  else
    g_assert_cmpint (unlink (".f.00000004.tmp"), ==, 0);
  before = here_look ();
  here_put (".f.0123abcd.tmp", "{", 0600);
  here_put (".f.ffffffff.tmp", "", 0);
  file = open_file ();
  here_is (before);
  here_leave ();
}

/* Puts links that lead to "target" where the next @n temporaries would be. */
static void
take_names (guint n)
{
  g_random_set_seed (1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf (".f.%08x.tmp", g_random_int ());

      g_assert_cmpint (symlink ("target", name), ==, 0);
    }
  g_random_set_seed (1);
}

/* A name that is taken is not written to, nor through; another is tried, but not for ever. */
static void
test_taken (void)
{
  g_autoptr (QrLockFile) file = NULL;
  g_autofree char *before = NULL;
  GError *error = NULL;

  here_enter ();
  file = open_file ();
  take_names (16);
  before = here_look ();
  g_assert_false (qr_lock_file_replace (file, TEXT, strlen (TEXT), &error));
  test_error_code (&error, QR_STATUS_IO, "lock-file", "cannot write lock file \"f\": File exists");
  here_is (before);
  here_leave ();
  g_clear_pointer (&file, qr_lock_file_close);
  here_enter ();
  file = open_file ();
  take_names (15);
  g_assert_true (qr_lock_file_replace (file, TEXT, strlen (TEXT), &error));
  g_assert_no_error (error);
  here_holds (NAME, TEXT);
  g_assert_cmpint (access ("target", F_OK), ==, -1);
  here_leave ();
}

#define BUSY "another process uses the directory of lock file \"f\""

static void
test_busy (void)
{
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;
  gint64 begun;

  here_enter ();
  file = open_file ();
  g_assert_null (qr_lock_file_open (NAME, 0, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_UNAVAILABLE);
  g_assert_cmpstr (qr_error_code (error), ==, "lock-busy");
  test_error_is (&error, "qriser: error: " BUSY "\n  hint: try again when it has ended\n");
  g_assert_null (qr_lock_file_open ("g", 0, &error)); /* the lock is the directory's */
  test_error_code (&error, QR_STATUS_UNAVAILABLE, "lock-busy", "lock file \"g\"");
  begun = g_get_monotonic_time ();
  g_assert_null (qr_lock_file_open (NAME, 30, &error));
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 30000);
  test_error_code (&error, QR_STATUS_UNAVAILABLE, "lock-busy", BUSY);
  g_assert_true (qr_lock_file_replace (file, TEXT, strlen (TEXT), &error));
  g_assert_no_error (error);
  g_clear_pointer (&file, qr_lock_file_close);
  file = open_file ();
  g_assert_cmpstr (qr_lock_file_text (file)->str, ==, TEXT);
  here_leave ();
}

/* HereWho waits gets the lock, and reads what the other has written. */
static void
test_wait (void)
{
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;
  int ready[2], status;
  char byte;
  pid_t child;

  here_enter ();
  g_assert_cmpint (pipe2 (ready, O_CLOEXEC), ==, 0);
  child = fork ();
  if (child == 0)
    {
      file = qr_lock_file_open (NAME, 0, NULL);
      if (file == NULL || write (ready[1], "", 1) != 1)
        _exit (1);
      g_usleep (20000); /* the other waits meanwhile, or will */
      _exit (qr_lock_file_replace (file, TEXT, strlen (TEXT), NULL) ? 0 : 2);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  file = qr_lock_file_open (NAME, 60000, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qr_lock_file_text (file)->str, ==, TEXT);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (close (ready[0]) | close (ready[1]), ==, 0);
  here_leave ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock-others/temporaries", test_temporaries);
  g_test_add_func ("/lock-others/taken", test_taken);
  g_test_add_func ("/lock-others/busy", test_busy);
  g_test_add_func ("/lock-others/wait", test_wait);
  return test_run_inside ();
}
