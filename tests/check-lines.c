/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check-lines.h"

#define PORT "-device pcie-root-port,id=p,addr=4,chassis=1 "
#define NO_IO "-device pcie-root-port,id=p,addr=4,chassis=1,io-reserve=0 "
#define TWO_PORTS PORT "-device pcie-root-port,id=r,addr=5,chassis=2 -device virtio-rng-pci,bus=p,addr=0 -device virtio-rng-pci,bus=r,addr=0"
#define EXPANDER(number) " -device pxb-pcie,id=x,bus_nr=" number " -device pcie-root-port,id=y,bus=x,chassis=9 -device virtio-rng-pci,bus=y"
#define IOMMU "-device intel-iommu "
#define SWITCH PORT "-device x3130-upstream,id=u,bus=p "
#define DOWNSTREAM_2 "-device xio3130-downstream,bus=u,id=d,chassis=2 -device xio3130-downstream,bus=u,id=e,chassis=3 "

/* The first of these goes to the root complex, each other one behind a port of its own. */
#define NICS_5 "-device e1000e -device e1000e -device e1000e -device e1000e -device e1000e"
#define NICS_15 NICS_5 " " NICS_5 " " NICS_5
/* Each keeps a window for what may be plugged in. */
#define BRIDGE "-device pci-bridge,chassis_nr=1,bus=pcie.0"
#define BRIDGES_14 BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " \
  BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE " " BRIDGE

const CheckCase check_cases[] = {
  { "multifunction-missing", "-device edu,addr=4 -device edu,addr=4.1",
    "-device edu,addr=4,multifunction=on -device edu,addr=4.1", FALSE, TRUE },
  { "root-only", PORT "-device virtio-iommu-pci,bus=p", "-device virtio-iommu-pci,bus=pcie.0", FALSE, TRUE },
  { "expander-child", "-device pxb-pcie,id=x,bus_nr=9 -device edu,bus=x",
    "-device pxb-pcie,id=x,bus_nr=9 -device pcie-root-port,bus=x,id=y", FALSE, TRUE },
  { "physical-slot-taken", PORT "-device pcie-root-port,addr=5,chassis=1,slot=0",
    PORT "-device pcie-root-port,addr=5,chassis=1,slot=1", FALSE, TRUE },
  { "expander-number", "-device pxb-pcie,id=x,bus_nr=9 -device pxb-pcie,id=y,bus_nr=9,bus=pcie.0",
    "-device pxb-pcie,id=x,bus_nr=9 -device pxb-pcie,id=y,bus_nr=0x20,bus=pcie.0", FALSE, TRUE },
  { "bridge-chassis", "-device pci-bridge", "-device pci-bridge,chassis_nr=1", FALSE, TRUE },
  { "path-too-long", NULL, NULL, FALSE, TRUE }, /* made by check_nested_switches() */
  { "slot-behind-port", PORT "-device edu,bus=p,addr=1", PORT "-device edu,bus=p,addr=0", FALSE, FALSE,
    "00:04.0/01.0" },
  { "no-function-0", "-device edu,addr=4.1", "-device edu,addr=4.0", FALSE, FALSE, "00:04.1" },
  { "endpoint-on-upstream", SWITCH "-device edu,bus=u", SWITCH "-device xio3130-downstream,bus=u,chassis=2,id=d",
    FALSE, FALSE },
  { "port-below-port", PORT "-device pcie-root-port,bus=p,chassis=2", PORT "-device pcie-root-port,bus=pcie.0,chassis=2",
    FALSE, FALSE },
  { "downstream-off-switch", "-device xio3130-downstream,addr=4,chassis=2",
    SWITCH "-device xio3130-downstream,bus=u,chassis=2", FALSE, FALSE },
  { "upstream-off-port", "-device x3130-upstream,addr=4", PORT "-device x3130-upstream,bus=p", FALSE, FALSE },
  { "port-on-conventional", "-device i82801b11-bridge,id=b -device pcie-root-port,bus=b",
    "-device i82801b11-bridge,id=b -device pcie-root-port", FALSE, FALSE },
  { "express-on-conventional", "-device i82801b11-bridge,id=b -device e1000e,bus=b",
    "-device i82801b11-bridge,id=b -device virtio-rng-pci,bus=b", TRUE, FALSE },
  { "number-range", "-device pcie-root-port,addr=4,chassis=256", "-device pcie-root-port,addr=4,chassis=255", FALSE, TRUE },
  { "bootindex-twice", "-device e1000e,bootindex=1 -device e1000e,bootindex=1",
    "-device e1000e,bootindex=1 -device e1000e,bootindex=2", FALSE, TRUE },
  { "virtio-no-interface", PORT "-device virtio-rng-pci,bus=p,disable-modern=on",
    PORT "-device virtio-rng-pci,bus=p,disable-modern=on,disable-legacy=off", FALSE, TRUE },
  { "expander-hidden", "-device pxb-pcie,id=x -device pcie-root-port,bus=x,id=p,chassis=1,addr=4",
    "-device pxb-pcie,id=x,bus_nr=1", FALSE, FALSE, "00:04.0" },
  { "acpi-index-twice", "-device edu,acpi-index=1 -device e1000e,acpi-index=1",
    "-device edu,acpi-index=1 -device e1000e,acpi-index=2", FALSE, FALSE },
  { "bridge-below-port", PORT "-device i82801b11-bridge,bus=p", PORT "-device pcie-pci-bridge,bus=p", TRUE, FALSE },
  { "bridge-chassis-taken", "-device pci-bridge,chassis_nr=1 -device pci-bridge,chassis_nr=1",
    "-device pci-bridge,chassis_nr=1 -device pci-bridge,chassis_nr=2", TRUE, FALSE },
  { "slot-number-wide", "-device pcie-root-port,addr=4,chassis=1,slot=8192",
    "-device pcie-root-port,addr=4,chassis=1,slot=8191", TRUE, FALSE },
  { "io-window-closed", NO_IO "-device e1000,bus=p", NO_IO "-device virtio-rng-pci,bus=p", TRUE, FALSE,
    NULL, "00:04.0" },
  { "io-windows", BRIDGES_14 " " BRIDGE, BRIDGES_14, FALSE, FALSE },
  { "bus-numbers", TWO_PORTS EXPANDER ("2"), TWO_PORTS EXPANDER ("3"),
    FALSE, FALSE, "02:00.0/00.0" },
  { "isolation", IOMMU SWITCH DOWNSTREAM_2 "-device virtio-rng-pci,bus=d -device virtio-rng-pci,bus=e",
    IOMMU PORT "-device pcie-root-port,id=r,addr=5,chassis=2 -device virtio-rng-pci,bus=p -device virtio-rng-pci,bus=r",
    TRUE, FALSE, NULL, NULL, "00:04.0/00.0/00.0" },
  { "memory64", "-device pci-testdev,membar=64G", "-device pci-testdev,membar=32G", TRUE, FALSE },
  { "addr-hexadecimal", "-device edu,addr=10", "-device edu,addr=0x10", TRUE, FALSE },
};

