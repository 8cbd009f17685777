/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-rule.h"

enum
{
  RULE_COST = 3,       /* two tests of the tree, return */
  COMPARISON_COST = 8, /* two halves of load, mask and test, and a share of far jumps */
};

guint
qr_seccomp_rule_cost (const QrSeccompRule *rule)
{
  return RULE_COST + COMPARISON_COST * rule->n_args;
}

/* The bits of the argument that a comparison looks at, when it asks for one value of them. */
static guint64
compared_bits (const struct scmp_arg_cmp *arg)
{
  if (arg->op == SCMP_CMP_EQ)
    return G_MAXUINT64;
  return arg->op == SCMP_CMP_MASKED_EQ ? arg->datum_a : 0;
}

static guint64
compared_value (const struct scmp_arg_cmp *arg)
{
  return arg->op == SCMP_CMP_EQ ? arg->datum_a : arg->datum_b;
}

/* Whether @one wants the value that @two does not. */
static gboolean
wants_unwanted (const struct scmp_arg_cmp *one, const struct scmp_arg_cmp *two)
{
  return two->op == SCMP_CMP_NE && compared_bits (one) == G_MAXUINT64
         && compared_value (one) == two->datum_a;
}

gboolean
qr_seccomp_rules_exclude (const QrSeccompRule *one, const QrSeccompRule *two)
{
  for (guint i = 0; i < one->n_args; i++)
    for (guint j = 0; j < two->n_args; j++)
      {
        const struct scmp_arg_cmp *a = &one->args[i], *b = &two->args[j];
        guint64 both = compared_bits (a) & compared_bits (b);

        if (a->arg == b->arg
            && (((compared_value (a) ^ compared_value (b)) & both) != 0 || wants_unwanted (a, b)
                || wants_unwanted (b, a)))
          return TRUE;
      }
  return FALSE;
}

/* Whether @one only says what holds where @two does not apply. */
static gboolean
rule_is_remainder (const QrSeccompRule *one, const QrSeccompRule *two, guint32 default_action)
{
  return one->n_args == 0 && one->action == default_action && two->n_args > 0;
}

gboolean
qr_seccomp_rules_contradict (const QrSeccompRule *one, const QrSeccompRule *two,
                             guint32 default_action)
{
  return one->number == two->number && one->action != two->action
         && !qr_seccomp_rules_exclude (one, two) && !rule_is_remainder (one, two, default_action)
         && !rule_is_remainder (two, one, default_action);
}

static gboolean
is_same (const struct scmp_arg_cmp *one, const struct scmp_arg_cmp *two)
{
  return one->arg == two->arg && one->op == two->op && one->datum_a == two->datum_a
         && (one->op != SCMP_CMP_MASKED_EQ || one->datum_b == two->datum_b);
}

gboolean
qr_seccomp_rules_compare_alike (const QrSeccompRule *one, const QrSeccompRule *two)
{
  if (one->n_args != two->n_args)
    return FALSE;
  for (guint i = 0; i < one->n_args; i++)
    if (!is_same (&one->args[i], &two->args[i]))
      return FALSE;
  return TRUE;
}

/* Whether @condition holds wherever @given does. */
static gboolean
follows (const struct scmp_arg_cmp *condition, const struct scmp_arg_cmp *given)
{
  if (is_same (condition, given))
    return TRUE;
  if (given->arg != condition->arg || given->op != SCMP_CMP_EQ)
    return FALSE;
  if (condition->op == SCMP_CMP_MASKED_EQ)
    return (given->datum_a & condition->datum_a) == condition->datum_b;
  return (given->datum_a == condition->datum_a) == (condition->op == SCMP_CMP_EQ);
}

gboolean
qr_seccomp_rule_covers (const QrSeccompRule *wider, const QrSeccompRule *rule)
{
  if (wider->number != rule->number)
    return FALSE;
  for (guint i = 0; i < wider->n_args; i++)
    {
      guint j = 0;

      while (j < rule->n_args && !follows (&wider->args[i], &rule->args[j]))
        j++;
      if (j == rule->n_args)
        return FALSE;
    }
  return TRUE;
}
