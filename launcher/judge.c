/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "judge.h"

#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seccomp-load.h"

enum
{
  TICK_SECONDS = 1,
  CHANNEL = 0, /* the only descriptor, before the listener comes */
};

/* A message with one descriptor. */
typedef struct
{
  char byte;
  struct iovec part;
  struct msghdr head;
  union
  {
    struct cmsghdr first;
    char bytes[CMSG_SPACE (sizeof (int))];
  } rights;
} Message;

static void
message_init (Message *message)
{
  memset (message, 0, sizeof *message);
  message->part = (struct iovec){ &message->byte, 1 };
  message->head = (struct msghdr){ .msg_iov = &message->part,
                                   .msg_iovlen = 1,
                                   .msg_control = &message->rights,
                                   .msg_controllen = sizeof message->rights };
}

/* Waits for the listener; -1: there will be none. */
static int
receive (void)
{
  const struct cmsghdr *rights;
  Message message;
  int listener = -1;
  ssize_t got;

  message_init (&message);
  do
    got = recvmsg (CHANNEL, &message.head, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got != 1)
    return -1;
  rights = CMSG_FIRSTHDR (&message.head);
  if (rights != NULL && rights->cmsg_type == SCM_RIGHTS)
    memcpy (&listener, CMSG_DATA (rights), sizeof listener);
  return listener;
}

/* The calls of what follows; FALSE: it cannot be confined. */
static gboolean
confine (void)
{
#define LET(call) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ALLOW
#define ALLOW BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  const struct sock_filter own[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch_native (), 1, 0),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    LET (write),
    LET (recvmsg),
    LET (close),
    LET (ioctl),
    LET (ppoll),
    LET (chroot),
    LET (rt_sigreturn),
    LET (restart_syscall),
    LET (exit_group),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };

  return prctl (PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0
         && prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0
         && qr_seccomp_load ((gconstpointer) own, sizeof own, NULL) == 0;
}

/* Whether there is a call; FALSE: there will be none. */
static gboolean
wait_for_call (int listener)
{
  struct pollfd polled = { listener, POLLIN, 0 };
  int ready;

  do
    ready = ppoll (&polled, 1, NULL, NULL);
  while (ready < 0 && errno == EINTR);
  return ready == 1 && (polled.revents & POLLIN) != 0;
}

/* The end of a process that main() does not know of. */
static G_NORETURN void
end (void)
{
  for (;;)
    (void) syscall (SYS_exit_group, 0L);
}

/* Of the other process all that there is. Nothing that ends the first one may end it before. */
static G_NORETURN void
sit (const QrCourt *court, QrListener *listener, pid_t started, int channel)
{
  gboolean killed = FALSE;
  sigset_t all;

  (void) sigfillset (&all);
  (void) sigprocmask (SIG_SETMASK, &all, NULL);
  qr_court_tick (TICK_SECONDS);
  if (dup2 (channel, CHANNEL) == CHANNEL && close_range (CHANNEL + 1, INT_MAX, 0) == 0 && confine ()
      && write (CHANNEL, "", 1) == 1)
    listener->fd = receive ();
  (void) close (CHANNEL);
  while (listener->fd >= 0 && wait_for_call (listener->fd)
         && qr_court_hear (court, listener, started, &killed))
    continue;
  for (;;) /* here, not in a function that does not return: sanitizers make calls before one */
    (void) syscall (SYS_exit_group, 0L);
}

/* A process that shares where it is; nobody hears of its end. */
static pid_t
split (void)
{
  return (pid_t) syscall (SYS_clone, CLONE_FS, 0L, 0L, 0L, 0L);
}

/* Returns: 0 or an errno */
static int
wait_for_other (int channel)
{
  ssize_t got;
  char byte;

  do
    got = read (channel, &byte, 1);
  while (got < 0 && errno == EINTR);
  return got == 1 ? 0 : got == 0 ? ECHILD : errno;
}

int
qr_judge_split (const QrCourt *court, int *channel)
{
  QrListener listener;
  int ends[2], code = qr_listener_init (&listener);
  pid_t between, started = getpid ();

  if (code == 0 && socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    code = errno;
  if (code != 0)
    {
      qr_listener_clear (&listener);
      return code;
    }
  (void) fflush (NULL); /* or both would write it */
  between = split ();
  if (between == 0 && split () == 0)
    sit (court, &listener, started, ends[1]);
  if (between == 0)
    end ();
  code = between < 0 ? errno : 0;
  qr_listener_clear (&listener);
  (void) close (ends[1]);
  if (code == 0)
    {
      (void) waitpid (between, NULL, __WALL);
      code = wait_for_other (ends[0]);
    }
  if (code == 0)
    *channel = ends[0];
  else
    (void) close (ends[0]);
  return code;
}

int
qr_judge_hand_over (int channel, int listener)
{
  struct cmsghdr *rights;
  Message message;
  int code;

  message_init (&message);
  rights = CMSG_FIRSTHDR (&message.head);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN (sizeof listener);
  memcpy (CMSG_DATA (rights), &listener, sizeof listener);
  code = sendmsg (channel, &message.head, MSG_NOSIGNAL) == 1 ? 0 : errno;
  (void) close (listener);
  (void) close (channel);
  return code;
}
