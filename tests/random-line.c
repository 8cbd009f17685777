/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "random-line.h"

/* What a list has at most so many of; 0: any number. */
typedef struct
{
  const char *text;
  guint most;
} Device;

static const Device devices[] = {
  { "virtio-rng-pci", 0 },
  { "virtio-rng-pci,disable-legacy=off", 3 },
  { "nvme,serial=s", 0 },
  { "e1000e", 4 },
  { "e1000", 0 },
  { "rtl8139", 0 },
  { "qemu-xhci", 3 },
  { "virtio-scsi-pci", 0 },
  { "pvscsi", 0 },
  { "lsi53c895a", 3 },
  { "edu", 0 },
  { "intel-hda", 2 },
  { "ich9-intel-hda", 2 },
  { "ich9-ahci", 2 },
  { "virtio-serial-pci", 0 },
  { "virtio-keyboard-pci", 0 },
  { "i6300esb", 1 },
  { "VGA", 1 },
  { "virtio-vga", 1 },
  { "bochs-display", 1 },
  { "ich9-usb-ehci1", 1 },
  { "ich9-usb-uhci1,multifunction=on", 1 },
  { "pcie-root-port", 2 },
  { "i82801b11-bridge", 1 },
  { "pcie-pci-bridge", 1 },
  { "virtio-iommu-pci", 1 },
  { "pxb-pcie,bus_nr=200", 1 },
};

static guint
count (const GPtrArray *line, const char *text)
{
  guint n = 0;

  for (guint i = 0; i < line->len; i++)
    n += g_str_has_prefix (line->pdata[i], text)
         && (((char *) line->pdata[i])[strlen (text)] == ',' || ((char *) line->pdata[i])[strlen (text)] == '\0');
  return n;
}

/* A device that the list may still have, with an id that nothing else has, or none. */
static char *
pick (GRand *random, const GPtrArray *line)
{
  const Device *device;

  do
    device = &devices[g_rand_int_range (random, 0, G_N_ELEMENTS (devices))];
  while (device->most > 0 && count (line, device->text) >= device->most);
  if (g_rand_boolean (random) && !g_str_has_prefix (device->text, "pcie-root-port"))
    return g_strdup (device->text);
  return g_strdup_printf ("%s,id=x%u", device->text, line->len);
}

/* Gives the device a place on the root complex that is kept for no other, now and then. */
static char *
fix (GRand *random, char *text, guint32 *taken)
{
  guint slot = (guint) g_rand_int_range (random, 3, 0x19);
  char *fixed;

  if (g_rand_int_range (random, 0, 8) > 0 || (*taken & 1u << slot) != 0)
    return text;
  *taken |= 1u << slot;
  fixed = g_strdup_printf ("%s,addr=0x%x", text, slot);
  g_free (text);
  return fixed;
}

void
random_line_grow (GRand *random, GPtrArray *line)
{
  guint at = 1 + 2 * (guint) g_rand_int_range (random, 0, (gint32) (line->len - 1) / 2 + 1);
  char *text = pick (random, line);

  g_ptr_array_insert (line, (int) at, text);
  g_ptr_array_insert (line, (int) at, g_strdup ("-device"));
}

GPtrArray *
random_line (GRand *random)
{
  GPtrArray *line = g_ptr_array_new_with_free_func (g_free);
  guint most = g_rand_int_range (random, 0, 10) == 0 ? 60 : 12;
  guint n = (guint) g_rand_int_range (random, 0, (gint32) most);
  guint32 taken = 0;

  g_ptr_array_add (line, g_strdup ("-nodefaults"));
  for (guint i = 0; i < n; i++)
    {
      char *text = fix (random, pick (random, line), &taken);

      g_ptr_array_add (line, g_strdup ("-device"));
      g_ptr_array_add (line, text);
    }
  return line;
}
