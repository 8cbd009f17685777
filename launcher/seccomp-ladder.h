/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-ladder.h: the rules of one system call one behind the other, in classic BPF.
 *
 * Not by libseccomp: 2.5.4 makes wrong tests of rules that compare several arguments by different
 * operators or one for order, and loses memory over some.
 *
 * Sources: linux/filter.h; struct seccomp_data of linux/seccomp.h.
 */
#pragma once

#include "seccomp-rule.h"

/**
 * qr_seccomp_ladder:
 * @rules: QrSeccompRule; those of other calls than @number are passed over
 * @default_action: where none matches
 *
 * Returns: (transfer full): struct sock_filter[], the last of which returns
 */
GArray *qr_seccomp_ladder (const GArray *rules, int number,
                           guint32 default_action) G_GNUC_WARN_UNUSED_RESULT;
