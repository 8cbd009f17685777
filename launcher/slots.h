/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slots.h: which places of a bus a guest would see a new function at.
 *
 * Sources: PCI Local Bus Specification 3.0, 6.2.1: a guest looks at function 0 first, and at
 *          the others only when that says multifunction; QEMU hw/pci/pci.c,
 *          pci_init_multifunction().
 */
#pragma once

#include "topology.h"

/* Whether functions 1 to 7 of @slot are not all free. */
gboolean qr_slot_has_others (const QrBus *bus, guint8 slot);

/* Whether a guest would see a function put at @addr, and those beside it still.
 * @multifunction: the function's own property; @opens: a function 0 that is
 * there will be given it */
gboolean qr_slot_is_open (const QrBus *bus, QrPciAddr addr, gboolean multifunction, gboolean opens);

/* Whether @device may share its slot behind a port with others: it lets the others in, or
 * does not say that it would not. */
gboolean qr_slot_is_packable (const QrDevice *device);

/* A free function beside packable ones in @slot; function 0 when there is none. */
guint8 qr_slot_find_beside (const QrBus *bus, guint8 slot);

/* Whether all of @slots, bits, are taken; with @packs all functions of theirs. */
gboolean qr_slots_are_full (const QrBus *bus, guint32 slots, gboolean packs);
