/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Device lists become what people write by hand.  Each row of tests/lists/lines has a list and
 * a line: the plan of the list must be that of tests/lists/golden, and the VM that qriser makes
 * of it the one that plain QEMU makes of the line (parity.h), once place by place under qemu@1 and,
 * for every third row, with places left aside under ich9@1.
 *
 * QRISER is the program; QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin.  QEMU 7.2
 * must be there with QRISER_TEST_STRICT=1.  QRISER_TEST_LINE tries rows that begin so, and
 * QRISER_TEST_SHARE=N one of N on QEMU.  REGENERATE=1 writes the golden file.  Prints TAP.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live-lines.h"
#include "parity-lines.h"
#include "parity.h"
#include "tap.h"
#include "testlib.h"

enum
{
  LEAST_ROWS = 60, /* that are started on each QEMU */
  MOVED = 3,
  BIOS_BYTES = 128 * 1024
};

typedef struct
{
  char *name;
  GStrv versions; /* NULL: for none; empty: for all */
  char *needs;    /* a file that must be there, or NULL */
  GStrv list, line;
} Row;

typedef struct
{
  const Row *row;
  const Qemu *qemu;
  gboolean moved;
  Parity result;
  GString *notes;
} Job;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->name);
  g_strfreev (row->versions);
  g_free (row->needs);
  g_strfreev (row->list);
  g_strfreev (row->line);
  g_free (row);
}

static GStrv
slice (char **from, char **to)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (; from != to; from++)
    g_strv_builder_add (builder, *from);
  return g_strv_builder_end (builder);
}

static Row *
read_row (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  Row *row = g_new0 (Row, 1);
  char **equals;

  g_shell_parse_argv (text, NULL, &words, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (words), >, 3);
  row->name = g_strdup (words[0]);
  row->needs = g_strdup (strchr (words[1], '/'));
  if (row->needs != NULL)
    words[1][strcspn (words[1], ",")] = '\0';
  if (strcmp (words[1], "none") != 0)
    row->versions = g_strsplit (strcmp (words[1], "all") == 0 ? "" : words[1], ",", -1);
  for (equals = words + 2; strcmp (*equals, "==") != 0; equals++)
    g_assert_nonnull (equals[1]);
  row->list = slice (words + 2, equals);
  row->line = slice (equals + 1, words + g_strv_length (words));
  return row;
}

static GPtrArray *
read_rows (void)
{
  g_autofree char *file
      = g_build_filename (g_getenv ("SRCDIR"), "tests", "lists", "lines", NULL);
  const char *wanted = g_getenv ("QRISER_TEST_LINE");
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  g_auto (GStrv) texts = live_rows (file);

  for (char **text = texts; *text != NULL; text++)
    if (wanted == NULL || g_str_has_prefix (*text, wanted))
      g_ptr_array_add (rows, read_row (*text));
  return rows;
}

/* Whether what the row needs is there. */
static gboolean
is_possible (const Row *row)
{
  return row->needs == NULL || g_file_test (row->needs, G_FILE_TEST_EXISTS);
}

/* --- words ---------------------------------------------------------------------------------- */

/* The images, a firmware, and a file with a list that says they are in NAMED. */
static void
make_files (const char *directory, const char *named)
{
  g_autofree char *bios = g_build_filename (directory, "bios", NULL);
  g_autofree char *example
      = g_build_filename (g_getenv ("SRCDIR"), "tests", "lists", "example.list", NULL);
  g_autofree char *list = g_build_filename (directory, "list", NULL);
  g_autofree char *zeros = g_malloc0 (BIOS_BYTES);
  g_auto (GStrv) texts = g_new0 (char *, 2), filled = NULL;

  parity_make_images (directory);
  g_assert_true (g_file_set_contents (bios, zeros, BIOS_BYTES, NULL));
  g_assert_true (g_file_get_contents (example, &texts[0], NULL, NULL));
  filled = parity_words (texts, named);
  g_assert_true (g_file_set_contents (list, filled[0], -1, NULL));
}

