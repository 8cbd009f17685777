/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the policies put devices: a line, and the slot path of each device in it. */
#include "config.h"

#include "place.h"
#include "testlib.h"

#include <string.h>

/* Empty ports belong to what libvirt gives; elsewhere they stand in the way here. */
static QrPlan *
plan (const char *policy, const char *line, GError **error)
{
  gboolean spare = g_str_has_prefix (policy, "libvirt");

  return test_plan_with (policy, line, (QrPlaceOptions){ FALSE, spare ? QR_SPARE_POLICY : 0 }, error);
}

/* `paths` is "KEY=PATH KEY=PATH ..."; `added` the number of ports and bridges of ours. */
static const struct
{
  const char *name, *policy, *line, *paths;
  guint added;
} cases[] = {
  { "qemu-first-free", "qemu@1", "-nodefaults -device e1000e,id=a -device e1000,id=b -device nvme,serial=1,id=c",
    "a=00:01.0 b=00:02.0 c=00:03.0", 0 },
  { "qemu-skips-fixed", "qemu@1", "-nodefaults -device e1000e,id=a -device e1000,id=b,addr=1",
    "a=00:02.0 b=00:01.0", 0 },
  { "qemu-only-function-0", "qemu@1",
    "-nodefaults -device e1000,id=a,addr=1.1 -device e1000,id=b,multifunction=on", "a=00:01.1 b=00:01.0", 0 },
  { "qemu-json-last", "qemu@1",
    "-nodefaults -device {\"driver\":\"e1000\",\"id\":\"a\"} -device e1000,id=b", "a=00:02.0 b=00:01.0", 0 },
  { "qemu-bridge-slot-0", "qemu@1",
    "-nodefaults -device i82801b11-bridge,id=p -device e1000,bus=p,id=a -device e1000,bus=p,id=b",
    "a=00:01.0/00.0 b=00:01.0/01.0", 0 },
  { "qemu-usb-machine", "qemu@1", "-nodefaults -machine q35,usb=on -device usb-mouse -device e1000,id=a",
    "a=00:01.0 ich9-usb-ehci1=00:1d.7 ich9-usb-uhci3=00:1d.2", 0 },
  { "user-other-bridge-at-1e", "ich9@1", "-nodefaults -device pci-bridge,id=p,addr=1e.0,chassis_nr=1 -device edu,id=a",
    "a=00:1e.0/00.0", 0 },
  { "qemu-amd-iommu", "qemu@1", "-nodefaults -device e1000,id=a -device amd-iommu -device e1000,id=b",
    "a=00:01.0 AMDVI-PCI=00:02.0 b=00:03.0", 0 },
  { "endpoints", "ich9@1", "-nodefaults -device virtio-rng-pci,id=a -device nvme,serial=1,id=b",
    "a=00:1c.0/00.0 b=00:1c.1/00.0 rp-1c.0=00:1c.0", 2 },
  { "conventional", "ich9@1", "-nodefaults -device rtl8139,id=a -device edu,id=b",
    "a=00:1e.0/00.0 b=00:1e.0/01.0 pci-1e.0=00:1e.0", 1 },
  { "failover", "ich9@1", "-nodefaults -device virtio-net-pci,failover=on,id=f -device e1000e,failover_pair_id=f,id=g",
    "f=00:1c.1/00.0 g=00:1c.0/00.0", 2 },
  { "lan", "ich9@1", "-nodefaults -device e1000e,id=a -device e1000e,id=b -device e1000,id=c",
    "a=00:19.0 b=00:1c.0/00.0 c=00:1e.0/00.0", 2 },
  { "lan-keeps-its-place", "ich9@1", "-nodefaults -device e1000,id=a,addr=19 -device e1000e,id=b",
    "a=00:19.0 b=00:1c.0/00.0", 1 },
  { "audio", "ich9@1", "-nodefaults -device ich9-intel-hda,id=a -device ich9-intel-hda,id=b",
    "a=00:1b.0 b=00:1e.0/00.0", 1 },
  { "sata-made", "ich9@1", "-nodefaults -machine q35,sata=off -device ich9-ahci,id=a -device ahci,id=b",
    "a=00:1f.2 b=00:1f.5", 0 },
  { "rooted", "ich9@1", "-nodefaults -device virtio-net-pci,id=v -device edu,id=e -smbios type=41,pcidev=v,designation=x -device edu,id=f",
    "v=00:04.0 e=00:1e.0/00.0 f=00:1e.0/01.0", 1 },
  { "rooted-bus", "ich9@1", "-nodefaults -device pcie-root-port,id=p,chassis=1 -device nvme,serial=1,id=v,bus=p -smbios type=41,pcidev=v",
    "p=00:1c.1 v=00:1c.1/00.0", 1 },
  { "rooted-libvirt", "libvirt@1", "-nodefaults -device virtio-net-pci,id=v -smbios type=41,pcidev=v", "v=00:01.0/00.0", 2 },
  { "virtual-functions", "qemu@1", "-nodefaults -device e1000,addr=10 -device igb,id=g -device e1000,addr=13 "
    "-device edu,id=a -device igb,id=h", "g=00:01.0 a=00:02.0 h=00:04.0", 0 },
  { "virtual-functions-port", "ich9@1", "-nodefaults -device igb,id=g -device nvme,serial=1,id=n,sriov_max_vfs=2 -device edu,id=e",
    "g=00:1c.0/00.0 n=00:1c.1/00.0", 3 },
  { "old-virtio", "ich9@1", "-nodefaults -machine pc-q35-2.6 -device virtio-rng-pci,id=a -device pvscsi,id=b",
    "a=00:1e.0/00.0 b=00:1c.0/00.0", 2 },
  { "old-pvscsi", "ich9@1", "-nodefaults -machine pc-q35-2.5 -device vmxnet3,id=a -device qemu-xhci,id=b",
    "a=00:1e.0/00.0 b=00:1c.0/00.0", 2 },
  { "second-sata", "ich9@1", "-nodefaults -device ich9-ahci,id=a -device ahci,id=b",
    "a=00:1f.5 b=00:1e.0/00.0", 1 },
  { "vga-alone-express", "ich9@1", "-nodefaults -device virtio-vga,id=a", "a=00:01.0/00.0 peg-01.0=00:01.0", 1 },
  { "vga-alone-conventional", "ich9@1", "-nodefaults -device VGA,id=a", "a=00:1e.0/00.0", 1 },
  { "vga-several-express-first", "ich9@1", "-nodefaults -device virtio-vga,id=a -device VGA,id=b",
    "a=00:01.0/00.0 b=00:1e.0/00.0", 2 },
  { "vga-several-conventional-first", "ich9@1", "-nodefaults -device VGA,id=a -device virtio-vga,id=b",
    "a=00:01.0 b=00:1c.0/00.0", 1 },
  { "display-without-vga", "ich9@1", "-nodefaults -device virtio-gpu-pci,id=a -device bochs-display,id=b",
    "a=00:01.0/00.0 b=00:1c.0/00.0", 2 },
  { "qxl-is-no-vga", "ich9@1", "-nodefaults -device qxl,id=a -device bochs-display,id=b",
    "a=00:1e.0/00.0 b=00:01.0/00.0", 2 },
  { "integrated", "ich9@1", "-nodefaults -device virtio-iommu-pci,id=a -device pxb-pcie,id=b,bus_nr=64",
    "a=00:04.0 b=00:05.0", 0 },
  { "legacy-virtio", "ich9@1", "-nodefaults -device virtio-blk-pci,drive=d,disable-legacy=off,id=a",
    "a=00:1e.0/00.0", 1 },
  { "modern-off", "ich9@1", "-nodefaults -device virtio-rng-pci,disable-modern=on,id=a -device virtio-rng-pci,disable-modern=off,id=b "
    "-device virtio-rng-pci,disable-modern,id=c -device {\"driver\":\"virtio-rng-pci\",\"disable-modern\":true,\"id\":\"d\"}",
    "a=00:1e.0/00.0 b=00:1c.0/00.0 c=00:1e.0/01.0 d=00:1e.0/02.0", 2 },
  { "modern-off-wide", "ich9-wide@1", "-nodefaults -device virtio-rng-pci,disable-modern=y,id=a", "a=00:1e.0/00.0", 1 },
  { "transitional", "ich9@1", "-nodefaults -device virtio-rng-pci-transitional,id=a", "a=00:1e.0/00.0", 1 },
  { "usb-set", "ich9@1",
    "-nodefaults -device ich9-usb-ehci1,id=e -device ich9-usb-uhci1,multifunction=on,id=a "
    "-device ich9-usb-uhci2,id=b -device ich9-usb-uhci3,id=c",
    "e=00:1d.7 a=00:1d.0 b=00:1d.1 c=00:1d.2", 0 },
  { "usb-set-2", "ich9@1",
    "-nodefaults -device ich9-usb-ehci2,id=e -device ich9-usb-uhci4,multifunction=on,id=a "
    "-device ich9-usb-uhci5,id=b -device ich9-usb-uhci6,id=c",
    "e=00:1a.7 a=00:1a.0 b=00:1a.1 c=00:1a.2", 0 },
  { "ehci-alone", "ich9@1", "-nodefaults -device ich9-usb-ehci1,id=e", "e=00:1d.0", 0 },
  { "uhci-closes-its-slot", "ich9@1", "-nodefaults -device ich9-usb-uhci1,id=a -device ich9-usb-uhci2,id=b",
    "a=00:1d.0 b=00:1e.0/00.0", 1 },
  { "user-port", "ich9@1", "-nodefaults -device pcie-root-port,id=p,multifunction=on -device nvme,serial=1,bus=p,id=a",
    "p=00:1c.0 a=00:1c.0/00.0", 0 },
  { "user-port-single-function", "ich9@1", "-nodefaults -device pcie-root-port,id=p", "p=00:1c.1 rp-1c.0=00:1c.0", 1 },
  { "user-port-is-his-own", "ich9@1", "-nodefaults -device pcie-root-port,id=p,multifunction=on -device nvme,serial=1,id=a",
    "p=00:1c.0 a=00:1c.1/00.0", 1 },
  { "user-port-fixed-closes-1c", "ich9@1", "-nodefaults -device pcie-root-port,id=p,addr=1c -device nvme,bus=p,serial=1,id=a",
    "p=00:1c.0 a=00:1c.0/00.0", 0 },
  { "user-bridge", "ich9@1", "-nodefaults -device i82801b11-bridge,id=p -device e1000,id=a -device edu,id=b",
    "p=00:1e.0 a=00:19.0 b=00:1e.0/00.0", 0 },
  { "user-bridge-elsewhere", "ich9@1", "-nodefaults -device i82801b11-bridge,id=p,addr=5 -device edu,id=b",
    "p=00:05.0 b=00:1e.0/00.0", 1 },
  { "user-conventional-bridge", "ich9@1",
    "-nodefaults -device pci-bridge,id=p,chassis_nr=1 -device edu,id=b,bus=p", "p=00:1e.0/00.0 b=00:1e.0/00.0/00.0", 1 },
  { "user-express-bridge", "ich9@1", "-nodefaults -device pcie-pci-bridge,id=p -device edu,id=b,bus=p",
    "p=00:1c.0/00.0 b=00:1c.0/00.0/00.0", 1 },
  { "user-switch", "ich9@1",
    "-nodefaults -device x3130-upstream,id=u -device xio3130-downstream,id=d,bus=u,chassis=9 "
    "-device xio3130-downstream,id=e,bus=u,chassis=10 -device nvme,serial=1,bus=d,id=a",
    "u=00:1c.0/00.0 d=00:1c.0/00.0/00.0 e=00:1c.0/00.0/01.0 a=00:1c.0/00.0/00.0/00.0", 1 },
  { "bus-alone", "ich9@1", "-nodefaults -device edu,id=a,bus=pcie.0 -device nvme,serial=1,id=b,bus=pcie.0",
    "a=00:04.0 b=00:05.0", 0 },
  { "bus-alone-chipset-part", "ich9@1", "-nodefaults -device ich9-intel-hda,id=a,bus=pcie.0", "a=00:1b.0", 0 },
  { "bus-alone-second-function", "ich9@1",
    "-nodefaults -device pcie-root-port,id=p,addr=4 -device nvme,serial=1,bus=p,id=a,multifunction=on "
    "-device nvme,serial=2,bus=p,id=b", "a=00:04.0/00.0 b=00:04.0/00.1", 0 },
  { "addr-alone", "ich9@1", "-nodefaults -device nvme,serial=1,id=a,addr=7", "a=00:07.0", 0 },
  { "all-given", "ich9@1", "-nodefaults -device nvme,serial=1,id=a,bus=pcie.0,addr=1 -device edu,id=b,bus=pcie.0,addr=2",
    "a=00:01.0 b=00:02.0", 0 },
  { "fixed-first", "ich9@1", "-nodefaults -device virtio-rng-pci,id=a -device edu,id=b,addr=1c.0,multifunction=on",
    "a=00:1c.1/00.0 b=00:1c.0", 1 },
  { "added-beside-fixed", "ich9@1", "-nodefaults -device virtio-vga,id=a -device edu,id=b,addr=1.1",
    "a=00:01.0/00.0 b=00:01.1", 1 },
  { "id-taken", "ich9@1", "-nodefaults -device virtio-rng-pci,id=rp-1c.0", "rp-1c.0=00:1c.0/00.0 rp-1c.0-1=00:1c.0", 1 },
  { "amd-iommu-after-ports", "ich9@1", "-nodefaults -device amd-iommu -device virtio-vga,id=a",
    "AMDVI-PCI=00:02.0 a=00:01.0/00.0", 1 },
  { "closed-slot", "ich9@1", "-nodefaults -device pcie-root-port,id=r,addr=1c.0 -device virtio-rng-pci,id=a",
    "a=00:04.0/00.0 rp-04.0=00:04.0", 1 },
  { "bridge-comes-later", "ich9@1", "-nodefaults -device edu,id=a -device i82801b11-bridge,id=b",
    "a=00:1c.0/00.0/01.0 b=00:1e.0 rp-1c.0=00:1c.0 pci-1c.0=00:1c.0/00.0", 2 },
  { "bridge-comes-later-json", "ich9@1", "-nodefaults -device {\"driver\":\"i82801b11-bridge\",\"id\":\"b\"} -device edu,id=a",
    "a=00:1c.0/00.0/01.0 b=00:1e.0", 2 },
  { "libvirt-nothing", "libvirt@1", "-nodefaults", "mch=00:00.0", 0 },
  { "libvirt-endpoint", "libvirt@1", "-nodefaults -device virtio-net-pci,id=a",
    "a=00:01.0/00.0 pci.1=00:01.0 pci.2=00:01.1", 2 },
  { "libvirt-classes", "libvirt@1",
    "-nodefaults -device virtio-rng-pci,id=r -device virtio-balloon-pci,id=m -device virtio-blk-pci,drive=d,id=b "
    "-device qemu-xhci,id=u -device virtio-net-pci,id=n -device virtio-9p-pci,id=f,fsdev=x,mount_tag=y",
    "f=00:01.0/00.0 n=00:01.1/00.0 u=00:01.2/00.0 b=00:01.3/00.0 m=00:01.4/00.0 r=00:01.5/00.0 pci.7=00:01.6", 7 },
  { "libvirt-bridge-first", "libvirt@1", "-nodefaults -device virtio-net-pci,id=a -device rtl8139,id=b",
    "pci.3=00:01.0/00.0 b=00:01.0/00.0/01.0 a=00:01.1/00.0 pci.4=00:01.2", 4 },
  { "libvirt-display", "libvirt@1", "-nodefaults -device qxl-vga,id=v -device qemu-xhci,id=u -device qxl,id=w",
    "v=00:01.0 pci.3=00:02.0/00.0 w=00:02.0/00.0/01.0 u=00:02.1/00.0", 4 },
  { "libvirt-ramfb", "libvirt@1", "-nodefaults -device ramfb -device bochs-display,id=v", "v=00:01.0/00.0", 2 },
  { "libvirt-chipset", "libvirt@1", "-nodefaults -device ich9-intel-hda,id=a -device ich9-intel-hda,id=b",
    "a=00:1b.0 b=00:01.0/00.0/01.0", 3 },
  { "libvirt-usb-sets", "libvirt@1",
    "-nodefaults -device ich9-usb-ehci1,id=a -device ich9-usb-uhci1,masterbus=a.0,id=b "
    "-device ich9-usb-ehci1,id=c -device ich9-usb-uhci1,masterbus=c.0,id=d -device ich9-usb-uhci2,masterbus=c.0,id=e "
    "-device ich9-usb-ehci1,id=f -device ich9-usb-uhci1,masterbus=f.0,id=g -device ich9-usb-uhci3,masterbus=f.0,id=h",
    "a=00:1d.7 b=00:1d.0 c=00:1a.7 d=00:1a.0 e=00:1a.1 f=00:01.0/00.0/01.7 g=00:01.0/00.0/01.0 h=00:01.0/00.0/01.2", 3 },
  { "libvirt-integrated", "libvirt@1", "-nodefaults -device virtio-iommu-pci,id=i", "i=00:01.0", 0 },
  { "libvirt-integrated-last", "libvirt@1", "-nodefaults -device virtio-iommu-pci,id=i -device nvme,serial=1,id=a",
    "a=00:01.0/00.0 i=00:02.0", 2 },
  { "libvirt-users-port", "libvirt@1", "-nodefaults -device pcie-root-port,id=p,chassis=9 -device nvme,serial=1,bus=p,id=a",
    "p=00:01.0 a=00:01.0/00.0", 0 },
  { "assigned-unread", "ich9@1", "-nodefaults -device vfio-pci,host=0000:01:00.0,id=a", "a=00:1c.0/00.0", 1 },
};

