/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hint-place.h: what the line asks of a device's place, followed or refused.
 *
 * A rule of the policy may look at what is asked (policy.h); this does what no rule can: it finds
 * the port or the device that a hint names, makes the port that it asks for, and sees in the end
 * that what was asked is so.
 */
#pragma once

#include "rooms.h"

/**
 * qr_hint_place_begin: when what the line fixes is in its place, before all else
 * @rooms: of the policy
 *
 * Gives each device the bus that its hint names, made if need be.
 *
 * @error: status REQUEST, placed; codes "hint-refused" (by the policy), "hint-conflict" (with
 *   what else the line says), "hint-target" (of no use), "hint-full"
 */
gboolean qr_hint_place_begin (QrRooms *rooms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_hint_place_end: when all other devices have their places
 *
 * Puts devices into the slots that they share, and makes ports say that nothing behind them can
 * be unplugged.
 *
 * @error: as qr_hint_place_begin(); code "lock-conflict", too
 */
gboolean qr_hint_place_end (QrTopology *topology, GError **error) G_GNUC_WARN_UNUSED_RESULT;
