/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program itself can be executed, others cannot. */
#include "config.h"

#include "exec-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  NO_LOCK = 101 /* exit status of the child */
};

/* Runs the probe, held to itself; what it prints, or NULL where there is no Landlock. */
static char *
run (const char *mode, int *status)
{
  const char *probe = g_getenv ("QRISER_TEST_PROBE");
  char *const argv[] = { (char *) probe, (char *) mode, NULL };
  GString *out = g_string_new (NULL);
  char block[512];
  int ends[2];
  gssize got;
  pid_t child;

  g_assert_nonnull (probe);
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  child = fork ();
  if (child == 0)
    {
      int code
          = dup2 (ends[1], STDOUT_FILENO) < 0 || prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0;

      if (code == 0)
        code = qr_exec_lock_enter (probe);
      if (code == 0)
        (void) execv (probe, argv);
      _exit (code == ENOSYS || code == EOPNOTSUPP ? NO_LOCK : 1);
    }
  close (ends[1]);
  while ((got = read (ends[0], block, sizeof block)) > 0)
    g_string_append_len (out, block, got);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, status, 0), ==, child);
  return g_string_free (out, FALSE);
}

static gboolean
is_missing (int status)
{
  if (!WIFEXITED (status) || WEXITSTATUS (status) != NO_LOCK)
    return FALSE;
  g_test_skip ("the kernel has no Landlock");
  return TRUE;
}

static void
test_other (void)
{
  int status;
  g_autofree char *out = run ("exec", &status);

  if (is_missing (status))
    return;
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (out, ==, "execve-true 13\ndone\n"); /* it became itself */
}

static void
test_missing_program (void)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      int code = prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);

      code = code == 0 ? qr_exec_lock_enter ("/nonexistent/qriser") : 1;
      _exit (code == ENOSYS || code == EOPNOTSUPP ? NO_LOCK : code);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (!is_missing (status))
    g_assert_cmpint (WEXITSTATUS (status), ==, ENOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exec-lock/other", test_other);
  g_test_add_func ("/exec-lock/missing-program", test_missing_program);
  return g_test_run ();
}
