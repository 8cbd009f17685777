/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict JSON: what is refused and where; the limits; places of values and keys. */
#include "config.h"

#include "testlib.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounds.h"
#include "json-doc.h"

static const struct
{
  const char *text;
} good[] = {
  { "{}" }, { "[]" }, { " \t\r\n{ \"a\" : [ 1 , 2 ] }\n" }, { "[true,false,null]" }, { "1" },
  { "{\"a\":1,\"ab\":2,\"A\":3}" }, { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"" }, { "\"名前 😀\"" },
  { "[0,-0,-1,1.5,1e3,1E+3,1.25e-7,18446744073709551615,-9223372036854775808]" }, { "\"\177\"" },
  { "\"\\ud83d\\ude00\"" }, { "{\"a\":{\"a\":1},\"b\":{\"a\":1}}" }, { "{\"\":1}" },
};

#define VALUE "expected a JSON value"
#define STRING "expected a string in double quotes"
#define DIGIT "expected a digit"
#define COMMA "expected \",\" or \"]\""
#define TRAILING "text after the end of the document"
#define HALF "half of a surrogate pair"
#define UTF8 "not valid UTF-8"
#define TWICE "the key stands here a second time"
#define ZERO "a number has no leading zero"
#define BITS "the number does not fit 64 bits"
#define CONTROL "control character in a string"
#define ESCAPE "unknown escape in a string"

static const struct
{
  const char *text, *fault;
  guint line, column;
} refused[] = {
  { "", VALUE, 1, 1 }, { "  \n", VALUE, 2, 1 }, { "{'a':1}", STRING, 1, 2 }, { "[,]", VALUE, 1, 2 },
  { "['a']", VALUE, 1, 2 }, { "{a:1}", STRING, 1, 2 }, { "[NaN]", VALUE, 1, 2 },
  { "[Infinity]", VALUE, 1, 2 }, { "[-Infinity]", DIGIT, 1, 3 }, { "[True]", VALUE, 1, 2 },
  { "[tru]", VALUE, 1, 2 }, { "[nullx]", COMMA, 1, 6 }, { "[18446744073709551616]", BITS, 1, 2 },
  { "{\"a\":1,\n\"a\":2}", TWICE, 2, 1 }, { "\"\xe5\x90", UTF8, 1, 2 }, { "[1,]", VALUE, 1, 4 },
  { "{\"a\":1,\"\\u0061\":2}", TWICE, 1, 8 }, { "[{\"b\":{\"a\":1,\"a\":1}}]", TWICE, 1, 14 },
  { "{\"a\":1,}", STRING, 1, 8 }, { "{} // no", TRAILING, 1, 4 }, { "[/* no */1]", VALUE, 1, 2 },
  { "# no\n{}", VALUE, 1, 1 }, { "{}\n{}", TRAILING, 2, 1 }, { "[]]", TRAILING, 1, 3 },
  { "{\"a\":1", "expected \",\" or \"}\"", 1, 7 }, { "[1", COMMA, 1, 3 }, { "[1}", COMMA, 1, 3 },
  { "\"a", "a string is not closed", 1, 3 }, { "{\"a\" 1}", "expected \":\"", 1, 6 },
  { "{\"a\"=1}", "expected \":\"", 1, 5 }, { "{\"a\":}", VALUE, 1, 6 }, { "[01]", ZERO, 1, 2 },
  { "[-00]", ZERO, 1, 3 }, { "[0x1]", COMMA, 1, 3 }, { "[+1]", VALUE, 1, 2 },
  { "[.5]", VALUE, 1, 2 }, { "[1.]", DIGIT, 1, 4 }, { "[1e]", DIGIT, 1, 4 }, { "[-]", DIGIT, 1, 3 },
  { "[-9223372036854775809]", BITS, 1, 2 }, { "\"\\ud800\"", HALF, 1, 8 }, { "\f{}", VALUE, 1, 1 },
  { "\"\\udc00\"", HALF, 1, 8 }, { "\"\\ud800\\ud800\"", HALF, 1, 14 }, { "\"\\'\"", ESCAPE, 1, 3 },
  { "\"\\u0000\"", "a string cannot hold a NUL", 1, 8 }, { "\"\\x41\"", ESCAPE, 1, 3 },
  { "\"\\u12\"", "\\u takes four hexadecimal digits", 1, 6 }, { "\"a\nb\"", CONTROL, 1, 3 },
  { "\"\t\"", CONTROL, 1, 2 }, { "\xef\xbb\xbf{}", VALUE, 1, 1 }, { "{\xc2\xa0}", STRING, 1, 2 },
  { "{\"a\":\"\xe9\"}", UTF8, 1, 7 }, { "\"\xc0\xaf\"", UTF8, 1, 2 },
  { "\"\xed\xa0\x80\"", UTF8, 1, 2 }, { "{\n  \"a\": 1,\n  \"b\": x\n}", VALUE, 3, 8 },
};

