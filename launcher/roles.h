/* SPDX-License-Identifier: GPL-2.0-or-later */
/* roles.h: a device list as QEMU's options.
 *
 * Each word ROLE=VALUE,key=value,... becomes the options that it stands for, where it stands.
 * Knows how a role's record is read; which roles there are is data.
 */
#pragma once

#include "list.h"
#include "new-file.h"
#include "role-find.h"

/* One word of a list. */
typedef struct
{
  const QrRole *role;
  const char *id;   /* NULL: nothing of it has one */
  const char *word; /* as the list has it */
  QrPlace place;
  const QrItem *items; /* what it became */
  gsize n_items;
} QrRoleUse;

typedef struct
{
  const QrRoleUse *uses; /* in the order of the line */
  gsize n;
  const QrNewFile *files; /* to be made before QEMU starts */
  gsize n_files;
} QrRoleUses;

/* What roles need to know besides the list. */
typedef struct
{
  const QrRoleBook *book;
  const char *arch;                  /* QEMU's; NULL: not known */
  const char *machine;               /* of a line that names none; NULL: not known */
  const char *const *firmware_paths; /* directories with firmware descriptions, the first wins;
                                        ended by NULL */
} QrRoleContext;

/**
 * qr_roles_expand:
 * @line: with items of qr_list_role
 * @uses: (out): what became of them
 * @pool: owns what comes out
 * @error: status REQUEST, codes "unknown-role", "role-key", "role-value", "role-id",
 *   "image-format"; NO_INPUT and what qr_file_status() has, "no-file"; those of
 *   qr_image_look(), qr_firmware_find() and qr_role_find()
 *
 * Returns: (transfer none): @line itself without such items; or NULL
 */
const QrCmdline *qr_roles_expand (const QrCmdline *line, const QrRoleContext *context, QrPool *pool,
                                  QrRoleUses *uses, GError **error) G_GNUC_WARN_UNUSED_RESULT;
