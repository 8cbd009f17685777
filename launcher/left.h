/* SPDX-License-Identifier: GPL-2.0-or-later */
/* left.h: devices that nothing is known of, left to QEMU as the line has them.
 *
 * One that may be a PCI function gets the place that QEMU will find for it, so that nothing else is
 * put there: it is made behind all others where the line lets it be.
 */
#pragma once

#include "bus-search.h"

/**
 * qr_left_type:
 * @known: (nullable): what is known of its type
 * @driver: of the device, as the line has it
 *
 * Returns: (transfer none): how the device is planned: @known, or, where nothing is known or it is
 *   on a bus of one that is left, a record that says no more than is sure
 */
const QrDeviceType *qr_left_type (QrTopology *topology, const QrDeviceType *known,
                                  const char *driver, const QrOptList *opts);

/* The type of the function that @device, which is left to QEMU, may turn out to be. */
const QrDeviceType *qr_left_function (QrTopology *topology, const QrDevice *device);

/* Whether the device of @opts is on a bus that @device makes. */
gboolean qr_left_has_below (const QrDevice *device, const QrOptList *opts);
