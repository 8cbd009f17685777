/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "board.h"

#include <string.h>

typedef struct
{
  const QrRequest *request;
  const QrProfiles *profiles;
  QrPool *pool;
  QrTopology *topology;
} Board;

/* Whether the machine has the function under the line's machine properties. */
static gboolean
function_is_there (const Board *board, const QrMachineFunction *function, gboolean *there,
                   GError **error)
{
  const QrOptList *list = NULL;
  const QrOpt *opt;
  QrPlace place;

  *there = TRUE;
  if (function->property == NULL)
    return TRUE;
  *there = function->by_default;
  opt = qr_request_machine_property (board->request, function->property, &list);
  if (opt == NULL || qr_opt_boolean (opt->value, there))
    return TRUE;
  qr_optlist_place (list, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place, "write on or off",
                "machine property \"%s\" cannot be \"%s\"", function->property, opt->value);
  return FALSE;
}

/* Anonymous buses of the machine took running numbers, too. */
static void
count_bus_name (QrTopology *topology, const QrMachineBus *bus)
{
  const char *dot = strrchr (bus->name, '.');
  gsize length = strlen (bus->type);
  guint64 number;

  if (dot == NULL || (gsize) (dot - bus->name) != length
      || g_ascii_strncasecmp (bus->name, bus->type, length) != 0
      || !g_ascii_string_to_unsigned (dot + 1, 10, 0, 1024, &number, NULL))
    return;
  g_hash_table_insert (topology->numbers, (gpointer) bus->type, GUINT_TO_POINTER (number + 1));
}

static gboolean
add_machine_function (Board *board, const QrMachineFunction *function, GError **error)
{
  QrTopology *topology = board->topology;
  const QrDeviceType *type
      = qr_profiles_find_device (board->profiles, function->driver, board->pool);
  gboolean there;
  QrDevice *device;

  if (!function_is_there (board, function, &there, error))
    return FALSE;
  if (!there)
    return TRUE;
  if (type == NULL)
    {
      qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                    "machine function \"%s\" is not in the catalogue", function->driver);
      return FALSE;
    }
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
      count_bus_name (topology, &function->buses[i]);
    }
  qr_topology_settle (topology, device, topology->root, qr_pci_addr_from_devfn (function->devfn));
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
  for (guint32 i = 0; i < machine->n_functions; i++)
    if (!add_machine_function (board, &machine->functions[i], error))
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