static GStrv
fill_words (GStrv words, const char *directory)
{
  GStrv filled = parity_words (words, directory);

  for (char **word = filled; *word != NULL; word++)
    {
      g_autofree char *bios = g_build_filename (directory, "bios", NULL),
                      *list = g_build_filename (directory, "list", NULL);
      g_auto (GStrv) parts = g_strsplit (*word, "@bios@", -1);

      if (strcmp (*word, "@list@") == 0)
        {
          g_free (*word);
          *word = g_strconcat ("@", list, NULL);
          continue;
        }
      g_free (*word);
      *word = g_strjoinv (bios, parts);
    }
  return filled;
}

static gboolean
has_word (GStrv words, const char *word)
{
  return g_strv_contains ((const char *const *) words, word);
}

static void
add_machine (const Row *row, GStrvBuilder *builder)
{
  if (!has_word (row->line, "-M"))
    g_strv_builder_add_many (builder, "-M", "q35", NULL);
}

static GStrv
plain_line (const Job *job, const char *directory)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = fill_words (job->row->line, directory);

  g_strv_builder_add (builder, job->qemu->path);
  g_strv_builder_addv (builder, (const char **) words);
  add_machine (job->row, builder);
  return g_strv_builder_end (builder);
}

/* COMMAND and what is for qriser, then the list. */
static GStrv
list_line (const Row *row, const char *const *command, const char *directory)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = fill_words (row->list, directory);

  g_strv_builder_addv (builder, (const char **) command);
  g_strv_builder_addv (builder, (const char **) words);
  if (!has_word (row->list, "--"))
    g_strv_builder_add (builder, "--");
  add_machine (row, builder);
  return g_strv_builder_end (builder);
}

/* --- on QEMU ---------------------------------------------------------------------------------- */

static void
run_job (gpointer data, gpointer unused G_GNUC_UNUSED)
{
  Job *job = data;
  char *directory = test_directory ();
  const char *const command[] = { g_getenv ("QRISER"), "run", "--qemu", job->qemu->path,
                                  job->moved ? "--policy=ich9@1" : "--policy=qemu@1", NULL };
  g_auto (GStrv) plain = plain_line (job, directory),
                 other = list_line (job->row, command, directory);

  make_files (directory, directory);
  job->result = parity_compare ((const char *const *) plain, (const char *const *) other,
                                job->qemu->number, job->moved, job->notes);
  test_directory_remove (directory);
}

static gboolean
is_for (const Row *row, const Qemu *qemu)
{
  g_autofree char *version = g_strdup_printf ("%u.%u", qemu->number / 100, qemu->number % 100);

  return row->versions != NULL
         && (row->versions[0] == NULL
             || g_strv_contains ((const char *const *) row->versions, version));
}

static void
add_jobs (GArray *jobs, const GPtrArray *rows, const Qemu *qemu, guint share)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      Job job = { rows->pdata[i], qemu, FALSE, PARITY_DIFFERENT, NULL };

      if (!is_for (rows->pdata[i], qemu) || !is_possible (rows->pdata[i]) || n++ % share != 0)
        continue;
      job.notes = g_string_new (NULL);
      g_array_append_val (jobs, job);
      if (n / share % MOVED != 0 || has_word (job.row->line, "pc"))
        continue;
      job.moved = TRUE;
      job.notes = g_string_new (NULL);
      g_array_append_val (jobs, job);
    }
  if (g_getenv ("QRISER_TEST_LINE") == NULL)
    {
      g_autofree char *text = g_strdup_printf ("at least %d lists for QEMU %s", LEAST_ROWS, qemu->version);

      tap_result (n >= LEAST_ROWS, text);
    }
}

