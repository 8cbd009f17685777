/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an error is drawn: place, caret, hint; and that no byte steers a terminal. */
#include "config.h"

#include "testlib.h"

#include <string.h>

/* Thirty characters. */
#define X30 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X10 "xxxxxxxxxx"

/* An error at @start of @text, drawn. */
static const struct
{
  const char *name;
  const char *file; /* NULL: the text is argument 3 */
  const char *text;
  gsize start, length;
  const char *drawn; /* below the message */
} drawings[] = {
  { "begin", NULL, "e1000,addr=20", 0, 5,
    "  argument 3: e1000,addr=20\n              ^~~~~\n" },
  { "middle", NULL, "e1000,addr=20", 11, 2,
    "  argument 3: e1000,addr=20\n                         ^~\n" },
  { "point", NULL, "e1000,addr=20", 5, 0,
    "  argument 3: e1000,addr=20\n                   ^\n" },
  { "end", NULL, "e1000,addr=", 11, 0,
    "  argument 3: e1000,addr=\n                         ^\n" },
  { "past-the-end", NULL, "abc", 9, 7, "  argument 3: abc\n                 ^\n" },
  { "longer-than-text", NULL, "abc", 1, 99, "  argument 3: abc\n               ^~\n" },
  { "empty", NULL, "", 0, 0, "  argument 3: \n              ^\n" },
  { "wide", NULL, "名前=x", 7, 1, "  argument 3: 名前=x\n                   ^\n" },
  { "wide-marked", NULL, "名前=x", 0, 6, "  argument 3: 名前=x\n              ^~~~\n" },
  { "wide-one-byte", NULL, "名前=x", 3, 1, "  argument 3: 名前=x\n                ^~\n" },
  { "combining", NULL, "e\xcc\x81=x", 4, 1, "  argument 3: e\xcc\x81=x\n                ^\n" },
  { "escape", NULL, "\033[31mred", 5, 3,
    "  argument 3: \\x1b[31mred\n                      ^~~\n" },
  { "escape-marked", NULL, "a\033b", 1, 1, "  argument 3: a\\x1bb\n               ^~~~\n" },
  { "newline", NULL, "a\nb", 2, 1, "  argument 3: a\\x0ab\n                   ^\n" },
  { "broken-utf8", NULL, "a\xff" "b", 2, 1, "  argument 3: a\\xffb\n                   ^\n" },
  { "cut-utf8", NULL, "a\xe5\x90", 1, 1, "  argument 3: a\\xe5\\x90\n               ^~~~\n" },
  { "right-to-left", NULL, "a\xe2\x80\xae" "b", 4, 1,
    "  argument 3: a\\xe2\\x80\\xaeb\n                           ^\n" },
  { "window-left", NULL, X30 X30 X10 "!" "y", 70, 1,
    "  argument 3: ..." X30 X30 "!y\n                                                            "
    "                 ^\n" },
  { "window-right", NULL, "!" X30 X30, 0, 1, "  argument 3: !" X30 X10 "...\n              ^\n" },
  { "window-exact", NULL, X30 X30 "!" X30 X10, 60, 1,
    "  argument 3: " X30 X30 "!" X30 X10 "\n                                                        "
    "                  ^\n" },
  { "first-line", "a.json", "{x}\n", 1, 1, "  a.json:1:2: {x}\n               ^\n" },
  { "second-line", "a.json", "{\n  12\n}", 4, 2, "  a.json:2:3:   12\n                ^~\n" },
  { "line-end", "a.json", "{\nabc\n}", 5, 1, "  a.json:2:4: abc\n                 ^\n" },
  { "last-line", "a.json", "{\n", 2, 1, "  a.json:2:1: \n              ^\n" },
  { "over-lines", "a.json", "[1,\n2]", 0, 6, "  a.json:1:1: [1,\n              ^~~\n" },
  { "file-name", "a\033.json", "x", 0, 1, "  a\\x1b.json:1:1: x\n                  ^\n" },
};

