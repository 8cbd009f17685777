/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -global is for; test-desugar has what becomes of it. */
#include "config.h"

#include "forms.h"
#include "testlib.h"

static const struct
{
  const char *text, *driver, *property;
} globals[] = {
  { "e1000.mac=1", "e1000", "mac" },
  { "driver=e1000,property=mac,value=1", "e1000", "mac" },
  { "property=mac,value=1,driver=e1000", "e1000", "mac" },
  { "a.b.c=1", "a", "b.c" },
  { "a.b=1,c.d=2", "a", "b" },
  { "a.=1", "a", "" },
  { ".b=1", "", "b" },
  { "driver=e1000", "e1000", NULL },
  { "e1000=1", NULL, NULL },
  { "", NULL, NULL },
};

static void
test_global (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const QrOption *option = qr_profiles_verb_option (&qr_profiles_builtin, QR_VERB_GLOBAL);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *opts = qr_optlist_parse (option, globals[i].text, 1, pool, &error);
  const char *driver, *property;
  const QrOpt *value;

  g_assert_no_error (error);
  qr_global_read (opts, pool, &driver, &property, &value);
  g_assert_cmpstr (driver, ==, globals[i].driver);
  g_assert_cmpstr (property, ==, globals[i].property);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (globals); i++)
    {
      g_autofree char *name = g_strdup_printf ("/globals/read/\"%s\"", globals[i].text);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_global);
    }
  return g_test_run ();
}
