/* SPDX-License-Identifier: GPL-2.0-or-later */
/* defaults.h: what QEMU adds to a line that does not mention it, as words.
 *
 * Which default a line switches off, and what the rest would have been, written
 * out, so that a line with -nodefaults gives the same machine.
 *
 * Source: QEMU system/vl.c, default_list[], default_driver_check(),
 *         qemu_create_default_devices().
 */
#pragma once

#include "drives.h"

/**
 * qr_defaults_find:
 * @cmdline: the user's items; @request has their devices, their needs and whether
 *   defaults are off
 * @drives: has the user's drives
 * @items: (out): what the missing defaults are; argument number 0
 * @error: status REQUEST, code "daemonize-console"
 *
 * With request->leaves_defaults set the defaults that make no PCI device are left to
 * QEMU, for -nodefaults is not written then; the rest are switched off one by one.
 */
gboolean qr_defaults_find (QrRequest *request, const QrCmdline *cmdline, const QrDrives *drives,
                           const QrProfiles *profiles, const QrCmdline **items,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the line names a display adapter that QEMU adds none beside. */
gboolean qr_defaults_name_display (QrRequest *request, const QrCmdline *cmdline,
                                   const QrProfiles *profiles);

/* What QEMU's defaults need of a line that goes through as it is. */
void qr_defaults_note_needs (QrRequest *request, const QrCmdline *cmdline,
                             const QrProfiles *profiles);
