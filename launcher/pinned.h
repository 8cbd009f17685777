/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinned.h: the lock file of one call: read before the plan is made, written after.
 *
 * Between the two the file's directory is locked, so that of two that start at once each
 * sees the places of the other.
 */
#pragma once

#include "lock-file.h"
#include "plan.h"

typedef struct
{
  const char *path; /* NULL: no lock file is used */
  QrLockFile *file;
  QrLock *lock; /* NULL: the file is not there yet */
} QrPinned;

/**
 * qr_pinned_open:
 * @path: NULL for none; lent
 * @forgotten: keys, ended by NULL, whose places are freed; or NULL
 * @error: those of qr_lock_file_open() and qr_lock_parse(); status REQUEST, code "lock-key";
 *   status USAGE: something is to be forgotten, and there is no file
 */
gboolean qr_pinned_open (QrPinned *pinned, const char *path, const char *const *forgotten,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_pinned_policy:
 * @asked: the line asks for @policy, so that of the lock must be the same
 * @directory: (nullable): see qr_policy_find()
 * @pool: owns what is read
 * @policy: (inout) (nullable): where there is a lock becomes that of the lock
 * @error: those of qr_policy_read(); code "lock-policy": status REQUEST for another one, CONFIG
 *   for one that is not known
 */
gboolean qr_pinned_policy (const QrPinned *pinned, gboolean asked, const char *directory,
                           const QrProfiles *profiles, QrPool *pool, const QrPolicy **policy,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_pinned_write:
 * @plan: its places are added; NULL: none, the file gets what is left in the lock
 * @error: those of qr_lock_file_replace(); status REQUEST, code "lock-machine"
 *
 * Writes nothing that is there already, and ends the lock on the directory.
 */
gboolean qr_pinned_write (QrPinned *pinned, const QrPlan *plan,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

void qr_pinned_clear (QrPinned *pinned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrPinned, qr_pinned_clear)
