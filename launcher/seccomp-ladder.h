/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-ladder.h: the rules of one system call one behind the other, in classic BPF.
 *
 * libseccomp is given one action that stands in for all rules of the call, and each return of that
 * becomes a jump to them. It could make their tests itself, but makes wrong ones of rules that
 * compare several arguments by different operators, and loses memory over some (2.5.4).
 *
 * Sources: linux/filter.h; struct seccomp_data of linux/seccomp.h.
 */
#pragma once

#include "seccomp-rule.h"

/**
 * qr_seccomp_ladder:
 * @program: struct sock_filter, appended to
 * @rules: QrSeccompRule; those of other calls than @number are passed over
 * @default_action: where none matches
 * @stand_in: the action whose returns become jumps
 */
void qr_seccomp_ladder (GArray *program, const GArray *rules, int number, guint32 default_action,
                        guint32 stand_in);
