/* SPDX-License-Identifier: GPL-2.0-or-later */
/* new-file.h: files that a line asks to be made when they are not there.
 *
 * Each is made without a name (O_TMPFILE) and gets its own when it is whole; one that came to
 * be there meanwhile stays as it is.
 *
 * Source: QEMU docs/interop/qcow2.txt: header of version 3, refcount table and blocks, L1 table.
 */
#pragma once

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

/**
 * qr_new_file_make:
 * @error: placed; status as qr_file_status(), code "new-file"
 */
gboolean qr_new_file_make (const QrNewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
