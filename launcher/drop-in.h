/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drop-in.h: the face that stands in for QEMU: every word is QEMU's, and one more
 * option exists, anywhere on the line and in QEMU's own grammar:
 *
 *   -qriser key=value,...
 */
#pragma once

#include "switches.h"

/* What QEMU's option parser would have for it. */
extern const QrOption qr_drop_in_option;

/**
 * qr_drop_in_parse:
 * @argv: as main() got it, ended by NULL; lent
 * @options: (out): filled as far as it was understood, even on failure
 * @error: status USAGE
 */
gboolean qr_drop_in_parse (const char *const *argv, const QrProfiles *profiles, QrPool *pool,
                           QrOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
