/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "testlib.h"

#include "nearest.h"

#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct
{
  const char *name, *word, *candidates[4], *best;
} cases[] = {
  { "same", "device", { "device" }, "device" },
  { "insert", "devce", { "device", "drive" }, "device" },
  { "delete", "devicee", { "device" }, "device" },
  { "replace", "devize", { "device" }, "device" },
  { "swap", "dveice", { "device" }, "device" },
  { "swap-counts-one", "hepl", { "help" }, "help" },
  { "two-of-six", "dexixe", { "device" }, "device" },
  { "three-of-six", "xexixe", { "device" }, NULL },
  { "none", "qwertz", { "device", "drive", "net" }, NULL },
  { "nothing-offered", "device", { NULL }, NULL },
  { "nearest-wins", "virtio-net-pc", { "virtio-blk-pci", "virtio-net-pci" }, "virtio-net-pci" },
  { "first-of-equals", "rat", { "cat", "bat" }, "cat" },
  { "case", "vga", { "VGA" }, NULL },
  { "empty-word", "", { "device" }, NULL },
  { "empty-candidate", "device", { "" }, NULL },
  { "one-letter-is-no-guess", "x", { "D", "S" }, NULL },
  { "one-letter-more", "v", { "vv" }, "vv" },
  { "much-longer", "net", { "networking" }, NULL },
  { "64-bytes", A60 "bbbc", { A60 "bbbb" }, A60 "bbbb" },
  { "65-bytes", A60 "bbbbc", { A60 "bbbbb" }, NULL },
};

static void
test_nearest (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  QrNearest nearest = { .word = cases[i].word };

  for (guint j = 0; j < G_N_ELEMENTS (cases[i].candidates) && cases[i].candidates[j] != NULL; j++)
    qr_nearest_offer (&nearest, cases[i].candidates[j]);
  g_assert_cmpstr (nearest.best, ==, cases[i].best);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/nearest/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_nearest);
    }
  return g_test_run ();
}
