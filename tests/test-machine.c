/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine data against QEMU: every machine type of a known family of every QEMU at hand, and
 * what the machine properties change.  Types whose record says no more than their name are tried
 * one of QRISER_TEST_SHARE. */
#include "config.h"

#include <string.h>

#include "machine.h"
#include "testlib.h"
#include "vmlib.h"

/* What is called so on QEMUs for that architecture, and its properties. */
static const struct
{
  const char *arch, *prefix;
  const char *properties[8];
} families[] = {
  { "x86_64", "pc-q35-", { "q35", "q35,sata=off", "q35,smbus=off", "q35,usb=on", "q35,usb=on,sata=off,smbus=off" } },
  { "x86_64", "pc-i440fx-", { "pc,usb=on" } },
  { "x86_64", "microvm", { "microvm,pcie=on", "microvm,pcie=on,usb=on", "microvm,pcie=on,acpi=off" } },
  { "aarch64", "virt", { "virt,gic-version=3,iommu=smmuv3", "virt,usb=on" } },
  { "arm", "virt", { "virt,highmem=off" } },
  { "riscv64", "virt", { "virt,usb=on" } },
  { "ppc64", "pseries", { "pseries,usb=on" } },
};

/* The machine types of @qemu that are @prefix or begin with it. */
static GStrv
machine_types (const char *qemu, const char *prefix)
{
  const char *argv[] = { qemu, "-machine", "help", NULL };
  g_autoptr (GStrvBuilder) types = g_strv_builder_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, prefix))
      {
        (*line)[strcspn (*line, " ")] = '\0';
        g_strv_builder_add (types, *line);
      }
  return g_strv_builder_end (types);
}

/* The plan of @line for a QEMU for @arch. */
static QrPlan *
plan_for (const char *arch, const char *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  QrPlanOptions options = {
    .face = QR_FACE_TOOL,
    .words = (const char *const *) words,
    .first = 1,
    .guest_arch = arch,
    .arch = arch,
    .policy = qr_profiles_find_policy (&qr_profiles_builtin, "qemu@1"),
    .sysfs = "/nonexistent",
    .program = "qemu",
  };

  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

static void
compare (const char *arch, const char *qemu, const char *machine)
{
  const char *argv[] = { qemu, "-nodefaults", "-machine", machine, NULL };
  g_autofree char *line = g_strconcat ("-nodefaults -machine ", machine, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_for (arch, line, &error);
  g_autoptr (GPtrArray) functions = NULL;

  g_assert_no_error (error);
  if (plan->topology == NULL && plan->request->busless)
    return;
  functions = vm_qom_functions (argv, &error);
  if (functions == NULL && plan->topology->machine_record->fails != NULL)
    {
      g_test_skip (plan->topology->machine_record->fails);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (functions->len, ==, plan->topology->devices->len);
  for (guint i = 0; i < plan->topology->devices->len; i++)
    {
      const QrDevice *device = plan->topology->devices->pdata[i];
      const char *path = qr_topology_path (plan->topology, device);
      const VmFunction *function = vm_find_function (functions, path);

      if (function == NULL)
        g_error ("%s: no function at %s, where the data has %s", machine, path, device->type->driver);
      g_assert_cmpstr (function->driver, ==, device->type->driver);
    }
}

/* @data: "ARCH QEMU MACHINE" */
static void
test_type (gconstpointer data)
{
  g_auto (GStrv) parts = g_strsplit (data, " ", 3);

  compare (parts[0], parts[1], parts[2]);
}

/* @data: "ARCH QEMU PREFIX" */
static void
test_known (gconstpointer data)
{
  g_auto (GStrv) parts = g_strsplit (data, " ", 3);
  g_auto (GStrv) types = machine_types (parts[1], parts[2]);

  g_assert_cmpuint (g_strv_length (types), >, 0);
  for (char **type = types; *type != NULL; type++)
    if (qr_profiles_find_machine (&qr_profiles_builtin, *type, parts[0]) == NULL)
      g_error ("machine type \"%s\" is not in profiles/machines", *type);
}

/* @data: "ARCH" */
static void
test_none (gconstpointer data)
{
  g_autofree char *text = g_strconcat ("no qemu-system-", data, NULL);

  if (strcmp (data, "x86_64") == 0 && g_strcmp0 (g_getenv ("QRISER_TEST_STRICT"), "1") == 0)
    g_error ("%s", text);
  g_test_skip (text);
}

static void
add_case (const char *kind, const char *arch, const char *qemu, guint number, const char *name,
          GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/machine/%s/qemu-%u/%s/%s", arch, number, kind, name);

  g_test_add_data_func_full (path, g_strdup_printf ("%s %s %s", arch, qemu, name), test, g_free);
}

/* Whether the record of @type says more than its name and the QEMUs that have it. */
static gboolean
is_special (const char *arch, const char *type)
{
  const QrMachine *machine = qr_profiles_find_machine (&qr_profiles_builtin, type, arch);
  const QrMachineType *record = machine == NULL ? NULL : qr_machine_find_type (machine, type);

  return record == NULL || record->alias || record->nic != NULL || record->vga != NULL
         || record->usb != NULL || !record->express_below_port || record->conventional != NULL;
}

static void
add_family (gsize family, const char *qemu, guint number)
{
  const char *arch = families[family].arch, *text = g_getenv ("QRISER_TEST_SHARE");
  guint share = text == NULL ? 1 : (guint) MAX (g_ascii_strtoull (text, NULL, 10), 1);
  g_auto (GStrv) types = machine_types (qemu, families[family].prefix);

  add_case ("known", arch, qemu, number, families[family].prefix, test_known);
  for (guint i = 0; types[i] != NULL; i++)
    if (i % share == 0 || (strcmp (arch, "x86_64") == 0 && family == 0) || is_special (arch, types[i]))
      add_case ("type", arch, qemu, number, types[i], test_type);
  for (guint i = 0; families[family].properties[i] != NULL; i++)
    add_case ("property", arch, qemu, number, families[family].properties[i], test_type);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize family = 0; family < G_N_ELEMENTS (families); family++)
    {
      const char *arch = families[family].arch;
      g_auto (GStrv) qemus = strcmp (arch, "x86_64") == 0 ? vm_qemus () : vm_qemus_for (arch);

      for (guint i = 0; qemus[i] != NULL; i++)
        add_family (family, qemus[i], i + 1);
      if (qemus[0] == NULL)
        {
          g_autofree char *path = g_strdup_printf ("/machine/no-qemu/%zu", family);

          g_test_add_data_func (path, arch, test_none);
        }
    }
  return g_test_run ();
}
