/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-build.h: the classic BPF that is made of a filter's rules.
 *
 * A tree finds the call by its number, see seccomp-tree.h; behind it arguments are compared, see
 * seccomp-ladder.h. Knows nothing of how a profile is written. Returns that let a program be
 * executed are marked, see filter-parts.h.
 *
 * A rule whose action is the default one is dropped, as runc does.
 * Sources: seccomp_rule_add(3); arch/x86/include/uapi/asm/unistd.h, __X32_SYSCALL_BIT.
 */
#pragma once

#include "seccomp-rule.h"

/**
 * qr_seccomp_build:
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @rules: @n_rules, with numbers below QR_SECCOMP_NUMBERS
 * @size: (out): bytes of @bpf
 * @error: QR_STATUS_UNAVAILABLE, code "seccomp-build"
 *
 * For the native architecture; calls through another one, or the x32 ABI, kill
 * the process.
 */
gboolean qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules,
                           guint8 **bpf, gsize *size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
