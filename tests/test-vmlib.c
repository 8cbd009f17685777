/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Tests of vmlib and of the guest's eye against plain QEMU.
 *
 * QRISER_TEST_QEMU is the QEMU to use (the first of a list separated by colons), else the one in
 * /usr/bin; QRISER_TEST_EYE is the guest kernel.  Where one is missing the tests are skipped, or
 * fail with QRISER_TEST_STRICT=1.
 *
 * Facts: hw/i386/pc_q35.c and hw/isa/lpc_ich9.c of QEMU (the functions of a bare q35), PCI ids
 * from include/hw/pci/pci_ids.h and docs/specs/pci-ids.rst.
 */

#include "vmlib.h"

#include <string.h>
#include <unistd.h>

static char *qemu;
static const char *eye;

/* Is the file there?  If not, ends the test as skipped or failed. */
static gboolean
need (const char *file, const char *name)
{
  g_autofree char *text = g_strconcat ("no ", name, NULL);

  if (file != NULL && access (file, R_OK) == 0)
    return TRUE;
  if (g_strcmp0 (g_getenv ("QRISER_TEST_STRICT"), "1") == 0)
    {
      g_test_message ("%s", text);
      g_test_fail ();
    }
  else
    g_test_skip (text);
  return FALSE;
}

static gboolean
need_all (void)
{
  return need (qemu, "qemu-system-x86_64") && need (eye, "guest-eye");
}

