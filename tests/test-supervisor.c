/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two processes, of which one decides the other's calls. Each test is run in a child, which
 * splits, so that the test itself stays one. */
#include "config.h"

#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asked.h"
#include "seccomp-load.h"

enum
{
  WRONG = 99,
};

/* What the started process does behind the filter; its exit status. */
typedef int (*Act) (void);

typedef struct
{
  QrAsked asked;
  Act act;
  QrJudge judge;
  guint seconds;
} Case;

static QrRuling
allow (const struct seccomp_data *call, pid_t caller, pid_t started, int *code, gpointer data)
{
  (void) call;
  (void) caller;
  (void) started;
  (void) code;
  (void) data;
  return QR_RULING_GO_ON;
}

static void
undo (gpointer data)
{
  (void) data;
}

static QrRuling
refuse_exec (const struct seccomp_data *call, pid_t caller, pid_t started, int *code, gpointer data)
{
  (void) data;
  *code = call->nr == SYS_execve && caller == started ? EXDEV : EIO;
  return QR_RULING_REFUSE;
}

static QrRuling
kill_exec (const struct seccomp_data *call, pid_t caller, pid_t started, int *code, gpointer data)
{
  (void) caller;
  (void) started;
  (void) code;
  (void) data;
  return call->nr == SYS_execve ? QR_RULING_KILL : QR_RULING_GO_ON;
}

/* Becomes the two processes; the first one's end is the case's. */
static G_NORETURN void
run_split (Case *given)
{
  g_autoptr (GError) error = NULL;
  gboolean started = FALSE;
  QrSupervisor *supervisor = qr_supervisor_split (FALSE, &started, &error);
  g_autofree guint8 *filter = NULL;
  int listener = -1;
  gsize size;

  if (supervisor == NULL)
    _exit (WRONG);
  if (!started)
    {
      const QrCourt court = { given->judge, undo, given };

      _exit (
          qr_supervisor_follow (qr_supervisor_attend (supervisor, &court, given->seconds, FALSE)));
    }
  qr_supervisor_bind (supervisor);
  filter = qr_asked_filter (given->asked, &size);
  if (prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0
      || qr_seccomp_load (filter, size, &listener) != 0)
    _exit (WRONG);
  qr_supervisor_hand_over (supervisor, listener);
  _exit (given->act ());
}

static int
run (Case *given)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    run_split (given);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static int
exec_true (void)
{
  char *const argv[] = { (char *) "true", NULL };

  (void) execve ("/bin/true", argv, NULL);
  return errno;
}

static int
exec_shell (void)
{
  char *const argv[] = { (char *) "sh", (char *) "-c", (char *) "kill -USR1 $$; exit 3", NULL };

  (void) signal (SIGUSR1, SIG_IGN);
  (void) execve ("/bin/sh", argv, NULL);
  return WRONG;
}

static int
die_of_signal (void)
{
  (void) raise (SIGUSR2);
  return WRONG;
}

static int
wait_for_end (void)
{
  gboolean waits = TRUE;

  while (waits)
    (void) pause ();
  return WRONG;
}

static int
stay (void)
{
  (void) signal (SIGTERM, SIG_IGN);
  return wait_for_end ();
}

/* Calls without a pause, as a thread whose end is refused makes them. */
static int
call_for_ever (void)
{
  char *const argv[] = { (char *) "true", NULL };
  gboolean goes_on = TRUE;

  (void) signal (SIGTERM, SIG_IGN);
  while (goes_on)
    (void) execve ("/bin/true", argv, NULL);
  return WRONG;
}

static void
test_goes_on (void)
{
  Case given = { QR_ASKED_START, exec_true, allow };
  int status = run (&given);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* Each call of a program, from its first on. */
static void
test_all_calls (void)
{
  Case given = { QR_ASKED_ALL, exec_shell, allow };
  int status = run (&given);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 3);
}

static void
test_refuses (void)
{
  Case given = { QR_ASKED_START, exec_true, refuse_exec };
  int status = run (&given);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXDEV);
}

static void
test_kills (void)
{
  Case given = { QR_ASKED_START, exec_true, kill_exec };
  int status = run (&given);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
}

static void
test_follows_signal (void)
{
  Case given = { QR_ASKED_START, die_of_signal, allow };
  int status = run (&given);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGUSR2);
}

static void
test_time (void)
{
  Case given = { QR_ASKED_START, wait_for_end, allow, 1 };
  int status = run (&given);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGTERM);
}

/* Who does not end then is killed. */
static void
is_killed (Act act)
{
  Case given = { QR_ASKED_START, act, refuse_exec, 1 };
  int status = run (&given);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static void
test_overdue (void)
{
  is_killed (stay);
}

static void
test_overdue_calling (void)
{
  is_killed (call_for_ever);
}

/* What somebody sends to the one reaches the other. */
static void
test_hands_on (void)
{
  Case given = { QR_ASKED_START, wait_for_end, allow };
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    run_split (&given);
  do
    {
      (void) kill (child, SIGHUP); /* one that comes before it is split ends it as well */
      g_usleep (10000);
    }
  while (waitpid (child, &status, WNOHANG) == 0);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGHUP);
}

/* The started process ends with the other one, unless it is to live on. */
static int
report_and_wait (void)
{
  char byte = 1;

  (void) write (STDOUT_FILENO, &byte, 1);
  return wait_for_end ();
}

static void
test_dies_with (void)
{
  Case given = { QR_ASKED_START, report_and_wait, allow };
  int ends[2], status;
  pid_t child;
  char byte;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      (void) dup2 (ends[1], STDOUT_FILENO);
      (void) close (ends[1]);
      (void) close (ends[0]);
      run_split (&given);
    }
  (void) close (ends[1]);
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 1);
  (void) kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 0); /* nobody holds it any more */
  (void) close (ends[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/supervisor/goes-on", test_goes_on);
  g_test_add_func ("/supervisor/all-calls", test_all_calls);
  g_test_add_func ("/supervisor/refuses", test_refuses);
  g_test_add_func ("/supervisor/kills", test_kills);
  g_test_add_func ("/supervisor/follows-signal", test_follows_signal);
  g_test_add_func ("/supervisor/time", test_time);
  g_test_add_func ("/supervisor/overdue", test_overdue);
  g_test_add_func ("/supervisor/overdue-calling", test_overdue_calling);
  g_test_add_func ("/supervisor/hands-on", test_hands_on);
  g_test_add_func ("/supervisor/dies-with", test_dies_with);
  return g_test_run ();
}
