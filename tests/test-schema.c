/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One record of every kind of field: loaded, refused at its place, printed as C. */
#include "config.h"

#include "schema-json.h"
#include "testlib.h"

#include <stddef.h>
#include <string.h>

typedef struct
{
  const char *word;
} Inner;

typedef struct
{
  const char *string;
  const char *const *strings;
  gboolean boolean, truth;
  guint32 number, class_code;
  guint8 devfn;
  guint32 range, choice, flags;
  const Inner *records;
  guint32 n_records;
  const Inner *record;
} Outer;

static const char *const names[] = { "zero", "one", "two", NULL };

static const QrField inner_fields[] = {
  { "word", QR_FIELD_STRING, offsetof (Inner, word), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema inner_schema = { "Inner", sizeof (Inner), inner_fields };

static const QrField outer_fields[] = {
  { "string", QR_FIELD_STRING, offsetof (Outer, string), .flags = QR_FIELD_REQUIRED },
  { "strings", QR_FIELD_STRINGS, offsetof (Outer, strings) },
  { "boolean", QR_FIELD_BOOLEAN, offsetof (Outer, boolean) },
  { "truth", QR_FIELD_BOOLEAN, offsetof (Outer, truth), .flags = QR_FIELD_DEFAULT_TRUE },
  { "number", QR_FIELD_UINT, offsetof (Outer, number), .limit = 64 },
  { "class", QR_FIELD_CLASS, offsetof (Outer, class_code) },
  { "addr", QR_FIELD_ADDR, offsetof (Outer, devfn) },
  { "range", QR_FIELD_RANGE, offsetof (Outer, range), .limit = 31 },
  { "choice", QR_FIELD_ENUM, offsetof (Outer, choice), .names = names },
  { "flags", QR_FIELD_FLAGS, offsetof (Outer, flags), .names = names },
  { "records", QR_FIELD_RECORDS, offsetof (Outer, records), offsetof (Outer, n_records),
    .records = &inner_schema },
  { "record", QR_FIELD_RECORD, offsetof (Outer, record), .records = &inner_schema },
  { "comment", QR_FIELD_IGNORED },
  { 0 },
};
static const QrSchema outer_schema = { "Outer", sizeof (Outer), outer_fields };

#define CLASS "expected a PCI class code of six hexadecimal digits"
#define RANGE "expected hexadecimal numbers up to 1f, such as \"0,4-6\""

/* What is wrong with the member, drawn below "{ "string": "s", MEMBER }". */
static const struct
{
  const char *name, *member, *message;
  guint column, marked; /* of the mark, in the whole text */
} refused[] = {
  { "string-number", "\"comment\":1,\"strings\":1", "expected an array", 38, 1 },
  { "strings-number", "\"strings\":[\"a\",2]", "expected a string", 31, 1 },
  { "boolean-text", "\"boolean\":\"on\"", "expected true or false", 26, 4 },
  { "boolean-number", "\"truth\":1", "expected true or false", 24, 1 },
  { "number-text", "\"number\":\"1\"", "expected a whole number, 0 to 64", 25, 3 },
  { "number-above", "\"number\":65", "expected a whole number, 0 to 64", 25, 2 },
  { "number-below", "\"number\":-1", "expected a whole number, 0 to 64", 25, 2 },
  { "number-broken", "\"number\":1.5", "expected a whole number, 0 to 64", 25, 3 },
  { "class-short", "\"class\":\"0200\"", CLASS, 24, 6 },
  { "class-long", "\"class\":\"0200000\"", CLASS, 24, 9 },
  { "class-prefix", "\"class\":\"0x0200\"", CLASS, 24, 8 },
  { "class-sign", "\"class\":\"-00001\"", CLASS, 24, 8 },
  { "class-number", "\"class\":131072", "expected a string", 24, 6 },
  { "addr-range", "\"addr\":\"20.0\"", "there is no slot \"20\"", 23, 6 },
  { "addr-syntax", "\"addr\":\"x\"", "\"x\" is not a PCI address", 23, 3 },
  { "addr-number", "\"addr\":1", "expected a string", 23, 1 },
  { "range-above", "\"range\":\"20\"", RANGE, 24, 4 },
  { "range-empty", "\"range\":\"\"", RANGE, 24, 2 },
  { "range-backwards", "\"range\":\"5-4\"", RANGE, 24, 5 },
  { "range-open", "\"range\":\"4-\"", RANGE, 24, 4 },
  { "range-comma", "\"range\":\"4,\"", RANGE, 24, 4 },
  { "range-commas", "\"range\":\"4,,5\"", RANGE, 24, 6 },
  { "range-blank", "\"range\":\"4, 5\"", RANGE, 24, 6 },
  { "range-minus", "\"range\":\"-1\"", RANGE, 24, 4 },
  { "range-huge", "\"range\":\"0-ffffffffffffffffff\"", RANGE, 24, 22 },
  { "choice-unknown", "\"choice\":\"three\"", "unknown value \"three\"; known are: zero, one, two", 25, 7 },
  { "choice-case", "\"choice\":\"One\"", "unknown value \"One\"; known are: zero, one, two", 25, 5 },
  { "choice-number", "\"choice\":1", "expected a string", 25, 1 },
  { "flags-text", "\"flags\":\"one\"", "expected an array", 24, 5 },
  { "flags-unknown", "\"flags\":[\"one\",\"x\"]", "unknown value \"x\"; known are: zero, one, two", 31, 3 },
  { "records-object", "\"records\":{}", "expected an array", 26, 2 },
  { "records-text", "\"records\":[\"x\"]", "expected an object", 27, 3 },
  { "records-missing", "\"records\":[{}]", "\"word\" is missing here", 27, 2 },
  { "records-unknown", "\"records\":[{\"word\":\"a\",\"x\":1}]", "unknown key \"x\"; known are: word", 39, 3 },
  { "record-array", "\"record\":[]", "expected an object", 25, 2 },
  { "unknown-key", "\"Number\":1",
    "unknown key \"Number\"; known are: string, strings, boolean, truth, number, class, addr, range, "
    "choice, flags, records, record, comment", 16, 8 },
};

static gboolean
load (const char *text, QrPool *pool, Outer *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), "f", 0, QR_STATUS_CONFIG, error);
  QrJson root;

  g_assert_nonnull (doc);
  memset (out, 0, sizeof *out);
  qr_json_root (doc, &root);
  return qr_schema_load (&outer_schema, &root, pool, out, error);
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *text = g_strdup_printf ("{\"string\":\"s\", %s}", refused[i].member), *place = NULL,
                  *mark = g_strnfill (refused[i].marked - 1, '~'), *drawn = NULL, *wanted = NULL;
  g_autoptr (GError) error = NULL;
  Outer outer;

  g_assert_false (load (text, pool, &outer, &error));
  g_assert_cmpstr (error->message, ==, refused[i].message);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  drawn = qr_error_render (error, "qriser");
  place = g_strdup_printf ("  f:1:%u: ", refused[i].column);
  wanted = g_strdup_printf ("%s%s\n%*s^%s\n", place, text,
                            (int) (strlen (place) + refused[i].column - 1), "", mark);
  if (strstr (drawn, wanted) == NULL)
    g_assert_cmpstr (drawn, ==, wanted);
}

