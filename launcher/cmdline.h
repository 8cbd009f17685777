/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmdline.h: a QEMU command line as items, nothing lost.
 *
 * Knows which options take an argument. Gives no meaning to any.
 *
 * Source: QEMU system/vl.c, lookup_opt(): one or two dashes are equal, names
 *         are compared whole, the word after an option that takes an argument
 *         is that argument whatever it looks like, a word without a dash is a
 *         disk image, and there is no "--".
 */
#pragma once

#include "optlist.h"
#include "profiles.h"

typedef struct
{
  const QrOption *option; /* NULL: a disk image */
  const char *word;       /* the option, or the disk image, as written */
  const char *value;      /* its argument, or NULL */
  guint argument;         /* number of @word; the value has the next one; 0: on no line */
  const QrSource *source; /* where the value is from, if no argument has it as it is; or NULL */
} QrItem;

typedef struct QrCmdline
{
  const QrItem *items;
  gsize n;
  const struct QrCmdline *written; /* the line before files were read into it; NULL: this one */
  const QrItem *spent;      /* the first that names a file which can be read only once; or NULL */
  gboolean has_user_config; /* the file that QEMU reads unasked is in it */
} QrCmdline;

/**
 * qr_cmdline_parse:
 * @words: the words, ended by NULL; lent, must outlive the result
 * @first: argument number of words[0]
 * @own: (nullable): one more option that is known
 * @error: status REQUEST, code "limit", "unknown-option" or "missing-argument"
 *
 * Returns: (transfer none): owned by @pool; or NULL
 */
const QrCmdline *qr_cmdline_parse (const char *const *words, guint first,
                                   const QrProfiles *profiles, const QrOption *own, QrPool *pool,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The option that @word names, with one or two dashes; NULL: a disk image, or unknown. */
const QrOption *qr_cmdline_option (const char *word, const QrProfiles *profiles,
                                   const QrOption *own);

/* Whether an item has an option of @verb. */
gboolean qr_cmdline_has_verb (const QrCmdline *cmdline, QrVerb verb);

/* The item's argument, split; for a flag an empty list. */
const QrOptList *qr_item_opts (const QrItem *item, QrPool *pool,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "option "-x" (argument 3) starts programs"; of NULL "QEMU starts programs by default".
 * @what: a verb phrase. Owned by @pool. */
const char *qr_item_phrase (const QrItem *item, const char *what, QrPool *pool);

/* The option word (or disk image) as a place. */
void qr_item_place (const QrItem *item, QrPlace *out);

/* The option's argument as a place; of an item that stands on no line, none. */
void qr_item_value_place (const QrItem *item, QrPlace *out);