const gsize n_check_cases = G_N_ELEMENTS (check_cases);

const CheckLine check_more[] = {
  { "chassis-is-no-number", "number-range", "-device pcie-root-port,addr=4,chassis=one" },
  { "chassis-is-empty", "number-range", "-device pcie-root-port,addr=4,chassis=" },
  { "chassis-is-negative", "number-range", "-device pcie-root-port,addr=4,chassis=-1" },
  { "chassis-without-place", "number-range", "-device pcie-root-port,chassis=256" },
  { "chassis-in-json-text", "number-range", "-device {\"driver\":\"pcie-root-port\",\"chassis\":\"1\"}" },
  { "chassis-in-json", "number-range", "-device {\"driver\":\"pcie-root-port\",\"chassis\":256}" },
  { "slot-too-large", "number-range", "-device pcie-root-port,chassis=1,slot=65536" },
  { "port-too-large", "number-range", "-device pcie-root-port,chassis=1,port=256" },
  { "port-of-upstream", "number-range", PORT "-device x3130-upstream,bus=p,port=256" },
  { "chassis-of-bridge", "number-range", "-device pci-bridge,chassis_nr=256" },
  { "bus-of-expander", "number-range", "-device pxb-pcie,bus_nr=256" },
  { "boot-zero", "bootindex-twice", "-device e1000e,bootindex=0 -device e1000e,bootindex=0" },
  { "boot-forms", "bootindex-twice", "-device e1000e,bootindex=0x1 -device {\"driver\":\"e1000e\",\"bootindex\":1}" },
  { "boot-of-disk", "bootindex-twice",
    "-device virtio-scsi-pci -device scsi-hd,drive=d,bootindex=2 -drive if=none,id=d,file=null-co:// -device e1000e,bootindex=2" },
  { "both-off", "virtio-no-interface", "-device virtio-rng-pci,addr=4,disable-modern=on,disable-legacy=on" },
  { "modern-off-upstream", "virtio-no-interface", SWITCH "-device virtio-rng-pci,bus=u,disable-modern=on" },
  { "acpi-forms", "acpi-index-twice", "-device edu,acpi-index=0x1,addr=4 -device edu,acpi-index=1,addr=5" },
  { "expander-zero", "expander-hidden", "-device pxb-pcie,id=x,bus_nr=0,addr=4" },
  { "expanders-both-zero", "expander-number",
    "-device pxb-pcie,id=x,bus_nr=0,bus=pcie.0 -device pxb-pcie,id=y,bus_nr=0,bus=pcie.0" },
  { "pci-bridge-below-port", "bridge-below-port", PORT "-device pci-bridge,bus=p,chassis_nr=1" },
  { "bridge-below-downstream", "bridge-below-port",
    SWITCH "-device xio3130-downstream,bus=u,id=d,chassis=2 -device i82801b11-bridge,bus=d" },
  { "bridge-chassis-below", "bridge-chassis-taken",
    "-device pcie-pci-bridge,id=b -device pci-bridge,bus=b,chassis_nr=1 -device pci-bridge,bus=b,chassis_nr=1" },
  { "slot-of-downstream", "slot-number-wide", SWITCH "-device xio3130-downstream,bus=u,chassis=2,slot=9000" },
  { "io-of-transitional", "io-window-closed", NO_IO "-device virtio-net-pci-transitional,bus=p" },
  { "io-of-old-interface", "io-window-closed", NO_IO "-device virtio-net-pci,bus=p,disable-legacy=off" },
  { "io-behind-switch", "io-window-closed",
    NO_IO "-device x3130-upstream,id=u,bus=p -device xio3130-downstream,id=d,bus=u,chassis=2 -device e1000,bus=d" },
  { "io-behind-bridge", "io-window-closed", NO_IO "-device pcie-pci-bridge,id=b,bus=p -device e1000,bus=b" },
  { "io-of-no-bytes", "io-window-closed",
    "-device pcie-root-port,id=p,addr=4,chassis=1,io-reserve=0k -device rtl8139,bus=p" },
  { "io-of-ports", "io-windows", NICS_15 " -device e1000e" },
  { "io-of-bridges", "io-windows",
    NICS_15 " -device pci-bridge,id=b,chassis_nr=1 -device i82801b11-bridge,id=c -device rtl8139,bus=c" },
  { "isolation-below-one-port", "isolation", IOMMU SWITCH DOWNSTREAM_2
    "-device virtio-rng-pci,bus=d,addr=0,multifunction=on -device virtio-rng-pci,bus=d,addr=0.1" },
  { "isolation-nested", "isolation", IOMMU SWITCH DOWNSTREAM_2 "-device x3130-upstream,id=v,bus=d "
    "-device xio3130-downstream,bus=v,id=f,chassis=4 -device virtio-rng-pci,bus=f -device virtio-rng-pci,bus=e" },
  { "bus-numbers-of-expander", "bus-numbers", "-device pxb-pcie,id=x,bus_nr=255 -device pcie-root-port,id=y,bus=x,chassis=9" },
  { "bus-numbers-between", "bus-numbers", "-device pxb-pcie,id=z,bus_nr=101 -device pxb-pcie,id=x,bus=pcie.0,bus_nr=100 "
    "-device pcie-root-port,id=y,bus=x,chassis=9" },
  { "bus-numbers-reserved", "bus-numbers",
    "-device pcie-root-port,addr=4,chassis=1,bus-reserve=200 -device pcie-root-port,addr=5,chassis=2,bus-reserve=54" },
  { "memory64-two", "memory64", "-device pci-testdev,membar=16G -device pci-testdev,membar=0x800000000" },
  { "addr-beside-small", "addr-hexadecimal", "-device edu,addr=9 -device edu,addr=19" },
  { "addr-in-json", "addr-hexadecimal", "-device {\"driver\":\"edu\",\"addr\":\"12\"}" },
  { "second-behind-port", "slot-behind-port", PORT "-device edu,bus=p -device edu,bus=p,addr=1" },
  { "express-bridge-on-conventional", "express-on-conventional",
    "-device i82801b11-bridge,id=b -device pcie-pci-bridge,bus=b" },
  { "upstream-on-conventional", "upstream-off-port", "-device i82801b11-bridge,id=b -device x3130-upstream,bus=b" },
  { "downstream-on-conventional", "downstream-off-switch",
    "-device i82801b11-bridge,id=b -device xio3130-downstream,bus=b,chassis=1" },
  { "upstream-on-upstream", "endpoint-on-upstream", SWITCH "-device x3130-upstream,bus=u" },
};

