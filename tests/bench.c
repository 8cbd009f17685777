/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.c: what qriser costs. For people: nothing here decides a test.
 *
 *   bench PROGRAM NAME=QRISER...
 *
 * Prints "name<TAB>value unit". "start" is the time from posix_spawn() to the end
 * of PROGRAM, which ends at once: directly, through a shell wrapper, and through
 * each QRISER, which plans ten devices, loads its filter and becomes PROGRAM. All
 * ways are taken once in each round, in an order that rotates, and "added" is the
 * median over the rounds of a way's time less that of the direct one.
 * "plan" is the time of one qr_plan_make() in this process.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "plan.h"

enum
{
  ROUNDS = 300,
  WARM_UP = 20,
  WAYS_MAX = 16,
  PLANS_MIN = 25,
  PLANS_US = 500 * 1000,
};

typedef struct
{
  char *name;
  char **argv;
  double *us; /* one a round */
} Way;

static const char *const line[] = {
  "-nodefaults",
  "-device", "virtio-vga",
  "-device", "virtio-blk-pci,drive=disk",
  "-device", "virtio-net-pci,netdev=net0",
  "-device", "virtio-scsi-pci",
  "-device", "virtio-rng-pci",
  "-device", "virtio-balloon-pci",
  "-device", "qemu-xhci",
  "-device", "ich9-intel-hda",
  "-device", "e1000e,netdev=net1",
  "-device", "rtl8139,netdev=net2",
  NULL,
};

static void G_GNUC_NORETURN G_GNUC_PRINTF (1, 2)
die (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  fputs ("bench: ", stderr);
  vfprintf (stderr, format, arguments);
  fputc ('\n', stderr);
  va_end (arguments);
  exit (1);
}

static double
now_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* The value below which @part of the @n values lie. */
static double
quantile (const double *values, guint n, double part)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);

  qsort (sorted, n, sizeof *sorted, compare_doubles);
  return sorted[(guint) (part * (n - 1) + 0.5)];
}

/* --- starting ------------------------------------------------------------------------ */

static double
start_once (const Way *way, posix_spawn_file_actions_t *silence)
{
  double begun = now_us ();
  pid_t pid;
  int status, code = posix_spawn (&pid, way->argv[0], silence, NULL, way->argv, environ);

  if (code != 0)
    die ("cannot start %s: %s", way->argv[0], g_strerror (code));
  while (waitpid (pid, &status, 0) < 0)
    if (errno != EINTR)
      die ("waitpid: %s", g_strerror (errno));
  if (status != 0)
    die ("%s ended with wait status %d", way->argv[0], status);
  return now_us () - begun;
}