static void
test_place (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) made = plan (cases[i].policy, cases[i].line, &error);
  g_auto (GStrv) paths = g_strsplit (cases[i].paths, " ", -1);

  g_assert_no_error (error);
  for (char **path = paths; *path != NULL; path++)
    {
      g_auto (GStrv) pair = g_strsplit (*path, "=", 2);

      test_path_is (made, pair[0], pair[1]);
    }
  g_assert_cmpuint (made->topology->added->len, ==, cases[i].added);
}

/* --- overflow ------------------------------------------------------------------------------- */

/* `count` devices with ids d0, d1, ...; and where some of them go. */
static const struct
{
  const char *name, *policy, *before, *device;
  guint count;
  const char *paths;
  guint added;
} overflows[] = {
  { "ports-are-enough", "ich9@1", "", "virtio-rng-pci", 7, "d0=00:1c.0/00.0 d6=00:1c.6/00.0", 7 },
  { "switch", "ich9@1", "", "virtio-rng-pci", 8,
    "d6=00:1c.6/00.0 rp-1c.7=00:1c.7 sw-1c.7=00:1c.7/00.0 dp-1c.7-00=00:1c.7/00.0/00.0 "
    "d7=00:1c.7/00.0/00.0/00.0", 10 },
  { "switch-full", "ich9@1", "", "virtio-rng-pci", 38, "dp-1c.7-1e=00:1c.7/00.0/1e.0 d37=00:1c.7/00.0/1e.0/00.0", 40 },
  { "switch-in-switch", "ich9@1", "", "virtio-rng-pci", 39,
    "dp-1c.7-1f=00:1c.7/00.0/1f.0 sw-1c.7-1f=00:1c.7/00.0/1f.0/00.0 "
    "d38=00:1c.7/00.0/1f.0/00.0/00.0/00.0", 43 },
  { "switches", "ich9@1", "", "virtio-rng-pci", 230,
    "d229=00:1c.7/00.0/1f.0/00.0/1f.0/00.0/1f.0/00.0/1f.0/00.0/1f.0/00.0/1f.0/00.0/1f.0/00.0/05.0/00.0", 246 },
  { "with-iommu", "ich9@1", "-device intel-iommu", "virtio-rng-pci", 8, "d6=00:1c.6/00.0 d7=00:04.0/00.0", 8 },
  { "with-iommu-wide", "ich9@1", "-device intel-iommu", "virtio-rng-pci", 175,
    "d14=00:04.7/00.0 d15=00:05.0/00.0 d174=00:18.7/00.0", 175 },
  { "with-iommu-switch", "ich9@1", "-device intel-iommu", "virtio-rng-pci", 176, "d175=00:1c.7/00.0/00.0/00.0", 178 },
  { "with-virtio-iommu", "ich9@1", "-device virtio-iommu-pci,id=i", "virtio-rng-pci", 8,
    "i=00:04.0 d7=00:05.0/00.0", 8 },
  { "wide", "ich9-wide@1", "", "virtio-rng-pci", 9, "d7=00:04.0/00.0 d8=00:04.1/00.0", 9 },
  { "bridge-is-enough", "ich9@1", "", "edu", 31, "d30=00:1e.0/1e.0", 1 },
  { "second-bridge", "ich9@1", "", "edu", 33,
    "pci-1e.0-1f=00:1e.0/1f.0 d31=00:1e.0/1f.0/01.0 d32=00:1e.0/1f.0/02.0", 2 },
  { "third-bridge", "ich9@1", "", "edu", 70,
    "d60=00:1e.0/1f.0/1e.0 pci-1e.0-1f-1f=00:1e.0/1f.0/1f.0 d61=00:1e.0/1f.0/1f.0/01.0", 3 },
  { "bridge-taken", "ich9@1", "-device nvme,serial=1,addr=1e.0", "edu", 31,
    "pci-1c.0=00:1c.0/00.0 d0=00:1c.0/00.0/01.0 d29=00:1c.0/00.0/1e.0 d30=00:1c.1/00.0/01.0", 4 },
  { "users-bridge-full", "ich9@1", "-device i82801b11-bridge,id=b", "edu", 32,
    "b=00:1e.0 d30=00:1e.0/1e.0 d31=00:1c.0/00.0/01.0", 2 },
  { "libvirt-many", "libvirt@1", "", "nvme,serial=1", 9, "d7=00:01.7/00.0 d8=00:02.0/00.0 pci.10=00:02.1", 10 },
  { "libvirt-second-bridge", "libvirt@1", "", "edu", 32,
    "pci.3=00:01.0/00.0/01.0 d0=00:01.0/00.0/02.0 d29=00:01.0/00.0/1f.0 d30=00:01.0/00.0/01.0/01.0", 4 },
  { "root-ports", "ich9@1", "", "pcie-root-port", 8, "d0=00:1c.1 d5=00:1c.6 d6=00:04.0 d7=00:05.0", 1 },
};

