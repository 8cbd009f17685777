/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-ladder.h: the rules of one system call one behind the other, in classic BPF.
 *
 * For what libseccomp gets wrong: it is given one action that stands in for all rules of the call,
 * and each return of that becomes a jump to them.
 *
 * Sources: linux/filter.h; struct seccomp_data of linux/seccomp.h.
 */
#pragma once

#include "seccomp-rule.h"

/**
 * qr_seccomp_ladder:
 * @program: struct sock_filter, appended to
 * @rules: @n of them; those of other calls than @number are passed over
 * @default_action: where none matches
 * @stand_in: the action whose returns become jumps
 */
void qr_seccomp_ladder (GArray *program, const QrSeccompRule *rules, guint n, int number,
                        guint32 default_action, guint32 stand_in);
