/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each version of Landlock lacks.  The rest depends on the host: see test-doctor.sh. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "doctor-host.h"
#include "health.h"

typedef struct
{
  int version;
  const char *part; /* of the line */
} Case;

static const Case cases[] = {
  { 0, "landlock  notice  the kernel has no Landlock" },
  { 1, "version 1 of 7, without: moving files between directories (refused), cutting files short, "
       "TCP ports, " },
  { 2, "without: cutting files short, " },
  { 3, "without: TCP ports, ioctl(2) of devices, " },
  { 4, "without: ioctl(2) of devices, abstract UNIX sockets and signals, " },
  { 5, "without: abstract UNIX sockets and signals, records of what QEMU is refused; a newer "
       "kernel has it; --landlock=require is refused" },
  { 6, "version 6 of 7, without: records of what QEMU is refused; a newer kernel has it\n" },
  { 7, "landlock  ok      version 7" },
  { 12, "landlock  ok      version 12" },
};

static void
test_landlock (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) health = qr_health_new ();
      g_autoptr (GString) out = NULL;

      qr_doctor_landlock (cases[i].version, health);
      out = qr_health_render (health, FALSE);
      g_test_message ("%s", out->str);
      g_assert_nonnull (strstr (out->str, cases[i].part));
      g_assert_false (qr_health_is_bad (health));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-host/landlock", test_landlock);
  return g_test_run ();
}
