/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-load.h: one seccomp filter, given to the kernel.
 *
 * Sources: seccomp(2); Linux kernel/seccomp.c, seccomp_set_mode_filter().
 */
#pragma once

#include <glib.h>

/**
 * qr_seccomp_load:
 * @bpf: @size bytes, struct sock_filter[]
 * @listener: (nullable): of a filter that asks: gets a descriptor, close-on-exec
 *
 * Needs no_new_privs or CAP_SYS_ADMIN. What is refused goes to the audit log, where the kernel can;
 * speculation stays as it was.
 *
 * Returns: 0, or an errno; EBUSY: another filter of this process has a listener
 */
int qr_seccomp_load (const guint8 *bpf, gsize size, int *listener) G_GNUC_WARN_UNUSED_RESULT;
