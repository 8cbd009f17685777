/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-image.h: the disk image that a word of a list names: whether it is there, or is asked for,
 * and in which format it is. */
#pragma once

#include "role-word.h"

/* Writes the format into @side. Status NO_INPUT, code "no-file"; REQUEST, codes "image-format" and
 * "role-value"; those of qr_image_look(). */
gboolean qr_role_image_settle (QrRoleWord *word, QrRoleSide *side, const char *path,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
