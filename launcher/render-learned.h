/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-learned.h: what was learned of a QEMU, as a table and in JSON. */
#pragma once

#include "learn.h"

/* @kept: whether the overlay could be kept. A table; (transfer full) */
GString *qr_render_learned (const QrLearned *learned, const char *qemu,
                            gboolean kept) G_GNUC_WARN_UNUSED_RESULT;

/* One object; (transfer full) */
GString *qr_render_json_learned (const QrLearned *learned, const char *qemu,
                                 gboolean kept) G_GNUC_WARN_UNUSED_RESULT;
