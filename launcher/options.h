/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h: qriser's own words on the tool face, and where QEMU's begin.
 *
 *   qriser COMMAND [qriser options] [OPERANDS] [device list, QEMU's arguments] [-- QEMU's
 * arguments] qriser [device list, QEMU's arguments]            the same as: qriser run ...
 *
 * Knows the commands and switches. Does nothing.
 */
#pragma once

#include "switches.h"

/**
 * qr_options_parse:
 * @argv: as main() got it, ended by NULL; lent
 * @options: (out): filled as far as it was understood, even on failure, so that
 *   status_fd is known early
 * @error: status USAGE
 */
gboolean qr_options_parse (const char *const *argv, const QrProfiles *profiles, QrOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What --help prints. (transfer full) */
char *qr_options_help (void) G_GNUC_WARN_UNUSED_RESULT;

/* The names of all switches without dashes, ended by NULL. (transfer container) */
const char **qr_options_names (void) G_GNUC_WARN_UNUSED_RESULT;
