/* SPDX-License-Identifier: GPL-2.0-or-later */
/* readconfig.h: the grammar of QEMU's -readconfig, with positions.
 *
 *   [group]   or   [group "id"]      at the beginning of a line
 *   # a comment                      at the beginning of a line
 *     key = "value"
 *
 * Stricter than QEMU where QEMU drops text in silence: what follows a value or a
 * heading, and a value without quotes, is refused. Knows no group and no key.
 *
 * Source: QEMU util/qemu-config.c, qemu_config_foreach().
 */
#pragma once

#include "diag.h"
#include "pool.h"

typedef struct
{
  const char *key, *value;
  QrPlace key_place, value_place;
} QrConfigEntry;

typedef struct
{
  const char *name;
  const char *id; /* NULL: none */
  QrPlace place;  /* of the heading */
  const QrConfigEntry *entries;
  gsize n;
} QrConfigGroup;

typedef struct
{
  const QrConfigGroup *groups;
  gsize n;
} QrConfigFile;

/* Whose file it is. */
typedef enum
{
  QR_CONFIG_OURS,
  QR_CONFIG_QEMU, /* QEMU's reader must take it, too: a blank before each "=", short lines */
} QrConfigReader;

/**
 * qr_readconfig:
 * @text: ended by NUL; @length bytes; lent, must outlive the result
 * @file: its name for errors; lent
 * @error: status CONFIG, code "config-syntax", at file:line:column
 *
 * Returns: owned by @pool; or NULL
 */
const QrConfigFile *qr_readconfig (const char *text, gsize length, const char *file,
                                   QrConfigReader whose, QrPool *pool,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
