/* SPDX-License-Identifier: GPL-2.0-or-later */
/* size.h: numbers of bytes as QEMU writes them: "65536", "0x10000", "64K", "4G".
 *
 * Source: QEMU util/cutils.c, qemu_strtosz(). Fractions, which it takes too, are not read.
 */
#pragma once

#include <glib.h>

/* FALSE when @text is no such number, or one of more than 63 bits. */
gboolean qr_size_parse (const char *text, guint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* "64 GiB", in the largest unit that gives a whole number. (transfer full) */
char *qr_size_format (guint64 bytes) G_GNUC_WARN_UNUSED_RESULT;
