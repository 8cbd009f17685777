/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Plans against QEMU: every line of tests/live is planned, run through qriser under its system
 * call filter, and compared function by function
 *
 *   - with QEMU's object tree: the same places, drivers and ids;
 *   - with what a guest sees: the same places, the kind of each port, and VGA where firmware
 *     lights the display;
 *   - with plain QEMU given the same line: the buses of all devices that are no PCI functions, and
 *     under qemu@1 the places, too.
 *
 * QRISER is the program; QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin;
 * QRISER_TEST_EYE is the guest kernel, QRISER_TEST_ECAM-ARCH that for another architecture.  QEMU 7.2 and the guest kernel must be there with
 * QRISER_TEST_STRICT=1.  Prints TAP, one line for each line, QEMU and policy.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live-compare.h"
#include "live-lines.h"
#include "tap.h"

typedef struct
{
  const Line *line;
  const Qemu *qemu;
  GString *out; /* TAP lines without "ok N": '+' or '-' in front, diagnostics begin with '#' */
  guint cases;
} Job;

static const char *qriser, *eye;

/* "QRISER COMMAND --qemu=Q --policy=P [MORE] OWN -- WORDS" */
static char **
qriser_line (const Job *job, const char *command, const char *policy, const char *more)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *qemu = g_strconcat ("--qemu=", job->qemu->path, NULL);
  g_autofree char *place = g_strconcat ("--policy=", policy, NULL);

  g_strv_builder_add_many (builder, qriser, command, qemu, place, NULL);
  if (more != NULL)
    g_strv_builder_add (builder, more);
  g_strv_builder_addv (builder, (const char **) job->line->own);
  g_strv_builder_add (builder, "--");
  g_strv_builder_addv (builder, (const char **) job->line->words);
  return g_strv_builder_end (builder);
}

/* The same line for QEMU itself. */
static char **
plain_line (const Job *job)
{
  static const char *const names[] = { "-M", "-machine", "--machine", "--M", NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean machine = FALSE;

  for (char **word = job->line->words; *word != NULL; word++)
    machine |= g_strv_contains (names, *word);
  g_strv_builder_add (builder, job->qemu->path);
  if (!machine && strcmp (job->line->arch, "x86_64") == 0)
    g_strv_builder_add_many (builder, "-machine", "q35", NULL);
  g_strv_builder_addv (builder, (const char **) job->line->words);
  return g_strv_builder_end (builder);
}

static struct json_object *
make_plan (const Job *job, const char *policy, GString *faults)
{
  g_auto (GStrv) argv = qriser_line (job, "plan", policy, "--format=json");
  g_autofree char *out = NULL, *err = NULL;
  struct json_object *plan;
  int status = 0;

  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL) || status != 0)
    {
      live_note (faults, "no plan: %s", err == NULL ? "" : err);
      return NULL;
    }
  plan = json_tokener_parse (out);
  if (plan == NULL)
    live_note (faults, "the plan is no JSON");
  return plan;
}

static void
compare_there (const Line *line, const GPtrArray *plan, GString *faults)
{
  for (guint i = 0; i + 1 < line->there->len; i += 2)
    {
      const Planned *planned = live_find_planned (plan, line->there->pdata[i]);

      if (planned == NULL || strcmp (planned->driver, line->there->pdata[i + 1]) != 0)
        live_note (faults, "%s is not at %s", (char *) line->there->pdata[i + 1], (char *) line->there->pdata[i]);
    }
}

typedef struct
{
  GPtrArray *functions; /* NULL when QEMU refuses the line */
  char *buses;
  char *refusal;
} Plain;

static char *
read_buses (char **argv, GError **error)
{
  const char *const commands[] = { "info qtree", NULL };
  g_auto (GStrv) texts = vm_hmp ((const char *const *) argv, commands, error);

  return texts == NULL ? NULL : live_buses (texts[0]);
}

/* Whether the line has a device that is no PCI function. */
static gboolean
has_others (const Job *job, struct json_object *plan)
{
  struct json_object *functions = json_object_object_get (plan, "functions");
  gsize devices = 0;

  for (char **word = job->line->words; *word != NULL; word++)
    devices += g_str_has_suffix (*word, "-device");
  for (gsize i = 0; i < json_object_array_length (functions); i++)
    {
      struct json_object *origin
          = json_object_object_get (json_object_array_get_idx (functions, i), "origin");

      devices -= strcmp (json_object_get_string (origin), "user") == 0;
    }
  return devices > 0;
}

