/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor-bridge.h: what a tap on a bridge takes of this host.
 *
 * Source: QEMU qemu-bridge-helper.c.
 */
#pragma once

#include <glib.h>

/**
 * qr_doctor_bridge:
 * @root: below which the host's files are looked at; the empty text for the host itself
 * @helper: (nullable): path, with @root, of the program that opens taps on bridges; NULL: not known
 * @etc: directory of the configuration of that QEMU and others
 */
void qr_doctor_bridge (const char *root, const char *helper, const char *etc, GPtrArray *health);
