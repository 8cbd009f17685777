/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.h: gives every PCI function a bus and an address, by a policy.
 *
 * The user's addresses come first and are never changed; then the policy's
 * rules in their order, for each the devices in the order QEMU creates them.
 * Ports and bridges of ours are made on the way, empty ones after all others; all are
 * numbered at the end. A policy that counts first goes through its rules twice: the ports
 * that the first pass was in need of are there, and placed, when the second begins. With
 * places in a lock it goes through them once: what is there stays, and what is needed comes
 * behind it.
 */
#pragma once

#include "keep.h"
#include "spare.h"

typedef struct
{
  gboolean pack;      /* several functions may share a port */
  int spare;          /* empty ports: how many, QR_SPARE_FILL or QR_SPARE_POLICY */
  const QrLock *lock; /* places that are kept; NULL: none */
} QrPlaceOptions;

/**
 * qr_place:
 * @warnings: drift between the lock and the line, appended
 * @error: those of qr_keep_places(); status REQUEST; code "two-claims" when the user gave one place
 * twice, "no-place" when the policy has none left, "no-spare" when not for as many empty ports as
 *   are asked for
 */
gboolean qr_place (QrTopology *topology, const QrPolicy *policy, const QrPlaceOptions *options,
                   GPtrArray *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
