/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-sandbox.c: what confinement costs. For people: nothing here decides a test.
 *
 *   bench-sandbox [PROFILE.json]
 *
 * Prints "name<TAB>value unit". Each way of being confined is taken in a process of its own, all
 * once in each round. "ready" is the time from the start of that process until it is confined;
 * "call" what one system call takes then, the least of all rounds, and "added" how much more
 * that is than without a filter. Ways: no filter; one instruction that allows all; our profiles as
 * they are built in, with the gate of exec, and with Landlock as for a common line; the groups that
 * QEMU's -sandbox denies at its strictest, by libseccomp; and PROFILE, a container runtime's say,
 * read and built by libseccomp.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <poll.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filters.h"
#include "plan.h"

enum
{
  ROUNDS = 60,
  CALLS = 10000,
};

typedef struct
{
  const char *profile; /* file; or NULL */
  const QrFence *fence;
} Given;

static double
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e9 + (double) now.tv_nsec;
}

static void G_GNUC_NORETURN
die (const char *what)
{
  fprintf (stderr, "bench-sandbox: %s\n", what);
  exit (1);
}

/* --- ways of being confined ------------------------------------------------------------------ */

static gboolean
enter_nothing (const Given *given)
{
  return TRUE;
}

static gboolean
enter_one (const Given *given)
{
  static const struct sock_filter all[] = { BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  const QrBpf bpf = { (const guint8 *) all, sizeof all };
  QrEntered entered;

  return qr_sandbox_enter (&bpf, 1, NULL, &entered, NULL);
}

static gboolean
enter_named (const char *name, gboolean gated)
{
  g_auto (QrFilters) filters = { .n = 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  QrEntered entered;

  return qr_filters_find (name, warnings, &filters, NULL)
         && qr_sandbox_enter (filters.bpf, filters.n, gated ? "/bin/true" : NULL, &entered, NULL);
}

static gboolean
enter_strict (const Given *given)
{
  return enter_named ("strict", FALSE);
}

static gboolean
enter_default (const Given *given)
{
  return enter_named ("default", FALSE);
}

static gboolean
enter_gate (const Given *given)
{
  return enter_named ("default", TRUE);
}

static gboolean
enter_landlock (const Given *given)
{
  return qr_sandbox_lock_privileges (NULL) && qr_landlock_enter (&given->fence->landlock, NULL)
         && enter_named ("default", TRUE);
}

static gboolean
enter_file (const Given *given)
{
  return enter_named (given->profile, FALSE);
}

/* QEMU 10.0 system/qemu-seccomp.c, every group denied; calls that this machine has. */
static const char *const denied[]
    = { "reboot",      "swapon",     "swapoff",     "syslog",         "mount",          "kexec_load",
        "_sysctl",     "create_module", "query_module", "sysfs",      "uselib",         "ustat",
        "setuid",      "setgid",     "setpgid",     "setsid",         "setreuid",       "setregid",
        "setresuid",   "setresgid",  "setfsuid",    "setfsgid",       "fork",           "vfork",
        "execve",      "clone3",     "execveat",    "setns",          "unshare",        "setpriority",
        "sched_setparam", "sched_setscheduler", "sched_setaffinity" };

static gboolean
enter_qemu (const Given *given)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  for (guint i = 0; filter != NULL && i < G_N_ELEMENTS (denied); i++)
    (void) seccomp_rule_add (filter, SCMP_ACT_KILL_PROCESS, seccomp_syscall_resolve_name (denied[i]), 0);
  return filter != NULL && seccomp_load (filter) == 0;
}

static const struct
{
  const char *name;
  gboolean (*enter) (const Given *given);
} ways[] = {
  { "none", enter_nothing },         { "one-instruction", enter_one },
  { "strict", enter_strict },        { "default", enter_default },
  { "default-gate", enter_gate },    { "default-gate-landlock", enter_landlock },
  { "qemu-sandbox", enter_qemu },    { "profile", enter_file },
};

/* --- system calls ---------------------------------------------------------------------------- */

typedef struct
{
  int zero, null;
  guint32 word;
} Objects;

static void
call_getpid (Objects *on)
{
  (void) syscall (SYS_getpid);
}

static void
call_ioctl (Objects *on)
{
  int waiting;

  (void) ioctl (on->null, FIONREAD, &waiting);
}

static void
call_ppoll (Objects *on)
{
  struct pollfd one = { on->zero, POLLIN, 0 };
  const struct timespec now = { 0, 0 };

  (void) ppoll (&one, 1, &now, NULL);
}

static void
call_pread (Objects *on)
{
  char byte;

  if (pread (on->zero, &byte, 1, 0) != 1)
    _exit (1);
}

static void
call_pwrite (Objects *on)
{
  if (pwrite (on->null, "x", 1, 0) != 1)
    _exit (1);
}

static void
call_futex (Objects *on)
{
  (void) syscall (SYS_futex, &on->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static const struct
{
  const char *name;
  void (*call) (Objects *on);
} calls[] = {
  { "getpid", call_getpid }, { "ioctl", call_ioctl },   { "ppoll", call_ppoll },
  { "pread64", call_pread },   { "pwrite64", call_pwrite }, { "futex", call_futex },
};

/* --- rounds ---------------------------------------------------------------------------------- */

/* What one process found out. */
typedef struct
{
  gboolean confined;
  double ready; /* us */
  double call[G_N_ELEMENTS (calls)]; /* ns */
} Found;

static void
look (guint way, const Given *given, Found *found)
{
  Objects on = { open ("/dev/zero", O_RDONLY | O_CLOEXEC), open ("/dev/null", O_WRONLY | O_CLOEXEC), 0 };
  double begun = now_ns ();

  found->confined = ways[way].enter (given);
  found->ready = (now_ns () - begun) / 1e3;
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      double start = now_ns ();

      for (guint j = 0; j < CALLS; j++)
        calls[i].call (&on);
      found->call[i] = (now_ns () - start) / CALLS;
    }
}

static void
run (guint way, const Given *given, Found *found)
{
  int ends[2];
  pid_t pid;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    die ("no pipe");
  pid = fork ();
  if (pid == 0)
    {
      Found here = { 0 };

      look (way, given, &here);
      _exit (write (ends[1], &here, sizeof here) == sizeof here ? 0 : 1);
    }
  close (ends[1]);
  if (pid < 0 || read (ends[0], found, sizeof *found) != sizeof *found || !found->confined)
    die (ways[way].name);
  close (ends[0]);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    continue;
}

static int
by_number (gconstpointer one, gconstpointer two)
{
  const double *a = one, *b = two;

  return *a < *b ? -1 : *a > *b;
}

static void
print_ready (guint way, const double *us, const double *reference)
{
  double sorted[ROUNDS], other[ROUNDS];

  memcpy (sorted, us, sizeof sorted);
  memcpy (other, reference, sizeof other);
  qsort (sorted, ROUNDS, sizeof *sorted, by_number);
  qsort (other, ROUNDS, sizeof *other, by_number);
  printf ("ready.%s.median\t%.0f us\n", ways[way].name, sorted[ROUNDS / 2]);
  printf ("ready.%s.p90\t%.0f us\n", ways[way].name, sorted[ROUNDS * 9 / 10]);
  printf ("ready.%s.to-one-instruction\t%.2f times\n", ways[way].name, sorted[ROUNDS / 2] / other[ROUNDS / 2]);
}

static void
print_calls (guint way, double least[][G_N_ELEMENTS (calls)])
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      printf ("call.%s.%s\t%.0f ns\n", ways[way].name, calls[i].name, least[way][i]);
      if (way > 0)
        printf ("call.%s.%s.added\t%.0f ns\n", ways[way].name, calls[i].name, least[way][i] - least[0][i]);
    }
}

