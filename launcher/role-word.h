/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role-word.h: one word of a list on its way to become options.
 *
 * Holds what is known of it: the role, the keys that it has, and the words that choose between
 * the parts of the role, its main value ("value") among them.
 */
#pragma once

#include "list.h"
#include "new-file.h"
#include "role-find.h"
#include "role-side.h"

/* What became of a word. */
typedef struct
{
  const QrRole *role;
  const char *id;   /* NULL: nothing of it has one */
  const char *word; /* as the list has it */
  const QrOptList *opts;
  QrPlace place;
  guint row;           /* in its file, from 1; 0: it is in none */
  const QrItem *items; /* what it became */
  gsize n_items;
  gsize first_file, n_files; /* of those that are to be made, what it asks for */
} QrRoleUse;

/* What roles need to know besides the list. */
typedef struct
{
  const QrRoleBook *book;
  const char *arch;                  /* QEMU's; NULL: not known */
  const char *machine;               /* of a line that names none; NULL: not known */
  const char *const *firmware_paths; /* directories with firmware descriptions, the first wins;
                                        ended by NULL */
} QrRoleContext;

/* The line with the list. */
typedef struct
{
  const QrCmdline *line;
  const QrRoleContext *context;
  QrPool *pool;
  QrRoleUse *uses;
  gsize n_uses;
  GArray *items;       /* QrItem of the line that comes out */
  GArray *files;       /* QrNewFile that are to be made */
  GHashTable *ids;     /* id → the QrRoleUse that claims it; NULL: another device has it */
  GHashTable *turns;   /* role → how many of it there were, as a pointer */
  GHashTable *numbers; /* role → all numbers below it are taken in ids, as a pointer */
  GHashTable *roles;   /* name → QrRole that was asked for */
  GHashTable *keys;    /* see qr_role_side_new() */
  GHashTable *once;    /* what stands once on the line and is there */
  GHashTable *again;   /* roles that had a variant with another text for the next */
  GHashTable *said;    /* see qr_role_line_says(); empty: not looked at yet */
} QrRoleLine;

typedef struct
{
  QrRoleLine *roles;
  QrRoleUse *use;
  const QrItem *item;
  const QrOptList *opts; /* the first is the role and its main value */
  GHashTable *words;     /* key → word: the main value, the choices, what was found */
  GPtrArray *sides;      /* QrRoleSide */
  const QrOpt *size;     /* asks for an image to be made, or NULL */
} QrRoleWord;

/* What the line's own options say: the last value of @key of @option, or (@key NULL) whatever is
 * not NULL where the option is there. */
const char *qr_role_line_says (QrRoleLine *roles, const char *option, const char *key);

/* The machine of the line as it is written, else of a line that names none; NULL: not known. */
const char *qr_role_line_machine (const QrRoleLine *roles);

/* Refuses the value of @opt (@at_value), its key, or (NULL) the whole word. Returns FALSE. */
gboolean qr_role_word_fail (const QrRoleWord *word, const QrOpt *opt, gboolean at_value,
                            const char *code, const char *hint, GError **error, const char *format,
                            ...) G_GNUC_PRINTF (7, 8);

/* The word that stands for @key, or NULL; it is lent. */
const char *qr_role_word_get (const QrRoleWord *word, const char *key);
void qr_role_word_set (QrRoleWord *word, const char *key, const char *value);

/* The last that says @key, but the role itself; or NULL. */
const QrOpt *qr_role_word_opt (const QrRoleWord *word, const char *key);

/* Reads the main value and the choices. Status REQUEST, code "role-value". */
gboolean qr_role_word_read (QrRoleWord *word, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses words that choose nothing; the same. */
gboolean qr_role_word_check (const QrRoleWord *word, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @value picks @variant. */
gboolean qr_role_variant_fits (const QrRoleVariant *variant, const char *value);
