/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-roles.h: what a device list can say, and what one became. */
#pragma once

#include "render.h"

/**
 * qr_render_roles:
 * @name: (nullable): of one role; NULL: all, a row each
 * @format: QR_FORMAT_JSON, or any other for people
 * @error: status USAGE, code "unknown-role"; those of qr_role_find()
 *
 * Returns: (transfer full): or NULL
 */
GString *qr_render_roles (const QrRoleBook *book, const char *name, QrFormat format, QrPool *pool,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
