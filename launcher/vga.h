/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vga.h: the display adapter of the board, said as a device.
 *
 * Knows the option's models and what may stand behind them; no option by its name.
 *
 * Source: QEMU system/vl.c, select_vgahw(), and hw/display/vga.c, vga_common_init(): what stands
 *         behind the name is for every adapter of the machine.
 */
#pragma once

#include "request.h"

/* Whether @item asks for a display adapter. */
gboolean qr_vga_is_there (const QrItem *item);

/**
 * qr_vga_expand:
 * @item: the last of the line that names an adapter; the others count for nothing
 *
 * Adds its device to @request, and what stands behind the name as an option that makes none. What
 * QEMU refuses goes to it as it is.
 */
void qr_vga_expand (QrRequest *request, const QrItem *item, const QrProfiles *profiles);
