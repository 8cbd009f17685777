/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-build.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "diag.h"
#include "filter-parts.h"
#include "seccomp-ladder.h"
#include "seccomp-tree.h"

enum
{
  KERNEL_NUMBERS = 512, /* about the number of calls that a kernel has */
  RANGES_MAX = QR_SECCOMP_NUMBERS + 4,
};

#define X32_FIRST 0x40000000u /* of the x32 ABI, whose calls have the architecture of x86_64 */
#define NO_CALL G_MAXUINT32   /* a tracer had the call skipped */

typedef struct
{
  guint32 default_action;
  GHashTable *returns; /* action to the code that returns it */
  const GArray *calls[QR_SECCOMP_NUMBERS];
  GPtrArray *ladders; /* GArray */
} Build;

/* The code that does nothing but return @action. */
static const GArray *
returning (Build *build, guint32 action)
{
  struct sock_filter instruction = BPF_STMT (BPF_RET | BPF_K, action);
  GArray *code = g_hash_table_lookup (build->returns, GUINT_TO_POINTER (action));

  if (code == NULL)
    {
      code = g_array_new (FALSE, FALSE, sizeof instruction);
      g_array_append_val (code, instruction);
      g_hash_table_insert (build->returns, GUINT_TO_POINTER (action), code);
    }
  return code;
}

static void
mark_returns (GArray *code, int number)
{
  for (guint i = 0; i < code->len; i++)
    {
      struct sock_filter *at = &g_array_index (code, struct sock_filter, i);

      if (at->code == (BPF_RET | BPF_K))
        at->k = qr_filter_mark (number, at->k);
    }
}

/* The rules that say something, in the order of @rules: of a call that has one without comparisons
 * that one only, because all others agree with it. */
static GArray *
effective_rules (guint32 default_action, const QrSeccompRule *rules, guint n)
{
  gboolean whole[QR_SECCOMP_NUMBERS] = { FALSE };
  GArray *out = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));

  for (guint i = 0; i < n; i++)
    {
      g_assert (rules[i].number < QR_SECCOMP_NUMBERS);
      if (rules[i].number >= 0 && rules[i].n_args == 0 && rules[i].action != default_action)
        whole[rules[i].number] = TRUE;
    }
  for (guint i = 0; i < n; i++)
    if (rules[i].number >= 0 && rules[i].action != default_action
        && (rules[i].n_args == 0 || !whole[rules[i].number]))
      g_array_append_val (out, rules[i]);
  return out;
}

/* What becomes of each call. */
static void
set_calls (Build *build, const GArray *rules)
{
  for (int number = 0; number < QR_SECCOMP_NUMBERS; number++)
    build->calls[number] = returning (build, qr_filter_mark (number, build->default_action));
  for (guint i = 0; i < rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (rules, QrSeccompRule, i);
      const GArray **call = &build->calls[rule->number];

      if (rule->n_args == 0)
        *call = returning (build, qr_filter_mark (rule->number, rule->action));
      else if (!g_ptr_array_find (build->ladders, *call, NULL))
        {
          GArray *ladder = qr_seccomp_ladder (rules, rule->number, build->default_action);

          mark_returns (ladder, rule->number);
          g_ptr_array_add (build->ladders, ladder);
          *call = ladder;
        }
    }
}

static void
add_range (QrSeccompRange *ranges, guint *n, guint32 first, const GArray *code)
{
  if (*n == 0 || ranges[*n - 1].code != code)
    ranges[(*n)++] = (QrSeccompRange){ first, code };
}

static GArray *
write_program (Build *build)
{
  const GArray *kill = returning (build, SECCOMP_RET_KILL_PROCESS);
  const GArray *otherwise = returning (build, build->default_action);
  QrSeccompRange ranges[RANGES_MAX];
  guint n = 0;

  for (guint32 number = 0; number < QR_SECCOMP_NUMBERS; number++)
    add_range (ranges, &n, number, build->calls[number]);
  add_range (ranges, &n, QR_SECCOMP_NUMBERS, otherwise);
  if (seccomp_arch_native () == SCMP_ARCH_X86_64)
    {
      add_range (ranges, &n, X32_FIRST, kill);
      add_range (ranges, &n, NO_CALL, otherwise);
    }
  return qr_seccomp_tree (seccomp_arch_native (), kill, ranges, n, KERNEL_NUMBERS);
}

gboolean
qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules, guint8 **bpf,
                  gsize *size, GError **error)
{
  g_autoptr (GArray) effective = effective_rules (default_action, rules, n_rules);
  g_autoptr (GHashTable) returns
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  g_autoptr (GPtrArray) ladders = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) program = NULL;
  Build build = { .default_action = default_action, .returns = returns, .ladders = ladders };

  set_calls (&build, effective);
  program = write_program (&build);
  if (program->len > BPF_MAXINSNS)
    {
      qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-build", NULL, NULL,
                    "cannot build the seccomp filter: %u instructions, and the kernel takes %d",
                    program->len, BPF_MAXINSNS);
      return FALSE;
    }
  *size = program->len * sizeof (struct sock_filter);
  *bpf = g_memdup2 (program->data, *size);
  return TRUE;
}
