/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.h: reads a whole file that somebody named.
 *
 * Knows open(2) and QR_LIMIT_FILE_BYTES. Knows nothing of what the text means.
 */
#pragma once

#include <sys/stat.h>

#include "diag.h"

/**
 * qr_file_read:
 * @info: (out) (optional): of the file that was read
 * @error: a missing file NO_INPUT, a forbidden one PERMISSION, one that is no regular file
 *   and other failures IO, one larger than QR_LIMIT_FILE_BYTES CONFIG; code "file-type",
 *   "file-size" or "file-read"
 *
 * Waits for nothing.
 *
 * Returns: (transfer full): the bytes, or NULL
 */
GString *qr_file_read (const char *path, struct stat *info,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of what was given to be read: also a pipe or a device, which is waited for, and
 * with "-" standard input. */
GString *qr_file_read_input (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_file_read_open:
 * @fd: an open regular file, from where it stands; stays open
 * @path: its name for errors
 * @error: as qr_file_read(), code "file-size" or "file-read"
 *
 * Returns: (transfer full): the bytes, or NULL
 */
GString *qr_file_read_open (int fd, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The status for an errno of a file that somebody named. */
QrStatus qr_file_status (int code);
