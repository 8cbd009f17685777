/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One exec goes through, and none behind it. */
#include "config.h"

#include "exec-gate.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter-parts.h"
#include "testlib.h"

enum
{
  NO_GATE = 101 /* exit status of the child */
};

/* What the child does before the exec that is to succeed; an exit status, or 0 to go on. */
typedef int (*Before) (void);

/* A filter that allows all. */
static int
enter_gate (void)
{
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, 0), /* the number of the call */
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, qr_filter_mark (SYS_execve, SECCOMP_RET_ALLOW)),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  return prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0
             ? errno
             : qr_exec_gate_load ((gconstpointer) code, sizeof code);
}

static int
enter (gpointer data)
{
  const Before *before = data;

  if (enter_gate () != 0)
    return NO_GATE;
  return *before == NULL ? 0 : (*before) ();
}

/* Runs the probe in @mode behind the gate; what it prints. (transfer full) */
static char *
run (const char *mode, Before before, int *status)
{
  return test_probe (mode, enter, &before, status);
}

static void
test_once (void)
{
  int status;
  g_autofree char *out = run ("exec", NULL, &status);

  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (
      out, ==,
      "execve-true 38\nexecve-self 38\nexecveat-self 38\nfork-execve 0\nfork-execve-status 38\n");
}

static int
exec_nothing (void)
{
  char *const none[] = { NULL };

  return execve ("/nonexistent/qriser", none, none) == -1 && errno == ENOENT ? 0 : 1;
}

/* An exec that fails is none. */
static void
test_failed_before (void)
{
  int status;
  g_autofree char *out = run ("done", exec_nothing, &status);

  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (out, ==, "done\n");
}

static int
exec_in_child (void)
{
  char *const argv[] = { (char *) "true", NULL };
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      (void) execv ("/bin/true", argv);
      _exit (errno);
    }
  return waitpid (child, &status, 0) == child && WEXITSTATUS (status) == EPERM ? 0 : 1;
}

/* The gate is for this process alone. */
static void
test_child (void)
{
  int status;
  g_autofree char *out = run ("done", exec_in_child, &status);

  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (out, ==, "done\n");
}

static int
enter_twice (void)
{
  return enter_gate () == EBUSY ? 0 : 1;
}

/* A process has one listener; its gate still stands. */
static void
test_nested (void)
{
  int status;
  g_autofree char *out = run ("exec", enter_twice, &status);

  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_str_has_prefix (out, "execve-true 38\n"));
}

static int
load_filter (struct sock_filter *code, guint n, unsigned long flags)
{
  const struct sock_fprog filter = { (unsigned short) n, code };

  if (prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
    return -1;
  return (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

/* What holds the process already asks somebody. */
static void
test_outer (void)
{
  struct sock_filter all[] = { BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit (load_filter (all, G_N_ELEMENTS (all), SECCOMP_FILTER_FLAG_NEW_LISTENER) < 0
               ? NO_GATE
               : enter_gate ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, EBUSY);
}

/* A filter around it all that knows no seccomp(2). */
static int
refuse_seccomp (void)
{
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, 0), /* the number of the call */
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  return load_filter (code, G_N_ELEMENTS (code), 0);
}

static void
test_old_kernel (void)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit (refuse_seccomp () != 0 ? NO_GATE : enter_gate ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, ENOSYS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exec-gate/once", test_once);
  g_test_add_func ("/exec-gate/failed-before", test_failed_before);
  g_test_add_func ("/exec-gate/child", test_child);
  g_test_add_func ("/exec-gate/nested", test_nested);
  g_test_add_func ("/exec-gate/outer", test_outer);
  g_test_add_func ("/exec-gate/old-kernel", test_old_kernel);
  return g_test_run ();
}
