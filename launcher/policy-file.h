/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy-file.h: a policy of the user's, read when it is asked for.
 *
 * The same form as profiles/policies, by the same loader; the types it names must be in the
 * catalogue, and what it puts devices behind must be a port or bridge.
 */
#pragma once

#include "profiles.h"

/* The same of a document that is read already. */
const QrPolicy *qr_policy_load (const QrJsonDoc *doc, const QrProfiles *profiles, QrPool *pool,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_policy_read:
 * @path: of the file
 * @pool: owns all that comes out
 * @error: status CONFIG, at file:line:column; those of qr_json_doc_read()
 */
const QrPolicy *qr_policy_read (const char *path, const QrProfiles *profiles, QrPool *pool,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
