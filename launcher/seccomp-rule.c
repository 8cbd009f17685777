/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-rule.h"

enum
{
  RULE_COST = 3,       /* two tests of the tree, return */
  COMPARISON_COST = 8, /* two halves of load, mask and test, and a share of far jumps */
};

gboolean
qr_seccomp_holds (const struct scmp_arg_cmp *arg, guint64 value)
{
  switch ((guint) arg->op)
    {
    case SCMP_CMP_EQ:
      return value == arg->datum_a;
    case SCMP_CMP_NE:
      return value != arg->datum_a;
    case SCMP_CMP_LT:
      return value < arg->datum_a;
    case SCMP_CMP_LE:
      return value <= arg->datum_a;
    case SCMP_CMP_GT:
      return value > arg->datum_a;
    case SCMP_CMP_GE:
      return value >= arg->datum_a;
    default:
      return (value & arg->datum_a) == arg->datum_b;
    }
}

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

/* The least and the largest value for which a comparison holds. */
static void
find_range (const struct scmp_arg_cmp *arg, guint64 *least, guint64 *largest)
{
  *least = 0;
  *largest = G_MAXUINT64;
  switch ((guint) arg->op)
    {
    case SCMP_CMP_EQ:
      *least = *largest = arg->datum_a;
      break;
    case SCMP_CMP_LT:
      *largest = arg->datum_a - 1;
      break;
    case SCMP_CMP_LE:
      *largest = arg->datum_a;
      break;
    case SCMP_CMP_GT:
      *least = arg->datum_a + 1;
      break;
    case SCMP_CMP_GE:
      *least = arg->datum_a;
      break;
    case SCMP_CMP_MASKED_EQ:
      *least = arg->datum_b;
      *largest = arg->datum_b | ~arg->datum_a;
      break;
    default:
      break;
    }
}

/* Whether @one wants the value that @two does not. */
static gboolean
wants_unwanted (const struct scmp_arg_cmp *one, const struct scmp_arg_cmp *two)
{
  guint64 least, largest;

  find_range (one, &least, &largest);
  return two->op == SCMP_CMP_NE && least == largest && least == two->datum_a;
}

static gboolean
are_apart (const struct scmp_arg_cmp *one, const struct scmp_arg_cmp *two)
{
  guint64 least, largest, other_least, other_largest;

  find_range (one, &least, &largest);
  find_range (two, &other_least, &other_largest);
  return largest < other_least || other_largest < least;
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
            && (((compared_value (a) ^ compared_value (b)) & both) != 0 || are_apart (a, b)
                || wants_unwanted (a, b) || wants_unwanted (b, a)))
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
  guint64 least, largest, from, to;

  if (is_same (condition, given))
    return TRUE;
  if (given->arg != condition->arg)
    return FALSE;
  find_range (given, &least, &largest);
  find_range (condition, &from, &to);
  if (condition->op == SCMP_CMP_MASKED_EQ)
    return least == largest && qr_seccomp_holds (condition, least);
  if (condition->op == SCMP_CMP_NE)
    return condition->datum_a < least || condition->datum_a > largest;
  return from <= least && largest <= to;
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
