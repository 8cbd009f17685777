/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user.h: another user for this process, for good.
 *
 * Source: QEMU os-posix.c, os_set_runas() and change_process_uid(); setgroups(2), passwd(5),
 *         group(5).
 */
#pragma once

#include <sys/types.h>

#include "diag.h"

typedef struct
{
  const char *name; /* whose groups it has; NULL: @gid alone */
  uid_t uid;
  gid_t gid;
} QrUser;

/**
 * qr_user_find:
 * @said: a name in passwd(5), or "UID:GID"
 * @place: where that was written
 * @out: (out): its name is @said
 * @error: status REQUEST, code "no-user"
 */
gboolean qr_user_find (const char *said, const QrPlace *place, QrUser *out,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The home of @uid in passwd(5); NULL: it has none there. (transfer full) */
char *qr_user_home (uid_t uid) G_GNUC_WARN_UNUSED_RESULT;

/* Whether this process may become @user, with the errors of that. */
gboolean qr_user_check (const QrUser *user, const QrPlace *place,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_user_become:
 * @error: status PERMISSION, code "user"
 *
 * The real, effective and saved ids and the groups become @user's. Nothing is done where this
 * process has that user and group already: it keeps its other groups.
 */
gboolean qr_user_become (const QrUser *user, const QrPlace *place,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
