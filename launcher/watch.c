/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "watch.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>

#include "asked.h"
#include "filter-parts.h"

void
qr_watch_init (QrWatch *watch, const char *profile, const QrFilters *filters)
{
  *watch = (QrWatch){ .profile = profile, .filters = filters, .out = stderr };
  watch->told = g_hash_table_new (NULL, NULL);
}

void
qr_watch_clear (QrWatch *watch)
{
  g_clear_pointer (&watch->told, g_hash_table_unref);
}

void
qr_watch_start_filters (const QrFilters *plain, QrFilters *out)
{
  gsize size;
  guint8 *bpf = qr_asked_filter (QR_ASKED_START, &size);

  qr_filters_add (out, bpf, size, TRUE); /* first, for the others refuse to load more */
  for (guint i = 0; i < plain->n; i++)
    qr_filters_add (out, g_memdup2 (plain->bpf[i].bpf, plain->bpf[i].size), plain->bpf[i].size,
                    FALSE);
}

/* @whole, @size bytes, behind @first, of @first_size. (transfer full) */
static guint8 *
put_behind (const guint8 *first, gsize first_size, guint8 *whole, gsize *size)
{
  guint8 *out = qr_filter_join (first, first_size, whole, *size, size);

  g_free (whole);
  return out;
}

void
qr_watch_refused_filters (const QrFilters *plain, gboolean changes, QrFilters *out)
{
  const QrBpf *last = &plain->bpf[plain->n - 1];
  guint8 *whole = g_memdup2 (last->bpf, last->size);
  gsize size = last->size;

  for (guint i = plain->n - 1; i > 0; i--)
    whole = put_behind (plain->bpf[i - 1].bpf, plain->bpf[i - 1].size, whole, &size);
  if (changes)
    {
      gsize first_size;
      g_autofree guint8 *first = qr_asked_filter (QR_ASKED_START, &first_size);

      whole = put_behind (first, first_size, whole, &size);
    }
  qr_filters_add (out, qr_asked_instead (whole, size), size, TRUE);
  g_free (whole);
}

/* The one exec that is qriser's own. */
static gboolean
becomes_qemu (QrWatch *watch, const struct seccomp_data *call, pid_t caller, pid_t started)
{
  gboolean becomes = call->nr == SYS_execve && caller == started && !watch->now.executed;

  watch->before = watch->now;
  watch->now.executed |= becomes;
  return becomes;
}

void
qr_watch_undo (gpointer data)
{
  QrWatch *watch = data;

  watch->now = watch->before;
}

/* The calls by which QEMU leaves for the background, in their order. */
static gboolean
leaves (QrWatch *watch, const struct seccomp_data *call, pid_t caller, pid_t started)
{
  if (!watch->now.executed || qr_filter_is_exec (call->nr))
    return FALSE;
  if (call->nr == SYS_setsid)
    {
      if (caller == started || watch->now.processes != 1 || watch->now.detached)
        return FALSE;
      watch->now.detached = TRUE;
      return TRUE;
    }
  if ((caller == started) != (watch->now.processes == 0)
      || watch->now.detached != (watch->now.processes == 1))
    return FALSE;
  watch->now.processes++;
  return TRUE;
}

QrRuling
qr_watch_start (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                gpointer data)
{
  QrWatch *watch = data;

  if (becomes_qemu (watch, call, caller, started))
    return QR_RULING_GO_ON;
  if (qr_change_has (call->nr))
    return watch->change == NULL ? QR_RULING_GO_ON : qr_change_judge (watch->change, call, code);
  if (leaves (watch, call, caller, started))
    return QR_RULING_GO_ON;
  *code = ENOSYS; /* as the kernel answers when nobody listens any more */
  return QR_RULING_REFUSE;
}

static gboolean
allows (const char *profile, const struct seccomp_data *call)
{
  g_auto (QrFilters) filters = { .n = 0 };

  return qr_filters_find (profile, NULL, &filters, NULL)
         && qr_filters_answer (&filters, call) == SECCOMP_RET_ALLOW;
}

/* A process that QEMU splits off, or a thread. */
static gboolean
is_clone (const struct seccomp_data *call)
{
  return call->nr == SYS_clone;
}

/* (transfer full): @profile without its overlays, or NULL where it has none. */
static char *
without_overlays (const char *profile)
{
  g_auto (GStrv) words = g_strsplit (profile, "+", -1);
  g_autoptr (GString) out = g_string_new (words[0]);

  for (char **word = words; *word != NULL; word++)
    if (word > words && qr_sandbox_find_overlay (*word) == NULL)
      g_string_append_printf (out, "+%s", *word);
  return out->len == strlen (profile) ? NULL : g_string_free (g_steal_pointer (&out), FALSE);
}

/* What else would have let it: a part more, no overlay, or another profile; NULL: none. A part that
 * lets QEMU leave for the background lets it make no other process. (transfer full) */
