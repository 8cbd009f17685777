/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desugar.h: what a QEMU command line asks for, said explicitly.
 *
 * Takes items, gives the machine, its properties, the devices in the order QEMU
 * creates them, and the words of a line that makes the same machine without any of
 * QEMU's defaults. Knows what an option leads to (profiles/qemu); knows nothing of
 * places.
 *
 * What could make a PCI device and is not made explicit yet is refused by name:
 * never dropped, never guessed.
 *
 * Source: QEMU system/vl.c, qemu_init(), qemu_create_cli_devices().
 */
#pragma once

#include "request.h"

/* The QEMU that a line is for. */
typedef struct
{
  const char *arch;          /* of its guest; NULL: any */
  const char *version;       /* its own; NULL: not known */
  const QrMachine *standard; /* what a line without a machine means; NULL: not known, and not
                                planned */
} QrTarget;

/**
 * qr_desugar:
 * @pool: owns the strings; the result itself is freed by qr_request_free()
 * @error: status REQUEST; code "not-expanded" for what is refused by name, else of the
 *   option's parser and of nets.h, drives.h and defaults.h
 */
QrRequest *qr_desugar (const QrCmdline *cmdline, const QrProfiles *profiles,
                       const QrTarget *target, QrPool *pool, GError **error) G_GNUC_WARN_UNUSED_RESULT;
