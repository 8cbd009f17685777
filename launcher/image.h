/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image.h: what a disk image is: where it is looked for, and in which format it is.
 *
 * QEMU's own search for a format trusts what a guest may have written into a raw image. Here
 * only the header of qcow2 counts, and one that leads to other files only where the name of the
 * file says so, too.
 *
 * Source: QEMU block.c, path_has_protocol(), bdrv_probe_all(); docs/interop/qcow2.txt, "Header"
 *         and "Header extensions".
 */
#pragma once

#include "diag.h"

typedef enum
{
  QR_IMAGE_ABSENT,
  QR_IMAGE_REMOTE,  /* not a path of the file system: only QEMU knows what is there */
  QR_IMAGE_UNKNOWN, /* no header of qcow2 */
  QR_IMAGE_QCOW2,
  QR_IMAGE_CHAINED, /* qcow2, and leads to another file, though its name does not say qcow2 */
} QrImage;

/* The path in @name, as -drive file= takes it; NULL: it is none, but something that QEMU has
 * another way to. */
const char *qr_image_path (const char *name);

/**
 * qr_image_look:
 * @path: as -drive file= takes it
 * @error: what forbids to look, a file that is no image; status as qr_file_status(), code
 *   "image-read"
 */
gboolean qr_image_look (const char *path, QrImage *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
