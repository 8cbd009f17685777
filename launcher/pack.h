/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pack.h: many records of one schema as numbers and text, without pointers.
 *
 * A table of pointers must be relocated, page by page, each time the program
 * starts; a packed one is read where it lies. Records come out one by one, when
 * somebody asks for them.
 *
 * Knows schemas. Knows nothing of what a record means.
 */
#pragma once

#include "schema.h"

typedef struct
{
  const guint32 *words; /* the records' fields */
  guint32 n_words;
  const char *text; /* their strings, each ended by a NUL */
  guint32 text_bytes;
  const guint32 *records; /* where in words each begins, in the order they were added */
  guint32 n_records;
  const guint32
      *names; /* pairs: a name's place in text, a record's place in words; sorted by name */
  guint32 n_names;
} QrPacked;

typedef struct QrPacker QrPacker;

QrPacker *qr_packer_new (const QrSchema *schema) G_GNUC_WARN_UNUSED_RESULT;
void qr_packer_free (QrPacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrPacker, qr_packer_free)

/* Adds @record; returns where it begins, for qr_packer_add_name(). */
guint32 qr_packer_add (QrPacker *packer, gconstpointer record);

/* Lets @name find the record at @place. FALSE, and nothing changed, when the name is taken. */
gboolean qr_packer_add_name (QrPacker *packer, const char *name,
                             guint32 place) G_GNUC_WARN_UNUSED_RESULT;

/* All that was added, in memory of @pool. */
void qr_packer_finish (QrPacker *packer, QrPool *pool, QrPacked *out);

/* Appends @packed as C text: definitions that begin with @name_, and a macro @name
 * that initializes a QrPacked. */
void qr_packed_print (const QrPacked *packed, const char *name, GString *out);

/* The record at @place, in memory of @pool; its strings are lent by @packed. */
gpointer qr_packed_get (const QrPacked *packed, const QrSchema *schema, guint32 place,
                        QrPool *pool);

/* The record that @name finds, or NULL. */
gpointer qr_packed_find (const QrPacked *packed, const QrSchema *schema, const char *name,
                         QrPool *pool);
