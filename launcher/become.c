/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "become.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emit.h"
#include "exec.h"
#include "user.h"
#include "watch.h"

/* Why somebody stays beside QEMU. */
typedef enum
{
  BESIDE_NOBODY,
  BESIDE_START, /* until it has left for the background */
  BESIDE_WATCH, /* to say what the filters refuse */
} Beside;

void
qr_become_warn (const GPtrArray *warnings, gboolean notices)
{
  for (guint i = 0; i < warnings->len; i++)
    {
      const QrWarning *warning = warnings->pdata[i];
      g_autoptr (GString) line = g_string_new ("qriser: ");
      g_autofree char *text = qr_warning_text (warning);

      if (warning->severity == QR_SEVERITY_NOTICE && !notices)
        continue;
      g_string_append_printf (line, "%s: ", qr_severity_names[warning->severity]);
      qr_append_printable (line, text, strlen (text));
      if (warning->argument > 0)
        g_string_append_printf (line, " (argument %u)", warning->argument);
      g_string_append_c (line, '\n');
      fputs (line->str, stderr);
    }
}

/* The lock and the files that the list asks for: what cannot be leaves nothing behind. */
static gboolean
write_files (QrPinned *pinned, const QrPlan *plan, const QrUser *user, GError **error)
{
  gsize n = plan->request->informs ? 0 : plan->roles.n_files;
  g_autoptr (QrNewFiles) made = qr_new_files_prepare (plan->roles.files, n, error);

  return made != NULL && (user == NULL || qr_new_files_own (made, user->uid, user->gid, error))
         && qr_pinned_write (pinned, plan, error) && qr_new_files_name (made, error);
}

static gboolean
enter_landlock (const QrFence *fence, gboolean verbose, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const int version = fence->mode == QR_LANDLOCK_OFF ? 0 : qr_landlock_version ();

  if (fence->mode == QR_LANDLOCK_OFF)
    return TRUE;
  if (fence->mode == QR_LANDLOCK_BEST_EFFORT && version < QR_LANDLOCK_WHOLE && verbose)
    fprintf (stderr, "qriser: notice: Landlock is version %d of %d here: %s\n", version,
             QR_LANDLOCK_WHOLE, version == 0 ? "QEMU opens what it likes" : "it holds less");
  if (fence->mode == QR_LANDLOCK_BEST_EFFORT && version == 0)
    return TRUE;
  if (version > 0 && version < QR_LANDLOCK_WHOLE && fence->mode == QR_LANDLOCK_REQUIRE)
    {
      qr_error_set (error, QR_STATUS_UNAVAILABLE, "landlock-unavailable", NULL,
                    "--landlock=best-effort takes what there is",
                    "Landlock is version %d here, and all of it begins with %d", version,
                    QR_LANDLOCK_WHOLE);
      return FALSE;
    }
  if (qr_sandbox_lock_privileges (&fault) && qr_landlock_enter (&fence->landlock, &fault))
    return TRUE;
  if (fence->mode == QR_LANDLOCK_REQUIRE
      || !g_error_matches (fault, QR_ERROR, QR_STATUS_UNAVAILABLE))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  fprintf (stderr, "qriser: warning: %s: QEMU opens what it likes\n", fault->message);
  return TRUE;
}

/* That QEMU has no filter, or can start programs, is said to who asks. */
static gboolean
take_fault (const QrOptions *options, GError *fault, GError **error)
{
  if (!options->best_effort)
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  fprintf (stderr, "qriser: warning: %s: QEMU runs without a filter\n", fault->message);
  g_error_free (fault);
  return TRUE;
}

static gboolean
enter_filters (const QrBecome *become, const QrFilters *filters, gboolean asked, int *listener,
               GError **error)
{
  const QrPlan *plan = become->plan;
  const char *executed = plan->confinement.starts_programs || asked ? NULL : plan->program;
  GError *fault = NULL;
  QrEntered entered;

  if (!qr_sandbox_enter (filters->bpf, filters->n, executed, &entered, &fault))
    return take_fault (become->options, fault, error);
  *listener = entered.listener;
  if (become->options->verbose && entered.why != 0)
    fprintf (stderr, "qriser: notice: %s: %s\n",
             entered.exec == QR_EXEC_LOCKED ? "QEMU can be executed again, by itself only"
                                            : "the kernel lets QEMU execute programs",
             g_strerror (entered.why));
  return TRUE;
}

