/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each rule with a line that breaks it, and a near miss that does not. */
#include "config.h"

#include <string.h>

#include "bounds.h"
#include "check.h"
#include "check-lines.h"
#include "testlib.h"

static QrPlan *
plan_with (const char *line, QrFace face, const char *allowed, GError **error)
{
  g_autofree char *whole = g_strconcat ("-M q35 -nodefaults ", line, NULL);
  char **words = g_strsplit (whole, " ", -1);
  const char *codes[] = { allowed, NULL };
  QrPlanOptions options = { .face = face, .words = (const char *const *) words, .first = 1, .policy = test_policy ("ich9@1"),
                            .sysfs = "/nonexistent", .allowed = codes, .program = "qemu" };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

static gboolean
warns (const QrPlan *plan, const char *code)
{
  for (guint i = 0; i < plan->warnings->len; i++)
    if (strcmp (((const QrWarning *) plan->warnings->pdata[i])->code, code) == 0)
      return TRUE;
  return FALSE;
}

/* The line ends in an error of the case's code, or plans with a warning of it. */
static void
expect (gsize i, QrFace face, const char *allowed, gboolean warning)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = check_nested_switches (QR_LIMIT_DEPTH / 2 + 1);
  g_autoptr (QrPlan) plan = plan_with (check_cases[i].bad != NULL ? check_cases[i].bad : deep, face, allowed, &error);

  if (!warning)
    {
      test_error_code (&error, QR_STATUS_REQUEST, check_cases[i].code, "");
      return;
    }
  g_assert_no_error (error);
  g_assert_true (warns (plan, check_cases[i].code));
}

static void
test_bad (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_TOOL, NULL, check_cases[i].warns);
}

static void
test_drop_in (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_DROP_IN, NULL, !check_cases[i].refused);
}

static void
test_allowed (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_TOOL, check_cases[i].code, !check_cases[i].refused);
}

static void
test_good (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = check_nested_switches (QR_LIMIT_DEPTH / 2);
  g_autoptr (QrPlan) plan = plan_with (check_cases[i].good != NULL ? check_cases[i].good : deep, QR_FACE_TOOL, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (warns (plan, check_cases[i].code));
}

static void
test_more (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_with (check_more[i].line, QR_FACE_TOOL, NULL, &error);

  if (plan == NULL)
    test_error_code (&error, QR_STATUS_REQUEST, check_more[i].code, "");
  else
    g_assert_true (warns (plan, check_more[i].code));
}

static void
test_quiet (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_with (check_quiet[i].line, QR_FACE_TOOL, NULL, &error);

  g_assert_no_error (error);
  for (guint j = 0; j < plan->warnings->len; j++)
    {
      const QrWarning *warning = plan->warnings->pdata[j];

      g_test_message ("%s: %s", warning->code, warning->message);
      g_assert_false (qr_check_is_code (warning->code));
    }
}

/* Every code of the table has a case here. */
static void
test_complete (void)
{
  g_autofree char *all = qr_check_codes ();
  g_auto (GStrv) codes = g_strsplit (all, ", ", -1);

  g_assert_cmpuint (g_strv_length (codes), ==, n_check_cases);
  for (gsize i = 0; i < n_check_cases; i++)
    g_assert_true (qr_check_is_code (check_cases[i].code));
  g_assert_false (qr_check_is_code ("nonsense"));
}

static void
test_message (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (plan_with ("-device pcie-root-port,id=p,chassis=1 -device virtio-net-pci,bus=p,addr=1", QR_FACE_TOOL, NULL, &error));
  test_error_is (&error, "qriser: error: no slot 1 on root port \"p\"\n"
                         "  argument 7: virtio-net-pci,bus=p,addr=1\n"
                         "                                        ^\n"
                         "  hint: a link has slot 0 only: a guest never looks at others; leave addr= out\n");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    GTestDataFunc test;
  } kinds[] = { { "bad", test_bad }, { "drop-in", test_drop_in }, { "allowed", test_allowed }, { "good", test_good } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n_check_cases; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autofree char *name = g_strdup_printf ("/check/%s/%s", check_cases[i].code, kinds[k].name);

        g_test_add_data_func (name, GSIZE_TO_POINTER (i), kinds[k].test);
      }
  for (gsize i = 0; i < n_check_more; i++)
    {
      g_autofree char *name = g_strdup_printf ("/check/more/%s", check_more[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_more);
    }
  for (gsize i = 0; i < n_check_quiet; i++)
    {
      g_autofree char *name = g_strdup_printf ("/check/quiet/%s", check_quiet[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_quiet);
    }
  g_test_add_func ("/check/complete", test_complete);
  g_test_add_func ("/check/message", test_message);
  return g_test_run ();
}
