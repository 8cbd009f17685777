/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-scan.h: a strict walk through JSON text, byte by byte.
 *
 * Refuses all that RFC 8259 does not allow, and besides duplicate keys, numbers
 * past 64 bits, NUL characters and nesting past QR_LIMIT_JSON_DEPTH. Finds where
 * one value was written. Keeps no values.
 */
#pragma once

#include <glib.h>

/* One step from a value to one inside it: a member's key, or an element's index. */
typedef struct
{
  const char *key; /* NULL: an element */
  gsize index;
} QrJsonStep;

/* Bytes from the beginning of the text; keys stay 0 for an element. */
typedef struct
{
  gsize key_start, key_end, value_start, value_end;
} QrJsonSpan;

/**
 * qr_json_scan:
 * @steps: @n_steps steps from the root to a value whose place is wanted
 * @span: (nullable): set when that value was met
 * @members: (nullable) (element-type QrJsonSpan): gets the root's members, in their order
 * @bad: (out): byte offset of what is wrong, set only on failure
 * @fault: (out): what is wrong, a phrase that lives for ever
 */
gboolean qr_json_scan (const char *text, gsize length, const QrJsonStep *steps, gsize n_steps,
                       QrJsonSpan *span, GArray *members, gsize *bad, const char **fault);
