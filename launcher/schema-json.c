/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "schema-json.h"

#include "pci-addr.h"

static struct json_object *
strings (const char *const *texts)
{
  struct json_object *out = json_object_new_array ();

  for (; texts != NULL && *texts != NULL; texts++)
    json_object_array_add (out, qr_json_new_text (*texts));
  return out;
}

static struct json_object *
flags (guint32 bits, const char *const *names)
{
  struct json_object *out = json_object_new_array ();

  for (guint i = 0; names[i] != NULL; i++)
    if ((bits & 1u << i) != 0)
      json_object_array_add (out, qr_json_new_text (names[i]));
  return out;
}

static struct json_object *
class_code (guint32 code)
{
  g_autofree char *text = g_strdup_printf ("%06x", code);

  return code == QR_CLASS_UNKNOWN ? NULL : qr_json_new_text (text);
}

static struct json_object *
addr (guint8 devfn)
{
  char text[QR_PCI_ADDR_TEXT];

  return qr_json_new_text (qr_pci_addr_format (qr_pci_addr_from_devfn (devfn), text));
}

/* "0,4,5", in hexadecimal. */
static struct json_object *
range (guint32 bits)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < 32; i++)
    if ((bits & 1u << i) != 0)
      g_string_append_printf (out, "%s%x", out->len == 0 ? "" : ",", i);
  return qr_json_new_text (out->str);
}

static struct json_object *
records (const QrSchema *schema, const char *items, guint32 n)
{
  struct json_object *out = json_object_new_array ();

  for (guint32 i = 0; i < n; i++)
    json_object_array_add (out, qr_schema_json (schema, items + i * schema->size));
  return out;
}

static struct json_object *
value (const QrField *field, gconstpointer record)
{
  gconstpointer at = (const char *) record + field->offset;
  const char *items;

  switch (field->kind)
    {
    case QR_FIELD_STRING:
      return qr_json_new_text (*(const char *const *) at);
    case QR_FIELD_STRINGS:
      return strings (*(const char *const *const *) at);
    case QR_FIELD_BOOLEAN:
      return json_object_new_boolean (*(const gboolean *) at);
    case QR_FIELD_UINT:
      return json_object_new_int64 (*(const guint32 *) at);
    case QR_FIELD_CLASS:
      return class_code (*(const guint32 *) at);
    case QR_FIELD_ADDR:
      return addr (*(const guint8 *) at);
    case QR_FIELD_RANGE:
      return range (*(const guint32 *) at);
    case QR_FIELD_ENUM:
      return qr_json_new_text (field->names[*(const guint32 *) at]);
    case QR_FIELD_FLAGS:
      return flags (*(const guint32 *) at, field->names);
    case QR_FIELD_RECORDS:
      items = *(const char *const *) at;
      return records (
          field->records, items,
          *(const guint32 *) (gconstpointer) ((const char *) record + field->count_offset));
    case QR_FIELD_RECORD:
      items = *(const char *const *) at;
      return items == NULL ? NULL : qr_schema_json (field->records, items);
    case QR_FIELD_IGNORED:
      break;
    }
  g_assert_not_reached ();
}

/* Whether the key may be left out. */
static gboolean
is_default (const QrField *field, gconstpointer record)
{
  gconstpointer at = (const char *) record + field->offset;

  if ((field->flags & QR_FIELD_REQUIRED) != 0)
    return FALSE;
  switch (field->kind)
    {
    case QR_FIELD_STRING:
    case QR_FIELD_STRINGS:
    case QR_FIELD_RECORDS:
    case QR_FIELD_RECORD:
      return *(gconstpointer const *) at == NULL;
    case QR_FIELD_BOOLEAN:
      return *(const gboolean *) at == ((field->flags & QR_FIELD_DEFAULT_TRUE) != 0);
    case QR_FIELD_CLASS:
      return *(const guint32 *) at == QR_CLASS_UNKNOWN;
    case QR_FIELD_ADDR:
      return *(const guint8 *) at == 0;
    case QR_FIELD_UINT:
    case QR_FIELD_RANGE:
    case QR_FIELD_ENUM:
    case QR_FIELD_FLAGS:
      return *(const guint32 *) at == 0;
    case QR_FIELD_IGNORED:
      return TRUE;
    }
  g_assert_not_reached ();
}

struct json_object *
qr_schema_json (const QrSchema *schema, gconstpointer record)
{
  struct json_object *out = json_object_new_object ();

  for (const QrField *field = schema->fields; field->key != NULL; field++)
    if (field->kind != QR_FIELD_IGNORED && !is_default (field, record))
      qr_json_put (out, field->key, value (field, record));
  return out;
}
