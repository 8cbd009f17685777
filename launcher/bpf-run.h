/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf-run.h: what a seccomp filter says of one call, without the kernel.
 *
 * Knows the kernel's classic BPF as seccomp(2) takes it.
 *
 * Sources: Linux kernel/seccomp.c, seccomp_check_filter(); Documentation/userspace-api/
 *          seccomp_filter.rst.
 */
#pragma once

#include <glib.h>
#include <linux/seccomp.h>

/**
 * qr_bpf_run:
 * @bpf: @size bytes, struct sock_filter[]
 *
 * Returns: SECCOMP_RET_*, with its data; SECCOMP_RET_KILL_PROCESS for a program that the kernel
 *   would not take
 */
guint32 qr_bpf_run (const guint8 *bpf, gsize size, const struct seccomp_data *data);

/* Of two returns the one that the kernel follows when two filters answer: the lower action, as a
 * signed number, and of equal ones @one (seccomp_run_filters()). */
guint32 qr_bpf_stricter (guint32 one, guint32 two);
