/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch.h: does what the options say: prints a plan, or becomes QEMU. */
#pragma once

#include "options.h"

/* Returns FALSE with @error set; a `run` that succeeds does not return. */
gboolean qr_launch (const QrOptions *options, const QrProfiles *profiles,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
