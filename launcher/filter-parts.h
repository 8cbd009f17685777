/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter-parts.h: parts of a filter that are switched on when it is loaded.
 *
 * One filter is built with all parts in it. What only parts allow returns an error number that
 * nothing else has, and stands for a set of parts; before the filter is loaded each such return
 * becomes the action for the parts that are wanted. Knows the kernel's classic BPF only.
 *
 * Sources: Linux Documentation/userspace-api/seccomp_filter.rst; linux/filter.h.
 */
#pragma once

#include <glib.h>

enum
{
  QR_FILTER_SETS_MAX = 128,
  QR_FILTER_SETS_FIRST = 3840, /* the error number of set 0; the kernel's end at 133 */
};

/**
 * qr_filter_settle:
 * @bpf: @size bytes, struct sock_filter[]
 * @sets: @n_sets sets of parts, a bit for each part
 * @parts: those that are wanted
 * @otherwise: the action of a set that has none of them
 */
void qr_filter_settle (guint8 *bpf, gsize size, const guint32 *sets, guint n_sets, guint32 parts,
                       guint32 otherwise);
