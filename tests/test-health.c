/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of what is well: as text, and as JSON. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "health.h"

static void
test_text (void)
{
  g_autoptr (GPtrArray) health = qr_health_new ();
  g_autoptr (GString) out = NULL;

  qr_health_add (health, "one", QR_HEALTH_OK, NULL, "%d is there", 1);
  qr_health_add (health, "another", QR_HEALTH_NOTICE, NULL, "none");
  g_assert_false (qr_health_is_bad (health));
  qr_health_add (health, "it", QR_HEALTH_FAULT, "do\nit", "bad\033[m");
  g_assert_true (qr_health_is_bad (health));
  out = qr_health_render (health, FALSE);
  g_assert_cmpstr (out->str, ==,
                   "one      ok      1 is there\n"
                   "another  notice  none\n"
                   "it       fault   bad\\x1b[m; do\\x0ait\n");
}

static void
test_json (void)
{
  g_autoptr (GPtrArray) health = qr_health_new ();
  g_autoptr (GString) none = qr_health_render (health, TRUE), out = NULL;

  g_assert_cmpstr (none->str, ==, "[\n]\n");
  qr_health_add (health, "one", QR_HEALTH_OK, NULL, "\"%s\"", "a");
  qr_health_add (health, "it", QR_HEALTH_FAULT, "do it", "bad \xff");
  out = qr_health_render (health, TRUE);
  g_assert_cmpstr (
      out->str, ==,
      "[\n"
      "  { \"check\": \"one\", \"state\": \"ok\", \"message\": \"\\\"a\\\"\", "
      "\"hint\": null },\n"
      "  { \"check\": \"it\", \"state\": \"fault\", \"message\": \"bad \xef\xbf\xbd\", "
      "\"hint\": \"do it\" }\n"
      "]\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/text", test_text);
  g_test_add_func ("/health/json", test_json);
  return g_test_run ();
}
