/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr= as QEMU's set_pci_devfn() reads it. */
#include "config.h"

#include "testlib.h"

#include "bounds.h"

static const struct
{
  const char *text;
  guint slot, function;
} good[] = {
  { "0", 0, 0 },      { "00", 0, 0 },     { "1", 1, 0 },      { "1f", 31, 0 },    { "1F", 31, 0 },
  { "1f.7", 31, 7 },  { "0x1f.7", 31, 7 }, { "0X2", 2, 0 },   { "1c.0x3", 28, 3 }, { "10", 16, 0 },
  { "0.7", 0, 7 },    { "000000000000001f", 31, 0 },          { "a", 10, 0 },     { "0xa.1", 10, 1 },
  { "1.01", 1, 1 },   { "+1", 1, 0 },     { " 1", 1, 0 },
};

static const struct
{
  const char *text, *code, *message;
  gsize bad;
} refused[] = {
  { "", "addr-syntax", "\"\" is not a PCI address", 0 },
  { "x", "addr-syntax", "\"x\" is not a PCI address", 0 },
  { "0x", "addr-syntax", "\"0x\" is not a PCI address", 0 },
  { "1.", "addr-syntax", "\"1.\" is not a PCI address", 2 },
  { ".1", "addr-syntax", "\".1\" is not a PCI address", 0 },
  { "2.0.0", "addr-syntax", "\"2.0.0\" is not a PCI address", 3 },
  { "1.x", "addr-syntax", "\"1.x\" is not a PCI address", 2 },
  { "1.0x", "addr-syntax", "\"1.0x\" is not a PCI address", 2 },
  { "1 ", "addr-syntax", "\"1 \" is not a PCI address", 1 },
  { "1g", "addr-syntax", "\"1g\" is not a PCI address", 1 },
  { "pci.0", "addr-syntax", "\"pci.0\" is not a PCI address", 0 },
  { "00:1c.0", "addr-syntax", "\"00:1c.0\" is not a PCI address", 2 },
  { "-1", "addr-syntax", "\"-1\" is not a PCI address", 0 },
  { "0x0x1", "addr-syntax", "\"0x0x1\" is not a PCI address", 3 },
  { "20", "addr-range", "there is no slot \"20\"", 0 },
  { "20.0", "addr-range", "there is no slot \"20\"", 0 },
  { "0x20.1", "addr-range", "there is no slot \"0x20\"", 0 },
  { "100000000", "addr-range", "there is no slot \"100000000\"", 0 },
  { "10000000000000001", "addr-range", "there is no slot \"10000000000000001\"", 0 },
  { "1f.8", "addr-range", "there is no function \"8\"", 3 },
  { "1.10", "addr-range", "there is no function \"10\"", 2 },
  { "0.100000000", "addr-range", "there is no function \"100000000\"", 2 },
};

