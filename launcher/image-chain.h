/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image-chain.h: the files that a qcow2 image leads to.
 *
 * A guest can write anything into a raw image, a header of qcow2 with a backing file of its choice
 * too. So the header of an image counts only where somebody has said that it is qcow2: on the
 * line, or in the header of an image for which that holds.
 *
 * Source: QEMU docs/interop/qcow2.txt, "Header" and "Header extensions"; block.c, bdrv_open_backing
 *         _file() and path_combine(); block/qcow2.c, qcow2_do_open(), "data-file"; block/vmdk.c,
 *         vmdk_probe(), vmdk_open_vmdk4() and vmdk_parent_open().
 */
#pragma once

#include "diag.h"
#include "pool.h"

typedef struct
{
  const char *path;
  gboolean is_data;   /* of the image itself; FALSE: of an image that it stands on, only read */
  const char *format; /* that it is said to have; NULL: none */
} QrImageLink;

/* What the line says of one image of a chain, which counts more than its header. */
typedef struct
{
  gboolean backing;   /* on what it stands */
  gboolean data;      /* where its data is */
  const char *format; /* of the one that the header says it stands on; NULL: nothing */
} QrImageSaid;

/* @depth: how many stand on it; @out: all zero */
typedef void (*QrImageAsk) (guint depth, QrImageSaid *out, gpointer data);

/**
 * qr_image_chain:
 * @path: a qcow2 image
 * @ask: (nullable): the line says nothing
 * @data: of @ask
 * @out: gets QrImageLink
 * @error: what cannot be followed; status UNAVAILABLE, code "image-chain"
 *
 * A file that is not there, cannot be read or is no qcow2 image leads nowhere: QEMU says so itself.
 */
gboolean qr_image_chain (const char *path, QrImageAsk ask, gpointer data, QrPool *pool, GArray *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The format of @path by its header, which a guest can have written, if it leads to other files
 * then; else NULL. */
const char *qr_image_leads (const char *path);
