/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taps.h: the taps of a line that QEMU could not open under a filter, as descriptors.
 *
 * Under no_new_privs a helper gains no rights, and QEMU under a filter starts no program. What
 * can be opened before is left to tap-open.h; the line gets descriptors instead. Opens nothing.
 */
#pragma once

#include "tap-read.h"

/* Whether something of @line is a tap or is on a bridge, so that taking it is worth the while. */
gboolean qr_taps_are_on (const QrCmdline *line, QrPool *pool);

/**
 * qr_taps_take:
 * @line: lent
 * @planned: its files are read into what QEMU gets; else those are left to QEMU
 * @defaults: (nullable): none is known
 * @pool: owns what comes out
 * @taps: (out): QrTap, an element for each back end that was taken; to be freed
 * @error: status UNAVAILABLE, code "no-descriptor": the process may not have so many
 *
 * Returns: (transfer none): @line, if there is nothing to do; or NULL
 */
const QrCmdline *qr_taps_take (const QrCmdline *line, gboolean planned,
                               const QrTapDefaults *defaults, const QrProfiles *profiles,
                               QrPool *pool, GArray **taps,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