static void
test_good (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (good[i].text, strlen (good[i].text), "f", 0, QR_STATUS_CONFIG, &error);

  g_assert_no_error (error);
  g_assert_nonnull (doc);
  g_assert_cmpstr (qr_json_doc_text (doc), ==, good[i].text);
}

static void
refuse (const char *text, gsize length, const char *fault, guint line, guint column)
{
  GError *error = NULL;
  QrJsonDoc *doc = qr_json_doc_parse (text, length, "f", 0, QR_STATUS_CONFIG, &error);
  g_autofree char *drawn = NULL, *head = g_strdup_printf ("qriser: error: broken JSON: %s\n"
                                                          "  f:%u:%u: ", fault, line, column);

  g_assert_null (doc);
  g_assert_nonnull (error);
  drawn = qr_error_render (error, "qriser");
  drawn[MIN (strlen (head), strlen (drawn))] = '\0';
  g_assert_cmpstr (drawn, ==, head);
  test_error_code (&error, QR_STATUS_CONFIG, "json-syntax", "");
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  refuse (refused[i].text, strlen (refused[i].text), refused[i].fault, refused[i].line,
          refused[i].column);
}

/* Bytes that no literal with an end can hold. */
static void
test_nul (void)
{
  refuse ("{\"a\0\":1}", 8, "a NUL byte", 1, 4);
  refuse ("{}\0", 3, "a NUL byte", 1, 3);
}

/* Of an argument; the caret stands under the fault. */
static void
test_argument (void)
{
  const char *text = "{\"driver\":'e1000'}";
  GError *error = NULL;

  g_assert_null (qr_json_doc_parse (text, strlen (text), NULL, 4, QR_STATUS_REQUEST, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, "qriser: error: broken JSON: expected a JSON value\n"
                         "  argument 4: {\"driver\":'e1000'}\n"
                         "                        ^\n");
}

/* @depth arrays, or objects, inside each other. */
static char *
nested (guint depth, const char *open, const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, "[]");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  GError *error = NULL;
  g_autofree char *arrays = nested (QR_LIMIT_JSON_DEPTH, "[", "]"),
                  *objects = nested (QR_LIMIT_JSON_DEPTH, "{\"a\":", "}");
  g_autoptr (QrJsonDoc) first
      = qr_json_doc_parse (arrays, strlen (arrays), "f", 0, QR_STATUS_CONFIG, &error);
  g_autoptr (QrJsonDoc) second
      = qr_json_doc_parse (objects, strlen (objects), "f", 0, QR_STATUS_CONFIG, &error);

  g_assert_no_error (error);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
}

static void
test_too_deep (void)
{
  g_autofree char *text = nested (QR_LIMIT_JSON_DEPTH + 1, "[", "]"),
                  *bomb = g_strnfill (1000000, '[');

  refuse (text, strlen (text), "nested deeper than 64 levels", 1, 65);
  refuse (bomb, strlen (bomb), "nested deeper than 64 levels", 1, 65);
}

static void
read_refused (const char *path, QrStatus status, const char *code, const char *part)
{
  GError *error = NULL;

  g_assert_null (qr_json_doc_read (path, &error));
  test_error_code (&error, status, code, part);
}

/* A file of exactly @size bytes: "[", blanks, "]". */
static char *
file_of_size (const char *directory, gsize size)
{
  g_autofree char *text = g_strnfill (size, ' ');

  text[0] = '[';
  text[size - 1] = ']';
  return test_file (directory, "big.json", text);
}

static void
test_file_limit (void)
{
  char *directory = test_directory ();
  g_autofree char *path = file_of_size (directory, QR_LIMIT_FILE_BYTES), *message = NULL;
  GError *error = NULL;
  QrJsonDoc *doc = qr_json_doc_read (path, &error);

  g_assert_no_error (error);
  qr_json_doc_free (doc);
  g_free (path);
  path = file_of_size (directory, QR_LIMIT_FILE_BYTES + 1);
  message = g_strdup_printf ("\"%s\" is larger than 16 MiB", path);
  read_refused (path, QR_STATUS_CONFIG, "file-size", message);
  test_directory_remove (directory);
}

