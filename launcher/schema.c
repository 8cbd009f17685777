/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "schema.h"

#include <string.h>

#include "pci-addr.h"

#define AT(record, offset, type) ((type *) (gpointer) ((char *) (record) + (offset)))
#define AT_CONST(record, offset, type)                                                             \
  ((const type *) (gconstpointer) ((const char *) (record) + (offset)))

int
qr_schema_name_index (const char *const *names, const char *name)
{
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  return -1;
}

static gboolean
load_name (const QrField *field, const QrJson *json, guint32 *out, GError **error)
{
  g_autofree char *known = NULL;
  const char *name;
  int index;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  index = qr_schema_name_index (field->names, name);
  if (index >= 0)
    {
      *out = (guint32) index;
      return TRUE;
    }
  known = g_strjoinv (", ", (char **) field->names);
  qr_json_fail (json, error, NULL, "unknown value \"%s\"; known are: %s", name, known);
  return FALSE;
}

static gboolean
load_flags (const QrField *field, const QrJson *json, guint32 *out, GError **error)
{
  if (!qr_json_is_array (json, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (json); i++)
    {
      QrJson element;
      guint32 index;

      qr_json_element (json, i, &element);
      if (!load_name (field, &element, &index, error))
        return FALSE;
      *out |= 1u << index;
    }
  return TRUE;
}

static gboolean
load_strings (const QrJson *json, QrPool *pool, const char *const **out, GError **error)
{
  const char **strings;

  if (!qr_json_is_array (json, error))
    return FALSE;
  strings = qr_pool_alloc_n (pool, qr_json_length (json) + 1, sizeof *strings);
  for (gsize i = 0; i < qr_json_length (json); i++)
    {
      QrJson element;
      const char *text;

      qr_json_element (json, i, &element);
      if (!qr_json_string (&element, &text, error))
        return FALSE;
      strings[i] = qr_pool_strdup (pool, text);
    }
  *out = strings;
  return TRUE;
}

static gboolean
load_class (const QrJson *json, guint32 *out, GError **error)
{
  const char *text;
  guint64 value;

  if (!qr_json_string (json, &text, error))
    return FALSE;
  if (strlen (text) != 6 || !g_ascii_string_to_unsigned (text, 16, 0, 0xffffff, &value, NULL))
    {
      qr_json_fail (json, error, NULL, "expected a PCI class code of six hexadecimal digits");
      return FALSE;
    }
  *out = (guint32) value;
  return TRUE;
}

static gboolean
load_addr (const QrJson *json, guint8 *out, GError **error)
{
  const char *text;
  QrPciAddr addr;
  g_autoptr (GError) fault = NULL;
  gsize bad;

  if (!qr_json_string (json, &text, error))
    return FALSE;
  if (!qr_pci_addr_parse (text, &addr, &bad, &fault))
    {
      qr_json_fail (json, error, NULL, "%s", fault->message);
      return FALSE;
    }
  *out = (guint8) qr_pci_addr_devfn (addr);
  return TRUE;
}

/* One "4" or "4-18" of a range; moves @text behind it. */
static gboolean
read_interval (const char **text, guint32 limit, guint32 *out)
{
  char *end;
  guint64 low = g_ascii_strtoull (*text, &end, 16), high = low;

  if (end == *text || !g_ascii_isxdigit (**text))
    return FALSE;
  if (*end == '-')
    {
      *text = end + 1;
      high = g_ascii_strtoull (*text, &end, 16);
      if (end == *text || !g_ascii_isxdigit (**text))
        return FALSE;
    }
  if (low > high || high > limit)
    return FALSE;
  for (guint64 i = low; i <= high; i++)
    *out |= 1u << i;
  *text = end;
  return TRUE;
}

static gboolean
load_range (const QrField *field, const QrJson *json, guint32 *out, GError **error)
{
  const char *text;
  gboolean good;

  if (!qr_json_string (json, &text, error))
    return FALSE;
  do
    {
      good = read_interval (&text, field->limit, out);
      if (good && *text == '\0')
        return TRUE;
    }
  while (good && *text++ == ',');
  qr_json_fail (json, error, NULL, "expected hexadecimal numbers up to %x, such as \"0,4-6\"",
                field->limit);
  return FALSE;
}

static gboolean
load_records (const QrField *field, const QrJson *json, QrPool *pool, gpointer record,
              GError **error)
{
  char *items;
  gsize count;

  if (!qr_json_is_array (json, error))
    return FALSE;
  count = qr_json_length (json);
  items = qr_pool_alloc_n (pool, count, field->records->size);
  for (gsize i = 0; i < count; i++)
    {
      QrJson element;

      qr_json_element (json, i, &element);
      if (!qr_schema_load (field->records, &element, pool, items + i * field->records->size, error))
        return FALSE;
    }
  *AT (record, field->offset, gconstpointer) = items;
  *AT (record, field->count_offset, guint32) = (guint32) count;
  return TRUE;
}

static gboolean
load_record (const QrField *field, const QrJson *json, QrPool *pool, gpointer record,
             GError **error)
{
  gpointer item = qr_pool_alloc (pool, field->records->size);

  if (!qr_schema_load (field->records, json, pool, item, error))
    return FALSE;
  *AT (record, field->offset, gconstpointer) = item;
  return TRUE;
}

static gboolean
load_string (const QrJson *json, QrPool *pool, const char **out, GError **error)
{
  const char *text;

  if (!qr_json_string (json, &text, error))
    return FALSE;
  *out = qr_pool_strdup (pool, text);
  return TRUE;
}

static gboolean
load_uint (const QrField *field, const QrJson *json, guint32 *out, GError **error)
{
  guint64 value;

  if (!qr_json_uint (json, 0, field->limit, &value, error))
    return FALSE;
  *out = (guint32) value;
  return TRUE;
}

static gboolean
load_field (const QrField *field, const QrJson *json, QrPool *pool, gpointer record, GError **error)
{
  gpointer at = (char *) record + field->offset;

  switch (field->kind)
    {
    case QR_FIELD_STRING:
      return load_string (json, pool, at, error);
    case QR_FIELD_STRINGS:
      return load_strings (json, pool, at, error);
    case QR_FIELD_BOOLEAN:
      return qr_json_boolean (json, at, error);
    case QR_FIELD_UINT:
      return load_uint (field, json, at, error);
    case QR_FIELD_CLASS:
      return load_class (json, at, error);
    case QR_FIELD_ADDR:
      return load_addr (json, at, error);
    case QR_FIELD_RANGE:
      return load_range (field, json, at, error);
    case QR_FIELD_ENUM:
      return load_name (field, json, at, error);
    case QR_FIELD_FLAGS:
      return load_flags (field, json, at, error);
    case QR_FIELD_RECORDS:
      return load_records (field, json, pool, record, error);
    case QR_FIELD_RECORD:
      return load_record (field, json, pool, record, error);
    case QR_FIELD_IGNORED:
      return TRUE;
    }
  g_assert_not_reached ();
}

static gboolean
refuse_unknown_keys (const QrSchema *schema, const QrJson *json, GError **error)
{
  const char *keys[32];
  guint n = 0;

  for (const QrField *field = schema->fields; field->key != NULL; field++)
    {
      g_assert (n < G_N_ELEMENTS (keys) - 1);
      keys[n++] = field->key;
    }
  keys[n] = NULL;
  return qr_json_only (json, keys, error);
}

gboolean
qr_schema_load (const QrSchema *schema, const QrJson *json, QrPool *pool, gpointer record,
                GError **error)
{
  if (!refuse_unknown_keys (schema, json, error))
    return FALSE;
  for (const QrField *field = schema->fields; field->key != NULL; field++)
    {
      gboolean found;
      QrJson member;

      if (field->kind == QR_FIELD_BOOLEAN)
        *AT (record, field->offset, gboolean) = (field->flags & QR_FIELD_DEFAULT_TRUE) != 0;
      if (field->kind == QR_FIELD_CLASS)
        *AT (record, field->offset, guint32) = QR_CLASS_UNKNOWN;
      found = qr_json_find (json, field->key, &member);
      if (!found && (field->flags & QR_FIELD_REQUIRED) != 0)
        return qr_json_member (json, field->key, &member, error);
      if (found && member.value != NULL && !load_field (field, &member, pool, record, error))
        return FALSE;
    }
  return TRUE;
}

static void
print_string (const char *text, GString *out)
{
  g_autofree char *escaped = text == NULL ? NULL : g_strescape (text, NULL);

  if (text == NULL)
    g_string_append (out, "NULL");
  else
    g_string_append_printf (out, "\"%s\"", escaped);
}

static void
print_strings (const char *const *strings, GString *out)
{
  if (strings == NULL)
    {
      g_string_append (out, "NULL");
      return;
    }
  g_string_append (out, "(const char *const[]){ ");
  for (; *strings != NULL; strings++)
    {
      print_string (*strings, out);
      g_string_append (out, ", ");
    }
  g_string_append (out, "NULL }");
}

/* @count records as a compound literal; an empty list is NULL. */
static void
print_records (const QrSchema *schema, const char *items, guint32 count, GString *out)
{
  if (count == 0)
    {
      g_string_append (out, "NULL");
      return;
    }
  g_string_append_printf (out, "(const %s[]){ ", schema->type);
  for (guint32 i = 0; i < count; i++)
    {
      qr_schema_print (schema, items + i * schema->size, out);
      g_string_append (out, ", ");
    }
  g_string_append (out, "}");
}

static void
print_field (const QrField *field, gconstpointer record, GString *out)
{
  gconstpointer at = (const char *) record + field->offset;

  switch (field->kind)
    {
    case QR_FIELD_STRING:
      print_string (*(const char *const *) at, out);
      break;
    case QR_FIELD_STRINGS:
      print_strings (*(const char *const *const *) at, out);
      break;
    case QR_FIELD_ADDR:
      g_string_append_printf (out, "%u", *(const guint8 *) at);
      break;
    case QR_FIELD_BOOLEAN:
    case QR_FIELD_UINT:
    case QR_FIELD_CLASS:
    case QR_FIELD_RANGE:
    case QR_FIELD_ENUM:
    case QR_FIELD_FLAGS:
      g_string_append_printf (out, "%uu", *(const guint32 *) at);
      break;
    case QR_FIELD_RECORDS:
      print_records (field->records, *(const char *const *) at,
                     *AT_CONST (record, field->count_offset, guint32), out);
      break;
    case QR_FIELD_RECORD:
      print_records (field->records, *(const char *const *) at,
                     *(const char *const *) at == NULL ? 0 : 1, out);
      break;
    case QR_FIELD_IGNORED:
      break;
    }
}

/* In the order of the description, which is that of the struct's members. */
void
qr_schema_print (const QrSchema *schema, gconstpointer record, GString *out)
{
  gboolean first = TRUE;

  g_string_append (out, "{ ");
  for (const QrField *field = schema->fields; field->key != NULL; field++)
    {
      if (field->kind == QR_FIELD_IGNORED)
        continue;
      if (!first)
        g_string_append (out, ", ");
      first = FALSE;
      print_field (field, record, out);
      if (field->kind == QR_FIELD_RECORDS)
        g_string_append_printf (out, ", %uu", *AT_CONST (record, field->count_offset, guint32));
    }
  g_string_append (out, " }");
}
