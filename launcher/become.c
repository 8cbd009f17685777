/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "become.h"

#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "emit.h"
#include "exec.h"
#include "filter-parts.h"
#include "judge.h"
#include "user.h"
#include "watch.h"

/* Code of what QEMU will be denied. */
static const char denied_code[] = "landlock-closed";

/* Why somebody stays beside QEMU. */
typedef enum
{
  BESIDE_NOBODY,
  BESIDE_START, /* until it has left for the background */
  BESIDE_WATCH, /* to say what the filters refuse */
} Beside;

static gboolean
is_told (const QrWarning *warning, QrTell tell)
{
  switch (tell)
    {
    case QR_TELL_DENIED:
      return strcmp (warning->code, denied_code) == 0;
    case QR_TELL_WARNINGS:
      return warning->severity != QR_SEVERITY_NOTICE;
    case QR_TELL_NOTICES:
      break;
    }
  return TRUE;
}

void
qr_become_warn (const GPtrArray *warnings, QrTell tell)
{
  for (guint i = 0; i < warnings->len; i++)
    {
      const QrWarning *warning = warnings->pdata[i];
      g_autoptr (GString) line = g_string_new ("qriser: ");
      g_autofree char *text = qr_warning_text (warning);

      if (!is_told (warning, tell))
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

static void
warn (const char *fault, const char *what)
{
  fprintf (stderr, "qriser: warning: %s: %s\n", fault, what);
}

/* Where the kernel has no filters at all. */
static gboolean
go_without (const QrOptions *options, GError *fault, GError **error)
{
  if (!options->best_effort)
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  warn (fault->message, "QEMU runs without a filter");
  g_error_free (fault);
  return TRUE;
}

/* Where QEMU can execute something: with neither a gate nor a lock a profile that somebody chose
 * would be less than was asked for. */
static gboolean
check_exec (const QrBecome *become, const QrEntered *entered, GError **error)
{
  const char *chosen
      = become->options->seccomp != NULL ? become->options->seccomp : become->settings->seccomp;
  const gboolean open = entered->exec == QR_EXEC_OPEN;

  if (entered->why == 0)
    return TRUE;
  if (open && chosen != NULL && !become->options->best_effort)
    {
      qr_error_set (error, QR_STATUS_UNAVAILABLE, "exec-open", NULL,
                    "that takes Linux 5.5, or Landlock; --best-effort=on starts QEMU all the same",
                    "seccomp profile \"%s\" was asked for, and QEMU could execute programs: %s",
                    chosen, g_strerror (entered->why));
      return FALSE;
    }
  if (become->options->verbose || (open && become->face == QR_FACE_TOOL))
    fprintf (stderr, "qriser: %s: %s: %s\n", open ? "warning" : "notice",
             open ? "the kernel lets QEMU execute programs"
                  : "QEMU can execute itself again, and its dynamic linker what that loads",
             g_strerror (entered->why));
  return TRUE;
}

/* The filters of the plan, which ask nobody. */
static gboolean
enter_plain (const QrBecome *become, GError **error)
{
  const QrPlan *plan = become->plan;
  const char *executed = plan->confinement.starts_programs ? NULL : plan->program;
  GError *fault = NULL;
  QrEntered entered;

  if (become->filters->n == 0)
    return TRUE;
  if (!qr_sandbox_enter (become->filters->bpf, become->filters->n, executed, &entered, &fault))
    return go_without (become->options, fault, error);
  return check_exec (become, &entered, error);
}

/* The filters of which one asks; where that cannot be had QEMU gets the same without, if it is to
 * run in any case. */
static gboolean
enter_asking (const QrBecome *become, const QrBeside *beside, int *listener, GError **error)
{
  g_autoptr (GError) fault = NULL;
  QrEntered entered;

  if (qr_sandbox_enter (beside->filters->bpf, beside->filters->n, NULL, &entered, &fault))
    {
      *listener = entered.listener;
      return TRUE;
    }
  if (entered.listener >= 0)
    (void) close (entered.listener);
  if (beside->tries || !become->options->best_effort)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  warn (fault->message, "nobody decides what QEMU asks");
  return enter_plain (become, error);
}

/* Where nobody decides it the filter does, which lasts. */
static void
tell_of_change (const QrBecome *become, const char *why)
{
  if (become->options->verbose || become->face == QR_FACE_TOOL)
    warn (why, "QEMU can change its user and root directory as long as it runs");
}

/* What QEMU has to change; FALSE: nothing that is known. */
static gboolean
find_change (const QrBecome *become, gboolean shares, QrUser *user, QrChange *out)
{
  const QrRunAsLeft *left = &become->plan->left;
  g_autoptr (GError) fault = NULL;

  if (left->user == NULL && left->root == NULL)
    {
      tell_of_change (become, "what it changes is not known");
      return FALSE;
    }
  if (left->user != NULL && !qr_user_find (left->user, NULL, user, &fault))
    {
      tell_of_change (become, fault->message);
      return FALSE;
    }
  qr_change_init (out, left->root, left->user == NULL ? NULL : user, shares);
  return TRUE;
}

static gboolean
unheard (int code, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "judge", NULL, NULL,
                "the process that decides what QEMU changes has gone: %s", g_strerror (code));
  return FALSE;
}

/* Splits off the process that decides what QEMU changes. Returns: the channel to it; -1: there is
 * none. */
static int
start_judge (const QrBecome *become)
{
  g_auto (QrWatch) watch;
  const QrCourt court = { qr_watch_start, qr_watch_undo, &watch };
  int channel = -1, code;
  QrChange change;
  QrUser user;

  qr_watch_init (&watch, become->plan->confinement.profile, become->filters);
  watch.change = &change;
  if (become->filters->n == 0 || !become->plan->confinement.changes
      || !find_change (become, TRUE, &user, &change))
    return -1;
  code = qr_judge_split (&court, &channel);
  if (code != 0)
    tell_of_change (become, g_strerror (code));
  return channel;
}

/* The filters of the plan with what asks the process behind @channel, or, where that cannot be had,
 * without. */
static gboolean
enter_changing (const QrBecome *become, int channel, GError **error)
{
  g_auto (QrFilters) filters = { .n = 0 };
  g_autoptr (GError) fault = NULL;
  QrEntered entered;

  qr_watch_start_filters (become->filters, &filters);
  if (qr_sandbox_enter (filters.bpf, filters.n, NULL, &entered, &fault))
    {
      int code = qr_judge_hand_over (channel, entered.listener);

      return code == 0 || unheard (code, error);
    }
  (void) close (channel);
  if (entered.listener >= 0) /* which holds already */
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  tell_of_change (become, fault->message);
  return enter_plain (become, error);
}

/* Ends with becoming QEMU, or in failure. @beside, @supervisor: NULL: nobody stays beside it. */
static gboolean
become_it (const QrBecome *become, const QrBeside *beside, QrSupervisor *supervisor, GError **error)
{
  const QrPlan *plan = become->plan;
  const QrRunAs *run_as = &plan->run_as;
  const int channel = supervisor == NULL ? start_judge (become) : -1;
  int listener = -1;

  if (run_as->user != NULL && !qr_user_become (&become->user, &run_as->place, error))
    return FALSE;
  if (supervisor != NULL)
    qr_supervisor_bind (supervisor);
  if (!enter_landlock (&plan->fence, become->options->verbose, error))
    return FALSE;
  if (supervisor != NULL ? !enter_asking (become, beside, &listener, error)
      : channel >= 0     ? !enter_changing (become, channel, error)
                         : !enter_plain (become, error))
    return FALSE;
  if (supervisor != NULL)
    qr_supervisor_hand_over (supervisor, listener);
  qr_exec (plan->program, plan->argv, become->environment, error);
  return FALSE;
}

gboolean
qr_become_beside (const QrBecome *become, const QrBeside *beside, int *status, gboolean *told,
                  GError **error)
{
  g_autoptr (QrSupervisor) supervisor = NULL;
  g_autoptr (GError) fault = NULL;
  gboolean started;
  guint overdue;

  supervisor = qr_supervisor_split (beside->lives_on, &started, &fault);
  if (supervisor == NULL)
    {
      if (beside->tries || !become->options->best_effort)
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
      warn (fault->message, "nobody decides what QEMU asks");
      return become_it (become, NULL, NULL, error);
    }
  if (started)
    return become_it (become, beside, supervisor, error);
  *status = qr_supervisor_attend (supervisor, &beside->court, beside->seconds, beside->again);
  *told = qr_supervisor_was_told (supervisor);
  overdue = qr_supervisor_overdue (supervisor);
  if (overdue > 0)
    fprintf (stderr,
             "qriser: warning: QEMU was told to end, did not in %u seconds, and was killed\n",
             overdue);
  return TRUE;
}

gboolean
qr_become_check_stays (const QrPlan *plan, GError **error)
{
  const QrItem *item = plan->request->needy[QR_NEED_DAEMONIZE];
  QrPlace place;

  if (item == NULL && !plan->confinement.leaves)
    return TRUE;
  if (item != NULL)
    qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "supervise-daemonize", item == NULL ? NULL : &place,
                "leave out one of the two", "%s, and nobody stays beside it there",
                qr_item_phrase (item, "takes QEMU to the background", plan->pool));
  return FALSE;
}

