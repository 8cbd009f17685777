/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "json-doc.h"

#include <json.h>
#include <string.h>

#include "bounds.h"
#include "file.h"
#include "json-scan.h"

struct QrJsonDoc
{
  char *text;
  gsize length;
  char *file;
  guint argument;
  QrStatus status;
  struct json_object *root;
  GArray *members; /* QrJsonSpan of the root's members, in their order */
};

static void
doc_place (const QrJsonDoc *doc, gsize start, gsize end, QrPlace *out)
{
  *out = (QrPlace){ doc->argument, doc->file, doc->text, start, end - start };
}

static gboolean
doc_check (const QrJsonDoc *doc, GError **error)
{
  const char *fault;
  QrPlace place;
  gsize bad;

  if (qr_json_scan (doc->text, doc->length, NULL, 0, NULL, doc->members, &bad, &fault))
    return TRUE;
  doc_place (doc, bad, bad + 1, &place);
  qr_error_set (error, doc->status, "json-syntax", &place, NULL, "broken JSON: %s", fault);
  return FALSE;
}

QrJsonDoc *
qr_json_doc_parse (const char *text, gsize length, const char *file, guint argument,
                   QrStatus status, GError **error)
{
  g_autoptr (QrJsonDoc) doc = g_new0 (QrJsonDoc, 1);
  struct json_tokener *tokener;
  enum json_tokener_error outcome;

  doc->text = g_strndup (text, length);
  doc->length = length;
  doc->file = g_strdup (file);
  doc->argument = argument;
  doc->status = status;
  doc->members = g_array_new (FALSE, FALSE, sizeof (QrJsonSpan));
  if (!doc_check (doc, error))
    return NULL;
  tokener = json_tokener_new_ex (QR_LIMIT_JSON_DEPTH + 1);
  json_tokener_set_flags (tokener, JSON_TOKENER_STRICT);
  /* With the NUL, or json-c would wait for the rest of a number. */
  doc->root = json_tokener_parse_ex (tokener, doc->text, (int) doc->length + 1);
  outcome = json_tokener_get_error (tokener);
  json_tokener_free (tokener);
  if (outcome != json_tokener_success)
    {
      qr_error_set (error, QR_STATUS_INTERNAL, "json-syntax", NULL, NULL,
                    "json-c refuses what the scanner took: %s", json_tokener_error_desc (outcome));
      return NULL;
    }
  return g_steal_pointer (&doc);
}

QrJsonDoc *
qr_json_doc_read (const char *path, GError **error)
{
  GString *text = qr_file_read (path, NULL, error);
  QrJsonDoc *doc;

  if (text == NULL)
    return NULL;
  doc = qr_json_doc_parse (text->str, text->len, path, 0, QR_STATUS_CONFIG, error);
  g_string_free (text, TRUE);
  return doc;
}

void
qr_json_doc_free (QrJsonDoc *doc)
{
  if (doc == NULL)
    return;
  json_object_put (doc->root);
  g_array_unref (doc->members);
  g_free (doc->text);
  g_free (doc->file);
  g_free (doc);
}

void
qr_json_root (const QrJsonDoc *doc, QrJson *out)
{
  *out = (QrJson){ .doc = doc, .value = doc->root };
}

const char *
qr_json_doc_text (const QrJsonDoc *doc)
{
  return doc->text;
}

/* Finds @json: as a numbered member of the root, else by a second scan. */
static void
locate (const QrJson *json, QrJsonSpan *span)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (QrJsonStep));
  const char *fault;
  gsize bad;

  if (json->parent != NULL && json->parent->parent == NULL && json->member > 0)
    {
      *span = g_array_index (json->doc->members, QrJsonSpan, json->member - 1);
      return;
    }
  for (const QrJson *at = json; at->parent != NULL; at = at->parent)
    {
      QrJsonStep step = { at->key, at->index };

      g_array_prepend_val (steps, step);
    }
  *span = (QrJsonSpan){ 0 };
  (void) qr_json_scan (json->doc->text, json->doc->length,
                       (const QrJsonStep *) (gpointer) steps->data, steps->len, span, NULL, &bad,
                       &fault);
}

void
qr_json_place (const QrJson *json, QrPlace *out)
{
  QrJsonSpan span;

  locate (json, &span);
  doc_place (json->doc, span.value_start, span.value_end, out);
}

