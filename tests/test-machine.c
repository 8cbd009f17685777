/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine data against QEMU: every q35 type of every QEMU at hand, and what the
 * machine properties change. */
#include "config.h"

#include <string.h>

#include "machine.h"
#include "testlib.h"
#include "vmlib.h"

static const char *const properties[] = { "", ",sata=off", ",smbus=off", ",usb=on", ",usb=on,sata=off,smbus=off" };

/* The machine types of @qemu that begin with @prefix. */
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

static void
compare (const char *qemu, const char *machine)
{
  const char *argv[] = { qemu, "-nodefaults", "-machine", machine, NULL };
  g_autofree char *line = g_strconcat ("-nodefaults -machine ", machine, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);
  g_autoptr (GPtrArray) functions = NULL;

  g_assert_no_error (error);
  functions = vm_qom_functions (argv, &error);
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

/* @data: "QEMU MACHINE" */
static void
test_type (gconstpointer data)
{
  g_auto (GStrv) pair = g_strsplit (data, " ", 2);

  compare (pair[0], pair[1]);
}

static void
test_known (gconstpointer data)
{
  g_auto (GStrv) types = machine_types (data, "pc-q35-");

  g_assert_cmpuint (g_strv_length (types), >, 0);
  for (char **type = types; *type != NULL; type++)
    if (qr_profiles_find_machine (&qr_profiles_builtin, *type, "x86_64") == NULL)
      g_error ("machine type \"%s\" is not in profiles/machines", *type);
}

static void
test_none (void)
{
  if (g_strcmp0 (g_getenv ("QRISER_TEST_STRICT"), "1") == 0)
    g_error ("no qemu-system-x86_64");
  g_test_skip ("no qemu-system-x86_64");
}

static void
add_case (const char *kind, guint number, const char *name, char *data, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/machine/qemu-%u/%s/%s", number, kind, name);

  g_test_add_data_func_full (path, data, test, g_free);
}

static void
add_qemu (const char *qemu, guint number)
{
  g_auto (GStrv) types = machine_types (qemu, "pc-q35-");

  add_case ("known", number, "all", g_strdup (qemu), test_known);
  for (char **type = types; *type != NULL; type++)
    add_case ("type", number, *type, g_strdup_printf ("%s %s", qemu, *type), test_type);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autofree char *machine = g_strconcat ("q35", properties[i], NULL);

      add_case ("property", number, machine, g_strdup_printf ("%s %s", qemu, machine), test_type);
    }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) qemus = vm_qemus ();

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; qemus[i] != NULL; i++)
    add_qemu (qemus[i], i + 1);
  if (qemus[0] == NULL)
    g_test_add_func ("/machine/no-qemu", test_none);
  return g_test_run ();
}
