/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Stands in for QEMU: changes the root directory and the user that its arguments name, as QEMU does,
 * and then tries all of it again. Prints what came of each.
 *
 *   -chroot DIRECTORY, -runas UID:GID; all other arguments are passed over
 *
 * It has threads, in each of which the C library makes such a change. Needs libc only.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
report (const char *name, long result)
{
  int code = result < 0 ? errno : 0;

  printf ("%s: %s\n", name, strerror (code));
  (void) fflush (stdout);
}

static void *
idle (void *data)
{
  for (;;)
    (void) pause ();
  return data;
}

static void
change_user (uid_t uid, gid_t gid)
{
  report ("setgid", setgid (gid));
  report ("setgroups", setgroups (1, &gid));
  report ("setuid", setuid (uid));
  report ("setuid of root", setuid (0));
}

/* In this thread alone. */
static void
try_again (void)
{
  gid_t group = getgid ();

  report ("again chroot", syscall (SYS_chroot, "/"));
  report ("again setgid", syscall (SYS_setgid, getgid ()));
  report ("again setgroups", syscall (SYS_setgroups, 1L, &group));
  report ("again setuid", syscall (SYS_setuid, getuid ()));
  report ("again setresuid", syscall (SYS_setresuid, -1L, -1L, -1L));
  report ("again setresgid", syscall (SYS_setresgid, -1L, -1L, -1L));
  report ("execve", syscall (SYS_execve, "/nonexistent", NULL, NULL));
}

int
main (int argc, char **argv)
{
  const char *root = NULL, *user = NULL;
  pthread_t threads[2];
  unsigned uid, gid;

  for (int i = 1; i + 1 < argc; i++)
    {
      root = strcmp (argv[i], "-chroot") == 0 ? argv[i + 1] : root;
      user = strcmp (argv[i], "-runas") == 0 ? argv[i + 1] : user;
    }
  for (unsigned i = 0; i < sizeof threads / sizeof *threads; i++)
    if (pthread_create (&threads[i], NULL, idle, NULL) != 0)
      return 1;
  if (root != NULL)
    {
      report ("chroot", chroot (root));
      report ("chdir", chdir ("/"));
    }
  if (user != NULL && sscanf (user, "%u:%u", &uid, &gid) == 2)
    change_user (uid, gid);
  try_again ();
  return 0;
}