static void
run_plain (const Job *job, Plain *plain)
{
  g_auto (GStrv) argv = plain_line (job);
  g_autoptr (GError) error = NULL;

  plain->functions = vm_qom_functions ((const char *const *) argv, &error);
  if (error != NULL)
    plain->refusal = g_strdup (error->message);
}

static void
compare_with_plain (const Job *job, const char *policy, const Plain *plain, const GPtrArray *functions,
                    GString *faults)
{
  if (plain->refusal != NULL)
    {
      g_string_append_printf (job->out, "# %s: plain QEMU %s refuses the line, nothing to compare with\n",
                              job->line->name, job->qemu->version);
      return;
    }
  if (g_str_has_prefix (policy, "qemu"))
    live_compare_places (functions, plain->functions, faults);
}

/* Devices that are no PCI functions: each on the bus that it would have without qriser. */
static void
compare_buses (const Job *job, Plain *plain, char **argv, GString *faults)
{
  g_auto (GStrv) line = plain_line (job);
  g_autoptr (GError) error = NULL;
  g_autofree char *buses = NULL;

  if (plain->buses == NULL)
    plain->buses = read_buses (line, &error);
  if (plain->buses != NULL)
    buses = read_buses (argv, &error);
  if (buses == NULL)
    live_note (faults, "info qtree: %s", error->message);
  else if (strcmp (buses, plain->buses) != 0)
    live_note (faults, "other devices, through qriser:\n%s\nin plain QEMU:\n%s", buses, plain->buses);
}

/* The guest kernel for ARCH; NULL: there is none. (transfer full) */
static char *
kernel_for (const char *arch)
{
  const char *ecam = g_getenv ("QRISER_TEST_ECAM");
  char *kernel;

  if (strcmp (arch, "x86_64") == 0)
    return g_strdup (eye);
  kernel = g_strdup_printf ("%s-%s", ecam == NULL ? "" : ecam, arch);
  if (access (kernel, R_OK) != 0)
    g_clear_pointer (&kernel, g_free);
  return kernel;
}

/* What a guest sees; NULL without ERROR set: there is none to look. */
static GPtrArray *
see (const Job *job, const char *const *argv, GError **error)
{
  g_autofree char *kernel = kernel_for (job->line->arch);

  if (kernel == NULL)
    return NULL;
  return strcmp (job->line->arch, "x86_64") == 0
             ? vm_guest_functions (argv, kernel, error)
             : vm_ecam_functions (argv, job->line->arch, kernel, error);
}

static void
check_case (const Job *job, const char *policy, Plain *plain, GString *faults)
{
  struct json_object *root = make_plan (job, policy, faults);
  g_auto (GStrv) argv = qriser_line (job, "run", policy, NULL);
  g_autoptr (GPtrArray) plan = NULL, functions = NULL, seen = NULL;
  g_autoptr (GError) error = NULL;

  if (root == NULL)
    return;
  plan = live_planned (root);
  functions = vm_qom_functions ((const char *const *) argv, &error);
  if (functions != NULL)
    {
      live_compare_objects (plan, functions, faults);
      compare_with_plain (job, policy, plain, functions, faults);
      if (plain->refusal == NULL && has_others (job, root))
        compare_buses (job, plain, argv, faults);
      if (!g_str_has_prefix (policy, "qemu") && !g_str_has_prefix (policy, "libvirt"))
        compare_there (job->line, plan, faults);
    }
  if (functions != NULL && (job->line->blind == 0 || job->qemu->number < job->line->blind))
    {
      seen = see (job, (const char *const *) argv, &error);
      if (seen != NULL)
        live_compare_seen (plan, seen, faults);
    }
  if (error != NULL)
    live_note (faults, "%s", error->message);
  json_object_put (root);
}

static void
run_job (gpointer data, gpointer unused G_GNUC_UNUSED)
{
  Job *job = data;
  Plain plain = { NULL, NULL, NULL };

  run_plain (job, &plain);
  for (char **policy = job->line->policies; *policy != NULL; policy++)
    {
      g_autoptr (GString) faults = g_string_new (NULL);

      check_case (job, *policy, &plain, faults);
      g_string_append_printf (job->out, "%c%s, QEMU %s for %s, %s\n%s", faults->len > 0 ? '-' : '+',
                              job->line->name, job->qemu->version, job->line->arch, *policy, faults->str);
      job->cases++;
    }
  g_clear_pointer (&plain.functions, g_ptr_array_unref);
  g_free (plain.buses);
  g_free (plain.refusal);
}

