/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render.h: a plan as text, for people and for programs.
 *
 * Secrets in arguments come out as "***", in every form but argv0.
 */
#pragma once

#include "render-parts.h"

typedef enum
{
  QR_FORMAT_TREE,  /* for people */
  QR_FORMAT_SHELL, /* a command that a shell takes, one option a line */
  QR_FORMAT_ARGV0, /* the argv, each word ended by a NUL; nothing redacted */
  QR_FORMAT_JSON,  /* schema 1 */
  QR_N_FORMATS,
} QrFormat;

/* Names of the formats in their order, ended by NULL. */
extern const char *const qr_format_names[];

/* (transfer full) */
GString *qr_render (const QrPlan *plan, QrFormat format) G_GNUC_WARN_UNUSED_RESULT;

/* What was found, for people or as a JSON list; nothing when nothing was. (transfer full) */
GString *qr_render_findings (const GPtrArray *warnings, QrFormat format) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_render_explain:
 * @key: an id or a key of the plan
 * @error: status REQUEST, code "no-such-device"
 *
 * Why one function is where it is. (transfer full)
 */
GString *qr_render_explain (const QrPlan *plan, const char *key,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
