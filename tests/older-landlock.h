/* SPDX-License-Identifier: GPL-2.0-or-later */
/* older-landlock.h: a kernel whose Landlock is an older version than the real one, for one thread.
 *
 * Source: Linux Documentation/userspace-api/landlock.rst, "Previous limitations";
 *         security/landlock/syscalls.c.
 */
#pragma once

#include <glib.h>

/* What was asked of it. */
typedef struct
{
  int version;
  guint64 fs, net, scoped; /* handled by the rule set that was made */
  guint64 flags;           /* of landlock_restrict_self(2) */
} OlderLandlock;

enum
{
  OLDER_NEWEST = 7, /* version that is known here */
};

/* From now on the calling thread sees @older->version, which is not above the kernel's own. Needs
 * no_new_privs. FALSE: no such kernel can be had here. */
gboolean older_landlock_enter (OlderLandlock *older) G_GNUC_WARN_UNUSED_RESULT;

/* What a version knows: rights on files, ports, scopes. */
guint64 older_landlock_fs (int version);
guint64 older_landlock_net (int version);
guint64 older_landlock_scoped (int version);
