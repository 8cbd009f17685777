/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host functions in a tree of our own that looks like /sys. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "sysfs.h"

/* A configuration space and the length of its file. What the kernel hides from
 * users is zeros here: a plain file is as long as what can be read of it. */
static const struct
{
  const char *name;
  gsize length;
  guint8 has_capabilities, first;
  struct
  {
    guint8 at, id, next, type; /* type: of a PCI Express capability */
  } capabilities[4];
  gboolean found, express, integrated;
} cases[] = {
  { "endpoint", 256, 1, 0x40, { { 0x40, 0x01, 0x50, 0 }, { 0x50, 0x10, 0, 0 } }, TRUE, TRUE, FALSE },
  { "endpoint-extended", 4096, 1, 0x40, { { 0x40, 0x10, 0, 0 } }, TRUE, TRUE, FALSE },
  { "integrated", 4096, 1, 0x70, { { 0x70, 0x10, 0, 9 } }, TRUE, TRUE, TRUE },
  { "integrated-last", 256, 1, 0xec, { { 0xec, 0x10, 0, 9 } }, TRUE, TRUE, TRUE },
  { "conventional", 256, 1, 0x40, { { 0x40, 0x01, 0, 0 } }, TRUE, FALSE, FALSE },
  { "no-capabilities", 256, 0, 0x40, { { 0x40, 0x10, 0, 9 } }, TRUE, FALSE, FALSE },
  { "empty-list", 256, 1, 0, { { 0 } }, TRUE, FALSE, FALSE },
  { "header-only-express", 4096, 1, 0x40, { { 0 } }, TRUE, TRUE, FALSE },
  { "header-only-conventional", 256, 1, 0x40, { { 0 } }, TRUE, FALSE, FALSE },
  { "low-bits", 256, 1, 0x43, { { 0x40, 0x01, 0x53, 0 }, { 0x50, 0x10, 0, 9 } }, TRUE, TRUE, TRUE },
  { "loop-of-one", 256, 1, 0x40, { { 0x40, 0x01, 0x40, 0 } }, TRUE, FALSE, FALSE },
  { "loop-of-two", 256, 1, 0x40, { { 0x40, 0x01, 0x50, 0 }, { 0x50, 0x05, 0x40, 0 } }, TRUE, FALSE,
    FALSE },
  { "into-header", 256, 1, 0x10, { { 0x10, 0x10, 0, 9 } }, TRUE, FALSE, FALSE },
  { "at-the-end", 256, 1, 0xfc, { { 0xfc, 0x01, 0, 0 } }, TRUE, FALSE, FALSE },
  { "chain-past-what-is-read", 128, 1, 0x40, { { 0x40, 0x01, 0x90, 0 } }, TRUE, FALSE, FALSE },
  { "too-short", 63, 1, 0x40, { { 0 } }, FALSE, FALSE, FALSE },
  { "empty", 0, 0, 0, { { 0 } }, FALSE, FALSE, FALSE },
};

