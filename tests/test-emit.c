/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user wrote comes out as he wrote it; what it lacks is added in its own form. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "bounds.h"
#include "desugar.h"
#include "emit.h"

/* The plan of @line (words with blanks between), policy qemu; the emitted words joined again. */
static const struct
{
  const char *name, *line, *argv;
} cases[] = {
  { "machine-added", "-nodefaults", "qemu|-machine|q35|-nodefaults" },
  { "machine-kept", "-nodefaults -M q35", "qemu|-nodefaults|-M|q35" },
  { "text", "-nodefaults -M q35 -device e1000,id=n",
    "qemu|-nodefaults|-M|q35|-device|e1000,id=n,bus=pcie.0,addr=01.0" },
  { "two-dashes", "-nodefaults -M q35 --device e1000",
    "qemu|-nodefaults|-M|q35|--device|e1000,bus=pcie.0,addr=01.0" },
  { "trailing-comma", "-nodefaults -M q35 -device e1000,",
    "qemu|-nodefaults|-M|q35|-device|e1000,bus=pcie.0,addr=01.0" },
  { "escaped-comma-last", "-nodefaults -M q35 -device e1000,romfile=a,,",
    "qemu|-nodefaults|-M|q35|-device|e1000,romfile=a,,,bus=pcie.0,addr=01.0" },
  { "bare-last", "-nodefaults -M q35 -device e1000,multifunction",
    "qemu|-nodefaults|-M|q35|-device|e1000,multifunction,bus=pcie.0,addr=01.0" },
  { "has-bus", "-nodefaults -M q35 -device e1000,bus=pcie.0",
    "qemu|-nodefaults|-M|q35|-device|e1000,bus=pcie.0,addr=01.0" },
  { "has-addr", "-nodefaults -M q35 -device e1000,addr=0x5",
    "qemu|-nodefaults|-M|q35|-device|e1000,addr=0x5,bus=pcie.0" },
  { "has-both", "-nodefaults -M q35 -device e1000,bus=pcie.0,addr=5",
    "qemu|-nodefaults|-M|q35|-device|e1000,bus=pcie.0,addr=5" },
  { "json", "-nodefaults -M q35 -device {\"driver\":\"e1000\"}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"bus\":\"pcie.0\",\"addr\":\"01.0\"}" },
  { "json-has-bus", "-nodefaults -M q35 -device {\"driver\":\"e1000\",\"bus\":\"pcie.0\"}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"bus\":\"pcie.0\",\"addr\":\"01.0\"}" },
  { "json-has-addr", "-nodefaults -M q35 -device {\"addr\":\"5\",\"driver\":\"e1000\"}",
    "qemu|-nodefaults|-M|q35|-device|{\"addr\":\"5\",\"driver\":\"e1000\",\"bus\":\"pcie.0\"}" },
  { "json-has-both", "-nodefaults -M q35 -device {\"driver\":\"e1000\",\"bus\":\"pcie.0\",\"addr\":16}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"bus\":\"pcie.0\",\"addr\":16}" },
  { "json-addr-none", "-nodefaults -M q35 -device {\"driver\":\"e1000\",\"addr\":-1}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"addr\":\"01.0\",\"bus\":\"pcie.0\"}" },
  { "json-brace-in-text", "-nodefaults -M q35 -device {\"driver\":\"e1000\",\"romfile\":\"}\"}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"romfile\":\"}\",\"bus\":\"pcie.0\","
    "\"addr\":\"01.0\"}" },
  { "json-nested", "-nodefaults -M q35 -device {\"driver\":\"e1000\",\"x-y\":{\"a\":[]}}",
    "qemu|-nodefaults|-M|q35|-device|{\"driver\":\"e1000\",\"x-y\":{\"a\":[]},\"bus\":\"pcie.0\","
    "\"addr\":\"01.0\"}" },
  { "disk-image", "-nodefaults -M q35 -append a,b disk.img",
    "qemu|-nodefaults|-M|q35|-append|a,b|disk.img" },
  { "other-options", "-nodefaults -M q35 -m 2G, -smp 2,,", "qemu|-nodefaults|-M|q35|-m|2G,|-smp|2,," },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu", cases[i].line, &error);
  g_autofree char *argv = NULL;

  g_assert_no_error (error);
  argv = g_strjoinv ("|", plan->argv);
  g_assert_cmpstr (argv, ==, cases[i].argv);
}

/* Each item's word stands where the positions say. */
static void
test_positions (void)
{
  GError *error = NULL;
  g_autoptr (QrPlan) plan
      = test_plan ("ich9", "-nodefaults -device e1000e -m 2G -device virtio-rng-pci", &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < plan->cmdline->n; i++)
    g_assert_cmpstr (plan->argv[plan->positions[i]], ==, plan->cmdline->items[i].word);
}

/* Ports of ours come before the first device, under the word that the user chose. */
static void
test_ports_first (void)
{
  GError *error = NULL;
  g_autoptr (QrPlan) plan
      = test_plan ("ich9", "-nodefaults -M q35 -m 2G --device virtio-rng-pci -S", &error);
  g_autofree char *argv = NULL;

  g_assert_no_error (error);
  argv = g_strjoinv ("|", plan->argv);
  g_assert_true (g_str_has_prefix (argv, "qemu|-nodefaults|-M|q35|-m|2G|-device|pcie-root-port,id="));
  g_assert_nonnull (strstr (argv, "|--device|virtio-rng-pci,bus="));
  g_assert_true (g_str_has_suffix (argv, "|-S"));
}

