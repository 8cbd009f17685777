/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has no meaning is refused at its place. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "build.h"
#include "testlib.h"

static const struct
{
  const char *name, *line, *error;
} errors[] = {
  { "unknown-device", "-device virtio-net-pcy",
    "no device type is called \"virtio-net-pcy\"\n  argument 3: virtio-net-pcy\n              ^~~~~~~~~~~~~~\n"
    "  hint: did you mean \"virtio-net-pci\"? else, if the QEMU that will run has it, \"qriser catalogue\" learns it\n" },
  { "no-driver", "-device id=x",
    "no device type is given\n  argument 3: id=x\n              ^~~~\n"
    "  hint: begin with the device type: -device TYPE,key=value\n" },
  { "not-creatable", "-device mch",
    "\"mch\" comes with a machine only; -device cannot make it\n  argument 3: mch\n              ^~~\n" },
  { "machine-property", "-machine q35,sata=maybe",
    "machine property \"sata\" cannot be \"maybe\"\n  argument 3: q35,sata=maybe\n                       ^~~~~\n"
    "  hint: write on or off\n" },
  { "id-slash", "-device edu,id=a/b",
    "\"a/b\" cannot be an id\n  argument 3: edu,id=a/b\n                     ^~~\n"
    "  hint: an id is a letter, then letters, digits, \"-\", \".\" and \"_\"\n" },
  { "id-json-slash", "-device {\"driver\":\"edu\",\"id\":\"a/b\"}",
    "\"a/b\" cannot be an id\n  argument 3: {\"driver\":\"edu\",\"id\":\"a/b\"}\n"
    "                                   ^~~~~\n"
    "  hint: an id is a letter, then letters, digits, \"-\", \".\" and \"_\"\n" },
  { "id-twice", "-device edu,id=a -device edu,id=a",
    "two devices have the id \"a\"\n  argument 5: edu,id=a\n                     ^\n"
    "  the first is here:\n  argument 3: edu,id=a\n                     ^\n  hint: give each device its own id\n" },
  { "bus-nowhere", "-device edu,bus=nowhere",
    "there is no bus \"nowhere\"\n  argument 3: edu,bus=nowhere\n                      ^~~~~~~\n"
    "  hint: bus= takes the id of a port, bridge or controller on this line, or leave it out\n" },
  { "bus-foreign", "-device edu,bus=pci.0",
    "there is no bus \"pci.0\"\n  argument 3: edu,bus=pci.0\n                      ^~~~~\n"
    "  hint: q35's root bus is \"pcie.0\"; leave bus= out and qriser finds the place\n" },
  { "bus-later", "-device edu,bus=p -device pcie-root-port,id=p",
    "there is no bus \"p\" yet\n  argument 3: edu,bus=p\n                      ^\n"
    "  it is made here:\n  argument 5: pcie-root-port,id=p\n              ^~~~~~~~~~~~~~~~~~~\n"
    "  hint: QEMU makes devices in their order on the line; move the one with the bus before this one\n" },
  { "bus-json-later", "-device {\"driver\":\"pcie-root-port\",\"id\":\"p\"} -device edu,bus=p",
    "there is no bus \"p\" yet\n  argument 5: edu,bus=p\n                      ^\n"
    "  it is made here:\n  argument 3: {\"driver\":\"pcie-root-port\",\"id\":\"p\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
    "  hint: QEMU makes JSON devices after all others; write both in the same form\n" },
  { "bus-of-another-type", "-device virtio-scsi-pci,id=s -device edu,bus=s.0",
    "\"edu\" plugs into a bus of type PCI, but \"s.0\" is one of type SCSI\n  argument 5: edu,bus=s.0\n"
    "                      ^~~\n" },
  { "no-bus-for-it", "-device scsi-hd,drive=d",
    "\"scsi-hd\" needs a bus of type SCSI, and there is none\n  argument 3: scsi-hd,drive=d\n              ^~~~~~~\n"
    "  hint: put a device that makes one before it, for example -device virtio-scsi-pci\n" },
  { "addr-slot", "-device edu,addr=20",
    "there is no slot \"20\"\n  argument 3: edu,addr=20\n                       ^~\n"
    "  hint: slots go from 0 to 1f; addr= is hexadecimal\n" },
  { "addr-function", "-device edu,addr=1f.8",
    "there is no function \"8\"\n  argument 3: edu,addr=1f.8\n                          ^\n"
    "  hint: functions go from 0 to 7\n" },
  { "addr-number", "-device {\"driver\":\"edu\",\"addr\":256}",
    "as a number, addr is slot * 8 + function, 0 to 255\n  argument 3: {\"driver\":\"edu\",\"addr\":256}\n"
    "                                     ^~~\n  hint: write \"addr\": \"SLOT.FUNCTION\" as a string\n" },
};

