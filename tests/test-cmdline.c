/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words become items as in QEMU's lookup_opt(), and none is lost. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "bounds.h"

static const QrCmdline *
parse (const char *const *words, QrPool *pool, GError **error)
{
  return qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, error);
}

/* Every word comes back from the items, in order. */
static void
lossless (const QrCmdline *cmdline, const char *const *words)
{
  gsize at = 0;

  for (gsize i = 0; i < cmdline->n; i++)
    {
      const QrItem *item = &cmdline->items[i];

      g_assert_cmpuint (item->argument, ==, at + 1);
      g_assert_true (item->word == words[at++]);
      if (item->value != NULL)
        g_assert_true (item->value == words[at++]);
    }
  g_assert_null (words[at]);
}

/* An option of the table: one dash and two; its argument is any word at all. */
static void
test_option (gconstpointer data)
{
  const QrOption *option = data;
  g_autofree char *one = g_strconcat ("-", option->name, NULL),
                  *two = g_strconcat ("--", option->name, NULL);
  gboolean takes = qr_option_has_argument (option);
  const char *words[] = { one, takes ? "-nodefaults" : "-S", two, takes ? "" : "-S", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *cmdline = parse (words, pool, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cmdline->n, ==, takes ? 2 : 4);
  g_assert_true (cmdline->items[0].option == option);
  g_assert_true (cmdline->items[takes ? 1 : 2].option == option);
  g_assert_cmpstr (cmdline->items[0].value, ==, takes ? "-nodefaults" : NULL);
  lossless (cmdline, words);
  if (!takes)
    return;
  words[3] = NULL;
  g_assert_null (parse (words, pool, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "missing-argument", two);
}

/* @items: the items with "=" between word and value and "|" between them; "disk:" before an image. */
static const struct
{
  const char *name;
  const char *words[8];
  const char *items;
} cases[] = {
  { "none", { NULL }, "" },
  { "flag", { "-S", NULL }, "-S" },
  { "two-dashes", { "--S", NULL }, "--S" },
  { "argument", { "-m", "2G", NULL }, "-m=2G" },
  { "argument-with-dash", { "-device", "-foo", NULL }, "-device=-foo" },
  { "argument-two-dashes", { "-append", "--", NULL }, "-append=--" },
  { "argument-empty", { "-device", "", "-S", NULL }, "-device=|-S" },
  { "image", { "disk.img", NULL }, "disk:disk.img" },
  { "image-empty", { "", NULL }, "disk:" },
  { "image-between", { "-S", "a b", "-m", "1", NULL }, "-S|disk:a b|-m=1" },
  { "image-with-equals", { "a=b", NULL }, "disk:a=b" },
  { "repeated", { "-m", "1", "-m", "2", NULL }, "-m=1|-m=2" },
  { "broken-utf8-image", { "\xff", NULL }, "disk:\xff" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GError *error = NULL;
  const QrCmdline *cmdline = parse (cases[i].words, pool, &error);

  g_assert_no_error (error);
  for (gsize j = 0; j < cmdline->n; j++)
    {
      const QrItem *item = &cmdline->items[j];

      g_string_append_printf (out, "%s%s%s%s%s", j == 0 ? "" : "|", item->option == NULL ? "disk:" : "",
                              item->word, item->value == NULL ? "" : "=",
                              item->value == NULL ? "" : item->value);
    }
  g_assert_cmpstr (out->str, ==, cases[i].items);
  lossless (cmdline, cases[i].words);
}

static const struct
{
  const char *name;
  const char *words[4];
  const char *code, *drawn;
} refused[] = {
  { "dash", { "-S", "-", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-\"\n"
    "  argument 2: -\n"
    "              ^\n" },
  { "dashes", { "--", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"--\"\n"
    "  argument 1: --\n"
    "              ^~\n"
    "  hint: QEMU has no \"--\" between its arguments\n" },
  { "three-dashes", { "---m", "1", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"---m\"\n"
    "  argument 1: ---m\n"
    "              ^~~~\n"
    "  hint: did you mean -m?\n" },
  { "equals", { "-m=2G", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-m=...\"\n"
    "  argument 1: -m=...\n"
    "              ^~~~~~\n"
    "  hint: QEMU's options take their argument as the next word, not after \"=\"\n" },
  { "misspelt", { "-devcie", "e1000", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-devcie\"\n"
    "  argument 1: -devcie\n"
    "              ^~~~~~~\n"
    "  hint: did you mean -device?\n" },
  { "abbreviated", { "-machin", "q35", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-machin\"\n"
    "  argument 1: -machin\n"
    "              ^~~~~~~\n"
    "  hint: did you mean -machine?\n" },
  { "capital", { "-NODEFAULTS", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-NODEFAULTS\"\n"
    "  argument 1: -NODEFAULTS\n"
    "              ^~~~~~~~~~~\n"
    "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "removed", { "-soundhw", "hda", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-soundhw\"\n"
    "  argument 1: -soundhw\n"
    "              ^~~~~~~~\n"
    "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "escape", { "-\033[2J", NULL }, "unknown-option",
    "qriser: error: QEMU has no option \"-\\x1b[2J\"\n"
    "  argument 1: -\\x1b[2J\n"
    "              ^~~~~~~~\n"
    "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "missing", { "-S", "-device", NULL }, "missing-argument",
    "qriser: error: option \"-device\" needs an argument\n"
    "  argument 2: -device\n"
    "              ^~~~~~~\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_null (parse (refused[i].words, pool, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, refused[i].code);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, refused[i].drawn);
}

/* @n flags and the NULL. */
static const char **
many_words (gsize n)
{
  const char **words = g_new0 (const char *, n + 1);

  for (gsize i = 0; i < n; i++)
    words[i] = "-S";
  return words;
}

static void
test_argument_limit (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree const char **most = many_words (QR_LIMIT_ARGUMENTS), **more = many_words (65537);
  GError *error = NULL;
  const QrCmdline *cmdline = parse (most, pool, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cmdline->n, ==, 65536);
  g_assert_null (parse (more, pool, &error));
  g_assert_cmpstr (qr_error_code (error), ==, "limit");
  test_error_is (&error, "qriser: error: 65537 arguments; qriser takes 65536 at most\n");
}

static void
test_byte_limit (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *text = g_strnfill (131072, 'a'), *drawn = NULL;
  const char *words[] = { "-append", text, NULL };
  GError *error = NULL;

  text[131071] = '\0';
  g_assert_nonnull (parse (words, pool, &error));
  text[131071] = 'a';
  g_assert_null (parse (words, pool, &error));
  g_assert_cmpstr (qr_error_code (error), ==, "limit");
  drawn = qr_error_render (error, "qriser");
  drawn[100] = '\0';
  g_assert_cmpstr (drawn, ==, "qriser: error: an argument of 131072 bytes; Linux takes 131071 at most\n"
                              "  argument 2: aaaaaaaaaaaaaaa");
  g_clear_error (&error);
}

static void
test_opts (void)
{
  const char *const words[] = { "-device", "e1000,addr=5", "-S", "-vga", "std", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *cmdline = parse (words, pool, &error);
  const QrOptList *opts = qr_item_opts (&cmdline->items[0], pool, &error);
  QrPlace place;

  g_assert_cmpstr (qr_optlist_get (opts, "driver"), ==, "e1000");
  g_assert_cmpuint (opts->argument, ==, 2);
  opts = qr_item_opts (&cmdline->items[1], pool, &error);
  g_assert_cmpuint (opts->n, ==, 0);
  opts = qr_item_opts (&cmdline->items[2], pool, &error);
  g_assert_cmpstr (qr_optlist_get (opts, "value"), ==, "std");
  qr_item_place (&cmdline->items[2], &place);
  g_assert_cmpuint (place.argument, ==, 4);
  g_assert_cmpuint (place.length, ==, strlen ("-vga"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint32 i = 0; i < qr_profiles_builtin.n_options; i++)
    {
      const QrOption *option = &qr_profiles_builtin.options[i];
      g_autofree char *name = g_strdup_printf ("/cmdline/option/%s", option->name);

      g_test_add_data_func (name, option, test_option);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/cmdline/words/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/cmdline/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/cmdline/limit/arguments", test_argument_limit);
  g_test_add_func ("/cmdline/limit/bytes", test_byte_limit);
  g_test_add_func ("/cmdline/opts", test_opts);
  return g_test_run ();
}
