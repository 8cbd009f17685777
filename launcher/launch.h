/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch.h: does what the options say: prints a plan, or becomes QEMU. */
#pragma once

#include "face.h"
#include "options.h"

/**
 * qr_launch:
 * @configuration: directory of the system's configuration file
 * @found: (out): TRUE when the command looked for something and found it
 *
 * Returns FALSE with @error set; a `run` that succeeds does not return.
 */
gboolean qr_launch (const QrIdentity *identity, const QrOptions *options, const char *configuration,
                    const QrProfiles *profiles, QrPool *pool, gboolean *found,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