static void
test_good (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), bad = 77;
  GError *error = NULL;
  QrPciAddr addr;

  g_assert_true (qr_pci_addr_parse (good[i].text, &addr, &bad, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (addr.slot, ==, good[i].slot);
  g_assert_cmpuint (addr.function, ==, good[i].function);
  g_assert_cmpuint (bad, ==, 77);
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), bad = 77;
  QrPciAddr addr = { 9, 9 };
  GError *error = NULL;

  g_assert_false (qr_pci_addr_parse (refused[i].text, &addr, &bad, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, refused[i].message);
  g_assert_cmpuint (bad, ==, refused[i].bad);
  g_assert_cmpuint (addr.slot, ==, 9);
  test_error_code (&error, QR_STATUS_REQUEST, refused[i].code, "");
}

static void
test_hints (void)
{
  GError *error = NULL;
  QrPciAddr addr;
  gsize bad;

  g_assert_false (qr_pci_addr_parse ("x", &addr, &bad, &error));
  test_error_is (&error, "qriser: error: \"x\" is not a PCI address\n"
                         "  hint: write addr=SLOT or addr=SLOT.FUNCTION, in hexadecimal\n");
  g_assert_false (qr_pci_addr_parse ("32", &addr, &bad, &error));
  test_error_is (&error, "qriser: error: there is no slot \"32\"\n"
                         "  hint: slots go from 0 to 1f; addr= is hexadecimal\n");
  g_assert_false (qr_pci_addr_parse ("1.9", &addr, &bad, &error));
  test_error_is (&error, "qriser: error: there is no function \"9\"\n"
                         "  hint: functions go from 0 to 7\n");
}

/* Every address comes back from its text and from its devfn. */
static void
test_round_trip (void)
{
  for (guint devfn = 0; devfn < QR_PCI_DEVFNS; devfn++)
    {
      QrPciAddr addr = qr_pci_addr_from_devfn (devfn), again;
      char text[QR_PCI_ADDR_TEXT];
      GError *error = NULL;
      gsize bad;

      g_assert_true (qr_pci_addr_parse (qr_pci_addr_format (addr, text), &again, &bad, &error));
      g_assert_cmpuint (qr_pci_addr_devfn (again), ==, devfn);
    }
}

static void
test_format (void)
{
  char text[QR_PCI_ADDR_TEXT];

  g_assert_cmpstr (qr_pci_addr_format ((QrPciAddr){ 0, 0 }, text), ==, "00.0");
  g_assert_cmpstr (qr_pci_addr_format ((QrPciAddr){ 28, 3 }, text), ==, "1c.3");
  g_assert_cmpstr (qr_pci_addr_format ((QrPciAddr){ 31, 7 }, text), ==, "1f.7");
}

static const struct
{
  const char *path;
  gboolean is_good;
} paths[] = {
  { "00:00.0", TRUE }, { "00:1c.0/00.0", TRUE }, { "fe:1f.7/1f.7/00.0", TRUE }, { "", FALSE },
  { "0", FALSE }, { "00", FALSE }, { "00:", FALSE }, { "00:0", FALSE }, { "00:00", FALSE },
  { "00:00.", FALSE }, { "00:1c.0/", FALSE }, { "00:1c.0/0", FALSE }, { "00:1c.0/00", FALSE },
  { "00:1c.0/00.", FALSE }, { "00:1c.0//00.0", FALSE }, { "/00.0", FALSE }, { "1c.0", FALSE },
  { "00:1C.0", FALSE }, { "FE:00.0", FALSE }, { "00:20.0", FALSE }, { "00:0g.0", FALSE },
  { "00:1c.8", FALSE }, { "00:1c.00", FALSE }, { "00:c.0", FALSE }, { "0:1c.0", FALSE },
  { "000:1c.0", FALSE }, { "00:1c.0 ", FALSE }, { " 00:1c.0", FALSE }, { "00:1c.0/00:00.0", FALSE },
  { "0000:00:1c.0", FALSE }, { "g0:00.0", FALSE }, { "00.00.0", FALSE }, { "00:0x.0", FALSE },
};

static void
test_path (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpint (qr_pci_path_is_good (paths[i].path), ==, paths[i].is_good);
}

/* As many elements as buses, and one more. */
static void
test_long_path (void)
{
  GString *path = g_string_new ("00:00.0");

  for (guint i = 1; i < QR_LIMIT_PCI_BUSES; i++)
    g_string_append (path, "/00.0");
  g_assert_true (qr_pci_path_is_good (path->str));
  g_string_append (path, "/00.0");
  g_assert_false (qr_pci_path_is_good (path->str));
  g_string_free (path, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *name = g_strdup_printf ("/pci-addr/good/%" G_GSIZE_FORMAT "-%s", i, good[i].text);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_good);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name
          = g_strdup_printf ("/pci-addr/refused/%" G_GSIZE_FORMAT "-%s", i, refused[i].text);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *name = g_strdup_printf ("/pci-addr/path/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_path);
    }
  g_test_add_func ("/pci-addr/long-path", test_long_path);
  g_test_add_func ("/pci-addr/hints", test_hints);
  g_test_add_func ("/pci-addr/round-trip", test_round_trip);
  g_test_add_func ("/pci-addr/format", test_format);
  return g_test_run ();
}
