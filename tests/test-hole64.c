/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "hole64.h"
#include "testlib.h"

#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define GPU(size) "-device virtio-gpu-pci,hostmem=" size " "
#define RAM(id, size) "-object memory-backend-ram,id=" id ",size=" size " "
#define WIDE(value) "-global q35-pcihost.pci-hole64-size=" value " "
#define PORT(id, n) "-device pcie-root-port,id=" id ",chassis=" n " "

static const struct
{
  const char *name, *line;
  gboolean known;
  guint64 used, limit;
  guint n_holders;
} cases[] = {
  { "nothing", "-device nvme,serial=1", TRUE, 0, 32 * GIB, 0 },
  { "display", GPU ("4G"), TRUE, 4 * GIB, 32 * GIB, 1 },
  { "small", GPU ("8M"), TRUE, 0, 32 * GIB, 0 },
  { "least", GPU ("16M"), TRUE, GIB / 64, 32 * GIB, 1 },
  { "odd", GPU ("5G"), TRUE, 8 * GIB, 32 * GIB, 1 },
  { "two", GPU ("4G") GPU ("8G"), TRUE, 12 * GIB, 32 * GIB, 2 },
  { "unit", "-device nvme,serial=1,cmb_size_mb=1024", TRUE, GIB, 32 * GIB, 1 },
  { "unit-hexadecimal", "-device qxl,vram64_size_mb=0x400", TRUE, GIB, 32 * GIB, 1 },
  { "fraction", GPU ("1.5G"), FALSE, 0, 32 * GIB, 1 },
  { "huge", GPU ("7E"), TRUE, G_GUINT64_CONSTANT (1) << 52, 32 * GIB, 1 },
  { "backend", RAM ("m", "2G") "-device ivshmem-plain,memdev=m", TRUE, 2 * GIB, 32 * GIB, 1 },
  { "backend-json", "-object {\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":1073741824} "
    "-device ivshmem-plain,memdev=m", TRUE, GIB, 32 * GIB, 1 },
  { "backend-later", "-device ivshmem-plain,memdev=m " RAM ("n", "1G") RAM ("m", "2G"), TRUE, 2 * GIB, 32 * GIB, 1 },
  { "backend-missing", "-device ivshmem-plain,memdev=m", FALSE, 0, 32 * GIB, 1 },
  { "two-bars", RAM ("m", "2G") "-device nvme,serial=1,cmb_size_mb=1024,pmrdev=m", TRUE, 3 * GIB, 32 * GIB, 1 },
  { "unknown-and-known", GPU ("4G") "-device ivshmem-plain,memdev=m", FALSE, 4 * GIB, 32 * GIB, 2 },
  { "host-unread", "-device vfio-pci,host=01:00.0", FALSE, 0, 32 * GIB, 1 },
  { "aligned", RAM ("m", "16G") PORT ("p1", "1") PORT ("p2", "2")
    "-device nvme,serial=1,cmb_size_mb=1024,pmrdev=m,bus=p1 -device nvme,serial=2,cmb_size_mb=1024,pmrdev=m,bus=p2",
    TRUE, 49 * GIB, 32 * GIB, 2 },
  { "wide", WIDE ("64G"), TRUE, 0, 64 * GIB, 0 },
  { "wide-long", "-global driver=q35-pcihost,property=pci-hole64-size,value=1T", TRUE, 0, 1024 * GIB, 0 },
  { "wide-last", WIDE ("64G") WIDE ("128G"), TRUE, 0, 128 * GIB, 0 },
  { "wide-other", "-global q35-pcihost.short_root_bus=1", TRUE, 0, 32 * GIB, 0 },
  { "wide-unread", WIDE ("1.5T"), TRUE, 0, 0, 0 },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", cases[i].line, NULL);
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", g_strchomp (line), &error);
  const QrHole64 *hole;

  g_assert_no_error (error);
  hole = &plan->budget.hole64;
  g_assert_cmpint (hole->known, ==, cases[i].known);
  g_assert_cmpuint (hole->used, ==, cases[i].used);
  g_assert_cmpuint (hole->limit, ==, cases[i].limit);
  g_assert_cmpuint (hole->n_holders, ==, cases[i].n_holders);
}

/* The unknown ones first, then by size. */
static void
test_holders (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", "-nodefaults -device virtio-gpu-pci,id=a,hostmem=1G -device "
                                       "virtio-gpu-pci,id=b,hostmem=4G -device ivshmem-plain,id=c,memdev=m", &error);
  static const char *const keys[] = { "c", "b", "a" };

  g_assert_no_error (error);
  g_assert_cmpuint (plan->budget.hole64.n_holders, ==, G_N_ELEMENTS (keys));
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_cmpstr (plan->budget.hole64.holders[i].device->key, ==, keys[i]);
}

/* What the host says of an assigned function's BARs. */
static void
test_host (void)
{
  static const char *const words[] = { "-nodefaults", "-device", "vfio-pci,host=01:00.0,id=h", NULL };
  static const char resources[] = "0x00000000fb000000 0x00000000fbffffff 0x0000000000040200\n"
                                  "0x0000004000000000 0x00000047ffffffff 0x000000000014220c\n"
                                  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                                  "0x0000004800000000 0x0000004801ffffff 0x000000000014220c\n"
                                  "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
                                  "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n";
  char *root = test_directory ();
  g_autofree char *directory = g_build_filename (root, "bus/pci/devices/0000:01:00.0", NULL),
                  *config = g_build_filename (directory, "config", NULL),
                  *resource = g_build_filename (directory, "resource", NULL);
  QrPlanOptions options = { .words = words, .first = 1, .policy = test_policy ("ich9@1"), .sysfs = root, .program = "qemu" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;
  guint8 header[64] = { 0x86, 0x80, [0x0b] = 0x03 };

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (config, (char *) header, sizeof header, &error);
  g_assert_no_error (error);
  g_file_set_contents (resource, resources, -1, &error);
  g_assert_no_error (error);
  plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_assert_no_error (error);
  g_assert_true (plan->budget.hole64.known);
  g_assert_cmpuint (plan->budget.hole64.used, ==, 32 * GIB + GIB / 32);
  g_assert_cmpuint (plan->budget.io.used, ==, 1);
  test_directory_remove (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hole64/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/hole64/holders", test_holders);
  g_test_add_func ("/hole64/host", test_host);
  return g_test_run ();
}
