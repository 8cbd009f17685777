/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that a line becomes, and what is refused by name because it is not explicit yet. */
#include "config.h"

#include "desugar.h"
#include "testlib.h"

#include <string.h>

/* What is refused. */
static const struct
{
  const char *name, *line, *code, *message;
} refusals[] = {
  { "set", "-set device.x.addr=5", "no-such-id", "option \"-set\" finds no device \"x\"" },
  { "global-addr", "-global e1000.addr=5", "not-expanded", "a global \"addr\" cannot be followed" },
  { "global-addr-long", "-global driver=e1000,property=addr,value=5", "not-expanded", "a global \"addr\"" },
  { "accel-xen", "-accel kvm,xen-version=0x40011", "not-expanded", "\"-accel\"" },
  { "json-help", "-device {\"driver\":\"help\"}", "unknown-device", "no device type is called \"help\"" },
  { "machine-bare-word", "-machine q35,usb", "option-syntax", "expected \"=\" after \"usb\"" },
  { "nographic-daemonize", "-nographic -daemonize", "daemonize-console", "default serial port would use the terminal" },
};

static void
test_refusal (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", refusals[i].line, &error);

  g_assert_null (plan);
  test_error_code (&error, QR_STATUS_REQUEST, refusals[i].code, refusals[i].message);
}

/* Whose firmware starts the guest. */
static const struct
{
  const char *line;
  gboolean own;
} firmwares[] = {
  { "", FALSE },
  { "-M q35", FALSE },
  { "-bios bios-256k.bin", FALSE },
  { "-drive if=none,id=d,file=x", FALSE },
  { "-bios OVMF.fd", TRUE },
  { "-M q35,firmware=OVMF.fd", TRUE },
  { "-machine q35,pflash0=code", TRUE },
  { "-pflash OVMF.fd", TRUE },
  { "-drive if=pflash,file=OVMF.fd", TRUE },
  { "-drive file=OVMF.fd,if=pflash,readonly=on", TRUE },
};

static void
test_firmware (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", firmwares[i].line, &error);

  g_assert_no_error (error);
  g_assert_cmpint (plan->request->own_firmware, ==, firmwares[i].own);
}

#define SERIAL "-serial vc:80Cx24C "
#define PARALLEL "-parallel vc:80Cx24C "
#define MONITOR "-monitor vc:80Cx24C "
#define CDROM "-drive if=ide,index=2,media=cdrom "
#define VGA "-device VGA,bus=pcie.0,addr=01.0 "
#define NIC(slot, port) \
  "-device e1000e,netdev=hub0port" #port ",mac=52:54:00:12:34:56,bus=pcie.0,addr=" #slot ".0 "
#define HUB "-netdev hubport,id=hub0port0,hubid=0 -netdev user,id=net0 -netdev hubport,id=hub0port1,hubid=0,netdev=net0 "
#define QUIET "-serial none -parallel none -monitor none -device ide-cd "
#define QUIET_OUT "-serial none -parallel none -monitor none "
#define CD_OUT "-device ide-cd,bus=ide.5 "
#define CD_ALONE "-device ide-cd " /* where no PCI function is placed, nothing is touched */

