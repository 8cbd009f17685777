/* SPDX-License-Identifier: GPL-2.0-or-later */
/* health.h: what is well and what is not, a line each, and how that is told.
 *
 * Knows nothing of what is looked at: the module that looks words it, in the form of diag.h.
 */
#pragma once

#include <glib.h>

typedef enum
{
  QR_HEALTH_OK,
  QR_HEALTH_NOTICE, /* something is not to be had here, and who does not need it is well */
  QR_HEALTH_FAULT,
} QrHealth;

/* A GPtrArray of lines. (transfer full) */
GPtrArray *qr_health_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_health_add:
 * @check: a stable word for programs (a literal)
 * @hint: (nullable): what to do; copied
 */
void qr_health_add (GPtrArray *health, const char *check, QrHealth state, const char *hint,
                    const char *format, ...) G_GNUC_PRINTF (5, 6);

/* Whether there is a fault among them. */
gboolean qr_health_is_bad (const GPtrArray *health);

/* As text for people, or as JSON. (transfer full) */
GString *qr_health_render (const GPtrArray *health, gboolean json) G_GNUC_WARN_UNUSED_RESULT;
