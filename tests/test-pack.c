/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes in comes out: every field kind, nothing and much of it. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "pack.h"

typedef struct
{
  const char *name;
  guint32 number;
} Inner;

typedef struct
{
  const char *name;
  const char *const *words;
  gboolean truth;
  guint32 number;
  guint8 devfn;
  const Inner *list;
  guint32 n_list;
  const Inner *one;
} Outer;

static const QrField inner_fields[] = { { "name", QR_FIELD_STRING, offsetof (Inner, name) },
                                        { "number", QR_FIELD_UINT, offsetof (Inner, number) },
                                        { 0 } };
static const QrSchema inner_schema = { "Inner", sizeof (Inner), inner_fields };

static const QrField outer_fields[] = {
  { "name", QR_FIELD_STRING, offsetof (Outer, name) },
  { "words", QR_FIELD_STRINGS, offsetof (Outer, words) },
  { "truth", QR_FIELD_BOOLEAN, offsetof (Outer, truth) },
  { "number", QR_FIELD_FLAGS, offsetof (Outer, number) },
  { "addr", QR_FIELD_ADDR, offsetof (Outer, devfn) },
  { "list", QR_FIELD_RECORDS, offsetof (Outer, list), offsetof (Outer, n_list), .records = &inner_schema },
  { "source", QR_FIELD_IGNORED },
  { "one", QR_FIELD_RECORD, offsetof (Outer, one), .records = &inner_schema },
  { 0 },
};
static const QrSchema outer_schema = { "Outer", sizeof (Outer), outer_fields };

static const Inner inner[] = { { "a", 1 }, { NULL, G_MAXUINT32 }, { "", 0 } };
static const Outer full = { "full", (const char *const[]){ "x", "", "x", NULL }, TRUE, 7, 255, inner, 3, &inner[0] };
static const Outer bare = { 0 };
static const Outer no_words = { "no-words", (const char *const[]){ NULL }, FALSE, 0, 0, NULL, 0, NULL };

static void
assert_inner (const Inner *got, const Inner *wanted)
{
  g_assert_cmpstr (got->name, ==, wanted->name);
  g_assert_cmpuint (got->number, ==, wanted->number);
}

static void
assert_outer (const Outer *got, const Outer *wanted)
{
  g_assert_cmpstr (got->name, ==, wanted->name);
  g_assert_cmpint (got->words == NULL, ==, wanted->words == NULL);
  if (got->words != NULL)
    g_assert_true (g_strv_equal (got->words, wanted->words));
  g_assert_cmpint (got->truth, ==, wanted->truth);
  g_assert_cmpuint (got->number, ==, wanted->number);
  g_assert_cmpuint (got->devfn, ==, wanted->devfn);
  g_assert_cmpuint (got->n_list, ==, wanted->n_list);
  for (guint32 i = 0; i < got->n_list; i++)
    assert_inner (&got->list[i], &wanted->list[i]);
  g_assert_cmpint (got->one == NULL, ==, wanted->one == NULL);
  if (got->one != NULL)
    assert_inner (got->one, wanted->one);
}

static void
test_round_trip (void)
{
  static const Outer *const records[] = { &full, &bare, &no_words, &full };
  g_autoptr (QrPacker) packer = qr_packer_new (&outer_schema);
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrPacked packed;

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    (void) qr_packer_add (packer, records[i]);
  qr_packer_finish (packer, pool, &packed);
  g_assert_cmpuint (packed.n_records, ==, G_N_ELEMENTS (records));
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    assert_outer (qr_packed_get (&packed, &outer_schema, packed.records[i], pool), records[i]);
}

static void
test_names (void)
{
  static const char *const names[] = { "m", "a", "z", "aa", "" };
  g_autoptr (QrPacker) packer = qr_packer_new (&outer_schema);
  g_autoptr (QrPool) pool = qr_pool_new ();
  guint32 first = qr_packer_add (packer, &bare), second = qr_packer_add (packer, &full);
  QrPacked packed;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (qr_packer_add_name (packer, names[i], i % 2 == 0 ? second : first));
  g_assert_false (qr_packer_add_name (packer, "a", second));
  qr_packer_finish (packer, pool, &packed);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_outer (qr_packed_find (&packed, &outer_schema, names[i], pool), i % 2 == 0 ? &full : &bare);
  g_assert_null (qr_packed_find (&packed, &outer_schema, "b", pool));
  g_assert_null (qr_packed_find (&packed, &outer_schema, "zz", pool));
}

static void
test_nothing (void)
{
  g_autoptr (QrPacker) packer = qr_packer_new (&outer_schema);
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrPacked packed;

  qr_packer_finish (packer, pool, &packed);
  g_assert_cmpuint (packed.n_records, ==, 0);
  g_assert_null (qr_packed_find (&packed, &outer_schema, "", pool));
}

/* The C text, by the eye. */
static void
test_print (void)
{
  g_autoptr (QrPacker) packer = qr_packer_new (&inner_schema);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  Inner record = { "q\"\303\251", 5 };
  QrPacked packed;

  g_assert_true (qr_packer_add_name (packer, "1", qr_packer_add (packer, &record)));
  qr_packer_finish (packer, pool, &packed);
  qr_packed_print (&packed, "t", out);
  g_assert_cmpstr (out->str, ==,
                   "static const guint32 t_words[] = {\n  1, 5,\n};\n"
                   "static const char t_text[] =\n  \"q\\\"\\303\\251\\000\"\n  \"1\\000\";\n"
                   "static const guint32 t_records[] = {\n  0,\n};\n"
                   "static const guint32 t_names[] = {\n  5, 0,\n};\n"
                   "#define t { t_words, 2u, t_text, 7u, t_records, 1u, t_names, 1u }\n\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pack/round-trip", test_round_trip);
  g_test_add_func ("/pack/names", test_names);
  g_test_add_func ("/pack/nothing", test_nothing);
  g_test_add_func ("/pack/print", test_print);
  return g_test_run ();
}
