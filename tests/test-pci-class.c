/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Class codes: their words and their beginnings. */
#include "config.h"

#include "pci-class.h"

static void
test_role (void)
{
  g_assert_cmpstr (qr_class_roles[qr_class_role (0x010802)], ==, "storage");
  g_assert_cmpstr (qr_class_roles[qr_class_role (0x030000)], ==, "display");
  g_assert_cmpstr (qr_class_roles[qr_class_role (0x0d8000)], ==, "wireless");
  g_assert_cmpstr (qr_class_roles[qr_class_role (0x0e0000)], ==, "other");
  g_assert_cmpstr (qr_class_roles[qr_class_role (0xff0000)], ==, "other");
  g_assert_cmpstr (qr_class_roles[qr_class_role (QR_CLASS_UNKNOWN)], ==, "other");
}

static void
test_prefix (void)
{
  static const char *const good[] = { "00", "ff", "0C03", "010802" };
  static const char *const bad[] = { "", "1", "020", "01080", "0108020", "0x", "01 8", "0g", "-1" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (qr_class_is_prefix (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (qr_class_is_prefix (bad[i]));
}

static void
test_begins (void)
{
  g_assert_true (qr_class_begins (0x0c0330, "0c"));
  g_assert_true (qr_class_begins (0x0c0330, "0C03"));
  g_assert_true (qr_class_begins (0x0c0330, "0c0330"));
  g_assert_false (qr_class_begins (0x0c0330, "03"));
  g_assert_false (qr_class_begins (0x0c0330, "0c0320"));
  g_assert_true (qr_class_begins (0x000000, "00"));
  g_assert_false (qr_class_begins (QR_CLASS_UNKNOWN, "ff"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pci-class/role", test_role);
  g_test_add_func ("/pci-class/prefix", test_prefix);
  g_test_add_func ("/pci-class/begins", test_begins);
  return g_test_run ();
}
