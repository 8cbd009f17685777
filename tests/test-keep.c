/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places that a lock keeps: a line is planned, its places are noted, and another line is
 * planned with them. */
#include "config.h"

#include "keep.h"
#include "testlib.h"

#include <string.h>

#define N "-nodefaults "
#define NET "-device virtio-net-pci,id=n "
#define DISK "-device nvme,serial=1,id=d "
#define OLD "-device rtl8139,id=o "

/* `paths` is "KEY=PATH ..." of the second plan; `codes` its warnings that begin with "lock-";
 * `error` the refusal's code and a part of its message. */
static const struct
{
  const char *name, *policy, *before, *after, *paths, *codes, *code, *error;
} cases[] = {
  { "same", "ich9@1", N NET DISK, N NET DISK, "n=00:1c.0/00.0 d=00:1c.1/00.0", "", NULL, NULL },
  { "reordered", "ich9@1", N NET DISK OLD, N OLD DISK NET, "n=00:1c.0/00.0 d=00:1c.1/00.0 o=00:1e.0/00.0", "", NULL, NULL },
  { "added-before", "ich9@1", N DISK OLD, N NET "-device edu,id=e " DISK OLD,
    "d=00:1c.0/00.0 n=00:1c.1/00.0 o=00:1e.0/00.0 e=00:1e.0/01.0", "", NULL, NULL },
  { "removed", "ich9@1", N NET DISK, N DISK "-device virtio-rng-pci,id=r",
    "d=00:1c.1/00.0 r=00:1c.2/00.0 rp-1c.0=00:1c.0", "lock-absent", NULL, NULL },
  { "removed-conventional", "ich9@1", N OLD "-device edu,id=e", N "-device edu,id=e -device edu,id=f",
    "e=00:1e.0/01.0 f=00:1e.0/02.0", "lock-absent", NULL, NULL },
  { "removed-integrated", "ich9@1", N "-device e1000e,id=a", N "-device e1000e,id=b", "b=00:1c.0/00.0", "lock-absent",
    NULL, NULL },
  { "anonymous", "ich9@1", N "-device virtio-rng-pci -device virtio-rng-pci",
    N DISK "-device virtio-rng-pci -device virtio-rng-pci",
    "virtio-rng-pci=00:1c.0/00.0 virtio-rng-pci.1=00:1c.1/00.0 d=00:1c.2/00.0", "", NULL, NULL },
  { "anonymous-beside-its-name", "ich9@1", N "-device virtio-rng-pci,id=virtio-rng-pci -device virtio-rng-pci",
    N DISK "-device virtio-rng-pci -device virtio-rng-pci,id=virtio-rng-pci",
    "virtio-rng-pci.1=00:1c.0/00.0 virtio-rng-pci=00:1c.1/00.0 d=00:1c.2/00.0", "", NULL, NULL },
  { "anonymous-and-its-name-later", "ich9@1", N "-device virtio-rng-pci",
    N DISK "-device virtio-rng-pci,id=virtio-rng-pci -device virtio-rng-pci",
    "virtio-rng-pci.1=00:1c.0/00.0 d=00:1c.1/00.0 virtio-rng-pci=00:1c.2/00.0", "", NULL, NULL },
  { "by-back-end", "ich9@1", N "-device virtio-net-pci,netdev=a -device virtio-net-pci,netdev=b",
    N "-device virtio-net-pci,netdev=b -device virtio-net-pci,netdev=a",
    "virtio-net-pci:a=00:1c.0/00.0 virtio-net-pci:b=00:1c.1/00.0", "", NULL, NULL },
  { "primary-changes", "ich9@1", N "-device virtio-vga,id=a", N "-device VGA,id=b -device virtio-vga,id=a",
    "a=00:01.0/00.0 b=00:1e.0/00.0", "", NULL, NULL },
  { "users-port", "ich9@1", N "-device pcie-root-port,id=p -device nvme,serial=1,bus=p,id=d",
    N NET "-device pcie-root-port,id=q -device pcie-root-port,id=p -device nvme,serial=1,bus=p,id=d",
    "p=00:1c.1 d=00:1c.1/00.0 n=00:1c.0/00.0 q=00:1c.2", "", NULL, NULL },
  { "line-gives-the-same", "ich9@1", N OLD, N "-device i82801b11-bridge,id=b,addr=1e -device rtl8139,id=o,bus=b,addr=0",
    "o=00:1e.0/00.0", "", NULL, NULL },
  { "line-gives-another", "ich9@1", N DISK, N "-device nvme,serial=1,id=d,addr=5", NULL, NULL, "lock-conflict",
    "the lock has d at 00:1c.0/00.0, the line at 00:05.0" },
  { "line-gives-it-away", "ich9@1", N "-device e1000e,id=a", N "-device e1000e,id=a -device edu,id=e,addr=19", NULL, NULL,
    "lock-conflict", "the lock has a at 00:19.0, where e is" },
  { "line-closes-the-way", "ich9@1", N DISK, N DISK "-device edu,id=e,addr=1c.0", NULL, NULL, "lock-conflict",
    "the lock has d at 00:1c.0/00.0, and e at 00:1c.0 is in the way" },
  { "line-closes-the-bridge", "ich9@1", N OLD, N OLD "-device edu,id=e,addr=1e", NULL, NULL, "lock-conflict",
    "the lock has o at 00:1e.0/00.0, and e at 00:1e.0 is in the way" },
  { "line-crowds", "qemu@1", N "-device igb,id=g", N "-device igb,id=g -device edu,id=e,addr=11", NULL, NULL, "lock-conflict",
    "the lock has g at 00:01.0, and its virtual functions have no room there" },
  { "port-is-gone", "ich9@1", N "-device pcie-root-port,id=p,addr=3 -device nvme,serial=1,bus=p,id=d", N DISK, NULL, NULL,
    "lock-place", "the lock has d at 00:03.0/00.0, and at 03.0 of bus \"pcie.0\" there is no port or bridge" },
  { "expander-is-gone", "ich9@1", N "-device pxb-pcie,id=x,bus_nr=200 -device pcie-root-port,bus=x,id=p -device nvme,serial=1,bus=p,id=d",
    N DISK, NULL, NULL, "lock-place", "there is no expander of that number" },
  { "line-overrules-the-absent", "ich9@1", N "-device e1000e,id=a", N "-device edu,id=e,addr=19", "e=00:19.0",
    "lock-overruled", NULL, NULL },
  { "other-type", "ich9@1", N NET, N "-device e1000e,id=n", "n=00:1c.0/00.0", "lock-drift", NULL, NULL },
  { "other-kind", "ich9@1", N NET, N "-device rtl8139,id=n", NULL, NULL, "lock-place",
    "n was virtio-net-pci when its place 00:1c.0/00.0 was taken, and rtl8139 does not belong there" },
  { "other-bus", "ich9@1", N "-device pcie-root-port,id=p " DISK, N "-device pcie-root-port,id=p -device nvme,serial=1,bus=p,id=d",
    NULL, NULL, "lock-conflict", "the lock has d at 00:1c.0/00.0, and the line has it on bus \"p\"" },
  { "saved-state", "ich9@1", N NET, N NET "-incoming defer", "n=00:1c.0/00.0", "", NULL, NULL },
  { "saved-state-more", "ich9@1", N NET, N NET DISK "-incoming defer", NULL, NULL, "restores-state", "would choose that of nvme" },
  { "hints", "ich9@1", N NET "-device nvme,serial=1,id=d,qriser.behind=1c.3 -device edu,id=e,qriser.integrated=on -device edu,id=f,qriser.pack=e",
    N OLD "-device edu,id=f,qriser.pack=e -device edu,id=e,qriser.integrated=on -device nvme,serial=1,id=d,qriser.behind=1c.3 " NET,
    "n=00:1c.0/00.0 d=00:1c.3/00.0 e=00:04.0 f=00:04.1 o=00:1e.0/00.0", "", NULL, NULL },
  { "hint-later-the-same", "ich9@1", N NET DISK, N NET "-device nvme,serial=1,id=d,qriser.behind=1c.1,qriser.hotplug=on",
    "d=00:1c.1/00.0", "", NULL, NULL },
  { "hint-gone", "ich9@1", N NET "-device nvme,serial=1,id=d,qriser.behind=1c.3", N NET DISK, "d=00:1c.3/00.0", "", NULL, NULL },
  { "hint-behind-another", "ich9@1", N NET DISK, N NET "-device nvme,serial=1,id=d,qriser.behind=1c.3", NULL, NULL, "lock-conflict",
    "the lock has d at 00.0 of bus \"rp-1c.1\", which is not what hint \"qriser.behind\" asks" },
  { "hint-behind-the-absent", "ich9@1", N DISK, N "-device virtio-rng-pci,id=r,qriser.behind=1c.0", NULL, NULL, "no-place",
    "no place is left on bus \"rp-1c.0\" for virtio-rng-pci \"r\": held by d, of which the lock keeps 1" },
  { "hint-integrated", "ich9@1", N DISK, N "-device nvme,serial=1,id=d,qriser.integrated=on", NULL, NULL, "lock-conflict",
    "not what hint \"qriser.integrated\" asks" },
  { "hint-hotplug", "ich9@1", N "-device e1000e,id=a", N "-device e1000e,id=a,qriser.hotplug=on", NULL, NULL, "lock-conflict",
    "the lock has a at 19.0 of bus \"pcie.0\", which is not what hint \"qriser.hotplug\" asks" },
  { "hint-pack", "ich9@1", N NET DISK, N NET "-device nvme,serial=1,id=d,qriser.pack=n", NULL, NULL, "lock-conflict",
    "not what hint \"qriser.pack\" asks" },
  { "qemu", "qemu@1", N NET DISK, N OLD DISK NET, "n=00:01.0 d=00:02.0 o=00:03.0", "", NULL, NULL },
  { "libvirt", "libvirt@1", N NET OLD, N DISK NET OLD "-device nvme,serial=2,id=e",
    "n=00:01.1/00.0 o=00:01.0/00.0/01.0 d=00:01.2/00.0 e=00:01.3/00.0 pci.3=00:01.0/00.0 pci.4=00:01.2 pci.5=00:01.3", "", NULL, NULL },
  { "libvirt-bridge-later", "libvirt@1", N NET DISK, N NET OLD DISK,
    "n=00:01.0/00.0 d=00:01.1/00.0 o=00:01.2/00.0/01.0 pci.3=00:01.2 pci.4=00:01.2/00.0", "", NULL, NULL },
};

