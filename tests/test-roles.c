/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What words of a list become, where that hangs on more than the word. */
#include "config.h"

#include "roles.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>

/* Options that the words became; those of several words with " | " between them. */
static const struct
{
  const char *name, *line, *options;
} cases[] = {
  /* ids */
  { "ids", "rng= rng=", "-object rng-builtin,id=rng0-object -device virtio-rng-pci,rng=rng0-object,id=rng0 | "
                        "-object rng-builtin,id=rng1-object -device virtio-rng-pci,rng=rng1-object,id=rng1" },
  { "id-counts", "balloon=,id=b balloon=", "-device virtio-balloon-pci,id=b | -device virtio-balloon-pci,id=balloon1" },
  { "id-taken", "balloon= -- -device virtio-rng-pci,id=balloon0", "-device virtio-balloon-pci,id=balloon1" },
  { "id-taken-json", "balloon= -- -device {\"driver\":\"virtio-rng-pci\",\"id\":\"balloon0\"}",
    "-device virtio-balloon-pci,id=balloon1" },
  { "id-taken-list", "balloon= rng=,id=balloon0",
    "-device virtio-balloon-pci,id=balloon1 | "
    "-object rng-builtin,id=balloon0-object -device virtio-rng-pci,rng=balloon0-object,id=balloon0" },
  { "id-taken-netdev", "balloon= -- -netdev user,id=balloon0", "-device virtio-balloon-pci,id=balloon1" },
  { "id-taken-side", "nic= -- -netdev user,id=nic0-netdev",
    "-netdev user,id=nic1-netdev -device virtio-net-pci,netdev=nic1-netdev,id=nic1" },
  /* keys */
  { "unknown-key-of-a-side", "balloon=,device.x-new=1", "-device virtio-balloon-pci,id=balloon0,x-new=1" },
  { "comma", "rng=/dev/null,device.x=a,,b", "-object rng-random,id=rng0-object,filename=/dev/null "
                                            "-device virtio-rng-pci,rng=rng0-object,id=rng0,x=a,,b" },
  { "bare", "balloon=,deflate-on-oom", "-device virtio-balloon-pci,id=balloon0,deflate-on-oom=on" },
  { "bare-off", "balloon=,nodeflate-on-oom", "-device virtio-balloon-pci,id=balloon0,deflate-on-oom=off" },
  { "twice", "balloon=,addr=3,addr=4", "-device virtio-balloon-pci,id=balloon0,addr=3,addr=4" },
  { "hint", "balloon=,qriser.hotplug=off", "-device virtio-balloon-pci,id=balloon0,qriser.hotplug=off" },
  { "default-group-same", "serial=socket,server=on,path=/s",
    "-chardev socket,id=serial0-chardev,server=on,path=/s,wait=off "
    "-device isa-serial,chardev=serial0-chardev,id=serial0" },
  { "default-unless", "nic=tap,fd=5",
    "-netdev tap,id=nic0-netdev,fd=5 -device virtio-net-pci,netdev=nic0-netdev,id=nic0" },
  { "default-single", "nic=tap,script=/up",
    "-netdev tap,id=nic0-netdev,script=/up,downscript=no -device virtio-net-pci,netdev=nic0-netdev,id=nic0" },
  { "again", "gpu=bochs gpu=std gpu=cirrus gpu=std",
    "-device bochs-display,id=gpu0 | -device VGA,id=gpu1 | -device cirrus-vga,id=gpu2 | -device secondary-vga,id=gpu3" },
  { "unit", "memory=512 -- -m 1G,slots=1,maxmem=2G",
    "-object memory-backend-ram,id=memory0-object,size=512M -device pc-dimm,memdev=memory0-object,id=memory0" },
  { "sata", "cdrom=,bus=sata", "-drive if=none,id=cdrom0-drive,media=cdrom -device ide-cd,drive=cdrom0-drive,id=cdrom0" },
  { "ide-pc", "cdrom= -- -M pc", "-drive if=none,id=cdrom0-drive,media=cdrom -device ide-cd,drive=cdrom0-drive,id=cdrom0" },
  { "driver", "disk=there,drive.driver=raw",
    "-drive if=none,id=disk0-drive,driver=raw,file=there -device virtio-blk-pci,drive=disk0-drive,id=disk0" },
  { "default-group", "serial=socket,server=off,path=/s",
    "-chardev socket,id=serial0-chardev,server=off,path=/s -device isa-serial,chardev=serial0-chardev,id=serial0" },
  { "second-side", "sound=hda,backend=none,codec.debug=1",
    "-audiodev none,id=sound0-audiodev -device ich9-intel-hda,id=sound0 "
    "-device hda-duplex,bus=sound0.0,audiodev=sound0-audiodev,id=sound0-codec,debug=1" },
  { "link-left-out", "sound=ac97", "-device AC97,id=sound0" },
  { "begins", "vfio=/dev/null", "-device vfio-pci,id=vfio0,sysfsdev=/dev/null" },
  { "when-not", "tpm=passthrough", "-tpmdev passthrough,id=tpm0-tpmdev -device tpm-crb,tpmdev=tpm0-tpmdev,id=tpm0" },
  /* what the rest of the line says */
  { "memory-default", "share=/s,driver=virtiofs",
    "-chardev socket,id=share0-chardev,path=/s "
    "-object memory-backend-memfd,id=shared-memory,share=on,size=128M -machine memory-backend=shared-memory "
    "-device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "memory-size", "share=/s,driver=virtiofs -- -m 512",
    "-chardev socket,id=share0-chardev,path=/s "
    "-object memory-backend-memfd,id=shared-memory,share=on,size=512M -machine memory-backend=shared-memory "
    "-device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "memory-size-key", "share=/s,driver=virtiofs -- -m size=3G -m slots=2,maxmem=8G",
    "-chardev socket,id=share0-chardev,path=/s "
    "-object memory-backend-memfd,id=shared-memory,share=on,size=3G -machine memory-backend=shared-memory "
    "-device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "memory-shared", "share=/s,driver=virtiofs -- -machine q35,memory-backend=mine",
    "-chardev socket,id=share0-chardev,path=/s -device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "memory-shared-M", "share=/s,driver=virtiofs -- -M q35,memory-backend=mine",
    "-chardev socket,id=share0-chardev,path=/s -device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "memory-numa", "share=/s,driver=virtiofs -- -numa node,memdev=mine",
    "-chardev socket,id=share0-chardev,path=/s -device vhost-user-fs-pci,chardev=share0-chardev,id=share0,tag=share0" },
  { "sum", "memory=1G memory=512M -- -m 1024",
    "-m slots=2,maxmem=2684354560 -object memory-backend-ram,id=memory0-object,size=1G "
    "-device pc-dimm,memdev=memory0-object,id=memory0 | "
    "-object memory-backend-ram,id=memory1-object,size=512M -device pc-dimm,memdev=memory1-object,id=memory1" },
  { "sum-given", "memory=1G,maxmem=8G",
    "-m maxmem=8G -object memory-backend-ram,id=memory0-object,size=1G "
    "-device pc-dimm,memdev=memory0-object,id=memory0" },
  { "sum-on-line", "memory=1G -- -m 1G,slots=3,maxmem=4G",
    "-object memory-backend-ram,id=memory0-object,size=1G -device pc-dimm,memdev=memory0-object,id=memory0" },
  /* firmware, by the descriptions in firmware/ */
  { "firmware", "firmware=",
    "-drive if=pflash,unit=0,readonly=on,file=code,format=raw "
    "-drive snapshot=on,if=pflash,unit=1,file=template,format=raw" },
  { "firmware-vars", "firmware=uefi,vars=there",
    "-drive if=pflash,unit=0,readonly=on,file=code,format=raw -drive if=pflash,unit=1,file=there,format=raw" },
  { "firmware-secure", "firmware=uefi,secure-boot=on",
    "-machine smm=on -global driver=cfi.pflash01,property=secure,value=on "
    "-drive if=pflash,unit=0,readonly=on,file=secure,format=raw "
    "-drive snapshot=on,if=pflash,unit=1,file=template,format=raw" },
  { "firmware-bios", "firmware=bios balloon=", " | -device virtio-balloon-pci,id=balloon0" },
  { "firmware-file", "firmware=there", "-bios there" },
};

