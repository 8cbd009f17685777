/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-tree.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

enum
{
  REACH = 250, /* of a test is 255; some instructions may still come between */
};

/* The program is written from its end, so that each test knows where it goes to. A place is an
 * index into "code", which is turned round when all is written. */
typedef struct
{
  const QrSeccompRange *ranges;
  guint n;
  guint32 tried;
  GArray *code;       /* struct sock_filter */
  GHashTable *places; /* of code that ranges share: GArray to its newest place and 1 */
} Tree;

static guint
push (Tree *tree, struct sock_filter instruction)
{
  g_array_append_val (tree->code, instruction);
  return tree->code->len - 1;
}

/* What the next instruction has to skip to get to @place. */
static guint
distance (const Tree *tree, guint place)
{
  return tree->code->len - 1 - place;
}

static guint
push_jump (Tree *tree, guint place)
{
  return push (tree, (struct sock_filter) BPF_STMT (BPF_JMP | BPF_JA, distance (tree, place)));
}

/* @place, or another that does the same and that a test reaches. */
static guint
near (Tree *tree, guint place)
{
  const struct sock_filter at = g_array_index (tree->code, struct sock_filter, place);

  if (distance (tree, place) <= REACH)
    return place;
  return BPF_CLASS (at.code) == BPF_RET ? push (tree, at) : push_jump (tree, place);
}

static guint
leaf (Tree *tree, const GArray *code)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (tree->places, code));

  if (place > 0)
    place = near (tree, place - 1);
  else
    {
      for (guint i = code->len; i > 0; i--)
        push (tree, g_array_index (code, struct sock_filter, i - 1));
      place = tree->code->len - 1;
    }
  g_hash_table_insert (tree->places, (gpointer) code, GUINT_TO_POINTER (place + 1));
  return place;
}

/* Of the calls before range @at, how many count. */
static guint32
weight (const Tree *tree, guint at)
{
  return at < tree->n ? MIN (tree->ranges[at].first, tree->tried) : tree->tried;
}

/* Where the weights of the ranges from @low to before @high are the most even on both sides. */
static guint
middle (const Tree *tree, guint low, guint high)
{
  guint best = (low + high) / 2;
  guint32 least = weight (tree, high) - weight (tree, low);

  for (guint at = low + 1; at < high; at++)
    {
      guint32 left = weight (tree, at) - weight (tree, low);
      guint32 right = weight (tree, high) - weight (tree, at);
      guint32 uneven = left > right ? left - right : right - left;

      if (uneven < least)
        {
          least = uneven;
          best = at;
        }
    }
  return best;
}

/* The ranges from @low to before @high. Returns: the place */
static guint
branch (Tree *tree, guint low, guint high)
{
  guint at, left, right;

  if (high - low == 1)
    return leaf (tree, tree->ranges[low].code);
  at = middle (tree, low, high);
  right = branch (tree, at, high);
  left = branch (tree, low, at);
  right = near (tree, right);
  left = near (tree, left);
  return push (tree, (struct sock_filter) BPF_JUMP (
                         BPF_JMP | BPF_JGE | BPF_K, tree->ranges[at].first,
                         (guint8) distance (tree, right), (guint8) distance (tree, left)));
}

/* Loads the number, once the architecture is known to be the right one. */
static void
push_head (Tree *tree, guint32 arch, const GArray *foreign, guint root)
{
  guint other = leaf (tree, foreign);

  if (distance (tree, root) > 0)
    push_jump (tree, root);
  push (tree, (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS,
                                             offsetof (struct seccomp_data, nr)));
  push (tree, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, arch, 0,
                                             (guint8) distance (tree, other)));
  push (tree, (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS,
                                             offsetof (struct seccomp_data, arch)));
}

GArray *
qr_seccomp_tree (guint32 arch, const GArray *foreign, const QrSeccompRange *ranges, guint n,
                 guint32 tried)
{
  Tree tree = { ranges, n, tried, g_array_new (FALSE, FALSE, sizeof (struct sock_filter)),
                g_hash_table_new (NULL, NULL) };
  GArray *out = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  (void) leaf (&tree, foreign);
  push_head (&tree, arch, foreign, branch (&tree, 0, n));
  for (guint i = tree.code->len; i > 0; i--)
    g_array_append_val (out, g_array_index (tree.code, struct sock_filter, i - 1));
  g_array_unref (tree.code);
  g_hash_table_unref (tree.places);
  return out;
}
