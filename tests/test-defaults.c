/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's defaults as words, and what switches each off: by going over the records. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "defaults.h"
#include "desugar.h"

/* The request for @line and its defaults, as QEMU's words; without a machine of pc, which has all. */
typedef struct
{
  QrPool *pool;
  char **words;
  QrRequest *request;
} Result;

static void
result_clear (Result *result)
{
  g_clear_pointer (&result->request, qr_request_free);
  g_clear_pointer (&result->words, g_strfreev);
  g_clear_pointer (&result->pool, qr_pool_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
desugar (const char *line, Result *out)
{
  const QrTarget target
      = { "x86_64", NULL, qr_profiles_find_machine (&qr_profiles_builtin, "pc", "x86_64") };
  const QrCmdline *cmdline;
  GError *error = NULL;

  out->pool = qr_pool_new ();
  out->words = g_strsplit (line, " ", -1);
  cmdline = qr_cmdline_parse ((const char *const *) out->words, 1, &qr_profiles_builtin, NULL,
                              out->pool, &error);
  g_assert_no_error (error);
  out->request = qr_desugar (cmdline, &qr_profiles_builtin, &target, out->pool, &error);
  g_assert_no_error (error);
}

/* How often the lines have @word with @value in its argument; of devices those of the board. */
static guint
count (const QrRequest *request, const char *word, const char *value)
{
  gboolean device = strcmp (word, "-device") == 0;
  guint n = 0;

  for (guint zone = device ? QR_ZONE_BOARD : 0; zone <= (device ? QR_ZONE_BOARD : QR_ZONE_TAIL); zone++)
    for (guint i = 0; i < request->zones[zone]->len; i++)
      {
        const QrLine *line = request->zones[zone]->pdata[i];

        n += strcmp (line->word, word) == 0 && strstr (line->value, value) != NULL;
      }
  return n;
}

/* What each default is seen by. */
static const struct
{
  const char *name, *word, *value;
} marks[] = {
  { "display adapter", "-device", "VGA" },
  { "network adapter", "-device", "e1000," },
  { "serial port", "-serial", "vc:80Cx24C" },
  { "parallel port", "-parallel", "vc:80Cx24C" },
  { "monitor", "-monitor", "vc:80Cx24C" },
  { "CD-ROM drive", "-drive", "if=ide,index=2,media=cdrom" },
  { "floppy drive", "-drive", "if=floppy,index=0" },
  { "window", NULL, NULL }, /* seen by what QEMU needs */
};

static gboolean
has_default (const QrRequest *request, gsize mark)
{
  if (marks[mark].value == NULL)
    return (request->needs & 1u << QR_NEED_DESKTOP) != 0;
  return count (request, marks[mark].word, marks[mark].value) > 0;
}

/* An argument that an option takes without doing more. */
static const struct
{
  const char *option, *value;
} arguments[] = {
  { "vga", "none" },     { "net", "none" },      { "nic", "none" },    { "netdev", "user,id=n" },
  { "serial", "null" },  { "parallel", "null" }, { "monitor", "null" }, { "mon", "chardev=c" },
  { "qmp", "null" },     { "qmp-pretty", "null" }, { "display", "none" }, { "vnc", ":1" },
  { "spice", "port=1" }, { "nographic", NULL },
};

static char *
option_line (const char *option)
{
  for (gsize i = 0; i < G_N_ELEMENTS (arguments); i++)
    if (strcmp (arguments[i].option, option) == 0)
      return g_strdup_printf ("-%s%s%s", option, arguments[i].value == NULL ? "" : " ",
                              arguments[i].value == NULL ? "" : arguments[i].value);
  g_error ("no argument is known for -%s", option);
}

/* The default @which is gone from @line, or all others are there. */
static void
check_gone (const char *line, gsize which)
{
  g_auto (Result) result = { 0 };

  desugar (line, &result);
  g_assert_false (has_default (result.request, which));
}

static void
check_others (const char *line, gsize which)
{
  g_auto (Result) result = { 0 };

  desugar (line, &result);
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (i != which)
      g_assert_true (has_default (result.request, i));
}

static gsize
mark_of (const QrDefault *standard)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (strcmp (marks[i].name, standard->name) == 0)
      return i;
  g_error ("default \"%s\" is not in the table", standard->name);
}

/* @data: number of the record times 1000 plus that of the option or driver. */
static const QrDefault *
record_of (gconstpointer data, guint *out)
{
  *out = GPOINTER_TO_UINT (data) % 1000;
  return &qr_profiles_builtin.defaults[GPOINTER_TO_UINT (data) / 1000];
}

static void
test_option (gconstpointer data)
{
  guint number;
  const QrDefault *standard = record_of (data, &number);
  const char *name = standard->options[number];
  g_autofree char *line = option_line (name), *two = g_strdup_printf ("-%s", line);

  check_gone (line, mark_of (standard));
  check_gone (two, mark_of (standard));
  if (strcmp (name, "nographic") != 0) /* changes the consoles' words, too */
    check_others (line, mark_of (standard));
}

/* By -device in both forms, and by -global in both; not by an alias or in another case. */
static void
test_driver (gconstpointer data)
{
  static const char *const forms[] = { "-device %s", "-device driver=%s", "-device {\"driver\":\"%s\"}",
                                       "-global %s.x=1", "-global driver=%s,property=x,value=1" };
  guint number;
  const QrDefault *standard = record_of (data, &number);
  const char *driver = standard->drivers[number];

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto (GStrv) parts = g_strsplit (forms[i], "%s", 2);
      g_autofree char *line = g_strjoin (NULL, parts[0], driver, parts[1], NULL);
      g_autofree char *near = g_strjoin (NULL, parts[0], "x", driver, parts[1], NULL);
      g_auto (Result) result = { 0 };

      check_gone (line, mark_of (standard));
      check_others (line, mark_of (standard));
      desugar (near, &result);
      g_assert_true (has_default (result.request, mark_of (standard)));
    }
}

