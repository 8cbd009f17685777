/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.h: a process beside this one, which decides what a filter of this one asks, and goes when
 * it is done. It is nobody's child here, and holds the listener and nothing else.
 *
 * Where this one is process 1 of a container the other is a child of it after all, whose end QEMU
 * does not take note of: its number stays used.
 *
 * The two have one root directory and one working directory, over execve(2), too, as long as both
 * live: what the one changes of them the other has.
 *
 * Knows clone(2) and court.h. Knows neither profiles nor QEMU.
 *
 * Sources: clone(2), CLONE_FS; unix(7), SCM_RIGHTS; seccomp_unotify(2); Linux fs/exec.c, which
 *          leaves what is shared so.
 */
#pragma once

#include "court.h"

/**
 * qr_judge_split:
 * @court: decides in the other process, which has its own copy of all memory; the process that it
 *   hears of is this one
 * @channel: (out): for qr_judge_hand_over(), close-on-exec; when it is closed unused, the other
 *   process ends
 *
 * Must be called before a filter is loaded that asks.
 *
 * Returns: 0, or an errno: EINVAL or ENOSYS, the kernel cannot let a call go on that was asked
 *   about (Linux before 5.5); ECHILD: the other process could not be confined
 */
int qr_judge_split (const QrCourt *court, int *channel) G_GNUC_WARN_UNUSED_RESULT;

/* Gives @listener away: it is closed here, and @channel, too. Returns: 0, or an errno; then nobody
 * listens. */
int qr_judge_hand_over (int channel, int listener) G_GNUC_WARN_UNUSED_RESULT;
