/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows as SeaBIOS 1.16.2 and OVMF 2022.11 were seen to give them. */
#include "config.h"

#include "io-space.h"
#include "testlib.h"

#define PORT(id, more) "-device pcie-root-port,id=" id ",chassis=1" more " "
#define B11 "-device i82801b11-bridge,id=b "
#define BRIDGE(id, bus, more) "-device pci-bridge,id=" id ",bus=" bus ",addr=1" more " "
#define TWO "-device rtl8139,bus=b -device rtl8139,bus=b "
#define EIGHT TWO TWO TWO TWO
#define SIXTEEN EIGHT EIGHT
#define SWITCH PORT ("p", "") "-device x3130-upstream,id=u,bus=p "
#define DOWN(n, slot) "-device xio3130-downstream,id=d" n ",bus=u,chassis=1" slot ",addr=" slot " "

static const struct
{
  const char *name, *line, *bridge; /* bridge: the one that is looked at */
  guint keeps, yields;
} cases[] = {
  { "port-empty", PORT ("p", ""), "p", 0, 0 },
  { "port-bar", PORT ("p", "") "-device e1000e,bus=p", "p", 1, 1 },
  { "port-no-bar", PORT ("p", "") "-device nvme,serial=1,bus=p", "p", 0, 0 },
  { "port-old", "-device ioh3420,id=p,chassis=1", "p", 0, 0 },
  { "port-shut", PORT ("p", ",io-reserve=0"), "p", 0, 0 },
  { "port-shut-bar", PORT ("p", ",io-reserve=0") "-device e1000e,bus=p", "p", 1, 0 },
  { "port-4k", PORT ("p", ",io-reserve=4K"), "p", 1, 0 },
  { "port-8k", PORT ("p", ",io-reserve=8K"), "p", 2, 0 },
  { "port-8k-bar", PORT ("p", ",io-reserve=8K") "-device e1000e,bus=p", "p", 2, 1 },
  { "port-12k", PORT ("p", ",io-reserve=12288"), "p", 3, 0 },
  { "port-1-byte", PORT ("p", ",io-reserve=1"), "p", 1, 0 },
  { "port-5000", PORT ("p", ",io-reserve=5000"), "p", 2, 0 },
  { "port-left-open", PORT ("p", ",io-reserve=-1"), "p", 0, 0 },
  { "virtio", PORT ("p", "") "-device virtio-net-pci,bus=p", "p", 0, 0 },
  { "virtio-both", PORT ("p", "") "-device virtio-net-pci,bus=p,disable-legacy=off", "p", 1, 1 },
  { "virtio-transitional", PORT ("p", "") "-device virtio-net-pci-transitional,bus=p", "p", 1, 1 },
  { "virtio-old-machine", "-M pc-q35-2.6 " PORT ("p", "") "-device virtio-net-pci,bus=p", "p", 1, 1 },
  { "virtio-conventional", B11 "-device virtio-net-pci,bus=b", "b", 1, 1 },
  { "virtio-conventional-modern", B11 "-device virtio-net-pci,bus=b,disable-legacy=on", "b", 0, 0 },
  { "conventional-empty", B11, "b", 0, 0 },
  { "conventional-no-bar", B11 "-device VGA,bus=b", "b", 0, 0 },
  { "conventional-1", B11 "-device rtl8139,bus=b", "b", 1, 1 },
  { "conventional-16", B11 SIXTEEN, "b", 1, 1 },
  { "conventional-17", B11 SIXTEEN "-device rtl8139,bus=b", "b", 2, 2 },
  { "shpc-empty", BRIDGE ("c", "pcie.0", ",chassis_nr=1"), "c", 1, 0 },
  { "shpc-off", BRIDGE ("c", "pcie.0", ",chassis_nr=1,shpc=off"), "c", 0, 0 },
  { "shpc-bar", BRIDGE ("c", "pcie.0", ",chassis_nr=1") "-device e1000,bus=c", "c", 1, 1 },
  { "shpc-off-bar", BRIDGE ("c", "pcie.0", ",chassis_nr=1,shpc=off") "-device e1000,bus=c", "c", 1, 1 },
  { "shpc-shut", BRIDGE ("c", "pcie.0", ",chassis_nr=1,io-reserve=0"), "c", 1, 0 },
  { "shpc-8k", BRIDGE ("c", "pcie.0", ",chassis_nr=1,io-reserve=8K"), "c", 2, 0 },
  { "shpc-off-8k", BRIDGE ("c", "pcie.0", ",chassis_nr=1,shpc=off,io-reserve=8K"), "c", 2, 0 },
  { "express-bridge", "-device pcie-pci-bridge,id=e", "e", 1, 0 },
  { "express-bridge-below", PORT ("p", "") "-device pcie-pci-bridge,id=e,bus=p", "p", 1, 0 },
  { "nested-empty", B11 BRIDGE ("c", "b", ",chassis_nr=1"), "b", 1, 0 },
  { "nested-8k", B11 BRIDGE ("c", "b", ",chassis_nr=1,io-reserve=8K"), "b", 2, 0 },
  { "nested-bars",
    B11 "-device e1000,bus=b,addr=9 " BRIDGE ("c", "b", ",chassis_nr=1") "-device e1000,bus=c "
        "-device pci-bridge,id=c2,bus=b,addr=2,chassis_nr=2 -device e1000,bus=c2",
    "b", 3, 3 },
  { "chain",
    B11 BRIDGE ("c", "b", ",chassis_nr=1") BRIDGE ("c2", "c", ",chassis_nr=2") BRIDGE ("c3", "c2", ",chassis_nr=3"),
    "b", 1, 0 },
  { "switch-empty", SWITCH DOWN ("1", "1"), "p", 0, 0 },
  { "switch", SWITCH DOWN ("1", "1") DOWN ("2", "2") DOWN ("3", "3") "-device e1000e,bus=d1 -device e1000e,bus=d2 "
    "-device e1000e,bus=d3", "p", 3, 3 },
  { "no-bridge", "-device e1000,id=n", "n", 0, 0 },
  { "expander", "-device pxb-pcie,id=x,bus_nr=9 -device pcie-root-port,id=p,bus=x,chassis=1 -device e1000e,bus=p",
    "p", 1, 1 },
  { "expander-itself", "-device pxb-pcie,id=x,bus_nr=9 -device pcie-root-port,id=p,bus=x,chassis=1 "
    "-device e1000e,bus=p", "x", 0, 0 },
};

