/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest notices against plain QEMU: a line and the codes of its plan, and their keys. */
#include "config.h"

#include "differ.h"

#include <string.h>

#include "guest-order.h"
#include "testlib.h"

#define BLK "-device virtio-blk-pci-non-transitional,"
#define ONE "id=a,drive=x"
#define TWO "id=b,drive=y"

/* `codes` is "CODE:PART|PART": a warning of that code for each part of a message; "" for none. */
static const struct
{
  const char *name, *policy, *primary, *line, *codes;
} cases[] = {
  /* nic-order */
  { "nic-lan-jumps", "ich9@1", NULL, "-device rtl8139,id=a -device e1000e,id=b", "nic-order:b, a instead of a, b" },
  { "nic-kept", "ich9@1", NULL, "-device e1000e,id=b -device rtl8139,id=a", "" },
  { "nic-one", "ich9@1", NULL, "-device rtl8139,id=a -device edu,id=b", "" },
  { "nic-under-qemu", "qemu@1", NULL, "-device rtl8139,id=a -device e1000e,id=b", "" },
  { "nic-indexed", "ich9@1", NULL, "-device rtl8139,id=a,acpi-index=1 -device e1000e,id=b,acpi-index=2", "" },
  { "nic-one-indexed", "ich9@1", NULL, "-device rtl8139,id=a,acpi-index=1 -device e1000e,id=b", "" },
  { "nic-three", "ich9@1", NULL,
    "-device rtl8139,id=a -device vmxnet3,id=b -device e1000e,id=c", "nic-order:c, b, a instead of a, b, c" },
  { "nic-fixed", "ich9@1", NULL, "-device rtl8139,id=a,addr=1 -device e1000e,id=b,addr=2", "" },
  { "nic-fixed-first", "ich9@1", NULL, "-device rtl8139,id=a,addr=1 -device e1000e,id=b", "" },
  { "nic-fixed-last", "ich9@1", NULL, "-device rtl8139,id=a,addr=1f.1 -device vmxnet3,id=b",
    "nic-order:a, b instead of b, a" },
  { "nic-failover", "ich9@1", NULL,
    "-device virtio-net-pci-non-transitional,failover=on,id=a -device e1000e,failover_pair_id=a,id=b", "" },
  { "nic-json-late", "ich9@1", NULL, "-device {\"driver\":\"rtl8139\",\"id\":\"a\"} -device e1000e,id=b", "" },
  { "nic-json-order", "ich9@1", NULL, "-device {\"driver\":\"e1000e\",\"id\":\"a\"} -device rtl8139,id=b",
    "nic-order:a, b instead of b, a" },
  { "nic-no-id", "ich9@1", NULL, "-device rtl8139 -device e1000e", "nic-order:e1000e, rtl8139 instead of rtl8139, e1000e" },
  { "nic-below-ports", "ich9@1", NULL,
    "-device pcie-root-port,id=p,chassis=1,multifunction=on -device vmxnet3,id=a,bus=p -device vmxnet3,id=b",
    "nic-order:a, b instead of b, a" },
  { "nic-expander-last", "ich9@1", NULL,
    "-device pxb-pcie,id=x,bus_nr=128 -device pcie-root-port,id=p,bus=x,chassis=1 -device vmxnet3,id=a,bus=p "
    "-device vmxnet3,id=b", "" },
  /* boot-order */
  { "boot-fixed-last", "ich9@1", NULL, BLK "addr=10," ONE " " BLK TWO,
    "boot-order:a, b instead of b, a" },
  { "boot-kept", "ich9@1", NULL, BLK ONE " " BLK TWO, "" },
  { "boot-one", "ich9@1", NULL, BLK "addr=10," ONE, "" },
  { "boot-under-qemu", "qemu@1", NULL, BLK "addr=10," ONE " " BLK TWO, "" },
  { "boot-index", "ich9@1", NULL, BLK "addr=10," ONE ",bootindex=0 " BLK TWO, "" },
  { "boot-index-none", "ich9@1", NULL, BLK "addr=10," ONE ",bootindex=-1 " BLK TWO,
    "boot-order:a, b instead of b, a" },
  { "boot-index-of-network", "ich9@1", NULL, BLK "addr=10," ONE " " BLK TWO " -device e1000e,bootindex=1",
    "boot-order:a, b instead of b, a" },
  { "boot-index-of-disk-on-bus", "ich9@1", NULL,
    "-device megasas,id=a -device scsi-hd,bus=a.0,drive=x,bootindex=1 -device megasas-gen2,id=b "
    "-device scsi-hd,bus=b.0,drive=y", "" },
  { "boot-same-kind", "ich9@1", NULL,
    "-device megasas,id=a -device scsi-hd,bus=a.0,drive=x -device megasas-gen2,id=b "
    "-device scsi-hd,bus=b.0,drive=y", "boot-order:b, a instead of a, b" },
  { "boot-other-kind", "ich9@1", NULL,
    "-device megasas,id=a -device scsi-hd,bus=a.0,drive=x -device pvscsi,id=b "
    "-device scsi-hd,bus=b.0,drive=y", "boot-order:UEFI firmware finds the controllers of disks in the order b, a instead of a, b" },
  { "boot-no-disk", "ich9@1", NULL,
    "-device megasas,id=a -device scsi-hd,bus=a.0,drive=x -device megasas-gen2,id=b", "" },
  { "boot-sata-of-the-machine", "ich9@1", NULL,
    "-device ich9-ahci,id=a -device ide-hd,bus=a.0,drive=x -device ide-hd,bus=ide.0,drive=y",
    "boot-order:ich9-ahci, a instead of a, ich9-ahci" },
  { "boot-sata-empty", "ich9@1", NULL, "-device ich9-ahci,id=a -device ide-hd,bus=a.0,drive=x", "" },
  { "boot-nvme", "ich9@1", NULL,
    "-device nvme,serial=1,addr=10," ONE " -device nvme,serial=2," TWO, "boot-order:a, b instead of b, a" },
  { "boot-fixed", "ich9@1", NULL, BLK "addr=2," ONE " " BLK "addr=1," TWO, "" },
  { "boot-two-kinds", "ich9@1", NULL,
    BLK "addr=10," ONE " " BLK TWO " -device nvme,serial=1,addr=11,id=c,drive=z -device nvme,serial=2,id=d,drive=w",
    "boot-order:a BIOS finds the controllers of disks in the order a, b instead of b, a; c, d instead of d, c, and"
    "|UEFI firmware finds the controllers of disks in the order a, c, b, d instead of b, d, a, c" },
  { "boot-bios-only", "ich9@1", NULL, BLK ONE " " BLK "addr=1f.1," TWO, "boot-order:a BIOS finds the controllers of disks in the order b, a instead of a, b" },
  /* primary-display */
  { "display-last-made", "ich9@1", NULL, "-device virtio-vga,id=a -device VGA,id=b",
    "primary-display:a BIOS shows itself on a, and in plain QEMU on b;" },
  { "display-last-made-chosen", "ich9@1", "b", "-device virtio-vga,id=a -device VGA,id=b", "" },
  { "display-both-fixed", "ich9@1", NULL, "-device virtio-vga,id=a,addr=1 -device VGA,id=b,addr=2 -device edu", "" },
  { "display-one", "ich9@1", NULL, "-device VGA,id=a,addr=10 -device bochs-display,id=b", "" },
  { "display-fixed-late", "ich9@1", NULL, "-device VGA,id=a,addr=5 -device virtio-vga,id=b",
    "primary-display:a BIOS shows itself on a, and in plain QEMU on b;|UEFI firmware shows itself on a, and in plain QEMU on b;" },
  { "display-fixed-chosen", "ich9@1", "a", "-device VGA,id=a,addr=5 -device virtio-vga,id=b", "" },
  { "display-below-port", "ich9@1", NULL,
    "-device pcie-root-port,id=p,chassis=1 -device virtio-vga,id=a,bus=p -device VGA,id=b",
    "primary-display:a BIOS shows itself on a, and in plain QEMU on b;" },
  { "display-chosen-other", "ich9@1", "b", "-device VGA,id=a -device virtio-vga,id=b", "" },
  { "display-not-primary", "ich9@1", "b", "-device VGA,id=a,addr=1 -device virtio-vga,id=b",
    "primary-display:a, the first VGA-class function" },
  { "display-same-on-bios", "ich9@1", NULL, "-device virtio-vga,id=a -device VGA,id=b,addr=5", "" },
  { "display-under-qemu", "qemu@1", NULL, "-device VGA,id=a,addr=5 -device virtio-vga,id=b", "" },
  { "display-under-qemu-chosen", "qemu@1", "a", "-device VGA,id=a,addr=5 -device virtio-vga,id=b",
    "primary-display:b, the first VGA-class function" },
  { "display-on-pc", "pc@1", NULL, "-machine pc -device VGA,id=a,addr=5 -device virtio-vga,id=b", "" },
  { "display-on-pc-chosen", "pc@1", "a", "-machine pc -device VGA,id=a,addr=5 -device virtio-vga,id=b",
    "primary-display:b, the first VGA-class function" },
  /* virtio-modern */
  { "virtio", "ich9@1", NULL, "-device virtio-rng-pci,id=a -device virtio-balloon-pci,id=b", "virtio-modern:a, b;" },
  { "virtio-under-qemu", "qemu@1", NULL, "-device virtio-rng-pci,id=a", "" },
  { "virtio-non-transitional", "ich9@1", NULL, "-device virtio-rng-pci-non-transitional,id=a", "" },
  { "virtio-transitional", "ich9@1", NULL, "-device virtio-rng-pci-transitional,id=a", "" },
  { "virtio-always-modern", "ich9@1", NULL, "-device virtio-gpu-pci,id=a -device virtio-tablet-pci,id=b", "" },
  { "virtio-vga", "ich9@1", NULL, "-device virtio-vga,id=a", "" },
  { "virtio-legacy-off", "ich9@1", NULL, "-device virtio-rng-pci,id=a,disable-legacy=off", "" },
  { "virtio-legacy-on", "ich9@1", NULL, "-device virtio-rng-pci,id=a,disable-legacy=on", "" },
  { "virtio-legacy-auto", "ich9@1", NULL, "-device virtio-rng-pci,id=a,disable-legacy=auto", "virtio-modern:a;" },
  { "virtio-fixed", "ich9@1", NULL, "-device virtio-rng-pci,id=a,addr=4", "" },
  { "virtio-on-root", "ich9@1", NULL, "-device virtio-rng-pci,id=a,bus=pcie.0", "" },
  { "virtio-port-named", "ich9@1", NULL,
    "-device pcie-root-port,id=p,chassis=1 -device virtio-rng-pci,id=a,bus=p", "" },
  { "virtio-old-machine", "ich9@1", NULL, "-machine pc-q35-2.6 -device virtio-rng-pci,id=a", "" },
  { "virtio-mixed", "ich9@1", NULL,
    "-device virtio-rng-pci,id=a -device virtio-rng-pci,id=b,disable-legacy=off -device virtio-rng-pci,id=c",
    "virtio-modern:a, c;" },
};