/* The line that a line becomes under qemu@1, without the program and what stands in front. */
static const struct
{
  const char *name, *line, *emitted;
} lines[] = {
  { "nothing", "", SERIAL PARALLEL MONITOR CDROM VGA NIC (02, 0) HUB },
  { "nodefaults", "-nodefaults", "-nodefaults " },
  { "switched-off", QUIET "-vga none -nic none", QUIET "" },
  { "vga-off-by-driver", QUIET "-nic none -device virtio-vga",
    QUIET_OUT CD_OUT "-device virtio-vga,bus=pcie.0,addr=01.0 " },
  { "vga-stays", QUIET "-nic none -device virtio-gpu-pci",
    QUIET_OUT VGA CD_OUT "-device virtio-gpu-pci,bus=pcie.0,addr=02.0 " },
  { "vga-off-by-global", QUIET "-nic none -global VGA.vgamem_mb=32", QUIET_OUT CD_ALONE "-global VGA.vgamem_mb=32 " },
  { "vga-off-by-long-global", QUIET "-nic none -global driver=VGA,property=vgamem_mb,value=32",
    QUIET_OUT CD_ALONE "-global driver=VGA,property=vgamem_mb,value=32 " },
  { "last-vga-wins", QUIET "-nic none -vga none -vga qxl",
    QUIET_OUT "-device qxl-vga,bus=pcie.0,addr=01.0 " CD_OUT },
  { "vga-nodefaults", "-nodefaults -vga virtio", "-nodefaults -device virtio-vga,bus=pcie.0,addr=01.0 " },
  { "vga-xenfb", "-nodefaults -vga xenfb", "-nodefaults -vga xenfb " },
  { "vga-help-not-last", "-nodefaults -vga help -vga none", "-nodefaults " },
  { "nic-off-by-netdev", QUIET "-vga none -netdev user,id=n", QUIET_OUT CD_ALONE "-netdev user,id=n " },
  { "nic-stays", QUIET "-vga none -device e1000",
    QUIET_OUT NIC (01, 0) CD_OUT "-device e1000,bus=pcie.0,addr=02.0 " HUB },
  { "net-user", "-nodefaults -net user",
    "-nodefaults -netdev user,id=net0 -netdev hubport,id=hub0port0,hubid=0,netdev=net0 " },
  { "nic-none", "-nodefaults -nic none", "-nodefaults " },
  { "nic-none-help", "-nodefaults -nic none,help", "-nodefaults " },
  { "usb", "-nodefaults --usb", "-nodefaults --usb " },
  { "usbdevice", "-nodefaults -usbdevice tablet", "-nodefaults -usbdevice tablet " },
  { "audio", "-nodefaults -audio none", "-nodefaults -audio none " },
  { "audio-model", "-nodefaults -audio none,model=ac97,id=a,,b", "-nodefaults -audiodev none,id=a,,b -device AC97,audiodev=a,,b,bus=pcie.0,addr=01.0 " },
  { "audio-codec", "-nodefaults -audio model=hda,driver=none,in.voices=1",
    "-nodefaults -audiodev driver=none,in.voices=1,id=audiodev0 -device intel-hda,bus=pcie.0,addr=01.0 -device hda-duplex,audiodev=audiodev0,bus=hda.0 " },
  { "audio-unknown", "-nodefaults -audio none,model=no", "-nodefaults -audio none,model=no " },
  { "virtfs", "-nodefaults -virtfs local,path=/,mount_tag=t,fmode=1", "-nodefaults -fsdev local,path=/,id=t -device virtio-9p-pci,fsdev=t,mount_tag=t,bus=pcie.0,addr=01.0 " },
  { "virtfs-id", "-nodefaults -virtfs synth,id=i,mount_tag=1,,2", "-nodefaults -fsdev synth,id=i -device virtio-9p-pci,fsdev=i,mount_tag=1,,2,bus=pcie.0,addr=01.0 " },
  { "virtfs-no-id", "-nodefaults -virtfs synth,mount_tag=1", "-nodefaults -virtfs synth,mount_tag=1 " },
  { "virtfs-unknown", "-nodefaults -virtfs synth,mount_tag=t,no=1", "-nodefaults -virtfs synth,mount_tag=t,no=1 " },
  { "drive-virtio", "-nodefaults -drive file=x,,y,if=virtio -device edu",
    "-nodefaults -drive file=x,,y,if=none,id=virtio0 -device edu,bus=pcie.0,addr=01.0 "
    "-device virtio-blk-pci,drive=virtio0,bus=pcie.0,addr=02.0 " },
  { "drive-none", "-nodefaults -drive file=x,if=none,id=d", "-nodefaults -drive file=x,if=none,id=d " },
  { "drive-comma", "-nodefaults -drive file=x,,if=virtio,if=none", "-nodefaults -drive file=x,,if=virtio,if=none " },
  { "drive-bytes", "-nodefaults -drive file=/\xff\xfe,if=none", "-nodefaults -drive file=/\xff\xfe,if=none " },
  { "cdrom-taken", "-vga none -nic none -serial null -parallel null -monitor null -cdrom c",
    "-serial null -parallel null -monitor null -cdrom c " },
  { "cdrom-taken-by-third", "-vga none -nic none -serial null -parallel null -monitor null a -drive file=b -drive file=c",
    "-serial null -parallel null -monitor null a -drive file=b -drive file=c " },
  { "cdrom-without-sata", "-vga none -nic none -serial null -parallel null -monitor null -machine sata=off",
    "-serial null -parallel null -monitor null -machine sata=off -drive if=none,id=ide2-cd0,media=cdrom " },
  { "console", "-vga none -nic none -device ide-cd -nographic",
    CD_ALONE "-nographic -serial mon:stdio -parallel null " },
  { "console-serial-said", "-vga none -nic none -device ide-cd -nographic -serial null",
    CD_ALONE "-nographic -serial null -parallel null -monitor stdio " },
  { "console-monitor-said", "-vga none -nic none -device ide-cd -nographic -monitor null",
    CD_ALONE "-nographic -monitor null -serial stdio -parallel null " },
  { "monitor-off-by-serial", "-vga none -nic none -device ide-cd -parallel none -serial mon:vc",
    CD_ALONE "-parallel none -serial mon:vc " },
  { "cpu-help-not-last", "-nodefaults -cpu help -cpu qemu64", "-nodefaults -cpu help -cpu qemu64 " },
  { "d-help-not-last", "-nodefaults -d help -d guest_errors", "-nodefaults -d help -d guest_errors " },
  { "accel-help-in-list", "-nodefaults -accel tcg,thread=single,help", "-nodefaults -accel tcg,thread=single,help " },
  { "global-place", "-nodefaults -device virtio-rng-pci,id=a -global virtio-rng-pci.disable-legacy=on",
    "-nodefaults -device virtio-rng-pci,id=a,disable-legacy=on,bus=pcie.0,addr=01.0 -global virtio-rng-pci.disable-legacy=on " },
  { "global-place-long", "-nodefaults -global driver=pxb-pcie,property=bus_nr,value=9 -device pxb-pcie",
    "-nodefaults -global driver=pxb-pcie,property=bus_nr,value=9 -device pxb-pcie,bus_nr=9,bus=pcie.0,addr=01.0 " },
  { "global-place-last", "-nodefaults -device pxb-pcie -global pxb-pcie.bus_nr=5 -global pxb-pcie.bus_nr=6",
    "-nodefaults -device pxb-pcie,bus_nr=6,bus=pcie.0,addr=01.0 -global pxb-pcie.bus_nr=5 -global pxb-pcie.bus_nr=6 " },
  { "global-place-said", "-nodefaults -device pxb-pcie,bus_nr=7 -global pxb-pcie.bus_nr=5",
    "-nodefaults -device pxb-pcie,bus_nr=7,bus=pcie.0,addr=01.0 -global pxb-pcie.bus_nr=5 " },
  { "global", "-nodefaults -global e1000.mac=52:54:00:12:34:56", "-nodefaults -global e1000.mac=52:54:00:12:34:56 " },
  { "global-of-parent", "-nodefaults -global virtio-pci.disable-legacy=on -device virtio-rng-pci -device edu",
    "-nodefaults -global virtio-pci.disable-legacy=on -device virtio-rng-pci,disable-legacy=on,bus=pcie.0,addr=01.0 "
    "-device edu,bus=pcie.0,addr=02.0 " },
  { "global-of-all", "-nodefaults -global pci-device.multifunction=on -device edu -device pcie-root-port,multifunction=off",
    "-nodefaults -global pci-device.multifunction=on -device edu,multifunction=on,bus=pcie.0,addr=01.0 "
    "-device pcie-root-port,multifunction=off,bus=pcie.0,addr=02.0 " },
  { "global-fixed", "-nodefaults -global pci-device.multifunction=on -vga std",
    "-nodefaults -global pci-device.multifunction=on -device VGA,multifunction=off,bus=pcie.0,addr=01.0 " },
  { "global-of-json", "-nodefaults -global edu.multifunction=on -device {\"driver\":\"edu\"} -device {\"driver\":\"edu\",\"addr\":\"1.1\"}",
    "-nodefaults -global edu.multifunction=on -device {\"driver\":\"edu\",\"bus\":\"pcie.0\",\"addr\":\"01.0\"} "
    "-device {\"driver\":\"edu\",\"addr\":\"1.1\",\"bus\":\"pcie.0\"} " },
  { "sound-chosen", "-nodefaults -device AC97", "-nodefaults -device AC97,bus=pcie.0,addr=01.0 " },
};