static void
run_rounds (Way *ways, guint n)
{
  posix_spawn_file_actions_t silence;

  posix_spawn_file_actions_init (&silence);
  posix_spawn_file_actions_addopen (&silence, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen (&silence, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  for (guint round = 0; round < WARM_UP + ROUNDS; round++)
    for (guint i = 0; i < n; i++)
      {
        Way *way = &ways[(round + i) % n];
        double us = start_once (way, &silence);

        if (round >= WARM_UP)
          way->us[round - WARM_UP] = us;
      }
  posix_spawn_file_actions_destroy (&silence);
}

/* @words and then the line. */
static void
add_way (Way *ways, guint *n, const char *name, const char *const *words)
{
  GPtrArray *argv = g_ptr_array_new ();

  if (*n == WAYS_MAX)
    die ("too many programs");
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, g_strdup (*words));
  for (guint i = 0; line[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (line[i]));
  g_ptr_array_add (argv, NULL);
  ways[(*n)++] = (Way){ g_strdup (name), (char **) g_ptr_array_free (argv, FALSE), g_new0 (double, ROUNDS) };
}

static char *
write_wrapper (const char *directory, const char *shell, const char *program)
{
  char *path = g_build_filename (directory, shell, NULL);
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *text = g_strdup_printf ("#!/bin/%s\nexec %s \"$@\"\n", shell, quoted);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    die ("%s", error->message);
  if (chmod (path, 0700) != 0)
    die ("chmod: %s", g_strerror (errno));
  return path;
}

/* Median over the rounds of what @way takes longer than @base. */
static double
added (const Way *way, const Way *base)
{
  double difference[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    difference[i] = way->us[i] - base->us[i];
  return quantile (difference, ROUNDS, 0.5);
}

static void
print_ways (const Way *ways, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      printf ("start.%s.median\t%.0f us\n", ways[i].name, quantile (ways[i].us, ROUNDS, 0.5));
      printf ("start.%s.p90\t%.0f us\n", ways[i].name, quantile (ways[i].us, ROUNDS, 0.9));
    }
  for (guint i = 1; i < n; i++)
    printf ("start.%s.added\t%.0f us\n", ways[i].name, added (&ways[i], &ways[0]));
  for (guint i = 3; i < n; i++)
    printf ("start.%s.added-to-bash\t%.2f times\n", ways[i].name,
            added (&ways[i], &ways[0]) / added (&ways[2], &ways[0]));
}

static void
bench_start (const char *program, char **qrisers)
{
  g_autofree char *directory = g_dir_make_tmp ("qriser-bench-XXXXXX", NULL);
  g_autofree char *with_qemu = g_strdup_printf ("--qemu=%s", program);
  Way ways[WAYS_MAX];
  guint n = 0;
  char *wrappers[2];

  if (directory == NULL)
    die ("cannot make a temporary directory");
  wrappers[0] = write_wrapper (directory, "sh", program);
  wrappers[1] = write_wrapper (directory, "bash", program);
  add_way (ways, &n, "direct", (const char *[]){ program, NULL });
  add_way (ways, &n, "sh-wrapper", (const char *[]){ wrappers[0], NULL });
  add_way (ways, &n, "bash-wrapper", (const char *[]){ wrappers[1], NULL });
  for (; *qrisers != NULL; qrisers++)
    {
      const char *path = strchr (*qrisers, '=');
      g_autofree char *name = path == NULL ? NULL : g_strdup_printf ("qriser-%.*s", (int) (path - *qrisers), *qrisers);

      if (path == NULL)
        die ("\"%s\" is not NAME=QRISER", *qrisers);
      add_way (ways, &n, name, (const char *[]){ path + 1, "run", with_qemu, "--", NULL });
    }
  run_rounds (ways, n);
  print_ways (ways, n);
  for (guint i = 0; i < n; i++)
    {
      g_free (ways[i].name);
      g_strfreev (ways[i].argv);
      g_free (ways[i].us);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrappers); i++)
    {
      g_unlink (wrappers[i]);
      g_free (wrappers[i]);
    }
  g_rmdir (directory);
}

/* --- planning ------------------------------------------------------------------------- */

/* Half of the functions are the user's root ports, each with an endpoint behind it. */
static char **
make_line (guint functions)
{
  GPtrArray *words = g_ptr_array_new ();

  g_ptr_array_add (words, g_strdup ("-nodefaults"));
  for (guint i = 0; i < functions / 2; i++)
    {
      g_ptr_array_add (words, g_strdup ("-device"));
      g_ptr_array_add (words, g_strdup_printf ("pcie-root-port,id=p%u,bus=pcie.0,addr=%x.%x%s,chassis=%u,slot=%u", i,
                                               2 + i / 8, i % 8, i % 8 == 0 ? ",multifunction=on" : "", i + 1, i));
    }
  for (guint i = 0; i < functions / 2; i++)
    {
      g_ptr_array_add (words, g_strdup ("-device"));
      g_ptr_array_add (words, g_strdup_printf ("virtio-rng-pci,bus=p%u", i));
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

static void
bench_plan (guint functions)
{
  g_auto (GStrv) words = make_line (functions);
  g_autoptr (GArray) us = g_array_new (FALSE, FALSE, sizeof (double));
  QrPlanOptions options = { .face = QR_FACE_TOOL, .words = (const char *const *) words, .first = 1,
                            .policy = "qemu@1", .sysfs = "/sys", .program = "/usr/bin/qemu", .seccomp = "default" };
  double begun = now_us ();

  while (us->len < PLANS_MIN || now_us () - begun < PLANS_US)
    {
      g_autoptr (GError) error = NULL;
      double start = now_us (), took;
      QrPlan *plan = qr_plan_make (&options, &qr_profiles_builtin, &error);

      if (plan == NULL)
        die ("no plan: %s", error->message);
      qr_plan_free (plan);
      took = now_us () - start;
      g_array_append_val (us, took);
    }
  printf ("plan.%u-functions.median\t%.3f ms\n", functions,
          quantile ((const double *) (gconstpointer) us->data, us->len, 0.5) / 1e3);
  printf ("plan.%u-functions.p90\t%.3f ms\n", functions,
          quantile ((const double *) (gconstpointer) us->data, us->len, 0.9) / 1e3);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 10, 100, 200 };
  g_autofree char *program = NULL;

  if (argc < 3)
    die ("usage: bench PROGRAM NAME=QRISER...");
  program = g_canonicalize_filename (argv[1], NULL);
  bench_start (program, argv + 2);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    bench_plan (sizes[i]);
  return 0;
}