static QrPlan *
plan_of (gsize i, GError **error)
{
  char *line = g_strdup_printf ("-nodefaults -display none %s", cases[i].line);
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .policy = test_policy (cases[i].policy),
                            .primary = cases[i].primary, .sysfs = "/nonexistent", .program = "qemu",
                            .seccomp = "off" };

  g_test_queue_free (line);
  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

static void
test_codes (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), n = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_of (i, &error);
  g_auto (GStrv) code = g_strsplit (cases[i].codes, ":", 2);
  g_auto (GStrv) parts = g_strsplit (code[0] == NULL ? "" : code[1], "|", -1);

  g_assert_no_error (error);
  for (guint j = 0; j < plan->warnings->len; j++)
    {
      const QrWarning *warning = plan->warnings->pdata[j];
      g_autofree char *text = qr_warning_text (warning);

      if (qr_check_is_code (warning->code))
        continue;
      g_test_message ("%s: %s", warning->code, text);
      g_assert_nonnull (parts[n]);
      g_assert_cmpstr (warning->code, ==, code[0]);
      g_assert_nonnull (strstr (text, parts[n]));
      n++;
      g_assert_cmpint (warning->severity == QR_SEVERITY_NOTICE, ==, strcmp (warning->code, "virtio-modern") == 0);
      g_assert_cmpuint (warning->argument, >=, strstr (warning->message, "ich9-ahci") == NULL);
    }
  g_assert_cmpuint (n, ==, g_strv_length (parts));
}

