/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fit.h: whether what is asked of a plan suits the machine of the line, and the policy that does.
 *
 * Knows which machines a policy is for, and nothing of where it puts devices.
 */
#pragma once

#include "lock.h"
#include "request.h"
#include "topology.h"

/**
 * qr_fit_policy:
 * @policy: the one that is asked for; NULL: none
 * @yields: the machine's own takes its place where it does not fit; that is told of
 * @error: status REQUEST, code "no-policy": it is not for this machine
 *
 * Returns: @policy, or the machine's own
 */
const QrPolicy *qr_fit_policy (const QrPolicy *policy, gboolean yields, const QrTopology *topology,
                               const QrProfiles *profiles, GPtrArray *warnings, GError **error);

/* What packs is a home of the policy. @error: status REQUEST, code "no-pack" */
gboolean qr_fit_pack (const QrPolicy *policy, gboolean packs, GError **error);

/* @lock: NULL: none. @error: status REQUEST, code "lock-machine": it is of another machine */
gboolean qr_fit_lock (const QrTopology *topology, const QrLock *lock, GError **error);

/* A saved state names devices by their places: they must be those it was saved with.
 * @error: status REQUEST, code "restores-state" */
gboolean qr_fit_state (const QrPolicy *policy, const QrRequest *request, const QrTopology *topology,
                       const QrLock *lock, GError **error);

/* The newest policy that gives QEMU's own places on @machine, or NULL. */
const QrPolicy *qr_fit_plain (const QrProfiles *profiles, const QrMachine *machine);
