/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap-read.h: what a network back end asks for, where that is a tap to be opened.
 *
 * Looks at files that are run by default, and whether they are there. Opens nothing.
 *
 * Source: QEMU net/tap.c, net_init_bridge(), net_init_tap() and net_init_tap_one(), for what goes
 *         with what; 7.2 and 10.0 are alike.
 */
#pragma once

#include "cmdline.h"
#include "tap-open.h"

/* What QEMU takes where the line does not say it; NULL: not known. */
typedef struct
{
  const char *bridge, *helper;
  const char *script, *down_script;
  const char *vhost; /* the device for vhost=on */
} QrTapDefaults;

/**
 * qr_tap_defaults:
 * @etc: the directory of QEMU's configuration
 * @prefix: above QEMU's directory; NULL: not known
 *
 * Owned by @pool.
 */
const QrTapDefaults *qr_tap_defaults (const char *etc, const char *prefix,
                                      const QrProfiles *profiles, QrPool *pool);

/* Whether @item is a network back end that is a tap, or on a bridge. */
gboolean qr_tap_is_one (const QrItem *item, QrPool *pool);

/**
 * qr_tap_read:
 * @item: one of those
 * @defaults: (nullable): none is known
 * @out: (out): but for its numbers; strings are owned by @pool or lent by @item and @defaults
 *
 * Left to QEMU are: what it refuses; a helper with arguments, which is for a shell; a tap with a
 * script to be run when QEMU ends; one that has a descriptor.
 *
 * Returns: (transfer none): the item's argument; NULL: it is left to QEMU
 */
const QrOptList *qr_tap_read (const QrItem *item, const QrTapDefaults *defaults,
                              const QrProfiles *profiles, QrPool *pool,
                              QrTap *out) G_GNUC_WARN_UNUSED_RESULT;
