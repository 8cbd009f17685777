/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-named.h: the rules that a profile's name stands for.
 *
 * filters.h has the same ready to load, without the rules.
 */
#pragma once

#include "sandbox.h"
#include "seccomp-profile.h"

/**
 * qr_seccomp_named:
 * @name: a path with a slash, "off", or a built-in profile, part or overlay; behind a profile, each
 * after
 *   "+", parts
 * @overlays: whether overlays behind the profile are passed over; else they are an error
 * @warnings: gets notices about a file
 * @out: (out): to be cleared
 * @error: status USAGE, code "no-profile"; or those of qr_seccomp_read()
 */
gboolean qr_seccomp_named (const char *name, gboolean overlays, GPtrArray *warnings,
                           QrSeccompProfile *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What each recorded profile allows. @out: (out): to be cleared */
gboolean qr_seccomp_recorded (QrSeccompProfile *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
