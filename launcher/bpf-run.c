/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bpf-run.h"

#include <linux/filter.h>
#include <string.h>

typedef struct
{
  guint32 a, x, memory[BPF_MEMWORDS];
  const struct seccomp_data *data;
} Machine;

static gboolean
load (Machine *machine, const struct sock_filter *instruction)
{
  guint32 *to = BPF_CLASS (instruction->code) == BPF_LDX ? &machine->x : &machine->a;

  switch (BPF_MODE (instruction->code))
    {
    case BPF_ABS:
      if (instruction->k % sizeof (guint32) != 0 || instruction->k >= sizeof *machine->data)
        return FALSE;
      memcpy (to, (const guint8 *) machine->data + instruction->k, sizeof *to);
      return TRUE;
    case BPF_IMM:
      *to = instruction->k;
      return TRUE;
    case BPF_MEM:
      if (instruction->k >= BPF_MEMWORDS)
        return FALSE;
      *to = machine->memory[instruction->k];
      return TRUE;
    case BPF_LEN:
      *to = sizeof *machine->data;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
store (Machine *machine, const struct sock_filter *instruction)
{
  if (instruction->k >= BPF_MEMWORDS)
    return FALSE;
  machine->memory[instruction->k]
      = BPF_CLASS (instruction->code) == BPF_STX ? machine->x : machine->a;
  return TRUE;
}

static guint32
operand (const Machine *machine, const struct sock_filter *instruction)
{
  return BPF_SRC (instruction->code) == BPF_X ? machine->x : instruction->k;
}

static gboolean
calculate (Machine *machine, const struct sock_filter *instruction)
{
  guint32 by = operand (machine, instruction);

  switch (BPF_OP (instruction->code))
    {
    case BPF_ADD:
      machine->a += by;
      return TRUE;
    case BPF_SUB:
      machine->a -= by;
      return TRUE;
    case BPF_MUL:
      machine->a *= by;
      return TRUE;
    case BPF_DIV:
      machine->a = by == 0 ? 0 : machine->a / by;
      return by != 0;
    case BPF_AND:
      machine->a &= by;
      return TRUE;
    case BPF_OR:
      machine->a |= by;
      return TRUE;
    case BPF_XOR:
      machine->a ^= by;
      return TRUE;
    case BPF_LSH:
      machine->a = by < 32 ? machine->a << by : 0;
      return TRUE;
    case BPF_RSH:
      machine->a = by < 32 ? machine->a >> by : 0;
      return TRUE;
    case BPF_NEG:
      machine->a = -machine->a;
      return TRUE;
    default:
      return FALSE;
    }
}

/* How many instructions are passed over; FALSE: there is no such jump. */
static gboolean
jump (const Machine *machine, const struct sock_filter *instruction, gsize *over)
{
  guint32 with = operand (machine, instruction);
  gboolean holds;

  switch (BPF_OP (instruction->code))
    {
    case BPF_JA:
      *over = instruction->k;
      return TRUE;
    case BPF_JEQ:
      holds = machine->a == with;
      break;
    case BPF_JGT:
      holds = machine->a > with;
      break;
    case BPF_JGE:
      holds = machine->a >= with;
      break;
    case BPF_JSET:
      holds = (machine->a & with) != 0;
      break;
    default:
      return FALSE;
    }
  *over = holds ? instruction->jt : instruction->jf;
  return TRUE;
}

static gboolean
move (Machine *machine, const struct sock_filter *instruction)
{
  if (BPF_MISCOP (instruction->code) == BPF_TAX)
    machine->x = machine->a;
  else
    machine->a = machine->x;
  return TRUE;
}

/* All but jumps and returns. */
static gboolean
step (Machine *machine, const struct sock_filter *instruction)
{
  switch (BPF_CLASS (instruction->code))
    {
    case BPF_LD:
    case BPF_LDX:
      return load (machine, instruction);
    case BPF_ST:
    case BPF_STX:
      return store (machine, instruction);
    case BPF_ALU:
      return calculate (machine, instruction);
    default:
      return move (machine, instruction);
    }
}

guint32
qr_bpf_run (const guint8 *bpf, gsize size, const struct seccomp_data *data)
{
  Machine machine = { .data = data };
  struct sock_filter instruction;
  gboolean good = TRUE;

  for (gsize at = 0; good && at < size / sizeof instruction; at++)
    {
      gsize over = 0;

      memcpy (&instruction, bpf + at * sizeof instruction, sizeof instruction);
      if (BPF_CLASS (instruction.code) == BPF_RET)
        return BPF_RVAL (instruction.code) == BPF_A ? machine.a : instruction.k;
      good = BPF_CLASS (instruction.code) == BPF_JMP ? jump (&machine, &instruction, &over)
                                                     : step (&machine, &instruction);
      at += over;
    }
  return SECCOMP_RET_KILL_PROCESS;
}

guint32
qr_bpf_stricter (guint32 one, guint32 two)
{
  return (gint32) (two & SECCOMP_RET_ACTION_FULL) < (gint32) (one & SECCOMP_RET_ACTION_FULL) ? two
                                                                                             : one;
}