static char *
find_better (const QrWatch *watch, const struct seccomp_data *call)
{
  char *name;

  if (strchr (watch->profile, '/') != NULL)
    return NULL;
  name = without_overlays (watch->profile);
  if (name != NULL && allows (name, call))
    return name;
  g_free (name);
  for (guint i = 0; i < qr_n_filter_parts && !is_clone (call); i++)
    {
      name = g_strdup_printf ("%s+%s", watch->profile, qr_filter_parts[i].name);
      if (allows (name, call))
        return name;
      g_free (name);
    }
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (!qr_filters_builtin[i].is_overlay && allows (qr_filters_builtin[i].name, call))
      return g_strdup (qr_filters_builtin[i].name);
  return NULL;
}

/* "ptrace (0x10, 0x1, 0x0, ...)": a filter sees six words, however many the call has. */
static void
append_call (GString *out, const struct seccomp_data *call)
{
  g_autofree char *name = seccomp_syscall_resolve_num_arch (call->arch, call->nr);

  if (name != NULL)
    g_string_append (out, name);
  else
    g_string_append_printf (out, "number %d", call->nr);
  for (guint i = 0; i < G_N_ELEMENTS (call->args); i++)
    g_string_append_printf (out, "%s%#" G_GINT64_MODIFIER "x", i == 0 ? " (" : ", ",
                            (guint64) call->args[i]);
  g_string_append_c (out, ')');
}

/* "thread "CPU 0/KVM"", as QEMU calls it. */
static void
append_thread (GString *out, pid_t thread)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", (int) thread);
  g_autofree char *name = NULL;
  gsize length;

  if (!g_file_get_contents (path, &name, &length, NULL))
    return;
  g_string_append (out, " of thread \"");
  qr_append_printable (out, name, strcspn (name, "\n"));
  g_string_append_c (out, '"');
}

/* Whether it is worth telling. */
static gboolean
counts (const QrWatch *watch, const struct seccomp_data *call)
{
  return watch->measure == NULL
         || qr_filter_lets_through (qr_filters_answer (watch->measure, call));
}

/* Once for each call. */
static void
tell (QrWatch *watch, const struct seccomp_data *call, pid_t caller, const char *what,
      const char *end)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *better = NULL;

  if (!counts (watch, call) || !g_hash_table_add (watch->told, GINT_TO_POINTER (call->nr)))
    return;
  g_string_append_printf (line, "qriser: seccomp profile \"%s\" %s system call ", watch->profile,
                          what);
  append_call (line, call);
  append_thread (line, caller);
  g_string_append (line, end);
  better = qr_filter_is_exec (call->nr) ? NULL : find_better (watch, call);
  if (better != NULL)
    g_string_append_printf (line, "; \"%s\" allows it", better);
  fprintf (watch->out, "%s\n", line->str);
  (void) fflush (watch->out);
}

static QrRuling
refuse (QrWatch *watch, const struct seccomp_data *call, pid_t caller, int with, int *code)
{
  g_autofree char *end = g_strdup_printf (": %s", g_strerror (with));

  /* ENOSYS says: do it in another way */
  if (with != ENOSYS || qr_filter_is_exec (call->nr) || watch->verbose || watch->measure != NULL)
    tell (watch, call, caller, "refuses", end);
  *code = with;
  return QR_RULING_REFUSE;
}

/* Of a call that the filters allow. Who listens goes on to, so that it is kept here when nobody
 * would be there to let another change happen. */
static QrRuling
judge_change (QrWatch *watch, const struct seccomp_data *call, pid_t caller, int *code)
{
  QrRuling ruling = QR_RULING_CLOSE;

  if (watch->change == NULL || !qr_change_has (call->nr))
    return QR_RULING_GO_ON;
  if (!watch->changed)
    ruling = qr_change_judge (watch->change, call, code);
  watch->changed = ruling == QR_RULING_LAST || ruling == QR_RULING_CLOSE;
  return ruling == QR_RULING_GO_ON || ruling == QR_RULING_LAST
             ? QR_RULING_GO_ON
             : refuse (watch, call, caller, ENOSYS, code);
}

QrRuling
qr_watch_refused (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                  gpointer data)
{
  QrWatch *watch = data;
  guint32 action;

  if (becomes_qemu (watch, call, caller, started))
    return QR_RULING_GO_ON;
  action = qr_filters_answer_qemu (watch->filters, watch->starts_programs, call);
  switch (action & SECCOMP_RET_ACTION_FULL)
    {
    case SECCOMP_RET_ALLOW:
      return judge_change (watch, call, caller, code);
    case SECCOMP_RET_LOG:
      tell (watch, call, caller, "would refuse", "");
      return QR_RULING_GO_ON;
    case SECCOMP_RET_ERRNO:
      return refuse (watch, call, caller, (int) (action & SECCOMP_RET_DATA), code);
    default:
      tell (watch, call, caller, "ends QEMU for", "");
      return QR_RULING_KILL;
    }
}
