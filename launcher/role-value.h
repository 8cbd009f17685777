/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-value.h: what a role writes into a side by itself: the main value, words, sums. */
#pragma once

#include "role-word.h"

/* Status REQUEST, code "role-value"; of what is named and not there that of qr_file_status(), code
 * "no-file"; those of qr_role_image_settle(). */
gboolean qr_role_value_take (QrRoleWord *word, QrRoleSide *side,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a list without a key that the side needs. Status REQUEST, code "role-key". */
gboolean qr_role_value_check_needs (const QrRoleWord *word, const QrRoleSide *side,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
