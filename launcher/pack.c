/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pack.h"

#include <string.h>

struct QrPacker
{
  const QrSchema *schema;
  GArray *words; /* guint32 */
  GString *text;
  GHashTable *texts; /* string → its place in text + 1 */
  GArray *records;   /* guint32 */
  GHashTable *names; /* name → its record's place + 1 */
};

QrPacker *
qr_packer_new (const QrSchema *schema)
{
  QrPacker *packer = g_new0 (QrPacker, 1);

  packer->schema = schema;
  packer->words = g_array_new (FALSE, FALSE, sizeof (guint32));
  packer->text = g_string_new (NULL);
  packer->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  packer->records = g_array_new (FALSE, FALSE, sizeof (guint32));
  packer->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return packer;
}

void
qr_packer_free (QrPacker *packer)
{
  if (packer == NULL)
    return;
  g_array_unref (packer->words);
  g_string_free (packer->text, TRUE);
  g_hash_table_unref (packer->texts);
  g_array_unref (packer->records);
  g_hash_table_unref (packer->names);
  g_free (packer);
}

static void
put (QrPacker *packer, guint32 word)
{
  g_array_append_val (packer->words, word);
}

/* The place of @text, written once however often it is used. */
static guint32
text_place (QrPacker *packer, const char *text)
{
  guint32 place = GPOINTER_TO_UINT (g_hash_table_lookup (packer->texts, text));

  if (place == 0)
    {
      place = (guint32) packer->text->len + 1;
      g_string_append_len (packer->text, text, (gssize) strlen (text) + 1);
      g_hash_table_insert (packer->texts, g_strdup (text), GUINT_TO_POINTER (place));
    }
  return place - 1;
}

/* 0 stands for NULL. */
static void
put_text (QrPacker *packer, const char *text)
{
  put (packer, text == NULL ? 0 : text_place (packer, text) + 1);
}

static void
put_texts (QrPacker *packer, const char *const *texts)
{
  put (packer, texts == NULL ? 0 : (guint32) g_strv_length ((char **) texts) + 1);
  for (; texts != NULL && *texts != NULL; texts++)
    put_text (packer, *texts);
}

static void put_record (QrPacker *packer, const QrSchema *schema, gconstpointer record);

static void
put_records (QrPacker *packer, const QrSchema *schema, const char *items, guint32 count)
{
  put (packer, count);
  for (guint32 i = 0; i < count; i++)
    put_record (packer, schema, items + i * schema->size);
}

static void
put_field (QrPacker *packer, const QrField *field, const char *record)
{
  gconstpointer at = record + field->offset;

  switch (field->kind)
    {
    case QR_FIELD_STRING:
      put_text (packer, *(const char *const *) at);
      break;
    case QR_FIELD_STRINGS:
      put_texts (packer, *(const char *const *const *) at);
      break;
    case QR_FIELD_ADDR:
      put (packer, *(const guint8 *) at);
      break;
    case QR_FIELD_BOOLEAN:
    case QR_FIELD_UINT:
    case QR_FIELD_CLASS:
    case QR_FIELD_RANGE:
    case QR_FIELD_ENUM:
    case QR_FIELD_FLAGS:
      put (packer, *(const guint32 *) at);
      break;
    case QR_FIELD_RECORDS:
      put_records (packer, field->records, *(const char *const *) at,
                   *(const guint32 *) (gconstpointer) (record + field->count_offset));
      break;
    case QR_FIELD_RECORD:
      put_records (packer, field->records, *(const char *const *) at,
                   *(const char *const *) at != NULL);
      break;
    case QR_FIELD_IGNORED:
      break;
    }
}

static void
put_record (QrPacker *packer, const QrSchema *schema, gconstpointer record)
{
  for (const QrField *field = schema->fields; field->key != NULL; field++)
    put_field (packer, field, record);
}

guint32
qr_packer_add (QrPacker *packer, gconstpointer record)
{
  guint32 place = packer->words->len;

  g_array_append_val (packer->records, place);
  put_record (packer, packer->schema, record);
  return place;
}

gboolean
qr_packer_add_name (QrPacker *packer, const char *name, guint32 place)
{
  return !g_hash_table_contains (packer->names, name)
         && g_hash_table_insert (packer->names, g_strdup (name), GUINT_TO_POINTER (place + 1));
}

