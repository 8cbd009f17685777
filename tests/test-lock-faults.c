/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that are no lock file: why, and where. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "bounds.h"
#include "lock.h"

#define HEAD "{\"kind\":\"lock\",\"schema\":1,\"policy\":\"ich9@1\",\"machine\":\"q35\","
#define PLACES "{\n\"kind\":\"lock\",\"schema\":1,\"policy\":\"a@1\",\"machine\":\"m\",\n\"places\":["
#define END "]}\n"

#define PATH_HINT \
  "  hint: write BUS:SLOT.FUNCTION and, for what lies below, /SLOT.FUNCTION, in lower-case " \
  "hexadecimal with all digits\n"

#define ONE "{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:02.0\"}"
#define KEYS "unknown key \"x\"; known are: "

/* @message, then the place as "LINE:COLUMN", the text marked, the hint. */
static const struct
{
  const char *name, *text, *message, *at;
} refused[] = {
  { "empty", "", "broken JSON: expected a JSON value", "1:1: " },
  { "newline", "\n", "broken JSON: expected a JSON value", "2:1: " },
  { "no-json", "places\n", "broken JSON: expected a JSON value", "1:1: p" },
  { "array", "[]\n", "expected an object", "1:1: []" },
  { "number", "1\n", "expected an object", "1:1: 1" },
  { "nothing-in-it", "{}\n", "\"kind\" is missing here", "1:1: {}" },
  { "kind-missing", "{\"schema\":1}\n", "\"kind\" is missing here", "1:1: {\"schema\":1}" },
  { "kind-type", "{\"kind\":1}\n", "expected a string", "1:9: {\"kind\":1}" },
  { "kind-other", "{\"schema\":2,\"kind\":\"policy\"}\n",
    "\"kind\" must be \"lock\", which \"policy\" is not", "1:20: {\"schema\":2,\"kind\":\"policy\"}" },
  { "schema-missing", "{\"kind\":\"lock\"}\n", "\"schema\" is missing here", "1:1: {" },
  { "schema-type", "{\"kind\":\"lock\",\"schema\":\"1\"}\n",
    "expected a whole number, 0 to 4294967295", "1:25: {" },
  { "schema-negative", "{\"kind\":\"lock\",\"schema\":-1}\n",
    "expected a whole number, 0 to 4294967295", "1:25: {" },
  { "schema-fraction", "{\"kind\":\"lock\",\"schema\":1.0}\n",
    "expected a whole number, 0 to 4294967295", "1:25: {" },
  { "schema-0", "{\"kind\":\"lock\",\"schema\":0}\n",
    "a lock file of schema 0; this program knows schema 1", "1:25: {" },
  { "schema-2", "{\"kind\":\"lock\",\n\"schema\":2,\"more\":[]}\n",
    "a lock file of schema 2; this program knows schema 1", "2:10: \"schema\":2,\"more\":[]}" },
  { "unknown-key", "{\"kind\":\"lock\",\"schema\":1,\n\"x\":1}\n",
    KEYS "schema, kind, policy, machine, places", "2:1: \"x\":1}" },
  { "key-twice", "{\"kind\":\"lock\",\"schema\":1,\n\"schema\":1}\n",
    "broken JSON: the key stands here a second time", "2:1: \"schema\":1}" },
  { "policy-missing", "{\"kind\":\"lock\",\"schema\":1}\n", "\"policy\" is missing here", "1:1: {" },
  { "policy-type", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":null}\n", "expected a string",
    "2:10: \"policy\":null}" },
  { "policy-empty", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"\"}\n",
    "\"\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-no-version", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"ich9\"}\n",
    "\"ich9\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-empty-version", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"ich9@\"}\n",
    "\"ich9@\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-no-name", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"@1\"}\n",
    "\"@1\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-version-0", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"a@0\"}\n",
    "\"a@0\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-version-01", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"a@01\"}\n",
    "\"a@01\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "policy-two-versions", "{\"kind\":\"lock\",\"schema\":1,\n\"policy\":\"a@1@1\"}\n",
    "\"a@1@1\" is not a policy with its version, NAME@VERSION", "2:10: " },
  { "machine-missing", "{\"kind\":\"lock\",\"schema\":1,\"policy\":\"a@1\"}\n",
    "\"machine\" is missing here", "1:1: {" },
  { "machine-type", "{\"kind\":\"lock\",\"schema\":1,\"policy\":\"a@1\",\n\"machine\":[]}\n",
    "expected a string", "2:11: " },
  { "machine-empty", "{\"kind\":\"lock\",\"schema\":1,\"policy\":\"a@1\",\n\"machine\":\"\"}\n",
    "\"machine\" is empty", "2:11: " },
  { "places-missing", "{\"kind\":\"lock\",\"schema\":1,\"policy\":\"a@1\",\"machine\":\"m\"}\n",
    "\"places\" is missing here", "1:1: {" },
  { "places-type", HEAD "\n\"places\":{}}\n", "expected an array", "2:10: \"places\":{}}" },
  { "place-type", PLACES "\n1" END, "expected an object", "4:1: 1]}" },
  { "place-empty", PLACES "\n{}" END, "\"key\" is missing here", "4:1: {}]}" },
  { "no-key", PLACES "\n{\"driver\":\"d\",\"path\":\"00:02.0\"}" END, "\"key\" is missing here",
    "4:1: " },
  { "no-driver", PLACES "\n{\"key\":\"k\",\"path\":\"00:02.0\"}" END, "\"driver\" is missing here",
    "4:1: " },
  { "no-path", PLACES "\n{\"key\":\"k\",\"driver\":\"d\"}" END, "\"path\" is missing here", "4:1: " },
  { "place-unknown-key", PLACES ONE ",\n{\"key\":\"l\",\"driver\":\"d\",\"x\":0}" END,
    KEYS "key, driver, path", "4:25: " },
  { "key-type", PLACES "\n{\"key\":null,\"driver\":\"d\",\"path\":\"00:02.0\"}" END,
    "expected a string", "4:8: " },
  { "driver-type", PLACES "\n{\"key\":\"k\",\"driver\":1,\"path\":\"00:02.0\"}" END,
    "expected a string", "4:21: " },
  { "path-type", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":{}}" END, "expected a string",
    "4:32: " },
  { "key-empty", PLACES "\n{\"key\":\"\",\"driver\":\"d\",\"path\":\"00:02.0\"}" END,
    "\"key\" is empty", "4:8: " },
  { "driver-empty", PLACES "\n{\"key\":\"k\",\"driver\":\"\",\"path\":\"00:02.0\"}" END,
    "\"driver\" is empty", "4:21: " },
  { "path-empty", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"\"}" END, "\"path\" is empty",
    "4:32: " },
  { "path-no-bus", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"02.0\"}" END,
    "\"02.0\" is not the path of a place", "4:32: " },
  { "path-upper-case", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:1C.0\"}" END,
    "\"00:1C.0\" is not the path of a place", "4:32: " },
  { "path-slot-20", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:20.0\"}" END,
    "\"00:20.0\" is not the path of a place", "4:32: " },
  { "path-function-8", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:02.8\"}" END,
    "\"00:02.8\" is not the path of a place", "4:32: " },
  { "path-slash-last", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:02.0/\"}" END,
    "\"00:02.0/\" is not the path of a place", "4:32: " },
  { "escaped-nul", PLACES "\n{\"key\":\"k\\u0000\"}" END, "broken JSON: a string cannot hold a NUL",
    "4:16: " },
  { "not-utf8", PLACES "\n{\"key\":\"\xff\"}" END, "broken JSON: not valid UTF-8", "4:9: " },
  { "trailing-junk", HEAD "\"places\":[]}\nx\n", "broken JSON: text after the end of the document",
    "2:1: x" },
  { "second-document", HEAD "\"places\":[]}\n{}\n",
    "broken JSON: text after the end of the document", "2:1: {}" },
  { "trailing-comma", PLACES "\n" ONE "," END, "broken JSON: expected a JSON value", "4:43: " },
  { "comment", "// a\n" HEAD "\"places\":[]}\n", "broken JSON: expected a JSON value", "1:1: //" },
  { "no-last-newline", PLACES "\n" ONE "\n]}", "the last line is cut short", "5:3: ]}" },
};

static void
refuse (const char *text, gsize length, const char *message, const char *at)
{
  GError *error = NULL;
  g_autofree char *drawn = NULL;
  g_autofree char *head = g_strdup_printf ("qriser: error: %s\n  f:%s", message, at);

  g_assert_null (qr_lock_parse (text, length, "f", &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, message);
  drawn = qr_error_render (error, "qriser");
  drawn[MIN (strlen (head), strlen (drawn))] = '\0';
  g_assert_cmpstr (drawn, ==, head);
  test_error_code (&error, QR_STATUS_CONFIG, "lock-file", "");
  g_assert_null (qr_lock_parse (text, length, "f", NULL));
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  refuse (refused[i].text, strlen (refused[i].text), refused[i].message, refused[i].at);
}

/* What stands twice shows both places; a hint says how a path is written. */
static const struct
{
  const char *name, *text, *drawn;
} drawings[] = {
  { "key-twice",
    PLACES "\n" ONE ",\n{\"key\":\"l\",\"driver\":\"d\",\"path\":\"00:03.0\"},\n"
           "{\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:04.0\"}" END,
    "qriser: error: key \"k\" stands twice\n"
    "  f:6:8: {\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:04.0\"}]}\n"
    "                ^~~\n"
    "  the other is here:\n"
    "  f:4:8: {\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:02.0\"},\n"
    "                ^~~\n" },
  { "path-twice", PLACES "\n" ONE ",\n{\"key\":\"l\",\"driver\":\"d\",\"path\":\"00:02.0\"}" END,
    "qriser: error: place 00:02.0 belongs to \"k\"\n"
    "  f:5:32: {\"key\":\"l\",\"driver\":\"d\",\"path\":\"00:02.0\"}]}\n"
    "                                         ^~~~~~~~~\n"
    "  the other is here:\n"
    "  f:4:32: {\"key\":\"k\",\"driver\":\"d\",\"path\":\"00:02.0\"},\n"
    "                                         ^~~~~~~~~\n" },
  { "key-empty-path-twice", PLACES "\n" ONE ",\n{\"key\":\"\",\"driver\":\"d\",\"path\":\"00:02.0\"}" END,
    "qriser: error: \"key\" is empty\n"
    "  f:5:8: {\"key\":\"\",\"driver\":\"d\",\"path\":\"00:02.0\"}]}\n"
    "                ^~\n" },
  { "path", PLACES "\n{\"key\":\"k\",\"driver\":\"d\",\"path\":\"0:2.0\"}" END,
    "qriser: error: \"0:2.0\" is not the path of a place\n"
    "  f:4:32: {\"key\":\"k\",\"driver\":\"d\",\"path\":\"0:2.0\"}]}\n"
    "                                         ^~~~~~~\n" PATH_HINT },
  { "schema", "{\"kind\":\"lock\",\"schema\":2}\n",
    "qriser: error: a lock file of schema 2; this program knows schema 1\n"
    "  f:1:25: {\"kind\":\"lock\",\"schema\":2}\n"
    "                                  ^\n"
    "  hint: use the qriser that wrote it\n" },
  { "cut", HEAD "\n\"places\":[]}",
    "qriser: error: the last line is cut short\n"
    "  f:2:13: \"places\":[]}\n"
    "                      ^\n"
    "  hint: end it with a newline, if nothing else is missing\n" },
};

static void
test_drawing (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;

  g_assert_null (qr_lock_parse (drawings[i].text, strlen (drawings[i].text), "f", &error));
  test_error_is (&error, drawings[i].drawn);
}

static void
test_nul (void)
{
  static const char text[] = "{\"kind\":\"lock\"\0}\n";

  refuse (text, sizeof text - 1, "broken JSON: a NUL byte", "1:15: {");
}

/* Every beginning of a lock file. */
static void
test_truncated (void)
{
  static const char sample[] = PLACES "\n" ONE ",\n{\"key\":\"\\u00e9\",\"driver\":\"é\","
                                      "\"path\":\"00:03.0\"}\n" END;
  g_autoptr (QrLock) whole = qr_lock_parse (sample, sizeof sample - 1, "f", NULL);

  g_assert_nonnull (whole);
  for (gsize length = 0; length < sizeof sample - 1; length++)
    {
      GError *error = NULL;

      g_assert_null (qr_lock_parse (sample, length, "f", &error));
      test_error_code (&error, QR_STATUS_CONFIG, "lock-file", "");
    }
}

/* Arrays inside each other up to the limit of JSON, and one more. */
static void
test_depth (void)
{
  for (guint depth = QR_LIMIT_JSON_DEPTH; depth <= QR_LIMIT_JSON_DEPTH + 1; depth++)
    {
      g_autofree char *open = g_strnfill (depth - 1, '['), *close = g_strnfill (depth - 1, ']');
      g_autofree char *text
          = g_strdup_printf ("{\"kind\":\"lock\",\"schema\":1,\n\"x\":%s%s}\n", open, close);

      if (depth == QR_LIMIT_JSON_DEPTH)
        refuse (text, strlen (text), KEYS "schema, kind, policy, machine, places", "2:1: ");
      else
        refuse (text, strlen (text), "broken JSON: nested deeper than 64 levels", "2:68: ");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock-faults/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (drawings); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock-faults/draw/%s", drawings[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_drawing);
    }
  g_test_add_func ("/lock-faults/nul", test_nul);
  g_test_add_func ("/lock-faults/truncated", test_truncated);
  g_test_add_func ("/lock-faults/depth", test_depth);
  return g_test_run ();
}
