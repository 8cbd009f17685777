/* SPDX-License-Identifier: GPL-2.0-or-later */
/* globals.h: what -global says of where a device goes and of which kind it is, written into the
 * devices themselves.
 *
 * Source: QEMU hw/core/qdev-properties.c, qdev_prop_set_globals() and
 *         object_apply_global_props(): before the properties of the device, the last one wins.
 */
#pragma once

#include "request.h"

/**
 * qr_globals_apply:
 * @request: has all its devices
 * @line: all items
 * @error: status REQUEST, code "not-expanded": for a type that other types descend from, or a
 *   device given as JSON
 *
 * Only properties that the option's forms list are looked at. The options stay on the line.
 */
gboolean qr_globals_apply (QrRequest *request, const QrCmdline *line, const QrProfiles *profiles,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
