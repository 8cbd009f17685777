/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of one call, in any mix: the program answers what they mean, for all values that they
 * name, those beside them, and those that differ in the upper half. */
#include "config.h"

#include "seccomp-ladder.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bpf-eval.h"

enum
{
  CALL = 7,
  OTHER = 8,
  ROUNDS = 3000,
};

/* What the rules mean. */
static guint32
meaning (const GArray *rules, const struct seccomp_data *data)
{
  for (guint i = 0; i < rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (rules, QrSeccompRule, i);
      gboolean holds = rule->number == CALL;

      for (guint j = 0; j < rule->n_args && holds; j++)
        {
          const struct scmp_arg_cmp *arg = &rule->args[j];
          const guint64 value = data->args[arg->arg];

          holds = arg->op == SCMP_CMP_EQ   ? value == arg->datum_a
                  : arg->op == SCMP_CMP_NE ? value != arg->datum_a
                  : arg->op == SCMP_CMP_LT ? value < arg->datum_a
                  : arg->op == SCMP_CMP_LE ? value <= arg->datum_a
                  : arg->op == SCMP_CMP_GT ? value > arg->datum_a
                  : arg->op == SCMP_CMP_GE ? value >= arg->datum_a
                                           : (value & arg->datum_a) == arg->datum_b;
        }
      if (holds)
        return rule->action;
    }
  return SECCOMP_RET_KILL_PROCESS;
}

static void
check (const GArray *rules, const struct seccomp_data *data)
{
  g_autoptr (GArray) program = qr_seccomp_ladder (rules, CALL, SECCOMP_RET_KILL_PROCESS);
  BpfAnswer answer;

  g_assert_true (bpf_eval ((const guint8 *) program->data, program->len * sizeof (struct sock_filter), data, &answer));
  g_assert_cmphex (answer.action, ==, meaning (rules, data));
}

/* All arguments that matter. */
static void
check_all (const GArray *rules)
{
  struct seccomp_data data = { .nr = CALL, .arch = AUDIT_ARCH_X86_64 };

  for (guint i = 0; i < rules->len; i++)
    for (guint j = 0; j < g_array_index (rules, QrSeccompRule, i).n_args; j++)
      {
        const struct scmp_arg_cmp *arg = &g_array_index (rules, QrSeccompRule, i).args[j];

        for (gint64 near = -1; near <= 1; near++)
          for (guint64 high = 0; high < 3; high++)
            {
              data.args[arg->arg] = (arg->datum_a + (guint64) near) ^ high << 32;
              check (rules, &data);
            }
      }
  data.args[0] = data.args[1] = G_MAXUINT64;
  check (rules, &data);
}

static void
add (GArray *rules, int number, guint argument, enum scmp_compare op, guint64 value)
{
  QrSeccompRule rule = { .number = number, .action = SECCOMP_RET_ALLOW, .n_args = 1 };

  rule.args[0] = (struct scmp_arg_cmp){ argument, op, value, op == SCMP_CMP_MASKED_EQ ? value : 0 };
  g_array_append_val (rules, rule);
}

static GArray *
rules_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (QrSeccompRule));
}

static void
test_values (gconstpointer data)
{
  const guint n = GPOINTER_TO_UINT (data);
  g_autoptr (GArray) rules = rules_new ();

  for (guint i = 0; i < n; i++)
    add (rules, CALL, 0, SCMP_CMP_EQ, 2 * i);
  check_all (rules);
}

/* Loads are shared: the filter is no longer than it must be. */
static void
test_length (void)
{
  g_autoptr (GArray) rules = rules_new (), program = NULL;

  for (guint i = 0; i < 10; i++)
    {
      add (rules, CALL, 2, SCMP_CMP_EQ, i * 3);
      add (rules, OTHER, 2, SCMP_CMP_EQ, i);
    }
  program = qr_seccomp_ladder (rules, CALL, SECCOMP_RET_KILL_PROCESS);
  g_assert_cmpuint (program->len, ==, 2 + 1 + 10 + 2);
}

/* Of two arguments, both halves, all operators, and rules of another call between them. */
static void
test_mixed (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  static const enum scmp_compare operators[]
      = { SCMP_CMP_EQ, SCMP_CMP_EQ, SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_MASKED_EQ,
          SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GT, SCMP_CMP_GE };

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GArray) rules = rules_new ();
      const gint n = g_rand_int_range (random, 1, 9);

      for (gint i = 0; i < n; i++)
        {
          const guint64 low = (guint64) g_rand_int_range (random, 1, 6);
          const guint64 high = (guint64) g_rand_int_range (random, 0, 2) << 32;

          add (rules, g_rand_int_range (random, 0, 5) == 0 ? OTHER : CALL, (guint) g_rand_int_range (random, 0, 2),
               operators[g_rand_int_range (random, 0, G_N_ELEMENTS (operators))], high | low);
          if (g_rand_int_range (random, 0, 4) == 0)
            {
              QrSeccompRule *last = &g_array_index (rules, QrSeccompRule, rules->len - 1);

              last->args[last->n_args++] = (struct scmp_arg_cmp){
                1 - last->args[0].arg, g_rand_boolean (random) ? SCMP_CMP_EQ : SCMP_CMP_GE, low, 0
              };
            }
        }
      check_all (rules);
    }
}

/* Both halves at their edges, by each comparison of order alone and before another one. */
static void
test_order (void)
{
  static const guint32 edges[] = { 0, 1, 0x7fffffff, 0x80000000, G_MAXUINT32 };
  static const enum scmp_compare orders[] = { SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GT, SCMP_CMP_GE };
  const guint n = G_N_ELEMENTS (edges);

  for (guint i = 0; i < n * n * G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (GArray) rules = rules_new ();
      QrSeccompRule *rule;

      add (rules, CALL, 0, orders[i / (n * n)], (guint64) edges[i / n % n] << 32 | edges[i % n]);
      check_all (rules);
      rule = &g_array_index (rules, QrSeccompRule, 0);
      rule->args[rule->n_args++] = (struct scmp_arg_cmp){ 1, SCMP_CMP_LT, 3, 0 };
      check_all (rules);
    }
}

int
main (int argc, char **argv)
{
  static const guint numbers[] = { 1, 2, 3, 199, 200, 201, 450 };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-ladder/values/%u", numbers[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (numbers[i]), test_values);
    }
  g_test_add_func ("/seccomp-ladder/length", test_length);
  g_test_add_func ("/seccomp-ladder/mixed", test_mixed);
  g_test_add_func ("/seccomp-ladder/order", test_order);
  return g_test_run ();
}
