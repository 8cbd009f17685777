/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor-libvirt.h: whether libvirt can start QEMU by qriser, and knows that QEMU as it is.
 *
 * Each function adds its lines to a list of health.h. Files of the host are looked at below @root,
 * which is the empty text for the host itself.
 *
 * Sources: libvirt src/qemu/qemu_capabilities.c, virQEMUCapsIsValid(), and
 *          src/util/virfilecache.c, virFileCacheGetFileName(); libvirt src/security/apparmor/.
 */
#pragma once

#include <glib.h>

/* What libvirt would start, and what that starts. */
typedef struct
{
  const char *self;       /* path of this program, without links */
  const char *program;    /* the QEMU that it starts */
  const char *arch;       /* of its guests */
  const char *user_cache; /* directory of the user's caches; NULL: none */
} QrLibvirtEmulator;

/* What libvirt keeps of an emulator counts until the emulator's own file changes: a new QEMU behind
 * it is not noticed. */
void qr_doctor_libvirt (const char *root, const QrLibvirtEmulator *emulator, GPtrArray *health);

/* Whether the profiles that libvirt brings let its guests execute both programs. */
void qr_doctor_apparmor (const char *root, const QrLibvirtEmulator *emulator, GPtrArray *health);