static void
test_file_kinds (void)
{
  char *directory = test_directory ();
  g_autofree char *fifo = g_build_filename (directory, "fifo", NULL),
                  *missing = g_build_filename (directory, "missing", NULL),
                  *plain = test_file (directory, "plain", "{"),
                  *below = g_build_filename (plain, "x", NULL),
                  *loop = g_build_filename (directory, "loop", NULL);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  read_refused (directory, QR_STATUS_IO, "file-type", "is not a regular file");
  read_refused (fifo, QR_STATUS_IO, "file-type", "is not a regular file");
  read_refused ("/dev/zero", QR_STATUS_IO, "file-type", "is not a regular file");
  read_refused (missing, QR_STATUS_NO_INPUT, "file-read", g_strerror (ENOENT));
  read_refused (below, QR_STATUS_NO_INPUT, "file-read", g_strerror (ENOTDIR));
  read_refused (loop, QR_STATUS_IO, "file-read", g_strerror (ELOOP));
  read_refused ("", QR_STATUS_NO_INPUT, "file-read", g_strerror (ENOENT));
  read_refused (plain, QR_STATUS_CONFIG, "json-syntax", "broken JSON");
  test_directory_remove (directory);
}

static void
test_file_permission (void)
{
  char *directory;
  g_autofree char *path = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may read every file");
      return;
    }
  directory = test_directory ();
  path = test_file (directory, "closed.json", "{}");
  g_assert_cmpint (chmod (path, 0), ==, 0);
  read_refused (path, QR_STATUS_PERMISSION, "file-read", g_strerror (EACCES));
  test_directory_remove (directory);
}

static const char document[] = "{\n"
                               "  \"name\": \"x\",\n"
                               "  \"list\": [1, {\"deep\": true, \"a\": \"\\u0061\"}, [2, 3]],\n"
                               "  \"null\": null\n"
                               "}\n";

static QrJsonDoc *
parse_document (void)
{
  GError *error = NULL;
  QrJsonDoc *doc
      = qr_json_doc_parse (document, strlen (document), "f", 0, QR_STATUS_CONFIG, &error);

  g_assert_no_error (error);
  return doc;
}

static void
place_is (const QrPlace *place, const char *text)
{
  g_autofree char *written = g_strndup (place->text + place->start, place->length);

  g_assert_cmpstr (written, ==, text);
}

static void
test_places (void)
{
  g_autoptr (QrJsonDoc) doc = parse_document ();
  QrJson root, name, list, object, deep, inner, array, number;
  QrPlace place;

  qr_json_root (doc, &root);
  qr_json_place (&root, &place);
  g_assert_cmpuint (place.start, ==, 0);
  g_assert_cmpuint (place.length, ==, strlen (document) - 1);
  g_assert_true (qr_json_find (&root, "name", &name));
  qr_json_place (&name, &place);
  place_is (&place, "\"x\"");
  qr_json_key_place (&name, &place);
  place_is (&place, "\"name\"");
  g_assert_cmpuint (place.start, ==, 4);
  g_assert_true (qr_json_find (&root, "list", &list));
  qr_json_element (&list, 1, &object);
  g_assert_true (qr_json_find (&object, "deep", &deep));
  qr_json_place (&deep, &place);
  place_is (&place, "true");
  g_assert_true (qr_json_find (&object, "a", &inner));
  qr_json_place (&inner, &place);
  place_is (&place, "\"\\u0061\"");
  qr_json_element (&list, 2, &array);
  qr_json_element (&array, 1, &number);
  qr_json_place (&number, &place);
  place_is (&place, "3");
}

