/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firmware.h: which firmware starts a guest, by the descriptions that packages of firmware install.
 *
 * Sources: QEMU docs/interop/firmware.json: the form of a description; its text on directories:
 *          files are taken in the order of their names, one of a later directory gives way to one
 *          of the same name before it, and an empty one hides it.
 */
#pragma once

#include "profiles.h"

typedef struct
{
  const char *interface;          /* "uefi" */
  const char *arch;               /* of the guest */
  const char *machine;            /* as -machine has it; NULL: any */
  gboolean secure;                /* Secure Boot, with keys; else without */
  const char *const *directories; /* the first wins; ended by NULL */
} QrFirmwareWish;

typedef struct
{
  gboolean in_flash; /* else a file for the memory */
  gboolean needs_smm;
  const char *code, *code_format;
  const char *vars, *vars_format; /* the template; NULL: there is none */
} QrFirmware;

/**
 * qr_firmware_find:
 * @pool: owns what comes out
 * @error: status CONFIG at a place in a description; status NO_INPUT, code "no-firmware"
 */
gboolean qr_firmware_find (const QrFirmwareWish *wish, const QrProfiles *profiles, QrPool *pool,
                           QrFirmware *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
