/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "board.h"

#include <string.h>

#include "bus-search.h"

typedef struct
{
  const QrRequest *request;
  const QrProfiles *profiles;
  QrPool *pool;
  QrTopology *topology;
} Board;

/* Anonymous buses of the machine took running numbers, too. */
static void
count_bus_name (QrTopology *topology, const char *type, const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize length = strlen (type);
  guint64 number;

  if (dot == NULL || (gsize) (dot - name) != length || g_ascii_strncasecmp (name, type, length) != 0
      || !g_ascii_string_to_unsigned (dot + 1, 10, 0, 1024, &number, NULL))
    return;
  g_hash_table_insert (topology->numbers, (gpointer) type, GUINT_TO_POINTER (number + 1));
}

/* A device of the machine in the catalogue; NULL with @error set: the profiles do not agree. */
static const QrDeviceType *
machine_type (const Board *board, const char *driver, GError **error)
{
  const QrDeviceType *type = qr_profiles_find_device (board->profiles, driver, board->pool);

  if (type == NULL)
    qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                  "machine function \"%s\" is not in the catalogue", driver);
  return type;
}

static gboolean
add_machine_function (Board *board, const QrMachineFunction *function, GError **error)
{
  QrTopology *topology = board->topology;
  const QrDeviceType *type;
  gboolean there;
  QrDevice *device;

  if (!qr_request_meets (board->request, function->when, function->n_when, &there, error))
    return FALSE;
  if (!there)
    return TRUE;
  type = machine_type (board, function->driver, error);
  if (type == NULL)
    return FALSE;
  device = qr_topology_add_device (topology, type, NULL, QR_ORIGIN_MACHINE);
  qr_topology_name_key (topology, device, type->driver);
  device->multifunction = function->multifunction;
  device->rule = "machine";
  device->reason
      = qr_pool_printf (topology->pool, "machine %s has it there", topology->machine_type);
  device->chosen = topology->root;
  topology->root->n_devices++;
  if (function->n_buses > 0)
    {
      device->older = topology->root->newest;
      topology->root->newest = device;
    }
  for (guint32 i = 0; i < function->n_buses; i++)
    {
      (void) qr_topology_add_bus (topology, device, function->buses[i].type,
                                  function->buses[i].name);
      count_bus_name (topology, function->buses[i].type, function->buses[i].name);
    }
  qr_topology_settle (topology, device, topology->root, qr_pci_addr_from_devfn (function->devfn));
  return TRUE;
}

/* What is no PCI function is known by its buses only. */
static void
add_inner_device (Board *board, const QrDeviceType *type, QrBus *bus)
{
  QrDevice *device = qr_pool_new_struct (board->pool, QrDevice);

  device->type = type;
  device->origin = QR_ORIGIN_MACHINE;
  qr_topology_choose (board->topology, device, bus);
  qr_topology_add_buses (board->topology, device);
}

/* Where the bus they are on is not there, nor are they. */
static gboolean
add_inner (Board *board, const QrMachineInner *inner, GError **error)
{
  const QrDeviceType *type = machine_type (board, inner->driver, error);
  QrBus *bus = qr_topology_search_name (board->topology, inner->bus);
  gboolean there;

  if (type == NULL || !qr_request_meets (board->request, inner->when, inner->n_when, &there, error))
    return FALSE;
  if (bus == NULL || !there || (inner->drives && board->request->board_drives->len == 0))
    return TRUE;
  for (guint32 i = 0; i < MAX (inner->count, 1); i++)
    add_inner_device (board, type, bus);
  return TRUE;
}

static gboolean
add_machine (Board *board, GError **error)
{
  QrTopology *topology = board->topology;
  const QrMachine *machine = topology->machine;
  QrDevice *host;

  topology->system = qr_topology_add_bus (topology, NULL, "System", "main-system-bus");
  topology->system->kind = QR_BUS_NOT_PCI;
  /* The root bus belongs to a host bridge device on the system bus. */
  host = qr_pool_new_struct (board->pool, QrDevice);
  topology->system->newest = host;
  topology->root = qr_topology_add_bus (topology, NULL, machine->root_type, machine->root_bus);
  host->buses = topology->root;
  if (machine->root_counts)
    count_bus_name (topology, machine->root_type, machine->root_bus);
  topology->root_hotplug = machine->root_hotplug && topology->machine_record->root_hotplug;
  if (topology->root_hotplug
      && !qr_request_meets (board->request, machine->root_hotplug_when,
                            machine->n_root_hotplug_when, &topology->root_hotplug, error))
    return FALSE;
  for (guint32 i = 0; i < machine->n_functions; i++)
    if (!add_machine_function (board, &machine->functions[i], error))
      return FALSE;
  for (guint32 i = 0; i < machine->n_inner; i++)
    if (!add_inner (board, &machine->inner[i], error))
      return FALSE;
  return TRUE;
}

QrTopology *
qr_board_new (const QrRequest *request, const QrProfiles *profiles, QrPool *pool, GError **error)
{
  Board board = { request, profiles, pool, NULL };
  g_autoptr (QrTopology) topology
      = qr_topology_new (profiles, request->machine, request->machine_type, pool);

  board.topology = topology;
  return add_machine (&board, error) ? g_steal_pointer (&topology) : NULL;
}