/* The codes of drift among @warnings, with blanks between. (transfer full) */
static char *
drift (const GPtrArray *warnings)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++)
    {
      const QrWarning *warning = warnings->pdata[i];

      if (g_str_has_prefix (warning->code, "lock-"))
        g_string_append_printf (out, "%s%s", out->len == 0 ? "" : " ", warning->code);
    }
  return g_string_free (out, FALSE);
}

static QrPlan *
plan_with (const char *policy, const char *line, const QrLock *lock, GError **error)
{
  g_autofree char *words = g_strchomp (g_strdup (line));

  return test_plan_with (policy, words, (QrPlaceOptions){ FALSE, QR_SPARE_POLICY, lock }, error);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrLock) lock = qr_lock_new (cases[i].policy, "q35");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) first = plan_with (cases[i].policy, cases[i].before, NULL, &error);
  g_autoptr (QrPlan) second = NULL;
  g_auto (GStrv) paths = NULL;
  g_autofree char *codes = NULL;

  g_assert_no_error (error);
  g_assert_true (qr_keep_note (first->topology, lock, &error));
  second = plan_with (cases[i].policy, cases[i].after, lock, &error);
  if (cases[i].error != NULL)
    {
      g_assert_null (second);
      test_error_code (&error, QR_STATUS_REQUEST, cases[i].code, cases[i].error);
      return;
    }
  g_assert_no_error (error);
  paths = g_strsplit (cases[i].paths, " ", -1);
  for (char **path = paths; *path != NULL; path++)
    {
      g_auto (GStrv) pair = g_strsplit (*path, "=", 2);

      test_path_is (second, pair[0], pair[1]);
    }
  codes = drift (second->warnings);
  g_assert_cmpstr (codes, ==, cases[i].codes);
}

/* What is noted twice is the same text; what the line overruled is given up. */
static void
test_note (void)
{
  g_autoptr (QrLock) lock = qr_lock_new ("ich9@1", "q35");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) first = plan_with ("ich9@1", N "-device e1000e,id=a", NULL, &error);
  g_autoptr (QrPlan) second = NULL;
  g_autoptr (GString) once = NULL, twice = NULL;

  g_assert_true (qr_keep_note (first->topology, lock, &error));
  once = qr_lock_format (lock);
  g_assert_true (qr_keep_note (first->topology, lock, &error));
  twice = qr_lock_format (lock);
  g_assert_cmpstr (once->str, ==, twice->str);
  second = plan_with ("ich9@1", N "-device edu,id=e,addr=19", lock, &error);
  g_assert_no_error (error);
  g_assert_true (qr_keep_note (second->topology, lock, &error));
  g_assert_cmpuint (lock->places->len, ==, 0); /* the line keeps what it gives */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/keep/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/keep/note", test_note);
  return g_test_run ();
}
