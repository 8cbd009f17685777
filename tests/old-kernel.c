/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * old-kernel WORD... -- PROGRAM ARGUMENT...: becomes PROGRAM under a kernel that lacks something.
 *
 *   notify     filters with a listener are not known
 *   filter     prctl(2) and seccomp(2) know no filters
 *   listener   a filter with a listener is there already
 *   landlock   the calls of Landlock are not known
 *   unshare    unshare(2) is refused, as a container's sandbox does
 *
 * Needs libc only.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some headers; the numbers are the same on all architectures. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

enum
{
  FAILED = 99
};

static long
install (struct sock_filter *code, unsigned short n, unsigned flags)
{
  const struct sock_fprog program = { n, code };

  return syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* What call @number answers from now on. */
static long
refuse (unsigned number, unsigned code)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  return install (filter, sizeof filter / sizeof *filter, 0);
}

/* The same where the first argument is @operation. */
static long
refuse_operation (unsigned number, unsigned operation, unsigned code)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0])),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, operation, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  return install (filter, sizeof filter / sizeof *filter, 0);
}

/* The listener is inherited, so that it lasts. */
static long
add_listener (void)
{
  struct sock_filter filter[] = { BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  long fd = install (filter, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);

  return fd < 0 ? fd : dup2 ((int) fd, 200);
}

static long
lack (const char *what)
{
  if (strcmp (what, "notify") == 0)
    return refuse_operation (SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, EINVAL);
  if (strcmp (what, "filter") == 0)
    return refuse_operation (SYS_prctl, PR_SET_SECCOMP, EINVAL) < 0 ? -1
                                                                    : refuse (SYS_seccomp, EINVAL);
  if (strcmp (what, "listener") == 0)
    return add_listener ();
  if (strcmp (what, "landlock") == 0)
    return refuse (SYS_landlock_create_ruleset, ENOSYS);
  if (strcmp (what, "unshare") == 0)
    return refuse (SYS_unshare, EPERM);
  errno = EINVAL;
  return -1;
}

int
main (int argc, char **argv)
{
  int i = 1;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
    return FAILED;
  for (; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (lack (argv[i]) < 0)
      {
        fprintf (stderr, "old-kernel: %s: %s\n", argv[i], strerror (errno));
        return FAILED;
      }
  if (i + 1 >= argc)
    return FAILED;
  (void) execvp (argv[i + 1], argv + i + 1);
  return FAILED;
}