static void
write_files (void)
{
#define DESCRIPTION(code, features) \
  "{ \"interface-types\": [\"uefi\"], \"targets\": [{ \"architecture\": \"x86_64\", \"machines\": [\"pc-q35-*\"] }], " \
  "\"features\": [" features "], \"mapping\": { \"device\": \"flash\", " \
  "\"executable\": { \"filename\": \"" code "\", \"format\": \"raw\" }, " \
  "\"nvram-template\": { \"filename\": \"template\", \"format\": \"raw\" } } }"

  (void) g_mkdir ("firmware", 0700);
  g_assert_true (g_file_set_contents ("firmware/1.json", DESCRIPTION ("code", ""), -1, NULL));
  g_assert_true (g_file_set_contents (
      "firmware/2.json", DESCRIPTION ("secure", "\"secure-boot\", \"enrolled-keys\", \"requires-smm\""), -1, NULL));
  g_assert_true (g_file_set_contents ("there", "x", 1, NULL));
  g_assert_true (g_file_set_contents ("template", "x", 1, NULL));
  g_assert_true (g_file_set_contents ("code", "x", 1, NULL));
  g_assert_true (g_file_set_contents ("secure", "x", 1, NULL));
  (void) g_remove ("absent");
}

static const QrCmdline *
expand (char **words, QrPool *pool, QrRoleUses *uses, GError **error)
{
  static const char *const paths[] = { "firmware", NULL };
  const QrRoleBook book = { NULL, &qr_profiles_builtin, NULL };
  const QrRoleContext context = { &book, "x86_64", "q35", paths };
  const QrCmdline *line = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin,
                                            &qr_list_end, pool, error);

  write_files ();
  if (line != NULL)
    line = qr_list_read (line, TRUE, &qr_profiles_builtin, pool, error);
  return line == NULL ? NULL : qr_roles_expand (line, &context, pool, uses, error);
}

