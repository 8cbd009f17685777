/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest-order.h: in which order a guest comes upon the functions of a machine.
 *
 * Firmware numbers the buses depth first, a bridge's bus before those below it and
 * bridges in the order of their addresses; expanders' buses have their own numbers,
 * behind all others. A guest that goes through bus numbers and addresses finds the
 * functions in the order that is here; what it cannot see is not in it. Knows no policy.
 *
 * Source: SeaBIOS src/fw/pciinit.c, pci_bios_init_bus(); src/hw/pcidevice.c,
 *         pci_probe_devices().
 */
#pragma once

#include "topology.h"

/* The functions (QrDevice) of a placed topology. (transfer full) */
GPtrArray *qr_guest_order (const QrTopology *topology) G_GNUC_WARN_UNUSED_RESULT;
