/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch.h: does what the options say: prints a plan, or becomes QEMU. */
#pragma once

#include "face.h"
#include "options.h"

/**
 * qr_launch:
 * @configuration: directory of the system's configuration file
 * @status: (inout): what the command ends with: QR_STATUS_FOUND where it looked for something and
 *   found it, or that of a QEMU that was supervised
 *
 * Returns FALSE with @error set; a `run` that succeeds does not return.
 */
gboolean qr_launch (const QrIdentity *identity, const QrOptions *options, const char *configuration,
                    const QrProfiles *profiles, QrPool *pool, int *status,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
