/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules of AppArmor let which program be executed. */
#include "config.h"

#include <glib.h>

#include "apparmor.h"

typedef struct
{
  const char *rules, *path;
  gboolean allowed;
} Case;

static const Case cases[] = {
  { "", "/usr/bin/qemu", FALSE },
  { "  /usr/bin/qemu rmix,\n", "/usr/bin/qemu", TRUE },
  { "  /usr/bin/qemu rmix,\n", "/usr/bin/qemu-kvm", FALSE },
  { "  /usr/bin/qemu rm,\n", "/usr/bin/qemu", FALSE },
  { "  /usr/bin/qemu rmix\n", "/usr/bin/qemu", FALSE },
  { "# /usr/bin/qemu rmix,\n", "/usr/bin/qemu", FALSE },
  { "/usr/bin/qemu rmix, # for guests\n", "/usr/bin/qemu", TRUE },
  { "rmix /usr/bin/qemu,", "/usr/bin/qemu", TRUE },
  { "owner \"/opt/my qemu/qemu\" ix,", "/opt/my qemu/qemu", TRUE },
  { "allow file /usr/bin/qemu Px -> another,", "/usr/bin/qemu", TRUE },
  { "/usr/bin/other r -> /usr/bin/qemux,", "/usr/bin/qemux", FALSE },
  { "/usr/bin/* PUx,", "/usr/bin/qriser", TRUE },
  { "/usr/bin/* PUx,", "/usr/bin/qriser/qriser", FALSE },
  { "/usr/bin/* PUx,", "/usr/local/bin/qriser", FALSE },
  { "/usr/** ix,", "/usr/local/bin/qriser", TRUE },
  { "/** rwmkl,", "/usr/local/bin/qriser", FALSE },
  { "/usr/{,local/}bin/qriser ix,", "/usr/local/bin/qriser", TRUE },
  { "/usr/{,local/}bin/qriser ix,", "/usr/bin/qriser", TRUE },
  { "/{usr/{bin,lib},opt}/qriser ix,", "/usr/lib/qriser", TRUE },
  { "/{usr/{bin,lib},opt}/qriser ix,", "/opt/qriser", TRUE },
  { "/{usr/{bin,lib},opt}/qriser ix,", "/usr/sbin/qriser", FALSE },
  { "/{usr,opt/qriser ix,", "/usr/qriser", FALSE },
  { "/usr/bin/qemu-system-[a-z]* ix,", "/usr/bin/qemu-system-x86_64", TRUE },
  { "/usr/bin/qemu-system-[^x]* ix,", "/usr/bin/qemu-system-x86_64", FALSE },
  { "/usr/bin/qemu-system-[xX]* ix,", "/usr/bin/qemu-system-x86_64", TRUE },
  { "/usr/bin/[qemu ix,", "/usr/bin/qemu", FALSE },
  { "/usr/bin/qem? ix,", "/usr/bin/qemu", TRUE },
  { "/usr/bin?qemu ix,", "/usr/bin/qemu", FALSE },
  { "/usr/bin/q\\*emu ix,", "/usr/bin/q*emu", TRUE },
  { "/usr/bin/q\\*emu ix,", "/usr/bin/qxemu", FALSE },
  { "/usr/bin/* ix,\ndeny /usr/bin/qemu x,", "/usr/bin/qemu", FALSE },
  { "deny /usr/bin/qemu w,\n/usr/bin/* ix,", "/usr/bin/qemu", TRUE },
  { "audit deny /{usr/,}sbin/apparmor_parser rwxl,\n/usr/sbin/* ix,", "/usr/sbin/apparmor_parser",
    FALSE },
  { "capability sys_admin,\nnetwork inet stream,\nunix (send, receive) type=stream,\n",
    "/usr/bin/qemu", FALSE },
  { "/**********a**********b**********c**********d**********e ix,",
    "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FALSE },
};

static void
test_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s: %s", cases[i].path, cases[i].rules);
      g_assert_cmpint (qr_apparmor_may_execute (cases[i].rules, cases[i].path), ==,
                       cases[i].allowed);
    }
}

/* The one that is shipped. */
static void
test_snippet (void)
{
  static const char *const paths[]
      = { "/usr/bin/qriser", "/usr/local/bin/qriser", "/usr/bin/qemu-system-x86_64",
          "/usr/local/bin/qemu-system-aarch64" };
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "contrib", "apparmor",
                                                 "libvirt-qemu.d", "qriser", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  (void) g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_true (qr_apparmor_may_execute (text, paths[i]));
  g_assert_false (qr_apparmor_may_execute (text, "/usr/bin/sh"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apparmor/rules", test_rules);
  g_test_add_func ("/apparmor/snippet", test_snippet);
  return g_test_run ();
}
