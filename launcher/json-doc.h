/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-doc.h: strict JSON with positions.
 *
 * json-c holds the values; it accepts more than JSON (single quotes, NaN,
 * duplicate keys, saturating numbers) and knows no positions. A scanner of our
 * own runs first, refuses all of that at its byte, and runs again on the error
 * path to find where a value was written.
 *
 * Knows RFC 8259 and nothing of what a document means.
 * Limits: QR_LIMIT_FILE_BYTES, QR_LIMIT_JSON_DEPTH.
 */
#pragma once

#include "diag.h"

struct json_object;

typedef struct QrJsonDoc QrJsonDoc;

/* A value inside a document. Plain and small, made on the stack; the handles of
 * its parents must outlive it, for they are its address in an error. */
typedef struct QrJson
{
  const QrJsonDoc *doc;
  const struct QrJson *parent;
  struct json_object *value;
  const char *key; /* member of an object, or NULL */
  gsize index;     /* element of an array, or unused */
  gsize member;    /* number from 1 of a member met by qr_json_each(); 0: not known */
} QrJson;

/**
 * qr_json_doc_parse:
 * @text: @length bytes, need not be terminated; copied
 * @file: (nullable): name for errors; when NULL, @argument is used
 * @argument: the command line's argument that holds the text
 * @status: status of every error found in this document
 * @error: code "json-syntax", placed at the byte
 *
 * Returns: (transfer full): or NULL
 */
QrJsonDoc *qr_json_doc_parse (const char *text, gsize length, const char *file, guint argument,
                              QrStatus status, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a regular file of at most QR_LIMIT_FILE_BYTES and parses it; faults of
 * the content have status CONFIG, a missing file NO_INPUT, others IO or PERMISSION. */
QrJsonDoc *qr_json_doc_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void qr_json_doc_free (QrJsonDoc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrJsonDoc, qr_json_doc_free)

void qr_json_root (const QrJsonDoc *doc, QrJson *out);
const char *qr_json_doc_text (const QrJsonDoc *doc);

/* Where @json was written; for a member, its value. */
void qr_json_place (const QrJson *json, QrPlace *out);

/* Where the key of the member @json was written. */
void qr_json_key_place (const QrJson *json, QrPlace *out);

/* FALSE when @object has no member @key; no error. */
gboolean qr_json_find (const QrJson *object, const char *key, QrJson *out);

/* The member @key, or an error at @object. */
gboolean qr_json_member (const QrJson *object, const char *key, QrJson *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses any other type at its place. */
gboolean qr_json_is_object (const QrJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean qr_json_is_array (const QrJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean qr_json_is_null (const QrJson *json);

/* Refuses members of @object that @keys (ended by NULL) does not list. */
gboolean qr_json_only (const QrJson *object, const char *const *keys,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

gsize qr_json_length (const QrJson *array);
void qr_json_element (const QrJson *array, gsize index, QrJson *out);

/* Calls @visit for each member in the order written, until it returns FALSE. */
typedef gboolean (*QrJsonVisit) (const QrJson *member, gpointer data, GError **error);
gboolean qr_json_each (const QrJson *object, QrJsonVisit visit, gpointer data,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Typed readers. @out is lent and lives as long as the document. */
gboolean qr_json_string (const QrJson *json, const char **out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean qr_json_boolean (const QrJson *json, gboolean *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean qr_json_uint (const QrJson *json, guint64 low, guint64 high, guint64 *out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An error at @json, with the document's status and code "json-value". */
void qr_json_fail (const QrJson *json, GError **error, const char *hint, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* Appends @text to @out as a JSON string, quotes included. */
void qr_json_append_string (GString *out, const char *text);
