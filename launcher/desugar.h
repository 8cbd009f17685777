/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desugar.h: what a QEMU command line asks for, said explicitly.
 *
 * Takes items, gives the machine, its properties and the devices in the order
 * QEMU creates them. Knows what an option leads to (profiles/qemu); knows
 * nothing of places.
 *
 * What could make a PCI device and is not made explicit yet is refused by name:
 * never dropped, never guessed.
 *
 * Source: QEMU system/vl.c, qemu_init(), qemu_create_cli_devices().
 */
#pragma once

#include "cmdline.h"

typedef struct
{
  const QrItem *item;
  gsize index; /* of the item in the command line */
  const QrOptList *opts;
} QrDeviceRequest;

typedef struct
{
  gboolean informs;    /* QEMU would print something and end: nothing to plan */
  const char *machine; /* type as written, or NULL */
  QrPlace machine_place;
  GPtrArray *machine_opts; /* QrOptList of each -machine, in order */
  GArray *devices;         /* QrDeviceRequest, in the order QEMU creates them */
  gboolean nodefaults;
  const QrItem *incoming; /* the option that brings a saved state, or NULL */
  const QrItem *spawns;   /* the first that the sandbox refuses, or NULL */
  const char *spawns_hint;
} QrRequest;

/**
 * qr_desugar:
 * @pool: owns the strings; the result itself is freed by qr_request_free()
 * @error: status REQUEST; code "not-expanded" or "default-device" for what is
 *   refused by name, else of the option's parser
 */
QrRequest *qr_desugar (const QrCmdline *cmdline, const QrProfiles *profiles, QrPool *pool,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void qr_request_free (QrRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrRequest, qr_request_free)

/* The machine property @name ("_" equals "-"), the last one given; or NULL. */
const QrOpt *qr_request_machine_property (const QrRequest *request, const char *name,
                                          const QrOptList **list);
