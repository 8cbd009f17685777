/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which controllers are made, and which bus gets a device that names none. */
#include "config.h"

#include "controllers.h"
#include "desugar.h"
#include "testlib.h"

#include <string.h>

/* The devices in the order of their making: driver, id and, behind "@", the bus that was found. */
static const struct
{
  const char *name, *line, *devices;
} cases[] = {
  { "nothing", "-M q35 -nodefaults", "" },
  { "none-needed", "-M q35 -nodefaults -device virtio-rng-pci", "virtio-rng-pci" },
  { "scsi", "-M q35 -nodefaults -device scsi-hd", "virtio-scsi-pci:ctl-scsi scsi-hd" },
  { "once", "-M q35 -nodefaults -device scsi-hd -device scsi-cd", "virtio-scsi-pci:ctl-scsi scsi-hd scsi-cd" },
  { "before", "-M q35 -nodefaults -device lsi53c895a -device scsi-hd", "lsi53c895a scsi-hd" },
  { "behind", "-M q35 -nodefaults -device scsi-hd -device lsi53c895a", "virtio-scsi-pci:ctl-scsi scsi-hd lsi53c895a" },
  { "named", "-M q35 -nodefaults -device scsi-hd,bus=nowhere.0", "scsi-hd" },
  { "id-taken", "-M q35 -nodefaults -device virtio-rng-pci,id=ctl-usb -device usb-kbd",
    "virtio-rng-pci:ctl-usb qemu-xhci:ctl-usb-2 usb-kbd" },
  { "id-taken-later", "-M q35 -nodefaults -device usb-kbd -device virtio-rng-pci,id=ctl-usb",
    "qemu-xhci:ctl-usb-2 usb-kbd virtio-rng-pci:ctl-usb" },
  { "machine-usb", "-M q35,usb=on -nodefaults -device usb-kbd", "usb-kbd" },
  { "usb-option", "-M q35 -nodefaults -usb -device usb-kbd", "usb-kbd" },
  { "json", "-M q35 -nodefaults -device {\"driver\":\"usb-kbd\"}", "qemu-xhci:ctl-usb usb-kbd" },
  { "json-maker", "-M q35 -nodefaults -device {\"driver\":\"qemu-xhci\"} -device usb-kbd",
    "qemu-xhci:ctl-usb usb-kbd qemu-xhci" },
  { "serial", "-M q35 -nodefaults -device virtconsole", "virtio-serial-pci:ctl-serial virtconsole" },
  { "hda", "-M q35 -nodefaults -device hda-duplex", "ich9-intel-hda:ctl-hda hda-duplex" },
  { "floppy", "-M q35 -nodefaults -device floppy", "isa-fdc:ctl-floppy floppy" },
  { "floppy-pc", "-M pc -nodefaults -device floppy", "floppy" },
  { "sata", "-M q35 -nodefaults -device ide-cd -device ide-hd", "ide-cd@ide.0 ide-hd@ide.1" },
  { "sata-named", "-M q35 -nodefaults -device ide-cd -device ide-hd,bus=ide.0", "ide-cd@ide.5 ide-hd" },
  { "sata-drive", "-M q35 -nodefaults -hda a.img -device ide-cd", "ide-cd@ide.5" },
  { "sata-drive-two", "-M q35 -nodefaults -hda a.img -device ide-cd -device ide-cd", "ide-cd@ide.1 ide-cd@ide.2" },
  { "sata-drive-later", "-M q35 -nodefaults -device ide-cd -drive file=a.img,index=0", "ide-cd@ide.5" },
  { "sata-newest", "-M q35 -nodefaults -device ich9-ahci,id=a -device ide-hd", "ich9-ahci:a ide-hd@a.5" },
  { "sata-newest-two", "-M q35 -nodefaults -device ich9-ahci,id=a -device ide-hd -device ide-hd", "ich9-ahci:a ide-hd@ide.0 ide-hd@ide.1" },
  { "sata-one", "-M q35 -nodefaults -device ide-hd", "ide-hd@ide.5" },
  { "sata-each-its-own", "-M q35 -nodefaults -device ich9-ahci,id=a -device ide-hd -device ich9-ahci,id=b -device ide-hd",
    "ich9-ahci:a ide-hd@a.5 ich9-ahci:b ide-hd@b.5" },
  { "sata-off", "-M q35,sata=off -nodefaults -device ide-cd -device ide-cd",
    "ich9-ahci:ctl-ahci ide-cd@ctl-ahci.0 ide-cd@ctl-ahci.1" },
  { "ide", "-M pc -nodefaults -device ide-cd -device ide-cd -device ide-cd", "ide-cd@ide.0 ide-cd@ide.0 ide-cd@ide.1" },
  { "ide-drives", "-M pc -nodefaults -hda a -hdb b -hdc c -device ide-cd -device ide-cd",
    "ide-cd@ide.1 ich9-ahci:ctl-ahci ide-cd@ctl-ahci.0" },
  { "unknown", "-M q35 -nodefaults -device nonsense -device usb-kbd", "nonsense qemu-xhci:ctl-usb usb-kbd" },
  { "id-twice", "-M q35 -nodefaults -device qemu-xhci,id=a -device qemu-xhci,id=a -device usb-kbd",
    "qemu-xhci:a qemu-xhci:a usb-kbd" },
};

static char *
show (const QrRequest *request)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < request->devices->len; i++)
    {
      const QrDeviceRequest *device = &g_array_index (request->devices, QrDeviceRequest, i);
      const char *id = qr_optlist_get (device->opts, "id");

      g_string_append_printf (out, "%s%s%s%s%s%s", i == 0 ? "" : " ",
                              qr_optlist_get (device->opts, "driver"), id == NULL ? "" : ":",
                              id == NULL ? "" : id, device->bus == NULL ? "" : "@",
                              device->bus == NULL ? "" : device->bus);
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", -1);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = NULL;
  g_autofree char *shown = NULL;
  const QrTarget target = { "x86_64", NULL, NULL };
  const QrCmdline *line;
  GError *error = NULL;

  line = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin, NULL, pool, &error);
  g_assert_no_error (error);
  request = qr_desugar (line, &qr_profiles_builtin, &target, pool, &error);
  g_assert_no_error (error);
  g_assert_true (qr_controllers_add (request, &qr_profiles_builtin, pool, &error));
  g_assert_no_error (error);
  shown = show (request);
  g_assert_cmpstr (shown, ==, cases[i].devices);
}

/* Each controller of the table makes its bus. */
static void
test_table (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint32 i = 0; i < qr_profiles_builtin.n_controllers; i++)
    {
      const QrController *controller = &qr_profiles_builtin.controllers[i];
      const QrDeviceType *type
          = qr_profiles_find_device (&qr_profiles_builtin, controller->driver, pool);
      gboolean makes = FALSE;

      g_assert_nonnull (type);
      for (guint32 j = 0; j < type->n_buses; j++)
        makes |= strcmp (type->buses[j].type, controller->bus) == 0;
      g_assert_true (makes);
      g_assert_true (qr_opt_is_id (controller->id));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/controllers/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/controllers/table", test_table);
  return g_test_run ();
}
