/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tap.h"

#include <stdio.h>

static guint n_tests, n_failed;

void
tap_result (gboolean good, const char *text)
{
  printf ("%s %u - %s\n", good ? "ok" : "not ok", ++n_tests, text);
  n_failed += !good;
}

void
tap_missing (const char *what, gboolean required)
{
  if (required && g_strcmp0 (g_getenv ("QRISER_TEST_STRICT"), "1") == 0)
    tap_result (FALSE, what);
  else
    printf ("ok %u # SKIP %s\n", ++n_tests, what);
}

int
tap_finish (void)
{
  printf ("1..%u\n", n_tests);
  return n_failed > 0;
}
