/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped profiles: read at run time they are the compiled ones, and they
 * agree with each other. Broken ones are refused at their place. */
#include "config.h"

#include "profiles-load.h"
#include "testlib.h"

#include <stdlib.h>
#include <string.h>

static const char *const directories[] = { "devices", "machines", "policies", "qemu", "roles" };

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The files of profiles/ but the seccomp ones, in the order of the build; ended by NULL. */
static GPtrArray *
shipped_files (void)
{
  const char *source = g_getenv ("SRCDIR");
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  if (source == NULL)
    source = "..";
  for (gsize i = 0; i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *directory = g_build_filename (source, "profiles", directories[i], NULL);
      GError *error = NULL;
      g_autoptr (GDir) dir = g_dir_open (directory, 0, &error);
      const char *name;

      g_assert_no_error (error);
      while ((name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (name, ".json"))
          g_ptr_array_add (files, g_build_filename (directory, name, NULL));
    }
  g_ptr_array_sort (files, compare_paths);
  g_ptr_array_add (files, NULL);
  return files;
}

static void
test_same_as_compiled (void)
{
  g_autoptr (GPtrArray) files = shipped_files ();
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) loaded = g_string_new (NULL), compiled = g_string_new (NULL);
  GError *error = NULL;
  QrProfiles profiles;

  g_assert_true (qr_profiles_load ((const char *const *) files->pdata, pool, &profiles, &error));
  g_assert_no_error (error);
  qr_profiles_print (&profiles, "p", loaded);
  qr_profiles_print (&qr_profiles_builtin, "p", compiled);
  g_assert_cmpuint (profiles.n_files, ==, files->len - 1);
  g_assert_cmpstr (loaded->str, ==, compiled->str);
}

/* Every fact says where it comes from. */
static void
test_source (gconstpointer data)
{
  GError *error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (data, &error);
  const char *source;
  QrJson root, member;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  g_assert_true (qr_json_member (&root, "source", &member, &error));
  g_assert_true (qr_json_string (&member, &source, &error));
  g_assert_cmpuint (strlen (source), >, 10);
}

static void
test_order (void)
{
  const QrProfiles *all = &qr_profiles_builtin;

  for (guint32 i = 1; i < all->n_options; i++)
    g_assert_cmpint (strcmp (all->options[i - 1].name, all->options[i].name), <, 0);
  for (guint32 i = 1; i < all->devices.n_names; i++)
    g_assert_cmpint (strcmp (all->devices.text + all->devices.names[2 * i - 2],
                             all->devices.text + all->devices.names[2 * i]), <, 0);
}

static void
test_machine_types (void)
{
  static const char *const known[] = { "q35", "pc-q35-2.4", "pc-q35-7.2", "pc-q35-10.0", "pc", "pc-i440fx-1.4" },
                           *const unknown[] = { "", "isapc", "pc-i440fx", "Q35", "pc-q35", "q35 " };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_nonnull (qr_profiles_find_machine (&qr_profiles_builtin, known[i], "i386"));
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_null (qr_profiles_find_machine (&qr_profiles_builtin, unknown[i], NULL));
}

/* Whether another value of a machine property gives another function in its place. */
static gboolean
depends (const QrMachineFunction *function)
{
  for (guint32 i = 0; i < function->n_when; i++)
    if (function->when[i].value != NULL)
      return TRUE;
  return FALSE;
}