static void
test_error (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat ("-nodefaults ", errors[i].line, NULL);
  g_autofree char *expected = g_strconcat ("qriser: error: ", errors[i].error, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (test_plan ("ich9@1", line, &error));
  test_error_is (&error, expected);
}

/* A JSON number is devfn, a string is SLOT.FUNCTION; -1 is none. */
static void
test_json_addr (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "qemu@1", "-nodefaults -device {\"driver\":\"edu\",\"id\":\"a\",\"addr\":16} "
                "-device {\"driver\":\"edu\",\"id\":\"b\",\"addr\":\"16\"} -device {\"driver\":\"edu\",\"id\":\"c\",\"addr\":-1}", &error);

  g_assert_no_error (error);
  test_path_is (plan, "a", "00:02.0");
  test_path_is (plan, "b", "00:16.0");
  test_path_is (plan, "c", "00:01.0");
}

static void
test_aliases (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", "-nodefaults -device virtio-net,id=a -device ahci,id=b", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (test_device (plan, "a")->type->driver, ==, "virtio-net-pci");
  g_assert_cmpstr (test_device (plan, "b")->type->driver, ==, "ich9-ahci");
}

/* Configuration space: class, and a PCI Express capability of @type at 40 (-1: none). */
static void
host_function (const char *sysfs, const char *address, guint32 class_code, int type, guint16 vendor)
{
  g_autofree char *directory = g_build_filename (sysfs, "bus/pci/devices", address, NULL);
  g_autofree char *path = g_build_filename (directory, "config", NULL);
  guint8 config[256] = { 0 };

  for (guint i = 0; i < 3; i++)
    config[9 + i] = (guint8) (class_code >> 8 * i);
  config[0] = (guint8) (vendor & 0xff);
  config[1] = (guint8) (vendor >> 8);
  if (type >= 0)
    {
      config[6] = 0x10;
      config[0x34] = 0x40;
      config[0x40] = 0x10;
      config[0x42] = (guint8) (type << 4);
    }
  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, (const char *) config, sizeof config, NULL));
}

static QrPlan *
plan_on_host (const char *sysfs, const char *line, GError **error)
{
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .policy = test_policy ("ich9@1"),
                            .sysfs = sysfs, .program = "qemu" };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* Assigned devices go by their type on the host. */
static void
test_assigned (void)
{
  char *sysfs = test_directory ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;

  host_function (sysfs, "0000:01:00.0", 0x030000, 0, 0x10de);
  host_function (sysfs, "0000:01:00.1", 0x040300, 0, 0x10de);
  host_function (sysfs, "0000:02:00.0", 0x020000, 0, 0x8086);
  host_function (sysfs, "0000:00:1a.0", 0x0c0300, 9, 0x8086);
  host_function (sysfs, "0000:05:00.0", 0x040100, -1, 0x1102);
  plan = plan_on_host (sysfs, "-nodefaults -device vfio-pci,host=0000:02:00.0,id=nic -device vfio-pci,host=01:00.1,id=sound "
                              "-device vfio-pci,host=01:00.0,id=gpu,multifunction=on -device vfio-pci,host=0000:00:1a.0,id=rciep "
                              "-device vfio-pci,host=0000:05:00.0,id=old", &error);
  g_assert_no_error (error);
  test_path_is (plan, "gpu", "00:01.0/00.0");
  test_path_is (plan, "sound", "00:01.0/00.1");
  test_path_is (plan, "nic", "00:1c.0/00.0");
  test_path_is (plan, "rciep", "00:04.0");
  test_path_is (plan, "old", "00:1e.0/00.0");
  g_assert_cmpuint (plan->warnings->len, ==, 0);
  test_directory_remove (sysfs);
}

static void
test_assigned_graphics (void)
{
  char *sysfs = test_directory ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;

  host_function (sysfs, "0000:00:02.0", 0x030000, 9, 0x8086);
  plan = plan_on_host (sysfs, "-nodefaults -device vfio-pci,host=0000:00:02.0,id=igd", &error);
  g_assert_no_error (error);
  test_path_is (plan, "igd", "00:02.0");
  test_directory_remove (sysfs);
}

static void
test_assigned_unread (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_on_host ("/nonexistent", "-nodefaults -device vfio-pci,host=0000:77:00.0", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plan->warnings->len, ==, 1);
  g_assert_cmpstr (((const QrWarning *) plan->warnings->pdata[0])->code, ==, "host-unread");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *name = g_strdup_printf ("/build/error/%s", errors[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_error);
    }
  g_test_add_func ("/build/json-addr", test_json_addr);
  g_test_add_func ("/build/aliases", test_aliases);
  g_test_add_func ("/build/assigned", test_assigned);
  g_test_add_func ("/build/assigned-graphics", test_assigned_graphics);
  g_test_add_func ("/build/assigned-unread", test_assigned_unread);
  return g_test_run ();
}
