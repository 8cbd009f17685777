/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-firmware.h: the firmware that a word of a list asks for, as words for the role's parts. */
#pragma once

#include "role-word.h"

/* Sets the words that profiles/schema.md describes. Status REQUEST, code "role-value"; those of
 * qr_firmware_find(). */
gboolean qr_role_firmware_find (QrRoleWord *word, GError **error) G_GNUC_WARN_UNUSED_RESULT;