/* What a machine brings is known, sits at places of its own, and on known buses. */
static void
test_machine_functions (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint32 i = 0; i < qr_profiles_builtin.n_machines; i++)
    {
      const QrMachine *machine = &qr_profiles_builtin.machines[i];
      const QrPolicy *policy;
      gboolean taken[QR_PCI_DEVFNS] = { FALSE };

      policy = qr_profiles_find_policy (&qr_profiles_builtin, machine->policy);
      g_assert_nonnull (policy);
      g_assert_true (g_strv_contains (policy->machines, machine->family));
      g_assert_nonnull (qr_profiles_find_bus_type (&qr_profiles_builtin, machine->root_type));
      for (guint32 j = 0; j < machine->n_inner; j++)
        g_assert_nonnull (qr_profiles_find_device (&qr_profiles_builtin, machine->inner[j].driver, pool));
      for (guint32 j = 0; j < machine->n_functions; j++)
        {
          const QrMachineFunction *function = &machine->functions[j];

          g_assert_nonnull (qr_profiles_find_device (&qr_profiles_builtin, function->driver, pool));
          g_assert_false (taken[function->devfn] && !depends (function));
          taken[function->devfn] = TRUE;
          for (guint32 k = 0; k < function->n_buses; k++)
            g_assert_nonnull (
                qr_profiles_find_bus_type (&qr_profiles_builtin, function->buses[k].type));
        }
    }
}

static void
known_drivers (const char *const *drivers)
{
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (; drivers != NULL && *drivers != NULL; drivers++)
    {
      g_assert_nonnull (qr_profiles_find_device (&qr_profiles_builtin, *drivers, pool));
    }
}

static void
test_policies (void)
{
  for (guint32 i = 0; i < qr_profiles_builtin.n_policies; i++)
    {
      const QrPolicy *policy = &qr_profiles_builtin.policies[i];

      g_assert_cmpuint (policy->n_rules, >, 0);
      for (guint32 j = 0; j < policy->n_rules; j++)
        {
          known_drivers (policy->rules[j].match->drivers);
          g_assert_true (g_str_has_prefix (policy->rules[j].name, policy->name));
        }
      for (guint32 j = 0; j < policy->n_homes; j++)
        if (policy->homes[j].carrier != NULL)
          known_drivers ((const char *const[]){ policy->homes[j].carrier->driver, NULL });
    }
}

static void
test_defaults (void)
{
  for (guint32 i = 0; i < qr_profiles_builtin.n_defaults; i++)
    {
      const QrDefault *record = &qr_profiles_builtin.defaults[i];

      if (record->joins != NULL)
        g_assert_nonnull (record->joined);
      if (record->without != NULL)
        g_assert_nonnull (record->bare);
      for (const char *const *name = record->by; name != NULL && *name != NULL; name++)
        g_assert_nonnull (qr_profiles_find_option (&qr_profiles_builtin, *name));
      for (const char *const *name = record->options; name != NULL && *name != NULL; name++)
        g_assert_nonnull (qr_profiles_find_option (&qr_profiles_builtin, *name));
    }
}

/* The buses that devices plug into and make, and their parents, are described. */
static void
test_buses (void)
{
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint32 i = 0; i < all->devices.n_records; i++)
    {
      const QrDeviceType *device = qr_profiles_get_device (all, i, pool);

      if (device->bus != NULL)
        g_assert_nonnull (qr_profiles_find_bus_type (all, device->bus));
      for (guint32 j = 0; j < device->n_buses; j++)
        {
          g_assert_nonnull (qr_profiles_find_bus_type (all, device->buses[j].type));
          g_assert_cmpint (device->buses[j].name == QR_BUS_NAME_FIXED, ==,
                           device->buses[j].fixed != NULL);
        }
      if (device->extra != NULL)
        known_drivers ((const char *const[]){ device->extra->driver, NULL });
    }
  for (guint32 i = 0; i < all->n_bus_types; i++)
    if (all->bus_types[i].parent != NULL)
      g_assert_nonnull (qr_profiles_find_bus_type (all, all->bus_types[i].parent));
}

