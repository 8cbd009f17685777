/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bus-numbers.h"

/* What the port or bridge asks for behind its own bus; firmware reads the lowest byte. */
static guint
reserved (const QrDevice *device)
{
  guint number = qr_device_number (device, "bus-reserve");

  return number == G_MAXUINT32 ? 0 : number & 0xff;
}

guint
qr_bus_numbers_needed (const QrBus *bus)
{
  guint needed = 1;

  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = bus->occupants[devfn];

      const QrBus *behind = device == NULL ? NULL : qr_device_secondary (device);
      guint below = behind == NULL ? 0 : qr_bus_numbers_needed (behind);

      if (behind != NULL)
        needed += MAX (below, 1 + reserved (device));
    }
  return needed;
}

static guint
first_number (const QrBus *root)
{
  return root->owner == NULL ? 0 : qr_device_number (root->owner, "bus_nr");
}

guint
qr_bus_numbers_room (const QrTopology *topology, const QrBus *root, guint limit,
                     const QrDevice **next)
{
  guint first = first_number (root), end = limit;

  *next = NULL;
  if (root->owner != NULL && first == 0)
    return 0;
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *other = topology->buses->pdata[i];
      guint number;

      if (other->owner == NULL || !qr_bus_traits (other->kind)->is_root)
        continue;
      number = first_number (other);
      if (number <= first || number >= end)
        continue;
      end = number;
      *next = other->owner;
    }
  return end > first ? end - first : 0;
}