static void
test_overflow (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GString *line = g_string_new ("-nodefaults ");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) made = NULL;
  g_auto (GStrv) paths = g_strsplit (overflows[i].paths, " ", -1);

  g_string_append (line, overflows[i].before);
  for (guint n = 0; n < overflows[i].count; n++)
    g_string_append_printf (line, "%s-device %s,id=d%u", line->str[line->len - 1] == ' ' ? "" : " ",
                            overflows[i].device, n);
  made = plan (overflows[i].policy, line->str, &error);
  g_assert_no_error (error);
  for (char **path = paths; *path != NULL; path++)
    {
      g_auto (GStrv) pair = g_strsplit (*path, "=", 2);

      test_path_is (made, pair[0], pair[1]);
    }
  g_assert_cmpuint (made->topology->added->len, ==, overflows[i].added);
  g_string_free (line, TRUE);
}

/* More than the policy's last home takes; what holds it is shown. */
static void
test_full (void)
{
  GString *line = g_string_new ("-nodefaults");
  g_autoptr (GError) error = NULL;
  QrPlan *plan;

  for (guint i = 0; i < 23; i++)
    g_string_append_printf (line, " -device pxb-pcie,bus_nr=%u", 8 * i + 64);
  plan = test_plan ("ich9@1", line->str, &error);
  g_assert_null (plan);
  test_error_is (&error, "qriser: error: no place is left for 2 of 23 functions: home \"free-slots\" of policy ich9@1 "
                         "is full: held by pxb-pcie, "
                         "pxb-pcie.1, pxb-pcie.2, pxb-pcie.3, pxb-pcie.4, pxb-pcie.5, pxb-pcie.6, pxb-pcie.7 and 13 more\n"
                         "  argument 45: pxb-pcie,bus_nr=232\n"
                         "               ^~~~~~~~~~~~~~~~~~~\n"
                         "  the first that is there:\n"
                         "  argument 3: pxb-pcie,bus_nr=64\n"
                         "              ^~~~~~~~~~~~~~~~~~\n"
                         "  hint: give bus= and addr= for some, with ports or bridges of your own, or use --policy=qemu@1\n");
  g_string_free (line, TRUE);
}

