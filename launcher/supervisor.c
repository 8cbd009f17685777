/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "supervisor.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "autofd.h"

enum
{
  NAP_NANOSECONDS = 100 * 1000, /* while the listener is not there */
  TICK_SECONDS = 1,
  GRACE_SECONDS = 10, /* to end in, once told to */
  NOT_YET = -2,
};

/* What both processes see. */
typedef struct
{
  _Atomic int listener; /* NOT_YET, -1 for none, or its descriptor */
} Shared;

struct _QrSupervisor
{
  Shared *shared;
  sigset_t before; /* signals that were blocked */
  struct sigaction child_before;
  gboolean lives_on;
  pid_t parent;
  pid_t started; /* 0 in that process */
  QrListener listener;
  int signals; /* descriptor */
  gboolean killed, told;
  gboolean expired, overdue; /* the time was over; and again, behind that */
};

/* Sent by somebody, they are for the started process; one of the terminal reaches both. */
static const int handed_on[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };

static gboolean
unavailable (const char *what, int code, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "supervisor", NULL,
                "Linux 5.5 or newer lets a supervisor decide calls",
                "QEMU cannot be supervised: %s: %s", what, g_strerror (code));
  return FALSE;
}

/* As if nobody had watched signals. */
static void
restore_signals (const QrSupervisor *supervisor)
{
  (void) sigaction (SIGCHLD, &supervisor->child_before, NULL);
  (void) sigprocmask (SIG_SETMASK, &supervisor->before, NULL);
}

