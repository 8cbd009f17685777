/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "filter-shrink.h"

#include <linux/filter.h>

enum
{
  LONGEST = 256, /* a test jumps over 255 */
};

typedef struct
{
  struct sock_filter *code;
  guint n;
  guint returns[LONGEST]; /* the last of those that are alike, n_returns */
  guint n_returns;
  guint same[LONGEST];      /* at which instruction to go on instead */
  gboolean wanted[LONGEST]; /* something leads there */
  guint place[LONGEST];     /* where it goes to, if it is wanted */
} Shrink;

static gboolean
is_test (const struct sock_filter *instruction)
{
  return BPF_CLASS (instruction->code) == BPF_JMP && BPF_OP (instruction->code) != BPF_JA;
}

static gboolean
is_return (const struct sock_filter *instruction)
{
  return instruction->code == (BPF_RET | BPF_K);
}

/* Where instruction @at leads to, twice the same but for a test; that may be out of the filter.
 * Returns: FALSE where it ends */
static gboolean
find_next (const Shrink *shrink, guint at, guint two[2])
{
  const struct sock_filter *instruction = &shrink->code[at];

  two[0] = two[1] = at + 1;
  if (is_test (instruction))
    {
      two[0] += instruction->jt;
      two[1] += instruction->jf;
    }
  else if (BPF_CLASS (instruction->code) == BPF_JMP)
    two[0] = two[1] = at + 1 + MIN (instruction->k, shrink->n);
  return BPF_CLASS (instruction->code) != BPF_RET;
}

/* The last return of the filter that is as the one @at; those behind it were looked at. */
static guint
last_return (Shrink *shrink, guint at)
{
  for (guint i = 0; i < shrink->n_returns; i++)
    if (shrink->code[shrink->returns[i]].k == shrink->code[at].k)
      return shrink->returns[i];
  return shrink->returns[shrink->n_returns++] = at;
}

/* Whether instruction @at does nothing that matters before it comes to @next. */
static gboolean
is_idle (const Shrink *shrink, guint at, guint next)
{
  return BPF_CLASS (shrink->code[at].code) == BPF_JMP || is_return (&shrink->code[next]);
}

/* FALSE where something leads out of the filter. */
static gboolean
find_same (Shrink *shrink)
{
  for (guint at = shrink->n; at-- > 0;)
    {
      guint two[2];

      shrink->same[at] = is_return (&shrink->code[at]) ? last_return (shrink, at) : at;
      if (!find_next (shrink, at, two))
        continue;
      if (two[0] >= shrink->n || two[1] >= shrink->n)
        return FALSE;
      if (shrink->same[two[0]] == shrink->same[two[1]]
          && is_idle (shrink, at, shrink->same[two[0]]))
        shrink->same[at] = shrink->same[two[0]];
    }
  return TRUE;
}

/* Whether a jump has to stand behind instruction @at, because another one now comes there than it
 * leads to. What is wanted before @at has to be known. */
static gboolean
needs_jump (const Shrink *shrink, guint at)
{
  const guint16 kind = BPF_CLASS (shrink->code[at].code);

  if (kind == BPF_JMP || kind == BPF_RET)
    return FALSE;
  for (guint other = at + 1; other < shrink->same[at + 1]; other++)
    if (shrink->wanted[other])
      return TRUE;
  return FALSE;
}

/* Returns: the number of instructions that are left */
static guint
find_places (Shrink *shrink)
{
  guint n = 0, two[2];

  shrink->wanted[shrink->same[0]] = TRUE;
  for (guint at = 0; at < shrink->n; at++)
    {
      if (!shrink->wanted[at])
        continue;
      if (find_next (shrink, at, two))
        shrink->wanted[shrink->same[two[0]]] = shrink->wanted[shrink->same[two[1]]] = TRUE;
      shrink->place[at] = n;
      n += needs_jump (shrink, at) ? 2 : 1;
    }
  return n;
}

static guint
distance (const Shrink *shrink, guint from, guint to)
{
  return shrink->place[shrink->same[to]] - from - 1;
}

/* Each goes to its own place or before it, so that what is read was not yet written over. */
static void
move (Shrink *shrink)
{
  for (guint at = 0; at < shrink->n; at++)
    {
      struct sock_filter instruction = shrink->code[at];
      const guint place = shrink->place[at];
      gboolean jumps;
      guint two[2];

      if (!shrink->wanted[at])
        continue;
      jumps = needs_jump (shrink, at);
      if (find_next (shrink, at, two) && is_test (&instruction))
        {
          instruction.jt = (guint8) distance (shrink, place, two[0]);
          instruction.jf = (guint8) distance (shrink, place, two[1]);
        }
      shrink->code[place] = instruction;
      if (jumps)
        shrink->code[place + 1] = (struct sock_filter) BPF_STMT (
            BPF_JMP | BPF_JA, distance (shrink, place + 1, at + 1));
    }
}

gsize
qr_filter_shrink (guint8 *bpf, gsize size)
{
  Shrink shrink = { .code = (gpointer) bpf, .n = (guint) (size / sizeof *shrink.code) };
  guint n;

  if (size / sizeof *shrink.code > LONGEST || size == 0 || !find_same (&shrink))
    return size;
  n = find_places (&shrink);
  move (&shrink);
  return n * sizeof *shrink.code;
}
