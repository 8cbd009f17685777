/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "tap-open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "autofd.h"

/* @name: what is opened; "": a tap for which the kernel finds one. */
static gboolean
unavailable (const QrTap *tap, const char *what, const char *name, int why, const char *hint,
             GError **error)
{
  g_autofree char *quoted = *name == '\0' ? NULL : g_strdup_printf ("%s\"%s\"", what, name);

  qr_error_set (error, QR_STATUS_UNAVAILABLE, "tap-unavailable", &tap->place, hint,
                "cannot open %s: %s", quoted == NULL ? "a tap" : quoted, g_strerror (why));
  return FALSE;
}

static int
wait_for (pid_t child)
{
  int status = 0;

  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

/* What this process has open besides standard input, output and error, but for @keep, is closed
 * in the program. Returns: 0 or an errno */
static int
close_others (posix_spawn_file_actions_t *actions, int keep)
{
  GDir *open_files = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  int why = open_files == NULL ? ENOENT : 0;

  while (why == 0 && (name = g_dir_read_name (open_files)) != NULL)
    {
      int fd = (int) g_ascii_strtoll (name, NULL, 10), flags = fcntl (fd, F_GETFD);

      if (fd > STDERR_FILENO && fd != keep && flags >= 0 && (flags & FD_CLOEXEC) == 0)
        why = posix_spawn_file_actions_addclose (actions, fd);
    }
  g_clear_pointer (&open_files, g_dir_close);
  return why;
}

/* Starts a program that keeps @keep (or -1) besides its standard descriptors.
 * Returns: 0 or an errno */
static int
start (const char *const *words, int keep, pid_t *child)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all, none;
  int why;

  sigfillset (&all);
  sigemptyset (&none);
  (void) posix_spawn_file_actions_init (&actions); /* these fail for want of memory only */
  (void) posix_spawnattr_init (&attributes);
  (void) posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  (void) posix_spawnattr_setsigdefault (&attributes, &all);
  (void) posix_spawnattr_setsigmask (&attributes, &none);
  why = close_others (&actions, keep);
  if (why == 0)
    why = posix_spawn (child, words[0], &actions, &attributes, (char *const *) words, environ);
  (void) posix_spawnattr_destroy (&attributes);
  (void) posix_spawn_file_actions_destroy (&actions);
  return why;
}

/* How a program ended, for people. (transfer full); NULL: well */
static char *
ending (int status)
{
  if (WIFSIGNALED (status))
    return g_strdup_printf ("signal %d ended it", WTERMSIG (status));
  return WEXITSTATUS (status) == 0
             ? NULL
             : g_strdup_printf ("it ended with status %d", WEXITSTATUS (status));
}

/* The descriptor that comes through @socket, or -1. */
static int
receive (int socket)
{
  union
  {
    struct cmsghdr head;
    char bytes[CMSG_SPACE (sizeof (int))];
  } control = { .bytes = { 0 } };
  char byte;
  struct iovec data = { &byte, sizeof byte };
  struct msghdr message = { .msg_iov = &data,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes };
  const struct cmsghdr *head;
  ssize_t got;
  int fd = -1;

  do
    got = recvmsg (socket, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  head = got <= 0 ? NULL : CMSG_FIRSTHDR (&message);
  if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS
      && head->cmsg_len == CMSG_LEN (sizeof fd))
    memcpy (&fd, CMSG_DATA (head), sizeof fd);
  return fd;
}

static gboolean
helper_failed (const QrTap *tap, const char *why, const char *hint, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "helper-failed", &tap->place, hint,
                "helper \"%s\" gives no tap on bridge \"%s\": %s", tap->helper, tap->bridge, why);
  return FALSE;
}

/* The tap that the helper opens; -1 with @error set. */
static int
run_helper (const QrTap *tap, GError **error)
{
  g_autofree char *bridge = g_strdup_printf ("--br=%s", tap->bridge), *socket = NULL, *why = NULL;
  const char *words[] = { tap->helper, "--use-vnet", NULL, bridge, NULL };
  int ends[2], code, fd;
  pid_t child;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return helper_failed (tap, g_strerror (errno), NULL, error), -1;
  qr_autofd ours = ends[0];
  socket = g_strdup_printf ("--fd=%d", ends[1]);
  words[2] = socket;
  (void) fcntl (ends[1], F_SETFD, 0);
  code = start (words, ends[1], &child);
  (void) close (ends[1]); /* so that a helper that ends is heard of */
  if (code != 0)
    return helper_failed (tap, g_strerror (code), "helper= names another", error), -1;
  fd = receive (ours);
  why = ending (wait_for (child));
  if (fd >= 0 && why == NULL)
    return fd;
  if (fd >= 0)
    (void) close (fd);
  (void) helper_failed (
      tap, why == NULL ? "it sent none" : why,
      "/etc/qemu/bridge.conf must allow the bridge, and the helper be setuid root", error);
  return -1;
}

static gboolean
run_script (const QrTap *tap, const char *interface, GError **error)
{
  const char *words[] = { tap->script, interface, NULL };
  g_autofree char *why = NULL;
  pid_t child;
  int code = start (words, -1, &child);

  why = code != 0 ? g_strdup (g_strerror (code)) : ending (wait_for (child));
  if (why == NULL)
    return TRUE;
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "script-failed", &tap->script_place,
                "script=no runs none: set the tap up before",
                "script \"%s\" does not set \"%s\" up: %s", tap->script, interface, why);
  return FALSE;
}

/* What to do where the kernel does not give a tap. */
static const char *
refusal_hint (int why)
{
  switch (why)
    {
    case EPERM:
      return "make it for the user before: ip tuntap add mode tap user USER name NAME";
    case EBUSY:
      return "something else has it open";
    case EINVAL:
      return "it is no tap, or one with another number of queues: multi_queue is for several";
    default:
      return NULL;
    }
}

