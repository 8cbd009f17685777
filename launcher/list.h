/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list.h: a high-level device list among the words of a line.
 *
 *   ROLE=VALUE,key=value,...    on the tool face, where QEMU would take a word for a disk image
 *   @FILE                       the same words, and QEMU's options, from a file
 *   --                          all behind it is QEMU's
 *   -qriser dev=ROLE=VALUE,,... on the drop-in face
 *
 * Knows what a list looks like and how its files are split. Knows no role.
 */
#pragma once

#include "cmdline.h"

/* "--", an option of qriser's own on a line that may have a list. */
extern const QrOption qr_list_end;

/* What a word of a list is on the line that comes out: the item's word is ROLE=..., its source
 * says where it stands. */
extern const QrOption qr_list_role;

/* Whether @word could be one of a list: ROLE=..., or @FILE. */
gboolean qr_list_is_word (const char *word);

/**
 * qr_list_read:
 * @line: lent; an item of an own option besides may have words of a list in its argument
 * @mixed: the line's own words may be a list's, up to qr_list_end
 * @pool: owns what comes out
 * @error: those of qr_file_read_input() and qr_shell_split(); status REQUEST, code
 *   "list-syntax", "limit", "unknown-option" or "missing-argument"
 *
 * Returns: (transfer none): @line with items of qr_list_role; @line, if it has no list; or NULL
 */
const QrCmdline *qr_list_read (const QrCmdline *line, gboolean mixed, const QrProfiles *profiles,
                               QrPool *pool, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The part of @item's word, an item of qr_list_role, from @start on as a place. */
void qr_list_place (const QrItem *item, gsize start, gsize length, QrPlace *out);
