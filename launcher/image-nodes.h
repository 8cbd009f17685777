/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image-nodes.h: which of a line's block devices opens an image as a format.
 *
 * Block devices stand on each other by dotted keys, by JSON or by their names. Only a format that
 * somebody wrote for just that image is one: what QEMU would search for, a guest can have written.
 * Opens nothing.
 *
 * Source: QEMU block.c, bdrv_open_inherit(), bdrv_fill_options(), bdrv_open_backing_file();
 *         qapi/block-core.json.
 */
#pragma once

#include "cmdline.h"
#include "image-chain.h"

/* An image that an argument names. */
typedef struct
{
  const QrCmdline *cmdline;
  const QrItem *item;
  const QrOptList *opts;      /* of that */
  const char *const *formats; /* keys that say a format of the whole argument; NULL: none does */
  const char *written;        /* the dotted key that has the path */
  QrPool *pool;
} QrImageUse;

/* A block device. */
typedef struct
{
  const QrOptList *opts;
  const char *at; /* keys that lead to it, each with a dot behind; "": it is the argument itself */
  QrPool *pool;
} QrImageNode;

/* The format of the image, and the block device that is of it; NULL: nobody says one. */
const char *qr_image_format (const QrImageUse *use, QrImageNode *out) G_GNUC_WARN_UNUSED_RESULT;

/* What the line says of the QrImageNode @data: a QrImageAsk. */
void qr_image_node_ask (guint depth, QrImageSaid *out, gpointer data);

/* Whether others stand on the image at the key @written. */
gboolean qr_image_is_below (const char *written);
