/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest-order.h: in which order a guest comes upon the functions of a machine.
 *
 * Firmware numbers the buses depth first, a bridge's bus before those below it and
 * bridges in the order of their addresses; expanders' buses have their own numbers,
 * behind all others. Whoever goes through numbers finds all functions of a bus before
 * those behind its bridges; UEFI firmware goes down each bridge as it comes to it.
 * What a guest cannot see is in neither order. Knows no policy.
 *
 * Sources: SeaBIOS src/fw/pciinit.c, pci_bios_init_bus(), and src/hw/pcidevice.c,
 *          pci_probe_devices(); EDK2 MdeModulePkg/Bus/Pci/PciBusDxe/PciDeviceSupport.c,
 *          StartPciDevicesOnBridge(). Both tried with guests.
 */
#pragma once

#include "topology.h"

typedef enum
{
  QR_GUEST_BY_NUMBER, /* bus number, then address: SeaBIOS, operating systems */
  QR_GUEST_BY_PATH,   /* what is behind a bridge right after it: UEFI firmware */
  QR_N_GUEST_ORDERS,
} QrGuestOrder;

/* The functions (QrDevice) of a placed topology. (transfer full) */
GPtrArray *qr_guest_order (const QrTopology *topology, QrGuestOrder by) G_GNUC_WARN_UNUSED_RESULT;
