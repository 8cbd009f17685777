/* SPDX-License-Identifier: GPL-2.0-or-later */
/* which-qemu.h: the QEMU that is meant, where it is, and what is known of it without asking it.
 *
 * Source: the XDG Base Directory Specification, for what is kept.
 */
#pragma once

#include "cache.h"
#include "face.h"
#include "profiles.h"
#include "settings.h"
#include "switches.h"

typedef struct
{
  const char *name;         /* what was looked for */
  const char *program;      /* path; NULL: it is not there */
  const char *prefix;       /* above its directory; NULL: not known */
  const char *etc;          /* directory of its configuration */
  const char *arch;         /* of its name; NULL: not known */
  const char *guest_arch;   /* the same, or as was asked for */
  const char *version;      /* NULL: not known */
  gboolean version_is_kept; /* it is what the binary said some time */
} QrWhichQemu;

/* Where is kept what QEMUs said. @pool: owns what is made. */
QrCache qr_which_cache (QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* @pool: owns what is made. Looks for files, and waits for nothing. */
QrWhichQemu qr_which_qemu (const QrIdentity *identity, const QrOptions *options,
                           const QrSettings *settings, QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* Which modules @qemu has, see qr_cache_modules(). (transfer full) */
char *qr_which_modules (const QrWhichQemu *qemu,
                        const QrProbeWords *probe) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_which_profiles:
 * @pool: owns what is made
 *
 * Returns: (transfer none): @profiles, with what was learned of @qemu where they lack something and
 *   that was kept
 */
const QrProfiles *qr_which_profiles (const QrWhichQemu *qemu, const QrProfiles *profiles,
                                     QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;
