/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "record.h"

#include <errno.h>
#include <sys/syscall.h>

#include "bpf-run.h"
#include "filter-parts.h"
#include "seccomp-write.h"
#include "texts.h"

enum
{
  OVERLAY_BITS_MAX = 4, /* of a mask: a rule becomes 15 at most */
};

void
qr_record_init (QrRecord *record, const QrFilters *filters, const QrSeccompProfile *rules)
{
  *record = (QrRecord){ .filters = filters, .rules = rules };
  record->used = g_new0 (gboolean, rules->rules->len + 1);
  record->calls = g_hash_table_new (NULL, NULL);
  record->refused = g_hash_table_new (NULL, NULL);
}

void
qr_record_clear (QrRecord *record)
{
  g_clear_pointer (&record->used, g_free);
  g_clear_pointer (&record->calls, g_hash_table_unref);
  g_clear_pointer (&record->refused, g_hash_table_unref);
}

void
qr_record_again (QrRecord *record)
{
  record->executed = FALSE;
  record->found = 0;
}

static gboolean
matches (const QrSeccompRule *rule, const struct seccomp_data *call)
{
  if (rule->number != call->nr)
    return FALSE;
  for (guint i = 0; i < rule->n_args; i++)
    if (!qr_seccomp_holds (&rule->args[i], call->args[rule->args[i].arg]))
      return FALSE;
  return TRUE;
}

/* Whether one of the built-in profiles ends QEMU for it: nothing that a QEMU calls. */
static gboolean
is_fatal_elsewhere (const struct seccomp_data *call)
{
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (qr_bpf_run (qr_filters_builtin[i].bpf, qr_filters_builtin[i].size, call)
        == SECCOMP_RET_KILL_PROCESS)
      return TRUE;
  return FALSE;
}

static void
use_rule (QrRecord *record, guint index)
{
  record->found += !record->used[index];
  record->used[index] = TRUE;
}

/* The narrowest rule that allows @call, or that it is one of those that none is for. */
static void
note_used (QrRecord *record, const struct seccomp_data *call)
{
  const QrSeccompRule *rules = (gconstpointer) record->rules->rules->data;
  guint n = record->rules->rules->len, best = n;

  for (guint i = 0; i < n; i++)
    if (qr_filter_lets_through (rules[i].action) && matches (&rules[i], call)
        && (best == n || rules[i].n_args > rules[best].n_args))
      best = i;
  if (best < n)
    use_rule (record, best);
  else
    record->found += g_hash_table_add (record->calls, GINT_TO_POINTER (call->nr));
}

static guint32
action_of (const QrRecord *record, const struct seccomp_data *call)
{
  guint32 action = qr_filters_answer_qemu (record->filters,
                                           record->starts_programs || !record->executed, call);

  return action == SECCOMP_RET_LOG && is_fatal_elsewhere (call) ? SECCOMP_RET_ERRNO | EPERM
                                                                : action;
}

void
qr_record_undo (gpointer data)
{
  QrRecord *record = data;

  record->executed = record->executed_before;
}

QrRuling
qr_record_judge (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                 gpointer data)
{
  QrRecord *record = data;
  guint32 action = action_of (record, call);

  record->executed_before = record->executed;
  /* what comes before is ours */
  if (!record->executed && !(call->nr == SYS_execve && caller == started))
    return QR_RULING_GO_ON;
  if (qr_filter_lets_through (action))
    {
      record->executed = TRUE;
      note_used (record, call);
      return QR_RULING_GO_ON;
    }
  g_hash_table_insert (record->refused, GINT_TO_POINTER (call->nr), GUINT_TO_POINTER (action));
  if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
    return QR_RULING_KILL;
  *code = (int) (action & SECCOMP_RET_DATA);
  return QR_RULING_REFUSE;
}

void
qr_record_merge (QrRecord *record, const QrSeccompProfile *other)
{
  const GArray *own = record->rules->rules;

  for (guint i = 0; i < other->rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (other->rules, QrSeccompRule, i);
      gboolean found = FALSE;

      for (guint j = 0; j < own->len; j++)
        {
          const QrSeccompRule *mine = &g_array_index (own, QrSeccompRule, j);

          if (qr_filter_lets_through (mine->action) && qr_filter_lets_through (rule->action)
              && (qr_seccomp_rule_covers (rule, mine) || qr_seccomp_rule_covers (mine, rule)))
            {
              use_rule (record, j);
              found = TRUE;
            }
        }
      if (!found && qr_filter_lets_through (record->rules->default_action)
          && qr_filter_lets_through (rule->action))
        g_hash_table_add (record->calls, GINT_TO_POINTER (rule->number));
    }
}

gboolean
qr_record_keep_ends (QrRecord *record, GError **error)
{
  g_auto (QrSeccompProfile) ends = { 0 };

  if (!qr_seccomp_recorded (&ends, error))
    return FALSE;
  qr_record_merge (record, &ends);
  return TRUE;
}

