/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which versions qriser was tried with. */
#include "config.h"

#include <glib.h>

#include "doctor-qemu.h"

static void
test_tried (void)
{
  static const char *const tried[]
      = { "7.2", "7.2.0", "7.2.22", "7.10", "8.0.0", "9.9.9", "10.0", "10.0.13" };
  static const char *const others[]
      = { "5.1", "6.9", "7.1.90", "7", "10.1", "10.1.0", "11.0.0", "100.0" };

  for (gsize i = 0; i < G_N_ELEMENTS (tried); i++)
    g_assert_true (qr_doctor_is_tried (tried[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (qr_doctor_is_tried (others[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-qemu/tried", test_tried);
  return g_test_run ();
}
