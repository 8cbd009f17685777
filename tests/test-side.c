/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file says for one side of a comparison: "KEY DRIVER KIND PATH ORIGIN" of each function. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "side.h"
#include "testlib.h"

#define PLAN(functions) "{ \"schema\": 1, \"functions\": [" functions "] }"
#define EDU "{\"key\": \"e\", \"driver\": \"edu\", \"kind\": \"conventional\", \"path\": \"00:05.0\", \"origin\": \"user\"}"
#define BOARD "-nodefaults|-M|q35,sata=off,smbus=off"

/* In @line a "|" stands for what the form has between words: a blank, or a NUL. */
static const struct
{
  const char *name, *line, *found;
} lines[] = {
  { "bare", BOARD, "" },
  { "device", BOARD "|-device|edu,id=e,addr=5", "e edu conventional 00:05.0 user" },
  { "program", "qemu|" BOARD "|-device|edu,id=e,addr=5", "e edu conventional 00:05.0 user" },
  { "bus-later", BOARD "|-device|e1000e,id=n,bus=rp|-device|pcie-root-port,id=rp,addr=6,chassis=1", NULL },
  { "added", BOARD "|-device|nvme,id=d,serial=s",
    "d nvme endpoint 00:1c.0/00.0 user; rp-1c.0 pcie-root-port root-port 00:1c.0 added" },
  { "option", BOARD "|-vga|std", "VGA VGA conventional 00:1e.0/00.0 option; pci-1e.0 i82801b11-bridge bridge 00:1e.0 added" },
  { "findings-do-not-stop", BOARD "|-device|edu,id=e,addr=5.1", "e edu conventional 00:05.1 user" },
  { "no-machine", "-nodefaults|-device|edu,id=e,addr=5",
    "ich9-ahci ich9-ahci conventional 00:1f.2 machine; ICH9-SMB ICH9-SMB conventional 00:1f.3 machine; "
    "e edu conventional 00:05.0 user" },
  { "other-machine", "-M|isapc", NULL },
  { "informs", "-version", NULL },
  { "helper", BOARD "|-netdev|bridge,id=n|-device|edu,id=e,addr=5", "e edu conventional 00:05.0 user" },
};

static gboolean
read_side (const char *text, gsize length, GArray *out, QrPool *pool, GError **error)
{
  QrPlanOptions options = { .policy = test_policy ("ich9@1"), .sysfs = "/nonexistent", .program = "q", .survey = TRUE, .seccomp = "off" };
  char *directory = test_directory ();
  g_autofree char *path = g_build_filename (directory, "side", NULL);
  g_autofree char *here = g_get_current_dir ();
  gboolean good;

  g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
  g_assert_cmpint (g_chdir (directory), ==, 0);
  good = qr_side_read ("side", &options, &qr_profiles_builtin, pool, out, error);
  g_assert_cmpint (g_chdir (here), ==, 0);
  test_directory_remove (directory);
  return good;
}

/* The board's two functions that are always there are left out. */
static char *
describe (const GArray *list)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const QrDiffItem *item = &g_array_index (list, QrDiffItem, i);

      if (strcmp (item->path, "00:00.0") != 0 && strcmp (item->path, "00:1f.0") != 0)
        g_string_append_printf (out, "%s%s %s %s %s %s", out->len == 0 ? "" : "; ", item->key, item->driver,
                                item->kind, item->path, item->origin);
    }
  return g_string_free (out, FALSE);
}

static void
test_line (gsize i, char separator)
{
  g_autofree char *text = g_strdelimit (g_strdup (lines[i].line), "|", separator), *found = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = read_side (text, strlen (lines[i].line) + (separator == '\0'), list, pool, &error);

  if (lines[i].found == NULL)
    {
      g_assert_false (good);
      g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
      return;
    }
  g_assert_no_error (error);
  found = describe (list);
  g_assert_cmpstr (found, ==, lines[i].found);
}

static void
test_shell (gconstpointer data)
{
  test_line (GPOINTER_TO_SIZE (data), ' ');
}