static void
bench (const Given *given)
{
  static double ready[G_N_ELEMENTS (ways)][ROUNDS], least[G_N_ELEMENTS (ways)][G_N_ELEMENTS (calls)];
  const guint n = given->profile == NULL ? G_N_ELEMENTS (ways) - 1 : G_N_ELEMENTS (ways);

  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < n; i++)
      {
        guint way = (i + round) % n;
        Found found;

        run (way, given, &found);
        ready[way][round] = found.ready;
        for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
          if (round == 0 || found.call[j] < least[way][j])
            least[way][j] = found.call[j];
      }
  for (guint way = 0; way < n; way++)
    {
      print_ready (way, ready[way], ready[1]);
      print_calls (way, least);
    }
}

int
main (int argc, char **argv)
{
  static const char *const line[]
      = { "-nodefaults",   "-display", "none", "-enable-kvm",
          "-kernel",       "/dev/null", "-drive", "file=/dev/null,format=raw,if=virtio",
          "-serial",       "unix:/tmp/serial,server=on,wait=off", NULL };
  const QrPlanOptions options = { .face = QR_FACE_TOOL, .words = line, .first = 1, .sysfs = "/sys",
                                  .program = "/usr/bin/qemu-system-x86_64", .temporary = "/var/tmp",
                                  .landlock = "require" };
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, NULL);
  Given given = { argc > 1 ? argv[1] : NULL, NULL };

  if (plan == NULL)
    die ("no plan");
  given.fence = &plan->fence;
  printf ("landlock.rules\t%u\n", plan->fence.landlock.paths->len);
  bench (&given);
  return 0;
}
