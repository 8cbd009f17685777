/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "topology.h"

#include <string.h>

#include "bounds.h"

enum
{
  KEYS_SHOWN = 8, /* of a list that a message has */
};

QrTopology *
qr_topology_new (const QrProfiles *profiles, const QrMachine *machine, const char *machine_type,
                 QrPool *pool)
{
  QrTopology *topology = g_new0 (QrTopology, 1);

  topology->pool = pool;
  topology->profiles = profiles;
  topology->machine = machine;
  topology->machine_type = machine_type;
  topology->machine_record = qr_machine_find_type (machine, machine_type);
  topology->devices = g_ptr_array_new ();
  topology->added = g_ptr_array_new ();
  topology->kept = g_ptr_array_new ();
  topology->buses = g_ptr_array_new ();
  topology->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  topology->by_bus_name = g_hash_table_new (g_str_hash, g_str_equal);
  topology->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  topology->wishes = g_hash_table_new (g_str_hash, g_str_equal);
  topology->doubled = g_hash_table_new (g_str_hash, g_str_equal);
  topology->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  topology->types = g_hash_table_new (g_str_hash, g_str_equal);
  topology->chosen_by_type = g_hash_table_new (g_str_hash, g_str_equal);
  return topology;
}

void
qr_topology_free (QrTopology *topology)
{
  if (topology == NULL)
    return;
  g_ptr_array_unref (topology->devices);
  g_ptr_array_unref (topology->added);
  g_ptr_array_unref (topology->kept);
  g_ptr_array_unref (topology->buses);
  g_hash_table_unref (topology->by_id);
  g_hash_table_unref (topology->by_bus_name);
  g_hash_table_unref (topology->by_key);
  g_hash_table_unref (topology->wishes);
  g_hash_table_unref (topology->doubled);
  g_hash_table_unref (topology->numbers);
  g_hash_table_unref (topology->types);
  g_hash_table_unref (topology->chosen_by_type);
  g_free (topology);
}

const QrDeviceType *
qr_topology_find_type (QrTopology *topology, const char *name)
{
  const QrDeviceType *type = g_hash_table_lookup (topology->types, name);

  if (type == NULL)
    {
      type = qr_profiles_find_device (topology->profiles, name, topology->pool);
      if (type != NULL)
        g_hash_table_insert (topology->types, (gpointer) name, (gpointer) type);
    }
  return type;
}

QrDevice *
qr_topology_add_device (QrTopology *topology, const QrDeviceType *type, const char *id,
                        QrOrigin origin)
{
  QrDevice *device = qr_pool_new_struct (topology->pool, QrDevice);

  device->type = type;
  device->id = id;
  device->origin = origin;
  device->express = (QrExpress) type->express;
  device->order = topology->devices->len;
  topology->n_left += type->left;
  g_ptr_array_add (origin == QR_ORIGIN_ADDED ? topology->added : topology->devices, device);
  if (id != NULL)
    g_hash_table_insert (topology->by_id, (gpointer) id, device);
  return device;
}

void
qr_topology_name_key (QrTopology *topology, QrDevice *device, const char *wish)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (topology->wishes, wish));
  const char *key = n == 0 ? wish : qr_pool_printf (topology->pool, "%s.%u", wish, n);

  while (g_hash_table_contains (topology->by_key, key))
    key = qr_pool_printf (topology->pool, "%s.%u", wish, ++n);
  g_hash_table_insert (topology->wishes, (gpointer) wish, GUINT_TO_POINTER (n + 1));
  device->key = key;
  g_hash_table_insert (topology->by_key, (gpointer) key, device);
}

static QrBusKind
bus_kind (const QrTopology *topology, const QrDevice *owner, const char *type)
{
  gboolean express = qr_profiles_bus_is_a (topology->profiles, type, "PCIE");

  if (!express && !qr_profiles_bus_is_a (topology->profiles, type, "PCI"))
    return QR_BUS_NOT_PCI;
  if (!express && (owner == NULL || !qr_device_type_is_pci (owner->type)))
    return QR_BUS_CONVENTIONAL_ROOT;
  if (!express && owner->type->kind != QR_DEVICE_EXPANDER)
    return QR_BUS_CONVENTIONAL;
  if (owner == NULL)
    return QR_BUS_ROOT_COMPLEX;
  switch ((QrDeviceKind) owner->type->kind)
    {
    case QR_DEVICE_ROOT_PORT:
      return QR_BUS_ROOT_PORT;
    case QR_DEVICE_SWITCH_UPSTREAM:
      return QR_BUS_SWITCH_UPSTREAM;
    case QR_DEVICE_SWITCH_DOWNSTREAM:
      return QR_BUS_SWITCH_DOWNSTREAM;
    case QR_DEVICE_EXPANDER:
      return QR_BUS_EXPANDER;
    case QR_DEVICE_FUNCTION:
    case QR_DEVICE_BRIDGE:
    case QR_DEVICE_HOST_BRIDGE:
    case QR_N_DEVICE_KINDS:
      break;
    }
  return QR_BUS_CONVENTIONAL;
}

