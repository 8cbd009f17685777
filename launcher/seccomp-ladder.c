/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-ladder.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

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

/* Goes on behind the comparison where it holds, and to the end of the rule where not. A mask has
 * one bit at least. */
static void
emit_comparison (GArray *program, const struct scmp_arg_cmp *arg)
{
  const gboolean masked = arg->op == SCMP_CMP_MASKED_EQ;
  const guint64 mask = masked ? arg->datum_a : G_MAXUINT64;
  const guint64 value = masked ? arg->datum_b : arg->datum_a;
  guint32 high, low;

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
    set_jumps (program, begins[i], begins[i + 1], end, rule->args[i].op == SCMP_CMP_NE);
}

GArray *
qr_seccomp_ladder (const GArray *rules, int number, guint32 default_action)
{
  GArray *program = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  for (guint i = 0; i < rules->len; i++)
    if (g_array_index (rules, QrSeccompRule, i).number == number)
      emit_rule (program, &g_array_index (rules, QrSeccompRule, i));
  emit (program, BPF_RET | BPF_K, default_action);
  return program;
}
