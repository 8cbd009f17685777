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

/* What is between the slashes. (transfer container): the strings are @parts' */
static GPtrArray *
elements_of (char **parts)
{
  GPtrArray *elements = g_ptr_array_new ();

  for (; *parts != NULL; parts++)
    if (**parts != '\0')
      g_ptr_array_add (elements, *parts);
  return elements;
}

/* The bus @name of the device with the buses @bus; NULL: of a device at the end of a path, which
 * may stand for its only bus. */
static QrBus *
child_bus (QrBus *bus, const char *name)
{
  if (name == NULL)
    return bus != NULL && bus->sibling == NULL ? bus : NULL;
  while (bus != NULL && strcmp (bus->name, name) != 0)
    bus = bus->sibling;
  return bus;
}

/* The buses of the device @name on @bus. On the system bus only that of the machine is known. */
static QrBus *
buses_of (const QrTopology *topology, const QrBus *bus, const char *name)
{
  const QrDevice *device;

  if (bus == topology->system && strcmp (name, topology->machine->host) == 0)
    return topology->root;
  device = path_device (topology, bus, name);
  return device == NULL ? NULL : device->buses;
}

QrBus *
qr_topology_search_name (QrTopology *topology, const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) elements = NULL;
  QrBus *bus;
  guint at = 0;

  if (strchr (text, '/') == NULL)
    return search_bus_name (topology, text);
  parts = g_strsplit (text, "/", -1);
  elements = elements_of (parts);
  bus = *text == '/' ? topology->system : search_bus_name (topology, elements->pdata[at++]);
  while (bus != NULL && at < elements->len)
    {
      QrBus *buses = buses_of (topology, bus, elements->pdata[at++]);

      bus = child_bus (buses, at < elements->len ? elements->pdata[at++] : NULL);
    }
  return bus;
}

gboolean
qr_topology_name_is_unique (const QrTopology *topology, const QrBus *bus)
{
  return !g_hash_table_contains (topology->doubled, bus->name);
}
