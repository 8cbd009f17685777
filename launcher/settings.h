/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h: what configuration files say, for the name the program was called by.
 *
 *   [qriser]           for all names
 *   [name "argv0"]     for one, before [qriser]; like = "OTHER" takes OTHER's, too
 *
 * with the keys of the table in settings.c. The system's file comes first; the user's
 * may tighten confinement, and loosen it where the system's has allow-user-loosen=on.
 * Files must belong to whom they speak for and not be writable by others.
 */
#pragma once

#include "profiles.h"
#include "readconfig.h"

typedef struct
{
  const char *qemu, *qemu_version, *policy, *seccomp; /* NULL: not said */
  QrPlace qemu_place, policy_place;
  const char *landlock; /* a name of qr_landlock_modes, or NULL */
  gboolean allow_user_loosen;
} QrSettings;

typedef struct
{
  const char *path; /* NULL: there is none */
  guint owner;      /* user id that it must belong to */
  gboolean is_system;
} QrSettingsFile;

/**
 * qr_settings_read:
 * @files: the system's, then the user's; one that is not there says nothing
 * @name: the program's
 * @pool: owns what comes out
 * @error: of the file (status CONFIG when it has a wrong type, owner, mode or text)
 */
gboolean qr_settings_read (const QrSettingsFile *files, gsize n, const char *name,
                           const QrProfiles *profiles, QrPool *pool, QrSettings *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
