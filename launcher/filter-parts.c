/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "filter-parts.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>

/* What a return becomes. */
typedef guint32 (*Settle) (guint32 action, gconstpointer data);

static void
settle_returns (guint8 *bpf, gsize size, Settle settle, gconstpointer data)
{
  struct sock_filter instruction;

  for (gsize at = 0; at + sizeof instruction <= size; at += sizeof instruction)
    {
      memcpy (&instruction, bpf + at, sizeof instruction);
      if (instruction.code != (BPF_RET | BPF_K))
        continue;
      instruction.k = settle (instruction.k, data);
      memcpy (bpf + at, &instruction, sizeof instruction);
    }
}

typedef struct
{
  const guint32 *sets;
  guint n_sets;
  guint32 parts, otherwise;
} Wanted;

static guint32
settle_set (guint32 action, gconstpointer data)
{
  const guint32 first = SECCOMP_RET_ERRNO | QR_FILTER_SETS_FIRST;
  const Wanted *wanted = data;

  if (action < first || action - first >= wanted->n_sets)
    return action;
  return (wanted->sets[action - first] & wanted->parts) != 0 ? SECCOMP_RET_ALLOW
                                                             : wanted->otherwise;
}

void
qr_filter_settle (guint8 *bpf, gsize size, const guint32 *sets, guint n_sets, guint32 parts,
                  guint32 otherwise)
{
  const Wanted wanted = { sets, n_sets, parts, otherwise };

  settle_returns (bpf, size, settle_set, &wanted);
}

gboolean
qr_filter_lets_through (guint32 action)
{
  guint32 full = action & SECCOMP_RET_ACTION_FULL;

  return full == SECCOMP_RET_ALLOW || full == SECCOMP_RET_LOG;
}

gboolean
qr_filter_is_exec (int number)
{
  return number == SYS_execve || number == SYS_execveat;
}

guint32
qr_filter_mark (int number, guint32 action)
{
  return qr_filter_is_exec (number) && qr_filter_lets_through (action) ? action | QR_FILTER_EXEC
                                                                       : action;
}

guint32
qr_filter_unmark (guint32 action)
{
  return qr_filter_lets_through (action) ? action & SECCOMP_RET_ACTION_FULL : action;
}

static guint32
settle_mark (guint32 action, gconstpointer data)
{
  (void) data;
  return action != qr_filter_unmark (action) ? SECCOMP_RET_USER_NOTIF : action;
}

void
qr_filter_ask_exec (guint8 *bpf, gsize size)
{
  settle_returns (bpf, size, settle_mark, NULL);
}

guint8 *
qr_filter_join (const guint8 *first, gsize first_size, const guint8 *second, gsize second_size,
                gsize *size)
{
  guint8 *out = g_malloc (first_size + second_size);
  struct sock_filter instruction;

  memcpy (out + first_size, second, second_size);
  for (gsize at = 0; at < first_size; at += sizeof instruction)
    {
      memcpy (&instruction, first + at, sizeof instruction);
      if (instruction.code == (BPF_RET | BPF_K)
          && qr_filter_unmark (instruction.k) == SECCOMP_RET_ALLOW)
        instruction = (struct sock_filter) BPF_STMT (
            BPF_JMP | BPF_JA, (guint32) ((first_size - at) / sizeof instruction - 1));
      memcpy (out + at, &instruction, sizeof instruction);
    }
  *size = first_size + second_size;
  return out;
}