/* libvirt counts the empty port with the others: it takes 239 endpoints, and refuses 240. */
static void
test_full_with_spare (void)
{
  static const struct
  {
    guint endpoints;
    int spare;
    gboolean fits;
  } counts[] = { { 239, QR_SPARE_POLICY, TRUE }, { 240, QR_SPARE_POLICY, FALSE }, { 240, 0, TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      GString *line = g_string_new ("-nodefaults");
      g_autoptr (GError) error = NULL;
      g_autoptr (QrPlan) made = NULL;

      for (guint n = 0; n < counts[i].endpoints; n++)
        g_string_append (line, " -device virtio-rng-pci");
      made = test_plan_with ("libvirt@1", line->str, (QrPlaceOptions){ FALSE, counts[i].spare, NULL }, &error);
      g_string_free (line, TRUE);
      if (counts[i].fits)
        g_assert_no_error (error);
      else
        test_error_code (&error, QR_STATUS_REQUEST, "no-place", "for 1 of the ports that policy libvirt@1 makes");
    }
}

static void
test_two_claims (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (test_plan ("ich9@1", "-nodefaults -device edu,addr=5 -device e1000,id=x,addr=5.0", &error));
  test_error_is (&error, "qriser: error: e1000 \"x\" and edu both claim 05.0 on bus \"pcie.0\"\n"
                         "  argument 5: e1000,id=x,addr=5.0\n"
                         "                              ^~~\n"
                         "  the other claim:\n"
                         "  argument 3: edu,addr=5\n"
                         "              ^~~~~~~~~~\n"
                         "  hint: give one of them another addr=, or none and qriser finds a place\n");
}

/* Numbers follow from the place; what the user has taken is left to him. */
static void
test_numbers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "ich9@1", "-nodefaults -device pcie-root-port,id=p,addr=4,chassis=224,slot=224 -device nvme,serial=1 "
                "-device pcie-root-port,id=q", &error);
  const QrDevice *ours, *his;

  g_assert_no_error (error);
  ours = test_device (plan, "rp-1c.0");
  g_assert_cmpuint (ours->chassis, ==, 223);
  g_assert_cmpuint (ours->physical_slot, ==, 224);
  g_assert_cmpuint (ours->port, ==, 224);
  his = test_device (plan, "q");
  g_assert_true (his->numbered);
  g_assert_cmpuint (his->chassis, ==, 225);
  g_assert_false (test_device (plan, "p")->numbered);
}

static void
test_io (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "ich9@1", "-nodefaults -device e1000e,addr=19 -device e1000e -device nvme,serial=1 -device pcie-pci-bridge "
                "-device virtio-rng-pci,disable-legacy=off,qriser.behind=1c.4 "
                "-device virtio-rng-pci,disable-legacy=on,qriser.behind=1c.5", &error);

  g_assert_no_error (error);
  g_assert_false (test_device (plan, "rp-1c.0")->no_io);
  g_assert_true (test_device (plan, "rp-1c.1")->no_io);
  g_assert_false (test_device (plan, "rp-1c.2")->no_io);
  g_assert_false (test_device (plan, "rp-1c.4")->no_io);
  g_assert_true (test_device (plan, "rp-1c.5")->no_io);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/place/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_place);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (overflows); i++)
    {
      g_autofree char *name = g_strdup_printf ("/place/overflow/%s", overflows[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_overflow);
    }
  g_test_add_func ("/place/full", test_full);
  g_test_add_func ("/place/full-with-spare", test_full_with_spare);
  g_test_add_func ("/place/two-claims", test_two_claims);
  g_test_add_func ("/place/numbers", test_numbers);
  g_test_add_func ("/place/io-reserve", test_io);
  return g_test_run ();
}
