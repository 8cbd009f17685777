/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hint-error.h: what a hint names, and why it cannot be followed. */
#pragma once

#include "topology.h"

/* What @hint of @device's, which must be given, says. */
const char *qr_hint_value (const QrDevice *device, QrHint hint);

/* The line's device that it names, or NULL. */
QrDevice *qr_hint_device (const QrTopology *topology, const QrDevice *device, QrHint hint);

/* An error of status REQUEST at the value of @hint of @device's. */
void qr_hint_refuse (const QrDevice *device, QrHint hint, const char *code, const char *advice,
                     GError **error, const char *format, ...) G_GNUC_PRINTF (6, 7);

/* One of code "lock-conflict": the place that the lock keeps for @device is another. */
void qr_hint_refuse_kept (const QrDevice *device, QrHint hint, GError **error);

/* Adds to it where the line has @other, if it has. */
void qr_hint_show (const QrDevice *other, const char *label, GError **error);
