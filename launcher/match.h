/* SPDX-License-Identifier: GPL-2.0-or-later */
/* match.h: whether a policy's rule is meant for a device. */
#pragma once

#include "policy.h"
#include "topology.h"

/* Which bus the user named for @device. */
QrNamed qr_match_named (const QrTopology *topology, const QrDevice *device);

/* All that @match asks must hold. */
gboolean qr_match (const QrMatch *match, const QrTopology *topology, const QrDevice *device);

/* Whether @device is a bridge of the user's to a conventional bus. */
gboolean qr_match_is_bridge (const QrDevice *device);

/* Whether @device still waits for a place that @policy gives: what QEMU places by
 * itself takes its turn only where QEMU's own order is kept. */
gboolean qr_match_is_due (const QrPolicy *policy, const QrDevice *device);
