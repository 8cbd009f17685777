/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-parts.h"

#include "filter-parts.h"

static gboolean
does_not_fit (const QrSeccompRule *rule, const char *why, GError **error)
{
  g_autofree char *name = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), rule->number);

  qr_error_set (error, QR_STATUS_INTERNAL, "seccomp-parts", NULL, NULL,
                "a part's rule for \"%s\" %s", name == NULL ? "?" : name, why);
  return FALSE;
}

static gboolean
same_call (const QrSeccompRule *one, const QrSeccompRule *two)
{
  return one->number == two->number && qr_seccomp_rules_compare_alike (one, two);
}

/* Whether the profile allows what @rule does, without a part. */
static gboolean
is_allowed (const QrSeccompProfile *profile, const QrSeccompRule *rule)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *own = &g_array_index (profile->rules, QrSeccompRule, i);

      if (own->action == SCMP_ACT_ALLOW && qr_seccomp_rule_covers (own, rule))
        return TRUE;
    }
  return FALSE;
}

/* Rules of the parts; "action" is the set of parts that have them. */
static gboolean
collect (const QrSeccompProfile *profile, const QrSeccompProfile *part, guint index, GArray *extra,
         GError **error)
{
  for (guint i = 0; i < part->rules->len; i++)
    {
      QrSeccompRule rule = g_array_index (part->rules, QrSeccompRule, i);
      guint at = 0;

      if (rule.action != SCMP_ACT_ALLOW)
        return does_not_fit (&rule, "does more than allow it", error);
      if (qr_filter_is_exec (rule.number))
        return does_not_fit (&rule, "lets programs be executed", error);
      if (rule.number < 0 || is_allowed (profile, &rule))
        continue;
      while (at < extra->len && !same_call (&g_array_index (extra, QrSeccompRule, at), &rule))
        at++;
      rule.action = 0;
      if (at == extra->len)
        g_array_append_val (extra, rule);
      g_array_index (extra, QrSeccompRule, at).action |= 1u << index;
    }
  return TRUE;
}

/* The action that stands for @set. */
static guint32
stand_in (GArray *sets, guint32 set)
{
  guint at = 0;

  while (at < sets->len && g_array_index (sets, guint32, at) != set)
    at++;
  if (at == sets->len)
    g_array_append_val (sets, set);
  return SCMP_ACT_ERRNO (QR_FILTER_SETS_FIRST + at);
}

static gboolean
check_rule (const QrSeccompProfile *profile, const GArray *rules, const QrSeccompRule *rule,
            GError **error)
{
  for (guint i = 0; i < rules->len; i++)
    {
      const QrSeccompRule *other = &g_array_index (rules, QrSeccompRule, i);

      if (qr_seccomp_rules_contradict (other, rule, profile->default_action))
        return does_not_fit (rule, "does not go with the others", error);
    }
  return TRUE;
}

gboolean
qr_seccomp_build_parts (const QrSeccompProfile *profile, const QrSeccompProfile *parts,
                        guint n_parts, guint8 **bpf, gsize *size, GArray *sets, GError **error)
{
  g_autoptr (GArray) rules = g_array_copy (profile->rules);
  g_autoptr (GArray) extra = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));

  for (guint i = 0; i < n_parts; i++)
    if (!collect (profile, &parts[i], i, extra, error))
      return FALSE;
  for (guint i = 0; i < extra->len; i++)
    {
      QrSeccompRule rule = g_array_index (extra, QrSeccompRule, i);

      rule.action = stand_in (sets, rule.action);
      if (!check_rule (profile, rules, &rule, error))
        return FALSE;
      g_array_append_val (rules, rule);
    }
  if (sets->len > QR_FILTER_SETS_MAX)
    return does_not_fit (&g_array_index (rules, QrSeccompRule, 0), "is one of too many", error);
  return qr_seccomp_build (profile->default_action, (gconstpointer) rules->data, rules->len, bpf,
                           size, error);
}
