/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of configuration files. Where QEMU (7.2 and 10.0, -readconfig on q35) reads a
 * file otherwise, the row says how; the rest it takes or refuses as here. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "readconfig.h"

/* @shown: "GROUP(id) key=value@START+LENGTH ...; GROUP ...". */
static const struct
{
  const char *name, *text, *shown;
} cases[] = {
  { "empty", "", "" },
  { "newline", "\n", "" },
  { "newlines", "\n\n\n", "" },
  { "comment", "# a\n#b\n\n", "" },
  { "comment-no-newline", "# a", "" },
  { "comment-between", "[a]\n# b = \"c\"\nk = \"v\"\n", "a k=v@19+1" },
  { "blanks-only", " \t \n[a]\n", "a" }, /* QEMU: parse error */
  { "group", "[a]\n", "a" },
  { "group-no-newline", "[a]", "a" },
  { "group-id", "[a \"b\"]\n", "a(b)" },
  { "group-id-blanks", "[ a  \"b\" ]\n", "a(b)" },
  { "group-id-no-blank", "[a\"b\"]\n", "a(b)" }, /* QEMU: no such group */
  { "group-blanks", "[ a\t]\n", "a" }, /* QEMU: no such group */
  { "group-marks", "[a-b.c_d]\n", "a-b.c_d" },
  { "id-odd", "[a \" b]c # \"]\n", "a( b]c # )" },
  { "id-empty", "[a \"\"]\n", "a()" }, /* QEMU: no such group */
  { "blanks-behind-heading", "[a] \t\nk = \"v\"\n", "a k=v@11+1" },
  { "entry", "[a]\nk = \"v\"\n", "a k=v@9+1" },
  { "entry-no-newline", "[a]\nk = \"v\"", "a k=v@9+1" },
  { "entry-indented", "[a]\n \t k = \"v\"\n", "a k=v@12+1" },
  { "entry-no-blanks", "[a]\nk=\"v\"\n", "a k=v@7+1" }, /* QEMU: the key is k="v" */
  { "entry-many-blanks", "[a]\nk \t=\t  \"v\"  \n", "a k=v@12+1" },
  { "entries", "[a]\nk = \"v\"\nl = \"w\"\n", "a k=v@9+1 l=w@17+1" },
  { "key-twice", "[a]\nk = \"v\"\nk = \"w\"\n", "a k=v@9+1 k=w@17+1" },
  { "key-marks", "[a]\na-b.0_c = \"v\"\n", "a a-b.0_c=v@15+1" },
  { "value-empty", "[a]\nk = \"\"\n", "a k=@9+0" },
  { "value-odd", "[a]\nk = \" [#]=,\\\"\n", "a k= [#]=,\\@9+7" },
  { "value-utf8", "[a]\nk = \"名\"\n", "a k=名@9+3" },
  { "value-tab", "[a]\nk = \"\t\"\n", "a k=\t@9+1" },
  { "groups", "[a]\nk = \"v\"\n[b \"c\"]\n[a]\nl = \"w\"\n", "a k=v@9+1; b(c); a l=w@29+1" },
  { "crlf", "[a]\r\n# c\r\n\r\nk = \"v\"\r\n", "a k=v@17+1" },
  { "crlf-blank-line", "\r\n", "" },
};

static char *
show (const QrConfigFile *file, const char *text)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < file->n; i++)
    {
      const QrConfigGroup *group = &file->groups[i];

      g_string_append_printf (out, "%s%s", i == 0 ? "" : "; ", group->name);
      if (group->id != NULL)
        g_string_append_printf (out, "(%s)", group->id);
      for (gsize j = 0; j < group->n; j++)
        {
          const QrConfigEntry *entry = &group->entries[j];

          g_assert_cmpuint (entry->key_place.length, ==, strlen (entry->key));
          g_assert_true (g_str_has_prefix (text + entry->key_place.start, entry->key));
          g_string_append_printf (out, " %s=%s@%" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT, entry->key,
                                  entry->value, entry->value_place.start,
                                  entry->value_place.length);
        }
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *shown = NULL;
  GError *error = NULL;
  const QrConfigFile *file = qr_readconfig (cases[i].text, strlen (cases[i].text), "f", QR_CONFIG_OURS, pool, &error);

  g_assert_no_error (error);
  shown = show (file, cases[i].text);
  g_assert_cmpstr (shown, ==, cases[i].shown);
}

