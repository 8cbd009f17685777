/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-check.h: whether a record is a role that can be written.
 *
 * What a role of somebody's own gets wrong is said where it is read, not where it is used.
 */
#pragma once

#include "profiles.h"

/* A small letter, then small letters, digits and dashes. */
gboolean qr_role_is_name (const char *name);

/* The choice with @key, or NULL. */
const QrRoleChoice *qr_role_find_choice (const QrRole *role, const char *key);

/**
 * qr_role_validate:
 * @json: the record, for errors
 * @error: status of the document
 *
 * Its options are QEMU's, its texts in their grammar, its words those of its choices.
 */
gboolean qr_role_validate (const QrRole *role, const QrJson *json, const QrProfiles *profiles,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