QrBus *
qr_topology_add_bus (QrTopology *topology, QrDevice *owner, const char *type, const char *name)
{
  const QrBusType *record = qr_profiles_find_bus_type (topology->profiles, type);
  QrBus *bus = qr_pool_new_struct (topology->pool, QrBus);

  bus->name = name;
  bus->type = type;
  bus->owner = owner;
  bus->kind = bus_kind (topology, owner, type);
  bus->max_devices = record == NULL ? 0 : record->max;
  topology->n_pci_buses += bus->kind != QR_BUS_NOT_PCI;
  if (owner != NULL)
    {
      bus->sibling = owner->buses;
      owner->buses = bus;
    }
  g_ptr_array_add (topology->buses, bus);
  if (g_hash_table_contains (topology->by_bus_name, name))
    g_hash_table_add (topology->doubled, (gpointer) name);
  else
    g_hash_table_insert (topology->by_bus_name, (gpointer) name, bus);
  g_hash_table_remove_all (topology->chosen_by_type);
  return bus;
}

/* The running number of an anonymous bus of @type; counts on. */
static guint
next_number (QrTopology *topology, const char *type)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (topology->numbers, type));

  g_hash_table_insert (topology->numbers, (gpointer) type, GUINT_TO_POINTER (number + 1));
  return number;
}

static const char *
bus_name (QrTopology *topology, const QrDevice *device, const QrChildBus *child, guint index)
{
  g_autofree char *lower = NULL;

  if (child->name == QR_BUS_NAME_FIXED)
    return child->fixed;
  if (device->id != NULL && child->name == QR_BUS_NAME_ID)
    return device->id;
  if (device->id != NULL)
    return qr_pool_printf (topology->pool, "%s.%u", device->id, index);
  if (child->unnamed)
    return qr_pool_printf (topology->pool, "(%s)", device->type->driver);
  lower = g_ascii_strdown (child->type, -1);
  return qr_pool_printf (topology->pool, "%s.%u", lower, next_number (topology, child->type));
}

void
qr_topology_add_buses (QrTopology *topology, QrDevice *device)
{
  guint index = 0;

  for (guint32 i = 0; i < device->type->n_buses; i++)
    {
      const QrChildBus *child = &device->type->buses[i];

      if (child->unless != NULL && device->opts != NULL
          && qr_optlist_find (device->opts, child->unless) != NULL)
        continue;
      for (guint32 n = 0; n < MAX (child->count, 1); n++)
        qr_topology_add_bus (topology, device, child->type,
                             bus_name (topology, device, child, index++))
            ->unnamed
            = child->unnamed && device->id == NULL;
    }
}

/* An expander's bus belongs to a host bridge of its own on the system bus. */
static QrBus *
search_parent (const QrTopology *topology, const QrDevice *device, QrBus *bus)
{
  return device->type->kind == QR_DEVICE_EXPANDER && device->type->n_buses > 0 ? topology->system
                                                                               : bus;
}

void
qr_topology_choose (QrTopology *topology, QrDevice *device, QrBus *bus)
{
  QrBus *parent = search_parent (topology, device, bus);

  device->chosen = bus;
  bus->n_devices++;
  if (bus->max_devices > 0)
    g_hash_table_remove_all (topology->chosen_by_type);
  if (device->type->n_buses == 0)
    return;
  device->older = parent->newest;
  parent->newest = device;
}

gboolean
qr_topology_is_unplaced (const QrDevice *device)
{
  return device->origin == QR_ORIGIN_USER && qr_device_type_is_pci (device->type)
         && !device->names_addr;
}

const QrDevice *
qr_topology_first_unplaced (const QrTopology *topology)
{
  for (guint i = 0; i < topology->devices->len; i++)
    if (qr_topology_is_unplaced (topology->devices->pdata[i]))
      return topology->devices->pdata[i];
  return NULL;
}

guint
qr_device_number (const QrDevice *device, const char *name)
{
  const char *text = device->opts == NULL ? NULL : qr_optlist_get (device->opts, name);

  return text == NULL ? 0 : (guint) g_ascii_strtoull (text, NULL, 0);
}

gboolean
qr_device_says (const QrDevice *device, const char *name, gboolean value)
{
  const char *text = device->opts == NULL ? NULL : qr_optlist_get (device->opts, name);
  gboolean said;

  return text != NULL && qr_opt_boolean (text, &said) && said == value;
}

const QrBus *
qr_device_secondary (const QrDevice *device)
{
  for (const QrBus *bus = device->buses; bus != NULL; bus = bus->sibling)
    if (bus->kind != QR_BUS_NOT_PCI && !qr_bus_traits (bus->kind)->is_root)
      return bus;
  return NULL;
}

void
qr_append_keys (GString *out, const GPtrArray *list)
{
  for (guint i = 0; i < MIN (list->len, KEYS_SHOWN); i++)
    g_string_append_printf (out, "%s%s", i == 0 ? "" : ", ",
                            ((const QrDevice *) list->pdata[i])->key);
  if (list->len > KEYS_SHOWN)
    g_string_append_printf (out, " and %u more", list->len - KEYS_SHOWN);
}

