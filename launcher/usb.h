/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usb.h: the USB controller that a board makes where QEMU finds a place, said explicitly.
 *
 * The machine's property is turned off, and the controller and what is plugged into it become
 * devices; so do the devices of options that QEMU plugs into the first controller there is. On
 * machines with a controller at a fixed place all that stays as it is.
 *
 * Source: QEMU hw/ppc/spapr.c, spapr_machine_init(); hw/usb/bus.c, usbdevice_create().
 */
#pragma once

#include "request.h"

/**
 * qr_usb_expand:
 * @line: with the defaults
 * @display: the machine has a display adapter
 * @error: status REQUEST, code "not-expanded": a device that is not known
 */
gboolean qr_usb_expand (QrRequest *request, const QrCmdline *line, gboolean display,
                        const QrProfiles *profiles, GError **error) G_GNUC_WARN_UNUSED_RESULT;
