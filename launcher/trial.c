/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "asked.h"
#include "file.h"
#include "record.h"
#include "seccomp-write.h"
#include "watch.h"

static gboolean
check_confined (const QrBecome *become, GError **error)
{
  if (!qr_become_check_stays (become->plan, error))
    return FALSE;
  if (become->filters->n > 0)
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "no-filter", NULL,
                "name a profile that is the most that QEMU may do: --seccomp=NAME",
                "QEMU runs without a filter: %s", become->plan->confinement.why);
  return FALSE;
}

/* Takes from @profile what the overlays of the plan's profile refuse. */
static gboolean
apply_overlays (const QrBecome *become, QrSeccompProfile *profile, GError **error)
{
  g_auto (GStrv) words = g_strsplit (become->plan->confinement.profile, "+", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_auto (QrSeccompProfile) overlay = { 0 };

      if (qr_sandbox_find_overlay (*word) == NULL)
        continue;
      if (!qr_seccomp_named (*word, FALSE, become->plan->warnings, &overlay, error)
          || !qr_record_exclude (profile, &overlay, error))
        return FALSE;
    }
  return TRUE;
}

/* The filters of a round: each call is asked about, or what the profile so far refuses. */
static gboolean
find_round (const QrBecome *become, const QrRecord *record, guint round, QrFilters *out,
            GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_auto (QrFilters) plain = { .n = 0 };
  guint8 *bpf;
  gsize size;

  if (round == 1)
    {
      bpf = qr_asked_filter (QR_ASKED_ALL, &size);
      qr_filters_add (out, bpf, size, TRUE);
      return TRUE;
    }
  qr_record_profile (record, &profile);
  if (!apply_overlays (become, &profile, error)
      || !qr_seccomp_build (profile.default_action, (gconstpointer) profile.rules->data,
                            profile.rules->len, &bpf, &size, error))
    return FALSE;
  qr_filters_add (&plain, bpf, size, FALSE);
  qr_watch_refused_filters (&plain, FALSE, out);
  return TRUE;
}

/* One run of QEMU; *status as waitpid(2) has it. */
static gboolean
run_round (QrBecome *become, QrRecord *record, guint round, int *status, gboolean *told,
           GError **error)
{
  g_auto (QrFilters) filters = { .n = 0 };
  QrBeside beside = { .filters = &filters,
                      .court = { qr_record_judge, qr_record_undo, record },
                      .tries = TRUE,
                      .seconds = become->options->seconds,
                      .again = TRUE };

  qr_record_again (record);
  if (!find_round (become, record, round, &filters, error)
      || !qr_become_beside (become, &beside, status, told, error))
    return FALSE;
  if (record->executed)
    fprintf (stderr, "qriser: round %u: %u found%s\n", round, record->found,
             record->found == 0 && round > 1 && !*told ? ", the profile is complete"
                                                       : " that QEMU needs");
  return TRUE;
}

/* What is said in the profile of where it came from. (transfer full) */
static char **
comments (const QrBecome *become, const QrRecord *record, guint rounds)
{
  const QrPlan *plan = become->plan;
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *refused = qr_record_refused (record);
  GPtrArray *lines = g_ptr_array_new ();

  for (char **word = plan->argv; *word != NULL; word++)
    g_checksum_update (hash, (const guchar *) *word, (gssize) strlen (*word) + 1);
  g_ptr_array_add (lines, g_strdup_printf ("Recorded by " PACKAGE_STRING " in %u %s, of which the "
                                           "last found %s new.",
                                           rounds, rounds == 1 ? "run" : "runs",
                                           record->found == 0 ? "nothing" : "something"));
  g_ptr_array_add (lines, g_strdup_printf ("QEMU: %s, version %s.", plan->program,
                                           plan->version == NULL ? "unknown" : plan->version));
  g_ptr_array_add (lines, g_strdup_printf ("SHA-256 of its words, each ended by NUL: %s.",
                                           g_checksum_get_string (hash)));
  g_ptr_array_add (
      lines, g_strdup_printf ("It could do what profile %s lets it.", plan->confinement.profile));
  if (*refused != '\0')
    g_ptr_array_add (lines, g_strdup_printf ("Refused meanwhile: %s.", refused));
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}

/* Before QEMU is run for long. */
static gboolean
check_writable (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int code;

  if (access (directory, W_OK | X_OK) == 0)
    return TRUE;
  code = errno;
  qr_error_set (error, qr_file_status (code), "profile-write", NULL, NULL,
                "no profile can be written in \"%s\": %s", directory, g_strerror (code));
  return FALSE;
}

static gboolean
write_profile (const QrBecome *become, const QrRecord *record, guint rounds, const char *path,
               GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_auto (GStrv) lines = comments (become, record, rounds);
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) fault = NULL;

  qr_record_profile (record, &profile);
  if (!apply_overlays (become, &profile, error))
    return FALSE;
  text = qr_seccomp_write (&profile, (const char *const *) lines);
  if (g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT,
                                0644, &fault))
    return TRUE;
  qr_error_set (error,
                g_error_matches (fault, G_FILE_ERROR, G_FILE_ERROR_ACCES) ? QR_STATUS_PERMISSION
                                                                          : QR_STATUS_IO,
                "profile-write", NULL, NULL, "the profile cannot be written: %s", fault->message);
  return FALSE;
}

