/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line asks for, and what is refused by name because it is not explicit yet. */
#include "config.h"

#include "desugar.h"
#include "testlib.h"

/* code NULL: the line is taken. */
static const struct
{
  const char *name, *line, *code, *message;
} cases[] = {
  { "nodefaults", "-nodefaults", NULL, NULL },
  { "defaults-off", "-vga none -nic none", NULL, NULL },
  { "default-vga", "-nic none", "default-device", "QEMU would add its default display adapter" },
  { "default-vga-off-by-driver", "-nic none -device virtio-vga", NULL, NULL },
  { "default-vga-stays-with-gpu", "-nic none -device virtio-gpu-pci", "default-device", "display adapter" },
  { "default-nic", "-vga none", "default-device", "QEMU would add its default network adapter" },
  { "default-nic-stays-with-device", "-vga none -device e1000", "default-device", "network adapter" },
  { "default-nic-off-by-netdev", "-vga none -netdev user,id=n", NULL, NULL },
  { "empty", "-m 1G", "default-device", "display adapter" },
  { "vga", "-nodefaults -vga std", "not-expanded", "option \"-vga\" could make a PCI device" },
  { "vga-none", "-nodefaults -vga none", NULL, NULL },
  { "nic", "-nodefaults -nic user", "not-expanded", "\"-nic\"" },
  { "nic-none", "-nodefaults -nic none", NULL, NULL },
  { "net-nic", "-nodefaults -net nic", "not-expanded", "\"-net\"" },
  { "net-user", "-nodefaults -net user", NULL, NULL },
  { "usb", "-nodefaults --usb", "not-expanded", "\"--usb\"" },
  { "usbdevice", "-nodefaults -usbdevice tablet", "not-expanded", "\"-usbdevice\"" },
  { "virtfs", "-nodefaults -virtfs local,path=/,mount_tag=t,security_model=none", "not-expanded", "\"-virtfs\"" },
  { "audio-model", "-nodefaults -audio none,model=hda", "not-expanded", "\"-audio\"" },
  { "audio", "-nodefaults -audio none", NULL, NULL },
  { "drive-virtio", "-nodefaults -drive file=x,if=virtio", "not-expanded", "\"-drive\"" },
  { "drive-none", "-nodefaults -drive file=x,if=none,id=d", NULL, NULL },
  { "drive-comma", "-nodefaults -drive file=x,,if=virtio,if=none", NULL, NULL },
  { "drive-bytes", "-nodefaults -drive file=/\xff\xfe,if=none", NULL, NULL },
  { "readconfig", "-nodefaults -readconfig f", "not-expanded", "\"-readconfig\"" },
  { "set", "-nodefaults -set device.x.addr=5", "not-expanded", "\"-set\"" },
  { "global-addr", "-nodefaults -global e1000.addr=5", "not-expanded", "a global \"addr\" decides where devices go" },
  { "global-addr-long", "-nodefaults -global driver=e1000,property=addr,value=5", "not-expanded", "a global \"addr\"" },
  { "global-legacy", "-nodefaults -global virtio-net-pci.disable-legacy=off", "not-expanded", "a global \"disable-legacy\"" },
  { "default-vga-off-by-global", "-nic none -global VGA.vgamem_mb=32", NULL, NULL },
  { "default-vga-off-by-long-global", "-nic none -global driver=VGA,property=vgamem_mb,value=32", NULL, NULL },
  { "cpu-help-not-last", "-nodefaults -cpu help -cpu qemu64", NULL, NULL },
  { "vga-help-not-last", "-nodefaults -vga help -vga none", "not-expanded", "\"-vga\"" },
  { "json-help", "-nodefaults -device {\"driver\":\"help\"}", "unknown-device", "no device type is called \"help\"" },
  { "nic-help", "-nodefaults -nic none,help", NULL, NULL },
  { "d-help-not-last", "-nodefaults -d help -d guest_errors", NULL, NULL },
  { "accel-help-in-list", "-nodefaults -accel tcg,thread=single,help", NULL, NULL },
  { "global", "-nodefaults -global e1000.mac=52:54:00:12:34:56", NULL, NULL },
  { "accel-xen", "-nodefaults -accel kvm,xen-version=0x40011", "not-expanded", "\"-accel\"" },
  { "accel", "-nodefaults -accel tcg", NULL, NULL },
  { "machine-bare-word", "-nodefaults -machine q35,usb", "option-syntax", "expected \"=\" after \"usb\"" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", cases[i].line, &error);

  g_assert_cmpint (plan != NULL, ==, cases[i].code == NULL);
  if (cases[i].code == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (plan->topology);
    }
  else
    test_error_code (&error, QR_STATUS_REQUEST, cases[i].code, cases[i].message);
}

static const char *const informing[]
    = { "-version",          "--version",   "-h",          "-help",     "-M help",       "-machine help",
        "-device help",      "-device ?",   "-cpu help",   "-accel help", "-device e1000,help",
        "-nodefaults -device e1000 -version", "-netdev help", "-device driver=help", "-M q35,help -M pc",
        "-cpu qemu64 -cpu help", "-object rng-random,help" };

static void
test_informs (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", data, &error);
  g_autofree char *words = NULL, *expected = NULL;

  g_assert_no_error (error);
  g_assert_null (plan->topology);
  words = g_strjoinv (" ", plan->argv);
  expected = g_strconcat ("qemu ", (const char *) data, NULL);
  g_assert_cmpstr (words, ==, expected);
  g_assert_cmpstr (plan->seccomp, ==, "off");
}

/* "help" as somebody's value is not a call for help. */
static void
test_no_help (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", "-nodefaults -name help -device edu,id=help -drive if=none,file=help", &error);

  g_assert_no_error (error);
  g_assert_nonnull (plan->topology);
}

/* Strings in their order, then JSON in its order. */
static void
test_creation_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "qemu@1", "-nodefaults -device {\"driver\":\"edu\",\"id\":\"j1\"} -device edu,id=s1 "
                "-device {\"driver\":\"edu\",\"id\":\"j2\"} -device edu,id=s2", &error);

  g_assert_no_error (error);
  test_path_is (plan, "s1", "00:01.0");
  test_path_is (plan, "s2", "00:02.0");
  test_path_is (plan, "j1", "00:03.0");
  test_path_is (plan, "j2", "00:04.0");
}

/* Several -machine are one; the last value wins, "_" equals "-". */
static void
test_machine_merges (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", "-nodefaults -M pc -machine usb=on -M type=q35,smbus=off -machine usb=off", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->topology->machine_type, ==, "q35");
  g_assert_null (g_hash_table_lookup (plan->topology->by_key, "ich9-usb-ehci1"));
  g_assert_null (g_hash_table_lookup (plan->topology->by_key, "ICH9-SMB"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (informing); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/informs/%s", informing[i]);

      g_test_add_data_func (name, informing[i], test_informs);
    }
  g_test_add_func ("/desugar/no-help", test_no_help);
  g_test_add_func ("/desugar/creation-order", test_creation_order);
  g_test_add_func ("/desugar/machine-merges", test_machine_merges);
  return g_test_run ();
}
