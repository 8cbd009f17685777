/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-sandbox.c: what confinement costs. For people: nothing here decides a test.
 *
 *   bench-sandbox [PROFILE.json]
 *
 * Prints "name<TAB>value unit". Each way of being confined is taken by a program of its own, this
 * one with the number of the way before PROFILE, all once in each round. It plans a line first, as
 * the launcher does, and executes itself once more when it is confined. "ready" is the time in
 * between; "call" what one system call takes then, the least of all rounds, and "added" how much more
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

#define CALLS_ONLY "calls"

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
  gboolean inside; /* QEMU does it itself, and nothing is executed any more */
} ways[] = {
  { "none", enter_nothing, FALSE },
  { "one-instruction", enter_one, FALSE },
  { "strict", enter_strict, FALSE },
  { "default", enter_default, FALSE },
  { "default-gate", enter_gate, FALSE },
  { "default-gate-landlock", enter_landlock, FALSE },
  { "qemu-sandbox", enter_qemu, TRUE },
  { "profile", enter_file, FALSE },
};

/* --- system calls ---------------------------------------------------------------------------- */

/* Open in all programs: what is confined may not open them. */
enum
{
  ZERO = 10,
  NOTHING,
};

static guint32 word;

static void
call_getpid (void)
{
  (void) syscall (SYS_getpid);
}

static void
call_ioctl (void)
{
  int waiting;

  (void) ioctl (NOTHING, FIONREAD, &waiting);
}

static void
call_ppoll (void)
{
  struct pollfd one = { ZERO, POLLIN, 0 };
  const struct timespec now = { 0, 0 };

  (void) ppoll (&one, 1, &now, NULL);
}

static void
call_pread (void)
{
  char byte;

  if (pread (ZERO, &byte, 1, 0) != 1)
    _exit (1);
}

static void
call_pwrite (void)
{
  if (pwrite (NOTHING, "x", 1, 0) != 1)
    _exit (1);
}

static void
call_futex (void)
{
  (void) syscall (SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static const struct
{
  const char *name;
  void (*call) (void);
} calls[] = {
  { "getpid", call_getpid }, { "ioctl", call_ioctl },   { "ppoll", call_ppoll },
  { "pread64", call_pread },   { "pwrite64", call_pwrite }, { "futex", call_futex },
};

/* --- rounds ---------------------------------------------------------------------------------- */

/* What one program found out, in two parts. */
typedef struct
{
  guint rules;  /* of Landlock, in the ways that take it */
  double ready; /* us */
} Found;

typedef struct
{
  double ns[G_N_ELEMENTS (calls)];
} Times;

static void
say (gconstpointer part, gsize size)
{
  if (write (STDOUT_FILENO, part, size) != (gssize) size)
    die ("nothing to write to");
}

static void
measure_calls (void)
{
  Times times;

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      double start = now_ns ();

      for (guint j = 0; j < CALLS; j++)
        calls[i].call ();
      times.ns[i] = (now_ns () - start) / CALLS;
    }
  say (&times, sizeof times);
}

/* Executes this program with @first and, or, @profile. */
static void G_GNUC_NORETURN
execute (const char *first, const char *profile)
{
  (void) execl ("/proc/self/exe", "bench-sandbox", first, profile, (char *) NULL);
  die ("nothing to execute");
}

static void
open_at (const char *path, int flags, int fd)
{
  int file = open (path, flags | O_CLOEXEC);

  if (file < 0 || dup2 (file, fd) != fd)
    die (path);
  (void) close (file);
}

static void G_GNUC_NORETURN
start (guint way, const char *profile, int out)
{
  const char number[] = { (char) ('0' + way), '\0' };

  open_at ("/dev/zero", O_RDONLY, ZERO);
  open_at ("/dev/null", O_WRONLY, NOTHING);
  if (dup2 (out, STDOUT_FILENO) != STDOUT_FILENO)
    die ("nothing to write to");
  execute (number, profile);
}

static gboolean
hear (int from, gpointer part, gsize size)
{
  return read (from, part, size) == (gssize) size;
}

static void
run (guint way, const char *profile, Found *found, Times *times)
{
  int ends[2];
  pid_t pid;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    die ("no pipe");
  pid = fork ();
  if (pid == 0)
    start (way, profile, ends[1]);
  close (ends[1]);
  if (pid < 0 || !hear (ends[0], found, sizeof *found) || !hear (ends[0], times, sizeof *times))
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
bench (const char *profile)
{
  static double ready[G_N_ELEMENTS (ways)][ROUNDS], least[G_N_ELEMENTS (ways)][G_N_ELEMENTS (calls)];
  guint rules = 0;
  const guint n = profile == NULL ? G_N_ELEMENTS (ways) - 1 : G_N_ELEMENTS (ways);

  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < n; i++)
      {
        guint way = (i + round) % n;
        Found found;
        Times times;

        run (way, profile, &found, &times);
        ready[way][round] = found.ready;
        rules = found.rules;
        for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
          if (round == 0 || times.ns[j] < least[way][j])
            least[way][j] = times.ns[j];
      }
  printf ("landlock.rules\t%u\n", rules);
  for (guint way = 0; way < n; way++)
    {
      print_ready (way, ready[way], ready[1]);
      print_calls (way, least);
    }
}

/* What the program does that is confined in @way. */
static void
be_confined (guint way, const char *profile)
{
  static const char *const line[]
      = { "-nodefaults",   "-display", "none", "-enable-kvm",
          "-kernel",       "/dev/null", "-drive", "file=/dev/null,format=raw,if=virtio",
          "-serial",       "unix:/tmp/serial,server=on,wait=off", NULL };
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *path = g_strconcat ("ro:", own, NULL);
  const char *const paths[] = { path, NULL };
  const QrPlanOptions options = { .face = QR_FACE_TOOL, .words = line, .first = 1, .sysfs = "/sys",
                                  .program = "/usr/bin/qemu-system-x86_64", .temporary = "/var/tmp",
                                  .landlock = "require", .paths = paths };
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, NULL);
  Found found;
  double begun;

  if (plan == NULL)
    die ("no plan");
  found.rules = plan->fence.landlock.paths->len;
  begun = now_ns ();
  if (!ways[way].enter (&(Given){ profile, &plan->fence }))
    die ("not confined");
  found.ready = (now_ns () - begun) / 1e3;
  say (&found, sizeof found);
  if (ways[way].inside)
    measure_calls ();
  else
    execute (CALLS_ONLY, NULL);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], CALLS_ONLY) == 0)
    measure_calls ();
  else if (argc > 1 && g_ascii_isdigit (argv[1][0]) && argv[1][1] == '\0')
    be_confined ((guint) (argv[1][0] - '0'), argv[2]);
  else
    bench (argv[1]);
  return 0;
}