static void
test_drawing (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  QrPlace place = { drawings[i].file == NULL ? 3 : 0, drawings[i].file, drawings[i].text,
                    drawings[i].start, drawings[i].length };
  g_autofree char *expected = g_strconcat ("qriser: error: no\n", drawings[i].drawn, NULL);
  GError *error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", &place, NULL, "no");
  test_error_is (&error, expected);
}

/* What comes out of qr_append_printable(). */
static const struct
{
  const char *name, *text, *printed;
} printables[] = {
  { "ascii", "virtio-net-pci,addr=1", "virtio-net-pci,addr=1" },
  { "escape", "\033]0;title\007", "\\x1b]0;title\\x07" },
  { "tab", "a\tb", "a\\x09b" },
  { "return", "a\rb", "a\\x0db" },
  { "delete", "a\177", "a\\x7f" },
  { "c1-control", "\xc2\x9b" "31m", "\\xc2\\x9b31m" },
  { "overlong", "\xc0\xaf", "\\xc0\\xaf" },
  { "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
  { "lone-byte", "\x80", "\\x80" },
  { "cut", "\xe5\x90", "\\xe5\\x90" },
  { "utf8", "naïve 名前 😀", "naïve 名前 😀" },
  { "zero-width", "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
  { "bidirectional", "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
  { "backslash", "a\\b", "a\\b" },
};

static void
test_printable (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) out = g_string_new (NULL);

  qr_append_printable (out, printables[i].text, strlen (printables[i].text));
  g_assert_cmpstr (out->str, ==, printables[i].printed);
}

static void
test_printable_nul (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  qr_append_printable (out, "a\0b", 3);
  g_assert_cmpstr (out->str, ==, "a\\x00b");
}

static void
test_message_only (void)
{
  GError *error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", NULL, NULL, "there is no \"%s\"", "\033c");
  test_error_is (&error, "qriser: error: there is no \"\\x1bc\"\n");
}

static void
test_hint (void)
{
  QrPlace place = { 2, NULL, "addr=20", 5, 2 };
  GError *error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", &place, "write \033", "no slot");
  test_error_is (&error, "qriser: error: no slot\n"
                         "  argument 2: addr=20\n"
                         "                   ^~\n"
                         "  hint: write \\x1b\n");
}

static void
test_also (void)
{
  QrPlace first = { 2, NULL, "e1000,addr=3", 11, 1 }, second = { 0, "f", "\n12", 1, 2 };
  GError *error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", &first, "move one", "taken");
  qr_error_also (error, "first claimed here:", &second);
  qr_error_also (error, "not drawn:", &first);
  test_error_is (&error, "qriser: error: taken\n"
                         "  argument 2: e1000,addr=3\n"
                         "                         ^\n"
                         "  first claimed here:\n"
                         "  f:2:1: 12\n"
                         "         ^~\n"
                         "  hint: move one\n");
}

static void
test_locate (void)
{
  QrPlace inner = { 2, NULL, "inner", 0, 5 }, outer = { 1, NULL, "outer", 0, 5 };
  GError *error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", NULL, NULL, "no");
  qr_error_locate (error, &inner);
  qr_error_locate (error, &outer);
  test_error_is (&error, "qriser: error: no\n  argument 2: inner\n              ^~~~~\n");
}

static void
test_locate_none (void)
{
  QrPlace place = { 1, NULL, "x", 0, 1 };
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");
  g_autofree char *text = NULL;

  qr_error_locate (NULL, &place);
  qr_error_also (NULL, "also:", &place);
  qr_error_locate (foreign, &place);
  qr_error_also (foreign, "also:", &place);
  text = qr_error_render (foreign, "qriser");
  g_assert_cmpstr (text, ==, "qriser: error: gone\n");
  g_assert_cmpint (qr_error_status (foreign), ==, QR_STATUS_INTERNAL);
  g_assert_cmpstr (qr_error_code (foreign), ==, "internal");
}

static void
test_status (void)
{
  GError *error = NULL;

  qr_error_set (NULL, QR_STATUS_IO, "test", NULL, NULL, "nobody listens");
  qr_error_set (&error, QR_STATUS_IO, "disk", NULL, NULL, "no");
  g_assert_cmpint (qr_error_status (error), ==, 74);
  g_assert_cmpstr (qr_error_code (error), ==, "disk");
  g_clear_error (&error);
}

/* Another code changes nothing else; an error that is not ours has none to change. */
static void
test_set_code (void)
{
  QrPlace place = { 1, NULL, "abc", 1, 1 };
  g_autoptr (GError) error = NULL, foreign = g_error_new (g_quark_from_string ("other"), 1, "no");

  qr_error_set (&error, QR_STATUS_CONFIG, "test", &place, NULL, "no");
  qr_error_set_code (error, "other");
  g_assert_cmpstr (qr_error_code (error), ==, "other");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_is (&error, "qriser: error: no\n  argument 1: abc\n               ^\n");
  qr_error_set_code (foreign, "other");
  g_assert_cmpstr (qr_error_code (foreign), ==, "internal");
}

/* The error keeps copies: what it points at may go. */
static void
test_copies (void)
{
  char text[] = "abc", hint[] = "hint";
  QrPlace place = { 1, NULL, text, 1, 1 };
  g_autoptr (GError) error = NULL;
  GError *copy;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", &place, hint, "no");
  memset (text, '?', 3);
  memset (hint, '?', 4);
  copy = g_error_copy (error);
  g_clear_error (&error);
  test_error_is (&copy, "qriser: error: no\n  argument 1: abc\n               ^\n  hint: hint\n");
}

/* However long the argument and the place in it, a terminal shows a few lines. */
static void
test_long_mark (void)
{
  g_autofree char *text = g_strnfill (100000, 'a'), *drawn = NULL;
  QrPlace place = { 1, NULL, text, 10, 99000 };
  g_autoptr (GError) error = NULL;

  qr_error_set (&error, QR_STATUS_REQUEST, "test", &place, NULL, "no");
  drawn = qr_error_render (error, "qriser");
  g_assert_cmpuint (strlen (drawn), <, 1000);
  g_assert_nonnull (strstr (drawn, "...\n"));
}

static void
test_warnings (void)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autofree char *text = NULL, *hinted = NULL;
  const QrWarning *warning;

  qr_warnings_add (warnings, "code", 4, "%s %d", "slot", 3);
  warning = warnings->pdata[0];
  g_assert_cmpstr (warning->code, ==, "code");
  g_assert_cmpstr (warning->message, ==, "slot 3");
  g_assert_cmpuint (warning->argument, ==, 4);
  g_assert_cmpint (warning->severity, ==, QR_SEVERITY_WARNING);
  g_assert_null (warning->hint);
  text = qr_warning_text (warning);
  g_assert_cmpstr (text, ==, "slot 3");
  qr_warnings_add_hinted (warnings, QR_SEVERITY_NOTICE, "other", 0, "use another", "slot %d", 4);
  warning = warnings->pdata[1];
  g_assert_cmpstr (warning->code, ==, "other");
  g_assert_cmpstr (warning->message, ==, "slot 4");
  g_assert_cmpint (warning->severity, ==, QR_SEVERITY_NOTICE);
  hinted = qr_warning_text (warning);
  g_assert_cmpstr (hinted, ==, "slot 4; use another");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (drawings); i++)
    {
      g_autofree char *name = g_strdup_printf ("/diag/draw/%s", drawings[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_drawing);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (printables); i++)
    {
      g_autofree char *name = g_strdup_printf ("/diag/printable/%s", printables[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_printable);
    }
  g_test_add_func ("/diag/printable/nul", test_printable_nul);
  g_test_add_func ("/diag/message-only", test_message_only);
  g_test_add_func ("/diag/hint", test_hint);
  g_test_add_func ("/diag/also", test_also);
  g_test_add_func ("/diag/locate", test_locate);
  g_test_add_func ("/diag/locate-none", test_locate_none);
  g_test_add_func ("/diag/status", test_status);
  g_test_add_func ("/diag/set-code", test_set_code);
  g_test_add_func ("/diag/copies", test_copies);
  g_test_add_func ("/diag/long-mark", test_long_mark);
  g_test_add_func ("/diag/warnings", test_warnings);
  return g_test_run ();
}