/* What an earlier recording found. */
static gboolean
take_earlier (const QrBecome *become, const char *path, QrRecord *record, GError **error)
{
  g_autofree char *as_path
      = strchr (path, '/') != NULL ? g_strdup (path) : g_strdup_printf ("./%s", path);
  g_auto (QrSeccompProfile) earlier = { 0 };

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!become->options->merge)
    {
      qr_error_set (error, QR_STATUS_USAGE, "file-exists", NULL,
                    "--merge adds to it; or name another file", "\"%s\" is there already", path);
      return FALSE;
    }
  if (!qr_seccomp_named (as_path, FALSE, become->plan->warnings, &earlier, error))
    return FALSE;
  qr_record_merge (record, &earlier);
  return TRUE;
}

/* What cannot be in the profile, and what may not. */
static void
tell_of_rest (const QrRecord *record, gboolean ended_well)
{
  g_autofree char *refused = qr_record_refused (record), *nameless = qr_record_nameless (record);

  if (!ended_well && *refused != '\0')
    fprintf (stderr, "qriser: refused were: %s\n", refused);
  if (*nameless != '\0')
    fprintf (stderr, "qriser: warning: calls have no name here and are not in the profile: %s\n",
             nameless);
}

static gboolean
record_rounds (QrBecome *become, QrRecord *record, const char *path, int *status, GError **error)
{
  const guint most = become->options->rounds;
  gboolean told = FALSE;
  guint round = 0;

  do
    if (!run_round (become, record, ++round, status, &told, error))
      return FALSE;
  while (*status == 0 && !told && round < most && (round == 1 || record->found > 0));
  tell_of_rest (record, *status == 0);
  if (*status != 0)
    {
      fputs ("qriser: warning: QEMU did not end well: no profile is written\n", stderr);
      *status = qr_supervisor_follow (*status);
      return TRUE;
    }
  if (told)
    fputs (
        "qriser: warning: ended before its last round, which would tell whether it is complete\n",
        stderr);
  else if (record->found > 0)
    fputs ("qriser: warning: the last round still found something: allow more --rounds\n", stderr);
  return write_profile (become, record, round, path, error);
}

gboolean
qr_trial_record (QrBecome *become, const char *path, int *status, GError **error)
{
  g_auto (QrSeccompProfile) rules = { 0 };
  g_auto (QrRecord) record = { 0 };

  if (!check_confined (become, error)
      || !qr_seccomp_named (become->plan->confinement.profile, TRUE, become->plan->warnings, &rules,
                            error))
    return FALSE;
  qr_record_init (&record, become->filters, &rules);
  record.starts_programs = become->plan->confinement.starts_programs;
  return check_writable (path, error) && take_earlier (become, path, &record, error)
         && qr_record_keep_ends (&record, error) && qr_become_prepare (become, error)
         && record_rounds (become, &record, path, status, error);
}

/* The filters of the plan, and @own as the one that asks. */
static void
find_tested (const QrBecome *become, const QrFilters *own, QrFilters *out)
{
  g_auto (QrFilters) asking = { .n = 0 };

  qr_watch_refused_filters (own, FALSE, &asking);
  for (guint i = 0; i < become->filters->n; i++)
    {
      const QrBpf *plain = &become->filters->bpf[i];

      qr_filters_add (out, g_memdup2 (plain->bpf, plain->size), plain->size, FALSE);
    }
  qr_filters_add (out, g_memdup2 (asking.bpf[0].bpf, asking.bpf[0].size), asking.bpf[0].size, TRUE);
}

/* One that asks, and room for the plan's. */
static gboolean
check_tested (const QrBecome *become, const char *profile, const QrFilters *own, GError **error)
{
  if (own->n == 1 && become->filters->n < QR_FILTERS_MAX)
    return TRUE;
  qr_error_set (error, QR_STATUS_USAGE, "no-filter", NULL,
                "name one profile, with parts and without overlays",
                "profile \"%s\" is not one filter that could be tried", profile);
  return FALSE;
}

gboolean
qr_trial_test (QrBecome *become, const char *profile, int *status, GError **error)
{
  g_auto (QrFilters) own = { .n = 0 }, filters = { .n = 0 };
  g_auto (QrWatch) watch = { 0 };
  QrBeside beside = { .filters = &filters,
                      .court = { qr_watch_refused, qr_watch_undo, &watch },
                      .tries = TRUE,
                      .seconds = become->options->seconds };
  gboolean told;
  guint found;

  if (!check_confined (become, error)
      || !qr_filters_find (profile, become->plan->warnings, &own, error)
      || !check_tested (become, profile, &own, error))
    return FALSE;
  qr_watch_init (&watch, profile, &own);
  watch.starts_programs = become->plan->confinement.starts_programs;
  watch.measure = become->filters;
  find_tested (become, &own, &filters);
  if (!qr_become_prepare (become, error)
      || !qr_become_beside (become, &beside, status, &told, error))
    return FALSE;
  found = g_hash_table_size (watch.told);
  if (watch.now.executed)
    fprintf (stderr, "qriser: profile \"%s\" refused %u of the system calls that \"%s\" allows\n",
             profile, found, become->plan->confinement.profile);
  *status = found > 0 ? QR_STATUS_FOUND : qr_supervisor_follow (*status);
  return TRUE;
}
