/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display.h: which display adapter firmware lights.
 *
 * Firmware takes the first VGA-class function in bus order; the policies put the
 * primary one first. Without any VGA-class function the first PCI Express
 * display counts.
 *
 * Source: PCI Code and ID Assignment Specification 1.11 (class 03h); SeaBIOS
 *         src/fw/pciinit.c, pci_enable_default_vga().
 */
#pragma once

#include "topology.h"

/**
 * qr_display_mark:
 * @id: (nullable): the user's choice
 * @error: status REQUEST, code "no-such-display"
 *
 * Sets is_vga and is_primary of the devices, and n_vga.
 */
gboolean qr_display_mark (QrTopology *topology, const char *id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first VGA-class function of @order (QrDevice), or NULL. By number it is the one that
 * firmware lights. */
const QrDevice *qr_display_first (const GPtrArray *order);

/* Of a placed topology whose primary display the user chose: warns, with code "primary-display",
 * when firmware will light another VGA-class function. */
void qr_display_check (const QrTopology *topology, GPtrArray *warnings);
