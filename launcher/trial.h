/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trial.h: QEMU run to learn what a seccomp profile for it must allow, or whether one allows
 * enough.
 *
 * What the plan's profile refuses is refused in any case: a trial never lets QEMU do more than
 * running it does.
 */
#pragma once

#include "become.h"

/**
 * qr_trial_record:
 * @path: of the profile that is written; it is there only where options ask for merging
 * @status: (out): exit status: 0, or that of a QEMU that failed, when nothing is written
 * @error: status USAGE, code "file-exists"; status REQUEST, code "no-filter", where the plan has no
 *   filter; those of qr_become_beside(); status IO or PERMISSION, code "profile-write"
 *
 * QEMU is run with each call asked about, and then under a profile of what it used, until a round
 * finds nothing new or there were as many as options allow.
 *
 * Returns: FALSE also in a process that was to become QEMU
 */
gboolean qr_trial_record (QrBecome *become, const char *path, int *status,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_trial_test:
 * @profile: as qr_filters_find() takes it
 * @status: (out): exit status: QR_STATUS_FOUND where QEMU was refused what the plan's profile
 *   allows; else QEMU's
 * @error: status REQUEST, code "no-filter"; those of qr_filters_find() and qr_become_beside()
 */
gboolean qr_trial_test (QrBecome *become, const char *profile, int *status,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