static gboolean
allows (const QrFilters *filters, int number, guint64 first)
{
  const struct seccomp_data call
      = { .nr = number, .arch = seccomp_arch_native (), .args = { first } };

  return qr_filter_lets_through (qr_filters_answer (filters, &call));
}

/* What leaving for the background takes and @filters refuse; NULL: nothing. QEMU ends without a
 * word then. */
static const char *
refused_of_leaving (const QrFilters *filters)
{
  /* fork(3) of glibc, and of musl */
  if (!allows (filters, SYS_clone, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)
      && !allows (filters, SYS_clone, SIGCHLD))
    return "a process of its own (clone(2) with SIGCHLD)";
  return allows (filters, SYS_setsid, 0) ? NULL : "a session of its own (setsid(2))";
}

/* QEMU could not even begin, and might end without a word. */
static gboolean
check_begins (const char *profile, const QrFilters *filters, GError **error)
{
  if (allows (filters, SYS_execve, 0))
    return TRUE;
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-refuses", NULL,
                "let the profile allow it; when QEMU has begun it is refused in any case, unless "
                "the line starts programs",
                "seccomp profile \"%s\" refuses execve(2), by which QEMU begins", profile);
  return FALSE;
}

gboolean
qr_become_check_own (const QrPlan *plan, const QrFilters *filters, GError **error)
{
  const QrItem *item = plan->request->needy[QR_NEED_DAEMONIZE];
  const char *profile = plan->confinement.profile, *refused;
  QrPlace place;

  if (strchr (profile, '/') == NULL)
    return TRUE;
  if (!check_begins (profile, filters, error))
    return FALSE;
  refused = item == NULL || plan->request->informs ? NULL : refused_of_leaving (filters);
  if (refused == NULL)
    return TRUE;
  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-refuses", &place,
                "leave it out, or let the profile allow that",
                "%s, for which seccomp profile \"%s\" refuses %s",
                qr_item_phrase (item, "takes QEMU to the background", plan->pool), profile,
                refused);
  return FALSE;
}

