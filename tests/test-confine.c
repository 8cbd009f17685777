/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp profile of a line, by face, choice and user. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "desugar.h"
#include "drop-in.h"

#define NEED(name) "-nodefaults -display none " name

/* A line that has each need and no other. */
#define DESKTOP NEED ("-audio alsa")
#define DAEMONIZE NEED ("-daemonize")
#define SPAWN NEED ("-netdev user,id=n,smb=/s")
#define IDENTITY NEED ("-chroot /r")
#define IO_URING NEED ("-drive if=none,file=f,aio=io_uring")
#define PRIVILEGED NEED ("-netdev bridge,id=n")
#define SHARE NEED ("-fsdev local,id=f,path=/,security_model=none")
#define KERNEL NEED ("-netdev af-xdp,id=n")

#define T QR_FACE_TOOL
#define D QR_FACE_DROP_IN

static const char nothing[] = "nothing on the line needs more";

/* @why: exactly; @usual: no reason need be told. */
static const struct
{
  const char *name, *line;
  QrFace face;
  const char *chosen;
  gboolean is_root;
  const char *profile, *why;
  gboolean usual;
} cases[] = {
  { "nothing", "-nodefaults -display none", T, NULL, FALSE, "default", nothing, TRUE },
  { "nothing", "-nodefaults -display none", D, NULL, FALSE, "default", nothing, TRUE },
  { "window", "-nodefaults", T, NULL, FALSE, "desktop",
    "QEMU opens a window, plays sound or uses a device of the host by default", TRUE },
  { "window", "-nodefaults", D, NULL, FALSE, "desktop",
    "QEMU opens a window, plays sound or uses a device of the host by default", TRUE },
  { "default-audio", "-display none -device AC97", D, NULL, FALSE, "desktop",
    "QEMU opens a window, plays sound or uses a device of the host by default", TRUE },
  { "desktop", DESKTOP, T, NULL, FALSE, "desktop",
    "option \"-audio\" (argument 4) opens a window, plays sound or uses a device of the host", TRUE },
  { "desktop", DESKTOP, D, NULL, FALSE, "desktop",
    "option \"-audio\" (argument 4) opens a window, plays sound or uses a device of the host", TRUE },
  { "daemonize", DAEMONIZE, T, NULL, FALSE, "default+daemonize",
    "option \"-daemonize\" (argument 4) leaves for the background", TRUE },
  { "daemonize", DAEMONIZE, D, NULL, FALSE, "default+daemonize",
    "option \"-daemonize\" (argument 4) leaves for the background", TRUE },
  { "spawn", SPAWN, D, NULL, FALSE, "legacy-spawn",
    "option \"-netdev\" (argument 4) starts programs", FALSE },
  { "spawn-two-dashes", NEED ("--netdev user,id=n,smb=/s"), D, NULL, FALSE, "legacy-spawn",
    "option \"--netdev\" (argument 4) starts programs", FALSE },
  { "identity", IDENTITY, T, NULL, FALSE, "default+identity",
    "option \"-chroot\" (argument 4) changes its user or root directory", FALSE },
  { "identity", IDENTITY, D, NULL, FALSE, "default+identity",
    "option \"-chroot\" (argument 4) changes its user or root directory", FALSE },
  { "io-uring", IO_URING, D, NULL, FALSE, "default+io-uring",
    "option \"-drive\" (argument 4) uses io_uring", FALSE },
  { "io-uring", IO_URING, T, NULL, FALSE, "default+io-uring",
    "option \"-drive\" (argument 4) uses io_uring", FALSE },
  { "share", SHARE, T, NULL, FALSE, "default+9p", "option \"-fsdev\" (argument 4) shares a directory", TRUE },
  { "share-with-window", "-nodefaults -fsdev local,id=f,path=/,security_model=none", D, NULL, FALSE,
    "desktop+9p", "QEMU opens a window, plays sound or uses a device of the host by default", TRUE },
  { "two-parts", SHARE " -drive if=none,file=f,aio=io_uring", T, NULL, FALSE, "default+9p+io-uring",
    "option \"-fsdev\" (argument 4) shares a directory", FALSE },
  { "postcopy", NEED ("-incoming defer"), D, NULL, FALSE, "default+postcopy",
    "option \"-incoming\" (argument 4) may let the guest run before its memory has come", TRUE },
  { "share-spawns", SHARE " -netdev user,id=n,smb=/s", D, NULL, FALSE, "legacy-spawn+9p",
    "option \"-netdev\" (argument 6) starts programs", FALSE },
  { "chosen-daemonize", DAEMONIZE, T, "desktop", FALSE, "desktop+daemonize", "asked for", TRUE },
  { "kvm", NEED ("-enable-kvm"), T, NULL, FALSE, "default+kvm-wx", nothing, TRUE },
  { "kvm", NEED ("-accel kvm"), D, NULL, FALSE, "default+kvm-wx", nothing, TRUE },
  { "kvm-of-machine", NEED ("-machine q35,accel=kvm"), T, NULL, FALSE, "default+kvm-wx", nothing, TRUE },
  { "kvm-with-properties", NEED ("-accel kvm,dirty-ring-size=4096"), T, NULL, FALSE, "default+kvm-wx", nothing, TRUE },
  { "kvm-or-tcg", NEED ("-machine q35,accel=kvm:tcg"), T, NULL, FALSE, "default", nothing, TRUE },
  { "kvm-then-tcg", NEED ("-accel kvm -accel tcg"), T, NULL, FALSE, "default", nothing, TRUE },
  { "kvm-with-window", "-nodefaults -enable-kvm", T, NULL, FALSE, "desktop",
    "QEMU opens a window, plays sound or uses a device of the host by default", TRUE },
  { "privileged", PRIVILEGED, D, NULL, FALSE, "off",
    "option \"-netdev\" (argument 4) starts a program that gains rights by its file", FALSE },
  { "privileged-root", PRIVILEGED, D, NULL, TRUE, "legacy-spawn",
    "option \"-netdev\" (argument 4) starts programs", FALSE },
  { "kernel", KERNEL, D, NULL, FALSE, "off",
    "option \"-netdev\" (argument 4) loads programs or keys into the kernel", FALSE },
  { "kernel-root", KERNEL, D, NULL, TRUE, "off",
    "option \"-netdev\" (argument 4) loads programs or keys into the kernel", FALSE },
  { "highest-need", SPAWN " -netdev af-xdp,id=m", D, NULL, FALSE, "off",
    "option \"-netdev\" (argument 6) loads programs or keys into the kernel", FALSE },
  { "first-of-a-kind", SPAWN " -incoming exec:x", D, NULL, FALSE, "legacy-spawn+postcopy",
    "option \"-netdev\" (argument 4) starts programs", FALSE },
  { "root-spawns-first", PRIVILEGED " -netdev user,id=m,smb=/s", D, NULL, TRUE, "legacy-spawn",
    "option \"-netdev\" (argument 6) starts programs", FALSE },
  { "informs", "-version", T, NULL, FALSE, "off", "QEMU runs no machine for this line", FALSE },
  { "informs", "-device help", D, NULL, FALSE, "off", "QEMU runs no machine for this line", FALSE },
  { "machine-none", "-M none " SPAWN, D, NULL, FALSE, "off", "QEMU runs no machine for this line", FALSE },
  { "informs-chosen", "-version", T, "default", FALSE, "default", "asked for", TRUE },
  { "machine-none-chosen", "-M none", D, "desktop", FALSE, "desktop", "asked for", TRUE },
  { "unplanned", "-M isapc " SPAWN, D, NULL, FALSE, "legacy-spawn",
    "option \"-netdev\" (argument 6) starts programs", FALSE },
  { "freed", NEED ("-sandbox off"), T, NULL, FALSE, "off", "option \"-sandbox\" (argument 4)", FALSE },
  { "freed-in-place", NEED ("-sandbox off"), D, NULL, FALSE, "default", nothing, TRUE },
  { "freed-chosen", NEED ("-sandbox off"), T, "default", FALSE, "default", "asked for", TRUE },
  { "sandboxed", NEED ("-sandbox on,spawn=deny"), T, NULL, FALSE, "default", nothing, TRUE },
  { "freed-and-not", NEED ("-sandbox off -sandbox on"), T, NULL, FALSE, "default", nothing, TRUE },
  { "chosen-default", "-nodefaults -display none", T, "default", FALSE, "default", "asked for", TRUE },
  { "chosen-desktop", "-nodefaults", D, "desktop", FALSE, "desktop", "asked for", TRUE },
  { "chosen-strict", NEED ("-m 64"), T, "strict", FALSE, "strict", "asked for", TRUE },
  { "chosen-strict-client", NEED ("-netdev user,id=n"), T, "strict", FALSE, "strict+client", "asked for", TRUE },
  { "chosen-strict-share", SHARE, D, "strict", FALSE, "strict+9p", "asked for", TRUE },
  { "chosen-strict-part", NEED ("-m 64"), T, "strict+io-uring+numa", FALSE, "strict+numa+io-uring", "asked for", FALSE },
  { "chosen-strict-kvm", NEED ("-enable-kvm"), T, "strict", FALSE, "strict+kvm-wx", "asked for", TRUE },
  { "chosen-jit-kvm", NEED ("-enable-kvm"), T, "strict+jit", FALSE, "strict", "asked for", TRUE },
  { "chosen-part", IO_URING, T, "default+io-uring", FALSE, "default+io-uring", "asked for", FALSE },
  { "chosen-overlay", NEED ("-enable-kvm"), T, "default+kvm-wx", FALSE, "default+kvm-wx", "asked for", TRUE },
  { "chosen-identity", IDENTITY, T, "default+identity", FALSE, "default+identity", "asked for", FALSE },
  { "chosen-strict-identity", IDENTITY, T, "strict+identity", FALSE, "strict+identity", "asked for", FALSE },
  { "chosen-audit", SPAWN, T, "audit", FALSE, "audit", "asked for", FALSE },
  { "chosen-looser", "-nodefaults", T, "legacy-spawn", FALSE, "legacy-spawn", "asked for", FALSE },
  { "chosen-off", "-nodefaults", T, "off", FALSE, "off", "asked for", FALSE },
  { "chosen-path", KERNEL, T, "/p.json", FALSE, "/p.json", "asked for", FALSE },
  { "chosen-enough", SPAWN, T, "legacy-spawn", FALSE, "legacy-spawn", "asked for", FALSE },
  { "chosen-off-kernel", KERNEL, T, "off", FALSE, "off", "asked for", FALSE },
  { "chosen-off-privileged", PRIVILEGED, T, "off", FALSE, "off", "asked for", FALSE },
  { "chosen-enough-root", PRIVILEGED, T, "legacy-spawn", TRUE, "legacy-spawn", "asked for", FALSE },
};

