/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The limit of I/O windows against SeaBIOS: it starts where a plan says nothing, and stops where
 * the plan is refused.
 *
 * QRISER is the program; QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin.  QEMU 7.2
 * must be there with QRISER_TEST_STRICT=1.  Prints TAP, one line for each line and QEMU.
 */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live-lines.h"
#include "tap.h"
#include "testlib.h"

/* What comes @ports and @more times; "#" stands for a number from 0, "@" for the place 10.0, 10.1, ... */
static const char port[] = " -device pcie-root-port,id=r#,chassis=#,bus=pcie.0,addr=@,multifunction=on"
                           " -device e1000e,bus=r#,romfile=";
static const char bare[] = " -device rtl8139,bus=pcie.0,romfile=";
static const char bridge[] = " -device pci-bridge,chassis_nr=1";

static const struct
{
  const char *name, *machine;
  guint ports;
  const char *more;
  guint n;
} lines[] = {
  { "14 ports", "q35", 14, NULL, 0 },
  { "15 ports", "q35", 15, NULL, 0 },
  { "14 ports, 15 BARs of 256 bytes", "q35", 14, bare, 15 },
  { "14 ports, 16 BARs of 256 bytes", "q35", 14, bare, 16 },
  { "12 ports, 2 empty bridges", "q35", 12, bridge, 2 },
  { "12 ports, 3 empty bridges", "q35", 12, bridge, 3 },
  { "8 bridges on pc", "pc", 0, bridge, 8 },
  { "9 bridges on pc", "pc", 0, bridge, 9 },
};

static void
append (GString *line, guint n, const char *text)
{
  for (guint i = 0; i < n; i++)
    for (const char *c = text; *c != '\0'; c++)
      if (*c == '#')
        g_string_append_printf (line, "%u", i);
      else if (*c == '@')
        g_string_append_printf (line, "%x.%x", 0x10 + i / 8, i % 8);
      else
        g_string_append_c (line, *c);
}

/* The exit status of "qriser plan" on the line. */
static int
plan (const char *line)
{
  g_autofree char *whole = g_strconcat (g_getenv ("QRISER"), " plan --policy=qemu@1 --", line, NULL);
  g_auto (GStrv) argv = g_strsplit (whole, " ", -1);
  int status = 0;

  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                     &status, NULL) || !WIFEXITED (status))
    return -1;
  return WEXITSTATUS (status);
}

/* Whether SeaBIOS comes to the end of its work; -1: it says nothing. */
static int
starts (const Qemu *qemu, const char *line, const char *directory)
{
  g_autofree char *log = g_build_filename (directory, "debug", NULL);
  g_autofree char *whole = g_strdup_printf ("%s -accel tcg -display none -m 64 -chardev file,id=log,path=%s "
                                            "-device isa-debugcon,iobase=0x402,chardev=log%s", qemu->path, log, line);
  g_auto (GStrv) argv = g_strsplit (whole, " ", -1);
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  int result = -1;
  GPid pid;

  (void) unlink (log);
  if (!g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid, NULL))
    return -1;
  while (result < 0 && g_get_monotonic_time () < end)
    {
      g_autofree char *text = NULL;

      g_usleep (50000);
      if (!g_file_get_contents (log, &text, NULL, NULL))
        continue;
      if (strstr (text, "out of I/O address space") != NULL)
        result = 0;
      else if (strstr (text, "All threads complete") != NULL)
        result = 1;
    }
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  return result;
}

int
main (void)
{
  g_autoptr (GPtrArray) qemus = live_qemus ("x86_64");
  char *directory = test_directory ();

  g_assert_nonnull (g_getenv ("QRISER"));
  if (qemus->len == 0)
    tap_missing ("no QEMU", TRUE);
  for (gsize i = 0; i < qemus->len * G_N_ELEMENTS (lines); i++)
    {
      const Qemu *qemu = qemus->pdata[i / G_N_ELEMENTS (lines)];
      gsize which = i % G_N_ELEMENTS (lines);
      g_autoptr (GString) line = g_string_new (NULL);
      g_autofree char *text = g_strdup_printf ("%s, QEMU %s", lines[which].name, qemu->version);
      int planned, started;

      g_string_append_printf (line, " -M %s -nodefaults", lines[which].machine);
      append (line, lines[which].ports, port);
      if (lines[which].more != NULL)
        append (line, lines[which].n, lines[which].more);
      planned = plan (line->str);
      started = starts (qemu, line->str, directory);
      if (planned != (started == 1 ? 0 : 65) || started < 0)
        printf ("# plan ends with %d, SeaBIOS %s\n", planned,
                started < 0 ? "says nothing" : started == 1 ? "starts" : "stops");
      tap_result (started >= 0 && planned == (started == 1 ? 0 : 65), text);
    }
  test_directory_remove (directory);
  return tap_finish ();
}
