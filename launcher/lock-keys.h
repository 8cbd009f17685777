/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-keys.h: how a lock calls the devices of a line.
 *
 * By the key in the plan: the id, else what the device is tied to. One that has nothing but
 * its turn is called TYPE[TURN], which no id is: the turn, from 0, among those that the line
 * leaves to the policy, for one that it fixes must not count the others on.
 */
#pragma once

#include "lock.h"
#include "topology.h"

/* Gives each PCI function of the line its lock_key; NULL: it has none, the line fixes it.
 * Returns: (transfer full): key → QrDevice; owns neither */
GHashTable *qr_lock_keys (const QrTopology *topology) G_GNUC_WARN_UNUSED_RESULT;

/* The first device that neither the line nor @lock (nullable) gives a place, or NULL. */
const QrDevice *qr_lock_keys_first_unplaced (const QrTopology *topology, const QrLock *lock);
