/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arrange.h: which devices are made later than the line says.
 *
 * A device may bring a function along that QEMU puts into the first slot that is free at
 * that moment, and that can be told no place.  Made behind the other devices it takes what
 * they leave.
 *
 * Sources: QEMU hw/i386/amd_iommu.c, amdvi_sysbus_realize(); hw/pci/pci.c,
 *          do_pci_register_device(); hw/vfio/pci.c, vfio_realize(): an assigned device looks for
 *          the IOMMU when it is made.
 */
#pragma once

#include "request.h"
#include "topology.h"

/* Moves each device that brings a function along behind all others of its form, comma or JSON,
 * but not past an assigned one: in @topology, whose devices have no place yet, and on the line. */
void qr_arrange (QrRequest *request, QrTopology *topology);
