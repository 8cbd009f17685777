/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hint-pack.h: devices in the slot of another one, where the line asks for that. */
#pragma once

#include "topology.h"

/**
 * qr_hint_pack_check: whether @device can be packed as it asks, as far as can be seen early
 *
 * What it is packed with is not packed with others.
 *
 * @error: status REQUEST, placed; codes "hint-target", "hint-conflict"
 */
gboolean qr_hint_pack_check (const QrTopology *topology, const QrDevice *device,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts all such devices beside what they name, where that has its place. Code "hint-full", too. */
gboolean qr_hint_pack_put (QrTopology *topology, GError **error) G_GNUC_WARN_UNUSED_RESULT;
