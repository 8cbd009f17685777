/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hole64.h: what large BARs take of the addresses that a machine keeps for them.
 *
 * Such a BAR lies at a multiple of its size, and the window of a port at a multiple of the
 * largest BAR behind it. BARs that are small find room anywhere and are not counted.
 *
 * Sources: PCI Local Bus 3.0, 6.2.5.1; PCI-to-PCI Bridge Architecture Specification 1.2,
 *          3.2.5.9 (windows of 1 MiB); QEMU util/qemu-config.c, qemu_global_option().
 */
#pragma once

#include "cmdline.h"
#include "topology.h"

typedef struct
{
  const QrDevice *device;
  gboolean known;
  guint64 bytes; /* of its large BARs */
} QrHole64Holder;

typedef struct
{
  gboolean known;                /* the bytes of all of them are */
  guint64 used;                  /* bytes, with what alignment leaves free */
  guint64 limit;                 /* bytes; 0: not known */
  const QrHole64Holder *holders; /* those with unknown bytes first, then the largest */
  guint n_holders;
} QrHole64;

/* @cmdline has the memory backends, and what the machine keeps. What @out points to is of @pool. */
void qr_hole64_measure (const QrTopology *topology, const QrCmdline *cmdline, QrPool *pool,
                        QrHole64 *out);