static void
test_missing (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  Outer outer;

  g_assert_false (load ("{\"number\":1}", pool, &outer, &error));
  test_error_is (&error, "qriser: error: \"string\" is missing here\n"
                         "  f:1:1: {\"number\":1}\n"
                         "         ^~~~~~~~~~~~\n");
  g_assert_false (load ("[]", pool, &outer, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "expected an object");
}

static void
test_defaults (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  Outer outer;

  g_assert_true (load ("{\"string\":\"s\"}", pool, &outer, &error));
  g_assert_cmpstr (outer.string, ==, "s");
  g_assert_null (outer.strings);
  g_assert_false (outer.boolean);
  g_assert_true (outer.truth);
  g_assert_cmpuint (outer.class_code, ==, QR_CLASS_UNKNOWN);
  g_assert_cmpuint (outer.number + outer.range + outer.choice + outer.flags + outer.n_records, ==, 0);
  g_assert_null (outer.record);
}

static const char full[]
    = "{\"string\":\"a\\\"b\\n\\u00e9\",\"strings\":[\"x\",\"y\"],\"boolean\":true,\"truth\":false,"
      "\"number\":64,\"class\":\"0C0330\",\"addr\":\"1d.7\",\"range\":\"0,4-6,1f\",\"choice\":\"two\","
      "\"flags\":[\"zero\",\"two\"],\"records\":[{\"word\":\"p\"},{\"word\":\"q\"}],"
      "\"record\":{\"word\":\"r\"},\"comment\":{\"any\":[1]}}";

static void
test_full (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  Outer outer;

  g_assert_true (load (full, pool, &outer, &error));
  g_assert_cmpstr (outer.string, ==, "a\"b\né");
  g_assert_cmpstr (outer.strings[1], ==, "y");
  g_assert_null (outer.strings[2]);
  g_assert_true (outer.boolean);
  g_assert_false (outer.truth);
  g_assert_cmpuint (outer.number, ==, 64);
  g_assert_cmphex (outer.class_code, ==, 0x0c0330);
  g_assert_cmphex (outer.devfn, ==, 0xef);
  g_assert_cmphex (outer.range, ==, 0x80000071u);
  g_assert_cmpuint (outer.choice, ==, 2);
  g_assert_cmphex (outer.flags, ==, 5);
  g_assert_cmpuint (outer.n_records, ==, 2);
  g_assert_cmpstr (outer.records[1].word, ==, "q");
  g_assert_cmpstr (outer.record->word, ==, "r");
}

static void
test_print (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GError *error = NULL;
  Outer outer;

  g_assert_true (load (full, pool, &outer, &error));
  qr_schema_print (&outer_schema, &outer, out);
  g_assert_cmpstr (out->str, ==,
                   "{ \"a\\\"b\\n\\303\\251\", (const char *const[]){ \"x\", \"y\", NULL }, 1u, 0u, 64u, "
                   "787248u, 239, 2147483761u, 2u, 5u, (const Inner[]){ { \"p\" }, { \"q\" }, }, 2u, "
                   "(const Inner[]){ { \"r\" }, } }");
  g_string_truncate (out, 0);
  g_assert_true (load ("{\"string\":null}", pool, &outer, &error));
  qr_schema_print (&outer_schema, &outer, out);
  g_assert_cmpstr (out->str, ==,
                   "{ NULL, NULL, 0u, 1u, 0u, 4294967295u, 0, 0u, 0u, 0u, NULL, 0u, NULL }");
}

static void
test_null (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  Outer outer;

  g_assert_true (load ("{\"string\":\"s\",\"truth\":null,\"class\":null,\"strings\":null,"
                       "\"record\":null,\"records\":null}", pool, &outer, &error));
  g_assert_true (outer.truth);
  g_assert_cmpuint (outer.class_code, ==, QR_CLASS_UNKNOWN);
  g_assert_null (outer.strings);
  g_assert_null (outer.record);
}

static void
test_name_index (void)
{
  g_assert_cmpint (qr_schema_name_index (names, "zero"), ==, 0);
  g_assert_cmpint (qr_schema_name_index (names, "two"), ==, 2);
  g_assert_cmpint (qr_schema_name_index (names, "tw"), ==, -1);
  g_assert_cmpint (qr_schema_name_index (names, ""), ==, -1);
}

/* @record written as JSON and read again is the same. */
static void
comes_back (const QrSchema *schema, gconstpointer record)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) text = qr_json_finish (qr_schema_json (schema, record)), one = g_string_new (NULL),
                      two = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text->str, text->len, "f", 0, QR_STATUS_CONFIG, &error);
  gpointer again = qr_pool_alloc (pool, schema->size);
  QrJson root;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  g_assert_true (qr_schema_load (schema, &root, pool, again, &error));
  qr_schema_print (schema, record, one);
  qr_schema_print (schema, again, two);
  g_assert_cmpstr (one->str, ==, two->str);
}

