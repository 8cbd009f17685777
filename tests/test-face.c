/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a name means. */
#include "config.h"

#include <glib.h>

#include "face.h"

#define T QR_FACE_TOOL
#define D QR_FACE_DROP_IN

static const struct
{
  const char *argv0, *name;
  QrFace face;
  gboolean ours;
  const char *policy, *qemu;
} cases[] = {
  { "qriser", "qriser", T, TRUE, NULL, NULL },
  { "./qriser", "qriser", T, TRUE, NULL, NULL },
  { "/usr/bin/qriser", "qriser", T, TRUE, NULL, NULL },
  { "qriser-old", "qriser-old", T, TRUE, NULL, NULL },
  { "xqriser", "xqriser", T, FALSE, NULL, NULL },
  { "", "", T, FALSE, NULL, NULL },
  { "/", "", T, FALSE, NULL, NULL },
  { "/usr/bin/", "", T, FALSE, NULL, NULL },
  { "qemu", "qemu", T, FALSE, NULL, NULL },
  { "qemu-img", "qemu-img", T, FALSE, NULL, NULL },
  { "/usr/libexec/qemu-kvm", "qemu-kvm", D, FALSE, "qemu", "qemu-kvm" },
  { "qemu-kvm", "qemu-kvm", D, FALSE, "qemu", "qemu-kvm" },
  { "kvm", "kvm", D, FALSE, "qemu", "kvm" },
  { "/usr/bin/kvm", "kvm", D, FALSE, "qemu", "kvm" },
  { "/kvm/qriser", "qriser", T, TRUE, NULL, NULL },
  { "xkvm", "xkvm", T, FALSE, NULL, NULL },
  { "qemu-kvm2", "qemu-kvm2", T, FALSE, NULL, NULL },
  { "qriser-kvm", "qriser-kvm", T, TRUE, NULL, NULL },
  { "qemu-system-x86_64", "qemu-system-x86_64", D, FALSE, "qemu", "qemu-system-x86_64" },
  { "/opt/q/qemu-system-i386", "qemu-system-i386", D, FALSE, "qemu", "qemu-system-i386" },
  { "qriser-system-x86_64", "qriser-system-x86_64", D, TRUE, NULL, "qemu-system-x86_64" },
  { "./qriser-system-aarch64", "qriser-system-aarch64", D, TRUE, NULL, "qemu-system-aarch64" },
  { "foo-system-aarch64", "foo-system-aarch64", D, FALSE, "qemu", "qemu-system-aarch64" },
  { "xqriser-system-x86_64", "xqriser-system-x86_64", D, FALSE, "qemu", "qemu-system-x86_64" },
  { "-system-x86_64", "-system-x86_64", D, FALSE, "qemu", "qemu-system-x86_64" },
  { "a-system-b-system-c", "a-system-b-system-c", D, FALSE, "qemu", "qemu-system-c" },
  { "qemu-system-", "qemu-system-", T, FALSE, NULL, NULL },
  { "qemu-system", "qemu-system", T, FALSE, NULL, NULL },
  { "system-x86_64", "system-x86_64", T, FALSE, NULL, NULL },
  { "qemu-system-x86_64-spice", "qemu-system-x86_64-spice", T, FALSE, NULL, NULL },
  { "qemu-system-x86_64.real", "qemu-system-x86_64.real", T, FALSE, NULL, NULL },
  { "qemu-system-x86 64", "qemu-system-x86 64", T, FALSE, NULL, NULL },
  { "qemu-system-x86_64/qriser", "qriser", T, TRUE, NULL, NULL },
  { "qriser-system-", "qriser-system-", T, TRUE, NULL, NULL },
  { "QEMU-SYSTEM-x86_64", "QEMU-SYSTEM-x86_64", T, FALSE, NULL, NULL },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrIdentity identity;

  qr_face_read (cases[i].argv0, pool, &identity);
  g_assert_cmpint (identity.face, ==, cases[i].face);
  g_assert_cmpstr (identity.name, ==, cases[i].name);
  g_assert_cmpint (identity.is_ours, ==, cases[i].ours);
  g_assert_cmpstr (identity.policy, ==, cases[i].policy);
  g_assert_cmpstr (identity.qemu, ==, cases[i].qemu);
}

static void
test_arch (void)
{
  g_assert_cmpstr (qr_face_arch ("/usr/bin/qemu-system-x86_64"), ==, "x86_64");
  g_assert_cmpstr (qr_face_arch ("qemu-system-i386"), ==, "i386");
  g_assert_cmpstr (qr_face_arch ("/usr/bin/qemu-system-x86_64.real"), ==, NULL);
  g_assert_cmpstr (qr_face_arch ("/usr/bin/qemu-kvm"), ==, NULL);
  g_assert_cmpstr (qr_face_arch (""), ==, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = g_strdelimit (g_strdup (cases[i].argv0), "/", '|'),
                      *name = g_strdup_printf ("/face/%" G_GSIZE_FORMAT "-%s", i, shown);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/face/arch", test_arch);
  return g_test_run ();
}
