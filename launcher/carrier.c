/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "carrier.h"

#include <string.h>

#include "io-space.h"

/* The id that follows from the place: the names of places from the root complex on. */
static const char *
name_by_place (const QrTopology *topology, const QrCarrier *carrier, const QrBus *bus,
               QrPciAddr addr)
{
  g_autoptr (GString) name = g_string_new (NULL);
  char text[QR_PCI_ADDR_TEXT];

  for (;;)
    {
      const QrDevice *above = qr_bus_bridge (bus);

      if (above == NULL || above->bus == NULL)
        break;
      if (qr_bus_traits (bus->kind)->last_slot > 0)
        {
          g_autofree char *slot = addr.function == 0
                                      ? g_strdup_printf ("-%02x", addr.slot)
                                      : g_strdup_printf ("-%02x.%x", addr.slot, addr.function);

          g_string_prepend (name, slot);
        }
      bus = above->bus;
      addr = above->addr;
    }
  return qr_pool_printf (topology->pool, "%s-%s%s", carrier->prefix,
                         qr_pci_addr_format (addr, text), name->str);
}

static gboolean
is_taken (const QrTopology *topology, const char *id)
{
  return g_hash_table_contains (topology->by_id, id)
         || g_hash_table_contains (topology->by_bus_name, id);
}

/* The id by place; a taken one gets a number behind. */
static const char *
free_name (const QrTopology *topology, const QrCarrier *carrier, const QrBus *bus, QrPciAddr addr)
{
  const char *name = name_by_place (topology, carrier, bus, addr), *id = name;

  for (guint n = 1; is_taken (topology, id); n++)
    id = qr_pool_printf (topology->pool, "%s-%u", name, n);
  return id;
}

/* The next index whose id is free; counts on. */
static const char *
next_name (QrTopology *topology, const QrCarrier *carrier, guint *index)
{
  const char *id;

  do
    id = qr_pool_printf (topology->pool, "%s.%u", carrier->prefix, ++topology->n_indexed);
  while (is_taken (topology, id));
  *index = topology->n_indexed;
  return id;
}

/* The index in an id that next_name() made. */
static guint
read_index (QrTopology *topology, const char *id)
{
  const char *dot = strrchr (id, '.');
  guint index = dot == NULL ? 0 : (guint) g_ascii_strtoull (dot + 1, NULL, 10);

  topology->n_indexed = MAX (topology->n_indexed, index);
  return index;
}

static const char *
choose_name (QrTopology *topology, const QrCarrier *carrier, const QrBus *bus, QrPciAddr addr,
             guint *index)
{
  if (carrier->numbers == QR_NUMBERS_INDEX || bus == NULL)
    return next_name (topology, carrier, index);
  return free_name (topology, carrier, bus, addr);
}

QrDevice *
qr_carrier_make (QrTopology *topology, const QrHome *home, QrBus *bus, QrPciAddr addr,
                 const char *id)
{
  const QrCarrier *carrier = home->carrier;
  const QrDeviceType *type = qr_topology_find_type (topology, carrier->driver);
  guint index = 0;
  QrDevice *device;

  g_assert (type != NULL);
  if (id == NULL || is_taken (topology, id))
    id = choose_name (topology, carrier, bus, addr, &index);
  else
    index = read_index (topology, id);
  device = qr_topology_add_device (topology, type, id, QR_ORIGIN_ADDED);
  qr_topology_name_key (topology, device, id);
  device->carrier = carrier;
  device->index = index;
  device->multifunction = addr.function == 0 && home->opener != NULL;
  if (bus != NULL)
    qr_topology_settle (topology, device, bus, addr);
  qr_topology_add_buses (topology, device);
  return device;
}

gboolean
qr_carrier_is_spare (const QrDevice *device)
{
  return device->origin == QR_ORIGIN_ADDED && device->buses != NULL && device->buses->n_devfns == 0;
}

/* --- numbers ------------------------------------------------------------------------------ */

static gboolean
is_numbered_bridge (const QrDevice *device)
{
  return qr_device_type_has_property (device->type, "chassis_nr");
}

/* The place that @device's path begins with, and how many of its kind are on the path. */
typedef struct
{
  QrPciAddr first;
  guint switches; /* upstream ports */
  guint bridges;  /* with a chassis number, itself counted */
} Way;

static void
find_way (const QrDevice *device, Way *way)
{
  *way = (Way){ 0 };
  for (; device != NULL && device->bus != NULL; device = qr_bus_bridge (device->bus))
    {
      way->first = device->addr;
      way->switches += device->type->kind == QR_DEVICE_SWITCH_UPSTREAM;
      way->bridges += is_numbered_bridge (device);
    }
}

#define CHASSIS_KEY(chassis, slot) GUINT_TO_POINTER (((chassis) << 16 | (slot)) + 1)
#define BRIDGE_KEY(chassis) GUINT_TO_POINTER (G_MAXUINT32 - (chassis))

