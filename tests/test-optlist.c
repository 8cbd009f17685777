/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments split as QEMU splits them; the rows name QEMU's rule that they show. */
#include "config.h"

#include "testlib.h"

#include <string.h>

static const QrOption qemuopts = { .name = "o", .grammar = QR_GRAMMAR_QEMUOPTS, .json = TRUE,
                                   .implied = "driver" };
static const QrOption device = { .name = "o", .grammar = QR_GRAMMAR_QEMUOPTS, .verb = QR_VERB_DEVICE };
static const QrOption plain = { .name = "o", .grammar = QR_GRAMMAR_QEMUOPTS };
static const QrOption keyval = { .name = "o", .grammar = QR_GRAMMAR_KEYVAL, .implied = "type" };
static const QrOption raw = { .name = "o", .grammar = QR_GRAMMAR_RAW };

/* @split: "KEY FORM VALUE@START+LENGTH" of each part; forms t i b s n o (boolean: B). */
static const struct
{
  const char *name;
  const QrOption *option;
  const char *text, *split;
} cases[] = {
  { "empty", &qemuopts, "", "" },
  { "implied", &qemuopts, "e1000", "driver i e1000@0+5" },
  { "implied-and-more", &qemuopts, "e1000,addr=5", "driver i e1000@0+5; addr t 5@11+1" },
  { "key-first", &qemuopts, "addr=5,driver=e1000", "addr t 5@5+1; driver t e1000@14+5" },
  { "implied-comma", &qemuopts, "a,,b,x=1", "driver i a,b@0+4; x t 1@7+1" },
  { "no-implied", &plain, "e1000", "e1000 b on@0+5" },
  { "comma", &plain, "file=a,,b", "file t a,b@5+4" },
  { "two-commas", &plain, "file=a,,,,b", "file t a,,b@5+6" },
  { "comma-then-end", &plain, "file=a,,,b=1", "file t a,@5+3; b t 1@11+1" },
  { "comma-last", &plain, "file=a,,", "file t a,@5+3" },
  { "trailing-comma", &plain, "a=1,", "a t 1@2+1" },
  { "trailing-implied", &qemuopts, "e1000,", "driver i e1000@0+5" },
  { "only-comma", &plain, ",", " b on@0+0" },
  { "empty-value", &plain, "a=,b=", "a t @2+0; b t @5+0" },
  { "equals-in-value", &plain, "a=b=c", "a t b=c@2+3" },
  { "key-is-not-unescaped", &plain, "a,,b=1", "a b on@0+1;  b on@2+0; b t 1@5+1" },
  { "empty-key", &plain, "=v", " t v@1+1" },
  { "flag", &plain, "a=1,ro", "a t 1@2+1; ro b on@4+2" },
  { "noflag", &plain, "a=1,noro", "a t 1@2+1; ro b off@4+4" },
  { "no", &plain, "no", " b off@0+2" },
  { "notes-loses-no", &plain, "notes", "tes b off@0+5" },
  { "repeated", &plain, "a=1,a=2", "a t 1@2+1; a t 2@6+1" },
  { "utf8", &plain, "a=名", "a t 名@2+3" },
  { "bytes", &plain, "a=\xff\xfe,b=1", "a t \xff\xfe@2+2; b t 1@7+1" },
  { "bytes-raw", &raw, "a\xc3", "value i a\xc3@0+2" },
  { "newline", &plain, "a=1\nb=2", "a t 1\nb=2@2+5" },
  { "keyval-implied", &keyval, "q35", "type i q35@0+3" },
  { "keyval-key", &keyval, "type=q35,usb=on", "type t q35@5+3; usb t on@13+2" },
  { "keyval-dots", &keyval, "q35,a.b.0=x", "type i q35@0+3; a.b.0 t x@10+1" },
  { "keyval-comma", &keyval, "q35,a=x,,y", "type i q35@0+3; a t x,y@6+4" },
  { "keyval-trailing", &keyval, "q35,", "type i q35@0+3" },
  { "keyval-is-no-json", &keyval, "{\"type\":1}", "type i {\"type\":1}@0+10" },
  { "raw", &raw, "anything=1", "value i anything=1@0+10" },
  { "raw-comma", &raw, "std,retrace=dumb", "value i std@0+3" },
  { "raw-empty", &raw, "", "value i @0+0" },
  { "raw-is-no-json", &raw, "{}", "value i {}@0+2" },
  { "json-empty", &qemuopts, "{}", "" },
  { "json-types", &qemuopts, "{\"driver\":\"x\",\"a\":16,\"b\":true,\"c\":false,\"d\":-1.5}",
    "driver s x@10+3; a n 16@18+2; b B on@25+4; c B off@34+5; d n -1.5@44+4" },
  { "json-other", &qemuopts, "{\"a\":null,\"b\":[1,{}],\"c\": {\"d\" : \"e\"} }",
    "a o null@5+4; b o [1,{}]@14+6; c o {\"d\" : \"e\"}@26+11" },
  { "json-escapes", &qemuopts, "{\"id\":\"a\\u002c\\\"b\"}", "id s a,\"b@6+12" },
  { "json-commas", &qemuopts, "{\"id\":\"a,,b\"}", "id s a,,b@6+6" },
  { "json-blank", &qemuopts, "{ \"a\" : 1 } ", "a n 1@8+1" },
  { "blank-is-no-json", &qemuopts, " {}", "driver i  {}@0+3" },
};

