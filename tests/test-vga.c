/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The display adapter of the board: what it is, and what stands behind its name. */
#include "config.h"

#include "testlib.h"
#include "vga.h"

static const struct
{
  const char *name, *value;
  const char *option; /* what stays of it; NULL: nothing */
  const char *driver; /* NULL: none */
} cases[] = {
  { "std", "std", NULL, "VGA" },
  { "virtio", "virtio", NULL, "virtio-vga" },
  { "none", "none", NULL, NULL },
  { "tail", "cirrus,retrace=dumb", "none,retrace=dumb", "cirrus-vga" },
  { "tails", "cirrus,retrace=dumb,retrace=precise", "none,retrace=dumb,retrace=precise", "cirrus-vga" },
  { "tail-of-none", "none,retrace=dumb", "none,retrace=dumb", NULL },
  { "tail-unknown", "std,retrace=dumb,x", "std,retrace=dumb,x", NULL },
  { "tail-longer", "std,retrace=dumbs", "std,retrace=dumbs", NULL },
  { "tail-shorter", "std,retrace=dum", "std,retrace=dum", NULL },
  { "tail-empty", "std,", "std,", NULL },
  { "unknown", "nonsense", "nonsense", NULL },
  { "unknown-tail", "nonsense,retrace=dumb", "nonsense,retrace=dumb", NULL },
  { "empty", "", "", NULL },
  { "only-tail", ",retrace=dumb", ",retrace=dumb", NULL },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);
  const QrItem item = { .option = qr_profiles_verb_option (&qr_profiles_builtin, QR_VERB_VGA), .word = "-vga",
                        .value = cases[i].value, .argument = 1 };
  const GPtrArray *body = request->zones[QR_ZONE_BODY];

  qr_vga_expand (request, &item, &qr_profiles_builtin);
  g_assert_cmpuint (body->len, ==, cases[i].option != NULL);
  if (cases[i].option != NULL)
    g_assert_cmpstr (((const QrLine *) body->pdata[0])->value, ==, cases[i].option);
  g_assert_cmpuint (request->devices->len, ==, cases[i].driver != NULL);
  if (cases[i].driver != NULL)
    g_assert_cmpstr (qr_optlist_get (g_array_index (request->devices, QrDeviceRequest, 0).opts, "driver"), ==,
                     cases[i].driver);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/vga/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  return g_test_run ();
}
