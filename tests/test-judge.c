/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that decides calls of the one that it was split off, and goes. Each test is run in a
 * child, so that the test itself has no filter, and takes what that leaves behind as its own. */
#include "config.h"

#include "judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asked.h"
#include "seccomp-load.h"

enum
{
  WRONG = 99,
  LONGEST_SECONDS = 60, /* of a test; what does not go fails by it */
};

/* What is done behind the filter; its exit status. */
typedef int (*Act) (void);

static int
try_root (const char *path)
{
  return chroot (path) == 0 ? 0 : errno;
}

#define JUDGE(name, ruling, with)                                                                  \
  static QrRuling name (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,   \
                        gpointer data)                                                             \
  {                                                                                                \
    (void) data;                                                                                   \
    *code = caller == started ? (with) : EIO;                                                      \
    return call->nr == SYS_chroot ? (ruling) : QR_RULING_GO_ON;                                    \
  }

JUDGE (refuse, QR_RULING_REFUSE, EXDEV)
JUDGE (last, QR_RULING_LAST, 0)
JUDGE (done, QR_RULING_DONE, 0)
JUDGE (do_it, QR_RULING_DONE, try_root ("/proc"))
JUDGE (shut, QR_RULING_CLOSE, 0)
JUDGE (fall, QR_RULING_REFUSE, (int) syscall (SYS_getppid))

static void
undo (gpointer data)
{
  (void) data;
}

static G_NORETURN void
run_split (QrJudge judge, Act act)
{
  const QrCourt court = { judge, undo, NULL };
  g_autofree guint8 *filter = NULL;
  int channel, listener;
  gsize size;

  if (qr_judge_split (&court, &channel) != 0)
    _exit (WRONG);
  filter = qr_asked_filter (QR_ASKED_START, &size);
  if (act != NULL
      && (prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0
          || qr_seccomp_load (filter, size, &listener) != 0
          || qr_judge_hand_over (channel, listener) != 0))
    _exit (WRONG);
  _exit (act == NULL ? 0 : act ());
}

static pid_t
start (QrJudge judge, Act act)
{
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    run_split (judge, act);
  return child;
}

/* Waits for @child, and for the judge, which came to us: its status. */
static int
wait_for_both (pid_t child, int expected)
{
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, expected);
  g_assert_cmpint (waitpid (-1, &status, __WALL), >, 0);
  g_assert_cmpint (waitpid (-1, NULL, __WALL), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  return status;
}

static void
run (QrJudge judge, Act act, int expected)
{
  g_assert_cmpint (wait_for_both (start (judge, act), expected), ==, 0);
}

/* 0: the first of two calls that are decided has @first for its end, and the other one is refused by
 * the kernel. */
static int
once (const char *path, int first)
{
  if (try_root (path) != first)
    return 1;
  return try_root (path) == ENOSYS && setuid (getuid ()) != 0 && errno == ENOSYS ? 0 : 2;
}

static int
call_twice (void)
{
  return try_root ("/") == EXDEV && try_root ("/") == EXDEV ? 0 : 1;
}

static int
call_real (void)
{
  return once ("/nonexistent", ENOENT);
}

static int
call_done (void)
{
  return once ("/nonexistent", 0);
}

static int
call_shut (void)
{
  return once ("/", ENOSYS);
}

/* The root is another one for this process, which has not changed it. */
static int
call_for_proc (void)
{
  struct stat proc, root;

  if (stat ("/proc", &proc) != 0 || once ("/nonexistent", 0) != 0 || stat ("/", &root) != 0)
    return 1;
  return proc.st_dev == root.st_dev && proc.st_ino == root.st_ino ? 0 : 2;
}

static int
exec_true (void)
{
  (void) execl ("/bin/true", "true", NULL);
  return errno;
}

static int
leave (void)
{
  return 7;
}

/* The process that is asked makes another call than those that it has to. */
static int
call_and_see (void)
{
  return try_root ("/") == ENOSYS ? 0 : 1;
}

/* The other child of this one's parent; 0: there is none. */
static int
find_judge (void)
{
  g_autofree char *path
      = g_strdup_printf ("/proc/%d/task/%d/children", (int) getppid (), (int) getppid ());
  FILE *file = fopen (path, "re");
  int pid = 0;

  while (file != NULL && fscanf (file, "%d", &pid) == 1 && pid == getpid ())
    pid = 0;
  if (file != NULL)
    (void) fclose (file);
  return pid;
}

static int
count_descriptors (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GDir) open = NULL;
  int n = 0;

  if (try_root ("/") != EXDEV) /* it has come to its place by then */
    return WRONG;
  path = g_strdup_printf ("/proc/%d/fd", find_judge ());
  open = g_dir_open (path, 0, NULL);
  while (open != NULL && g_dir_read_name (open) != NULL)
    n++;
  return n;
}

static void
test_refuses (void)
{
  run (refuse, call_twice, 0);
}

static void
test_last (void)
{
  run (last, call_real, 0);
}

static void
test_done (void)
{
  run (done, call_done, 0);
}

static void
test_closed (void)
{
  run (shut, call_shut, 0);
}

static void
test_root (void)
{
  if (geteuid () != 0)
    g_test_skip ("needs root");
  else
    run (do_it, call_for_proc, 0);
}

static void
test_exec (void)
{
  run (refuse, exec_true, 0);
}

/* It goes with the process that it was for, and where there is nothing to decide. */
static void
test_goes (void)
{
  run (refuse, leave, 7);
  run (refuse, NULL, 0);
}

/* What it does not need ends it, and the call with it. */
static void
test_confined (void)
{
  int status = wait_for_both (start (fall, call_and_see), 0);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
}

static void
test_descriptors (void)
{
  if (geteuid () != 0)
    g_test_skip ("needs root");
  else
    run (refuse, count_descriptors, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L), ==, 0);
  (void) alarm (LONGEST_SECONDS);
  g_test_add_func ("/judge/refuses", test_refuses);
  g_test_add_func ("/judge/last", test_last);
  g_test_add_func ("/judge/done", test_done);
  g_test_add_func ("/judge/closed", test_closed);
  g_test_add_func ("/judge/root", test_root);
  g_test_add_func ("/judge/exec", test_exec);
  g_test_add_func ("/judge/goes", test_goes);
  g_test_add_func ("/judge/confined", test_confined);
  g_test_add_func ("/judge/descriptors", test_descriptors);
  return g_test_run ();
}
