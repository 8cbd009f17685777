/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "guest-order.h"

/* A guest looks at the other functions of a slot only when it finds function 0, and
 * behind a port at one slot only. */
static const QrDevice *
seen_at (const QrBus *bus, guint devfn)
{
  const QrDevice *device = bus->occupants[devfn];

  if (device == NULL || device->addr.slot > qr_bus_traits (bus->kind)->last_slot
      || qr_bus_occupant (bus, (QrPciAddr){ device->addr.slot, 0 }) == NULL)
    return NULL;
  return device;
}

static gboolean
is_expander (const QrDevice *device)
{
  return device->type->kind == QR_DEVICE_EXPANDER;
}

/* @bus and what is below it, but for other root buses. */
static void
walk (const QrBus *bus, GPtrArray *order)
{
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    if (seen_at (bus, devfn) != NULL)
      g_ptr_array_add (order, (gpointer) seen_at (bus, devfn));
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = seen_at (bus, devfn);

      if (device == NULL || is_expander (device))
        continue;
      for (const QrBus *child = device->buses; child != NULL; child = child->sibling)
        walk (child, order);
    }
}

static int
compare_bus_numbers (gconstpointer a, gconstpointer b)
{
  const QrDevice *x = *(QrDevice *const *) a, *y = *(QrDevice *const *) b;
  guint first = qr_device_number (x, "bus_nr"), second = qr_device_number (y, "bus_nr");

  return first < second ? -1 : first > second;
}

GPtrArray *
qr_guest_order (const QrTopology *topology)
{
  GPtrArray *order = g_ptr_array_new ();
  g_autoptr (GPtrArray) expanders = g_ptr_array_new ();

  walk (topology->root, order);
  for (guint i = 0; i < order->len; i++)
    if (is_expander (order->pdata[i]))
      g_ptr_array_add (expanders, order->pdata[i]);
  g_ptr_array_sort (expanders, compare_bus_numbers);
  for (guint i = 0; i < expanders->len; i++)
    for (const QrBus *bus = ((QrDevice *) expanders->pdata[i])->buses; bus != NULL;
         bus = bus->sibling)
      walk (bus, order);
  return order;
}
