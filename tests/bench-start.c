/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-start.c: what a launcher adds to the whole start of a QEMU, until it has ended. For people:
 * nothing here decides a test.
 *
 *   bench-start QEMU QRISER [ROUNDS]
 *
 * In each round QEMU is started in each way once, in an order that turns, and told to quit by its
 * first monitor command. Prints "name<TAB>value unit": the median of each way, and of what it takes
 * more than bare QEMU in the same round, with the interval that has that median with 95 %.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

enum
{
  ROUNDS = 200,
  WORDS_MAX = 32,
};

#define LINE "-nodefaults", "-display", "none", "-machine", "q35", "-S", "-qmp", "stdio"

/* QEMU and QRISER stand for the programs. */
static const struct
{
  const char *name;
  const char *words[WORDS_MAX];
} ways[] = {
  { "bare", { "QEMU", LINE } },
  { "own-sandbox",
    { "QEMU", LINE, "-sandbox",
      "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny" } },
  { "qriser.off",
    { "QRISER", "run", "--policy=qemu@1", "--qemu", "QEMU", "--seccomp=off", "--landlock=off", "--",
      LINE } },
  { "qriser.default",
    { "QRISER", "run", "--policy=qemu@1", "--qemu", "QEMU", "--seccomp=default", "--landlock=off",
      "--", LINE } },
  { "qriser.landlock",
    { "QRISER", "run", "--policy=qemu@1", "--qemu", "QEMU", "--seccomp=default",
      "--landlock=best-effort", "--", LINE } },
};

static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void G_GNUC_NORETURN
die (const char *what)
{
  fprintf (stderr, "bench-start: %s: %s\n", what, strerror (errno));
  exit (1);
}

/* A file with what QEMU is told, and the words of one way. */
typedef struct
{
  const char *qemu, *qriser;
  FILE *commands;
} Given;

static double
start (const Given *given, const char *const *words)
{
  const char *argv[WORDS_MAX + 1] = { NULL };
  posix_spawn_file_actions_t actions;
  double begun;
  pid_t child;
  int status;

  for (guint i = 0; i < WORDS_MAX && words[i] != NULL; i++)
    argv[i] = strcmp (words[i], "QEMU") == 0     ? given->qemu
              : strcmp (words[i], "QRISER") == 0 ? given->qriser
                                                 : words[i];
  rewind (given->commands);
  (void) lseek (fileno (given->commands), 0, SEEK_SET);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, fileno (given->commands), STDIN_FILENO);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  begun = now_ms ();
  if (posix_spawn (&child, argv[0], &actions, NULL, (char *const *) argv, environ) != 0)
    die (argv[0]);
  if (waitpid (child, &status, 0) != child)
    die ("waitpid");
  begun = now_ms () - begun;
  posix_spawn_file_actions_destroy (&actions);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    {
      fprintf (stderr, "bench-start: %s ended with %d\n", argv[0], status);
      exit (1);
    }
  return begun;
}

static int
compare (const void *one, const void *two)
{
  double a = *(const double *) one, b = *(const double *) two;

  return a < b ? -1 : a > b;
}

/* The median of @n values and the ranks around it, by the binomial distribution's normal form. */
static void
print_median (const char *name, const char *what, double *values, guint n)
{
  guint half = (guint) ceil (1.96 * sqrt (n) / 2);
  guint low = n / 2 > half ? n / 2 - half : 0, high = MIN (n - 1, n / 2 + half);

  qsort (values, n, sizeof *values, compare);
  printf ("%s.%s\t%.2f ms\n", name, what, values[n / 2]);
  printf ("%s.%s.interval\t%.2f to %.2f ms\n", name, what, values[low], values[high]);
}

int
main (int argc, char **argv)
{
  static const char commands[] = "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}";
  guint rounds = argc > 3 ? (guint) atoi (argv[3]) : ROUNDS;
  Given given = { argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL, tmpfile () };
  double *took[G_N_ELEMENTS (ways)], *added[G_N_ELEMENTS (ways)];

  if (argc < 3 || rounds == 0)
    {
      fputs ("usage: bench-start QEMU QRISER [ROUNDS]\n", stderr);
      return 2;
    }
  if (given.commands == NULL || fwrite (commands, 1, sizeof commands - 1, given.commands) == 0
      || fflush (given.commands) != 0)
    die ("no temporary file");
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      took[i] = g_new (double, rounds);
      added[i] = g_new (double, rounds);
      (void) start (&given, ways[i].words); /* what is read for the first time counts for nobody */
    }
  for (guint round = 0; round < rounds; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
        {
          guint way = (round + i) % G_N_ELEMENTS (ways);

          took[way][round] = start (&given, ways[way].words);
        }
      for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
        added[i][round] = took[i][round] - took[0][round];
    }
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      print_median (ways[i].name, "start", took[i], rounds);
      if (i > 0)
        print_median (ways[i].name, "added", added[i], rounds);
      g_free (took[i]);
      g_free (added[i]);
    }
  fclose (given.commands);
  return 0;
}
