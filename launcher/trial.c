/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "asked.h"
#include "file.h"
#include "record.h"
#include "seccomp-write.h"
#include "watch.h"

static gboolean
check_confined (const QrBecome *become, GError **error)
{
  const QrItem *item = become->plan->request->needy[QR_NEED_DAEMONIZE];
  QrPlace place;

  if (item != NULL)
    {
      qr_item_place (item, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "supervise-daemonize", &place,
                    "leave it out for the trial",
                    "option \"%s\" takes QEMU to the background, where nobody follows", item->word);
      return FALSE;
    }
  if (become->filters->n > 0)
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "no-filter", NULL,
                "name a profile that is the most that QEMU may do: --seccomp=NAME",
                "QEMU runs without a filter: %s", become->plan->confinement.why);
  return FALSE;
}

/* The filters of a round: each call is asked about, or what the profile so far refuses. */
static gboolean
find_round (const QrRecord *record, guint round, QrFilters *out, GError **error)
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
  if (!qr_seccomp_build (profile.default_action, (gconstpointer) profile.rules->data,
                         profile.rules->len, &bpf, &size, error))
    return FALSE;
  qr_filters_add (&plain, bpf, size, FALSE);
  return qr_watch_refused_filters (&plain, out, error);
}

/* One run of QEMU; *status as waitpid(2) has it. */
static gboolean
run_round (QrBecome *become, QrRecord *record, guint round, int *status, GError **error)
{
  g_auto (QrFilters) filters = { .n = 0 };
  QrBeside beside = { &filters, qr_record_judge, record, FALSE, become->options->seconds, TRUE };

  qr_record_again (record);
  if (!find_round (record, round, &filters, error)
      || !qr_become_beside (become, &beside, status, error))
    return FALSE;
  fprintf (stderr, "qriser: round %u: %u found%s\n", round, record->found,
           record->found == 0 && round > 1 ? ", the profile is complete" : " that QEMU needs");
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

static gboolean
write_profile (const QrBecome *become, const QrRecord *record, guint rounds, const char *path,
               GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_auto (GStrv) lines = comments (become, record, rounds);
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) fault = NULL;

  qr_record_profile (record, &profile);
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

static gboolean
record_rounds (QrBecome *become, QrRecord *record, const char *path, int *status, GError **error)
{
  const guint most = become->options->rounds;
  guint round = 0;

  do
    if (!run_round (become, record, ++round, status, error))
      return FALSE;
  while (*status == 0 && round < most && (round == 1 || record->found > 0));
  if (*status != 0)
    {
      fputs ("qriser: warning: QEMU did not end well: no profile is written\n", stderr);
      *status = qr_supervisor_follow (*status);
      return TRUE;
    }
  if (record->found > 0)
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
  return take_earlier (become, path, &record, error) && qr_become_prepare (become, error)
         && record_rounds (become, &record, path, status, error);
}

gboolean
qr_trial_test (QrBecome *become, const char *profile, int *status, GError **error)
{
  g_auto (QrFilters) own = { .n = 0 }, filters = { .n = 0 };
  g_auto (QrWatch) watch = { 0 };
  QrBeside beside = { &filters, qr_watch_refused, &watch, FALSE, become->options->seconds, FALSE };
  guint found;

  if (!check_confined (become, error)
      || !qr_filters_find (profile, become->plan->warnings, &own, error))
    return FALSE;
  if (own.n == 0)
    {
      qr_error_set (error, QR_STATUS_USAGE, "no-filter", NULL, NULL,
                    "profile \"%s\" refuses nothing that could be tried", profile);
      return FALSE;
    }
  qr_watch_init (&watch, profile, &own);
  watch.starts_programs = become->plan->confinement.starts_programs;
  watch.measure = become->filters;
  if (!qr_watch_refused_filters (&own, &filters, error) || !qr_become_prepare (become, error)
      || !qr_become_beside (become, &beside, status, error))
    return FALSE;
  found = g_hash_table_size (watch.told);
  fprintf (stderr, "qriser: profile \"%s\" refused %u of the system calls that \"%s\" allows\n",
           profile, found, become->plan->confinement.profile);
  *status = found > 0 ? QR_STATUS_FOUND : qr_supervisor_follow (*status);
  return TRUE;
}