/* --- TAP ---------------------------------------------------------------------------------- */

static void
print_job (const Job *job)
{
  g_auto (GStrv) lines = g_strsplit (job->out->str, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (**line == '#')
      printf ("%s\n", *line);
    else if (**line != '\0')
      tap_result (**line == '+', *line + 1);
}

static guint
count_cases (const GPtrArray *lines, const char *arch, guint version)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = lines->pdata[i];

      n += strcmp (line->arch, arch) == 0 && version >= line->qemu ? g_strv_length (line->policies) : 0;
    }
  return n;
}

static void
report_missing_for (const GPtrArray *qemus, const GPtrArray *lines, const char *arch, gboolean must)
{
  static const guint wanted[] = { 702, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("no QEMU %u.%u for %s: %u cases not run", wanted[i] / 100, wanted[i] % 100,
                             arch, count_cases (lines, arch, wanted[i]));
      gboolean there = FALSE;

      for (guint j = 0; j < qemus->len; j++)
        {
          const Qemu *qemu = qemus->pdata[j];

          there |= qemu->number == wanted[i] && strcmp (qemu->arch, arch) == 0;
        }
      if (!there)
        tap_missing (text, must && i == 0);
    }
}

static void
report_missing (const GPtrArray *qemus, const GPtrArray *lines)
{
  static const char *const seeing[] = { "aarch64", "riscv64" };

  report_missing_for (qemus, lines, "x86_64", TRUE);
  for (gsize i = 0; live_others[i] != NULL; i++)
    report_missing_for (qemus, lines, live_others[i], FALSE);
  if (eye == NULL)
    tap_missing ("no guest-eye: nothing compared with what a guest sees", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (seeing); i++)
    {
      g_autofree char *kernel = kernel_for (seeing[i]);
      g_autofree char *text
          = g_strdup_printf ("no guest-ecam-%s: nothing compared with what a guest sees", seeing[i]);

      if (kernel == NULL)
        tap_missing (text, FALSE);
    }
}

static void
run_all (const GPtrArray *qemus, const GPtrArray *lines, GArray *jobs)
{
  GThreadPool *pool = g_thread_pool_new (run_job, NULL, (int) MIN (g_get_num_processors (), 8), TRUE, NULL);

  for (guint i = 0; i < qemus->len; i++)
    for (guint j = 0; j < lines->len; j++)
      {
        Job job = { lines->pdata[j], qemus->pdata[i], g_string_new (NULL), 0 };

        if (job.qemu->number >= job.line->qemu && strcmp (job.qemu->arch, job.line->arch) == 0)
          g_array_append_val (jobs, job);
        else
          g_string_free (job.out, TRUE);
      }
  for (guint i = 0; i < jobs->len; i++)
    g_thread_pool_push (pool, &g_array_index (jobs, Job, i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

static void
print_counts (const GPtrArray *qemus, const GArray *jobs)
{
  const char *comma = "";

  printf ("# live:");
  for (guint i = 0; i < qemus->len; i++)
    {
      const Qemu *qemu = qemus->pdata[i];
      guint cases = 0;

      for (guint j = 0; j < jobs->len; j++)
        cases += g_array_index (jobs, Job, j).qemu == qemu ? g_array_index (jobs, Job, j).cases : 0;
      if (cases > 0)
        printf ("%s %u cases on QEMU %s for %s", comma, cases, qemu->version, qemu->arch);
      comma = cases > 0 ? "," : comma;
    }
  printf ("%s\n", qemus->len == 0 ? " no QEMU" : "");
}

int
main (void)
{
  g_autoptr (GPtrArray) lines = live_lines (), qemus = live_qemus ("x86_64");
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));

  for (gsize i = 0; live_others[i] != NULL; i++)
    {
      GPtrArray *others = live_qemus (live_others[i]);

      g_ptr_array_extend_and_steal (qemus, others);
    }
  qriser = g_getenv ("QRISER");
  g_assert_nonnull (qriser);
  eye = g_getenv ("QRISER_TEST_EYE");
  if (eye == NULL || access (eye, R_OK) != 0)
    eye = NULL;
  run_all (qemus, lines, jobs);
  for (guint i = 0; i < jobs->len; i++)
    {
      print_job (&g_array_index (jobs, Job, i));
      g_string_free (g_array_index (jobs, Job, i).out, TRUE);
    }
  report_missing (qemus, lines);
  print_counts (qemus, jobs);
  return tap_finish ();
}
