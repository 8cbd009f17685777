/* SPDX-License-Identifier: GPL-2.0-or-later */
/* homes.h: puts devices into the homes of a policy.
 *
 * A home's places are on the root complex, on the bus that the user named, or on the
 * buses that other homes made. A home that makes a port or bridge has devices behind it.
 */
#pragma once

#include "rooms.h"

typedef struct QrHomes QrHomes;

/* @pack: several functions may share a port. */
QrHomes *qr_homes_new (QrTopology *topology, const QrPolicy *policy, QrGrowth growth,
                       gboolean pack) G_GNUC_WARN_UNUSED_RESULT;
void qr_homes_free (QrHomes *homes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrHomes, qr_homes_free)

/* For what is to be in place before any device is put into a home. */
QrRooms *qr_homes_rooms (QrHomes *homes);

/* Takes note of the devices that are in place: others may belong beside them. */
void qr_homes_note_placed (QrHomes *homes);

/* Puts @device into the first home of @rule that has a place for it. */
gboolean qr_homes_put (QrHomes *homes, const QrRule *rule, QrDevice *device);

/* Makes one more port or bridge of the home @name, for @reason; NULL when it has no place.
 * Not held back by the growth given. */
QrDevice *qr_homes_make (QrHomes *homes, const char *name, const char *rule, const char *reason);

/* Makes the ports and bridges that @counted made, in the same order. Returns: how many had no
 * place and were left out */
guint qr_homes_make_like (QrHomes *homes, const QrHomes *counted);

/* Whether @homes made any port or bridge. */
gboolean qr_homes_have_grown (const QrHomes *homes);

/* Whether @rule sends devices behind something that the policy makes. */
gboolean qr_homes_goes_behind (const QrHomes *homes, const QrRule *rule);
