/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-find.h: the role that a list names: of the program, or of somebody's own.
 *
 * Nothing is opened for a role of the program. Roles of one's own are files in the form of
 * profiles/roles, read by the same loader.
 */
#pragma once

#include "profiles.h"

/* Where roles are looked for, in this order. */
typedef struct
{
  GPtrArray *own; /* QrRole that the line brings along, the last file's first; or NULL */
  const QrProfiles *profiles;
  const char *directory; /* has NAME.json for role NAME; NULL: it is not looked at */
} QrRoleBook;

/**
 * qr_role_read:
 * @path: of a file with roles
 * @pool: owns all that comes out
 * @out: gets them (element-type QrRole), before those that it has
 * @error: status CONFIG, at file:line:column; those of qr_json_doc_read()
 */
gboolean qr_role_read (const char *path, const QrProfiles *profiles, QrPool *pool, GPtrArray *out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_role_find:
 * @found: (out): NULL when there is none of that name
 * @error: those of qr_role_read()
 */
gboolean qr_role_find (const QrRoleBook *book, const char *name, QrPool *pool, const QrRole **found,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The names of all roles but those of the directory, sorted, ended by NULL; the strings live as
 * long as the book. (transfer container) */
const char **qr_role_names (const QrRoleBook *book) G_GNUC_WARN_UNUSED_RESULT;

/* What somebody may have meant who wrote @name, and what there is: "did you mean ...? roles are:
 * ..." (transfer full) */
char *qr_role_guess (const QrRoleBook *book, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* Appends to @words, the default first, those that @key ("value": the main one) can have by what
 * the parts and choices of @role say. Returns whether others will do, too. */
gboolean qr_role_words (const QrRole *role, const char *key, GPtrArray *words);

/* Adds to @words what is not there yet. */
void qr_role_add_word (const char *word, GPtrArray *words);
void qr_role_add_words (const char *const *more, GPtrArray *words);