static void
test_lookups (void)
{
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();

  g_assert_cmpstr (qr_profiles_find_device (all, "virtio-net-pci", pool)->driver, ==, "virtio-net-pci");
  g_assert_null (qr_profiles_find_device (all, "virtio-net-pc", pool));
  g_assert_null (qr_profiles_find_device (all, "", pool));
  g_assert_cmpstr (qr_profiles_nearest_device (all, "virtio-net-pc"), ==, "virtio-net-pci");
  g_assert_null (qr_profiles_nearest_device (all, "zzzzzzzzzzzz"));
  g_assert_cmpstr (qr_profiles_find_option (all, "device")->name, ==, "device");
  g_assert_null (qr_profiles_find_option (all, "-device"));
  g_assert_true (qr_profiles_bus_is_a (all, "PCIE", "PCI"));
  g_assert_true (qr_profiles_bus_is_a (all, "pxb-cxl-bus", "PCI"));
  g_assert_true (qr_profiles_bus_is_a (all, "IDE", "IDE"));
  g_assert_false (qr_profiles_bus_is_a (all, "PCI", "PCIE"));
  g_assert_false (qr_profiles_bus_is_a (all, "no-such", "PCI"));
}

static void
test_iommus (void)
{
  static const char *const iommus[] = { "amd-iommu", "intel-iommu", "riscv-iommu-pci", "virtio-iommu-pci" };
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (iommus); i++)
    g_assert_true (qr_profiles_find_device (all, iommus[i], pool)->iommu);
  for (guint32 i = 0; i < all->devices.n_records; i++)
    n += qr_profiles_get_device (all, i, pool)->iommu;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (iommus));
}

/* Bridges whose slots take devices while the guest runs. */
static void
test_shpc (void)
{
  static const char *const bridges[] = { "pci-bridge", "pci-bridge-seat", "pcie-pci-bridge" };
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (bridges); i++)
    g_assert_true (qr_profiles_find_device (all, bridges[i], pool)->shpc);
  for (guint32 i = 0; i < all->devices.n_records; i++)
    n += qr_profiles_get_device (all, i, pool)->shpc;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (bridges));
}

/* A function of which -device knows has bytes of I/O where it has an I/O BAR. */
static void
test_io_bytes (void)
{
  static const struct
  {
    const char *driver;
    guint32 bytes;
  } known[] = { { "AC97", 1280 },     { "ICH9-SMB", 64 }, { "e1000", 64 }, { "e1000e", 32 },
                { "ich9-ahci", 32 },  { "nvme", 0 },      { "qxl", 32 },   { "rtl8139", 256 },
                { "virtio-blk-pci", 128 } };
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpuint (qr_profiles_find_device (all, known[i].driver, pool)->io_bytes, ==,
                      known[i].bytes);
  for (guint32 i = 0; i < all->devices.n_records; i++)
    {
      const QrDeviceType *device = qr_profiles_get_device (all, i, pool);

      if (device->creatable)
        g_assert_cmpint (device->io_bytes != 0, ==, device->io != 0);
    }
}

/* Either a property with its unit or a backend, and the ones that are known. */
static void
test_memory64 (void)
{
  static const struct
  {
    const char *driver, *name;
    guint32 unit; /* 0: a backend */
  } known[] = { { "qxl", "vram64_size_mb", 1024 * 1024 },
                { "qxl-vga", "vram64_size_mb", 1024 * 1024 },
                { "virtio-gpu-gl-pci", "hostmem", 1 },
                { "virtio-gpu-pci", "hostmem", 1 },
                { "virtio-vga", "hostmem", 1 },
                { "virtio-vga-gl", "hostmem", 1 },
                { "nvme", "cmb_size_mb", 1024 * 1024 },
                { "nvme", "pmrdev", 0 },
                { "ivshmem-plain", "memdev", 0 },
                { "pci-testdev", "membar", 1 } };
  const QrProfiles *all = &qr_profiles_builtin;
  g_autoptr (QrPool) pool = qr_pool_new ();
  gsize n = 0;

  for (guint32 i = 0; i < all->devices.n_records; i++)
    {
      const QrDeviceType *device = qr_profiles_get_device (all, i, pool);

      for (guint32 j = 0; j < device->n_memory64; j++, n++)
        {
          const QrMemory64 *entry = &device->memory64[j];

          g_assert_true ((entry->property == NULL) != (entry->backend == NULL));
          g_assert_cmpint (entry->property != NULL, ==, entry->unit != 0);
          g_assert_cmpuint (n, <, G_N_ELEMENTS (known));
          g_assert_cmpstr (device->driver, ==, known[n].driver);
          g_assert_cmpstr (entry->property != NULL ? entry->property : entry->backend, ==,
                           known[n].name);
          g_assert_cmpuint (entry->unit, ==, known[n].unit);
        }
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (known));
}

