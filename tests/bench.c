/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.c: what qriser costs. For people: nothing here decides a test.
 *
 *   bench PROGRAM NAME=QRISER...
 *
 * Prints "name<TAB>value unit". "start" is the time from posix_spawn() to the end
 * of PROGRAM, which ends at once: directly, through a shell wrapper, and through
 * each QRISER, which plans ten devices, loads its filter and becomes PROGRAM.
 * "drop-in" is the same under a name that stands in for QEMU, with a line that has
 * all of QEMU's defaults to be expanded. "version" is an installed QEMU's -version,
 * directly and through each QRISER under that name. All ways of one kind are taken
 * once in each round, in an order that rotates, and "added" is the median over the
 * rounds of a way's time less that of the direct one.
 * "plan" is the time of one qr_plan_make() in this process.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <malloc.h>
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

/* All of QEMU's defaults, and what people add to them. */
static const char *const default_line[] = {
  "-machine", "q35", "-m", "2G", "-smp", "2", "-display", "none",
  "-drive", "file=disk.qcow2,if=virtio", "-cdrom", "cd.iso",
  "-nic", "user,model=virtio,hostfwd=tcp::2222-:22", "-usb", "-device", "usb-tablet",
  NULL,
};

static const char *const version_line[] = { "-version", NULL };

/* A kind of start: what is started directly, and how. */
typedef struct
{
  const char *name;
  const char *const *line;
  gboolean drop_in; /* by QEMU's name */
  gboolean wrappers;
} Kind;

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

/* @words and then @rest. */
static void
add_way (Way *ways, guint *n, const char *name, const char *const *words,
         const char *const *rest)
{
  GPtrArray *argv = g_ptr_array_new ();

  if (*n == WAYS_MAX)
    die ("too many programs");
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, g_strdup (*words));
  for (; *rest != NULL; rest++)
    g_ptr_array_add (argv, g_strdup (*rest));
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
print_ways (const char *kind, const Way *ways, guint n, const Way *bash)
{
  for (guint i = 0; i < n; i++)
    {
      printf ("%s.%s.median\t%.0f us\n", kind, ways[i].name, quantile (ways[i].us, ROUNDS, 0.5));
      printf ("%s.%s.p90\t%.0f us\n", kind, ways[i].name, quantile (ways[i].us, ROUNDS, 0.9));
    }
  for (guint i = 1; i < n; i++)
    printf ("%s.%s.added\t%.0f us\n", kind, ways[i].name, added (&ways[i], &ways[0]));
  for (guint i = 1; bash != NULL && i < n; i++)
    if (&ways[i] > bash)
      printf ("%s.%s.added-to-bash\t%.2f times\n", kind, ways[i].name,
              added (&ways[i], &ways[0]) / added (bash, &ways[0]));
}

static void
free_ways (Way *ways, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_free (ways[i].name);
      g_strfreev (ways[i].argv);
      g_free (ways[i].us);
    }
}

/* NAME=QRISER as a way: the program itself, or a link to it in @directory. */
static void
add_qriser (Way *ways, guint *n, const Kind *kind, const char *directory, const char *program,
            const char *word)
{
  const char *path = strchr (word, '=');
  g_autofree char *name = NULL, *link_name = NULL, *absolute = NULL;
  g_autofree char *tool_qemu = g_strdup_printf ("--qemu=%s", program);
  g_autofree char *own_qemu = g_strdup_printf ("qemu=%s", program);

  if (path == NULL)
    die ("\"%s\" is not NAME=QRISER", word);
  name = g_strdup_printf ("qriser-%.*s", (int) (path - word), word);
  if (!kind->drop_in)
    {
      add_way (ways, n, name, (const char *[]){ path + 1, "run", tool_qemu, "--", NULL }, kind->line);
      return;
    }
  absolute = g_canonicalize_filename (path + 1, NULL);
  link_name = g_strdup_printf ("%s/%s-qemu-system-x86_64", directory, name);
  (void) g_unlink (link_name); /* of the kind before */
  if (symlink (absolute, link_name) != 0)
    die ("symlink: %s", g_strerror (errno));
  add_way (ways, n, name, (const char *[]){ link_name, "-qriser", own_qemu, NULL }, kind->line);
}

static void
bench_kind (const Kind *kind, const char *directory, const char *program, char **qrisers)
{
  g_autofree char *sh = write_wrapper (directory, "sh", program);
  g_autofree char *bash = write_wrapper (directory, "bash", program);
  Way ways[WAYS_MAX];
  guint n = 0;

  add_way (ways, &n, "direct", (const char *[]){ program, NULL }, kind->line);
  if (kind->wrappers)
    {
      add_way (ways, &n, "sh-wrapper", (const char *[]){ sh, NULL }, kind->line);
      add_way (ways, &n, "bash-wrapper", (const char *[]){ bash, NULL }, kind->line);
    }
  for (; *qrisers != NULL; qrisers++)
    add_qriser (ways, &n, kind, directory, program, *qrisers);
  run_rounds (ways, n);
  print_ways (kind->name, ways, n, kind->wrappers ? &ways[2] : NULL);
  free_ways (ways, n);
}

