/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep.h: places that a lock keeps, on one topology.
 *
 * Devices of the line go where the lock has them, behind the ports and bridges that the
 * policy had made there. The place of what the lock knows and the line does not have stays
 * empty for its return, and ports on the way to it are made: it can be plugged in. What the
 * line itself fixes is never moved: a lock that says otherwise of a device on the line is
 * an error, and the place of one that is not there is given up.
 */
#pragma once

#include "lock.h"
#include "rooms.h"

/**
 * qr_keep_places:
 * @rooms: of the policy that the lock is of; the user's fixed places are settled
 * @warnings: drift between the lock and the line, appended
 * @error: status REQUEST, code "lock-conflict": a place that the line gives to another
 *   device or a device to another place; "lock-place": a place that cannot be made, or
 *   no longer suits what has the key
 */
gboolean qr_keep_places (QrRooms *rooms, const QrLock *lock, GPtrArray *warnings,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_keep_note:
 * @lock: gets the place of each device that the policy placed, and of its ports and bridges
 *   where their numbers do not follow from their places; gives up what the line overruled
 *
 * @error: that of qr_lock_set()
 */
gboolean qr_keep_note (const QrTopology *topology, QrLock *lock,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
