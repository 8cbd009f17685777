/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each rule with a line that breaks it, and a near miss that does not. */
#include "config.h"

#include <string.h>

#include "bounds.h"
#include "check.h"
#include "testlib.h"

#define PORT "-device pcie-root-port,id=p,addr=4,chassis=1 "
#define SWITCH PORT "-device x3130-upstream,id=u,bus=p "

static const struct
{
  const char *code, *bad, *good;
  gboolean warns;   /* it is a warning on the tool face */
  gboolean refused; /* by QEMU: cannot be allowed */
} cases[] = {
  { "multifunction-missing", "-device edu,addr=4 -device edu,addr=4.1",
    "-device edu,addr=4,multifunction=on -device edu,addr=4.1", FALSE, TRUE },
  { "root-only", PORT "-device virtio-iommu-pci,bus=p", "-device virtio-iommu-pci,bus=pcie.0", FALSE, TRUE },
  { "expander-child", "-device pxb-pcie,id=x,bus_nr=9 -device edu,bus=x",
    "-device pxb-pcie,id=x,bus_nr=9 -device pcie-root-port,bus=x,id=y", FALSE, TRUE },
  { "physical-slot-taken", PORT "-device pcie-root-port,addr=5,chassis=1,slot=0",
    PORT "-device pcie-root-port,addr=5,chassis=1,slot=1", FALSE, TRUE },
  { "expander-number", "-device pxb-pcie,id=x,bus_nr=9 -device pxb-pcie,id=y,bus_nr=9",
    "-device pxb-pcie,id=x,bus_nr=9 -device pxb-pcie,id=y,bus_nr=0x20", FALSE, TRUE },
  { "bridge-chassis", "-device pci-bridge", "-device pci-bridge,chassis_nr=1", FALSE, TRUE },
  { "switch-too-deep", NULL, NULL, FALSE, TRUE }, /* made by nested_switches() */
  { "slot-behind-port", PORT "-device edu,bus=p,addr=1", PORT "-device edu,bus=p,addr=0", FALSE, FALSE },
  { "no-function-0", "-device edu,addr=4.1", "-device edu,addr=4.0", FALSE, FALSE },
  { "endpoint-on-upstream", SWITCH "-device edu,bus=u", SWITCH "-device xio3130-downstream,bus=u,chassis=2,id=d",
    FALSE, FALSE },
  { "port-below-port", PORT "-device pcie-root-port,bus=p,chassis=2", PORT "-device pcie-root-port,bus=pcie.0,chassis=2",
    FALSE, FALSE },
  { "downstream-off-switch", "-device xio3130-downstream,addr=4,chassis=2",
    SWITCH "-device xio3130-downstream,bus=u,chassis=2", FALSE, FALSE },
  { "upstream-off-port", "-device x3130-upstream,addr=4", PORT "-device x3130-upstream,bus=p", FALSE, FALSE },
  { "port-on-conventional", "-device i82801b11-bridge,id=b -device pcie-root-port,bus=b",
    "-device i82801b11-bridge,id=b -device pcie-root-port", FALSE, FALSE },
  { "express-on-conventional", "-device i82801b11-bridge,id=b -device e1000e,bus=b",
    "-device i82801b11-bridge,id=b -device virtio-rng-pci,bus=b", TRUE, FALSE },
};

/* A port, and @depth switches below one another. (transfer full) */
static char *
nested_switches (guint depth)
{
  GString *line = g_string_new ("-device pcie-root-port,id=d0,addr=4,chassis=0,slot=0");

  for (guint i = 1; i <= depth; i++)
    g_string_append_printf (line, " -device x3130-upstream,id=u%u,bus=d%u -device xio3130-downstream,id=d%u,bus=u%u,"
                                  "chassis=%u", i, i - 1, i, i, i);
  return g_string_free (line, FALSE);
}

static QrPlan *
plan_with (const char *line, QrFace face, const char *allowed, GError **error)
{
  g_autofree char *whole = g_strconcat ("-M q35 -nodefaults ", line, NULL);
  char **words = g_strsplit (whole, " ", -1);
  const char *codes[] = { allowed, NULL };
  QrPlanOptions options = { .face = face, .words = (const char *const *) words, .first = 1, .policy = "ich9@1",
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
  g_autofree char *deep = nested_switches (QR_LIMIT_SWITCH_DEPTH + 1);
  g_autoptr (QrPlan) plan = plan_with (cases[i].bad != NULL ? cases[i].bad : deep, face, allowed, &error);

  if (!warning)
    {
      test_error_code (&error, QR_STATUS_REQUEST, cases[i].code, "");
      return;
    }
  g_assert_no_error (error);
  g_assert_true (warns (plan, cases[i].code));
}

static void
test_bad (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_TOOL, NULL, cases[i].warns);
}

static void
test_drop_in (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_DROP_IN, NULL, !cases[i].refused);
}

static void
test_allowed (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect (i, QR_FACE_TOOL, cases[i].code, !cases[i].refused);
}

static void
test_good (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = nested_switches (QR_LIMIT_SWITCH_DEPTH);
  g_autoptr (QrPlan) plan = plan_with (cases[i].good != NULL ? cases[i].good : deep, QR_FACE_TOOL, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (warns (plan, cases[i].code));
}

/* Every code of the table has a case here. */
static void
test_complete (void)
{
  g_autofree char *all = qr_check_codes ();
  g_auto (GStrv) codes = g_strsplit (all, ", ", -1);

  g_assert_cmpuint (g_strv_length (codes), ==, G_N_ELEMENTS (cases));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (qr_check_is_code (cases[i].code));
  g_assert_false (qr_check_is_code ("nonsense"));
}

static void
test_message (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (plan_with (PORT "-device virtio-net-pci,bus=p,addr=1", QR_FACE_TOOL, NULL, &error));
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
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autofree char *name = g_strdup_printf ("/check/%s/%s", cases[i].code, kinds[k].name);

        g_test_add_data_func (name, GSIZE_TO_POINTER (i), kinds[k].test);
      }
  g_test_add_func ("/check/complete", test_complete);
  g_test_add_func ("/check/message", test_message);
  return g_test_run ();
}
