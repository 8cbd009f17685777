/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor-qemu.h: whether the QEMU that is meant is there, what it is, and whether that is kept.
 *
 * Each adds its lines to a list of health.h.
 */
#pragma once

#include "ask.h"
#include "which-qemu.h"

/* Whether it can be executed. FALSE: it is not to be asked. */
gboolean qr_doctor_program (const QrWhichQemu *qemu, GPtrArray *health);

void qr_doctor_cache (const QrCache *cache, const char *program, GPtrArray *health);

/**
 * qr_doctor_version:
 * @ask: that QEMU
 *
 * The QEMU is asked where what is kept of it is not of this binary and its modules; what it says is
 * kept.
 */
void qr_doctor_version (const QrWhichQemu *qemu, const QrAsk *ask, GPtrArray *health);

/* Whether @version, "10.0.2", lies in what qriser was tried with. */
gboolean qr_doctor_is_tried (const char *version);
