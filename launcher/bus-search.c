/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bus-search.h"

#include <string.h>

static gboolean
is_full (const QrBus *bus)
{
  return bus->max_devices > 0 && bus->n_devices >= bus->max_devices;
}

/* Exactly QEMU's walk; @name or @type is given. */
static QrBus *
search (const QrTopology *topology, QrBus *bus, const char *name, const char *type)
{
  gboolean match = name != NULL ? strcmp (bus->name, name) == 0
                                : qr_profiles_bus_is_a (topology->profiles, bus->type, type);
  QrBus *pick = match ? bus : NULL;

  if (match && !is_full (bus))
    return bus;
  for (QrDevice *device = bus->newest; device != NULL; device = device->older)
    for (QrBus *child = device->buses; child != NULL; child = child->sibling)
      {
        QrBus *found = search (topology, child, name, type);

        if (found != NULL && !is_full (found))
          return found;
        if (pick == NULL)
          pick = found;
      }
  return pick;
}

QrBus *
qr_topology_search_type (QrTopology *topology, const char *type)
{
  QrBus *bus = g_hash_table_lookup (topology->chosen_by_type, type);

  if (bus == NULL)
    {
      bus = search (topology, topology->system, NULL, type);
      if (bus != NULL)
        g_hash_table_insert (topology->chosen_by_type, (gpointer) type, bus);
    }
  return bus;
}

static QrBus *
search_bus_name (QrTopology *topology, const char *name)
{
  if (g_hash_table_contains (topology->doubled, name))
    return search (topology, topology->system, name, NULL);
  return g_hash_table_lookup (topology->by_bus_name, name);
}

/* The device of @bus that a path element names: by id, else the newest of that type. */
static QrDevice *
path_device (const QrTopology *topology, const QrBus *bus, const char *element)
{
  const QrDeviceType *type = qr_profiles_find_device (topology->profiles, element, topology->pool);
  QrDevice *found = NULL;

  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      if (device->chosen != bus)
        continue;
      if (g_strcmp0 (device->id, element) == 0)
        return device;
      if (type != NULL && strcmp (device->type->driver, type->driver) == 0)
        found = device;
    }
  return found;
}

QrBus *
qr_topology_search_name (QrTopology *topology, const char *text)
{
  g_auto (GStrv) elements = NULL;
  QrBus *bus;

  if (strchr (text, '/') == NULL)
    return search_bus_name (topology, text);
  elements = g_strsplit (text, "/", -1);
  bus = search_bus_name (topology, elements[0]);
  for (guint i = 1; bus != NULL && elements[i] != NULL; i++)
    {
      const QrDevice *device = path_device (topology, bus, elements[i]);

      bus = device == NULL ? NULL : device->buses;
      if (elements[i + 1] == NULL) /* a device may stand for its only bus */
        return bus == NULL || bus->sibling != NULL ? NULL : bus;
      for (i++; bus != NULL && strcmp (bus->name, elements[i]) != 0;)
        bus = bus->sibling;
    }
  return bus;
}

gboolean
qr_topology_name_is_unique (const QrTopology *topology, const QrBus *bus)
{
  return !g_hash_table_contains (topology->doubled, bus->name);
}
