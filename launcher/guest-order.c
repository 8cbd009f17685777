/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "guest-order.h"

/* A guest looks at the other functions of a slot only when it finds function 0, and
 * behind a port at one slot only. */
static const QrDevice *
seen_at (const QrBus *bus, guint devfn)
{
  const QrDevice *device = bus->occupants[devfn];

  if (device == NULL || device->origin == QR_ORIGIN_KEPT
      || device->addr.slot > qr_bus_traits (bus->kind)->last_slot
      || qr_bus_occupant (bus, (QrPciAddr){ device->addr.slot, 0 }) == NULL)
    return NULL;
  return device;
}

static gboolean
is_expander (const QrDevice *device)
{
  return device->type->kind == QR_DEVICE_EXPANDER;
}

static void walk (const QrBus *bus, QrGuestOrder by, GPtrArray *order);

/* What is behind @device on this root bus. */
static void
walk_behind (const QrDevice *device, QrGuestOrder by, GPtrArray *order)
{
  if (is_expander (device))
    return;
  for (const QrBus *child = device->buses; child != NULL; child = child->sibling)
    walk (child, by, order);
}

static void
walk (const QrBus *bus, QrGuestOrder by, GPtrArray *order)
{
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = seen_at (bus, devfn);

      if (device == NULL)
        continue;
      g_ptr_array_add (order, (gpointer) device);
      if (by == QR_GUEST_BY_PATH)
        walk_behind (device, by, order);
    }
  for (guint devfn = 0; by == QR_GUEST_BY_NUMBER && devfn < bus->n_devfns; devfn++)
    if (seen_at (bus, devfn) != NULL)
      walk_behind (seen_at (bus, devfn), by, order);
}

static int
compare_bus_numbers (gconstpointer a, gconstpointer b)
{
  const QrDevice *x = *(QrDevice *const *) a, *y = *(QrDevice *const *) b;
  guint first = qr_device_number (x, "bus_nr"), second = qr_device_number (y, "bus_nr");

  return first < second ? -1 : first > second;
}

GPtrArray *
qr_guest_order (const QrTopology *topology, QrGuestOrder by)
{
  GPtrArray *order = g_ptr_array_new ();
  g_autoptr (GPtrArray) expanders = g_ptr_array_new ();

  walk (topology->root, by, order);
  for (guint i = 0; i < order->len; i++)
    if (is_expander (order->pdata[i]))
      g_ptr_array_add (expanders, order->pdata[i]);
  g_ptr_array_sort (expanders, compare_bus_numbers);
  for (guint i = 0; i < expanders->len; i++)
    for (const QrBus *bus = ((QrDevice *) expanders->pdata[i])->buses; bus != NULL;
         bus = bus->sibling)
      walk (bus, by, order);
  return order;
}