/* The kernel's words for @tap: flags of TUNSETIFF. */
static gboolean
find_flags (const QrTap *tap, int fd, short *flags, GError **error)
{
  unsigned int features = 0;
  const char *lacks = NULL;

  (void) ioctl (fd, TUNGETFEATURES, &features); /* a kernel that cannot tell has none */
  *flags = IFF_TAP | IFF_NO_PI | (short) (features & IFF_ONE_QUEUE);
  if (tap->header != QR_TAP_HEADER_OFF)
    *flags |= (short) (features & IFF_VNET_HDR);
  if (tap->header == QR_TAP_HEADER_ON && (features & IFF_VNET_HDR) == 0)
    lacks = "vnet_hdr=on";
  if (tap->n > 1)
    *flags |= IFF_MULTI_QUEUE;
  if (tap->n > 1 && (features & IFF_MULTI_QUEUE) == 0)
    lacks = "several queues";
  if (lacks == NULL)
    return TRUE;
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "tap-unavailable", &tap->place, NULL,
                "the kernel's taps have no %s", lacks);
  return FALSE;
}

/* One queue of the tap @interface, which gets the name that the kernel found; -1 with @error set.
 */
static int
open_queue (const QrTap *tap, char interface[IFNAMSIZ], GError **error)
{
  struct ifreq request = { 0 };
  qr_autofd fd = open (QR_TAP_DEVICE, O_RDWR | O_CLOEXEC);
  int opened;

  if (fd < 0)
    return unavailable (tap, "", QR_TAP_DEVICE, errno, NULL, error), -1;
  if (!find_flags (tap, fd, &request.ifr_flags, error))
    return -1;
  g_strlcpy (request.ifr_name, *interface == '\0' ? "tap%d" : interface, IFNAMSIZ);
  if (ioctl (fd, TUNSETIFF, &request) != 0)
    return unavailable (tap, "tap ", interface, errno, refusal_hint (errno), error), -1;
  g_strlcpy (interface, request.ifr_name, IFNAMSIZ);
  opened = fd;
  fd = -1;
  return opened;
}

/* Gives what @fd has open the number @number, and closes @fd. */
static gboolean
move (const QrTap *tap, int fd, int number, GError **error)
{
  qr_autofd old = fd;
  int moved = fcntl (old, F_DUPFD_CLOEXEC, number);

  if (moved == number)
    return TRUE;
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "tap-unavailable", &tap->place, NULL,
                "descriptor %d is not free: %s", number, g_strerror (moved < 0 ? errno : EBUSY));
  if (moved >= 0)
    (void) close (moved);
  return FALSE;
}

static gboolean
open_vhost (const QrTap *tap, int number, GError **error)
{
  int fd = open (tap->vhost, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    return unavailable (tap, "", tap->vhost, errno, "vhost=off goes without", error);
  return move (tap, fd, number, error);
}

static gboolean
open_by_name (const QrTap *tap, guint *n_opened, GError **error)
{
  char interface[IFNAMSIZ] = "";

  if (tap->interface != NULL)
    g_strlcpy (interface, tap->interface, IFNAMSIZ);
  for (; *n_opened < tap->n; ++*n_opened)
    {
      int fd = open_queue (tap, interface, error);

      if (fd < 0 || !move (tap, fd, tap->fds[*n_opened], error))
        return FALSE;
      if (*n_opened == 0 && tap->script != NULL && !run_script (tap, interface, error))
        {
          ++*n_opened;
          return FALSE;
        }
    }
  return TRUE;
}

static void
close_all (const int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    (void) close (fds[i]);
}

/* Opens all of @tap, or nothing. */
static gboolean
open_tap (const QrTap *tap, GError **error)
{
  guint n_opened = 0, n_vhost = 0;
  gboolean good;
  int fd;

  if (tap->helper == NULL)
    good = open_by_name (tap, &n_opened, error);
  else
    {
      fd = run_helper (tap, error);
      good = fd >= 0 && move (tap, fd, tap->fds[0], error);
      n_opened = good;
    }
  for (; good && tap->vhost_fds != NULL && n_vhost < tap->n; n_vhost += good)
    good = open_vhost (tap, tap->vhost_fds[n_vhost], error);
  if (good)
    return TRUE;
  close_all (tap->fds, n_opened);
  close_all (tap->vhost_fds, n_vhost);
  return FALSE;
}

/* What is open lives through execve(). */
static void
hand_on (const int *fds, guint n)
{
  for (guint i = 0; fds != NULL && i < n; i++)
    (void) fcntl (fds[i], F_SETFD, 0);
}

static void
close_tap (const QrTap *tap)
{
  close_all (tap->fds, tap->n);
  if (tap->vhost_fds != NULL)
    close_all (tap->vhost_fds, tap->n);
}

gboolean
qr_taps_open (const QrTap *taps, gsize n, GError **error)
{
  struct sigaction standard = { .sa_handler = SIG_DFL }, before;
  gsize n_opened = 0;

  if (n == 0)
    return TRUE;
  (void) sigaction (SIGCHLD, &standard, &before); /* where it is ignored nobody can be waited for */
  while (n_opened < n && open_tap (&taps[n_opened], error))
    n_opened++;
  (void) sigaction (SIGCHLD, &before, NULL);
  for (gsize i = 0; i < n_opened; i++)
    if (n_opened < n)
      close_tap (&taps[i]);
    else
      {
        hand_on (taps[i].fds, taps[i].n);
        hand_on (taps[i].vhost_fds, taps[i].n);
      }
  return n_opened == n;
}