/* Writes ROOT/bus/pci/devices/0000:01:02.3/NAME. */
static void
write_file (const char *root, const char *name, gconstpointer bytes, gsize length)
{
  g_autofree char *directory = g_build_filename (root, "bus/pci/devices/0000:01:02.3", NULL),
                  *path = g_build_filename (directory, name, NULL);
  GError *error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
write_config (const char *root, const guint8 *bytes, gsize length)
{
  write_file (root, "config", bytes, length);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const guint8 header[] = { 0x86, 0x80, 0xd3, 0x10, 0, 0, 0, 0, 1, 0x30, 0x02, 0x0c };
  guint8 bytes[4096] = { 0 };
  char *root = test_directory ();
  QrSysfsFunction out;

  memcpy (bytes, header, sizeof header);
  bytes[0x06] = cases[i].has_capabilities ? 0x10 : 0;
  bytes[0x34] = cases[i].first;
  for (gsize j = 0; j < G_N_ELEMENTS (cases[i].capabilities); j++)
    if (cases[i].capabilities[j].at != 0)
      {
        guint8 *at = bytes + cases[i].capabilities[j].at;

        at[0] = cases[i].capabilities[j].id;
        at[1] = cases[i].capabilities[j].next;
        at[2] = (guint8) (cases[i].capabilities[j].type << 4 | 2);
      }
  write_config (root, bytes, cases[i].length);
  g_assert_true (qr_sysfs_read (root, "0000:01:02.3", &out));
  g_assert_cmpint (out.found, ==, cases[i].found);
  g_assert_cmpuint (out.slot, ==, 2);
  g_assert_cmpuint (out.function, ==, 3);
  g_assert_cmpint (out.express, ==, cases[i].express);
  g_assert_cmpint (out.integrated, ==, cases[i].integrated);
  g_assert_cmphex (out.vendor, ==, cases[i].found ? 0x8086 : 0);
  g_assert_cmphex (out.class_code, ==, cases[i].found ? 0x0c0230 : 0);
  test_directory_remove (root);
}

#define NONE "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
#define MEMORY "0x00000000fb000000 0x00000000fb0fffff 0x0000000000040200\n"
#define IO "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n"
#define LARGE "0x0000004000000000 0x00000043ffffffff 0x000000000014220c\n"
#define SMALL "0x0000004400000000 0x0000004401ffffff 0x000000000014220c\n"
#define PREFETCHABLE "0x00000000e0000000 0x00000000efffffff 0x0000000000042208\n"
#define UNSET "0x0000000000000000 0x0000000000000000 0x0000000000140204\n"

static const struct
{
  const char *name, *text;
  gboolean sized;
  guint io_bytes;
  guint64 memory64[QR_SYSFS_BARS];
} resources[] = {
  { "display", MEMORY LARGE NONE SMALL NONE IO NONE NONE NONE, TRUE, 128,
    { 0, G_GUINT64_CONSTANT (16) << 30, 0, 32 << 20, 0, 0 } },
  { "several-io", IO IO MEMORY NONE NONE NONE, TRUE, 256, { 0 } },
  { "last-bar", NONE NONE NONE NONE NONE SMALL, TRUE, 0, { 0, 0, 0, 0, 0, 32 << 20 } },
  { "behind-the-bars", NONE NONE NONE NONE NONE NONE LARGE IO, TRUE, 0, { 0 } },
  { "prefetchable-32", PREFETCHABLE NONE NONE NONE NONE NONE, TRUE, 0, { 0 } },
  { "unset", UNSET UNSET NONE NONE NONE NONE, TRUE, 0, { 0 } },
  { "cut", MEMORY LARGE, FALSE, 0, { 0, G_GUINT64_CONSTANT (16) << 30, 0, 0, 0, 0 } },
  { "empty", "", FALSE, 0, { 0 } },
  { "other", "nothing of that kind\n", FALSE, 0, { 0 } },
};

static void
test_resources (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint8 config[64] = { 0x86, 0x80 };
  char *root = test_directory ();
  QrSysfsFunction out;

  write_config (root, config, sizeof config);
  g_assert_true (qr_sysfs_read (root, "01:02.3", &out));
  g_assert_true (out.found && !out.sized);
  write_file (root, "resource", resources[i].text, strlen (resources[i].text));
  g_assert_true (qr_sysfs_read (root, "01:02.3", &out));
  g_assert_cmpint (out.sized, ==, resources[i].sized);
  g_assert_cmpuint (out.io_bytes, ==, resources[i].io_bytes);
  for (guint bar = 0; bar < QR_SYSFS_BARS; bar++)
    g_assert_cmpuint (out.memory64[bar], ==, resources[i].memory64[bar]);
  test_directory_remove (root);
}

static const struct
{
  const char *host;
  gboolean good;
  guint slot, function;
} hosts[] = {
  { "0000:01:02.3", TRUE, 2, 3 },  { "01:02.3", TRUE, 2, 3 },      { "ffff:ff:1f.7", TRUE, 31, 7 },
  { "0:0:0.0", TRUE, 0, 0 },       { "1:2.3", TRUE, 2, 3 },        { "FFFF:FF:1F.7", TRUE, 31, 7 },
  { "", FALSE, 0, 0 },             { "x", FALSE, 0, 0 },           { "01", FALSE, 0, 0 },
  { "01:02", FALSE, 0, 0 },        { "01:02.", FALSE, 0, 0 },      { "01:02.8", FALSE, 0, 0 },
  { "01:20.0", FALSE, 0, 0 },      { "100:00.0", FALSE, 0, 0 },    { "10000:00:00.0", FALSE, 0, 0 },
  { "01:02.3 ", FALSE, 0, 0 },     { " 01:02.3", FALSE, 0, 0 },    { "-1:02.3", FALSE, 0, 0 },
  { "01:+2.3", FALSE, 0, 0 },      { "0:0:0:0.0", FALSE, 0, 0 },   { "01.02:3", FALSE, 0, 0 },
  { ":02.3", FALSE, 0, 0 },        { "::.", FALSE, 0, 0 },         { "01:02.3.4", FALSE, 0, 0 },
  { "../../etc", FALSE, 0, 0 },    { "0000:01:02.3/..", FALSE, 0, 0 },
  { "ffffffffffffffffff:01:02.3", FALSE, 0, 0 },                   { "01:02.\n", FALSE, 0, 0 },
};

static void
test_host (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  QrSysfsFunction out;

  g_assert_cmpint (qr_sysfs_read ("/nonexistent", hosts[i].host, &out), ==, hosts[i].good);
  g_assert_false (out.found);
  if (!hosts[i].good)
    return;
  g_assert_cmpuint (out.slot, ==, hosts[i].slot);
  g_assert_cmpuint (out.function, ==, hosts[i].function);
}

/* The short form and capitals name the same directory. */
static void
test_forms (void)
{
  guint8 bytes[256] = { 0x86, 0x80 };
  char *root = test_directory ();
  QrSysfsFunction out;

  write_config (root, bytes, sizeof bytes);
  g_assert_true (qr_sysfs_read (root, "01:02.3", &out) && out.found);
  g_assert_true (qr_sysfs_read (root, "0:1:2.3", &out) && out.found);
  g_assert_true (qr_sysfs_read (root, "0001:01:02.3", &out) && !out.found);
  g_assert_true (qr_sysfs_read (root, "01:02.4", &out) && !out.found);
  test_directory_remove (root);
}

static void
test_not_a_file (void)
{
  char *root = test_directory ();
  g_autofree char *path = g_build_filename (root, "bus/pci/devices/0000:01:02.3/config", NULL);
  QrSysfsFunction out;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_true (qr_sysfs_read (root, "01:02.3", &out));
  g_assert_false (out.found);
  test_directory_remove (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/sysfs/config/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *name = g_strdup_printf ("/sysfs/host/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_host);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      g_autofree char *name = g_strdup_printf ("/sysfs/resources/%s", resources[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_resources);
    }
  g_test_add_func ("/sysfs/forms", test_forms);
  g_test_add_func ("/sysfs/not-a-file", test_not_a_file);
  return g_test_run ();
}