/* A q35 without defaults with these options. */
static char **
machine (const char *options)
{
  g_autofree char *line = g_strconcat (qemu, " -M q35 -nodefaults -nic none ", options, NULL);
  g_auto (GStrv) all = g_strsplit (line, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  char **word;

  for (word = all; *word != NULL; word++)
    if (**word != '\0')
      g_strv_builder_add (builder, *word);
  return g_strv_builder_end (builder);
}

static GPtrArray *
functions_of (const char *options)
{
  g_auto (GStrv) argv = machine (options);
  g_autoptr (GError) error = NULL;
  GPtrArray *functions = vm_qom_functions ((const char *const *) argv, &error);

  g_assert_no_error (error);
  g_assert_nonnull (functions);
  return functions;
}

static GPtrArray *
seen_of (const char *options)
{
  g_auto (GStrv) argv = machine (options);
  g_autoptr (GError) error = NULL;
  GPtrArray *seen = vm_guest_functions ((const char *const *) argv, eye, &error);

  g_assert_no_error (error);
  g_assert_nonnull (seen);
  return seen;
}

static const VmFunction *
assert_function (const GPtrArray *functions, const char *path, const char *driver, const char *id)
{
  const VmFunction *function = vm_find_function (functions, path);

  g_assert_nonnull (function);
  g_assert_cmpstr (function->driver, ==, driver);
  g_assert_cmpstr (function->id, ==, id);
  return function;
}

static const VmSeen *
assert_seen (const GPtrArray *list, const char *path, guint vendor, guint device)
{
  const VmSeen *seen = vm_find_seen (list, path);

  g_assert_nonnull (seen);
  g_assert_cmphex (seen->vendor, ==, vendor);
  g_assert_cmphex (seen->device, ==, device);
  return seen;
}

static void
test_bare (void)
{
  g_autoptr (GPtrArray) functions = NULL, seen = NULL;
  const VmFunction *lpc;
  const VmSeen *sata;

  if (!need_all ())
    return;
  functions = functions_of ("");
  g_assert_cmpuint (functions->len, ==, 4);
  assert_function (functions, "00:00.0", "mch", NULL);
  lpc = assert_function (functions, "00:1f.0", "ICH9-LPC", NULL);
  g_assert_cmpuint (lpc->devfn, ==, 0x1f << 3);
  g_assert_cmpstr (lpc->bus, ==, "pcie.0");
  g_assert_null (lpc->bridge);
  assert_function (functions, "00:1f.2", "ich9-ahci", NULL);
  assert_function (functions, "00:1f.3", "ICH9-SMB", NULL);

  seen = seen_of ("");
  g_assert_cmpuint (seen->len, ==, 4);
  assert_seen (seen, "00:00.0", 0x8086, 0x29c0);
  g_assert_true (assert_seen (seen, "00:1f.0", 0x8086, 0x2918)->multifunction);
  sata = assert_seen (seen, "00:1f.2", 0x8086, 0x2922);
  g_assert_cmphex (sata->class_code, ==, 0x010601);
  g_assert_cmpuint (sata->bus, ==, 0);
  g_assert_cmpuint (sata->devfn, ==, 0x1f << 3 | 2);
  g_assert_cmpint (sata->express, ==, -1);
  g_assert_cmpint (sata->secondary, ==, -1);
  assert_seen (seen, "00:1f.3", 0x8086, 0x2930);
}

static void
test_root_port (void)
{
  static const char options[] = "-device pcie-root-port,id=rp,addr=1c.0,chassis=1,io-reserve=4096"
                                " -device qemu-xhci,id=usb,bus=rp";
  g_autoptr (GPtrArray) functions = NULL, list = NULL;
  const VmFunction *endpoint;
  const VmSeen *port;

  if (!need_all ())
    return;
  functions = functions_of (options);
  g_assert_cmpuint (functions->len, ==, 6);
  assert_function (functions, "00:1c.0", "pcie-root-port", "rp");
  endpoint = assert_function (functions, "00:1c.0/00.0", "qemu-xhci", "usb");
  g_assert_cmpstr (endpoint->bus, ==, "rp");
  g_assert_cmpstr (endpoint->bridge, ==, "/machine/peripheral/rp");
  g_assert_cmpstr (endpoint->qom, ==, "/machine/peripheral/usb");

  list = seen_of (options);
  g_assert_cmpuint (list->len, ==, 6);
  port = assert_seen (list, "00:1c.0", 0x1b36, 0x000c);
  g_assert_cmpuint (port->header, ==, 1);
  g_assert_cmpint (port->express, ==, 4);
  g_assert_cmpint (port->secondary, ==, 1);
  g_assert_cmpint (port->subordinate, ==, 1);
  g_assert_true (port->io);
  g_assert_true (port->acs);
  g_assert_false (port->vga);
  g_assert_cmpuint (assert_seen (list, "00:1c.0/00.0", 0x1b36, 0x000d)->bus, ==, 1);
  g_assert_false (vm_find_seen (list, "00:1c.0/00.0")->acs);
}

/* A bridge in front of the only VGA card forwards VGA. */
static void
test_vga (void)
{
  g_autoptr (GPtrArray) list = NULL;

  if (!need_all ())
    return;
  list = seen_of ("-device pcie-root-port,id=a,addr=1c.0,chassis=1,multifunction=on"
                  " -device pcie-root-port,id=b,addr=1c.1,chassis=2 -device VGA,bus=b");
  g_assert_false (assert_seen (list, "00:1c.0", 0x1b36, 0x000c)->vga);
  g_assert_true (assert_seen (list, "00:1c.1", 0x1b36, 0x000c)->vga);
}

/* LEVELS of switches below a root port, with an endpoint at the end. */
static void
check_switches (guint levels)
{
  g_autoptr (GString) options = g_string_new ("-device pcie-root-port,id=d0,addr=1.0,chassis=0");
  g_autoptr (GString) path = g_string_new ("00:01.0");
  g_autoptr (GPtrArray) functions = NULL, list = NULL;
  guint i;

  for (i = 1; i <= levels; i++)
    {
      g_string_append_printf (options,
                              " -device x3130-upstream,id=u%u,bus=d%u"
                              " -device xio3130-downstream,id=d%u,bus=u%u,addr=3.1,chassis=%u"
                              " -device xio3130-downstream,id=e%u,bus=u%u,addr=3.0,chassis=%u"
                              ",multifunction=on",
                              i, i - 1, i, i, i, i, i, 100 + i);
      g_string_append (path, "/00.0/03.1");
    }
  g_string_append_printf (options, " -device edu,id=last,bus=d%u", levels);
  g_string_append (path, "/00.0");

  functions = functions_of (options->str);
  g_assert_cmpuint (functions->len, ==, 4 + 1 + 3 * levels + 1);
  assert_function (functions, path->str, "edu", "last");
  list = seen_of (options->str);
  g_assert_cmpuint (list->len, ==, functions->len);
  assert_seen (list, path->str, 0x1234, 0x11e8);
  g_assert_cmpint (assert_seen (list, "00:01.0/00.0", 0x104c, 0x8232)->express, ==, 5);
  g_assert_cmpint (assert_seen (list, "00:01.0/00.0/03.1", 0x104c, 0x8233)->express, ==, 6);
}

static void
test_switches (void)
{
  if (need_all ())
    check_switches (3);
}

static void
test_deep_switches (void)
{
  if (need_all ())
    check_switches (24);
}

/* Functions that QEMU makes and no guest finds. */
static void
check_hidden (const char *options, const char *path)
{
  g_autoptr (GPtrArray) functions = NULL, list = NULL;

  if (!need_all ())
    return;
  functions = functions_of (options);
  assert_function (functions, path, "edu", "hidden");
  list = seen_of (options);
  g_assert_null (vm_find_seen (list, path));
  g_assert_cmpuint (list->len, ==, functions->len - 1);
}

static void
test_slot_below_port (void)
{
  check_hidden ("-device pcie-root-port,id=rp,addr=1c.0,chassis=1"
                " -device edu,id=hidden,bus=rp,addr=1",
                "00:1c.0/01.0");
}

static void
test_function_without_first (void)
{
  check_hidden ("-device edu,id=hidden,addr=5.1", "00:05.1");
}

/* Expanders have their bus number in the slot path, with an id and without. */
static void
test_expanders (void)
{
  static const char options[]
    = "-device pxb-pcie,bus_nr=64,bus=pcie.0 -device pxb-pcie,id=px,bus_nr=128,bus=pcie.0"
      " -device pxb-pcie,bus_nr=160,bus=pcie.0"
      " -device pcie-root-port,id=rp,bus=px,addr=3.0,chassis=1 -device edu,id=e,bus=rp"
      " -device pcie-root-port,id=r0,bus=pxb-pcie-bus.0,chassis=2"
      " -device pcie-root-port,id=r1,bus=pxb-pcie-bus.1,chassis=3";
  g_autoptr (GPtrArray) functions = NULL, list = NULL;

  if (!need_all ())
    return;
  functions = functions_of (options);
  assert_function (functions, "00:02.0", "pxb-pcie", "px");
  g_assert_null (assert_function (functions, "80:03.0", "pcie-root-port", "rp")->bridge);
  assert_function (functions, "80:03.0/00.0", "edu", "e");
  assert_function (functions, "40:00.0", "pcie-root-port", "r0");
  assert_function (functions, "a0:00.0", "pcie-root-port", "r1");

  list = seen_of (options);
  g_assert_cmpuint (list->len, ==, functions->len);
  g_assert_cmpuint (assert_seen (list, "80:03.0", 0x1b36, 0x000c)->bus, ==, 0x80);
  g_assert_cmpuint (assert_seen (list, "80:03.0/00.0", 0x1234, 0x11e8)->bus, ==, 0x81);
  assert_seen (list, "40:00.0", 0x1b36, 0x000c);
  assert_seen (list, "a0:00.0", 0x1b36, 0x000c);
}

/* A conventional expander is a root bus with a bridge of its own. */
static void
test_conventional_expander (void)
{
  static const char options[]
    = "-M pc -device pxb,id=px,bus_nr=32,bus=pci.0 -device edu,id=e,bus=px,addr=7";
  g_autoptr (GPtrArray) functions = NULL, list = NULL;

  if (!need_all ())
    return;
  functions = functions_of (options);
  assert_function (functions, "20:00.0", "pci-bridge", NULL);
  assert_function (functions, "20:00.0/07.0", "edu", "e");
  list = seen_of (options);
  g_assert_cmpuint (list->len, ==, functions->len);
  assert_seen (list, "20:00.0/07.0", 0x1234, 0x11e8);
}

/* More than a few hundred functions. */
static void
test_many (void)
{
  g_autoptr (GString) options = g_string_new (NULL);
  g_autoptr (GPtrArray) functions = NULL, list = NULL;
  gint64 start, middle;
  guint i;

  if (!need_all ())
    return;
  for (i = 8; i < 31 * 8; i++)
    g_string_append_printf (options,
                            " -device pcie-root-port,id=r%u,addr=%x.%x,chassis=%u,slot=%u"
                            ",multifunction=on -device edu,bus=r%u",
                            i, i >> 3, i & 7, i & 0xff, i, i);
  start = g_get_monotonic_time ();
  functions = functions_of (options->str);
  middle = g_get_monotonic_time ();
  list = seen_of (options->str);
  g_test_message ("%u functions: %d ms by QOM, %d ms by the guest", functions->len,
                  (int) ((middle - start) / 1000),
                  (int) ((g_get_monotonic_time () - middle) / 1000));
  g_assert_cmpuint (functions->len, ==, 4 + 2 * 240);
  g_assert_cmpuint (list->len, ==, functions->len);
  for (i = 0; i < list->len; i++)
    g_assert_cmpstr (((const VmSeen *) g_ptr_array_index (list, i))->path, ==,
                     ((const VmFunction *) g_ptr_array_index (functions, i))->path);
}

static void
test_hmp (void)
{
  static const char *const commands[] = { "info status", "info qtree", NULL };
  g_auto (GStrv) argv = NULL, texts = NULL;
  g_autoptr (GError) error = NULL;

  if (!need (qemu, "qemu-system-x86_64"))
    return;
  argv = machine ("-device edu,id=e1");
  texts = vm_hmp ((const char *const *) argv, commands, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (texts), ==, 2);
  g_assert_nonnull (strstr (texts[0], "paused"));
  g_assert_nonnull (strstr (texts[1], "dev: edu, id \"e1\""));
}

/* A QEMU that gives up is an error that has its words. */
/* Bare defaults: QEMU's own monitor is there, and functions are found as by QMP. */
static void
test_inspect (void)
{
  static const char *const commands[] = { "info chardev", "info network", NULL };
  const char *const argv[] = { qemu, "-M", "q35", "-device", "pxb-pcie,id=x,bus_nr=128", NULL };
  g_autoptr (GPtrArray) functions = NULL, by_qmp = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) texts = NULL;

  if (!need (qemu, "qemu-system-x86_64"))
    return;
  functions = vm_inspect (argv, commands, &texts, &error);
  g_assert_no_error (error);
  by_qmp = vm_qom_functions (argv, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (texts[0], "compat_monitor0: filename=vc"));
  g_assert_true (g_str_has_prefix (texts[1], "hub 0"));
  g_assert_cmpuint (functions->len, ==, by_qmp->len);
  for (guint i = 0; i < functions->len; i++)
    {
      const VmFunction *one = g_ptr_array_index (functions, i);
      const VmFunction *other = g_ptr_array_index (by_qmp, i);

      g_assert_cmpstr (one->path, ==, other->path);
      g_assert_cmpstr (one->driver, ==, other->driver);
    }
}