void
qr_record_profile (const QrRecord *record, QrSeccompProfile *out)
{
  const GArray *rules = record->rules->rules;
  GHashTableIter iterator;
  gpointer number;

  out->default_action = qr_filter_lets_through (record->rules->default_action)
                            ? SCMP_ACT_ERRNO (EPERM)
                            : record->rules->default_action;
  out->rules = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));
  for (guint i = 0; i < rules->len; i++)
    {
      QrSeccompRule rule = g_array_index (rules, QrSeccompRule, i);

      if (qr_filter_lets_through (rule.action) && !record->used[i])
        continue;
      if (rule.action == SCMP_ACT_LOG)
        rule.action = SCMP_ACT_ALLOW;
      g_array_append_val (out->rules, rule);
    }
  g_hash_table_iter_init (&iterator, record->calls);
  while (g_hash_table_iter_next (&iterator, &number, NULL))
    {
      QrSeccompRule rule = { .number = GPOINTER_TO_INT (number), .action = SCMP_ACT_ALLOW };

      if (rule.number >= 0 && rule.number < QR_SECCOMP_NUMBERS) /* of others the kernel has none */
        g_array_append_val (out->rules, rule);
    }
}

static gboolean
has_condition_on (const QrSeccompRule *rule, guint argument)
{
  for (guint i = 0; i < rule->n_args; i++)
    if (rule->args[i].arg == argument)
      return TRUE;
  return FALSE;
}

/* @rule where @condition does not hold: a rule for each other value of the masked bits. FALSE: that
 * cannot be said. */
static gboolean
append_others (const QrSeccompRule *rule, const struct scmp_arg_cmp *condition, GArray *out)
{
  const scmp_datum_t mask = condition->datum_a;

  if (condition->op != SCMP_CMP_MASKED_EQ || has_condition_on (rule, condition->arg)
      || __builtin_popcountll (mask) > OVERLAY_BITS_MAX)
    return FALSE;
  for (scmp_datum_t value = mask;; value = (value - 1) & mask)
    {
      QrSeccompRule other = *rule;

      if (value != condition->datum_b)
        {
          other.args[other.n_args]
              = (struct scmp_arg_cmp){ condition->arg, SCMP_CMP_MASKED_EQ, mask, value };
          other.n_args++;
          g_array_append_val (out, other);
        }
      if (value == 0)
        return TRUE;
    }
}

/* The rules of @from without what @refusal refuses. */
static gboolean
append_allowed (const GArray *from, const QrSeccompRule *refusal, GArray *out)
{
  for (guint i = 0; i < from->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (from, QrSeccompRule, i);

      if (rule->number != refusal->number || !qr_filter_lets_through (rule->action)
          || qr_seccomp_rules_exclude (rule, refusal))
        g_array_append_vals (out, rule, 1);
      else if (refusal->n_args > 1
               || (refusal->n_args == 1 && !append_others (rule, &refusal->args[0], out)))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_record_exclude (QrSeccompProfile *profile, const QrSeccompProfile *overlay, GError **error)
{
  for (guint i = 0; i < overlay->rules->len; i++)
    {
      const QrSeccompRule *refusal = &g_array_index (overlay->rules, QrSeccompRule, i);
      g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));

      if (qr_filter_lets_through (refusal->action) || refusal->number < 0)
        continue;
      if (!append_allowed (profile->rules, refusal, left))
        {
          qr_error_set (error, QR_STATUS_UNAVAILABLE, "overlay", NULL,
                        "record under a profile without overlays",
                        "what an overlay refuses cannot be said in one profile");
          return FALSE;
        }
      g_array_unref (profile->rules);
      profile->rules = g_steal_pointer (&left);
    }
  return TRUE;
}

char *
qr_record_nameless (const QrRecord *record)
{
  GString *out = g_string_new (NULL);
  GHashTableIter iterator;
  gpointer number;

  g_hash_table_iter_init (&iterator, record->calls);
  while (g_hash_table_iter_next (&iterator, &number, NULL))
    {
      g_autofree char *name
          = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), GPOINTER_TO_INT (number));

      if (name == NULL)
        g_string_append_printf (out, "%s%d", out->len == 0 ? "" : ", ", GPOINTER_TO_INT (number));
    }
  return g_string_free (out, FALSE);
}

char *
qr_record_refused (const QrRecord *record)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iterator;
  gpointer number, action;

  g_hash_table_iter_init (&iterator, record->refused);
  while (g_hash_table_iter_next (&iterator, &number, &action))
    {
      g_autofree char *name
          = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), GPOINTER_TO_INT (number));
      g_autofree char *what = qr_seccomp_action_text (GPOINTER_TO_UINT (action));

      g_ptr_array_add (texts, g_strdup_printf ("%s (%s)", name == NULL ? "?" : name, what));
    }
  qr_texts_sort (texts);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", ", (char **) texts->pdata);
}