static void
test_wrong_types (void)
{
  g_autoptr (QrJsonDoc) doc = parse_document ();
  QrJson root, name, list, number;
  GError *error = NULL;
  const char *string;
  gboolean truth;

  qr_json_root (doc, &root);
  g_assert_true (qr_json_find (&root, "name", &name) && qr_json_find (&root, "list", &list));
  qr_json_element (&list, 0, &number);
  g_assert_false (qr_json_string (&number, &string, &error));
  test_error_is (&error, "qriser: error: expected a string\n"
                         "  f:3:12:   \"list\": [1, {\"deep\": true, \"a\": \"\\u0061\"}, [2, 3]]"
                         "...\n                     ^\n");
  g_assert_false (qr_json_boolean (&name, &truth, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "expected true or false");
  g_assert_false (qr_json_is_object (&list, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "expected an object");
  g_assert_false (qr_json_is_array (&root, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "expected an array");
  g_assert_false (qr_json_find (&list, "name", &name));
}

static void
test_members (void)
{
  static const char *const all[] = { "list", "name", "null", NULL },
                           *const some[] = { "name", NULL };
  g_autoptr (QrJsonDoc) doc = parse_document ();
  GError *error = NULL;
  QrJson root, out;

  qr_json_root (doc, &root);
  g_assert_true (qr_json_only (&root, all, &error));
  g_assert_true (qr_json_member (&root, "null", &out, &error));
  g_assert_null (out.value);
  g_assert_false (qr_json_only (&root, some, &error));
  test_error_is (&error, "qriser: error: unknown key \"list\"; known are: name\n"
                         "  f:3:3:   \"list\": [1, {\"deep\": true, \"a\": \"\\u0061\"}, [2,"
                         "...\n           ^~~~~~\n");
  g_assert_false (qr_json_member (&root, "gone", &out, &error));
  test_error_is (&error, "qriser: error: \"gone\" is missing here\n  f:1:1: {\n         ^\n");
}

static const struct
{
  const char *text;
  guint64 low, high;
  gboolean good;
} numbers[] = {
  { "0", 0, 31, TRUE },           { "31", 0, 31, TRUE },  { "32", 0, 31, FALSE },
  { "1", 2, 31, FALSE },          { "-1", 0, 31, FALSE }, { "1.0", 0, 31, FALSE },
  { "1e1", 0, 31, FALSE },        { "\"1\"", 0, 31, FALSE }, { "true", 0, 31, FALSE },
  { "null", 0, 31, FALSE },       { "[]", 0, 31, FALSE }, { "4294967295", 0, 4294967295, TRUE },
  { "4294967296", 0, 4294967295, FALSE },                 { "18446744073709551615", 0, 31, FALSE },
};

static void
test_number (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (numbers[i].text, strlen (numbers[i].text), "f", 0,
                                                 QR_STATUS_CONFIG, &error);
  guint64 value;
  QrJson root;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  g_assert_cmpint (qr_json_uint (&root, numbers[i].low, numbers[i].high, &value, &error), ==,
                   numbers[i].good);
  if (numbers[i].good)
    g_assert_cmpuint (value, ==, g_ascii_strtoull (numbers[i].text, NULL, 10));
  else
    test_error_code (&error, QR_STATUS_CONFIG, "json-value", "expected a whole number");
}

static const struct
{
  const char *text, *json;
} strings[] = {
  { "", "\"\"" }, { "/sys", "\"/sys\"" }, { "a\"b\\c", "\"a\\\"b\\\\c\"" },
  { "\n\t\033", "\"\\n\\t\\u001b\"" }, { "名前", "\"名前\"" },
};

static void
test_append (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) out = g_string_new ("x:");

  qr_json_append_string (out, strings[i].text);
  g_assert_cmpstr (out->str + 2, ==, strings[i].json);
}

static void
add_cases (const char *group, gsize n, GTestDataFunc run)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("/json-doc/%s/%" G_GSIZE_FORMAT "%s%s", group, i,
                                               run == test_refused ? "-" : "",
                                               run == test_refused ? refused[i].fault : "");

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), run);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("good", G_N_ELEMENTS (good), test_good);
  add_cases ("refused", G_N_ELEMENTS (refused), test_refused);
  add_cases ("number", G_N_ELEMENTS (numbers), test_number);
  add_cases ("append", G_N_ELEMENTS (strings), test_append);
  g_test_add_func ("/json-doc/refused/nul", test_nul);
  g_test_add_func ("/json-doc/argument", test_argument);
  g_test_add_func ("/json-doc/depth", test_depth);
  g_test_add_func ("/json-doc/too-deep", test_too_deep);
  g_test_add_func ("/json-doc/file-limit", test_file_limit);
  g_test_add_func ("/json-doc/file-kinds", test_file_kinds);
  g_test_add_func ("/json-doc/file-permission", test_file_permission);
  g_test_add_func ("/json-doc/places", test_places);
  g_test_add_func ("/json-doc/wrong-types", test_wrong_types);
  g_test_add_func ("/json-doc/members", test_members);
  return g_test_run ();
}
