/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys for qriser itself: read, refused, and taken out of what QEMU gets. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "hints.h"

static const QrOption device = { .name = "device", .grammar = QR_GRAMMAR_QEMUOPTS, .json = TRUE,
                                 .implied = "driver", .verb = QR_VERB_DEVICE };

static const QrOptList *
parse (const char *text, QrPool *pool)
{
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (&device, text, 1, pool, &error);

  g_assert_no_error (error);
  return list;
}

/* @read: behind, hotplug, pack, integrated; "-": not given.  @rest: what QEMU gets. */
static const struct
{
  const char *name, *text, *read, *rest;
} cases[] = {
  { "none", "edu", NULL, "edu" },
  { "none-trailing", "edu,", NULL, "edu," },
  { "near", "edu,qriser=on,qriserx.pack=a,xqriser.pack=a", NULL, "edu,qriser=on,qriserx.pack=a,xqriser.pack=a" },
  { "behind", "edu,qriser.behind=1c.3", "1c.3 - - -", "edu" },
  { "between", "edu,qriser.behind=rp,id=a", "rp - - -", "edu,id=a" },
  { "escaped", "edu,qriser.behind=a,,b,id=a", "a,b - - -", "edu,id=a" },
  { "kept-commas", "edu,qriser.pack=x,romfile=a,,b", "- - x -", "edu,romfile=a,,b" },
  { "several", "edu,qriser.behind=rp,id=a,qriser.hotplug=on,addr=,", "rp on - -", "edu,id=a,addr=," },
  { "trailing", "edu,qriser.pack=x,", "- - x -", "edu," },
  { "first", "qriser.pack=x,driver=edu", "- - x -", "driver=edu" },
  { "first-before-bare", "qriser.pack=x,multifunction,driver=edu", "- - x -", "multifunction=on,driver=edu" },
  { "first-before-bare-off", "qriser.pack=x,qriser.hotplug=off,nomultifunction,driver=edu", "- off x -",
    "multifunction=off,driver=edu" },
  { "bare-stays", "edu,qriser.pack=x,multifunction", "- - x -", "edu,multifunction" },
  { "hotplug-yes", "edu,qriser.hotplug=yes", "- on - -", "edu" },
  { "hotplug-n", "edu,qriser.hotplug=n", "- off - -", "edu" },
  { "hotplug-bare", "edu,qriser.hotplug", "- on - -", "edu" },
  { "hotplug-bare-off", "edu,noqriser.hotplug,id=a", "- off - -", "edu,id=a" },
  { "integrated", "edu,qriser.integrated=on", "- - - on", "edu" },
  { "integrated-off-hotplug", "edu,qriser.integrated=on,qriser.hotplug=off", "- off - on", "edu" },
  { "behind-hotplug", "edu,qriser.behind=rp,qriser.hotplug=on", "rp on - -", "edu" },
  { "pack-hotplug-off", "edu,qriser.pack=a,qriser.hotplug=off", "- off a -", "edu" },
  { "json", "{\"driver\":\"edu\",\"qriser.pack\":\"x\"}", "- - x -", "{\"driver\":\"edu\"}" },
  { "json-first", "{ \"qriser.pack\" : \"x\" , \"driver\":\"edu\" }", "- - x -", "{ \"driver\":\"edu\" }" },
  { "json-between", "{\"driver\":\"edu\", \"qriser.hotplug\": true,\t\"id\": \"a,b\"}", "- on - -",
    "{\"driver\":\"edu\",\t\"id\": \"a,b\"}" },
  { "json-last", "{\"driver\":\"edu\" , \"qriser.integrated\":true\n}", "- - - on", "{\"driver\":\"edu\"\n}" },
  { "json-text-boolean", "{\"driver\":\"edu\",\"qriser.hotplug\":\"off\"}", "- off - -", "{\"driver\":\"edu\"}" },
  { "json-all-of-it", "{\"driver\":\"edu\",\"qriser.behind\":\"r\",\"x\":[1,{\"qriser.y\":2}],\"qriser.hotplug\":false}",
    "r off - -", "{\"driver\":\"edu\",\"x\":[1,{\"qriser.y\":2}]}" },
};

static const char *
value_of (const QrHints *hints, QrHint hint)
{
  return hints->opts[hint] == NULL ? "-" : hints->opts[hint]->value;
}