static void
number_port (QrDevice *device, GHashTable *taken)
{
  gboolean by_index = device->carrier != NULL && device->carrier->numbers == QR_NUMBERS_INDEX;
  Way way;

  find_way (device, &way);
  device->port = qr_pci_addr_devfn (device->addr);
  device->chassis = by_index ? device->index : qr_pci_addr_devfn (way.first);
  device->physical_slot = by_index ? 0 : way.switches * QR_PCI_DEVFNS + device->port;
  device->numbered = QR_NUMBERED_CHASSIS | QR_NUMBERED_PORT | (by_index ? 0 : QR_NUMBERED_SLOT);
  while (g_hash_table_contains (taken, CHASSIS_KEY (device->chassis, device->physical_slot))
         && device->chassis > 0)
    device->chassis--;
  g_hash_table_add (taken, CHASSIS_KEY (device->chassis, device->physical_slot));
}

static void
number_bridge (QrDevice *device, GHashTable *taken)
{
  Way way;

  find_way (device, &way);
  device->chassis = device->carrier->numbers == QR_NUMBERS_INDEX ? device->index : way.bridges;
  device->numbered = QR_NUMBERED_BRIDGE;
  while (g_hash_table_contains (taken, BRIDGE_KEY (device->chassis)) && device->chassis < 255)
    device->chassis++;
  g_hash_table_add (taken, BRIDGE_KEY (device->chassis));
}

static void
number (QrDevice *device, GHashTable *taken)
{
  if (qr_device_type_is_port (device->type))
    number_port (device, taken);
  else if (is_numbered_bridge (device))
    number_bridge (device, taken);
}

/* Whether the policy numbers this port of the user's. */
static gboolean
is_left_to_us (const QrTopology *topology, const QrPolicy *policy, const QrDevice *device)
{
  return policy->numbers_ports && qr_device_type_is_port (device->type)
         && device->bus == topology->root && qr_optlist_find (device->opts, "chassis") == NULL
         && qr_optlist_find (device->opts, "slot") == NULL
         && qr_optlist_find (device->opts, "port") == NULL;
}

void
qr_carriers_number (QrTopology *topology, const QrPolicy *policy)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) ours = g_ptr_array_new ();
  GPtrArray *devices = topology->devices, *added = topology->added;

  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *device = devices->pdata[i];

      if (device->bus == NULL || device->opts == NULL)
        continue;
      if (is_left_to_us (topology, policy, device))
        g_ptr_array_add (ours, device);
      else if (qr_device_type_is_port (device->type))
        g_hash_table_add (taken, CHASSIS_KEY (qr_device_number (device, "chassis"),
                                              qr_device_number (device, "slot")));
      else if (is_numbered_bridge (device))
        g_hash_table_add (taken, BRIDGE_KEY (qr_device_number (device, "chassis_nr")));
    }
  for (guint i = 0; i < ours->len; i++)
    number (ours->pdata[i], taken);
  for (guint i = 0; i < added->len; i++)
    if (((QrDevice *) added->pdata[i])->carrier->numbers != QR_NUMBERS_NONE)
      number (added->pdata[i], taken);
}

/* --- windows ------------------------------------------------------------------------------ */

static gboolean
needs_io (const QrDevice *device)
{
  return device->type->kind != QR_DEVICE_FUNCTION || device->type->class_code == QR_CLASS_UNKNOWN
         || qr_io_bytes (device) > 0;
}

void
qr_carriers_reserve (QrTopology *topology)
{
  GPtrArray *added = topology->added;

  for (guint i = 0; i < added->len; i++)
    {
      QrDevice *port = added->pdata[i];
      const QrBus *bus = port->buses;
      gboolean used = FALSE, io = FALSE;

      if (!port->carrier->reserve_io || !qr_device_type_has_property (port->type, "io-reserve"))
        continue;
      for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
        {
          used |= bus->occupants[devfn] != NULL;
          io |= bus->occupants[devfn] != NULL && needs_io (bus->occupants[devfn]);
        }
      port->no_io = used && !io;
    }
}

/* --- order -------------------------------------------------------------------------------- */

/* By path: at the first place where they part. */
static int
compare_places (gconstpointer a, gconstpointer b)
{
  const QrDevice *x = *(QrDevice *const *) a, *y = *(QrDevice *const *) b;
  guint x_depth = qr_device_depth (x), y_depth = qr_device_depth (y);
  int longer = (x_depth > y_depth) - (x_depth < y_depth);

  for (; x_depth > y_depth; x_depth--)
    x = qr_bus_bridge (x->bus);
  for (; y_depth > x_depth; y_depth--)
    y = qr_bus_bridge (y->bus);
  if (x == y)
    return longer;
  while (x->bus != y->bus)
    {
      x = qr_bus_bridge (x->bus);
      y = qr_bus_bridge (y->bus);
    }
  return (int) qr_pci_addr_devfn (x->addr) - (int) qr_pci_addr_devfn (y->addr);
}

void
qr_carriers_sort (QrTopology *topology)
{
  g_ptr_array_sort (topology->added, compare_places);
}
