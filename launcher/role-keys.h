/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-keys.h: which side of a role gets a key of the list. */
#pragma once

#include "role-word.h"

/* Gives each key of @word to the side that has it; @word->size is set. Status REQUEST, code
 * "role-key". */
gboolean qr_role_keys_give (QrRoleWord *word, GError **error) G_GNUC_WARN_UNUSED_RESULT;
