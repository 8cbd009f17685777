/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In the place of QEMU's bridge helper: looks at what it was given, opens a tap with the bridge's
 * name and sends it.  With one argument in the place of a script: writes that to the file
 * PROGRAM.seen, and ends with the status in the file PROGRAM.status.  Some bridges make it fail:
 *
 *   fail    nothing is sent, status 3
 *   silent  nothing is sent, status 0
 *   late    a tap is sent, status 4
 *   killed  SIGKILL ends it
 *
 * and "null" makes it send /dev/null, which takes no rights.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int
complain (const char *what)
{
  fprintf (stderr, "tap-helper: %s\n", what);
  return 9;
}

/* What is open besides the standard descriptors and @socket. */
static int
count_others (int socket)
{
  DIR *directory = opendir ("/proc/self/fd");
  const struct dirent *entry;
  int others = 0;

  while (directory != NULL && (entry = readdir (directory)) != NULL)
    {
      int fd = atoi (entry->d_name);

      others += fd > 2 && fd != socket && fd != dirfd (directory);
    }
  return directory == NULL ? -1 : others;
}

static int
signals_are_default (void)
{
  sigset_t blocked;
  struct sigaction action;

  if (sigprocmask (SIG_SETMASK, NULL, &blocked) != 0)
    return 0;
  for (int number = 1; number < 32; number++)
    if (sigismember (&blocked, number) != 0
        || (sigaction (number, NULL, &action) == 0 && action.sa_handler != SIG_DFL))
      return 0;
  return 1;
}

static int
open_tap (const char *name)
{
  struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
  int fd = open ("/dev/net/tun", O_RDWR);

  snprintf (request.ifr_name, sizeof request.ifr_name, "%s", name);
  return fd >= 0 && ioctl (fd, TUNSETIFF, &request) == 0 ? fd : -1;
}

static int
send_tap (int socket, int fd)
{
  union
  {
    struct cmsghdr head;
    char bytes[CMSG_SPACE (sizeof (int))];
  } control = { .bytes = { 0 } };
  char byte = 0;
  struct iovec data = { &byte, 1 };
  struct msghdr message = { .msg_iov = &data,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes };

  control.head.cmsg_level = SOL_SOCKET;
  control.head.cmsg_type = SCM_RIGHTS;
  control.head.cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (&control.head), &fd, sizeof fd);
  return sendmsg (socket, &message, 0) == 1;
}

static FILE *
open_beside (const char *program, const char *ending, const char *mode)
{
  char path[4096];

  snprintf (path, sizeof path, "%s.%s", program, ending);
  return fopen (path, mode);
}

static int
be_script (char **argv)
{
  int others = count_others (-1), status = 0;
  FILE *seen = open_beside (argv[0], "seen", "a"), *end = open_beside (argv[0], "status", "r");

  if (others != 0)
    return complain ("more is open than was given");
  if (seen == NULL || fprintf (seen, "%s\n", argv[1]) < 0 || fclose (seen) != 0)
    return complain ("the file cannot be written");
  if (end == NULL || fscanf (end, "%d", &status) != 1)
    return complain ("the file with the status cannot be read");
  return status;
}

int
main (int argc, char **argv)
{
  const char *bridge = argc == 4 ? argv[3] + strlen ("--br=") : "";
  int socket, fd;

  if (argc == 2)
    return signals_are_default () ? be_script (argv)
                                  : complain ("signals are not as they are by default");
  if (argc != 4 || strcmp (argv[1], "--use-vnet") != 0 || strncmp (argv[2], "--fd=", 5) != 0
      || strncmp (argv[3], "--br=", 5) != 0)
    return complain ("the arguments are not those that QEMU gives");
  socket = atoi (argv[2] + strlen ("--fd="));
  if (count_others (socket) != 0)
    return complain ("more is open than was given");
  if (!signals_are_default ())
    return complain ("signals are not as they are by default");
  if (strcmp (bridge, "fail") == 0)
    return 3;
  if (strcmp (bridge, "silent") == 0)
    return 0;
  if (strcmp (bridge, "killed") == 0)
    raise (SIGKILL);
  fd = strcmp (bridge, "null") == 0 ? open ("/dev/null", O_RDWR) : open_tap (bridge);
  if (fd < 0 || !send_tap (socket, fd))
    return complain ("there is no tap");
  return strcmp (bridge, "late") == 0 ? 4 : 0;
}