static void
print_job (const Job *job)
{
  g_autofree char *text = g_strdup_printf ("%s%s, QEMU %s", job->row->name,
                                           job->moved ? ", places aside" : "", job->qemu->version);

  tap_result (job->result == PARITY_SAME, text);
  if (job->result != PARITY_SAME)
    printf ("%s", job->notes->str);
}

static void
run_all (const GPtrArray *rows)
{
  g_autoptr (GPtrArray) qemus = live_qemus ("x86_64");
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  const char *share = g_getenv ("QRISER_TEST_SHARE");
  GThreadPool *pool
      = g_thread_pool_new (run_job, NULL, (int) MIN (g_get_num_processors (), 8), TRUE, NULL);
  gboolean is_there = FALSE;

  for (guint i = 0; i < qemus->len; i++)
    {
      const Qemu *qemu = qemus->pdata[i];

      is_there |= qemu->number == 702;
      add_jobs (jobs, rows, qemu, share == NULL ? 1 : MAX ((guint) atoi (share), 1));
    }
  for (guint i = 0; i < jobs->len; i++)
    g_thread_pool_push (pool, &g_array_index (jobs, Job, i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  for (guint i = 0; i < jobs->len; i++)
    print_job (&g_array_index (jobs, Job, i));
  if (!is_there)
    tap_missing ("no QEMU 7.2: no list is started", TRUE);
}

/* --- the golden file ------------------------------------------------------------------------- */

/* The plan of a list, or what is wrong with it. (transfer full) */
static char *
plan_of (const Row *row, const char *directory)
{
  const char *const command[] = { g_getenv ("QRISER"), "plan", "--format=shell", "--qemu",
                                  "/usr/bin/qemu-system-x86_64", "--sysfs=/nowhere",
                                  "--policy", has_word (row->line, "pc") ? "pc@1" : "ich9@1", NULL };
  g_auto (GStrv) words = list_line (row, command, ".");
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *err = NULL;

  g_spawn_sync (directory, words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, NULL, &error);
  g_assert_no_error (error);
  return g_strdup_printf ("=== %s\n%s%s", row->name, out, err);
}

static void
compare_golden (const GPtrArray *rows)
{
  g_autofree char *file
      = g_build_filename (g_getenv ("SRCDIR"), "tests", "lists", "golden", NULL);
  g_autofree char *golden = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  char *directory = test_directory ();
  gboolean all_there = TRUE;

  make_files (directory, ".");
  (void) g_file_get_contents (file, &golden, NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = rows->pdata[i];
      g_autofree char *plan = plan_of (row, directory),
                      *name = g_strdup_printf ("%s, the plan", row->name),
                      *block = g_strdup_printf ("%s\n", plan);

      g_string_append (all, block);
      if (g_getenv ("REGENERATE") != NULL)
        continue;
      if (!is_possible (row))
        {
          g_autofree char *missing = g_strdup_printf ("%s: there is no %s", row->name, row->needs);

          tap_missing (missing, TRUE);
          all_there = FALSE;
          continue;
        }
      tap_result (golden != NULL && strstr (golden, block) != NULL, name);
      if (golden == NULL || strstr (golden, block) == NULL)
        {
          g_auto (GStrv) lines = g_strsplit (plan, "\n", -1);

          for (char **line = lines; *line != NULL; line++)
            printf ("# %s\n", *line);
        }
    }
  if (g_getenv ("REGENERATE") != NULL)
    g_assert_true (g_file_set_contents (file, all->str, -1, NULL));
  else if (g_getenv ("QRISER_TEST_LINE") == NULL && all_there)
    tap_result (g_strcmp0 (golden, all->str) == 0, "the golden file has these plans and no others");
  test_directory_remove (directory);
}

int
main (void)
{
  g_autoptr (GPtrArray) rows = read_rows ();

  g_assert_nonnull (g_getenv ("QRISER"));
  compare_golden (rows);
  if (g_getenv ("REGENERATE") == NULL)
    run_all (rows);
  return tap_finish ();
}
