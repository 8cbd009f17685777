/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bpf-eval.h"

#include <linux/filter.h>
#include <stddef.h>
#include <string.h>

typedef struct
{
  const struct seccomp_data *data;
  guint32 a, x, scratch[BPF_MEMWORDS];
  BpfAnswer *answer;
  gboolean done;
} Machine;

static gboolean
load_word (Machine *machine, guint32 offset)
{
  if (offset % 4 != 0 || offset > sizeof *machine->data - 4)
    return FALSE;
  memcpy (&machine->a, (const char *) machine->data + offset, sizeof machine->a);
  machine->answer->arguments |= offset >= offsetof (struct seccomp_data, instruction_pointer);
  return TRUE;
}

static gboolean
calculate (Machine *machine, guint16 code, guint32 operand)
{
  switch (BPF_OP (code))
    {
    case BPF_ADD:
      machine->a += operand;
      return TRUE;
    case BPF_SUB:
      machine->a -= operand;
      return TRUE;
    case BPF_AND:
      machine->a &= operand;
      return TRUE;
    case BPF_OR:
      machine->a |= operand;
      return TRUE;
    case BPF_XOR:
      machine->a ^= operand;
      return TRUE;
    default:
      return FALSE; /* nothing that a filter of ours needs */
    }
}

/* The number of instructions to skip, or -1. */
static gint64
jump (const Machine *machine, const struct sock_filter *at, guint32 operand)
{
  switch (BPF_OP (at->code))
    {
    case BPF_JA:
      return at->k;
    case BPF_JEQ:
      return machine->a == operand ? at->jt : at->jf;
    case BPF_JGT:
      return machine->a > operand ? at->jt : at->jf;
    case BPF_JGE:
      return machine->a >= operand ? at->jt : at->jf;
    case BPF_JSET:
      return (machine->a & operand) != 0 ? at->jt : at->jf;
    default:
      return -1;
    }
}

static gboolean
move (Machine *machine, const struct sock_filter *at)
{
  switch (at->code)
    {
    case BPF_LD | BPF_IMM:
      machine->a = at->k;
      return TRUE;
    case BPF_LDX | BPF_IMM:
      machine->x = at->k;
      return TRUE;
    case BPF_MISC | BPF_TAX:
      machine->x = machine->a;
      return TRUE;
    case BPF_MISC | BPF_TXA:
      machine->a = machine->x;
      return TRUE;
    default:
      break;
    }
  if (at->k >= BPF_MEMWORDS)
    return FALSE;
  switch (at->code)
    {
    case BPF_LD | BPF_MEM:
      machine->a = machine->scratch[at->k];
      return TRUE;
    case BPF_LDX | BPF_MEM:
      machine->x = machine->scratch[at->k];
      return TRUE;
    case BPF_ST:
      machine->scratch[at->k] = machine->a;
      return TRUE;
    case BPF_STX:
      machine->scratch[at->k] = machine->x;
      return TRUE;
    default:
      return FALSE;
    }
}

/* Runs one instruction; @next is where the following one lies. */
static gboolean
step (Machine *machine, const struct sock_filter *at, gint64 *next)
{
  guint32 operand = BPF_SRC (at->code) == BPF_X ? machine->x : at->k;
  gint64 skip;

  if (at->code == (BPF_RET | BPF_K) || at->code == (BPF_RET | BPF_A))
    {
      machine->answer->action = at->code == (BPF_RET | BPF_K) ? at->k : machine->a;
      machine->done = TRUE;
      return TRUE;
    }
  if (at->code == (BPF_LD | BPF_W | BPF_ABS))
    return load_word (machine, at->k);
  if (BPF_CLASS (at->code) == BPF_ALU)
    return calculate (machine, at->code, operand);
  if (BPF_CLASS (at->code) != BPF_JMP)
    return move (machine, at);
  skip = jump (machine, at, operand);
  *next += skip;
  return skip >= 0;
}

gboolean
bpf_eval (const guint8 *bpf, gsize size, const struct seccomp_data *data, BpfAnswer *out)
{
  Machine machine = { .data = data, .answer = out };
  gsize n = size / sizeof (struct sock_filter);
  gint64 next = 0;

  *out = (BpfAnswer){ 0, FALSE };
  if (n == 0 || n > BPF_MAXINSNS || size % sizeof (struct sock_filter) != 0)
    return FALSE;
  while (!machine.done)
    {
      struct sock_filter at;

      if (next >= (gint64) n)
        return FALSE;
      memcpy (&at, bpf + (gsize) next * sizeof at, sizeof at);
      next++;
      if (!step (&machine, &at, &next))
        return FALSE;
    }
  return TRUE;
}