static void
test_windows (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", cases[i].line, NULL);
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", g_strchomp (line), &error);
  const QrDevice *bridge;

  g_assert_no_error (error);
  bridge = test_device (plan, cases[i].bridge);
  g_assert_cmpuint (qr_io_windows (bridge, QR_IO_KEEPS), ==, cases[i].keeps);
  g_assert_cmpuint (qr_io_windows (bridge, QR_IO_YIELDS), ==, cases[i].yields);
}

static const struct
{
  const char *line, *key;
  guint bytes;
} functions[] = {
  { "", "ich9-ahci", 32 },
  { "", "ICH9-SMB", 64 },
  { "", "ICH9-LPC", 0 },
  { "-device rtl8139,id=n", "n", 256 },
  { "-device e1000,id=n", "n", 64 },
  { "-device nvme,serial=1,id=n", "n", 0 },
  { "-device virtio-net-pci,id=n", "n", 32 },
  { "-device virtio-net-pci,id=n,disable-legacy=on", "n", 0 },
  { "-device virtio-net-pci,id=n,disable-legacy=auto", "n", 32 },
  { "-device virtio-gpu-pci,id=n", "n", 0 },
};

static void
test_bytes (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", functions[i].line, NULL);
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", g_strchomp (line), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (qr_io_bytes (test_device (plan, functions[i].key)), ==, functions[i].bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/io-space/windows/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_windows);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autofree char *name = g_strdup_printf ("/io-space/bytes/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_bytes);
    }
  return g_test_run ();
}
