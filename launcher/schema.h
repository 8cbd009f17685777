/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.h: records of a profile, described once.
 *
 * A description says which keys a JSON object has and where each goes in a C
 * struct. From it come the loader, the refusal of unknown keys and wrong
 * values, and the C text that the build compiles into the program: so a
 * profile read at run time and a compiled one cannot differ.
 *
 * Knows JSON and memory layout. Knows nothing of what a record means.
 */
#pragma once

#include "json-doc.h"
#include "pci-class.h"
#include "pool.h"

typedef enum
{
  QR_FIELD_STRING,  /* const char *; JSON null or absent: NULL */
  QR_FIELD_STRINGS, /* const char *const *, ended by NULL; absent: NULL */
  QR_FIELD_BOOLEAN, /* gboolean; absent: FALSE, or TRUE with QR_FIELD_DEFAULT_TRUE */
  QR_FIELD_UINT,    /* guint32, at most .limit; absent: 0 */
  QR_FIELD_CLASS,   /* guint32 of six hexadecimal digits; null or absent: QR_CLASS_UNKNOWN */
  QR_FIELD_ADDR,    /* guint8 devfn, of the text "1c.3" */
  QR_FIELD_RANGE,   /* guint32 bit set, of the text "0,4-18" in hexadecimal, up to .limit */
  QR_FIELD_ENUM,    /* guint32 index into .names; absent: 0 */
  QR_FIELD_FLAGS,   /* guint32 bit set of indexes into .names, from an array; absent: 0 */
  QR_FIELD_RECORDS, /* const T * and a guint32 count, from an array */
  QR_FIELD_RECORD,  /* const T *, from an object; absent: NULL */
  QR_FIELD_IGNORED, /* for readers of the file: a source, a comment */
} QrFieldKind;

enum
{
  QR_FIELD_REQUIRED = 1 << 0,
  QR_FIELD_DEFAULT_TRUE = 1 << 1,
};

struct QrSchema;

typedef struct
{
  const char *key;
  QrFieldKind kind;
  gsize offset;       /* in the struct */
  gsize count_offset; /* QR_FIELD_RECORDS: of the guint32 count */
  guint flags;
  guint32 limit;
  const char *const *names; /* ended by NULL */
  const struct QrSchema *records;
} QrField;

typedef struct QrSchema
{
  const char *type; /* the C type, for the compiled form */
  gsize size;
  const QrField *fields; /* ended by a NULL key */
} QrSchema;

/* Reads @json into @record (schema->size bytes, zeroed); all memory from @pool. */
gboolean qr_schema_load (const QrSchema *schema, const QrJson *json, QrPool *pool, gpointer record,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends @record as a C initializer, "{ ... }". */
void qr_schema_print (const QrSchema *schema, gconstpointer record, GString *out);

/* Index of @name in @names (ended by NULL), or -1. */
int qr_schema_name_index (const char *const *names, const char *name);
