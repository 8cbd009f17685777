/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hints.h: what a device of the line asks of its place, in keys that QEMU never sees.
 *
 * Reads the keys "qriser.NAME" of a -device, in the comma form or in JSON, refuses those that
 * mean nothing together, and takes them out of the argument. Knows no topology: whether what is
 * asked can be had is for hint-place.h to say.
 */
#pragma once

#include "optlist.h"

typedef enum
{
  QR_HINT_BEHIND,     /* behind this port, or behind one that is made at this place */
  QR_HINT_HOTPLUG,    /* on: can be unplugged by itself; off: the guest cannot eject it */
  QR_HINT_PACK,       /* in the slot of this device */
  QR_HINT_INTEGRATED, /* on the root complex */
  QR_N_HINTS,
} QrHint;

typedef struct
{
  const QrOpt *opts[QR_N_HINTS]; /* NULL: not given */
  gboolean hotplug;              /* the value, where it is given */
} QrHints;

/**
 * qr_hints_parse:
 * @out: owned by @pool; NULL: @list has no hints
 * @error: status REQUEST, placed; codes "unknown-hint", "hint-value", "hint-conflict"
 */
gboolean qr_hints_parse (const QrOptList *list, QrPool *pool, const QrHints **out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first key of @list that is for qriser, or NULL. */
const QrOpt *qr_hints_first (const QrOptList *list);

/* @list without its hints; all else stays as it is written, but for a bare word that would come
 * to stand first and so mean something else. @option: @list's. Owned by @pool. */
const QrOptList *qr_hints_strip (const QrOptList *list, const QrOption *option, QrPool *pool);

/* Whether @hints (NULL: none) ask that the device can, or (@value FALSE) cannot be unplugged. */
gboolean qr_hints_ask_hotplug (const QrHints *hints, gboolean value);

/* Whether @hints (NULL: none) have @hint. */
gboolean qr_hints_have (const QrHints *hints, QrHint hint);