static void
test_argv0 (gconstpointer data)
{
  test_line (GPOINTER_TO_SIZE (data), '\0');
}

static void
test_plan_file (void)
{
  static const char text[] = PLAN (EDU) "\n";
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  g_assert_true (read_side (text, strlen (text), list, pool, &error));
  found = describe (list);
  g_assert_cmpstr (found, ==, "e edu conventional 00:05.0 user");
}

static const struct
{
  const char *name, *text, *drawn;
} refused[] = {
  { "plan-cut", "{ \"schema\": 1,\n", NULL },
  { "plan-no-schema", "{ \"functions\": [] }", NULL },
  { "plan-schema", "{ \"schema\": 2 }",
    "qriser: error: the plan has schema 2\n"
    "  side:1:13: { \"schema\": 2 }\n"
    "                         ^\n"
    "  hint: this program reads plans of schema 1\n" },
  { "plan-no-functions", "{ \"schema\": 1 }", NULL },
  { "plan-functions-object", "{ \"schema\": 1, \"functions\": {} }", NULL },
  { "plan-no-path", PLAN ("{\"key\": \"e\", \"driver\": \"edu\", \"kind\": \"conventional\"}"), NULL },
  { "plan-path-number",
    "{ \"schema\": 1, \"functions\": [\n"
    "{\"key\": \"e\", \"driver\": \"edu\", \"kind\": \"k\", \"path\": 5}] }",
    "qriser: error: expected a string\n"
    "  side:2:52: {\"key\": \"e\", \"driver\": \"edu\", \"kind\": \"k\", \"path\": 5}] }\n"
    "                                                                ^\n" },
  { "plan-key-twice", PLAN (EDU ",\n" EDU), NULL },
  { "line-quote", "qemu -M 'q35", NULL },
  { "line-device", "qemu -M q35 \\\n  -device \"nonesuch\"",
    "qriser: error: side:2:11: no device type is called \"nonesuch\"\n"
    "  argument 4: nonesuch\n"
    "              ^~~~~~~~\n"
    "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "line-without-program", "-M q35 -device nonesuch",
    "qriser: error: side:1:16: no device type is called \"nonesuch\"\n"
    "  argument 4: nonesuch\n"
    "              ^~~~~~~~\n"
    "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "line-of-other-machine", "qemu -M isapc",
    "qriser: error: side: the line is none that is planned: there are no places to compare\n"
    "  hint: write -machine q35 on it, or compare two plans\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_false (read_side (refused[i].text, strlen (refused[i].text), list, pool, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  if (refused[i].drawn != NULL)
    test_error_is (&error, refused[i].drawn);
  g_clear_error (&error);
}

static void
test_words_refused (void)
{
  static const char text[] = "qemu\0-M\0q35\0-device\0nonesuch";
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_false (read_side (text, sizeof text, list, pool, &error));
  test_error_is (&error, "qriser: error: side: no device type is called \"nonesuch\"\n"
                         "  argument 4: nonesuch\n"
                         "              ^~~~~~~~\n"
                         "  hint: if the QEMU that will run has it, \"qriser catalogue\" learns it\n");
}

static void
test_missing (void)
{
  QrPlanOptions options = { .policy = test_policy ("ich9@1") };
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_false (qr_side_read ("/nonexistent/side", &options, &qr_profiles_builtin, pool, list, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "file-read", "/nonexistent/side");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *shell = g_strdup_printf ("/side/shell/%s", lines[i].name);
      g_autofree char *argv0 = g_strdup_printf ("/side/argv0/%s", lines[i].name);

      g_test_add_data_func (shell, GSIZE_TO_POINTER (i), test_shell);
      if (strchr (lines[i].line, '|') != NULL) /* one word without a NUL is a line */
        g_test_add_data_func (argv0, GSIZE_TO_POINTER (i), test_argv0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/side/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/side/plan", test_plan_file);
  g_test_add_func ("/side/words-refused", test_words_refused);
  g_test_add_func ("/side/missing", test_missing);
  return g_test_run ();
}
