/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ports.h"

static gboolean
is_express_port (const QrDevice *device)
{
  return device->type->kind == QR_DEVICE_ROOT_PORT
         || device->type->kind == QR_DEVICE_SWITCH_DOWNSTREAM;
}

#define CHASSIS_KEY(chassis, slot) GUINT_TO_POINTER (((chassis) << 16 | (slot)) + 1)

static void
number_port (QrDevice *device, GHashTable *taken)
{
  guint devfn = qr_pci_addr_devfn (device->addr);

  device->chassis = device->physical_slot = device->port = devfn;
  while (g_hash_table_contains (taken, CHASSIS_KEY (device->chassis, device->physical_slot))
         && device->chassis > 0)
    device->chassis--;
  g_hash_table_add (taken, CHASSIS_KEY (device->chassis, device->physical_slot));
}

void
qr_ports_number (QrTopology *topology, const QrPolicy *policy)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  GPtrArray *devices = topology->devices, *added = topology->added;

  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *device = devices->pdata[i];

      if (!is_express_port (device) || device->bus == NULL || device->opts == NULL)
        continue;
      device->numbered = policy->numbers_ports && device->bus == topology->root
                         && qr_optlist_find (device->opts, "chassis") == NULL
                         && qr_optlist_find (device->opts, "slot") == NULL
                         && qr_optlist_find (device->opts, "port") == NULL;
      if (!device->numbered)
        g_hash_table_add (taken, CHASSIS_KEY (qr_device_number (device, "chassis"),
                                              qr_device_number (device, "slot")));
    }
  for (guint i = 0; i < devices->len; i++)
    if (((QrDevice *) devices->pdata[i])->numbered)
      number_port (devices->pdata[i], taken);
  for (guint i = 0; i < added->len; i++)
    if (((QrDevice *) added->pdata[i])->numbered)
      number_port (added->pdata[i], taken);
}

void
qr_ports_reserve (QrTopology *topology)
{
  GPtrArray *added = topology->added;

  for (guint i = 0; i < added->len; i++)
    {
      QrDevice *port = added->pdata[i];
      const QrBus *bus = port->buses;
      gboolean used = FALSE, io = FALSE;

      if (port->carrier == NULL || !port->carrier->reserve_io)
        continue;
      for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
        {
          const QrDevice *device = bus->occupants[devfn];

          if (device == NULL)
            continue;
          used = TRUE;
          io |= device->type->kind != QR_DEVICE_FUNCTION
                || device->type->class_code == QR_CLASS_UNKNOWN
                || (device->type->io & QR_IO_BELOW_PORT) != 0
                || device->express != (QrExpress) device->type->express;
        }
      port->no_io = used && !io;
    }
}
