/* SPDX-License-Identifier: GPL-2.0-or-later */
/* board.h: a topology that holds what the machine itself brings.
 *
 * Knows the machine record and the machine properties of a request; the
 * machine's functions come out at their places, with their buses.
 */
#pragma once

#include "request.h"
#include "topology.h"

/**
 * qr_board_new:
 * @error: status REQUEST, code "unknown-machine" or "option-syntax"
 *
 * Returns: (transfer full): its strings are owned by @pool
 */
QrTopology *qr_board_new (const QrRequest *request, const QrProfiles *profiles, QrPool *pool,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
