/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emit.h: from a placed topology back to a QEMU command line.
 *
 * What the user wrote comes out as he wrote it; devices get the bus and address
 * that they lack, ports and bridges of ours come before the first device.
 * Knows QEMU's comma escaping and its JSON form; knows no policy.
 */
#pragma once

#include "request.h"
#include "topology.h"

/**
 * qr_emit:
 * @topology: (nullable): placed; NULL when nothing of the line is
 * @program: becomes argv[0]
 * @positions: (out): for each line of @request by its number, where in argv its word
 *   stands; owned by the request's pool
 *
 * Returns: (transfer full): the new argv, ended by NULL
 */
char **qr_emit (const QrRequest *request, const QrTopology *topology, const char *program,
                const gsize **positions) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_emit_check_size:
 * @argv: what will be executed
 * @environment: with this environment
 * @limit: bytes that execve takes for both; 0 asks the system
 * @error: status REQUEST, code "limit", with both sizes
 */
gboolean qr_emit_check_size (const char *const *argv, const char *const *environment, gsize limit,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