void
qr_json_key_place (const QrJson *json, QrPlace *out)
{
  QrJsonSpan span;

  locate (json, &span);
  doc_place (json->doc, span.key_start, span.key_end, out);
}

gboolean
qr_json_find (const QrJson *object, const char *key, QrJson *out)
{
  struct json_object *value;

  if (!json_object_is_type (object->value, json_type_object)
      || !json_object_object_get_ex (object->value, key, &value))
    return FALSE;
  *out = (QrJson){ .doc = object->doc, .parent = object, .value = value, .key = key };
  return TRUE;
}

gboolean
qr_json_member (const QrJson *object, const char *key, QrJson *out, GError **error)
{
  if (!qr_json_is_object (object, error))
    return FALSE;
  if (qr_json_find (object, key, out))
    return TRUE;
  qr_json_fail (object, error, NULL, "\"%s\" is missing here", key);
  return FALSE;
}

static gboolean
expect (const QrJson *json, enum json_type type, const char *what, GError **error)
{
  if (json_object_is_type (json->value, type))
    return TRUE;
  qr_json_fail (json, error, NULL, "expected %s", what);
  return FALSE;
}

gboolean
qr_json_is_object (const QrJson *json, GError **error)
{
  return expect (json, json_type_object, "an object", error);
}

gboolean
qr_json_is_array (const QrJson *json, GError **error)
{
  return expect (json, json_type_array, "an array", error);
}

gboolean
qr_json_is_null (const QrJson *json)
{
  return json->value == NULL;
}

gboolean
qr_json_only (const QrJson *object, const char *const *keys, GError **error)
{
  if (!qr_json_is_object (object, error))
    return FALSE;
  json_object_object_foreach (object->value, key, value)
    {
      QrJson member = { .doc = object->doc, .parent = object, .value = value, .key = key };
      g_autofree char *known = NULL;
      QrPlace place;

      if (g_strv_contains (keys, key))
        continue;
      known = g_strjoinv (", ", (char **) keys);
      qr_json_key_place (&member, &place);
      qr_error_set (error, object->doc->status, "json-key", &place, NULL,
                    "unknown key \"%s\"; known are: %s", key, known);
      return FALSE;
    }
  return TRUE;
}

gsize
qr_json_length (const QrJson *array)
{
  return json_object_array_length (array->value);
}

void
qr_json_element (const QrJson *array, gsize index, QrJson *out)
{
  *out
      = (QrJson){ array->doc, array, json_object_array_get_idx (array->value, index), NULL, index };
}

gboolean
qr_json_each (const QrJson *object, QrJsonVisit visit, gpointer data, GError **error)
{
  gsize n = 0;

  json_object_object_foreach (object->value, key, value)
    {
      QrJson member
          = { .doc = object->doc, .parent = object, .value = value, .key = key, .member = ++n };

      if (!visit (&member, data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_json_string (const QrJson *json, const char **out, GError **error)
{
  if (!expect (json, json_type_string, "a string", error))
    return FALSE;
  *out = json_object_get_string (json->value);
  return TRUE;
}

gboolean
qr_json_boolean (const QrJson *json, gboolean *out, GError **error)
{
  if (!expect (json, json_type_boolean, "true or false", error))
    return FALSE;
  *out = json_object_get_boolean (json->value);
  return TRUE;
}

gboolean
qr_json_uint (const QrJson *json, guint64 low, guint64 high, guint64 *out, GError **error)
{
  gint64 value = json_object_get_int64 (json->value);

  if (!json_object_is_type (json->value, json_type_int) || value < 0 || (guint64) value < low
      || (guint64) value > high)
    {
      qr_json_fail (json, error, NULL,
                    "expected a whole number, %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, low,
                    high);
      return FALSE;
    }
  *out = (guint64) value;
  return TRUE;
}

void
qr_json_fail (const QrJson *json, GError **error, const char *hint, const char *format, ...)
{
  va_list arguments;
  QrPlace place;

  qr_json_place (json, &place);
  va_start (arguments, format);
  qr_error_setv (error, json->doc->status, "json-value", &place, hint, format, arguments);
  va_end (arguments);
}

void
qr_json_append_string (GString *out, const char *text)
{
  struct json_object *string = json_object_new_string (text);

  g_string_append (out, json_object_to_json_string_ext (string, JSON_C_TO_STRING_NOSLASHESCAPE));
  json_object_put (string);
}
