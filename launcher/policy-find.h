/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy-find.h: the policy that somebody names: one of the program, or a file.
 *
 * Knows how the files of a directory are called. Nothing is opened for a policy of the program.
 */
#pragma once

#include "profiles.h"

/* Whether @name could be that of a policy: NAME, NAME@VERSION, or a path, which has a slash. */
gboolean qr_policy_is_name (const char *name);

/**
 * qr_policy_find:
 * @name: as above; without a version the newest one
 * @directory: (nullable): where it is looked for as NAME-VERSION.json, if the program has none
 *   of that name and version
 * @place: (nullable): where the name stands
 * @pool: owns what is read
 * @error: those of qr_policy_read(); code "no-policy": status CONFIG with @place, else USAGE
 */
const QrPolicy *qr_policy_find (const char *name, const char *directory, const QrPlace *place,
                                const QrProfiles *profiles, QrPool *pool,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
