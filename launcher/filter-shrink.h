/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter-shrink.h: leaves out of a filter what no call needs.
 *
 * That are tests whose outcomes do the same, what is loaded for them, returns that are there twice
 * and what nothing leads to. The kernel takes longer for a longer filter. Knows the kernel's
 * classic BPF only.
 *
 * Sources: linux/filter.h; Linux kernel/seccomp.c, seccomp_check_filter().
 */
#pragma once

#include <glib.h>

/**
 * qr_filter_shrink:
 * @bpf: @size bytes, struct sock_filter[], aligned as these are; rewritten in place
 *
 * A filter of more instructions than a test can jump over, or one that the kernel would refuse for
 * a jump out of it, stays as it is.
 *
 * Returns: the bytes of @bpf that are left, which answer each call as before
 */
gsize qr_filter_shrink (guint8 *bpf, gsize size) G_GNUC_WARN_UNUSED_RESULT;
