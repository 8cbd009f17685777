/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-implicit.h: what machine types bring along, as a table and in JSON; and read from JSON. */
#pragma once

#include "implicit.h"

/* Where it is known from. */
typedef enum
{
  QR_KNOWN_DATA,
  QR_KNOWN_PROBE,
  QR_KNOWN_CACHE,
} QrKnownFrom;

typedef struct
{
  const QrImplicit *implicit;
  QrKnownFrom from;
  const GPtrArray *differences; /* of char; NULL: not compared with the data */
} QrKnown;

/* @known: @n of them. A table; (transfer full) */
GString *qr_render_implicit (const QrKnown *known, guint n) G_GNUC_WARN_UNUSED_RESULT;

/* An array of objects; (transfer full) */
GString *qr_render_json_implicit (const QrKnown *known, guint n) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_implicit_read:
 * @json: an object of that array
 * @pool: owns the name
 * @out: (out): to be cleared; set only on success
 * @error: of the document
 */
gboolean qr_implicit_read (const QrJson *json, QrPool *pool, QrImplicit *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
