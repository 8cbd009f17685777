/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's monitor prints of types and devices, as it prints it, and what nobody should. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "qtree.h"

static const char types[]
    = "Storage devices:\r\n"
      "name \"virtio-blk-pci\", bus PCI, alias \"virtio-blk\"\r\n"
      "name \"am53c974\", bus PCI, desc \"AMD, alias \"none\", no-user\"\r\n"
      "\r\n"
      "Misc devices:\r\n"
      "name \"ICH9 SMB\", bus PCI, desc \"ICH9 SMBUS\", no-user\r\n"
      "name \"loader\", desc \"Generic Loader\"\r\n"
      "name \"cut";

static void
test_types (void)
{
  static const QrListedType expected[] = {
    { "virtio-blk-pci", "virtio-blk", "PCI", "Storage devices", TRUE },
    { "am53c974", NULL, "PCI", "Storage devices", TRUE },
    { "ICH9 SMB", NULL, "PCI", "Misc devices", FALSE },
    { "loader", NULL, NULL, "Misc devices", TRUE },
    { "cut", NULL, NULL, "Misc devices", TRUE },
  };
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GArray) found = qr_qtree_types (types, pool);

  g_assert_cmpuint (found->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < found->len; i++)
    {
      const QrListedType *type = &g_array_index (found, QrListedType, i);

      g_assert_cmpstr (type->name, ==, expected[i].name);
      g_assert_cmpstr (type->alias, ==, expected[i].alias);
      g_assert_cmpstr (type->bus, ==, expected[i].bus);
      g_assert_cmpstr (type->category, ==, expected[i].category);
      g_assert_cmpint (type->creatable, ==, expected[i].creatable);
    }
}

static const char tree[]
    = "bus: pcie.0\r\n"
      "  type PCIE\r\n"
      "  dev: virtio-scsi-pci, id \"a\"\r\n"
      "    vectors = 4294967295 (0xffffffff)\r\n"
      "    class SCSI controller, addr 00:02.0, pci id 1af4:1004 (sub 1af4:0008)\r\n"
      "    bar 0: i/o at 0xffffffffffffffff [0x3e]\r\n"
      "    bar 1: mem at 0xffffffffffffffff [0xffe]\r\n"
      "    bus: virtio-bus\r\n"
      "      type virtio-pci-bus\r\n"
      "      dev: virtio-scsi-device, id \"\"\r\n"
      "        bar 7: i/o at 0xffffffffffffffff [0x3e]\r\n"
      "        bus: a.0\r\n"
      "          type SCSI\r\n"
      "  dev: two, id \"b\"\r\n"
      "    bar 0: i/o at 0xc000 [0xc03f]\r\n"
      "    bar 2: i/o at 0xc040 [0xc043]\r\n"
      "    bus: b.1\r\n"
      "      type IDE\r\n"
      "    bus: b.0\r\n"
      "      type IDE\r\n"
      "    bus: full\r\n"
      "      type IDE\r\n"
      "      dev: ide-cd, id \"c\"\r\n"
      "  dev: last, id \"d\"\r\n"
      "    Class 0c80, addr 3f:1f.7, pci id 1af4:1004 (sub 1af4:0008)\r\n"
      "    bar 0: i/o at nonsense\r\n"
      "    bar 1: i/o at 0x0 [0xffffffff]\r\n"
      "    bus: untyped\r\n"
      "  dev: cut, id \"";

static const struct
{
  const char *id;
  gint io_bytes; /* -1: it is not there */
  gint devfn;
  const char *parent;
  const char *buses;
} devices[] = {
  { "a", 64, 0x10, "pcie.0", "SCSI a.0" },
  { "b", 68, -1, "pcie.0", "IDE b.0, IDE b.1" },
  { "c", 0, -1, "full", "" },
  { "d", 65536, 0xff, "pcie.0", "? untyped" },
  { "e", -1, 0, NULL, NULL },
  { "cut", -1, 0, NULL, NULL },
  { "", 64, -1, "virtio-bus", "SCSI a.0" },
};

static void
test_device (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) nodes = qr_qtree_nodes (tree, pool), buses = NULL;
  const gint found = qr_qtree_find (nodes, devices[i].id);
  const QrTreeNode *node;

  g_assert_cmpint (found >= 0, ==, devices[i].io_bytes >= 0);
  if (found < 0)
    return;
  node = &g_array_index (nodes, QrTreeNode, found);
  g_assert_cmpint ((gint) node->io_bytes, ==, devices[i].io_bytes);
  g_assert_cmpint (node->devfn, ==, devices[i].devfn);
  g_assert_cmpstr (g_array_index (nodes, QrTreeNode, node->parent).name, ==, devices[i].parent);
  buses = qr_qtree_empty_buses (nodes, found);
  for (guint j = 0; j < buses->len; j++)
    {
      const QrTreeNode *bus = &g_array_index (nodes, QrTreeNode, g_array_index (buses, gint, j));

      g_string_append_printf (text, "%s%s %s", j == 0 ? "" : ", ", bus->more == NULL ? "?" : bus->more,
                              bus->name);
    }
  g_assert_cmpstr (text->str, ==, devices[i].buses);
}

static void
test_nothing (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GArray) none = qr_qtree_types ("", pool), junk = qr_qtree_types ("\n\n:\r\nname \n", pool),
                     empty = qr_qtree_nodes ("", pool), loose = qr_qtree_nodes ("type X\nbar 0\nclass\ndev: \nbus: \n", pool);

  g_assert_cmpuint (none->len + junk->len + empty->len + loose->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qtree/types", test_types);
  g_test_add_func ("/qtree/nothing", test_nothing);
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      g_autofree char *path = g_strdup_printf ("/qtree/device/%s", *devices[i].id == 0 ? "without-id" : devices[i].id);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_device);
    }
  return g_test_run ();
}
