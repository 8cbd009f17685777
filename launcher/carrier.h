/* SPDX-License-Identifier: GPL-2.0-or-later */
/* carrier.h: ports and bridges of ours: making them, their names and their numbers.
 *
 * Names and numbers follow from the place alone, so that guests name devices behind a
 * port the same for ever, or from how many were made before, where a policy says so.
 *
 * By place: the id is the prefix and the places on the way from the root complex, slot
 * 00.0 of links left out: rp-1c.0, sw-1c.7, dp-1c.7-03, pci-1e.0-1f. A port's chassis is
 * the devfn (slot * 8 + function) of the root port that its path begins with, its physical
 * slot 256 times the number of switches it is in plus its own devfn, its port number its
 * own devfn. A bridge's chassis number is the number of such bridges on its path, itself
 * counted. What the user has taken moves a port's chassis to the next free one below, and
 * a bridge's to the next above.
 *
 * By index, counted from 1: the id is the prefix, a dot and the index; chassis and chassis
 * number are the index, the port number is the devfn, the physical slot is left out.
 *
 * Sources: QEMU hw/pci/pcie_port.c, pcie_chassis_add_slot() (chassis and slot together are
 *          unique); hw/pci-bridge/gen_pcie_root_port.c (io-reserve); PCI Express Base
 *          Specification, Slot Capabilities (13 bits of physical slot number).
 */
#pragma once

#include "policy.h"
#include "topology.h"

/* The port or bridge of @home at @addr of @bus, or (NULL) without a place, to be counted.
 * @id: that it had before, with its index; NULL or taken: a new one */
QrDevice *qr_carrier_make (QrTopology *topology, const QrHome *home, QrBus *bus, QrPciAddr addr,
                           const char *id);

/* Whether @device is a port of ours with nothing behind it. */
gboolean qr_carrier_is_spare (const QrDevice *device);

/* Numbers our ports and bridges, and the user's ports that have no number at all where the
 * policy says so. */
void qr_carriers_number (QrTopology *topology, const QrPolicy *policy);

/* A port of ours whose devices have no I/O BAR needs no I/O window: there are few of those. */
void qr_carriers_reserve (QrTopology *topology);

/* Puts ports and bridges of ours in the order of their places, those above before those below. */
void qr_carriers_sort (QrTopology *topology);
