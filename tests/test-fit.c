/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which policy places on which machine, and which machine a line without one is for. */
#include "config.h"

#include "fit.h"
#include "testlib.h"

static const struct
{
  const char *name, *policy;
  gboolean yields;
  const char *machine; /* of the line */
  const char *chosen;  /* NULL: refused */
  gboolean warned;
} cases[] = {
  { "own-q35", NULL, FALSE, "q35", "ich9@1", FALSE },
  { "own-pc", NULL, FALSE, "pc", "pc@1", FALSE },
  { "own-pc-version", NULL, TRUE, "pc-i440fx-6.2", "pc@1", FALSE },
  { "both-q35", "qemu@1", FALSE, "q35", "qemu@1", FALSE },
  { "both-pc", "qemu@1", TRUE, "pc", "qemu@1", FALSE },
  { "asked", "ich9@1", FALSE, "pc", NULL, FALSE },
  { "asked-other", "pc@1", FALSE, "q35", NULL, FALSE },
  { "configured", "ich9@1", TRUE, "pc", "pc@1", TRUE },
  { "configured-other", "pc@1", TRUE, "pc-q35-6.2", "ich9@1", TRUE },
  { "configured-fits", "libvirt@1", TRUE, "q35", "libvirt@1", FALSE },
};

static void
test_policy_of_machine (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const char *const words[] = { "-nodefaults", "-M", cases[i].machine, "-device", "edu", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .yields = cases[i].yields, .program = "qemu", .sysfs = "/nonexistent",
                            .policy = cases[i].policy == NULL ? NULL : test_policy (cases[i].policy) };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_autofree char *name = NULL;

  if (cases[i].chosen == NULL)
    {
      g_assert_null (plan);
      test_error_code (&error, QR_STATUS_REQUEST, "no-policy", "does not place on machine");
      return;
    }
  g_assert_no_error (error);
  name = g_strdup_printf ("%s@%u", plan->policy->name, plan->policy->version);
  g_assert_cmpstr (name, ==, cases[i].chosen);
  g_assert_cmpuint (plan->warnings->len, ==, cases[i].warned);
  if (cases[i].warned)
    g_assert_cmpstr (((const QrWarning *) plan->warnings->pdata[0])->code, ==, "other-policy");
}

static const struct
{
  const char *name;
  QrFace face;
  const char *arch;
  const char *machine; /* NULL: not planned */
} defaults[] = {
  { "tool", QR_FACE_TOOL, NULL, "q35" },
  { "tool-x86", QR_FACE_TOOL, "x86_64", "q35" },
  { "qemu", QR_FACE_DROP_IN, "x86_64", "pc" },
  { "qemu-32", QR_FACE_DROP_IN, "i386", "pc" },
  { "tool-ppc", QR_FACE_TOOL, "ppc64", "pseries" },
  { "tool-arm", QR_FACE_TOOL, "aarch64", NULL },
  { "qemu-ppc", QR_FACE_DROP_IN, "ppc64le", "pseries" },
  { "qemu-other", QR_FACE_DROP_IN, "aarch64", NULL },
  { "qemu-unknown", QR_FACE_DROP_IN, NULL, NULL },
};

static void
test_default_machine (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const char *const words[] = { "-nodefaults", "-device", "edu", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .program = "qemu", .sysfs = "/nonexistent",
                            .face = defaults[i].face, .arch = defaults[i].arch };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->request->machine_type, ==, defaults[i].machine);
  g_assert_cmpint (plan->topology != NULL, ==, defaults[i].machine != NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/fit/policy/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_policy_of_machine);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      g_autofree char *name = g_strdup_printf ("/fit/machine/%s", defaults[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_default_machine);
    }
  return g_test_run ();
}