static void
test_written (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) text = NULL;
  Outer outer;

  g_assert_true (load (full, pool, &outer, NULL));
  comes_back (&outer_schema, &outer);
  g_assert_true (load ("{\"string\":\"\",\"strings\":[],\"records\":[]}", pool, &outer, NULL));
  comes_back (&outer_schema, &outer);
  g_assert_true (load ("{\"string\":\"s\"}", pool, &outer, NULL));
  comes_back (&outer_schema, &outer);
  text = qr_json_finish (qr_schema_json (&outer_schema, &outer));
  g_assert_cmpstr (text->str, ==, "{\n  \"string\": \"s\"\n}\n");
}

/* Each record of the data. */
static void
test_data_written (void)
{
  const QrProfiles *profiles = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint32 i = 0; i < profiles->devices.n_records; i++)
    comes_back (&qr_device_type_schema, qr_profiles_get_device (profiles, i, pool));
  for (guint32 i = 0; i < profiles->n_options; i++)
    comes_back (&qr_option_schema, &profiles->options[i]);
  for (guint32 i = 0; i < profiles->n_bus_types; i++)
    comes_back (&qr_bus_type_schema, &profiles->bus_types[i]);
  for (guint32 i = 0; i < profiles->n_policies; i++)
    comes_back (&qr_policy_schema, &profiles->policies[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/schema/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/schema/missing", test_missing);
  g_test_add_func ("/schema/defaults", test_defaults);
  g_test_add_func ("/schema/full", test_full);
  g_test_add_func ("/schema/print", test_print);
  g_test_add_func ("/schema/null", test_null);
  g_test_add_func ("/schema/name-index", test_name_index);
  g_test_add_func ("/schema/written", test_written);
  g_test_add_func ("/schema/data-written", test_data_written);
  return g_test_run ();
}