/* Where else the name of a default's driver or option stands, it switches nothing off. */
static const char *const near_misses[] = {
  "", "-device edu,id=VGA", "-name VGA", "-device e1000", "-device virtio-gpu-pci", "-name -vga",
  "-global PIIX4_PM.x=VGA", "-device isa-debugcon", "-chardev null,id=serial",
  "-device usb-storage,id=ide-cd", "-name -serial", "-device vga", "-hda f",
  "-drive if=none,index=2", "-global edu.ide-cd=1",
};

static void
test_near_miss (gconstpointer data)
{
  check_others (near_misses[GPOINTER_TO_SIZE (data)], G_MAXSIZE);
}

/* -nodefaults wherever it stands, but where it is another's argument. */
static const struct
{
  const char *line;
  gboolean off;
} nodefaults[] = {
  { "-nodefaults", TRUE },
  { "--nodefaults", TRUE },
  { "-nodefaults -m 1G", TRUE },
  { "-m 1G -nodefaults", TRUE },
  { "-m 1G -nodefaults -smp 2", TRUE },
  { "-nodefaults -nodefaults", TRUE },
  { "-name -nodefaults", FALSE },
  { "nodefaults", FALSE },
};

static void
test_nodefaults (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Result) result = { 0 };

  desugar (nodefaults[i].line, &result);
  g_assert_cmpint (result.request->nodefaults, ==, nodefaults[i].off);
  for (gsize j = 0; j < G_N_ELEMENTS (marks); j++)
    g_assert_cmpint (has_default (result.request, j), ==, !nodefaults[i].off || marks[j].value == NULL);
}

/* What depends on the machine: its adapters, its floppy drive, and whether sata=off means anything. */
static const struct
{
  const char *line, *word, *value;
  gboolean there;
} machines[] = {
  { "", "-device", "VGA", TRUE },
  { "-M pc-i440fx-2.1", "-device", "cirrus-vga", TRUE },
  { "-M pc-i440fx-2.1", "-device", "VGA", FALSE },
  { "-M pc-i440fx-2.2", "-device", "VGA", TRUE },
  { "-M q35", "-device", "VGA", TRUE },
  { "", "-device", "e1000,", TRUE },
  { "-M q35", "-device", "e1000e,", TRUE },
  { "-M pc-q35-2.11", "-device", "e1000,", TRUE },
  { "-M q35", "-drive", "if=floppy", FALSE },
  { "-fda f", "-drive", "if=floppy", FALSE },
  { "-fdb f", "-drive", "if=floppy,index=0", TRUE },
  { "-M pc,sata=off", "-drive", "if=ide,index=2,media=cdrom", TRUE },
  { "-M q35,sata=off", "-drive", "if=ide,index=2,media=cdrom", FALSE },
};

static void
test_machine (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Result) result = { 0 };

  desugar (machines[i].line, &result);
  g_assert_cmpint (count (result.request, machines[i].word, machines[i].value) > 0, ==, machines[i].there);
}

/* The consoles' words: -nographic talks to the terminal. */
static const struct
{
  const char *line, *serial, *parallel, *monitor; /* NULL: no such word */
} consoles[] = {
  { "", "vc:80Cx24C", "vc:80Cx24C", "vc:80Cx24C" },
  { "-display none", "vc:80Cx24C", "vc:80Cx24C", "vc:80Cx24C" },
  { "-nographic", "mon:stdio", "null", NULL },
  { "--nographic", "mon:stdio", "null", NULL },
  { "-nographic -qmp null", "stdio", "null", NULL },
  { "-nographic -monitor vc", "stdio", "null", "vc" },
  { "-nographic -serial vc", "vc", "null", "stdio" },
  { "-nographic -serial mon:vc", "mon:vc", "null", NULL },
  { "-nographic -parallel vc", "mon:stdio", "vc", NULL },
  { "-nographic -nodefaults", NULL, NULL, NULL },
  { "-serial mon:stdio", "mon:stdio", "vc:80Cx24C", NULL },
  { "-parallel mon:vc", "vc:80Cx24C", "mon:vc", NULL },
  { "-nographic -serial none -parallel mon:stdio", "none", "mon:stdio", NULL },
  { "-debugcon mon:vc", "vc:80Cx24C", "vc:80Cx24C", "vc:80Cx24C" },
  { "-serial monitor", "monitor", "vc:80Cx24C", "vc:80Cx24C" },
  { "-device isa-serial -nographic", NULL, "null", "stdio" },
};