/* Refusals, drawn. */
static const struct
{
  const char *name;
  const QrOption *option;
  const char *text, *code, *drawn;
} refused[] = {
  { "keyval-bare", &keyval, "q35,usb", "option-syntax",
    "qriser: error: expected \"=\" after \"usb\"\n"
    "  argument 7: q35,usb\n"
    "                  ^~~\n"
    "  hint: write it as key=value; this option takes no bare words\n" },
  { "keyval-only-comma", &keyval, "q35,,usb,x", "option-syntax",
    "qriser: error: expected \"=\" after \"x\"\n"
    "  argument 7: q35,,usb,x\n"
    "                       ^\n"
    "  hint: write it as key=value; this option takes no bare words\n" },
  { "utf8", &device, "e1000,id=\xff", "utf8",
    "qriser: error: the argument is not valid UTF-8\n"
    "  argument 7: e1000,id=\\xff\n"
    "                       ^~~~\n" },
  { "json-syntax", &qemuopts, "{\"driver\":'x'}", "json-syntax",
    "qriser: error: broken JSON: expected a JSON value\n"
    "  argument 7: {\"driver\":'x'}\n"
    "                        ^\n" },
  { "json-text-after", &qemuopts, "{},addr=1", "json-syntax",
    "qriser: error: broken JSON: text after the end of the document\n"
    "  argument 7: {},addr=1\n"
    "                ^\n" },
  { "json-twice", &qemuopts, "{\"a\":1,\"a\":1}", "json-syntax",
    "qriser: error: broken JSON: the key stands here a second time\n"
    "  argument 7: {\"a\":1,\"a\":1}\n"
    "                     ^\n" },
};

static char *
describe (const QrOptList *list)
{
  static const char forms[] = "tibsnBo";
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < list->n; i++)
    {
      const QrOpt *opt = &list->opts[i];

      g_string_append_printf (out, "%s%s %c %s@%" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT,
                              i == 0 ? "" : "; ", opt->key, forms[opt->form], opt->value, opt->value_start,
                              opt->value_length);
    }
  return g_string_free (out, FALSE);
}

static void
test_split (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (cases[i].option, cases[i].text, 7, pool, &error);
  g_autofree char *split = NULL;

  g_assert_no_error (error);
  split = describe (list);
  g_assert_cmpstr (split, ==, cases[i].split);
  g_assert_true (list->text == cases[i].text);
  g_assert_cmpint (list->json, ==, cases[i].option->json && cases[i].text[0] == '{');
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_null (qr_optlist_parse (refused[i].option, refused[i].text, 7, pool, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, refused[i].code);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, refused[i].drawn);
}

static const struct
{
  const QrOption *option;
  const char *text, *key, *value; /* value NULL: absent */
} lookups[] = {
  { &qemuopts, "e1000,addr=5,addr=6", "addr", "6" },
  { &qemuopts, "e1000,driver=e1000e", "driver", "e1000e" },
  { &qemuopts, "e1000,id=a,id=b", "id", "a" },
  { &qemuopts, "e1000,id=a,noid", "id", "a" },
  { &qemuopts, "e1000,multifunction", "multifunction", "on" },
  { &qemuopts, "e1000,multifunction=on,nomultifunction", "multifunction", "off" },
  { &qemuopts, "e1000", "addr", NULL },
  { &qemuopts, "", "driver", NULL },
  { &qemuopts, "e1000,Addr=5", "addr", NULL },
  { &qemuopts, "{\"id\":\"a\"}", "id", "a" },
  { &keyval, "q35,type=pc", "type", "pc" },
};

