/* SPDX-License-Identifier: GPL-2.0-or-later */
/* want.h: what a device asks of a policy, by its type and the machine it is on.
 *
 * Sources: PCI Express Base Specification 1.3 (kinds of functions); QEMU hw/pci/pci.c,
 *          pci_qdev_realize() (which types have a PCI Express side).
 */
#pragma once

#include "topology.h"

/* @device is a PCI function whose bus is chosen. On a machine without PCI Express it is a
 * conventional one, unless the line has a port for it. */
QrWant qr_want_of (const QrTopology *topology, const QrDevice *device);