#define FORM "  hint: write key = \"value\"\n"

/* @length 0: that of the text. */
static const struct
{
  const char *name, *text;
  gsize length;
  const char *drawn;
} refused[] = {
  { "text-behind-value", "[a]\nk = \"v\" w\n", 0, /* QEMU: dropped */
    "qriser: error: more text where the line should end\n"
    "  f:2:9: k = \"v\" w\n"
    "                 ^\n"
    "  hint: begin a new line\n" },
  { "comment-behind-value", "[a]\nk = \"v\" # w\n", 0, /* QEMU: dropped */
    "qriser: error: more text where the line should end\n"
    "  f:2:9: k = \"v\" # w\n"
    "                 ^~~\n"
    "  hint: begin a new line\n" },
  { "quote-in-value", "[a]\nk = \"v\"w\"\n", 0, /* QEMU: the value ends at it */
    "qriser: error: more text where the line should end\n"
    "  f:2:8: k = \"v\"w\"\n"
    "                ^~\n"
    "  hint: begin a new line\n" },
  { "text-behind-heading", "[a] b\n", 0, /* QEMU: dropped */
    "qriser: error: more text where the line should end\n"
    "  f:1:5: [a] b\n"
    "             ^\n"
    "  hint: begin a new line\n" },
  { "no-closing-quote", "[a]\nk = \"v\n", 0, /* QEMU: an empty value */
    "qriser: error: the value has no closing quote\n"
    "  f:2:5: k = \"v\n"
    "             ^~\n" },
  { "no-closing-quote-no-newline", "[a]\nk = \"", 0,
    "qriser: error: the value has no closing quote\n"
    "  f:2:5: k = \"\n"
    "             ^\n" },
  { "value-over-lines", "[a]\nk = \"v\nw\"\n", 0,
    "qriser: error: the value has no closing quote\n"
    "  f:2:5: k = \"v\n"
    "             ^~\n" },
  { "no-quotes", "[a]\nk = v\n", 0, /* QEMU: an empty value */
    "qriser: error: a value without quotes\n"
    "  f:2:5: k = v\n"
    "             ^\n"
    "  hint: write it in double quotes\n" },
  { "single-quotes", "[a]\nk = 'v'\n", 0,
    "qriser: error: a value without quotes\n"
    "  f:2:5: k = 'v'\n"
    "             ^~~\n"
    "  hint: write it in double quotes\n" },
  { "no-value", "[a]\nk =\n", 0, /* QEMU: an empty value */
    "qriser: error: a value without quotes\n"
    "  f:2:4: k =\n"
    "            ^\n"
    "  hint: write it in double quotes\n" },
  { "no-equals", "[a]\nkey \"v\"\n", 0,
    "qriser: error: expected \"=\" after \"key\"\n"
    "  f:2:5: key \"v\"\n"
    "             ^~~\n" FORM },
  { "key-alone", "[a]\nkey\n", 0, /* QEMU: an empty value */
    "qriser: error: expected \"=\" after \"key\"\n"
    "  f:2:4: key\n"
    "            ^\n" FORM },
  { "key-alone-no-newline", "[a]\nkey", 0,
    "qriser: error: expected \"=\" after \"key\"\n"
    "  f:2:4: key\n"
    "            ^\n" FORM },
  { "key-odd", "[a]\nk$ = \"v\"\n", 0, /* QEMU: a key like any other */
    "qriser: error: expected \"=\" after \"k\"\n"
    "  f:2:2: k$ = \"v\"\n"
    "          ^\n" FORM },
  { "no-key", "[a]\n= \"v\"\n", 0,
    "qriser: error: this is neither a group nor a key\n"
    "  f:2:1: = \"v\"\n"
    "         ^\n" FORM },
  { "semicolon", "; a comment\n", 0,
    "qriser: error: this is neither a group nor a key\n"
    "  f:1:1: ; a comment\n"
    "         ^\n" FORM },
  { "utf8-key", "[a]\n名 = \"v\"\n", 0, /* QEMU: a key like any other */
    "qriser: error: this is neither a group nor a key\n"
    "  f:2:1: 名 = \"v\"\n"
    "         ^~\n" FORM },
  { "key-before-group", "# c\nkey = \"v\"\n[a]\n", 0,
    "qriser: error: a key before the first group\n"
    "  f:2:1: key = \"v\"\n"
    "         ^~~\n"
    "  hint: begin with a group\n" },
  { "byte-order-mark", "\xef\xbb\xbf[a]\n", 0,
    "qriser: error: this is neither a group nor a key\n"
    "  f:1:1: \\xef\\xbb\\xbf[a]\n"
    "         ^~~~~~~~~~~~~~~\n" FORM },
  { "heading-indented", " [a]\n", 0,
    "qriser: error: \"[\" must begin the line\n"
    "  f:1:2:  [a]\n"
    "          ^\n"
    "  hint: remove the blanks before it\n" },
  { "comment-indented", "[a]\n\t# c\n", 0, /* QEMU: a key "#" with an empty value */
    "qriser: error: \"#\" must begin the line\n"
    "  f:2:2: \\x09# c\n"
    "             ^\n"
    "  hint: remove the blanks before it\n" },
  { "heading-empty", "[]\n", 0,
    "qriser: error: a group has no name\n"
    "  f:1:2: []\n"
    "          ^\n" },
  { "heading-id-only", "[\"b\"]\n", 0,
    "qriser: error: a group has no name\n"
    "  f:1:2: [\"b\"]\n"
    "          ^\n" },
  { "heading-open", "[a\nk = \"v\"\n", 0,
    "qriser: error: the heading does not end in \"]\"\n"
    "  f:1:3: [a\n"
    "           ^\n"
    "  hint: write [group] or [group \"id\"]\n" },
  { "heading-open-behind-id", "[a \"b\"\n", 0, /* QEMU: taken */
    "qriser: error: the heading does not end in \"]\"\n"
    "  f:1:7: [a \"b\"\n"
    "               ^\n"
    "  hint: write [group] or [group \"id\"]\n" },
  { "heading-open-id", "[a \"b]\n", 0,
    "qriser: error: the value has no closing quote\n"
    "  f:1:4: [a \"b]\n"
    "            ^~~\n" },
  { "heading-id-no-quotes", "[a b]\n", 0,
    "qriser: error: the heading does not end in \"]\"\n"
    "  f:1:4: [a b]\n"
    "            ^\n"
    "  hint: write [group] or [group \"id\"]\n" },
  { "nul", "[a]\nk = \"v\0\"\n", 11, /* QEMU: the rest of the line is dropped */
    "qriser: error: a byte that is no text\n"
    "  f:2:7: k = \"v\n"
    "               ^\n" },
  { "nul-at-end", "[a]\n\0", 5,
    "qriser: error: a byte that is no text\n"
    "  f:2:1: \n"
    "         ^\n" },
  { "broken-utf8", "[a]\nk = \"v\xff\"\n", 0, /* QEMU: taken */
    "qriser: error: a byte that is no text\n"
    "  f:2:7: k = \"v\\xff\"\n"
    "               ^~~~\n" },
  { "broken-utf8-in-comment", "# \xc3(\n", 0, /* QEMU: taken */
    "qriser: error: a byte that is no text\n"
    "  f:1:3: # \\xc3(\n"
    "           ^~~~\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gsize length = refused[i].length == 0 ? strlen (refused[i].text) : refused[i].length;
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_null (qr_readconfig (refused[i].text, length, "f", QR_CONFIG_OURS, pool, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, "config-syntax");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_is (&error, refused[i].drawn);
}

/* What QEMU's reader would take otherwise, in a file for it. */
static const struct
{
  const char *name, *text, *message;
} of_qemu[] = {
  { "key", "[a]\nk=\"v\"\n", "QEMU takes this \"=\" for a part of the key" },
  { "id", "[a\"b\"]\n", "QEMU takes this quote for a part of the name" },
  { "heading-end", "[a ]\n", "QEMU takes blanks in a heading for a part of the name" },
  { "heading-start", "[ a]\n", "QEMU takes blanks in a heading for a part of the name" },
};

static void
test_of_qemu (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_nonnull (qr_readconfig (of_qemu[i].text, strlen (of_qemu[i].text), "f", QR_CONFIG_OURS, pool, &error));
  g_assert_null (qr_readconfig (of_qemu[i].text, strlen (of_qemu[i].text), "f", QR_CONFIG_QEMU, pool, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "config-syntax", of_qemu[i].message);
}

/* Longest names and lines of QEMU's reader. */
static void
test_lengths_of_qemu (void)
{
  static const struct
  {
    const char *before, *behind;
    gsize most;
  } kinds[] = { { "[", "]\n", 63 }, { "[a \"", "\"]\n", 63 }, { "[a]\n", " = \"v\"\n", 63 },
                { "[a]\nk = \"", "\"\n", 1022 - 6 } };
  g_autofree char *run = g_strnfill (2000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (gsize more = 0; more < 2; more++)
      {
        g_autofree char *text = g_strdup_printf ("%s%.*s%s", kinds[i].before, (int) (kinds[i].most + more), run,
                                                  kinds[i].behind);
        g_autoptr (QrPool) pool = qr_pool_new ();
        g_autoptr (GError) error = NULL;
        const QrConfigFile *file = qr_readconfig (text, strlen (text), "f", QR_CONFIG_QEMU, pool, &error);

        g_assert_cmpint (file != NULL, ==, more == 0);
      }
}

/* @text with a run of @n letters at its "%". */
static char *
with_run (const char *text, gsize n)
{
  const char *at = strchr (text, '%');
  GString *out = g_string_new_len (text, at - text);

  for (gsize i = 0; i < n; i++)
    g_string_append_c (out, 'x');
  g_string_append (out, at + 1);
  return g_string_free (out, FALSE);
}

/* Lines of 1 MiB: nothing is cut. QEMU cuts a line behind 1023 bytes, a word behind 63. */
static const char *const long_lines[]
    = { "[a]\nk = \"%\"\n", "[a]\n% = \"v\"\n", "#%\n[a]\nk = \"v\"\n", "[%]\nk = \"v\"\n",
        "[a \"%\"]\nk = \"v\"", "[a]\nk = \"%\"" };

static void
test_long_line (gconstpointer data)
{
  const gsize n = 1024 * 1024;
  g_autofree char *text = with_run (data, n);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrConfigFile *file = qr_readconfig (text, strlen (text), "f", QR_CONFIG_OURS, pool, &error);
  const QrConfigGroup *group;
  gsize total;

  g_assert_no_error (error);
  g_assert_cmpuint (file->n, ==, 1);
  group = &file->groups[0];
  g_assert_cmpuint (group->n, ==, 1);
  total = strlen (group->name) + strlen (group->entries[0].key) + strlen (group->entries[0].value);
  if (group->id != NULL)
    total += strlen (group->id);
  g_assert_cmpuint (total, >=, *(const char *) data == '#' ? 3 : n + 2);
}

/* Many groups and keys, each with its place. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrConfigFile *file;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "[g \"%u\"]\na = \"%u\"\nb = \"\"\n", i, i);
  file = qr_readconfig (text->str, text->len, "f", QR_CONFIG_OURS, pool, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (file->n, ==, 5000);
  for (guint i = 0; i < 5000; i++)
    {
      const QrConfigGroup *group = &file->groups[i];

      g_assert_cmpuint (group->n, ==, 2);
      g_assert_cmpstr (group->entries[0].value, ==, group->id);
      g_assert_cmpstr (group->entries[0].value_place.file, ==, "f");
      g_assert_true (text->str[group->place.start] == '[');
      g_assert_true (text->str[group->place.start + group->place.length - 1] == ']');
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/readconfig/read/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/readconfig/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (long_lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("/readconfig/long-line/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, long_lines[i], test_long_line);
    }
  g_test_add_func ("/readconfig/many", test_many);
  for (gsize i = 0; i < G_N_ELEMENTS (of_qemu); i++)
    {
      g_autofree char *name = g_strdup_printf ("/readconfig/of-qemu/%s", of_qemu[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_of_qemu);
    }
  g_test_add_func ("/readconfig/of-qemu/lengths", test_lengths_of_qemu);
  return g_test_run ();
}
