/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe: tries system calls and says what came of each.
 *
 * Usage: probe                prints "NAME ERRNO" per line, 0 for success
 *        probe only NAME      the same, of that line
 *        probe but NAME...    the same, without these
 *        probe exec           tries to execute programs, prints the same
 *        probe done           prints "done"
 *        probe int80          makes a call of the i386 ABI, then exits with 0
 *        probe x32            makes a call of the x32 ABI, then exits with 0
 *
 * Where QRISER_TEST_PROBE_MODE is set, it stands for the one word, or when it is empty for none: what
 * runs it in QEMU's place has words of its own.
 *
 * Every call is harmless where nothing refuses it: wrong descriptors, missing
 * files, values as they are. Needs libc only.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void
report (const char *name, long result)
{
  int code = result < 0 ? errno : 0;

  printf ("%s %d\n", name, code);
  (void) fflush (stdout);
}

/* What the arguments ask for. */
static char **names;
static int only;

static int
is_wanted (const char *name)
{
  for (char **at = names; at != NULL && *at != NULL; at++)
    if (strcmp (*at, name) == 0)
      return only;
  return !only;
}

#define TRY(name, ...)                                                                             \
  do                                                                                               \
    if (is_wanted (#name))                                                                         \
      report (#name, syscall (SYS_##name, __VA_ARGS__));                                           \
  while (0)

static void
try_refused (void)
{
  static const char missing[] = "/nonexistent/qriser";
  char buffer[64] = "";

  TRY (mount, missing, missing, "none", 0L, NULL);
  TRY (umount2, missing, 0L);
  TRY (kexec_load, 0L, 100000L, NULL, 0L);
  TRY (ptrace, 0xffffL, 0L, 0L, 0L);
  TRY (bpf, 0xffffL, NULL, 0L);
  TRY (unshare, 0L);
  TRY (setns, -1L, 0L);
  TRY (init_module, NULL, 0L, "");
  TRY (finit_module, -1L, "", 0L);
  TRY (delete_module, "qriser_no_such_module", 0L);
  TRY (pivot_root, missing, missing);
  TRY (chroot, missing);
  TRY (keyctl, 0xffffL, 0L, 0L, 0L, 0L);
  TRY (add_key, NULL, NULL, NULL, 0L, 0L);
  TRY (perf_event_open, NULL, 0L, -1L, -1L, 0L);
  TRY (process_vm_readv, (long) getpid (), NULL, 0L, NULL, 0L, 1L);
  TRY (userfaultfd, 0x7fffffffL);
  TRY (io_uring_setup, 0L, NULL);
  TRY (swapon, missing, 0L);
  TRY (reboot, 0L, 0L, 0L, NULL);
  TRY (open_by_handle_at, -1L, buffer, 0L);
  TRY (personality, 0xffffffffL);
  TRY (acct, missing);
  TRY (setuid, (long) getuid ());
  TRY (setgid, (long) getgid ());
  TRY (setgroups, -1L, NULL);
  TRY (setsid, 0L);
  TRY (kill, (long) getpid (), 0L);
  TRY (execveat, -1L, missing, NULL, NULL, 0L);
  TRY (clone3, NULL, 0L);
}

static void
try_fork (void)
{
  long child = syscall (SYS_clone, (long) SIGCHLD, NULL, NULL, NULL, 0L);

  if (child == 0)
    _exit (0);
  report ("fork", child);
  if (child > 0)
    (void) waitpid ((pid_t) child, NULL, 0);
}

static void
try_limits (void)
{
  struct rlimit limit;
  int result = prlimit (0, RLIMIT_CORE, NULL, &limit);

  report ("prlimit-get", result);
  if (result == 0)
    report ("prlimit-set", prlimit (0, RLIMIT_CORE, &limit, NULL));
}

static void
try_sockets (void)
{
  static const struct
  {
    const char *name;
    int domain;
  } domains[] = {
    { "socket-unix", AF_UNIX },     { "socket-inet", AF_INET }, { "socket-netlink", AF_NETLINK },
    { "socket-packet", AF_PACKET }, { "socket-alg", 38 },
  };
  int pair[2];

  for (unsigned i = 0; i < sizeof domains / sizeof *domains; i++)
    report (domains[i].name, socket (domains[i].domain, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  report ("socketpair", socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
}

static void *
thread_main (void *data)
{
  *(int *) data = 1;
  return NULL;
}

static void
try_thread (void)
{
  pthread_t thread;
  int ran = 0;

  errno = pthread_create (&thread, NULL, thread_main, &ran);
  report ("thread", errno == 0 ? 0 : -1);
  if (errno == 0 && pthread_join (thread, NULL) == 0)
    printf ("thread-ran %d\n", ran == 1 ? 0 : EIO);
}

/* Of a file, or of none. */
static long
map_page (int rights, int fd)
{
  void *page = mmap (NULL, 4096, rights, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE, fd, 0);

  return page == MAP_FAILED ? -1 : 0;
}

static void
try_allowed (void)
{
  static char *const none[] = { NULL };
  void *page = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int fd = open ("/proc/self/status", O_RDONLY | O_CLOEXEC);
  char byte;

  report ("open", fd);
  report ("read", read (fd, &byte, 1));
  report ("mprotect-exec", mprotect (page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
  report ("mmap-wx", map_page (PROT_READ | PROT_WRITE | PROT_EXEC, -1));
  report ("mmap-exec", map_page (PROT_READ | PROT_EXEC, open ("/proc/self/exe", O_RDONLY | O_CLOEXEC)));
  report ("epoll", epoll_create1 (EPOLL_CLOEXEC));
  report ("eventfd", eventfd (0, EFD_CLOEXEC));
  report ("timerfd", timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC));
  report ("memfd", memfd_create ("probe", MFD_CLOEXEC));
  report ("set-name", prctl (PR_SET_NAME, "probe"));
  report ("get-name", prctl (PR_GET_NAME, (char[16]){ 0 }));
  report ("execve", execve ("/nonexistent/qriser", none, none));
}

static void
print_status (void)
{
  FILE *status = fopen ("/proc/self/status", "re");
  char line[256], name[32];
  int value;

  while (status != NULL && fgets (line, sizeof line, status) != NULL)
    if (sscanf (line, "%31[^:]: %d", name, &value) == 2
        && (strcmp (name, "NoNewPrivs") == 0 || strcmp (name, "Seccomp") == 0))
      printf ("%s %d\n", name, value);
  if (status != NULL)
    (void) fclose (status);
}

static void
try_foreign (const char *which)
{
#if defined __x86_64__ && !defined __ILP32__
  long result = 20; /* getpid of i386 */

  if (strcmp (which, "int80") == 0)
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  else
    result = syscall (0x40000000L | SYS_getpid);
  (void) result;
#endif
}

/* Each leaves with the answer of the program that it became, if it became one. */
static void
try_exec (char *self)
{
  char *const again[] = { self, (char *) "done", NULL }, *const none[] = { NULL };
  int fd = open (self, O_RDONLY | O_CLOEXEC), status = 0;
  pid_t child;

  report ("execve-true", execve ("/bin/true", again, none));
  report ("execve-self", execve (self, again, none));
  report ("execveat-self", syscall (SYS_execveat, fd, "", again, none, AT_EMPTY_PATH));
  child = fork ();
  if (child == 0)
    {
      (void) execve (self, again, none);
      _exit (errno);
    }
  report ("fork-execve", child < 0 || waitpid (child, &status, 0) < 0 ? -1 : 0);
  if (child > 0)
    printf ("fork-execve-status %d\n", WEXITSTATUS (status));
}

int
main (int argc, char **argv)
{
  char *mode = getenv ("QRISER_TEST_PROBE_MODE");
  char *only_mode[] = { argv[0], mode, NULL };

  if (mode != NULL)
    {
      argv = only_mode;
      argc = *mode == '\0' ? 1 : 2;
    }
  if (argc > 1 && strcmp (argv[1], "exec") == 0)
    {
      try_exec (argv[0]);
      return 0;
    }
  if (argc > 1 && strcmp (argv[1], "done") == 0)
    {
      puts ("done");
      return 0;
    }
  if (argc > 2)
    {
      only = strcmp (argv[1], "only") == 0;
      names = argv + 2;
    }
  else if (argc > 1)
    {
      try_foreign (argv[1]);
      return 0;
    }
  try_refused ();
  if (only)
    return 0;
  try_fork ();
  try_limits ();
  try_sockets ();
  try_thread ();
  try_allowed ();
  print_status ();
  return 0;
}