static void
test_find_policy (void)
{
  const QrProfiles *all = &qr_profiles_builtin;
  static const char *const unknown[] = { "",         "ich", "ich9@", "ich9@0", "ich9@99", "ich9@1x",
                                         "ich9@-1",  "@1",  "ICH9",  "ich9@1@1", "ich9@4294967297" };

  g_assert_cmpstr (qr_profiles_find_policy (all, "ich9")->name, ==, "ich9");
  g_assert_cmpuint (qr_profiles_find_policy (all, "ich9@1")->version, ==, 1);
  g_assert_true (qr_profiles_find_policy (all, "qemu")->keeps_state);
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_null (qr_profiles_find_policy (all, unknown[i]));
}

#define HEAD "{\"schema\":1,\"source\":\"a test\",\"kind\":"

/* A file t.json and what is said of it; @drawn NULL: only the message matters. */
static const struct
{
  const char *name, *text, *message, *place;
} refused[] = {
  { "empty", "", "broken JSON: expected a JSON value", "1:1" },
  { "array", "[]", "expected an object", "1:1" },
  { "no-schema", "{\"source\":\"s\",\"kind\":\"devices\"}", "\"schema\" is missing here", "1:1" },
  { "schema-2", "{\"schema\":2,\"source\":\"s\",\"kind\":\"devices\"}",
    "a profile of schema 1 can be read, this is of schema 2", "1:11" },
  { "schema-text", "{\"schema\":\"1\"}", "expected a whole number, 1 to 2147483647", "1:11" },
  { "no-source", "{\"schema\":1,\"kind\":\"devices\"}", "\"source\" is missing here", "1:1" },
  { "no-kind", "{\"schema\":1,\"source\":\"s\"}", "\"kind\" is missing here", "1:1" },
  { "kind", HEAD "\n\"device\"}", "unknown kind of profile \"device\"", "2:1" },
  { "kind-number", HEAD "1}", "expected a string", "1:38" },
  { "no-list", HEAD "\"devices\"}", "\"devices\" is missing here", "1:1" },
  { "list", HEAD "\"devices\",\n\"devices\":{}}", "expected an array", "2:11" },
  { "other-list", HEAD "\"devices\",\n\"buses\":[]}",
    "unknown key \"buses\"; known are: schema, kind, source, family, devices", "2:1" },
  { "key", HEAD "\"devices\",\"devices\":[\n{\"driver\":\"x\",\"drivr\":1}]}", "unknown key \"drivr\"",
    "2:15" },
  { "value", HEAD "\"devices\",\"devices\":[\n{\"driver\":\"x\",\"express\":\"yes\"}]}",
    "unknown value \"yes\"", "2:25" },
  { "version", HEAD "\"devices\",\"devices\":[\n{\"driver\":\"x\",\"qemu\":[\"11.0\"]}]}",
    "unknown value \"11.0\"", "2:23" },
  { "no-driver", HEAD "\"devices\",\"devices\":[\n{}]}", "\"driver\" is missing here", "2:1" },
  { "machine-addr",
    HEAD "\"machine\",\"family\":\"f\",\"architectures\":[],\"policy\":\"p\",\"host\":\"h\",\"root-bus\":\"b\",\"root-type\":\"PCIE\",\"types\":[],\n"
         "\"functions\":[{\"driver\":\"d\",\"addr\":\"20.0\"}]}",
    "there is no slot \"20\"", "2:35" },
  { "policy-match", HEAD "\"policy\",\"policy\":\"p\",\"version\":1,\"title\":\"t\",\"machines\":[],"
                         "\"homes\":[],\n\"rules\":[{\"rule\":\"r\",\"match\":{\"x\":1}}]}",
    "unknown key \"x\"", "2:31" },
  { "device-twice", HEAD "\"devices\",\"devices\":[{\"driver\":\"x\"},{\"driver\":\"x\"}]}",
    "device type \"x\" is described twice", NULL },
  { "alias-twice", HEAD "\"devices\",\"devices\":[{\"driver\":\"x\"},{\"driver\":\"y\",\"aliases\":[\"x\"]}]}",
    "device type \"x\" is described twice", NULL },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  char *directory = test_directory ();
  g_autofree char *path = test_file (directory, "t.json", refused[i].text), *drawn = NULL,
                  *place = NULL;
  const char *const files[] = { path, NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrProfiles profiles;

  g_assert_false (qr_profiles_load (files, pool, &profiles, &error));
  g_assert_nonnull (error);
  drawn = qr_error_render (error, "qriser");
  place = g_strdup_printf ("%s:%s: ", path, refused[i].place == NULL ? "" : refused[i].place);
  if (refused[i].place != NULL && strstr (drawn, place) == NULL)
    g_assert_cmpstr (drawn, ==, place);
  g_assert_true (g_str_has_prefix (error->message, refused[i].message));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  g_clear_error (&error);
  test_directory_remove (directory);
}

/* The same type in two files is refused as well. */
static void
test_twice_in_two_files (void)
{
  char *directory = test_directory ();
  const char *text = HEAD "\"devices\",\"devices\":[{\"driver\":\"x\"}]}";
  g_autofree char *a = test_file (directory, "a.json", text),
                  *b = test_file (directory, "b.json", text);
  const char *const one[] = { a, NULL }, *const both[] = { a, b, NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrProfiles profiles;

  g_assert_true (qr_profiles_load (one, pool, &profiles, &error));
  g_assert_cmpuint (profiles.devices.n_records, ==, 1);
  g_assert_false (qr_profiles_load (both, pool, &profiles, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "profile", "device type \"x\" is described twice");
  test_directory_remove (directory);
}

static void
test_missing (void)
{
  const char *const files[] = { "/nonexistent/t.json", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrProfiles profiles;

  g_assert_false (qr_profiles_load (files, pool, &profiles, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "file-read", "/nonexistent/t.json");
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) files = NULL;

  g_test_init (&argc, &argv, NULL);
  files = shipped_files ();
  for (guint i = 0; i + 1 < files->len; i++)
    {
      g_autofree char *base = g_path_get_basename (files->pdata[i]),
                      *directory = g_path_get_dirname (files->pdata[i]),
                      *parent = g_path_get_basename (directory),
                      *name = g_strdup_printf ("/profiles/source/%s/%s", parent, base);

      g_test_add_data_func (name, files->pdata[i], test_source);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/profiles/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/profiles/same-as-compiled", test_same_as_compiled);
  g_test_add_func ("/profiles/order", test_order);
  g_test_add_func ("/profiles/machine-types", test_machine_types);
  g_test_add_func ("/profiles/machine-functions", test_machine_functions);
  g_test_add_func ("/profiles/policies", test_policies);
  g_test_add_func ("/profiles/defaults", test_defaults);
  g_test_add_func ("/profiles/buses", test_buses);
  g_test_add_func ("/profiles/lookups", test_lookups);
  g_test_add_func ("/profiles/iommus", test_iommus);
  g_test_add_func ("/profiles/shpc", test_shpc);
  g_test_add_func ("/profiles/io-bytes", test_io_bytes);
  g_test_add_func ("/profiles/memory64", test_memory64);
  g_test_add_func ("/profiles/find-policy", test_find_policy);
  g_test_add_func ("/profiles/twice-in-two-files", test_twice_in_two_files);
  g_test_add_func ("/profiles/missing", test_missing);
  return g_test_run ();
}