/* The words of a line that say something; blanks at the ends do not. */
static void
test_line (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gboolean empty = *lines[i].line == '\0';
  g_autofree char *line = g_strconcat ("-M q35", empty ? "" : " ", lines[i].line, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);
  g_autofree char *emitted = NULL, *rest = NULL;
  g_auto (GStrv) found = NULL, wanted = NULL;
  char **at;

  g_assert_no_error (error);
  at = plan->argv + 1;
  if (strcmp (*at, "-nodefaults") == 0)
    at++;
  else
    g_assert_true (strstr (lines[i].line, "-nodefaults") != NULL);
  emitted = g_strjoinv (" ", at);
  rest = g_strconcat ("-M q35 ", lines[i].emitted, NULL);
  found = g_strsplit (emitted, " ", -1);
  wanted = g_strsplit (g_strchomp (rest), " ", -1);
  for (gsize n = 0; found[n] != NULL || wanted[n] != NULL; n++)
    g_assert_cmpstr (found[n], ==, wanted[n]);
}

/* A card that leaves its sound to QEMU: -nodefaults would take that away on 10.0. */
static void
test_default_audio (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", "-M q35 -device AC97", &error);
  g_autofree char *emitted = NULL;

  g_assert_no_error (error);
  emitted = g_strjoinv (" ", plan->argv + 1);
  g_assert_cmpstr (emitted, ==,
                   "-vga none -nic none -M q35 " VGA NIC (02, 0) "-device AC97,bus=pcie.0,addr=03.0 "
                   "-netdev hubport,id=hub0port0,hubid=0 -netdev user,id=net0 "
                   "-netdev hubport,id=hub0port1,hubid=0,netdev=net0");
}

