/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices ask of a policy: on q35 by their type, on pc all functions are conventional. */
#include "config.h"

#include "testlib.h"
#include "want.h"

static const struct
{
  const char *name, *line; /* the device "d" */
  QrWant want;
} cases[] = {
  { "endpoint", "-M q35 -device e1000e,id=d", QR_WANT_ENDPOINT },
  { "endpoint-pc", "-M pc -device e1000e,id=d", QR_WANT_CONVENTIONAL },
  { "below-port", "-M q35 -device virtio-rng-pci,id=d", QR_WANT_ENDPOINT },
  { "below-port-old", "-M pc-q35-2.6 -device virtio-rng-pci,id=d", QR_WANT_CONVENTIONAL },
  { "conventional", "-M q35 -device e1000,id=d", QR_WANT_CONVENTIONAL },
  { "declared-conventional", "-M q35 -device virtio-rng-pci-transitional,id=d", QR_WANT_CONVENTIONAL },
  { "integrated", "-M q35 -device virtio-iommu-pci,id=d", QR_WANT_INTEGRATED },
  { "integrated-pc", "-M pc -device virtio-iommu-pci,id=d", QR_WANT_INTEGRATED },
  { "bridge", "-M q35 -device pci-bridge,id=d,chassis_nr=1", QR_WANT_BRIDGE },
  { "express-bridge", "-M q35 -device pcie-pci-bridge,id=d", QR_WANT_EXPRESS_BRIDGE },
  { "express-bridge-pc", "-M pc -device pcie-pci-bridge,id=d", QR_WANT_BRIDGE },
  { "root-port", "-M q35 -device pcie-root-port,id=d", QR_WANT_ROOT_PORT },
  { "root-port-pc", "-M pc -device pcie-root-port,id=d,chassis=1", QR_WANT_ROOT_PORT },
  { "port-of-pc", "-M pc -device pcie-root-port,id=p,chassis=1 -device e1000e,id=d,bus=p", QR_WANT_ENDPOINT },
  { "upstream", "-M q35 -device x3130-upstream,id=d", QR_WANT_SWITCH_UPSTREAM },
  { "downstream", "-M q35 -device x3130-upstream,id=u -device xio3130-downstream,id=d,bus=u", QR_WANT_SWITCH_DOWNSTREAM },
  { "expander", "-M pc -device pxb,id=d,bus_nr=9", QR_WANT_EXPANDER },
};

static void
test_case (gconstpointer data)
{
  static const char *const allowed[] = { "port-on-conventional", NULL };
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .policy = test_policy ("qemu@1"),
                            .sysfs = "/nonexistent", .program = "qemu", .allowed = allowed, .survey = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);

  g_assert_no_error (error);
  g_assert_cmpint (test_device (plan, "d")->want, ==, cases[i].want);
  g_assert_cmpint (qr_want_of (plan->topology, test_device (plan, "d")), ==, cases[i].want);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/want/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  return g_test_run ();
}
