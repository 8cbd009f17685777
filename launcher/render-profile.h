/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-profile.h: seccomp profiles for people, and as files. */
#pragma once

#include "profiles.h"
#include "seccomp-named.h"

/* What there is: profiles in their order, parts, overlays. (transfer full); NULL with @error set */
GString *qr_render_profile_list (const QrProfiles *profiles,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_render_profile:
 * @name: as qr_seccomp_named() takes it
 *
 * Returns: (transfer full): the profile as a file that holds on this machine, each rule that is
 *   somewhere in it and no other; NULL with @error set
 */
GString *qr_render_profile (const char *name, GPtrArray *warnings,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_render_profile_diff:
 * @one, @two: as for qr_render_profile()
 * @differ: (out): whether they do
 *
 * Returns: (transfer full): a line for each system call that the two answer otherwise; NULL with
 *   @error set
 */
GString *qr_render_profile_diff (const char *one, const char *two, GPtrArray *warnings,
                                 gboolean *differ, GError **error) G_GNUC_WARN_UNUSED_RESULT;
