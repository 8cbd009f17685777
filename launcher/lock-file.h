/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-file.h: the file with the places that are kept, safe from whoever else is there.
 *
 * From open to close its directory is locked with flock(2), so that of two that read,
 * add and write, each sees what the other wrote. The file is replaced whole: a temporary
 * .FILE.XXXXXXXX.tmp (eight hexadecimal digits) in the same directory is written, synced
 * and renamed, and the directory synced. Killed anywhere, it leaves the old file or the
 * new one, and perhaps a temporary, which the next open removes.
 *
 * What is trusted, root's use no less than others':
 *   the directory   belongs to the effective user or root; group and others may write to
 *                   it only where the sticky bit keeps them from our files
 *   the file        is a regular file, no symbolic link, with one name; it belongs to the
 *                   effective user, and neither group nor others may write to it
 * A file that is not there is one without text; an empty one was cut short.
 *
 * Who may read the directory can hold the lock as well: the wait for it has an end.
 * Knows nothing of what the text means.
 */
#pragma once

#include "diag.h"

typedef struct QrLockFile QrLockFile;

/**
 * qr_lock_file_open:
 * @path: of the file; a directory's name alone is none
 * @wait_ms: how long another may keep the lock; 0: one try
 * @error: code "lock-busy", status UNAVAILABLE: another keeps it; code "lock-path", status
 *   USAGE: the path names no file, or its name is too long for a temporary; code
 *   "lock-directory" and "lock-file", status PERMISSION: not to be trusted, NO_INPUT: no
 *   directory, CONFIG: an empty file, IO: no regular file and other failures; and those of
 *   qr_file_read_open()
 *
 * Returns: (transfer full): or NULL
 */
QrLockFile *qr_lock_file_open (const char *path, guint wait_ms,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees the lock. NULL does nothing. */
void qr_lock_file_close (QrLockFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrLockFile, qr_lock_file_close)

/* What the file holds, NULL: there is none yet. Lent until it is replaced or closed. */
const GString *qr_lock_file_text (const QrLockFile *file);

/**
 * qr_lock_file_replace:
 * @text: @length bytes, at least one
 * @error: code "lock-file", status PERMISSION: the file is read-only or the directory may not
 *   be written; UNAVAILABLE: somebody changed the file without the lock; CONFIG: more than
 *   QR_LIMIT_FILE_BYTES; IO: other failures. But for one the file is as it was: that a
 *   directory with the new file cannot be synced
 *
 * Text that the file holds already is not written again. The file's mode becomes 0600.
 */
gboolean qr_lock_file_replace (QrLockFile *file, const char *text, gsize length,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
