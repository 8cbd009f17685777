/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pairs.h: options that stand for a back end and the device in front of it.
 *
 * -virtfs FSDRIVER,...,mount_tag=TAG  becomes -fsdev FSDRIVER,...,id=ID and a device on it
 * -audio DRIVER,...,model=MODEL       becomes -audiodev DRIVER,...,id=ID and sound devices on it
 *
 * What QEMU would refuse stays as it is. Which options these are is data.
 *
 * Source: QEMU system/vl.c, qemu_init(), QEMU_OPTION_virtfs and QEMU_OPTION_audio;
 *         hw/audio/soundhw.c, select_soundhw() and soundhw_init(); hw/audio/intel-hda.c,
 *         intel_hda_and_codec_init().
 */
#pragma once

#include "request.h"

/**
 * qr_pairs_share:
 * @item: shares a directory
 * @error: status REQUEST, code "utf8", or of the option's syntax
 *
 * The device is created in its turn among those of -device.
 */
gboolean qr_pairs_share (QrRequest *request, const QrItem *item, const QrProfiles *profiles,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A sound card that an option asks for. */
typedef struct
{
  const QrItem *item;
  const QrModel *model; /* NULL: none */
  const char *id;       /* of its back end */
} QrSound;

/**
 * qr_pairs_sound:
 * @item: chooses how sound is played
 * @sound: (inout): gets the card, if there is one
 * @error: status REQUEST, code "option-syntax" for a second card, "utf8", or of the option's syntax
 *
 * Adds the back end only: the card comes after all network adapters.
 */
gboolean qr_pairs_sound (QrRequest *request, const QrItem *item, const QrProfiles *profiles,
                         QrSound *sound, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the devices of @sound, if it has any. */
void qr_pairs_add_card (QrRequest *request, const QrSound *sound, const QrProfiles *profiles);
