/* SPDX-License-Identifier: GPL-2.0-or-later */
/* face.h: what the name that the program was called by means.
 *
 * A name that is or ends in -system-ARCH, and qemu-kvm and kvm, is taken by programs
 * and scripts for QEMU's: every argument is QEMU's. Any other name is the tool's own.
 * Knows names; looks at no file.
 */
#pragma once

#include "check.h"

typedef struct
{
  QrFace face;
  const char *name;   /* the last part of argv[0] */
  gboolean is_ours;   /* no name of QEMU's: begins with the program's own */
  const char *policy; /* the default under this name; NULL: the machine's own */
  const char *qemu;   /* name of the real QEMU to look for; NULL: by the architecture */
} QrIdentity;

/* @argv0: lent, as the parts of @out are; @pool: owns what is made */
void qr_face_read (const char *argv0, QrPool *pool, QrIdentity *out);

/* The ARCH that @path ends in as -system-ARCH, or NULL. */
const char *qr_face_arch (const char *path);