static const char *const informing[]
    = { "-version",          "--version",   "-h",          "-help",     "-M help",       "-machine help",
        "-device help",      "-device ?",   "-cpu help",   "-accel help", "-device e1000,help",
        "-nodefaults -device e1000 -version", "-netdev help", "-device driver=help", "-M q35,help -M pc",
        "-cpu qemu64 -cpu help", "-object rng-random,help" };

static void
test_informs (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", data, &error);
  g_autofree char *words = NULL, *expected = NULL;

  g_assert_no_error (error);
  g_assert_null (plan->topology);
  words = g_strjoinv (" ", plan->argv);
  expected = g_strconcat ("qemu ", (const char *) data, NULL);
  g_assert_cmpstr (words, ==, expected);
  g_assert_cmpstr (plan->confinement.profile, ==, "off");
}

/* "help" as somebody's value is not a call for help. */
static void
test_no_help (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", "-nodefaults -name help -device edu,id=help -drive if=none,file=help", &error);

  g_assert_no_error (error);
  g_assert_nonnull (plan->topology);
}

/* Strings in their order, then JSON in its order. */
static void
test_creation_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "qemu@1", "-nodefaults -device {\"driver\":\"edu\",\"id\":\"j1\"} -device edu,id=s1 "
                "-device {\"driver\":\"edu\",\"id\":\"j2\"} -device edu,id=s2", &error);

  g_assert_no_error (error);
  test_path_is (plan, "s1", "00:01.0");
  test_path_is (plan, "s2", "00:02.0");
  test_path_is (plan, "j1", "00:03.0");
  test_path_is (plan, "j2", "00:04.0");
}

/* Several -machine are one; the last value wins, "_" equals "-". */
static void
test_machine_merges (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", "-nodefaults -M pc -machine usb=on -M type=q35,smbus=off -machine usb=off", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->topology->machine_type, ==, "q35");
  g_assert_null (g_hash_table_lookup (plan->topology->by_key, "ich9-usb-ehci1"));
  g_assert_null (g_hash_table_lookup (plan->topology->by_key, "ICH9-SMB"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/refusal/%s", refusals[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refusal);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/line/%s", lines[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (firmwares); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/firmware/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_firmware);
    }
  g_test_add_func ("/desugar/default-audio", test_default_audio);
  for (gsize i = 0; i < G_N_ELEMENTS (informing); i++)
    {
      g_autofree char *name = g_strdup_printf ("/desugar/informs/%s", informing[i]);

      g_test_add_data_func (name, informing[i], test_informs);
    }
  g_test_add_func ("/desugar/no-help", test_no_help);
  g_test_add_func ("/desugar/creation-order", test_creation_order);
  g_test_add_func ("/desugar/machine-merges", test_machine_merges);
  return g_test_run ();
}