static void
test_lookup (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (lookups[i].option, lookups[i].text, 1, pool, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (qr_optlist_get (list, lookups[i].key), ==, lookups[i].value);
  g_assert_cmpint (qr_optlist_find (list, lookups[i].key) != NULL, ==, lookups[i].value != NULL);
}

static const struct
{
  const char *text;
  const QrOption *option;
  gboolean help, open_end;
} marks[] = {
  { "help", &qemuopts, TRUE, FALSE },    { "?", &qemuopts, TRUE, FALSE },
  { "e1000,help", &qemuopts, TRUE, FALSE }, { "e1000,?", &qemuopts, TRUE, FALSE },
  { "driver=help", &qemuopts, FALSE, FALSE }, { "nohelp", &plain, FALSE, FALSE },
  { "e1000,id=help", &qemuopts, FALSE, FALSE }, { "help", &keyval, TRUE, FALSE },
  { "q35,help", &keyval, TRUE, FALSE },  { "help", &raw, TRUE, FALSE },
  { "helper", &qemuopts, FALSE, FALSE }, { "e1000,", &qemuopts, FALSE, TRUE },
  { "e1000,a=1,", &qemuopts, FALSE, TRUE }, { "e1000,a=1,,", &qemuopts, FALSE, FALSE },
  { "e1000,a=1,,,", &qemuopts, FALSE, TRUE }, { "e1000,a,", &qemuopts, FALSE, TRUE },
  { "", &qemuopts, FALSE, FALSE },
};

static void
test_marks (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (marks[i].option, marks[i].text, 1, pool, &error);

  g_assert_no_error (error);
  g_assert_cmpint (list->wants_help, ==, marks[i].help);
  g_assert_cmpint (list->open_end, ==, marks[i].open_end);
}

static void
test_places (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (&qemuopts, "e1000,addr=5,ro", 4, pool, &error);
  QrPlace place;

  qr_optlist_place (list, &list->opts[1], &place);
  g_assert_cmpuint (place.argument, ==, 4);
  g_assert_cmpuint (place.start, ==, 11);
  g_assert_cmpuint (place.length, ==, 1);
  qr_optlist_place (list, &list->opts[2], &place);
  g_assert_cmpuint (place.start, ==, 13);
  g_assert_cmpuint (place.length, ==, 2);
  qr_optlist_whole (list, &place);
  g_assert_cmpuint (place.start, ==, 0);
  g_assert_cmpuint (place.length, ==, 15);
  g_assert_cmpuint (list->opts[0].key_length, ==, 0);
  g_assert_cmpuint (list->opts[1].key_start, ==, 6);
  g_assert_cmpuint (list->opts[1].key_length, ==, 4);
}

static void
test_boolean (void)
{
  static const char *const on[] = { "on", "yes", "true", "y" },
                           *const off[] = { "off", "no", "false", "n" },
                           *const none[] = { "", "On", "1", "0", "TRUE", "on ", "auto" };
  gboolean out;

  for (gsize i = 0; i < G_N_ELEMENTS (on); i++)
    g_assert_true (qr_opt_boolean (on[i], &out) && out);
  for (gsize i = 0; i < G_N_ELEMENTS (off); i++)
    g_assert_true (qr_opt_boolean (off[i], &out) && !out);
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_false (qr_opt_boolean (none[i], &out));
}

/* What is escaped is read back the same. */
static void
test_escaped (void)
{
  static const char *const values[] = { "", ",", ",,", "a,b", ",a,", "=", "名,前" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      g_autoptr (GString) text = g_string_new ("k=");
      GError *error = NULL;

      qr_opt_append_escaped (text, values[i]);
      g_string_append (text, ",z=1");
      g_assert_cmpstr (qr_optlist_get (qr_optlist_parse (&plain, text->str, 1, pool, &error), "k"), ==,
                       values[i]);
    }
}

static void
add_cases (const char *group, gsize n, GTestDataFunc run)
{
  for (gsize i = 0; i < n; i++)
    {
      const char *label = run == test_split     ? cases[i].name
                          : run == test_refused ? refused[i].name
                          : run == test_lookup  ? lookups[i].key
                                                : "mark";
      g_autofree char *name = g_strdup_printf ("/optlist/%s/%" G_GSIZE_FORMAT "-%s", group, i, label);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), run);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("split", G_N_ELEMENTS (cases), test_split);
  add_cases ("refused", G_N_ELEMENTS (refused), test_refused);
  add_cases ("lookup", G_N_ELEMENTS (lookups), test_lookup);
  add_cases ("marks", G_N_ELEMENTS (marks), test_marks);
  g_test_add_func ("/optlist/places", test_places);
  g_test_add_func ("/optlist/boolean", test_boolean);
  g_test_add_func ("/optlist/escaped", test_escaped);
  return g_test_run ();
}
