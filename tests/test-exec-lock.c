/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program itself can be executed, others cannot. */
#include "config.h"

#include "exec-lock.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testlib.h"

enum
{
  NO_LOCK = 101 /* exit status of the child */
};

static int
enter (gpointer program)
{
  int code = qr_exec_lock_enter (program);

  return code == ENOSYS || code == EOPNOTSUPP ? NO_LOCK : code;
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
  g_autofree char *out = test_probe ("exec", enter, (gpointer) g_getenv ("QRISER_TEST_PROBE"), &status);

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

      _exit (code == 0 ? enter ((gpointer) "/nonexistent/qriser") : 1);
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