static QrPlan *
plan_line (const char *line, QrFace face, const char *chosen, gboolean is_root, GError **error)
{
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .face = face, .words = (const char *const *) words, .first = 1,
                            .policy = test_policy ("qemu@1"), .sysfs = "/nonexistent", .program = "qemu",
                            .own = face == QR_FACE_DROP_IN ? &qr_drop_in_option : NULL,
                            .seccomp = chosen, .is_root = is_root };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* On the drop-in face the line must name the machine. */
static char *
line_for (const char *line, QrFace face)
{
  gboolean named = face == QR_FACE_TOOL || g_str_has_prefix (line, "-M ");

  return named ? g_strdup (line) : g_strconcat (line, " -M q35", NULL);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = line_for (cases[i].line, cases[i].face);
  GError *error = NULL;
  g_autoptr (QrPlan) plan
      = plan_line (line, cases[i].face, cases[i].chosen, cases[i].is_root, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->confinement.profile, ==, cases[i].profile);
  g_assert_cmpstr (plan->confinement.why, ==, cases[i].why);
  g_assert_cmpint (plan->confinement.is_usual, ==, cases[i].usual);
}

#define SMB "  argument 4: -netdev\n              ^~~~~~~\n"

static const struct
{
  const char *name, *line;
  QrFace face;
  const char *chosen;
  gboolean is_root;
  const char *drawn;
} refused[] = {
  { "spawn", SPAWN, T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile \"default\" "
    "refuses\n" SMB
    "  hint: --seccomp=legacy-spawn allows it\n" },
  { "spawn-with-window", "-nodefaults -netdev user,id=n,smb=/s", T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 2) starts programs, which seccomp profile \"desktop\" "
    "refuses\n"
    "  argument 2: -netdev\n              ^~~~~~~\n"
    "  hint: --seccomp=legacy-spawn allows it\n" },
  { "machine-none-chosen", "-M none -netdev user,id=n,smb=/s", T, "desktop", FALSE,
    "qriser: error: option \"-netdev\" (argument 3) starts programs, which seccomp profile \"desktop\" "
    "refuses\n  argument 3: -netdev\n              ^~~~~~~\n"
    "  hint: --seccomp=legacy-spawn allows it\n" },
  { "spawn-hint", NEED ("-netdev tap,id=n"), T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile \"default\" "
    "refuses\n" SMB
    "  hint: write downscript=no; --seccomp=legacy-spawn allows it\n" },
  { "identity", IDENTITY, T, "default", FALSE,
    "qriser: error: option \"-chroot\" (argument 4) changes its user or root directory, which seccomp "
    "profile \"default\" refuses\n"
    "  argument 4: -chroot\n              ^~~~~~~\n"
    "  hint: start qriser as that user; --seccomp=default+identity allows it\n" },
  { "io-uring", IO_URING, T, "default", FALSE,
    "qriser: error: option \"-drive\" (argument 4) uses io_uring, which seccomp profile \"default\" "
    "refuses\n"
    "  argument 4: -drive\n              ^~~~~~\n"
    "  hint: leave it out or write aio=native or aio=threads; --seccomp=default+io-uring allows it\n" },
  { "io-uring-of-two", SHARE " -drive if=none,file=f,aio=io_uring", T, "strict", FALSE,
    "qriser: error: option \"-drive\" (argument 6) uses io_uring, which seccomp profile \"strict+9p\" "
    "refuses\n"
    "  argument 6: -drive\n              ^~~~~~\n"
    "  hint: leave it out or write aio=native or aio=threads; --seccomp=strict+9p+io-uring allows it\n" },
  { "no-code", NEED ("-m 64"), T, "default+kvm-wx", FALSE,
    "qriser: error: QEMU makes code that it then runs by default, which seccomp profile "
    "\"default+kvm-wx\" refuses\n"
    "  hint: --seccomp=default allows it\n" },
  { "no-code-said", NEED ("-accel tcg"), T, "strict+kvm-wx", FALSE,
    "qriser: error: option \"-accel\" (argument 4) makes code that it then runs, which seccomp profile "
    "\"strict+kvm-wx\" refuses\n"
    "  argument 4: -accel\n              ^~~~~~\n"
    "  hint: --seccomp=strict allows it\n" },
  { "chosen-strict-spawn", SPAWN, T, "strict", FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile "
    "\"strict+client\" refuses\n" SMB
    "  hint: --seccomp=legacy-spawn allows it\n" },
  { "privileged", PRIVILEGED, T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts a program that gains rights by its file, which seccomp profile \"default\" refuses\n" SMB
    "  hint: open the tap before and give it with fd=; --seccomp=off allows it\n" },
  { "privileged-root", PRIVILEGED, T, NULL, TRUE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile \"default\" "
    "refuses\n" SMB
    "  hint: open the tap before and give it with fd=; --seccomp=legacy-spawn allows it\n" },
  { "kernel", KERNEL, T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 4) loads programs or keys into the kernel, which "
    "seccomp profile \"default\" refuses\n" SMB
    "  hint: --seccomp=off allows it\n" },
  { "all-needs-decide-what-is-enough", SPAWN " -netdev af-xdp,id=m", T, NULL, FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile \"default\" "
    "refuses\n" SMB
    "  hint: --seccomp=off allows it\n" },
  { "chosen-spawn-drop-in", SPAWN, D, "default", FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts programs, which seccomp profile \"default\" "
    "refuses\n" SMB
    "  hint: -qriser seccomp=legacy-spawn allows it\n" },
  { "chosen-privileged-drop-in", PRIVILEGED, D, "legacy-spawn", FALSE,
    "qriser: error: option \"-netdev\" (argument 4) starts a program that gains rights by its file, which seccomp profile \"legacy-spawn\" refuses\n" SMB
    "  hint: open the tap before and give it with fd=; -qriser seccomp=off allows it\n" },
  { "chosen-kernel-drop-in", KERNEL, D, "legacy-spawn", TRUE,
    "qriser: error: option \"-netdev\" (argument 4) loads programs or keys into the kernel, which "
    "seccomp profile \"legacy-spawn\" refuses\n" SMB
    "  hint: -qriser seccomp=off allows it\n" },
  { "chosen-strict-identity", IDENTITY, T, "strict", FALSE,
    "qriser: error: option \"-chroot\" (argument 4) changes its user or root directory, which seccomp "
    "profile \"strict\" refuses\n"
    "  argument 4: -chroot\n              ^~~~~~~\n"
    "  hint: start qriser as that user; --seccomp=strict+identity allows it\n" },
  { "chosen-identity-drop-in", IDENTITY, D, "desktop", FALSE,
    "qriser: error: option \"-chroot\" (argument 4) changes its user or root directory, which seccomp "
    "profile \"desktop\" refuses\n"
    "  argument 4: -chroot\n              ^~~~~~~\n"
    "  hint: start qriser as that user; -qriser seccomp=desktop+identity allows it\n" },
  { "chosen-io-uring-drop-in", IO_URING, D, "desktop", FALSE,
    "qriser: error: option \"-drive\" (argument 4) uses io_uring, which seccomp profile \"desktop\" "
    "refuses\n"
    "  argument 4: -drive\n              ^~~~~~\n"
    "  hint: leave it out or write aio=native or aio=threads; -qriser seccomp=desktop+io-uring allows it\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = line_for (refused[i].line, refused[i].face);
  GError *error = NULL;

  g_assert_null (plan_line (line, refused[i].face, refused[i].chosen, refused[i].is_root, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, "seccomp-refuses");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_UNAVAILABLE);
  test_error_is (&error, refused[i].drawn);
}

