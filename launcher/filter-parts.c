/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "filter-parts.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

void
qr_filter_settle (guint8 *bpf, gsize size, const guint32 *sets, guint n_sets, guint32 parts,
                  guint32 otherwise)
{
  const guint32 first = SECCOMP_RET_ERRNO | QR_FILTER_SETS_FIRST;
  struct sock_filter instruction;

  for (gsize at = 0; at + sizeof instruction <= size; at += sizeof instruction)
    {
      memcpy (&instruction, bpf + at, sizeof instruction);
      if (instruction.code != (BPF_RET | BPF_K) || instruction.k < first
          || instruction.k - first >= n_sets)
        continue;
      instruction.k = (sets[instruction.k - first] & parts) != 0 ? SECCOMP_RET_ALLOW : otherwise;
      memcpy (bpf + at, &instruction, sizeof instruction);
    }
}
