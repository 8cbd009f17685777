/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of two comparisons is true of every value. */
#include "config.h"

#include "seccomp-rule.h"

#define HIGH G_GUINT64_CONSTANT (0x100000000)

static const enum scmp_compare operators[]
    = { SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_MASKED_EQ, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GT, SCMP_CMP_GE };

/* Some to compare with, and some more for the argument. */
static const guint64 values[]
    = { 1, 2, 3, 6, HIGH - 2, HIGH, HIGH | 5, G_MAXUINT64 - 3, G_MAXUINT64 - 1, 0, 4, 5, 7, HIGH - 1, HIGH | 4, HIGH | 6, G_MAXUINT64 - 2, G_MAXUINT64 };

enum
{
  COMPARED = 9,
  ALL = G_N_ELEMENTS (values),
};

/* Whether @arg holds for @value, said in another way than the module's. */
static gboolean
holds (const struct scmp_arg_cmp *arg, guint64 value)
{
  const gboolean less = value < arg->datum_a, same = value == arg->datum_a;

  switch ((guint) arg->op)
    {
    case SCMP_CMP_EQ:
      return same;
    case SCMP_CMP_NE:
      return !same;
    case SCMP_CMP_LT:
      return less;
    case SCMP_CMP_LE:
      return less || same;
    case SCMP_CMP_GT:
      return !less && !same;
    case SCMP_CMP_GE:
      return !less;
    default:
      return ((value ^ arg->datum_b) & arg->datum_a) == 0;
    }
}

/* All rules of one comparison of argument 2. (transfer full) */
static GArray *
all_rules (void)
{
  GArray *rules = g_array_new (FALSE, TRUE, sizeof (QrSeccompRule));

  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    for (guint j = 0; j < COMPARED; j++)
      for (guint k = 0; k < (operators[i] == SCMP_CMP_MASKED_EQ ? COMPARED : 1); k++)
        {
          QrSeccompRule rule = { .number = 7, .action = SCMP_ACT_ALLOW, .n_args = 1 };

          rule.args[0] = (struct scmp_arg_cmp){ 2, operators[i], values[j], 0 };
          if (operators[i] == SCMP_CMP_MASKED_EQ)
            rule.args[0].datum_b = values[j] & values[k];
          g_array_append_val (rules, rule);
        }
  return rules;
}

static void
test_holds (void)
{
  g_autoptr (GArray) rules = all_rules ();

  for (guint i = 0; i < rules->len; i++)
    for (guint j = 0; j < ALL; j++)
      {
        const struct scmp_arg_cmp *arg = &g_array_index (rules, QrSeccompRule, i).args[0];

        g_assert_cmpint (qr_seccomp_holds (arg, values[j]), ==, holds (arg, values[j]));
      }
}

static gboolean
is_masked (const QrSeccompRule *rule)
{
  return rule->args[0].op == SCMP_CMP_MASKED_EQ;
}

/* What no value tells otherwise may be unknown to the module, of masks only. */
static void
test_pairs (void)
{
  g_autoptr (GArray) rules = all_rules ();

  for (guint i = 0; i < rules->len; i++)
    for (guint j = 0; j < rules->len; j++)
      {
        const QrSeccompRule *one = &g_array_index (rules, QrSeccompRule, i);
        const QrSeccompRule *two = &g_array_index (rules, QrSeccompRule, j);
        const gboolean exclude = qr_seccomp_rules_exclude (one, two), covers = qr_seccomp_rule_covers (one, two);
        gboolean meet = FALSE, left = FALSE;

        for (guint k = 0; k < ALL; k++)
          {
            meet |= holds (&one->args[0], values[k]) && holds (&two->args[0], values[k]);
            left |= !holds (&one->args[0], values[k]) && holds (&two->args[0], values[k]);
          }
        g_assert_false (exclude && meet);
        g_assert_false (covers && left);
        if (!is_masked (one) && !is_masked (two))
          {
            g_assert_true (exclude || meet);
            g_assert_true (covers || left);
          }
      }
}

static void
test_contradict (void)
{
  QrSeccompRule one = { .number = 7, .action = SCMP_ACT_ALLOW, .n_args = 1 };
  QrSeccompRule two = { .number = 7, .action = SCMP_ACT_KILL_PROCESS, .n_args = 1 };

  one.args[0] = (struct scmp_arg_cmp){ 0, SCMP_CMP_LT, 40, 0 };
  two.args[0] = (struct scmp_arg_cmp){ 0, SCMP_CMP_GE, 40, 0 };
  g_assert_false (qr_seccomp_rules_contradict (&one, &two, SCMP_ACT_ERRNO (1)));
  two.args[0].datum_a = 39;
  g_assert_true (qr_seccomp_rules_contradict (&one, &two, SCMP_ACT_ERRNO (1)));
  two.args[0].arg = 1;
  g_assert_true (qr_seccomp_rules_contradict (&one, &two, SCMP_ACT_ERRNO (1)));
  two.action = one.action;
  g_assert_false (qr_seccomp_rules_contradict (&one, &two, SCMP_ACT_ERRNO (1)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seccomp-rule/holds", test_holds);
  g_test_add_func ("/seccomp-rule/pairs", test_pairs);
  g_test_add_func ("/seccomp-rule/contradict", test_contradict);
  return g_test_run ();
}
