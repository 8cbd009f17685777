/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ethernet addresses as QEMU reads them and hands them out. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "mac.h"

/* @address NULL: refused. */
static const struct
{
  const char *text, *address;
} cases[] = {
  { "52:54:00:12:34:56", "52:54:00:12:34:56" },
  { "52-54-00-12-34-56", "52:54:00:12:34:56" },
  { "52:54-00:12-34:56", "52:54:00:12:34:56" },
  { "aA:Bb:cC:Dd:eE:Ff", "aa:bb:cc:dd:ee:ff" },
  { "2:0:0:0:0:1", "02:00:00:00:00:01" },
  { "002:000:00:0:0:0fe", "02:00:00:00:00:fe" },
  { "0x52:0x54:0:0x12:0X34:56", "52:54:00:12:34:56" },
  { "00:00:00:00:00:00", "00:00:00:00:00:00" },
  { "ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff" },
  { "1", "00:00:00:00:00:01" }, /* QEMU sets the last three bytes only */
  { "0", "00:00:00:00:00:00" },
  { "", "00:00:00:00:00:00" },
  { "1193046", "00:00:00:12:34:56" },
  { "0x123456", "00:00:00:12:34:56" },
  { "0xffffff", "00:00:00:ff:ff:ff" },
  { "010", "00:00:00:00:00:08" },
  { " 1", "00:00:00:00:00:01" },
  { "+1", "00:00:00:00:00:01" },
  { "0x1000000", NULL },
  { "16777216", NULL },
  { "-1", NULL },
  { "99999999999999999999", NULL },
  { "08", NULL },
  { "1 ", NULL },
  { " ", NULL },
  { "x", NULL },
  { "52", "00:00:00:00:00:34" },
  { "52:", NULL },
  { "52:54:00:12:34", NULL },
  { "52:54:00:12:34:", NULL },
  { "52:54:00:12:34:56:", NULL },
  { "52:54:00:12:34:56:78", NULL },
  { "52:54:00:12:34:56 ", NULL },
  { "52:54:00:12:34:5g", NULL },
  { "52.54.00.12.34.56", NULL },
  { "525400123456", NULL },
  { "52:54:00:12:34:100", NULL }, /* QEMU drops the upper bits of these two */
  { "152:54:00:12:34:56", NULL },
  { "52:54::12:34:56", NULL }, /* QEMU takes an empty byte for 0, and blanks and signs */
  { ":::::", NULL },
  { "52: 54:00:12:34:56", NULL },
  { "52:+54:00:12:34:56", NULL },
  { "-52:54:00:12:34:56", NULL },
};

static void
test_parse (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint8 mac[QR_MAC_BYTES] = { 1, 2, 3, 4, 5, 6 };
  char text[QR_MAC_TEXT];
  gboolean good = qr_mac_parse (cases[i].text, mac);

  qr_mac_format (mac, text);
  g_assert_cmpint (good, ==, cases[i].address != NULL);
  g_assert_cmpstr (text, ==, good ? cases[i].address : "01:02:03:04:05:06");
}

static const struct
{
  const char *text;
  gboolean multicast;
} casts[] = {
  { "ff:ff:ff:ff:ff:ff", TRUE },  { "01:00:5e:00:00:01", TRUE }, { "33:33:00:00:00:01", TRUE },
  { "52:54:00:12:34:56", FALSE }, { "00:00:00:00:00:00", FALSE }, { "fe:ff:ff:ff:ff:ff", FALSE },
  { "02:01:01:01:01:01", FALSE }, { "0xffffff", FALSE },
};

static void
test_cast (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint8 mac[QR_MAC_BYTES];

  g_assert_true (qr_mac_parse (casts[i].text, mac));
  g_assert_cmpint (qr_mac_is_multicast (mac), ==, casts[i].multicast);
}

/* Adapters in their order, "0" for one without an address; what each gets. */
static const struct
{
  const char *name, *asked, *got;
} orders[] = {
  { "first", "0", "52:54:00:12:34:56" },
  { "lowest", "0 0 0", "52:54:00:12:34:56 52:54:00:12:34:57 52:54:00:12:34:58" },
  { "zeroes-are-unset", "00:00:00:00:00:00 0", "52:54:00:12:34:56 52:54:00:12:34:57" },
  { "explicit-is-kept", "02:00:00:00:00:01 0", "02:00:00:00:00:01 52:54:00:12:34:56" },
  { "explicit-in-the-pool", "52:54:00:12:34:56 0", "52:54:00:12:34:56 52:54:00:12:34:57" },
  { "explicit-ahead", "52:54:00:12:34:57 0 0",
    "52:54:00:12:34:57 52:54:00:12:34:56 52:54:00:12:34:58" },
  { "explicit-twice", "52:54:00:12:34:56 52:54:00:12:34:56 0",
    "52:54:00:12:34:56 52:54:00:12:34:56 52:54:00:12:34:57" },
  { "explicit-after", "0 52:54:00:12:34:56 0",
    "52:54:00:12:34:56 52:54:00:12:34:56 52:54:00:12:34:57" },
  { "same-byte-of-another", "52:54:00:12:35:56 0", "52:54:00:12:35:56 52:54:00:12:34:56" },
  { "below-the-pool", "52:54:00:12:34:55 0", "52:54:00:12:34:55 52:54:00:12:34:56" },
  { "above-the-pool", "52:54:00:12:34:ff 0", "52:54:00:12:34:ff 52:54:00:12:34:56" },
};

static void
test_order (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) asked = g_strsplit (orders[i].asked, " ", -1);
  g_autoptr (GString) got = g_string_new (NULL);
  QrMacPool pool = { { 0 } };

  for (char **text = asked; *text != NULL; text++)
    {
      guint8 mac[QR_MAC_BYTES];
      char out[QR_MAC_TEXT];

      g_assert_true (qr_mac_parse (*text, mac));
      qr_mac_take (&pool, mac);
      qr_mac_format (mac, out);
      g_string_append_printf (got, "%s%s", got->len == 0 ? "" : " ", out);
    }
  g_assert_cmpstr (got->str, ==, orders[i].got);
}

/* 169 have an address each; all later ones share ff. */
static void
test_used_up (void)
{
  QrMacPool pool = { { 0 } };
  guint8 mac[QR_MAC_BYTES];

  for (guint last = 0x56; last <= 0xfe; last++)
    {
      memset (mac, 0, sizeof mac);
      qr_mac_take (&pool, mac);
      g_assert_cmpuint (mac[5], ==, last);
    }
  for (guint i = 0; i < 3; i++)
    {
      memset (mac, 0, sizeof mac);
      qr_mac_take (&pool, mac);
      g_assert_cmpuint (mac[5], ==, 0xff);
      g_assert_cmpuint (mac[0], ==, 0x52);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/mac/parse/%" G_GSIZE_FORMAT "-%s", i, cases[i].text);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_parse);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (casts); i++)
    {
      g_autofree char *name = g_strdup_printf ("/mac/multicast/%s", casts[i].text);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_cast);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *name = g_strdup_printf ("/mac/order/%s", orders[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_order);
    }
  g_test_add_func ("/mac/used-up", test_used_up);
  return g_test_run ();
}
