/* SPDX-License-Identifier: GPL-2.0-or-later */
/* new-file.h: files that a line asks to be made when they are not there.
 *
 * Each is made without a name (O_TMPFILE) and gets its own when it is whole; one that came to
 * be there meanwhile stays as it is.
 *
 * Source: QEMU docs/interop/qcow2.txt: header of version 3, refcount table and blocks, L1 table.
 */
#pragma once

#include <sys/types.h>

#include "diag.h"

typedef enum
{
  QR_NEW_QCOW2, /* an empty qcow2 image */
  QR_NEW_RAW,   /* zeros, which take no space */
  QR_NEW_COPY,  /* of another file */
} QrNewKind;

typedef struct
{
  QrNewKind kind;
  const char *path;
  guint64 bytes;        /* size of the disk; a multiple of 512 */
  const char *original; /* what is copied, or NULL */
  QrPlace place;        /* where it is asked for */
} QrNewFile;

/* The largest disk of each kind, in bytes. */
guint64 qr_new_file_most (QrNewKind kind);

/* Files that are whole and have no names yet. */
typedef struct QrNewFiles QrNewFiles;

/**
 * qr_new_files_prepare:
 * @files: @n of them; lent
 * @error: placed; status as qr_file_status(), code "new-file"
 *
 * Returns: (transfer full): or NULL, and nothing is left of any of them
 */
QrNewFiles *qr_new_files_prepare (const QrNewFile *files, gsize n,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives them to a user. @error: the same. */
gboolean qr_new_files_own (const QrNewFiles *made, uid_t user, gid_t group,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives them their names. @error: the same. */
gboolean qr_new_files_name (const QrNewFiles *made, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What has no name goes. */
void qr_new_files_free (QrNewFiles *made);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrNewFiles, qr_new_files_free)
