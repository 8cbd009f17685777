/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor.h: looks at all that a start of QEMU needs of this host, and says what is well.
 *
 * No machine is started. The QEMU may be asked for its version, which is kept.
 */
#pragma once

#include "doctor-qemu.h"

typedef struct
{
  const QrProfiles *profiles;
  const QrWhichQemu *qemu;
  const QrCache *cache;
  const char *modules; /* see cache.h */
  const char *root;    /* below which the host's files are looked at; QEMU and cache are not */
  gboolean json;
} QrDoctor;

/**
 * qr_doctor:
 * @bad: (out): there is a fault
 *
 * Returns: (transfer full): what is to be printed
 */
GString *qr_doctor (const QrDoctor *doctor, gboolean *bad) G_GNUC_WARN_UNUSED_RESULT;