static char *
show (const QrRoleUses *uses)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < uses->n; i++)
    {
      if (i > 0)
        g_string_append (out, " | ");
      for (gsize j = 0; j < uses->uses[i].n_items; j++)
        g_string_append_printf (out, "%s%s %s", j == 0 ? "" : " ", uses->uses[i].items[j].word,
                                uses->uses[i].items[j].value);
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", -1);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *shown = NULL;
  GError *error = NULL;
  QrRoleUses uses;

  (void) expand (words, pool, &uses, &error);
  g_assert_no_error (error);
  shown = show (&uses);
  g_assert_cmpstr (shown, ==, cases[i].options);
}

/* Files that are to be made; one that is there is not. */
static void
test_new_files (void)
{
  static const char *const words[] = { "disk=absent,size=1G,format=raw", "disk=there,size=1G,format=raw",
                                       "firmware=uefi,vars=other", "disk=absent.qcow2,size=2G", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrRoleUses uses;

  g_assert_nonnull (expand ((char **) words, pool, &uses, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (uses.n_files, ==, 3);
  g_assert_cmpint (uses.files[0].kind, ==, QR_NEW_RAW);
  g_assert_cmpuint (uses.files[0].bytes, ==, 1 << 30);
  g_assert_cmpint (uses.files[1].kind, ==, QR_NEW_COPY);
  g_assert_cmpstr (uses.files[1].path, ==, "other");
  g_assert_cmpstr (uses.files[1].original, ==, "template");
  g_assert_cmpint (uses.files[2].kind, ==, QR_NEW_QCOW2);
  g_assert_false (g_file_test ("absent", G_FILE_TEST_EXISTS)); /* not by asking */
}

/* A line without a list is not copied. */
static void
test_same (void)
{
  static const char *const words[] = { "-m", "1G", NULL };
  const QrRoleBook book = { NULL, &qr_profiles_builtin, NULL };
  const QrRoleContext context = { &book, NULL, NULL, NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *line = qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, &error);
  QrRoleUses uses;

  g_assert_true (qr_roles_expand (line, &context, pool, &uses, &error) == line);
  g_assert_cmpuint (uses.n, ==, 0);
}

static void
refuse (const char *text, QrStatus status, const char *code, const char *part)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrRoleUses uses;

  g_assert_null (expand (words, pool, &uses, &error));
  test_error_code (&error, status, code, part);
}

static void
test_refused (void)
{
  refuse ("balloon=\xff", QR_STATUS_REQUEST, "utf8", "not valid UTF-8");
  refuse ("memory=1G memory=x", QR_STATUS_REQUEST, "role-value", "\"x\" is no size");
  refuse ("memory=1G -- -m 1.5G", QR_STATUS_REQUEST, "role-value", "\"1.5G\" of option \"-m\"");
  refuse ("memory=8388608T memory=1G", QR_STATUS_REQUEST, "role-value", "no size");
  refuse ("firmware=uefi,vars=.", QR_STATUS_REQUEST, "role-value", "\".\" is no file");
  refuse ("firmware=uefi -- -M virt", QR_STATUS_NO_INPUT, "no-firmware", "machine virt");
  refuse ("firmware=absent", QR_STATUS_NO_INPUT, "no-file", "absent");
  refuse ("usb=ehci,uhci1.addr=3", QR_STATUS_REQUEST, "role-key", "has no key \"uhci1.addr\"");
  refuse ("balloon=,driver=x", QR_STATUS_REQUEST, "role-key", "has no key \"driver\"");
  refuse ("balloon=,device.driver=x", QR_STATUS_REQUEST, "role-key", "gives \"driver\" by itself");
  refuse ("balloon=,=x", QR_STATUS_REQUEST, "role-key", "has no key \"\"");
  refuse ("nic=user,device.=x", QR_STATUS_REQUEST, "role-key", "has no key \"device.\"");
  refuse ("disk=absent,size=0,format=raw", QR_STATUS_REQUEST, "role-value", "no size of a disk");
  refuse ("disk=absent,size=3P,format=qcow2", QR_STATUS_REQUEST, "role-value", "a new image has 2 PiB at most");
  refuse ("balloon=,id=a,id=b", QR_STATUS_REQUEST, "role-key", "\"id\" stands twice");
  refuse ("disk=there,bus=scsi,bus=usb", QR_STATUS_REQUEST, "role-key", "\"bus\" stands twice");
  refuse ("cdrom=,bus=sata -- -M pc", QR_STATUS_REQUEST, "role-value", "machine \"pc\" has no \"sata\"");
  refuse ("cdrom=,size=1G", QR_STATUS_REQUEST, "role-key", "has no key \"size\"");
  refuse ("disk=nbd:x,format=raw,size=1G", QR_STATUS_REQUEST, "role-key", "cannot be made");
  refuse ("disk=there,format=raw,size=banana", QR_STATUS_REQUEST, "role-value", "no size of a disk");
  refuse ("disk=there,readonly=on", QR_STATUS_REQUEST, "image-format", "is not said");
  refuse ("disk=there,format=", QR_STATUS_REQUEST, "image-format", "the format is empty");
  refuse ("disk=there,format=raw,drive.qriser.behind=1c.3", QR_STATUS_REQUEST, "role-key", "has no key");
  refuse ("firmware=bios,secure-boot=on", QR_STATUS_REQUEST, "role-key", "is for firmware=uefi");
  refuse ("firmware=there,vars=x", QR_STATUS_REQUEST, "role-key", "is for firmware=uefi");
  refuse ("firmware=uefi,secure-boot=maybe", QR_STATUS_REQUEST, "role-value", "no secure-boot \"maybe\"");
  refuse ("Balloon=", QR_STATUS_REQUEST, "unknown-role", "no role \"Balloon\"");
  refuse ("input=host,bus=usb", QR_STATUS_REQUEST, "role-key", "needs evdev=");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/roles/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/roles/new-files", test_new_files);
  g_test_add_func ("/roles/same", test_same);
  g_test_add_func ("/roles/refused", test_refused);
  return test_run_inside ();
}
