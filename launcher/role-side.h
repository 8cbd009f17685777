/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-side.h: one option that a word of a list stands for, while it is written.
 *
 * A role has two sides or more: a back end, a front end. Each takes the keys of its option;
 * what a role writes itself cannot be given twice.
 */
#pragma once

#include "cmdline.h"
#include "nearest.h"

typedef struct QrRoleSide QrRoleSide;

/* @text: what the variant begins with, or NULL.
 * @seen: (nullable): keys of options that were asked for before, of this function's own
 * Owned by @pool. */
QrRoleSide *qr_role_side_new (const QrRolePart *part, const QrRoleVariant *variant,
                              const char *text, const QrProfiles *profiles, GHashTable *seen,
                              QrPool *pool);

/* What a list calls it. */
const char *qr_role_side_name (const QrRoleSide *side);
const QrRolePart *qr_role_side_part (const QrRoleSide *side);
const QrRoleVariant *qr_role_side_variant (const QrRoleSide *side);
QrRoleVerb qr_role_side_verb (const QrRoleSide *side);

/* Whether it makes a device. */
gboolean qr_role_side_is_device (const QrRoleSide *side);

/* Whether it takes no keys of a list; whether it takes any, for nobody knows which it has. */
gboolean qr_role_side_is_closed (const QrRoleSide *side);
gboolean qr_role_side_is_open (const QrRoleSide *side);

/* Whether it is known to have @key, and a list may give it. */
gboolean qr_role_side_takes (const QrRoleSide *side, const char *key);

/* Whether the role writes @key by itself. */
gboolean qr_role_side_has (const QrRoleSide *side, const char *key);

/* Appends the keys that a list may give, those that many types share by the name of what has
 * them unless @all, and offers them to @nearest (or NULL). */
void qr_role_side_describe (const QrRoleSide *side, QrNearest *nearest, gboolean all, GString *out);

/* A key of the list's, which stands at @place. */
void qr_role_side_give (QrRoleSide *side, const char *key, const char *value, const QrPlace *place);

/* Whether the list gave @key. */
gboolean qr_role_side_was_given (const QrRoleSide *side, const char *key);

/* The role's own key, with a value of the list's that stands at @place; or (NULL) with one that was
 * found. */
void qr_role_side_set (QrRoleSide *side, const char *key, const char *value, const QrPlace *place);

/* What is written for @key so far; NULL: nothing. */
const char *qr_role_side_get (const QrRoleSide *side, const char *key);
gboolean qr_role_side_is (const QrRoleSide *side, const char *key, const char *value);
gboolean qr_role_side_is_on (const QrRoleSide *side, const char *key);

/* Whether something in it is called after the role's id; and whether its own id, where the role's
 * is @id, is not among @taken, a set of strings. */
gboolean qr_role_side_uses_id (const QrRoleSide *side);
gboolean qr_role_side_id_is_free (const QrRoleSide *side, const char *id, GHashTable *taken);

/* The option: links to those of @sides (element-type QrRoleSide) that are not there are left out.
 * @word: that it stands for, an item of qr_list_role */
void qr_role_side_item (const QrRoleSide *side, const GPtrArray *sides, const char *id,
                        const QrItem *word, QrItem *out);

/* Whether @key is a hint about a place, which a device takes. */
gboolean qr_role_is_hint (const char *key);
