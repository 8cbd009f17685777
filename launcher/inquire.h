/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inquire.h: the commands that say something of a QEMU or of its host, and plan no line. */
#pragma once

#include "face.h"
#include "options.h"
#include "settings.h"

/* Whether @command is one of them. */
gboolean qr_inquire_has (QrCommand command);

/**
 * qr_inquire:
 * @options: with such a command
 * @pool: owns what is made
 * @status: (inout): QR_STATUS_FOUND, where something was found
 * @error: of the command
 *
 * Prints the answer.
 */
gboolean qr_inquire (const QrIdentity *identity, const QrOptions *options,
                     const QrSettings *settings, const QrProfiles *profiles, QrPool *pool,
                     int *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;