guint
qr_device_depth (const QrDevice *device)
{
  guint depth = 0;

  for (; device != NULL && device->bus != NULL; device = qr_bus_bridge (device->bus))
    depth++;
  return depth;
}

/* Where a virtual function of @device at @addr is; past QR_PCI_DEVFNS there is none. */
static guint
virtual_devfn (const QrDevice *device, QrPciAddr addr, guint number)
{
  const QrVirtual *virtual_functions = device->type->virtual_functions;

  return qr_pci_addr_devfn (addr) + virtual_functions->offset + number * virtual_functions->stride;
}

QrDevice *
qr_bus_occupant (const QrBus *bus, QrPciAddr addr)
{
  guint devfn = qr_pci_addr_devfn (addr);
  QrDevice *spread = bus->spread;

  if (devfn < bus->n_devfns && bus->occupants[devfn] != NULL)
    return bus->occupants[devfn];
  for (; spread != NULL; spread = spread->next_spread)
    for (guint i = 0; i < spread->n_virtual; i++)
      if (virtual_devfn (spread, spread->addr, i) == devfn)
        return spread;
  return NULL;
}

QrDevice *
qr_bus_function_0 (const QrBus *bus, guint8 slot)
{
  guint devfn = qr_pci_addr_devfn ((QrPciAddr){ slot, 0 });

  return devfn < bus->n_devfns ? bus->occupants[devfn] : NULL;
}

gboolean
qr_bus_has_room (const QrBus *bus, QrPciAddr addr, const QrDevice *device)
{
  if (qr_bus_occupant (bus, addr) != NULL)
    return FALSE;
  for (guint i = 0; i < device->n_virtual; i++)
    {
      guint devfn = virtual_devfn (device, addr, i);

      if (devfn >= QR_PCI_DEVFNS || qr_bus_occupant (bus, qr_pci_addr_from_devfn (devfn)) != NULL)
        return FALSE;
    }
  return TRUE;
}

/* Makes room up to @devfn: one slot for a link, all slots for a bus that uses more. */
static void
make_room (QrTopology *topology, QrBus *bus, guint devfn)
{
  guint n = devfn < QR_PCI_FUNCTIONS ? QR_PCI_FUNCTIONS : QR_PCI_DEVFNS;
  QrDevice **occupants;

  if (devfn < bus->n_devfns)
    return;
  occupants = qr_pool_alloc_n (topology->pool, n, sizeof *occupants);
  if (bus->n_devfns > 0)
    memcpy (occupants, bus->occupants, bus->n_devfns * sizeof *occupants);
  bus->occupants = occupants;
  bus->n_devfns = n;
}

void
qr_topology_settle (QrTopology *topology, QrDevice *device, QrBus *bus, QrPciAddr addr)
{
  guint devfn = qr_pci_addr_devfn (addr);

  g_assert (qr_bus_occupant (bus, addr) == NULL);
  make_room (topology, bus, devfn);
  bus->occupants[devfn] = device;
  device->bus = bus;
  device->addr = addr;
  if (device->n_virtual > 0)
    {
      device->next_spread = bus->spread;
      bus->spread = device;
    }
}

void
qr_topology_vacate (QrDevice *device)
{
  QrDevice **spread = &device->bus->spread;

  while (*spread != NULL && *spread != device)
    spread = &(*spread)->next_spread;
  if (*spread != NULL)
    *spread = device->next_spread;
  device->bus->occupants[qr_pci_addr_devfn (device->addr)] = NULL;
  device->bus = NULL;
}

void
qr_topology_drop_last_added (QrTopology *topology)
{
  QrDevice *device = topology->added->pdata[topology->added->len - 1];

  g_hash_table_remove (topology->by_id, device->id);
  g_hash_table_remove (topology->by_key, device->key);
  g_hash_table_remove (topology->wishes, device->key);
  for (const QrBus *bus = device->buses; bus != NULL; bus = bus->sibling)
    g_hash_table_remove (topology->by_bus_name, bus->name);
  topology->n_pci_buses -= device->type->n_buses;
  g_ptr_array_set_size (topology->buses, (int) (topology->buses->len - device->type->n_buses));
  if (device->bus != NULL)
    qr_topology_vacate (device);
  g_ptr_array_set_size (topology->added, (int) topology->added->len - 1);
  if (device->index > 0)
    topology->n_indexed--;
}

const char *
qr_topology_path (const QrTopology *topology, const QrDevice *device)
{
  const QrDevice *above = qr_bus_bridge (device->bus);
  char addr[QR_PCI_ADDR_TEXT];
  const char *number = "00";

  qr_pci_addr_format (device->addr, addr);
  if (above != NULL && above->bus != NULL)
    return qr_pool_printf (topology->pool, "%s/%s", qr_topology_path (topology, above), addr);
  if (device->bus->kind == QR_BUS_EXPANDER)
    number
        = qr_pool_printf (topology->pool, "%02x", qr_device_number (device->bus->owner, "bus_nr"));
  else if (device->bus != topology->root)
    number = device->bus->name;
  return qr_pool_printf (topology->pool, "%s:%s", number, addr);
}