/* A topology by hand: one device on a bus of @name, in the form of @argument. */
static char *
emit_on_bus (const char *name, const char *argument)
{
  const char *words[] = { "-M", "q35", "-nodefaults", "-device", argument, NULL };
  const QrTarget target = { "x86_64", NULL, NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *cmdline = qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, &error);
  g_autoptr (QrRequest) request = qr_desugar (cmdline, &qr_profiles_builtin, &target, pool, &error);
  const QrMachine *machine = qr_profiles_find_machine (&qr_profiles_builtin, "q35", "x86_64");
  g_autoptr (QrTopology) topology = qr_topology_new (&qr_profiles_builtin, machine, "q35", pool);
  QrBus *bus = qr_topology_add_bus (topology, NULL, "PCIE", name);
  QrDevice *device = qr_topology_add_device (
      topology, qr_profiles_find_device (&qr_profiles_builtin, "e1000", pool), NULL, QR_ORIGIN_USER);
  const gsize *positions;
  g_auto (GStrv) argv = NULL;

  g_assert_no_error (error);
  device->opts = g_array_index (request->devices, QrDeviceRequest, 0).opts;
  device->line = g_array_index (request->devices, QrDeviceRequest, 0).line->number;
  qr_topology_choose (topology, device, bus);
  qr_topology_settle (topology, device, bus, (QrPciAddr){ 4, 0 });
  argv = qr_emit (request, topology, "qemu", &positions);
  return g_strdup (argv[5]);
}

static void
test_bus_names (void)
{
  static const struct
  {
    const char *bus, *argument, *emitted;
  } names[] = {
    { "a,b", "e1000", "e1000,bus=a,,b,addr=04.0" },
    { "a,b", "{\"driver\":\"e1000\"}", "{\"driver\":\"e1000\",\"bus\":\"a,b\",\"addr\":\"04.0\"}" },
    { "a\"b\\", "e1000", "e1000,bus=a\"b\\,addr=04.0" },
    { "a\"b\\", "{\"driver\":\"e1000\"}",
      "{\"driver\":\"e1000\",\"bus\":\"a\\\"b\\\\\",\"addr\":\"04.0\"}" },
    { "a/b", "{\"driver\":\"e1000\"} ", "{\"driver\":\"e1000\",\"bus\":\"a/b\",\"addr\":\"04.0\"} " },
    { "名", "e1000,", "e1000,bus=名,addr=04.0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *emitted = emit_on_bus (names[i].bus, names[i].argument);

      g_assert_cmpstr (emitted, ==, names[i].emitted);
    }
}

/* Four strings: 3+1, 4+1, 2+1, 4+1 bytes, their pointers and two ends. */
static void
test_size (void)
{
  const char *const argv[] = { "abc", "defg", "hi", NULL }, *const environment[] = { "A=bc", NULL };
  const gsize size = 17 + 6 * sizeof (char *);
  g_autofree char *drawn
      = g_strdup_printf ("qriser: error: the emitted line takes %" G_GSIZE_FORMAT
                         " bytes with the environment; execve takes %" G_GSIZE_FORMAT " here\n"
                         "  hint: raise the stack limit (ulimit -s), or give fewer devices\n",
                         size, size - 1);
  GError *error = NULL;

  g_assert_true (qr_emit_check_size (argv, environment, size, &error));
  g_assert_no_error (error);
  g_assert_false (qr_emit_check_size (argv, environment, size - 1, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  g_assert_cmpstr (qr_error_code (error), ==, "limit");
  test_error_is (&error, drawn);
  g_assert_true (qr_emit_check_size (argv, environment, 0, &error));
}

static void
test_word_size (void)
{
  g_autofree char *word = g_strnfill (QR_LIMIT_ARGUMENT_BYTES + 1, 'a');
  const char *const argv[] = { "qemu", word, NULL }, *const environment[] = { NULL };
  GError *error = NULL;

  word[QR_LIMIT_ARGUMENT_BYTES] = '\0';
  g_assert_true (qr_emit_check_size (argv, environment, G_MAXSIZE, &error));
  word[QR_LIMIT_ARGUMENT_BYTES] = 'a';
  g_assert_false (qr_emit_check_size (argv, environment, G_MAXSIZE, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "limit",
                   "an argument of the emitted line has 131072 bytes; Linux takes 131071 at most");
}

/* An object without a driver never comes as far as the emitter. */
static void
test_empty_object (void)
{
  GError *error = NULL;

  g_assert_null (test_plan ("qemu", "-nodefaults -M q35 -device {}", &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  g_clear_error (&error);
  g_assert_null (test_plan ("qemu", "-nodefaults -M q35 -device ,", &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/emit/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/emit/positions", test_positions);
  g_test_add_func ("/emit/ports-first", test_ports_first);
  g_test_add_func ("/emit/bus-names", test_bus_names);
  g_test_add_func ("/emit/size", test_size);
  g_test_add_func ("/emit/word-size", test_word_size);
  g_test_add_func ("/emit/empty-object", test_empty_object);
  return g_test_run ();
}