static void
test_console (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const char *const words[] = { "-serial", "-parallel", "-monitor" };
  const char *const values[] = { consoles[i].serial, consoles[i].parallel, consoles[i].monitor };
  g_auto (Result) result = { 0 };

  desugar (consoles[i].line, &result);
  for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
    {
      g_assert_cmpuint (count (result.request, words[j], ""), ==, values[j] != NULL);
      if (values[j] != NULL)
        g_assert_cmpuint (count (result.request, words[j], values[j]), ==, 1);
    }
}

/* What -daemonize has no terminal for. */
static const struct
{
  const char *line, *drawn;
} daemons[] = {
  { "-nographic -daemonize",
    "qriser: error: QEMU's default serial port would use the terminal, which a daemon has not\n"
    "  argument 2: -daemonize\n"
    "              ^~~~~~~~~~\n"
    "  hint: write -display none in place of -nographic\n" },
  { "--daemonize -nographic -serial null",
    "qriser: error: QEMU's default parallel port would use the terminal, which a daemon has not\n"
    "  argument 1: --daemonize\n"
    "              ^~~~~~~~~~~\n"
    "  hint: write -display none in place of -nographic\n" },
  { "-nographic -daemonize -serial null -parallel null",
    "qriser: error: QEMU's default monitor would use the terminal, which a daemon has not\n"
    "  argument 2: -daemonize\n"
    "              ^~~~~~~~~~\n"
    "  hint: write -display none in place of -nographic\n" },
};

static void
test_daemon (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;

  g_assert_null (test_plan ("qemu@1", daemons[i].line, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, "daemonize-console");
  test_error_is (&error, daemons[i].drawn);
}

/* With a card whose sound is left to QEMU, what makes a PCI device is switched off by
 * itself, and the rest is left to QEMU. */
static void
test_default_audio (void)
{
  g_auto (Result) result = { 0 }, chosen = { 0 };

  desugar ("-device AC97", &result);
  g_assert_true (result.request->default_audio);
  g_assert_cmpuint (count (result.request, "-vga", "none"), ==, 1);
  g_assert_cmpuint (count (result.request, "-nic", "none"), ==, 1);
  g_assert_cmpuint (count (result.request, "-device", "VGA"), ==, 1);
  g_assert_cmpuint (count (result.request, "-device", "e1000,"), ==, 1);
  g_assert_cmpuint (count (result.request, "-serial", ""), ==, 0);
  g_assert_cmpuint (count (result.request, "-drive", ""), ==, 0);
  desugar ("-device AC97 -audiodev none,id=a", &chosen);
  g_assert_false (chosen.request->default_audio);
  check_others ("-device AC97 -audiodev none,id=a", G_MAXSIZE);
}

static void
add_numbered (const char *group, gsize n, GTestDataFunc run)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("/defaults/%s/%" G_GSIZE_FORMAT, group, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), run);
    }
}

static void
add_records (void)
{
  for (guint i = 0; i < qr_profiles_builtin.n_defaults; i++)
    {
      const QrDefault *standard = &qr_profiles_builtin.defaults[i];

      if (standard->machines != NULL && !g_strv_contains (standard->machines, "pc"))
        continue;
      for (guint j = 0; standard->options != NULL && standard->options[j] != NULL; j++)
        {
          g_autofree char *name = g_strdup_printf ("/defaults/option/%s/%s", standard->name, standard->options[j]);

          g_test_add_data_func (name, GUINT_TO_POINTER (1000 * i + j), test_option);
        }
      for (guint j = 0; standard->drivers != NULL && standard->drivers[j] != NULL; j++)
        {
          g_autofree char *name = g_strdup_printf ("/defaults/driver/%s/%s", standard->name, standard->drivers[j]);

          g_test_add_data_func (name, GUINT_TO_POINTER (1000 * i + j), test_driver);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_records ();
  add_numbered ("near-miss", G_N_ELEMENTS (near_misses), test_near_miss);
  add_numbered ("nodefaults", G_N_ELEMENTS (nodefaults), test_nodefaults);
  add_numbered ("machine", G_N_ELEMENTS (machines), test_machine);
  add_numbered ("console", G_N_ELEMENTS (consoles), test_console);
  add_numbered ("daemon", G_N_ELEMENTS (daemons), test_daemon);
  g_test_add_func ("/defaults/default-audio", test_default_audio);
  return g_test_run ();
}