/* Who has to stay, if anybody. */
static gboolean
find_beside (const QrBecome *become, Beside *out, GError **error)
{
  const QrPlan *plan = become->plan;

  *out = BESIDE_NOBODY;
  if (become->options->supervise && !qr_become_check_stays (plan, error))
    return FALSE;
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
  QrBeside beside = { .filters = &filters, .court = { qr_watch_refused, qr_watch_undo, &watch } };
  QrChange change;
  gboolean told;
  QrUser user;

  qr_watch_init (&watch, become->plan->confinement.profile, become->filters);
  watch.starts_programs = become->plan->confinement.starts_programs;
  watch.verbose = become->options->verbose;
  if (become->plan->confinement.changes && find_change (become, FALSE, &user, &change))
    watch.change = &change;
  if (kind == BESIDE_START)
    {
      beside.court.judge = qr_watch_start;
      beside.lives_on = TRUE;
      qr_watch_start_filters (become->filters, &filters);
    }
  else
    qr_watch_refused_filters (become->filters, watch.change != NULL, &filters);
  if (!qr_become_beside (become, &beside, status, &told, error))
    return FALSE;
  *status = qr_supervisor_follow (*status);
  return TRUE;
}

/* What is denied is said even where nobody may look, because QEMU will not say why it ends. */
static void
warn_of_plan (const QrBecome *become)
{
  const GPtrArray *warnings = become->plan->warnings;

  if (become->options->verbose)
    qr_become_warn (warnings, QR_TELL_NOTICES);
  else if (become->face == QR_FACE_TOOL && isatty (STDERR_FILENO))
    qr_become_warn (warnings, QR_TELL_WARNINGS);
  else if (become->face == QR_FACE_TOOL && qr_landlock_version () > 0)
    qr_become_warn (warnings, QR_TELL_DENIED);
}

gboolean
qr_become_prepare (QrBecome *become, GError **error)
{
  const QrPlan *plan = become->plan;
  const QrOptions *options = become->options;
  const QrRunAs *run_as = &plan->run_as;

  if (run_as->user != NULL
      && (!qr_user_find (run_as->user, &run_as->place, &become->user, error)
          || !qr_user_check (&become->user, &run_as->place, error)))
    return FALSE;
  if (!qr_exec_check (plan->program, plan->confinement.starts_programs, error))
    {
      if (options->qemu == NULL && become->settings->qemu != NULL)
        qr_error_locate (*error, &become->settings->qemu_place);
      return FALSE;
    }
  if (!qr_emit_check_size ((const char *const *) plan->argv,
                           (const char *const *) become->environment, 0, error))
    return FALSE;
  warn_of_plan (become);
  if (plan->taps != NULL
      && !qr_taps_open ((const QrTap *) (gpointer) plan->taps->data, plan->taps->len, error))
    return FALSE;
  return write_files (become->pinned, plan, run_as->user == NULL ? NULL : &become->user, error);
}

gboolean
qr_become_qemu (QrBecome *become, int *status, GError **error)
{
  Beside beside;

  if (!find_beside (become, &beside, error) || !qr_become_prepare (become, error))
    return FALSE;
  return beside == BESIDE_NOBODY ? become_it (become, NULL, NULL, error)
                                 : attend (become, beside, status, error);
}
