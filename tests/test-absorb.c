/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of options and -set: what the line becomes, and where errors in them are. */
#include "config.h"

#include "absorb.h"
#include "testlib.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LINES(text) "-machine q35 " text

static const struct
{
  const char *name, *config, *line, *emitted;
} cases[] = {
  { "none", NULL, "-nodefaults -device edu", LINES ("-nodefaults -device edu,bus=pcie.0,addr=01.0") },
  { "config", "[device]\n driver = \"edu\"\n", "-nodefaults -device edu,addr=9",
    "-no-user-config " LINES ("-device driver=edu,bus=pcie.0,addr=01.0 -nodefaults -device edu,addr=9,bus=pcie.0") },
  { "config-empty", "", "-nodefaults", "-no-user-config " LINES ("-nodefaults") },
  { "config-off", "[device]\n driver = \"edu\"\n", "-nodefaults -no-user-config", LINES ("-nodefaults -no-user-config") },
  { "config-machine", "[machine]\n type = \"pc-q35-7.0\"\n", "-nodefaults",
    "-no-user-config -machine type=pc-q35-7.0 -nodefaults" },
  { "config-of-pc", "[device]\n driver = \"edu\"\n", "-M pc -nodefaults",
    "-no-user-config -device driver=edu,bus=pci.0,addr=02.0 -M pc -nodefaults" },
  { "config-of-other", "[device]\n driver = \"edu\"\n", "-M isapc -nodefaults", "-M isapc -nodefaults" },
  { "config-broken-for-help", "nonsense", "-version", "-version" },
  { "keyval-empty", "[machine]\n[boot-opts]\n", "-nodefaults", "-no-user-config " LINES ("-nodefaults") },
};

static char *
joined (const QrPlan *plan)
{
  return g_strjoinv (" ", plan->argv + 1);
}

/* The plan of @line with @config as the file that QEMU reads unasked. */
static QrPlan *
plan_with (const char *config, const char *line, GError **error)
{
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .policy = test_policy ("qemu@1"),
                            .sysfs = "/nonexistent", .program = "qemu", .user_config = "qemu.conf" };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  (void) g_remove ("qemu.conf");
  if (config != NULL)
    g_assert_true (g_file_set_contents ("qemu.conf", config, -1, NULL));
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_with (cases[i].config, cases[i].line, &error);
  g_autofree char *emitted = NULL;

  g_assert_no_error (error);
  emitted = joined (plan);
  g_assert_cmpstr (emitted, ==, cases[i].emitted);
}

/* A fault in the file is placed there, whichever step finds it. */
static void
test_places (void)
{
  GError *error = NULL;

  g_assert_null (plan_with ("[device]\ndriver = \"edu\"", "-nodefaults -device edu,addr=99", &error));
  test_error_code (&error, QR_STATUS_REQUEST, "addr-range", "there is no slot \"99\"");
  g_assert_null (plan_with ("[device]\n driver = \"ed\"\n", "-nodefaults", &error));
  test_error_is (&error, "qriser: error: no device type is called \"ed\"\n"
                         "  qemu.conf:2:12:  driver = \"ed\"\n"
                         "                             ^~\n"
                         "  hint: did you mean \"edu\"? else, if the QEMU that will run has it, \"qriser catalogue\" learns it\n");
  g_assert_null (plan_with ("[device\n", "-nodefaults", &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_code (&error, QR_STATUS_CONFIG, "config-syntax", "the heading does not end");
  g_assert_null (plan_with ("[device \"a\"]\n driver = \"edu\"\n", "-nodefaults -set device.a.addr=1.9", &error));
  test_error_is (&error, "qriser: error: there is no function \"9\"\n"
                         "  argument 3: device.a.addr=1.9\n"
                         "                              ^\n"
                         "  hint: functions go from 0 to 7\n");
}

/* Nothing to do: the same line. */
static void
test_same (void)
{
  static const char *const words[] = { "-device", "edu", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *line = qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, &error);

  (void) g_remove ("nothing");
  g_assert_true (qr_absorb (line, NULL, &qr_profiles_builtin, pool, &error) == line);
  g_assert_true (qr_absorb (line, "nothing", &qr_profiles_builtin, pool, &error) == line);
  g_assert_no_error (error);
}

/* A file of options that can be read once: for a machine that is planned it is enough. */
static void
test_pipe (gconstpointer data)
{
  gboolean planned = GPOINTER_TO_INT (data);
  static const char text[] = "[device]\n driver = \"edu\"\n";
  g_autofree char *line = NULL, *emitted = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_assert_cmpint (write (ends[1], text, strlen (text)), ==, strlen (text));
  close (ends[1]);
  line = g_strdup_printf ("-M %s -nodefaults -readconfig /proc/self/fd/%d", planned ? "q35" : "isapc", ends[0]);
  plan = plan_with (NULL, line, &error);
  close (ends[0]);
  if (!planned)
    {
      test_error_code (&error, QR_STATUS_REQUEST, "file-once", "can be read only once");
      return;
    }
  g_assert_no_error (error);
  emitted = joined (plan);
  g_assert_cmpstr (emitted, ==, "-M q35 -nodefaults -device driver=edu,bus=pcie.0,addr=01.0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/absorb/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/absorb/places", test_places);
  g_test_add_func ("/absorb/same", test_same);
  g_test_add_data_func ("/absorb/pipe", GINT_TO_POINTER (TRUE), test_pipe);
  g_test_add_data_func ("/absorb/pipe-unplanned", GINT_TO_POINTER (FALSE), test_pipe);
  return test_run_inside ();
}