const gsize n_check_more = G_N_ELEMENTS (check_more);

const CheckLine check_quiet[] = {
  { "conventional-behind-port", NULL, PORT "-device edu,bus=p" },
  { "conventional-at-slot-0", NULL, PORT "-device edu,bus=p,addr=0" },
  { "functions-behind-port", NULL, PORT "-device edu,bus=p,addr=0,multifunction=on -device edu,bus=p,addr=0.1" },
  { "port-without-hotplug", NULL, "-device pcie-root-port,id=p,addr=4,chassis=1,hotplug=off -device e1000e,bus=p" },
  { "pci-bridge-on-root", NULL, "-device pci-bridge,id=b,addr=5,chassis_nr=1 -device e1000,bus=b,addr=1" },
  { "pci-bridge-slot-0", NULL, "-device pcie-pci-bridge,id=b -device e1000,bus=b,addr=0" },
  { "ports-without-slot", NULL, PORT "-device pcie-root-port,addr=5,chassis=2" },
  { "chassis-forms", NULL, "-device pcie-root-port,addr=4,chassis=+0x10 -device pcie-root-port,addr=5,chassis=010" },
  { "slot-largest", NULL, "-device pcie-root-port,addr=4,chassis=1,slot=0x1fff,port=255" },
  { "boot-none", NULL, "-device e1000e,bootindex=-1 -device e1000e,bootindex=-1" },
  { "boot-of-failover", NULL, PORT "-device virtio-net-pci,id=s,failover=on,bootindex=1 "
    "-device e1000e,id=q,bus=p,failover_pair_id=s,bootindex=1" },
  { "acpi-none", NULL, "-device edu,acpi-index=0 -device edu,acpi-index=0" },
  { "modern-off-placed", NULL, "-device virtio-rng-pci,disable-modern=on" },
  { "modern-off-on-root", NULL, "-device virtio-rng-pci,addr=4,disable-modern=on" },
  { "modern-off-on-conventional", NULL, "-device i82801b11-bridge,id=b -device virtio-rng-pci,bus=b,disable-modern=on" },
  { "modern-on", NULL, PORT "-device virtio-rng-pci,bus=p,disable-modern=off" },
  { "transitional-behind-port", NULL, PORT "-device virtio-net-pci-transitional,bus=p" },
  { "old-interface-behind-port", NULL, PORT "-device virtio-net-pci,bus=p,disable-legacy=off" },
  { "io-window-small", NULL, "-device pcie-root-port,id=p,addr=4,chassis=1,io-reserve=1 -device e1000,bus=p" },
  { "io-of-15-ports", NULL, NICS_15 },
  { "io-of-bridge", NULL, "-device pci-bridge,id=b,addr=4,chassis_nr=1,io-reserve=0 -device e1000,bus=b,addr=1" },
  { "one-behind-switch", NULL, IOMMU SWITCH DOWNSTREAM_2 "-device virtio-rng-pci,bus=d -device virtio-rng-pci" },
  { "switch-without-iommu", NULL, SWITCH DOWNSTREAM_2 "-device virtio-rng-pci,bus=d -device virtio-rng-pci,bus=e" },
  { "reserved-buses", NULL, "-device pcie-root-port,addr=4,chassis=1,bus-reserve=200 -device pcie-root-port,addr=5,chassis=2,bus-reserve=53" },
  { "expander-at-the-end", NULL, "-device pxb-pcie,id=x,bus_nr=254 -device pcie-root-port,id=y,bus=x,chassis=9 -device virtio-rng-pci,bus=y" },
  { "memory64-wide", NULL, "-global q35-pcihost.pci-hole64-size=64G -device pci-testdev,membar=64G" },
  { "addr-small", NULL, "-device edu,addr=9" },
  { "addr-with-function", NULL, "-device edu,addr=10.0" },
  { "addr-beside-letter", NULL, "-device edu,addr=10 -device edu,addr=1a" },
  { "addr-beside-function", NULL, "-device edu,addr=10 -device edu,addr=11.0" },
  { "addr-number", NULL, "-device {\"driver\":\"edu\",\"addr\":16}" },
};

const gsize n_check_quiet = G_N_ELEMENTS (check_quiet);

char *
check_nested_switches (guint depth)
{
  GString *line = g_string_new ("-device pcie-root-port,id=d0,addr=4,chassis=0,slot=0");

  for (guint i = 1; i <= depth; i++)
    g_string_append_printf (line, " -device x3130-upstream,id=u%u,bus=d%u -device xio3130-downstream,id=d%u,bus=u%u,"
                                  "chassis=%u", i, i - 1, i, i, i);
  return g_string_free (line, FALSE);
}
