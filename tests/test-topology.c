/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's search and its names for buses, on lines that plain QEMU was seen to treat so. */
#include "config.h"

#include "testlib.h"
#include "topology.h"

/* The bus that the device with the key gets. */
static const struct
{
  const char *name, *line, *key, *bus;
} cases[] = {
  { "ide-newest", "-device ide-hd,drive=d,id=x", "x", "ide.5" },
  { "ide-named", "-device ide-hd,drive=d,id=x,bus=ide.2", "x", "ide.2" },
  { "ahci-anonymous", "-device ich9-ahci -device ide-hd,drive=d,id=x", "x", "ide.11" },
  { "ahci-id", "-device ich9-ahci,id=a -device ide-hd,drive=d,id=x", "x", "a.5" },
  { "scsi-newest", "-device virtio-scsi-pci,id=a -device virtio-scsi-pci,id=b -device scsi-hd,drive=d,id=x", "x", "b.0" },
  { "scsi-anonymous", "-device virtio-scsi-pci -device virtio-scsi-pci -device scsi-hd,drive=d,id=x", "x", "scsi.1" },
  { "scsi-follows-port",
    "-device pcie-root-port,id=p,chassis=1 -device pcie-root-port,id=q,chassis=2 -device virtio-scsi-pci,bus=q,id=a "
    "-device virtio-scsi-pci,bus=p,id=b -device scsi-hd,drive=d,id=x", "x", "a.0" },
  { "usb-newest", "-machine usb=on -device qemu-xhci,id=u -device usb-mouse,id=x", "x", "u.0" },
  { "usb-machine", "-machine usb=on -device usb-mouse,id=x", "x", "usb-bus.0" },
  { "usb-companion-has-no-bus",
    "-device ich9-usb-ehci1,id=e -device ich9-usb-uhci1,masterbus=e.0,firstport=0 -device usb-mouse,id=x", "x", "e.0" },
  { "serial", "-device virtio-serial-pci -device virtserialport,id=x", "x", "virtio-serial-bus.0" },
  { "hda", "-device intel-hda -device hda-duplex,id=x", "x", "hda.0" },
  { "isa", "-device isa-debug-exit,id=x", "x", "isa.0" },
  { "usb-storage-makes-scsi", "-device qemu-xhci -device usb-bot,id=b -device scsi-hd,drive=d,id=x", "x", "b.0" },
  { "path-by-id", "-device pcie-root-port,id=p,chassis=1 -device edu,bus=pcie.0/p,id=x", "x", "p" },
  { "path-by-type", "-device pcie-root-port,chassis=1 -device edu,bus=pcie.0/pcie-root-port,id=x", "x", "pcie.0" },
  { "anonymous-bridge", "-device i82801b11-bridge -device edu,bus=pci.0,id=x", "x", "pci.0" },
  { "nvme-ns", "-device nvme,serial=1,id=n -device nvme-ns,drive=d,id=x", "x", "n" },
};

static void
test_bus (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat ("-nodefaults ", cases[i].line, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (test_device (plan, cases[i].key)->chosen->name, ==, cases[i].bus);
}

/* Below the anonymous port, not on the root: both buses are called pcie.0. */
static void
test_doubled_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "qemu@1", "-nodefaults -device pcie-root-port,chassis=1 -device edu,bus=pcie.0/pcie-root-port,id=x "
                "-device edu,bus=pcie.0,id=y", &error);

  g_assert_no_error (error);
  test_path_is (plan, "x", "00:01.0/00.0");
  test_path_is (plan, "y", "00:02.0");
}

/* After an expander QEMU takes its bus for devices without bus=. */
static void
test_expander_is_newest (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (test_plan ("qemu@1", "-nodefaults -device pxb-pcie,id=p,bus_nr=32 -device edu,id=x", &error));
  test_error_code (&error, QR_STATUS_REQUEST, "expander-child", "edu directly on expander \"p\"");
}

static void
test_expander_path (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "ich9@1", "-nodefaults -device pxb-pcie,id=p,bus_nr=0x20 -device pcie-root-port,id=r,bus=p -device edu,bus=r,id=x", &error);

  g_assert_no_error (error);
  test_path_is (plan, "x", "20:00.0/00.0");
}

static void
test_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "ich9@1", "-nodefaults -device edu -device edu -device edu,id=edu.1 -netdev user,id=n -device e1000,netdev=n", &error);

  g_assert_no_error (error);
  (void) test_device (plan, "edu");
  (void) test_device (plan, "edu.1");
  (void) test_device (plan, "edu.1.1");
  (void) test_device (plan, "e1000:n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/topology/bus/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_bus);
    }
  g_test_add_func ("/topology/doubled-names", test_doubled_names);
  g_test_add_func ("/topology/expander-is-newest", test_expander_is_newest);
  g_test_add_func ("/topology/expander-path", test_expander_path);
  g_test_add_func ("/topology/keys", test_keys);
  return g_test_run ();
}
