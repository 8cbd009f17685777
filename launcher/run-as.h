/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run-as.h: the user that a line has QEMU become, as something that is done before QEMU starts.
 *
 * QEMU would open everything first; here it opens its files as that user, under a filter that lets
 * it become nobody else. A new root directory cannot be had so, for QEMU itself is outside of it:
 * lines with one leave both to QEMU.
 *
 * Source: QEMU 7.2 and 10.0, os-posix.c, os_set_runas(), os_setup_post().
 */
#pragma once

#include "cmdline.h"

typedef struct
{
  const char *user; /* NULL: QEMU has ours */
  guint argument;
  QrPlace place;
} QrRunAs;

/* What a line leaves to QEMU. */
typedef struct
{
  const char *user; /* of several the last, as QEMU has it; NULL: none */
  const char *root; /* directory, the same */
} QrRunAsLeft;

/* @planned: see qr_run_as_take(). FALSE: it leaves nothing to QEMU, or it is not known what. */
gboolean qr_run_as_left (const QrCmdline *line, gboolean planned, QrPool *pool, QrRunAsLeft *out);

/**
 * qr_run_as_take:
 * @line: lent
 * @planned: its files are read into what QEMU gets; else a line with such files is left as it is
 * @pool: owns what comes out
 * @out: (out): of several the last, as QEMU has it
 *
 * Returns: (transfer none): @line without the options that say so; or @line
 */
const QrCmdline *qr_run_as_take (const QrCmdline *line, gboolean planned, QrPool *pool,
                                 QrRunAs *out);