/* Plain QEMU has 30 slots: where it refuses the line there is nothing to compare with. */
static void
test_refused (void)
{
  g_autoptr (GString) line = g_string_new ("-nodefaults -device rtl8139 -device e1000e");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;

  for (guint i = 0; i < 29; i++)
    g_string_append (line, " -device edu");
  plan = test_plan ("ich9@1", line->str, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < plan->warnings->len; i++)
    g_assert_cmpstr (((const QrWarning *) plan->warnings->pdata[i])->code, !=, "nic-order");
}

static gboolean
is_possible (const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("ich9@1", line, &error);

  g_assert_no_error (error);
  return qr_differ_is_possible (plan->topology);
}

/* A second topology is made only where two things could change places. */
static void
test_possible (void)
{
  g_assert_false (is_possible ("-nodefaults"));
  g_assert_false (is_possible ("-nodefaults -device e1000e -device virtio-blk-pci,drive=a -device VGA"));
  g_assert_false (is_possible ("-nodefaults -device e1000e,addr=1 -device e1000e,addr=2"));
  g_assert_false (is_possible ("-nodefaults -device nvme,drive=a,serial=1,bootindex=1 -device nvme,drive=b,serial=2"));
  g_assert_true (is_possible ("-nodefaults -device nvme,drive=a,serial=1 -device nvme,drive=b,serial=2"));
  g_assert_true (is_possible ("-nodefaults -device e1000e,addr=1 -device e1000e"));
}

