/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-numbers.h: the bus numbers that firmware gives out, one after another from each root on.
 *
 * An expander says where its numbers begin, so those of the root before it must end there.
 *
 * Sources: SeaBIOS src/fw/pciinit.c, pci_bios_init_bus_rec() (numbers in the order of the walk;
 *          what a port reserves); QEMU hw/pci-bridge/pci_expander_bridge.c (bus_nr) and
 *          hw/pci/pci_bridge.c, pci_bridge_qemu_reserve_cap_init().
 */
#pragma once

#include "topology.h"

/* How many numbers @bus and all below it take, with those that ports reserve by bus-reserve=. */
guint qr_bus_numbers_needed (const QrBus *bus);

/**
 * qr_bus_numbers_room:
 * @root: a root bus
 * @limit: how many numbers there are in all
 * @next: (out): the expander that begins behind it; NULL: none
 *
 * Returns: how many there are from the first of @root on; 0 for an expander without a number
 */
guint qr_bus_numbers_room (const QrTopology *topology, const QrBus *root, guint limit,
                           const QrDevice **next);
