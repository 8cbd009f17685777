/* SPDX-License-Identifier: GPL-2.0-or-later */
/* learn.h: what a QEMU has and the data lacks: device types, options, machine types; asked of the
 * QEMU itself, and put into records.
 *
 * Sources: QEMU system/vl.c, lookup_opt() and help(); for types see probe-type.h.
 */
#pragma once

#include "implicit.h"
#include "learned.h"

/**
 * qr_learn:
 * @profiles: the data, without an overlay
 * @qemu: path of the binary
 * @arch: that its name ends with
 * @progress: it is told on standard error how far it is
 * @out: (out): to be cleared; set only on success
 * @error: as qr_qmp_start()
 */
gboolean qr_learn (const QrProfiles *profiles, const char *qemu, const char *arch,
                   gboolean progress, QrLearned *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