static void
test_read (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrOptList *list = parse (cases[i].text, pool);
  GError *error = NULL;
  const QrHints *hints;

  g_assert_true (qr_hints_parse (list, pool, &hints, &error));
  g_assert_no_error (error);
  g_assert_true ((hints == NULL) == (cases[i].read == NULL));
  g_assert_true ((qr_hints_first (list) == NULL) == (hints == NULL));
  if (hints != NULL)
    {
      const char *hotplug = hints->opts[QR_HINT_HOTPLUG] == NULL ? "-" : hints->hotplug ? "on" : "off";
      g_autofree char *read = g_strjoin (" ", value_of (hints, QR_HINT_BEHIND), hotplug,
                                         value_of (hints, QR_HINT_PACK), value_of (hints, QR_HINT_INTEGRATED), NULL);

      g_assert_cmpstr (read, ==, cases[i].read);
      g_assert_true (qr_hints_ask_hotplug (hints, TRUE) == g_str_equal (hotplug, "on"));
      g_assert_true (qr_hints_ask_hotplug (hints, FALSE) == g_str_equal (hotplug, "off"));
    }
  g_assert_cmpstr (qr_hints_strip (list, &device, pool)->text, ==, cases[i].rest);
}

static const struct
{
  const char *name, *text, *code, *message;
  guint at; /* byte of the argument that the error points to */
} refusals[] = {
  { "unknown", "edu,qriser.place=1", "unknown-hint", "there is no hint \"qriser.place\"", 4 },
  { "unknown-empty", "edu,qriser.=1", "unknown-hint", "there is no hint \"qriser.\"", 4 },
  { "case", "edu,qriser.Pack=1", "unknown-hint", "there is no hint \"qriser.Pack\"", 4 },
  { "behind-empty", "edu,qriser.behind=", "hint-value", "\"qriser.behind\" cannot be \"\"", 18 },
  { "behind-bare", "edu,qriser.behind", "hint-value", "\"qriser.behind\" cannot be \"on\"", 4 },
  { "pack-empty", "edu,qriser.pack=,id=a", "hint-value", "\"qriser.pack\" cannot be \"\"", 16 },
  { "pack-number", "{\"driver\":\"edu\",\"qriser.pack\":1}", "hint-value", "\"qriser.pack\" cannot be \"1\"", 30 },
  { "hotplug-word", "edu,qriser.hotplug=maybe", "hint-value", "\"qriser.hotplug\" cannot be \"maybe\"", 19 },
  { "hotplug-number", "{\"driver\":\"edu\",\"qriser.hotplug\":1}", "hint-value", "cannot be \"1\"", 33 },
  { "integrated-off", "edu,qriser.integrated=off", "hint-value", "\"qriser.integrated\" cannot be \"off\"", 22 },
  { "integrated-word", "edu,qriser.integrated=1b.0", "hint-value", "cannot be \"1b.0\"", 22 },
  { "twice", "edu,qriser.pack=a,qriser.pack=a", "hint-conflict", "hint \"qriser.pack\" is given twice", 18 },
  { "integrated-behind", "edu,qriser.integrated=on,qriser.behind=rp", "hint-conflict",
    "hint \"qriser.behind\" contradicts \"qriser.integrated\": what sits on the root complex is behind no port", 25 },
  { "behind-integrated", "edu,qriser.behind=rp,qriser.integrated=on", "hint-conflict",
    "hint \"qriser.integrated\" contradicts \"qriser.behind\"", 21 },
  { "integrated-hotplug", "edu,qriser.integrated=on,qriser.hotplug=on", "hint-conflict",
    "\"qriser.hotplug\" contradicts \"qriser.integrated\": nothing on the root complex can be unplugged", 25 },
  { "integrated-pack", "edu,qriser.integrated=on,qriser.pack=a", "hint-conflict", "contradicts", 25 },
  { "behind-pack", "edu,qriser.behind=rp,qriser.pack=a", "hint-conflict", "contradicts", 21 },
  { "pack-hotplug", "edu,qriser.pack=a,qriser.hotplug=on", "hint-conflict",
    "functions of one slot are only unplugged together", 18 },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  g_autofree char *text = NULL, *line = g_strdup_printf ("\n  argument 1: %s\n  %*s^", refusals[i].text,
                                                         (int) (12 + refusals[i].at), "");
  const QrHints *hints;

  g_assert_false (qr_hints_parse (parse (refusals[i].text, pool), pool, &hints, &error));
  text = qr_error_render (error, "qriser");
  g_assert_nonnull (strstr (text, line));
  test_error_code (&error, QR_STATUS_REQUEST, refusals[i].code, refusals[i].message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hints/read/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_read);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hints/refused/%s", refusals[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  return g_test_run ();
}