static void
bench_start (const char *program, char **qrisers)
{
  static const Kind tool = { "start", line, FALSE, TRUE }, drop_in = { "drop-in", default_line, TRUE, TRUE },
                    version = { "version", version_line, TRUE, FALSE };
  g_autofree char *directory = g_dir_make_tmp ("qriser-bench-XXXXXX", NULL);
  g_autofree char *qemu = g_find_program_in_path ("qemu-system-x86_64");
  const char *name;
  GDir *listing;

  if (directory == NULL)
    die ("cannot make a temporary directory");
  bench_kind (&tool, directory, program, qrisers);
  bench_kind (&drop_in, directory, program, qrisers);
  if (qemu != NULL)
    bench_kind (&version, directory, qemu, qrisers);
  listing = g_dir_open (directory, 0, NULL);
  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_dir_close (listing);
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

/* Functions that the policy places: endpoints packed behind ports and switches, and as many
 * conventional ones behind bridges. */
static char **
make_unplaced_line (guint functions)
{
  GPtrArray *words = g_ptr_array_new ();

  g_ptr_array_add (words, g_strdup ("-nodefaults"));
  for (guint i = 0; i < functions; i++)
    {
      g_ptr_array_add (words, g_strdup ("-device"));
      g_ptr_array_add (words, g_strdup_printf ("%s,id=d%u", i % 2 == 0 ? "virtio-rng-pci" : "edu", i));
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

/* Bytes in use of the heap. */
static double
heap (void)
{
  return (double) mallinfo2 ().uordblks + (double) mallinfo2 ().hblkhd;
}

static void
bench_plan (const char *name, guint functions, char **words, const QrPlanOptions *options)
{
  g_autoptr (GArray) us = g_array_new (FALSE, FALSE, sizeof (double));
  double begun = now_us (), bytes = 0;

  while (us->len < PLANS_MIN || now_us () - begun < PLANS_US)
    {
      g_autoptr (GError) error = NULL;
      double before = heap (), start = now_us (), took;
      QrPlan *plan = qr_plan_make (options, &qr_profiles_builtin, &error);

      if (plan == NULL)
        die ("no plan: %s", error->message);
      took = now_us () - start;
      bytes = heap () - before;
      start = now_us ();
      qr_plan_free (plan);
      took += now_us () - start;
      g_array_append_val (us, took);
    }
  printf ("%s.%u-functions.median\t%.3f ms\n", name, functions,
          quantile ((const double *) (gconstpointer) us->data, us->len, 0.5) / 1e3);
  printf ("%s.%u-functions.p90\t%.3f ms\n", name, functions,
          quantile ((const double *) (gconstpointer) us->data, us->len, 0.9) / 1e3);
  printf ("%s.%u-functions.memory\t%.0f bytes a function\n", name, functions, bytes / functions);
  g_strfreev (words);
}

static void
bench_fixed (guint functions)
{
  char **words = make_line (functions);
  QrPlanOptions options = { .face = QR_FACE_TOOL, .words = (const char *const *) words, .first = 1,
                            .policy = qr_profiles_find_policy (&qr_profiles_builtin, "qemu@1"), .sysfs = "/sys", .program = "/usr/bin/qemu" };

  bench_plan ("plan", functions, words, &options);
}

/* Past the buses that there are, to see how it grows. */
static void
bench_placed (guint functions)
{
  char **words = make_unplaced_line (functions);
  QrPlanOptions options = { .face = QR_FACE_TOOL, .words = (const char *const *) words, .first = 1,
                            .policy = qr_profiles_find_policy (&qr_profiles_builtin, "ich9@1"), .sysfs = "/sys", .program = "/usr/bin/qemu",
                            .bus_limit = G_MAXUINT, .survey = TRUE, .place = { TRUE, QR_SPARE_POLICY, NULL } };

  bench_plan ("place", functions, words, &options);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 10, 100, 200 }, placed[] = { 200, 2000, 10000 };
  g_autofree char *program = NULL;

  if (argc < 3)
    die ("usage: bench PROGRAM NAME=QRISER...");
  program = g_canonicalize_filename (argv[1], NULL);
  bench_start (program, argv + 2);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    bench_fixed (sizes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (placed); i++)
    bench_placed (placed[i]);
  return 0;
}
