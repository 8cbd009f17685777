/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Stands in for QEMU: whatever its arguments, prints what it was started with, one thing a line,
 * so that a test can compare it with what it was started with directly.
 *
 *   pid, arguments, environment (QRISER_TEST_MARK), directory, umask, descriptors with what they
 *   are open for, and from /proc/self/status the parent, signals and confinement; where
 *   QRISER_TEST_EXEC names a file that is no program, what comes of executing it.
 *
 * Needs libc only.
 */

#define _GNU_SOURCE /* get_current_dir_name */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
print_status (void)
{
  static const char *const keys[]
      = { "PPid:", "SigBlk:", "SigIgn:", "SigCgt:", "NoNewPrivs:", "Seccomp:", "Seccomp_filters:", "Threads:" };
  FILE *file = fopen ("/proc/self/status", "re");
  char line[512];

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
      if (strncmp (line, keys[i], strlen (keys[i])) == 0)
        fputs (line, stdout);
  if (file != NULL)
    fclose (file);
}

static void
print_descriptors (void)
{
  DIR *directory = opendir ("/proc/self/fd");
  const struct dirent *entry;

  while (directory != NULL && (entry = readdir (directory)) != NULL)
    {
      int fd = atoi (entry->d_name);

      if (*entry->d_name != '.' && fd != dirfd (directory))
        printf ("fd %d flags %o close-on-exec %d\n", fd, (unsigned) fcntl (fd, F_GETFL),
                fcntl (fd, F_GETFD) & FD_CLOEXEC);
    }
  if (directory != NULL)
    closedir (directory);
}

static void
print_exec (void)
{
  const char *file = getenv ("QRISER_TEST_EXEC");
  char *const none[] = { NULL };

  if (file == NULL)
    return;
  (void) execve (file, none, none);
  printf ("execve %d\n", errno);
}

int
main (int argc, char **argv)
{
  mode_t mask = umask (0);
  char *directory = get_current_dir_name ();
  const char *mark = getenv ("QRISER_TEST_MARK");

  printf ("pid %ld\n", (long) getpid ());
  for (int i = 1; i < argc; i++)
    printf ("argument %s\n", argv[i]);
  printf ("mark %s\n", mark == NULL ? "none" : mark);
  printf ("directory %s\n", directory == NULL ? "none" : directory);
  printf ("umask %o\n", (unsigned) mask);
  print_descriptors ();
  print_status ();
  print_exec ();
  free (directory);
  return 0;
}
