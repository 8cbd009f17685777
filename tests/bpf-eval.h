/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf-eval.h: what a seccomp filter answers, found without the kernel.
 *
 * Knows classic BPF as seccomp(2) allows it and checks what the kernel's checker
 * would. Shares nothing with libseccomp, whose work it judges.
 * Source: the kernel's kernel/seccomp.c, seccomp_check_filter(), and
 *         net/core/filter.c, bpf_check_classic().
 */
#pragma once

#include <glib.h>
#include <linux/seccomp.h>

typedef struct
{
  guint32 action;     /* SECCOMP_RET_* with its data */
  gboolean arguments; /* more was looked at than the number and the architecture */
} BpfAnswer;

/* FALSE when the kernel would refuse the program or it runs out of its end. */
gboolean bpf_eval (const guint8 *bpf, gsize size, const struct seccomp_data *data, BpfAnswer *out)
    G_GNUC_WARN_UNUSED_RESULT;
