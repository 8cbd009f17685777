/* SPDX-License-Identifier: GPL-2.0-or-later */
/* drives.h: which place each drive takes, and the PCI devices that some bring.
 *
 * Drives of the board's own disk controller stay as they are written: they are no PCI
 * functions. A drive of an interface that is a PCI device becomes a drive of no
 * interface and that device.
 *
 * Source: QEMU blockdev.c, drive_new(): interface, bus, unit and the default id.
 */
#pragma once

#include "request.h"

typedef struct QrDrives QrDrives;

QrDrives *qr_drives_new (QrRequest *request,
                         const QrProfiles *profiles) G_GNUC_WARN_UNUSED_RESULT;
void qr_drives_free (QrDrives *drives);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrDrives, qr_drives_free)

/**
 * qr_drives_take:
 * @item: an option with the verb drive, or a disk image; in the order of the line
 * @error: status REQUEST; code "two-claims" when a place is taken and QEMU would not say so
 *
 * Writes the item's line, and notes its device.
 */
gboolean qr_drives_take (QrDrives *drives, const QrItem *item,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the place that the item's argument names is taken. */
gboolean qr_drives_is_taken (const QrDrives *drives, const QrItem *item);

/* Writes the devices that were noted; after all devices of the line. */
void qr_drives_finish (QrDrives *drives);
