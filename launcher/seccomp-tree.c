/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-tree.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

enum
{
  REACH = 250,    /* of a test is 255; some instructions may still come between */
  ALONE_MAX = 4,  /* in one group: all of its other numbers are tested against each */
  TEST_COST = 90, /* of one more in the filter, in tests that the kernel makes when it takes it */
};

/* Ranges from @low to before @high. Numbers in them do as @code does, but for at most ALONE_MAX
 * that are ranges of their own. */
typedef struct
{
  guint low, high;
  const GArray *code;
} Group;

/* The program is written from its end, so that each test knows where it goes to. A place is an
 * index into "code", which is turned round when all is written. */
typedef struct
{
  const QrSeccompRange *ranges;
  guint n;
  guint32 tried;
  GArray *groups;     /* Group, in the order of the ranges */
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

static const Group *
group (const Tree *tree, guint at)
{
  return &g_array_index (tree->groups, Group, at);
}

/* Whether range @at is one number. */
static gboolean
is_alone (const Tree *tree, guint at)
{
  return at + 1 < tree->n ? tree->ranges[at + 1].first - tree->ranges[at].first == 1
                          : tree->ranges[at].first == G_MAXUINT32;
}

/* What it takes at least to tell the ranges before one from each other, and one test more; and the
 * group that ends there. */
typedef struct
{
  guint64 cost;
  Group group;
} Best;

/* How many numbers of the kernel's count in the ranges from @low to before @high. */
static guint32
weight (const Tree *tree, guint low, guint high)
{
  guint32 first = MIN (tree->ranges[low].first, tree->tried);

  return (high < tree->n ? MIN (tree->ranges[high].first, tree->tried) : tree->tried) - first;
}

/* Ends groups that begin at @low, and do as @code does, wherever that is better. */
static void
try_groups (const Tree *tree, guint low, const GArray *code, Best *best)
{
  guint alone = 0;

  for (guint at = low; at < tree->n; at++)
    {
      guint64 cost;

      if (tree->ranges[at].code != code && (!is_alone (tree, at) || ++alone > ALONE_MAX))
        break;
      cost = best[low].cost + (alone + 1) * TEST_COST + alone * weight (tree, low, at + 1);
      if (cost < best[at + 1].cost)
        best[at + 1] = (Best){ cost, (Group){ low, at + 1, code } };
    }
}

/* A binary tree needs one test less than it has leaves, whatever its form, so the groups may be
 * chosen from left to right. */
static void
make_groups (Tree *tree)
{
  g_autofree Best *best = g_new0 (Best, tree->n + 1);
  guint n = 0;

  for (guint at = 1; at <= tree->n; at++)
    best[at].cost = G_MAXUINT64;
  for (guint low = 0; low < tree->n; low++)
    {
      try_groups (tree, low, tree->ranges[low].code, best);
      if (low + 1 < tree->n && is_alone (tree, low))
        try_groups (tree, low, tree->ranges[low + 1].code, best);
    }
  for (guint high = tree->n; high > 0; high = best[high].group.low)
    n++;
  g_array_set_size (tree->groups, n);
  for (guint high = tree->n; high > 0; high = best[high].group.low)
    g_array_index (tree->groups, Group, --n) = best[high].group;
}

/* The same for groups. */
static guint32
groups_weight (const Tree *tree, guint low, guint high)
{
  return weight (tree, group (tree, low)->low, group (tree, high - 1)->high);
}

/* Where the weights of the groups from @low to before @high are the most even on both sides. */
static guint
middle (const Tree *tree, guint low, guint high)
{
  guint best = (low + high) / 2;
  guint32 least = groups_weight (tree, low, high);

  for (guint at = low + 1; at < high; at++)
    {
      guint32 left = groups_weight (tree, low, at), right = groups_weight (tree, at, high);
      guint32 uneven = left > right ? left - right : right - left;

      if (uneven < least)
        {
          least = uneven;
          best = at;
        }
    }
  return best;
}

/* A test of the number: by @code, against @number, to @right where it holds, else to @left.
 * Returns: the place */
static guint
push_test (Tree *tree, guint16 code, guint32 number, guint right, guint left)
{
  right = near (tree, right);
  left = near (tree, left);
  return push (tree, (struct sock_filter) BPF_JUMP (code, number, (guint8) distance (tree, right),
                                                    (guint8) distance (tree, left)));
}

/* Returns: the place */
static guint
push_group (Tree *tree, const Group *group)
{
  guint place = leaf (tree, group->code);

  for (guint at = group->low; at < group->high; at++)
    if (tree->ranges[at].code != group->code)
      place = push_test (tree, BPF_JMP | BPF_JEQ | BPF_K, tree->ranges[at].first,
                         leaf (tree, tree->ranges[at].code), place);
  return place;
}

/* The groups from @low to before @high. Returns: the place */
static guint
branch (Tree *tree, guint low, guint high)
{
  guint at, left, right;

  if (high - low == 1)
    return push_group (tree, group (tree, low));
  at = middle (tree, low, high);
  right = branch (tree, at, high);
  left = branch (tree, low, at);
  return push_test (tree, BPF_JMP | BPF_JGE | BPF_K, tree->ranges[group (tree, at)->low].first,
                    right, left);
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
  Tree tree = { ranges,
                n,
                tried,
                g_array_new (FALSE, FALSE, sizeof (Group)),
                g_array_new (FALSE, FALSE, sizeof (struct sock_filter)),
                g_hash_table_new (NULL, NULL) };
  GArray *out = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  make_groups (&tree);
  (void) leaf (&tree, foreign);
  push_head (&tree, arch, foreign, branch (&tree, 0, tree.groups->len));
  for (guint i = tree.code->len; i > 0; i--)
    g_array_append_val (out, g_array_index (tree.code, struct sock_filter, i - 1));
  g_array_unref (tree.code);
  g_array_unref (tree.groups);
  g_hash_table_unref (tree.places);
  return out;
}
