/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ports.h: numbers and windows of ports whose places are settled.
 *
 * Numbers follow from the place alone, so that guests name devices behind a port
 * the same for ever: for a port on the root complex chassis, slot and port are
 * all its devfn (slot * 8 + function). A chassis and slot pair that the user has
 * taken moves ours to the next free chassis below.
 *
 * Sources: QEMU hw/pci/pcie_port.c, pcie_chassis_add_slot() (chassis and slot
 *          together are unique); hw/pci-bridge/gen_pcie_root_port.c (io-reserve).
 */
#pragma once

#include "policy.h"
#include "topology.h"

/* Numbers our ports, and the user's that have no number at all where the policy says so. */
void qr_ports_number (QrTopology *topology, const QrPolicy *policy);

/* A port of ours whose device has no I/O BAR needs no I/O window: there are few of those. */
void qr_ports_reserve (QrTopology *topology);
