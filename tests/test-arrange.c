/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that brings a function along is made behind the others, on the line and in the plan. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#define ADDED "i82801b11-bridge "
#define PORT "pcie-root-port "

/* `devices`: the types behind -device on the emitted line; `place`: where the function is. */
static const struct
{
  const char *name, *policy, *line, *devices, *place;
} cases[] = {
  { "alone", "ich9@1", "-device amd-iommu", "amd-iommu", "00:01.0" },
  { "last", "ich9@1", "-device edu,addr=1 -device amd-iommu", "edu amd-iommu", "00:02.0" },
  { "first", "ich9@1", "-device amd-iommu -device edu,addr=1", "edu amd-iommu", "00:02.0" },
  { "first-wide", "ich9-wide@1", "-device amd-iommu -device edu,addr=1", "edu amd-iommu", "00:02.0" },
  { "first-libvirt", "libvirt@1", "-device amd-iommu -device edu,addr=1", "edu amd-iommu", "00:02.0" },
  { "middle", "ich9@1", "-device edu,addr=2 -device amd-iommu -device pvpanic-pci,addr=1",
    "edu pvpanic-pci amd-iommu", "00:03.0" },
  { "all-given", "ich9@1", "-device amd-iommu -device edu,bus=pcie.0,addr=1", "edu amd-iommu", "00:02.0" },
  { "behind-ports", "ich9@1", "-device amd-iommu -device virtio-vga", PORT "virtio-vga amd-iommu", "00:02.0" },
  { "behind-drives", "ich9@1", "-device amd-iommu -drive if=virtio,file=x -device edu",
    PORT ADDED "edu virtio-blk-pci amd-iommu", "00:01.0" },
  { "behind-board", "ich9@1", "-vga std -device amd-iommu -nic model=rtl8139 -device edu",
    ADDED "VGA rtl8139 edu amd-iommu", "00:01.0" },
  { "before-json", "ich9@1", "-device amd-iommu -device {\"driver\":\"edu\",\"addr\":\"5\"} -device pvpanic-pci,addr=1",
    "edu pvpanic-pci amd-iommu", "00:02.0" },
  { "json-behind-json", "ich9@1", "-device {\"driver\":\"amd-iommu\"} -device {\"driver\":\"edu\",\"addr\":\"1\"} -device pvpanic-pci,addr=2",
    "edu pvpanic-pci amd-iommu", "00:03.0" },
  { "json-gap", "ich9@1", "-device amd-iommu -device {\"driver\":\"edu\",\"addr\":\"2\"}", "amd-iommu edu", "00:01.0" },
  { "before-assigned", "ich9@1",
    "-device amd-iommu -device edu,addr=1 -device vfio-pci,host=0000:01:00.0 -device pvpanic-pci,addr=4",
    PORT "edu amd-iommu vfio-pci pvpanic-pci", "00:02.0" },
  { "just-before-assigned", "ich9@1", "-device amd-iommu -device vfio-pci,host=0000:01:00.0 -device edu,addr=2",
    PORT "amd-iommu vfio-pci edu", "00:01.0" },
  { "behind-assigned", "ich9@1", "-device vfio-pci,host=0000:01:00.0 -device amd-iommu -device edu,addr=1",
    PORT "vfio-pci edu amd-iommu", "00:02.0" },
  { "qemu", "qemu@1", "-device amd-iommu -device edu,addr=2", "amd-iommu edu", "00:01.0" },
};

/* The device types on the line. (transfer full) */
static char *
list_devices (const QrPlan *plan)
{
  GString *out = g_string_new (NULL);

  for (char **word = plan->argv; *word != NULL; word++)
    {
      const char *type = word[1];

      if (strcmp (*word, "-device") != 0)
        continue;
      if (g_str_has_prefix (type, "{\"driver\":\""))
        type += strlen ("{\"driver\":\"");
      g_string_append_printf (out, "%s%.*s", out->len == 0 ? "" : " ", (int) strcspn (type, ",\""), type);
    }
  return g_string_free (out, FALSE);
}

/* Each device knows its turn. */
static void
check_orders (const QrPlan *plan)
{
  for (guint i = 0; i < plan->topology->devices->len; i++)
    g_assert_cmpuint (((QrDevice *) plan->topology->devices->pdata[i])->order, ==, i);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", cases[i].line, NULL), *devices = NULL;
  g_autoptr (QrPlan) plan
      = test_plan_with (cases[i].policy, line, (QrPlaceOptions){ FALSE, 0 }, &error);

  g_assert_no_error (error);
  devices = list_devices (plan);
  g_assert_cmpstr (devices, ==, cases[i].devices);
  test_path_is (plan, "AMDVI-PCI", cases[i].place);
  check_orders (plan);
}

/* Lines on which the first free slot is one that a later device claims. */
static const struct
{
  const char *name, *policy, *line, *hint;
} refusals[] = {
  { "json-later", "ich9@1", "-device amd-iommu -device {\"driver\":\"edu\",\"addr\":\"1\"}", "write both in the same form" },
  { "json-later-qemu", "qemu@1", "-device amd-iommu -device {\"driver\":\"edu\",\"addr\":\"1\"}", "write both in the same form" },
  { "assigned-between", "ich9@1",
    "-device amd-iommu -device vfio-pci,host=0000:01:00.0 -device edu,addr=1", "before the assigned device" },
  { "qemu", "qemu@1", "-device amd-iommu -device edu,addr=1", "behind the other devices of the line" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", refusals[i].line, NULL), *text = NULL;

  g_assert_null (test_plan (refusals[i].policy, line, &error));
  text = qr_error_render (error, "qriser");
  g_assert_nonnull (strstr (text, refusals[i].hint));
  test_error_code (&error, QR_STATUS_REQUEST, "two-claims", "at the first free slot, which edu claims");
}

/* All slots of the root complex are taken. */
static void
test_full (void)
{
  GString *line = g_string_new ("-nodefaults -device amd-iommu");
  GError *error = NULL;

  for (guint slot = 1; slot < 31; slot++)
    g_string_append_printf (line, " -device edu,bus=pcie.0,addr=%x", slot);
  g_assert_null (test_plan ("ich9@1", line->str, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-place", "where no slot is free");
  g_string_free (line, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/arrange/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strdup_printf ("/arrange/refused/%s", refusals[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/arrange/full", test_full);
  return g_test_run ();
}