/* From now on signals come by a descriptor. Returns: 0 or an errno */
static int
watch_signals (QrSupervisor *supervisor)
{
  const struct sigaction standard = { .sa_handler = SIG_DFL };
  sigset_t watched;
  int code;

  /* where it is ignored nobody can be waited for */
  (void) sigaction (SIGCHLD, &standard, &supervisor->child_before);

  (void) sigemptyset (&watched);
  (void) sigaddset (&watched, SIGCHLD);
  for (gsize i = 0; i < G_N_ELEMENTS (handed_on); i++)
    (void) sigaddset (&watched, handed_on[i]);
  (void) sigprocmask (SIG_BLOCK, &watched, &supervisor->before);
  supervisor->signals = signalfd (-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (supervisor->signals >= 0)
    return 0;
  code = errno;
  restore_signals (supervisor);
  return code;
}

void
qr_supervisor_bind (const QrSupervisor *supervisor)
{
  if (supervisor->lives_on)
    return;
  (void) prctl (PR_SET_PDEATHSIG, (unsigned long) SIGTERM, 0L, 0L, 0L);
  if (getppid () != supervisor->parent) /* it ended before it could be asked for */
    (void) raise (SIGTERM);
}

static gboolean
split (QrSupervisor *supervisor, GError **error)
{
  long got;

  (void) fflush (NULL); /* or both would write it */
  got = syscall (SYS_clone, CLONE_FILES | SIGCHLD, 0L, 0L, 0L, 0L);
  if (got < 0)
    {
      int code = errno;

      restore_signals (supervisor);
      return unavailable ("no second process", code, error);
    }
  supervisor->started = (pid_t) got;
  if (got == 0)
    restore_signals (supervisor);
  return TRUE;
}

QrSupervisor *
qr_supervisor_split (gboolean lives_on, gboolean *started, GError **error)
{
  g_autoptr (QrSupervisor) supervisor = g_new0 (QrSupervisor, 1);
  void *shared
      = mmap (NULL, sizeof (Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int code;

  supervisor->signals = supervisor->listener.fd = -1;
  supervisor->lives_on = lives_on;
  supervisor->parent = getpid ();
  if (shared == MAP_FAILED)
    {
      (void) unavailable ("no memory", errno, error);
      return NULL;
    }
  supervisor->shared = shared;
  atomic_init (&supervisor->shared->listener, NOT_YET);
  code = qr_listener_init (&supervisor->listener);
  if (code == 0)
    code = watch_signals (supervisor);
  if (code != 0)
    {
      (void) unavailable ("no listener", code, error);
      return NULL;
    }
  if (!split (supervisor, error))
    return NULL;
  *started = supervisor->started == 0;
  return g_steal_pointer (&supervisor);
}

void
qr_supervisor_hand_over (QrSupervisor *supervisor, int listener)
{
  atomic_store (&supervisor->shared->listener, listener);
}

/* Whether the started process has ended; with its status. */
static gboolean
has_ended (const QrSupervisor *supervisor, int *status)
{
  pid_t got = waitpid (supervisor->started, status, WNOHANG);

  if (got < 0 && errno == ECHILD) /* somebody else has waited for it: nothing is known */
    *status = 0;
  return got == supervisor->started || (got < 0 && errno == ECHILD);
}

/* Waits for the listener; FALSE: the started process has ended before. */
static gboolean
take_over (QrSupervisor *supervisor, int *status)
{
  const struct timespec nap = { 0, NAP_NANOSECONDS };
  int listener;

  for (;;)
    {
      listener = atomic_load (&supervisor->shared->listener);
      if (listener != NOT_YET)
        break;
      if (has_ended (supervisor, status))
        return FALSE;
      (void) nanosleep (&nap, NULL);
    }
  supervisor->listener.fd = listener;
  return TRUE;
}

static void
close_range_of (int first, int last)
{
  if (first <= last)
    (void) close_range ((unsigned) first, (unsigned) last, 0);
}

/* What is open for the started process is for that alone: who waits for its end must see it. Where
 * the kernel cannot close them so fast they stay open as long as this process lives. */
static void
close_others (const QrSupervisor *supervisor)
{
  int low = MIN (supervisor->listener.fd, supervisor->signals);
  int high = MAX (supervisor->listener.fd, supervisor->signals);

  low = MAX (low, STDERR_FILENO);
  high = MAX (high, STDERR_FILENO);
  close_range_of (STDERR_FILENO + 1, low - 1);
  close_range_of (low + 1, high - 1);
  close_range_of (high + 1, INT_MAX);
}

/* Gives the signals that came to the started process; TRUE: it has ended. */
static gboolean
take_signal (QrSupervisor *supervisor, int *status)
{
  struct signalfd_siginfo info;

  if (read (supervisor->signals, &info, sizeof info) != sizeof info)
    return FALSE;
  if (info.ssi_signo == SIGCHLD)
    return has_ended (supervisor, status);
  supervisor->told |= info.ssi_signo != SIGUSR1 && info.ssi_signo != SIGUSR2;
  if (info.ssi_code <= 0) /* SI_USER and the like: not of the terminal */
    (void) kill (supervisor->started, (int) info.ssi_signo);
  return FALSE;
}

static void
drop_listener (QrSupervisor *supervisor)
{
  qr_court_tick (0);
  (void) close (supervisor->listener.fd);
  supervisor->listener.fd = -1;
}

/* Milliseconds to @end of CLOCK_MONOTONIC, in seconds; 0: for ever. */
static int
time_left (time_t end)
{
  struct timespec now;

  if (end == 0)
    return -1;
  (void) clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec >= end ? 0 : (int) MIN ((gint64) (end - now.tv_sec) * 1000, INT_MAX);
}

/* The time of @end is over: who does not end when told to, as one whose last call is refused,
 * is killed. */
static void
end_it (QrSupervisor *supervisor, time_t *end)
{
  supervisor->overdue = supervisor->expired;
  (void) kill (supervisor->started, supervisor->expired ? SIGKILL : SIGTERM);
  *end = supervisor->expired ? 0 : *end + GRACE_SECONDS;
  supervisor->expired = TRUE;
}

static int
attend (QrSupervisor *supervisor, const QrCourt *court, time_t end)
{
  struct pollfd polled[] = { { supervisor->signals, POLLIN, 0 }, { -1, POLLIN, 0 } };
  int status = 0;

  if (has_ended (supervisor, &status))
    return status;
  for (;;)
    {
      if (time_left (end) == 0) /* calls may come without a pause */
        end_it (supervisor, &end);
      polled[1].fd = supervisor->listener.fd;
      if (poll (polled, G_N_ELEMENTS (polled), time_left (end)) <= 0)
        continue;
      if ((polled[1].revents & POLLIN) != 0)
        {
          if (!qr_court_hear (court, &supervisor->listener, supervisor->started,
                              &supervisor->killed))
            drop_listener (supervisor);
        }
      else if (polled[1].revents != 0)
        drop_listener (supervisor);
      if (polled[0].revents != 0 && take_signal (supervisor, &status))
        return status;
    }
}

int
qr_supervisor_attend (QrSupervisor *supervisor, const QrCourt *court, guint seconds, gboolean again)
{
  const struct sigaction ignored = { .sa_handler = SIG_IGN };
  struct sigaction pipe_before;
  struct timespec now;
  int status;

  (void) sigaction (SIGPIPE, &ignored, &pipe_before); /* who reads no more does not end QEMU */
  if (take_over (supervisor, &status))
    {
      /* where an outer sandbox refuses it the table is the started process's as well */
      if (unshare (CLONE_FILES) == 0 && !again)
        close_others (supervisor);
      qr_court_tick (supervisor->listener.fd < 0 ? 0 : TICK_SECONDS);
      (void) clock_gettime (CLOCK_MONOTONIC, &now);
      status = attend (supervisor, court, seconds == 0 ? 0 : now.tv_sec + (time_t) seconds);
      qr_court_tick (0);
    }
  (void) sigaction (SIGPIPE, &pipe_before, NULL);
  restore_signals (supervisor);
  return supervisor->killed && WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL ? SIGSYS
                                                                                    : status;
}

gboolean
qr_supervisor_was_told (const QrSupervisor *supervisor)
{
  return supervisor->told;
}

guint
qr_supervisor_overdue (const QrSupervisor *supervisor)
{
  return supervisor->overdue ? GRACE_SECONDS : 0;
}

void
qr_supervisor_free (QrSupervisor *supervisor)
{
  if (supervisor == NULL)
    return;
  if (supervisor->started != 0) /* else they are the other one's as well, and exec closes them */
    {
      qr_autofd_close (&supervisor->signals);
      qr_autofd_close (&supervisor->listener.fd);
    }
  qr_listener_clear (&supervisor->listener);
  if (supervisor->shared != NULL)
    (void) munmap (supervisor->shared, sizeof *supervisor->shared);
  g_free (supervisor);
}

int
qr_supervisor_follow (int status)
{
  const struct rlimit no_core = { 0, 0 };
  sigset_t only;

  if (WIFEXITED (status))
    return WEXITSTATUS (status);
  (void) setrlimit (RLIMIT_CORE, &no_core); /* the other one may have left its own */
  (void) signal (WTERMSIG (status), SIG_DFL);
  (void) sigemptyset (&only);
  (void) sigaddset (&only, WTERMSIG (status));
  (void) sigprocmask (SIG_UNBLOCK, &only, NULL);
  (void) raise (WTERMSIG (status));
  return 128 + WTERMSIG (status);
}
