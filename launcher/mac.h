/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mac.h: Ethernet addresses as QEMU reads and hands them out.
 *
 * Knows the text forms and QEMU's pool of 52:54:00:12:34:56 to fe.
 *
 * Source: QEMU net/net.c, net_parse_macaddr(), qemu_macaddr_default_if_unset().
 */
#pragma once

#include <glib.h>

enum
{
  QR_MAC_BYTES = 6,
  QR_MAC_TEXT = 18, /* with the NUL */
};

/* How often each last byte of the pool is in use. */
typedef struct
{
  guint used[256];
} QrMacPool;

/* FALSE when @text is no address: six hexadecimal bytes between ":" or "-", or a
 * whole number for the last three bytes; nothing at all is the number 0. */
gboolean qr_mac_parse (const char *text, guint8 out[QR_MAC_BYTES]) G_GNUC_WARN_UNUSED_RESULT;

void qr_mac_format (const guint8 mac[QR_MAC_BYTES], char out[QR_MAC_TEXT]);

/* Whether it is meant for several; no adapter can have it. */
gboolean qr_mac_is_multicast (const guint8 mac[QR_MAC_BYTES]);

/* An adapter takes its turn: an address of all zeroes becomes the lowest free one of the
 * pool, and one of the pool counts as used from now on. */
void qr_mac_take (QrMacPool *pool, guint8 mac[QR_MAC_BYTES]);
