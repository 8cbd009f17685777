/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-ladder.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

enum
{
  VALUES_MAX = 200, /* tests of them reach over all */
};

static void
emit (GArray *program, guint16 code, guint32 k)
{
  struct sock_filter instruction = BPF_STMT (code, k);

  g_array_append_val (program, instruction);
}

/* Leaves @rule where @value is not what it asks for; jumps are set when its end is known. */
static void
emit_half (GArray *program, guint32 offset, guint32 mask, guint32 value)
{
  struct sock_filter test = BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, 0, 0);

  emit (program, BPF_LD | BPF_W | BPF_ABS, offset);
  if (mask != G_MAXUINT32)
    emit (program, BPF_ALU | BPF_AND | BPF_K, mask);
  g_array_append_val (program, test);
}

/* Offsets of the two halves of an argument. */
static void
halves (guint argument, guint32 *high, guint32 *low)
{
  guint32 at = (guint32) (offsetof (struct seccomp_data, args) + argument * sizeof (guint64));

  *high = at + (G_BYTE_ORDER == G_LITTLE_ENDIAN ? 4 : 0);
  *low = at + (G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : 4);
}

static gboolean
is_of_order (enum scmp_compare op)
{
  return op == SCMP_CMP_LT || op == SCMP_CMP_LE || op == SCMP_CMP_GT || op == SCMP_CMP_GE;
}

/* The upper half decides where it is larger or less; where it is equal, the lower one does. */
static void
emit_order (GArray *program, const struct scmp_arg_cmp *arg)
{
  const gboolean or_equal = arg->op == SCMP_CMP_GE || arg->op == SCMP_CMP_LT;
  guint32 high, low;

  halves (arg->arg, &high, &low);
  emit (program, BPF_LD | BPF_W | BPF_ABS, high);
  emit (program, BPF_JMP | BPF_JGT | BPF_K, (guint32) (arg->datum_a >> 32));
  emit (program, BPF_JMP | BPF_JEQ | BPF_K, (guint32) (arg->datum_a >> 32));
  emit (program, BPF_LD | BPF_W | BPF_ABS, low);
  emit (program, BPF_JMP | (or_equal ? BPF_JGE : BPF_JGT) | BPF_K, (guint32) arg->datum_a);
}

/* Goes on behind the comparison where it holds, and to the end of the rule where not. A mask has
 * one bit at least. */
static void
emit_comparison (GArray *program, const struct scmp_arg_cmp *arg)
{
  const gboolean masked = arg->op == SCMP_CMP_MASKED_EQ;
  const guint64 mask = masked ? arg->datum_a : G_MAXUINT64;
  const guint64 value = masked ? arg->datum_b : arg->datum_a;
  guint32 high, low;

  if (is_of_order (arg->op))
    {
      emit_order (program, arg);
      return;
    }
  halves (arg->arg, &high, &low);
  if (mask >> 32 != 0)
    emit_half (program, high, (guint32) (mask >> 32), (guint32) (value >> 32));
  if ((guint32) mask != 0)
    emit_half (program, low, (guint32) mask, (guint32) value);
}

/* The tests of the comparison that begins at @first: both halves are equal, or not. */
static void
set_jumps (GArray *program, guint first, guint end, guint rule_end, gboolean negated)
{
  guint last = end - 1;

  for (guint at = first; at < end; at++)
    {
      struct sock_filter *test = &g_array_index (program, struct sock_filter, at);
      guint8 out = (guint8) (rule_end - at - 1), on = (guint8) (end - at - 1);

      if (BPF_CLASS (test->code) != BPF_JMP)
        continue;
      if (!negated)
        test->jf = out;
      else if (at == last)
        test->jt = out;
      else
        test->jf = on;
    }
}

/* The same for the three tests of emit_order(). @less: it holds for lesser values. */
static void
set_order_jumps (GArray *program, guint first, guint end, guint rule_end, gboolean less)
{
  struct sock_filter *above = &g_array_index (program, struct sock_filter, first + 1);
  struct sock_filter *same = above + 1, *last = above + 3;

  above->jt = (guint8) ((less ? rule_end : end) - first - 2);
  same->jf = (guint8) ((less ? end : rule_end) - first - 3);
  if (less)
    last->jt = (guint8) (rule_end - first - 5);
  else
    last->jf = (guint8) (rule_end - first - 5);
}

static void
emit_rule (GArray *program, const QrSeccompRule *rule)
{
  guint begins[QR_SECCOMP_ARGUMENTS + 1];
  guint end;

  for (guint i = 0; i < rule->n_args; i++)
    {
      begins[i] = program->len;
      emit_comparison (program, &rule->args[i]);
    }
  begins[rule->n_args] = program->len;
  emit (program, BPF_RET | BPF_K, rule->action);
  end = program->len;
  for (guint i = 0; i < rule->n_args; i++)
    {
      const enum scmp_compare op = rule->args[i].op;

      if (is_of_order (op))
        set_order_jumps (program, begins[i], begins[i + 1], end,
                         op == SCMP_CMP_LT || op == SCMP_CMP_LE);
      else
        set_jumps (program, begins[i], begins[i + 1], end, op == SCMP_CMP_NE);
    }
}

/* Whether @rule asks for one value of one argument and nothing else. */
static gboolean
wants_value (const QrSeccompRule *rule)
{
  return rule->n_args == 1 && rule->args[0].op == SCMP_CMP_EQ;
}

/* Whether two such rules differ in the lower half of the value alone. */
static gboolean
joins (const QrSeccompRule *one, const QrSeccompRule *other)
{
  return one->number == other->number && one->action == other->action
         && one->args[0].arg == other->args[0].arg
         && one->args[0].datum_a >> 32 == other->args[0].datum_a >> 32;
}

/* The rule at @index with all behind it that join it, which are taken: each half is loaded once. */
static void
emit_values (GArray *program, const GArray *rules, guint index, gboolean *taken)
{
  const QrSeccompRule *first = &g_array_index (rules, QrSeccompRule, index);
  const guint begin = program->len;
  guint32 high, low;
  guint n = 0, end;

  halves (first->args[0].arg, &high, &low);
  emit_half (program, high, G_MAXUINT32, (guint32) (first->args[0].datum_a >> 32));
  emit (program, BPF_LD | BPF_W | BPF_ABS, low);
  for (guint i = index; i < rules->len && n < VALUES_MAX; i++)
    {
      const QrSeccompRule *rule = &g_array_index (rules, QrSeccompRule, i);

      if (taken[i] || !wants_value (rule) || !joins (first, rule))
        continue;
      emit (program, BPF_JMP | BPF_JEQ | BPF_K, (guint32) rule->args[0].datum_a);
      taken[i] = TRUE;
      n++;
    }
  emit (program, BPF_RET | BPF_K, first->action);
  end = program->len;
  g_array_index (program, struct sock_filter, begin + 1).jf = (guint8) (end - begin - 2);
  for (guint i = 0; i < n; i++)
    g_array_index (program, struct sock_filter, end - 2 - i).jt = (guint8) i;
  g_array_index (program, struct sock_filter, end - 2).jf = 1;
}

GArray *
qr_seccomp_ladder (const GArray *rules, int number, guint32 default_action)
{
  GArray *program = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));
  g_autofree gboolean *taken = g_new0 (gboolean, rules->len);

  for (guint i = 0; i < rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (rules, QrSeccompRule, i);

      if (taken[i] || rule->number != number)
        continue;
      if (wants_value (rule))
        emit_values (program, rules, i, taken);
      else
        emit_rule (program, rule);
    }
  emit (program, BPF_RET | BPF_K, default_action);
  return program;
}
