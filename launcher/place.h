/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.h: gives every PCI function a bus and an address, by a policy.
 *
 * The user's addresses come first and are never changed; then the policy's
 * rules in their order, for each the devices in the order QEMU creates them.
 * Ports and bridges of ours are made on the way and numbered at the end.
 */
#pragma once

#include "policy.h"
#include "topology.h"

/**
 * qr_place:
 * @error: status REQUEST; code "two-claims" when the user gave one place twice,
 *   "no-place" when the policy has none left
 */
gboolean qr_place (QrTopology *topology, const QrPolicy *policy,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
