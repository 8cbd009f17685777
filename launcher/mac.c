/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mac.h"

#include <string.h>

enum
{
  POOL_FIRST = 0x56,
  POOL_LAST = 0xfe,
};

static const guint8 pool_start[QR_MAC_BYTES - 1] = { 0x52, 0x54, 0x00, 0x12, 0x34 };

gboolean
qr_mac_parse (const char *text, guint8 out[QR_MAC_BYTES])
{
  guint8 mac[QR_MAC_BYTES] = { 0 };
  char *end;
  gint64 number = g_ascii_strtoll (text, &end, 0);

  if (*end == '\0' && number >= 0 && number <= 0xffffff)
    {
      mac[3] = (guint8) (number >> 16);
      mac[4] = (guint8) (number >> 8);
      mac[5] = (guint8) number;
      memcpy (out, mac, sizeof mac);
      return TRUE;
    }
  for (guint i = 0; i < QR_MAC_BYTES; i++)
    {
      guint64 byte = g_ascii_strtoull (text, &end, 16);

      if (!g_ascii_isxdigit (*text) || byte > 0xff
          || (i + 1 < QR_MAC_BYTES ? *end != ':' && *end != '-' : *end != '\0'))
        return FALSE;
      mac[i] = (guint8) byte;
      text = end + 1;
    }
  memcpy (out, mac, sizeof mac);
  return TRUE;
}

void
qr_mac_format (const guint8 mac[QR_MAC_BYTES], char out[QR_MAC_TEXT])
{
  g_snprintf (out, QR_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
              mac[4], mac[5]);
}

gboolean
qr_mac_is_multicast (const guint8 mac[QR_MAC_BYTES])
{
  return (mac[0] & 1) != 0;
}

void
qr_mac_take (QrMacPool *pool, guint8 mac[QR_MAC_BYTES])
{
  static const guint8 unset[QR_MAC_BYTES] = { 0 };

  if (memcmp (mac, unset, QR_MAC_BYTES) == 0)
    {
      guint last = POOL_FIRST;

      while (last <= POOL_LAST && pool->used[last] > 0)
        last++; /* with all in use QEMU hands out ff, again and again */
      memcpy (mac, pool_start, sizeof pool_start);
      mac[5] = (guint8) last;
    }
  if (memcmp (mac, pool_start, sizeof pool_start) == 0)
    pool->used[mac[5]]++;
}