static void
test_refusal (void)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL, second = NULL, third = NULL;

  if (!need_all ())
    return;
  argv = machine ("-device no-such-device");
  g_assert_null (vm_qom_functions ((const char *const *) argv, &error));
  g_assert_error (error, VM_ERROR, VM_ERROR_EXIT);
  g_assert_nonnull (strstr (error->message, "'no-such-device' is not a valid device model name"));
  g_assert_null (vm_guest_functions ((const char *const *) argv, eye, &second));
  g_assert_error (second, VM_ERROR, VM_ERROR_EXIT);
  g_assert_nonnull (strstr (second->message, "no-such-device"));
  g_assert_null (vm_hmp ((const char *const[]){ "/nonexistent/qemu", NULL },
                         (const char *const[]){ NULL }, &third));
  g_assert_error (third, VM_ERROR, VM_ERROR_START);
}

static void
test_parse (void)
{
  g_autoptr (GError) cut = NULL, bad = NULL, error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  const VmSeen *seen;

  g_assert_null (vm_parse_seen ("qriser-eye 1\n", &cut));
  g_assert_error (cut, VM_ERROR, VM_ERROR_PROTOCOL);
  g_assert_null (vm_parse_seen ("qriser-eye 1\nfn 00:00.0 00:00.0\nend 1\n", &bad));
  g_assert_error (bad, VM_ERROR, VM_ERROR_PROTOCOL);

  list = vm_parse_seen ("noise\nqriser-eye 1\n"
                        "fn 00:1c.0 00:1c.0 1b36:000c 060400 h01 m0 e4 s01-0f v1 wio a1\n"
                        "fn 00:00.0 00:00.0 8086:29c0 060000 h00 m0 e- s-- v- w- a0\nend 2\n",
                        &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  seen = g_ptr_array_index (list, 1);
  g_assert_cmpstr (seen->path, ==, "00:1c.0");
  g_assert_cmpint (seen->express, ==, 4);
  g_assert_cmpint (seen->subordinate, ==, 15);
  g_assert_true (seen->vga && seen->io && seen->acs);
}

int
main (int argc, char **argv)
{
  const char *list = g_getenv ("QRISER_TEST_QEMU");
  int result;

  g_test_init (&argc, &argv, NULL);
  if (list == NULL || list[0] == '\0')
    list = "/usr/bin/qemu-system-x86_64";
  qemu = g_strndup (list, strcspn (list, ":"));
  eye = g_getenv ("QRISER_TEST_EYE");

  g_test_add_func ("/vmlib/parse", test_parse);
  g_test_add_func ("/vmlib/bare", test_bare);
  g_test_add_func ("/vmlib/root-port", test_root_port);
  g_test_add_func ("/vmlib/vga", test_vga);
  g_test_add_func ("/vmlib/switches", test_switches);
  g_test_add_func ("/vmlib/deep-switches", test_deep_switches);
  g_test_add_func ("/vmlib/slot-below-port", test_slot_below_port);
  g_test_add_func ("/vmlib/function-without-first", test_function_without_first);
  g_test_add_func ("/vmlib/expanders", test_expanders);
  g_test_add_func ("/vmlib/conventional-expander", test_conventional_expander);
  g_test_add_func ("/vmlib/many", test_many);
  g_test_add_func ("/vmlib/hmp", test_hmp);
  g_test_add_func ("/vmlib/inspect", test_inspect);
  g_test_add_func ("/vmlib/refusal", test_refusal);
  result = g_test_run ();
  g_free (qemu);
  return result;
}
