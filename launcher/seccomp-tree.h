/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-tree.h: finds what becomes of a system call by its number, in classic BPF.
 *
 * A binary tree over ranges of numbers. When the kernel takes a filter it runs it once for each
 * call that it has, to know those that are always allowed, so ranges that hold many calls lie near
 * the root.
 *
 * Sources: Linux kernel/seccomp.c, seccomp_cache_prepare_bitmap(); linux/filter.h.
 */
#pragma once

#include <glib.h>

/* From @first to the number before the next range's; that of the last one is G_MAXUINT32. */
typedef struct
{
  guint32 first;
  const GArray *code; /* struct sock_filter[], the last of which returns; ranges may share it */
} QrSeccompRange;

/**
 * qr_seccomp_tree:
 * @arch: AUDIT_ARCH_* of linux/audit.h
 * @foreign: code for calls of other architectures
 * @ranges: @n of them in the order of their numbers; the first begins at 0
 * @tried: calls from this number on weigh nothing
 *
 * Returns: (transfer full): struct sock_filter[]; may be longer than the kernel takes
 */
GArray *qr_seccomp_tree (guint32 arch, const GArray *foreign, const QrSeccompRange *ranges, guint n,
                         guint32 tried) G_GNUC_WARN_UNUSED_RESULT;