static gpointer
copy (QrPool *pool, gconstpointer data, gsize bytes)
{
  gpointer out = qr_pool_alloc (pool, bytes);

  if (bytes > 0)
    memcpy (out, data, bytes);
  return out;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

void
qr_packer_finish (QrPacker *packer, QrPool *pool, QrPacked *out)
{
  GList *names = g_list_sort (g_hash_table_get_keys (packer->names), compare_names);
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (const GList *name = names; name != NULL; name = name->next)
    {
      guint32 pair[2] = { text_place (packer, name->data),
                          GPOINTER_TO_UINT (g_hash_table_lookup (packer->names, name->data)) - 1 };

      g_array_append_vals (pairs, pair, 2);
    }
  out->words = copy (pool, packer->words->data, packer->words->len * sizeof (guint32));
  out->n_words = packer->words->len;
  out->text = copy (pool, packer->text->str, packer->text->len + 1);
  out->text_bytes = (guint32) packer->text->len;
  out->records = copy (pool, packer->records->data, packer->records->len * sizeof (guint32));
  out->n_records = packer->records->len;
  out->names = copy (pool, pairs->data, pairs->len * sizeof (guint32));
  out->n_names = pairs->len / 2;
  g_list_free (names);
}

static gpointer read_record (const QrPacked *packed, const QrSchema *schema, guint32 *at,
                             gpointer record, QrPool *pool);

static const char *
read_text (const QrPacked *packed, guint32 *at)
{
  guint32 place = packed->words[(*at)++];

  return place == 0 ? NULL : packed->text + place - 1;
}

static const char *const *
read_texts (const QrPacked *packed, guint32 *at, QrPool *pool)
{
  guint32 n = packed->words[(*at)++];
  const char **texts = n == 0 ? NULL : qr_pool_alloc_n (pool, n, sizeof *texts);

  for (guint32 i = 0; i + 1 < n; i++)
    texts[i] = read_text (packed, at);
  return texts;
}

static char *
read_records (const QrPacked *packed, const QrSchema *schema, guint32 *at, guint32 *count,
              QrPool *pool)
{
  char *items;

  *count = packed->words[(*at)++];
  items = *count == 0 ? NULL : qr_pool_alloc_n (pool, *count, schema->size);
  for (guint32 i = 0; i < *count; i++)
    (void) read_record (packed, schema, at, items + i * schema->size, pool);
  return items;
}

static void
read_field (const QrPacked *packed, const QrField *field, guint32 *at, char *record, QrPool *pool)
{
  gpointer to = record + field->offset;
  guint32 count;

  switch (field->kind)
    {
    case QR_FIELD_STRING:
      *(const char **) to = read_text (packed, at);
      break;
    case QR_FIELD_STRINGS:
      *(const char *const **) to = read_texts (packed, at, pool);
      break;
    case QR_FIELD_ADDR:
      *(guint8 *) to = (guint8) packed->words[(*at)++];
      break;
    case QR_FIELD_BOOLEAN:
    case QR_FIELD_UINT:
    case QR_FIELD_CLASS:
    case QR_FIELD_RANGE:
    case QR_FIELD_ENUM:
    case QR_FIELD_FLAGS:
      *(guint32 *) to = packed->words[(*at)++];
      break;
    case QR_FIELD_RECORDS:
      *(char **) to = read_records (packed, field->records, at,
                                    (guint32 *) (gpointer) (record + field->count_offset), pool);
      break;
    case QR_FIELD_RECORD:
      *(char **) to = read_records (packed, field->records, at, &count, pool);
      break;
    case QR_FIELD_IGNORED:
      break;
    }
}

static gpointer
read_record (const QrPacked *packed, const QrSchema *schema, guint32 *at, gpointer record,
             QrPool *pool)
{
  for (const QrField *field = schema->fields; field->key != NULL; field++)
    read_field (packed, field, at, record, pool);
  return record;
}

gpointer
qr_packed_get (const QrPacked *packed, const QrSchema *schema, guint32 place, QrPool *pool)
{
  return read_record (packed, schema, &place, qr_pool_alloc (pool, schema->size), pool);
}

gpointer
qr_packed_find (const QrPacked *packed, const QrSchema *schema, const char *name, QrPool *pool)
{
  guint32 low = 0, high = packed->n_names;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      int order = strcmp (name, packed->text + packed->names[2 * middle]);

      if (order == 0)
        return qr_packed_get (packed, schema, packed->names[2 * middle + 1], pool);
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

static void
print_numbers (const char *name, const char *part, const guint32 *numbers, gsize n, GString *out)
{
  g_string_append_printf (out, "static const guint32 %s_%s[] = {", name, part);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%s%u,", i % 16 == 0 ? "\n  " : " ", numbers[i]);
  g_string_append (out, "\n};\n");
}

/* Each string on a line of its own, its NUL written out. */
static void
print_text (const char *name, const char *text, guint32 bytes, GString *out)
{
  g_string_append_printf (out, "static const char %s_text[] =", name);
  for (guint32 at = 0; at < bytes; at += (guint32) strlen (text + at) + 1)
    {
      g_autofree char *escaped = g_strescape (text + at, NULL);

      g_string_append_printf (out, "\n  \"%s\\000\"", escaped);
    }
  g_string_append (out, bytes == 0 ? " \"\";\n" : ";\n");
}

void
qr_packed_print (const QrPacked *packed, const char *name, GString *out)
{
  print_numbers (name, "words", packed->words, packed->n_words, out);
  print_text (name, packed->text, packed->text_bytes, out);
  print_numbers (name, "records", packed->records, packed->n_records, out);
  print_numbers (name, "names", packed->names, 2 * (gsize) packed->n_names, out);
  g_string_append_printf (
      out, "#define %s { %s_words, %uu, %s_text, %uu, %s_records, %uu, %s_names, %uu }\n\n", name,
      name, packed->n_words, name, packed->text_bytes, name, packed->n_records, name,
      packed->n_names);
}
