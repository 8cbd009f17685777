/* SPDX-License-Identifier: GPL-2.0-or-later */
/* differ.h: what a guest will notice of a plan against plain QEMU.
 *
 * Compares two placed topologies of one request, the plan's and one with the places
 * that QEMU gives by itself, and warns of what comes out differently: which disk
 * firmware boots from ("boot-order"), which display it lights ("primary-display"), how
 * network adapters are counted ("nic-order"), and virtio devices that lose their old
 * interface ("virtio-modern", a notice). Each message names the way back.
 *
 * Knows no policy. A BIOS boots from the first controller of the first kind, UEFI
 * firmware from the first of all; the kinds are in the catalogue.
 *
 * Sources: SeaBIOS src/boot.c, bootentry_add() (priority, kind, then controller);
 *          OVMF 2022.11 as tried (the order in which drivers find disks);
 *          QEMU hw/display/vga.c, vga_init() (fixed ports) as tried;
 *          hw/virtio/virtio-pci.c, virtio_pci_realize() (disable-legacy=auto).
 *          Tried with guests by tests/test-warnings.c.
 */
#pragma once

#include "topology.h"

/* Whether devices of @topology could come in another order than plain QEMU's: only then
 * is a second topology needed. Cheap. */
gboolean qr_differ_is_possible (const QrTopology *topology);

/**
 * qr_differ_order:
 * @plan: placed
 * @plain: the same request with the places of plain QEMU; keys are the same in both
 * @names_primary: the user chose the primary display: that is no surprise then
 * @warnings: appended; codes "boot-order", "primary-display", "nic-order"
 */
void qr_differ_order (const QrTopology *plan, const QrTopology *plain, gboolean names_primary,
                      GPtrArray *warnings);

/* Of a placed topology: appends the notice "virtio-modern". */
void qr_differ_interface (const QrTopology *plan, GPtrArray *warnings);