/* What QEMU does without. @warning NULL: nothing. */
static const struct
{
  const char *name, *line, *chosen, *warning;
  guint argument;
} warned[] = {
  { "window", "-nodefaults", "default",
    "QEMU opens a window, plays sound or uses a device of the host by default; seccomp profile "
    "\"default\" may refuse what that takes", 0 },
  { "sound", DESKTOP, "default",
    "option \"-audio\" (argument 4) opens a window, plays sound or uses a device of the host; seccomp "
    "profile \"default\" may refuse what that takes", 4 },
  { "first", DESKTOP " -audiodev alsa,id=a", "default",
    "option \"-audio\" (argument 4) opens a window, plays sound or uses a device of the host; seccomp "
    "profile \"default\" may refuse what that takes", 4 },
  { "served", DESKTOP, "desktop", NULL, 0 },
  { "served-unasked", DESKTOP, NULL, NULL, 0 },
  { "unknown-profile", DESKTOP, "/p.json", NULL, 0 },
};

static void
test_warned (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  for (QrFace face = QR_FACE_TOOL; face < QR_N_FACES; face++)
    {
      g_autofree char *line = line_for (warned[i].line, face);
      GError *error = NULL;
      g_autoptr (QrPlan) plan = plan_line (line, face, warned[i].chosen, FALSE, &error);
      guint n = 0;

      g_assert_no_error (error);
      for (guint j = 0; j < plan->warnings->len; j++)
        {
          const QrWarning *warning = plan->warnings->pdata[j];

          if (strcmp (warning->code, "seccomp-refuses") != 0)
            continue;
          g_assert_cmpstr (warning->message, ==, warned[i].warning);
          g_assert_cmpuint (warning->argument, ==, warned[i].argument);
          n++;
        }
      g_assert_cmpuint (n, ==, warned[i].warning != NULL);
    }
}

int
main (int argc, char **argv)
{
  static const char *const faces[] = { "tool", "drop-in" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/confine/%s/%s", faces[cases[i].face], cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/confine/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (warned); i++)
    {
      g_autofree char *name = g_strdup_printf ("/confine/warned/%s", warned[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_warned);
    }
  return g_test_run ();
}
