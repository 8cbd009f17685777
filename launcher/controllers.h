/* SPDX-License-Identifier: GPL-2.0-or-later */
/* controllers.h: buses for devices that have none.
 *
 * Walks the devices in the order of their making, as QEMU would look for their buses. Where a
 * device finds none, the controller for that bus comes before it; where a bus takes a certain
 * number of devices and QEMU's choices do not suffice, those that name none get the first that has
 * room.
 */
#pragma once

#include "request.h"

/**
 * qr_controllers_add:
 * @request: its devices are in the order of their making
 * @error: status REQUEST, of the machine's properties
 *
 * What makes no sense on the line is left for others to say.
 */
gboolean qr_controllers_add (QrRequest *request, const QrProfiles *profiles, QrPool *pool,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
