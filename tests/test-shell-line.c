/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of text as words, and where each of them stands: the words are those of GLib. */
#include "config.h"

#include <string.h>

#include "shell-line.h"
#include "testlib.h"

static const struct
{
  const char *name, *text, *words, *starts;
} cases[] = {
  { "one", "qemu", "qemu", "0" },
  { "nothing", "", "", "" },
  { "blanks", " \t\n", "", "" },
  { "two", "qemu -S", "qemu|-S", "0|5" },
  { "tabs", "\tqemu\t\t-S\n", "qemu|-S", "1|7" },
  { "lines", "qemu\n-S", "qemu|-S", "0|5" },
  { "line-goes-on", "qemu \\\n  -S", "qemu|-S", "0|9" },
  { "word-goes-on", "qe\\\nmu -S", "qemu|-S", "0|7" },
  { "begins-with-line-end", "\\\nqemu", "qemu", "2" },
  { "single-quotes", "'a b' c", "a b|c", "0|6" },
  { "double-quotes", "\"a b\" c", "a b|c", "0|6" },
  { "empty-quotes", "a '' \"\"", "a||", "0|2|5" },
  { "quotes-inside", "a'b c'd", "ab cd", "0" },
  { "escaped-quote", "\"a\\\"b\"", "a\"b", "0" },
  { "escaped-backslash", "\"a\\\\\" b", "a\\|b", "0|6" },
  { "backslash-in-single", "'a\\' b", "a\\|b", "0|5" },
  { "backslash-other-in-double", "\"a\\b\"", "a\\b", "0" },
  { "escaped-blank", "a\\ b c", "a b|c", "0|5" },
  { "comment", "# all\nqemu", "qemu", "6" },
  { "comment-behind", "qemu # all\n-S", "qemu|-S", "0|11" },
  { "comment-at-line", "qemu\n# 'open\n-S", "qemu|-S", "0|13" },
  { "comment-empty", "#\nqemu", "qemu", "2" },
  { "no-comment", "a#b '#'", "a#b|#", "0|4" },
  { "dollar", "$HOME `id` *", "$HOME|`id`|*", "0|6|11" },
  { "bytes", "\xff \xc3\xa4", "\xff|\xc3\xa4", "0|2" },
};

static char *
join_starts (const QrShellLine *line)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < line->n; i++)
    g_string_append_printf (out, "%s%zu", i == 0 ? "" : "|", line->starts[i]);
  return g_string_free (out, FALSE);
}

static void
test_split (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL, *starts = NULL;
  g_auto (GStrv) glib = NULL;
  QrShellLine line;

  g_assert_true (qr_shell_split (cases[i].text, "f", pool, &line, &error));
  g_assert_no_error (error);
  words = g_strjoinv ("|", (char **) line.words);
  starts = join_starts (&line);
  g_assert_cmpstr (words, ==, cases[i].words);
  g_assert_cmpstr (starts, ==, cases[i].starts);
  if (line.n == 0)
    return; /* an error to GLib */
  g_assert_true (g_shell_parse_argv (cases[i].text, NULL, &glib, NULL));
  g_assert_true (g_strv_equal ((const char *const *) glib, line.words));
}

static const struct
{
  const char *name, *text, *drawn;
} refused[] = {
  { "single", "qemu\n  'a b\n-S",
    "qriser: error: the quote is not closed\n"
    "  f:2:3:   'a b\n"
    "           ^\n"
    "  hint: close it, or put a backslash before it\n" },
  { "double", "qemu \"a\\\"",
    "qriser: error: the quote is not closed\n"
    "  f:1:6: qemu \"a\\\"\n"
    "              ^\n"
    "  hint: close it, or put a backslash before it\n" },
  { "inside", "qemu a'b",
    "qriser: error: the quote is not closed\n"
    "  f:1:7: qemu a'b\n"
    "               ^\n"
    "  hint: close it, or put a backslash before it\n" },
  { "backslash", "qemu \\",
    "qriser: error: the text ends behind a backslash\n"
    "  f:1:6: qemu \\\n"
    "              ^\n" },
};

/* What GLib takes for words, and a shell does not. */
static void
test_operators (void)
{
  static const char *const lines[] = { "qemu >log", "qemu 2>&1", "qemu -S & ", "qemu -S;qemu", "a | b", "a <b", "(qemu)", "qemu -x a(b)" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      GError *error = NULL;
      QrShellLine line;

      g_assert_false (qr_shell_split (lines[i], "f", pool, &line, &error));
      test_error_code (&error, QR_STATUS_REQUEST, "shell-syntax", "is for a shell, and none runs here");
    }
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrShellLine line;

  g_assert_false (g_shell_parse_argv (refused[i].text, NULL, NULL, NULL));
  g_assert_false (qr_shell_split (refused[i].text, "f", pool, &line, &error));
  g_assert_cmpstr (qr_error_code (error), ==, "shell-syntax");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, refused[i].drawn);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/shell-line/split/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_split);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/shell-line/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/shell-line/operators", test_operators);
  return g_test_run ();
}
