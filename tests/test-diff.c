/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two lists of devices, and what differs; a device is "KEY DRIVER KIND PATH ORIGIN". */
#include "config.h"

#include <string.h>

#include "render-diff.h"
#include "render-json.h"
#include "testlib.h"

#define NET "net virtio-net-pci endpoint 00:1c.0/00.0 user"
#define DISK "disk nvme endpoint 00:1c.1/00.0 user"
#define PORT(n) "rp-1c." #n " pcie-root-port root-port 00:1c." #n " added"

static const struct
{
  const char *name, *before, *after, *text;
} cases[] = {
  { "nothing", "", "", "" },
  { "same", NET, NET, "" },
  { "order", NET "|" DISK, DISK "|" NET, "" },
  { "gone", NET "|" DISK, NET, "- disk nvme at 00:1c.1/00.0\n" },
  { "new", NET, DISK "|" NET, "+ disk nvme at 00:1c.1/00.0\n" },
  { "moved", NET, "net virtio-net-pci endpoint 00:1c.1/00.0 user", "> net moved 00:1c.0/00.0 -> 00:1c.1/00.0\n" },
  { "driver", NET, "net e1000e endpoint 00:1c.0/00.0 user",
    "! net changed virtio-net-pci (endpoint) -> e1000e (endpoint)\n" },
  { "moved-and-changed", NET, "net virtio-net-pci integrated-endpoint 00:01.0 user",
    "> net moved 00:1c.0/00.0 -> 00:01.0\n"
    "! net changed virtio-net-pci (endpoint) -> virtio-net-pci (integrated-endpoint)\n" },
  { "origin", NET, "net virtio-net-pci endpoint 00:1c.0/00.0 option", "" },
  { "ours-last", PORT (0) "|" NET, DISK,
    "- net virtio-net-pci at 00:1c.0/00.0\n"
    "+ disk nvme at 00:1c.1/00.0\n"
    "- rp-1c.0 pcie-root-port at 00:1c.0, made by qriser\n" },
  { "ours-and-theirs", PORT (0), "rp-1c.0 pcie-root-port root-port 00:1c.0 user", "" },
  { "ours-became-theirs", PORT (0), "rp-1c.0 pcie-root-port root-port 00:1c.1 user",
    "> rp-1c.0 moved 00:1c.0 -> 00:1c.1\n" },
  { "three-of-ours", "", PORT (0) "|" PORT (1) "|" PORT (2),
    "+ rp-1c.0 pcie-root-port at 00:1c.0, made by qriser\n"
    "+ rp-1c.1 pcie-root-port at 00:1c.1, made by qriser\n"
    "+ rp-1c.2 pcie-root-port at 00:1c.2, made by qriser\n" },
  { "four-of-ours", NET "|" PORT (7), PORT (0) "|" PORT (1) "|" PORT (2) "|" PORT (3),
    "- net virtio-net-pci at 00:1c.0/00.0\n"
    "- rp-1c.7 pcie-root-port at 00:1c.7, made by qriser\n"
    "+ 4 ports and bridges made by qriser: rp-1c.0, rp-1c.1, rp-1c.2, rp-1c.3\n" },
  { "all-of-ours-gone", PORT (0) "|" PORT (1) "|" PORT (2) "|" PORT (3), "",
    "- 4 ports and bridges made by qriser: rp-1c.0, rp-1c.1, rp-1c.2, rp-1c.3\n" },
  { "control-bytes", "a\x1b driver\x1b kind pa\x1bth user", "", "- a\\x1b driver\\x1b at pa\\x1bth\n" },
};

static GArray *
parse (const char *text, GPtrArray *strings)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_auto (GStrv) devices = g_strsplit (text, "|", -1);

  for (char **device = devices; *device != NULL; device++)
    {
      char **words = g_strsplit (*device, " ", -1);
      QrDiffItem item = { words[0], words[1], words[2], words[3], words[4] };

      g_ptr_array_add (strings, words);
      g_array_append_val (list, item);
    }
  return list;
}

static void
test_diff (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GArray) before = parse (cases[i].before, strings), after = parse (cases[i].after, strings);
  g_autoptr (GArray) differences = qr_diff (before, after), back = qr_diff (after, before);
  g_autoptr (GString) text = qr_render_diff (differences);

  g_assert_cmpstr (text->str, ==, cases[i].text);
  g_assert_cmpuint (back->len, ==, differences->len);
}

static void
test_json (void)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GArray) before = parse (NET, strings), after = parse (DISK, strings);
  g_autoptr (GArray) differences = qr_diff (before, after);
  g_autoptr (GString) text = qr_render_json_diff (differences);

  g_assert_cmpstr (text->str, ==,
                   "[\n  {\n    \"change\": \"gone\",\n    \"key\": \"net\",\n    \"before\": {\n"
                   "      \"driver\": \"virtio-net-pci\",\n      \"kind\": \"endpoint\",\n"
                   "      \"path\": \"00:1c.0/00.0\",\n      \"origin\": \"user\"\n    },\n"
                   "    \"after\": null\n  },\n  {\n    \"change\": \"new\",\n    \"key\": \"disk\",\n"
                   "    \"before\": null,\n    \"after\": {\n      \"driver\": \"nvme\",\n"
                   "      \"kind\": \"endpoint\",\n      \"path\": \"00:1c.1/00.0\",\n"
                   "      \"origin\": \"user\"\n    }\n  }\n]\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/diff/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_diff);
    }
  g_test_add_func ("/diff/json", test_json);
  return g_test_run ();
}