/* Each bus before those below it, expanders' buses behind all; what no guest sees is left out. */
static void
test_order (void)
{
  static const struct
  {
    QrGuestOrder by;
    const char *keys;
  } expected[] = {
    { QR_GUEST_BY_NUMBER, "mch x z rp-1c.0 pci-1e.0 ICH9-LPC ich9-ahci ICH9-SMB a b p c" },
    { QR_GUEST_BY_PATH, "mch x z rp-1c.0 a pci-1e.0 b ICH9-LPC ich9-ahci ICH9-SMB p c" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan
      = test_plan ("ich9@1",
                   "-nodefaults -device pxb-pcie,id=x,bus_nr=200,addr=4 -device pcie-root-port,id=p,bus=x,chassis=1 "
                   "-device nvme,serial=1,id=c,bus=p -device pxb-pcie,id=z,bus_nr=100,bus=pcie.0,addr=5 "
                   "-device edu,id=b -device nvme,serial=1,id=a",
                   &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GPtrArray) order = qr_guest_order (plan->topology, expected[i].by);
      g_autoptr (GString) keys = g_string_new (NULL);

      for (guint j = 0; j < order->len; j++)
        g_string_append_printf (keys, "%s%s", j == 0 ? "" : " ", ((const QrDevice *) order->pdata[j])->key);
      g_assert_cmpstr (keys->str, ==, expected[i].keys);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/differ/codes/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_codes);
    }
  g_test_add_func ("/differ/refused", test_refused);
  g_test_add_func ("/differ/possible", test_possible);
  g_test_add_func ("/differ/order", test_order);
  return g_test_run ();
}