/* Ends with becoming QEMU, or in failure. */
static gboolean
become_it (const QrBecome *become, const QrFilters *filters, QrSupervisor *supervisor,
           GError **error)
{
  const QrPlan *plan = become->plan;
  int listener = -1;

  if (!enter_landlock (&plan->fence, become->options->verbose, error))
    return FALSE;
  if (filters->n > 0 && !enter_filters (become, filters, supervisor != NULL, &listener, error))
    return FALSE;
  if (supervisor != NULL)
    qr_supervisor_hand_over (supervisor, listener);
  qr_exec (plan->program, plan->argv, become->environment, error);
  return FALSE;
}

gboolean
qr_become_beside (const QrBecome *become, const QrBeside *beside, int *status, GError **error)
{
  g_autoptr (QrSupervisor) supervisor = NULL;
  GError *fault = NULL;
  gboolean started;

  supervisor = qr_supervisor_split (beside->lives_on, &started, &fault);
  if (supervisor == NULL)
    return take_fault (become->options, fault, error)
           && become_it (become, become->filters, NULL, error);
  if (started)
    return become_it (become, beside->filters, supervisor, error);
  *status = qr_supervisor_attend (supervisor, beside->judge, beside->data, beside->seconds,
                                  beside->again);
  return TRUE;
}

/* Who has to stay, if anybody. */
static gboolean
find_beside (const QrBecome *become, Beside *out, GError **error)
{
  const QrPlan *plan = become->plan;
  const QrItem *item = plan->request->needy[QR_NEED_DAEMONIZE];
  QrPlace place;

  *out = BESIDE_NOBODY;
  if (become->options->supervise && item != NULL)
    {
      qr_item_place (item, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "supervise-daemonize", &place,
                    "leave out one of the two",
                    "option \"%s\" takes QEMU to the background, where --supervise does not follow",
                    item->word);
      return FALSE;
    }
  if (become->filters->n > 0 && become->options->supervise)
    *out = BESIDE_WATCH;
  else if (become->filters->n > 0 && plan->confinement.leaves)
    *out = BESIDE_START;
  else if (become->options->supervise)
    fputs ("qriser: warning: there is nothing to supervise: QEMU has no filter\n", stderr);
  return TRUE;
}

static gboolean
attend (const QrBecome *become, Beside kind, int *status, GError **error)
{
  g_auto (QrFilters) filters = { .n = 0 };
  g_auto (QrWatch) watch;
  QrBeside beside = { &filters, qr_watch_refused, &watch, FALSE, 0, FALSE };

  qr_watch_init (&watch, become->plan->confinement.profile, become->filters);
  watch.starts_programs = become->plan->confinement.starts_programs;
  watch.verbose = become->options->verbose;
  if (kind == BESIDE_START)
    {
      beside.judge = qr_watch_start;
      beside.lives_on = TRUE;
      qr_watch_start_filters (become->filters, &filters);
    }
  else if (!qr_watch_refused_filters (become->filters, &filters, error))
    return FALSE;
  if (!qr_become_beside (become, &beside, status, error))
    return FALSE;
  *status = qr_supervisor_follow (*status);
  return TRUE;
}

gboolean
qr_become_prepare (QrBecome *become, GError **error)
{
  const QrPlan *plan = become->plan;
  const QrOptions *options = become->options;
  const QrRunAs *run_as = &plan->run_as;
  QrUser user;

  if (run_as->user != NULL && !qr_user_find (run_as->user, &run_as->place, &user, error))
    return FALSE;
  if (!qr_exec_check (plan->program, error))
    {
      if (options->qemu == NULL && become->settings->qemu != NULL)
        qr_error_locate (*error, &become->settings->qemu_place);
      return FALSE;
    }
  if (!qr_emit_check_size ((const char *const *) plan->argv,
                           (const char *const *) become->environment, 0, error))
    return FALSE;
  if (options->verbose || (become->face == QR_FACE_TOOL && isatty (STDERR_FILENO)))
    qr_become_warn (plan->warnings, options->verbose);
  if (plan->taps != NULL
      && !qr_taps_open ((const QrTap *) (gpointer) plan->taps->data, plan->taps->len, error))
    return FALSE;
  return write_files (become->pinned, plan, run_as->user == NULL ? NULL : &user, error)
         && (run_as->user == NULL || qr_user_become (&user, &run_as->place, error));
}

gboolean
qr_become_qemu (QrBecome *become, int *status, GError **error)
{
  Beside beside;

  if (!find_beside (become, &beside, error) || !qr_become_prepare (become, error))
    return FALSE;
  return beside == BESIDE_NOBODY ? become_it (become, become->filters, NULL, error)
                                 : attend (become, beside, status, error);
}
