/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-build.h: the classic BPF that is made of a filter's rules.
 *
 * Knows libseccomp, which finds the call by its architecture and number, and how to
 * get the program out of it; arguments are compared by seccomp-ladder.h. Knows
 * nothing of how a profile is written.
 *
 * A rule whose action is the default one is dropped, as runc does.
 * Sources: seccomp_rule_add(3), seccomp_attr_set(3).
 */
#pragma once

#include "seccomp-rule.h"

/**
 * qr_seccomp_build:
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @size: (out): bytes of @bpf
 * @error: QR_STATUS_UNAVAILABLE, code "seccomp-build"
 *
 * For the native architecture; calls through another one, or the x32 ABI, kill
 * the process.
 */
gboolean qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules,
                           guint8 **bpf, gsize *size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
