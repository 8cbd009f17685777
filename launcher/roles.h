/* SPDX-License-Identifier: GPL-2.0-or-later */
/* roles.h: a device list as QEMU's options.
 *
 * Each word ROLE=VALUE,key=value,... becomes the options that it stands for, where it stands.
 * Which roles there are, and what each becomes, is data.
 */
#pragma once

#include "role-word.h"

typedef struct
{
  const QrRoleUse *uses; /* in the order of the line */
  gsize n;
  const QrNewFile *files; /* to be made before QEMU starts */
  gsize n_files;
} QrRoleUses;

/**
 * qr_roles_expand:
 * @line: with items of qr_list_role
 * @uses: (out): what became of them
 * @pool: owns what comes out
 * @error: status REQUEST, codes "unknown-role", "role-key", "role-value", "role-id",
 *   "image-format", "utf8"; NO_INPUT and what qr_file_status() has, "no-file"; those of
 *   qr_image_look(), qr_firmware_find() and qr_role_find()
 *
 * Returns: (transfer none): @line itself without such items; or NULL
 */
const QrCmdline *qr_roles_expand (const QrCmdline *line, const QrRoleContext *context, QrPool *pool,
                                  QrRoleUses *uses, GError **error) G_GNUC_WARN_UNUSED_RESULT;
