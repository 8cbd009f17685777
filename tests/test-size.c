/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "size.h"

static const struct
{
  const char *text;
  gboolean good;
  guint64 bytes;
} cases[] = {
  { "0", TRUE, 0 },
  { "4096", TRUE, 4096 },
  { "0x1000", TRUE, 4096 },
  { "4k", TRUE, 4096 },
  { "4K", TRUE, 4096 },
  { "7B", TRUE, 7 },
  { "16M", TRUE, 16 * 1024 * 1024 },
  { "32G", TRUE, G_GUINT64_CONSTANT (32) << 30 },
  { "1t", TRUE, G_GUINT64_CONSTANT (1) << 40 },
  { "7E", TRUE, G_GUINT64_CONSTANT (7) << 60 },
  { "8E", FALSE, 0 },
  { "9223372036854775807", TRUE, G_MAXINT64 },
  { "9223372036854775808", FALSE, 0 },
  { "99999999999999999999", FALSE, 0 },
  { "", FALSE, 0 },
  { "K", FALSE, 0 },
  { "-1", FALSE, 0 },
  { "+1", FALSE, 0 },
  { " 1", FALSE, 0 },
  { "1 ", FALSE, 0 },
  { "1.5G", FALSE, 0 },
  { "1KiB", FALSE, 0 },
  { "1x", FALSE, 0 },
};

static void
test_parse (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint64 bytes = 0;

  g_assert_cmpint (qr_size_parse (cases[i].text, &bytes), ==, cases[i].good);
  g_assert_cmpuint (bytes, ==, cases[i].bytes);
}

static void
test_format (void)
{
  static const struct
  {
    guint64 bytes;
    const char *text;
  } texts[] = { { 0, "0 bytes" }, { 1000, "1000 bytes" }, { 4096, "4 KiB" }, { 1536 * 1024, "1536 KiB" },
                { G_GUINT64_CONSTANT (48) << 30, "48 GiB" }, { G_GUINT64_CONSTANT (3) << 60, "3 EiB" } };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = qr_size_format (texts[i].bytes);

      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/size/parse/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_parse);
    }
  g_test_add_func ("/size/format", test_format);
  return g_test_run ();
}
