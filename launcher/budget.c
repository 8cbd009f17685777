/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "budget.h"

#include <string.h>

#include "bounds.h"
#include "bus-numbers.h"

const char *const qr_bus_use_names[]
    = { "root", "root-port", "spare-port", "switch", "bridge", "expander", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (qr_bus_use_names) == QR_N_BUS_USES + 1);

/* --- buses -------------------------------------------------------------------------------- */

static QrBusUse
use_of (const QrBus *bus)
{
  switch (bus->kind)
    {
    case QR_BUS_ROOT_PORT:
      return qr_carrier_is_spare (bus->owner) ? QR_BUS_USE_SPARE_PORT : QR_BUS_USE_ROOT_PORT;
    case QR_BUS_SWITCH_UPSTREAM:
    case QR_BUS_SWITCH_DOWNSTREAM:
      return QR_BUS_USE_SWITCH;
    case QR_BUS_EXPANDER:
      return QR_BUS_USE_EXPANDER;
    case QR_BUS_CONVENTIONAL:
      return QR_BUS_USE_BRIDGE;
    case QR_BUS_ROOT_COMPLEX:
    case QR_BUS_CONVENTIONAL_ROOT:
    case QR_BUS_NOT_PCI:
    case QR_N_BUS_KINDS:
      break;
    }
  return QR_BUS_USE_ROOT;
}

static guint
bus_limit (const QrTopology *topology)
{
  return topology->bus_limit > 0 ? topology->bus_limit : QR_LIMIT_PCI_BUSES;
}

static void
count_buses (const QrTopology *topology, QrBusBudget *out)
{
  *out = (QrBusBudget){ .limit = bus_limit (topology) };
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *bus = topology->buses->pdata[i];
      gboolean ours = bus->owner != NULL && bus->owner->origin == QR_ORIGIN_ADDED;

      if (bus->kind == QR_BUS_NOT_PCI)
        continue;
      (ours ? out->added : out->users)[use_of (bus)]++;
      if (qr_bus_traits (bus->kind)->is_root)
        out->used += qr_bus_numbers_needed (bus);
    }
  out->used = MAX (out->used, topology->n_pci_buses); /* some may hang on nothing yet */
  out->reserved = out->used - topology->n_pci_buses;
}

/* "1 root bus, 250 root ports, 6 bridges". Returns: whether there is any */
static gboolean
append_counts (GString *out, const guint *counts)
{
  static const char *const names[][2]
      = { { "root bus", "root buses" },    { "root port", "root ports" },
          { "empty port", "empty ports" }, { "bus in a switch", "buses in switches" },
          { "bridge", "bridges" },         { "expander", "expanders" } };
  gboolean any = FALSE;

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == QR_N_BUS_USES);
  for (guint use = 0; use < QR_N_BUS_USES; use++)
    if (counts[use] > 0)
      {
        g_string_append_printf (out, "%s%u %s", any ? ", " : "", counts[use],
                                names[use][counts[use] != 1]);
        any = TRUE;
      }
  return any;
}

static void
append_uses (GString *out, const guint *counts, const char *whose)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (append_counts (text, counts))
    g_string_append_printf (out, "%s%s%s", out->len > 0 ? "; " : "", text->str, whose);
}

void
qr_budget_append_uses (const QrBusBudget *buses, GString *out)
{
  guint counts[QR_N_BUS_USES];

  for (guint use = 0; use < QR_N_BUS_USES; use++)
    counts[use] = buses->users[use] + buses->added[use];
  (void) append_counts (out, counts);
}

static const char *
bus_hint (const QrTopology *topology, const QrBusBudget *buses, gboolean packs)
{
  if (buses->added[QR_BUS_USE_SPARE_PORT] > 0)
    return "ask for fewer empty ports, --spare=0 makes none";
  if (topology->kept->len > 0)
    return "let the lock forget what does not come back: qriser plan --lock=FILE --forget=KEY";
  if (buses->added[QR_BUS_USE_ROOT_PORT] + buses->added[QR_BUS_USE_SWITCH] > 0 && !packs)
    return "--pack=on puts several functions behind one port, and one conventional bridge takes "
           "many";
  return "each port and bridge takes a bus; put several functions behind one port, or many on "
         "one conventional bridge";
}

guint
qr_budget_buses_left (const QrTopology *topology)
{
  const QrDevice *next;
  guint limit = bus_limit (topology);
  guint room = qr_bus_numbers_room (topology, topology->root, limit, &next);
  guint needed = qr_bus_numbers_needed (topology->root);

  if (next == NULL)
    needed = MAX (needed, topology->n_pci_buses);
  return room > needed ? room - needed : 0;
}

gboolean
qr_budget_check_buses (const QrTopology *topology, gboolean packs, GError **error)
{
  g_autoptr (GString) uses = NULL;
  QrBusBudget buses;

  if (topology->n_pci_buses <= bus_limit (topology))
    return TRUE;
  count_buses (topology, &buses);
  uses = g_string_new (NULL);
  append_uses (uses, buses.users, " of the line");
  append_uses (uses, buses.added, " of qriser's");
  if (topology->kept->len > 0)
    {
      g_string_append (uses, "; among them those that the lock keeps for ");
      qr_append_keys (uses, topology->kept);
    }
  qr_error_set (error, QR_STATUS_REQUEST, "too-many-buses", NULL,
                bus_hint (topology, &buses, packs),
                "%u PCI buses are too many, there are numbers for %u: %s", buses.used, buses.limit,
                uses->str);
  return FALSE;
}

/* --- I/O windows -------------------------------------------------------------------------- */

static int
compare_holders (gconstpointer a, gconstpointer b)
{
  guint x = ((const QrIoHolder *) a)->windows, y = ((const QrIoHolder *) b)->windows;

  return x > y ? -1 : x < y;
}

/* Adds what sits on a root bus: windows, or bytes. */
static void
count_io (const QrBus *bus, QrIoFirmware firmware, GArray *holders, guint *bytes)
{
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      QrIoHolder holder = { bus->occupants[devfn], 0 };

      if (holder.device == NULL)
        continue;
      holder.windows = qr_io_windows (holder.device, firmware);
      if (holder.windows > 0)
        g_array_append_val (holders, holder);
      *bytes += qr_io_bytes (holder.device);
    }
}

static void
measure_io (const QrTopology *topology, gboolean own_firmware, QrPool *pool, QrIoBudget *out)
{
  g_autoptr (GArray) holders = g_array_new (FALSE, FALSE, sizeof (QrIoHolder));
  const QrMachineIo *io = topology->machine->io;
  guint bytes = 0;

  *out = (QrIoBudget){ .bios = !own_firmware, .limit = G_MAXUINT };
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *bus = topology->buses->pdata[i];

      if (bus->kind != QR_BUS_NOT_PCI && qr_bus_traits (bus->kind)->is_root)
        count_io (bus, own_firmware ? QR_IO_YIELDS : QR_IO_KEEPS, holders, &bytes);
    }
  if (io != NULL)
    {
      guint room = own_firmware ? io->other : io->bios;

      out->limit = room > bytes ? (room - bytes) / QR_IO_WINDOW : 0;
    }
  g_array_sort (holders, compare_holders);
  for (guint i = 0; i < holders->len; i++)
    out->used += g_array_index (holders, QrIoHolder, i).windows;
  out->n_holders = holders->len;
  if (holders->len > 0)
    out->holders = memcpy (qr_pool_alloc_n (pool, holders->len, sizeof (QrIoHolder)), holders->data,
                           holders->len * sizeof (QrIoHolder));
}

/* --- all ---------------------------------------------------------------------------------- */

static guint
deepest (const GPtrArray *devices, guint depth)
{
  for (guint i = 0; i < devices->len; i++)
    depth = MAX (depth, qr_device_depth (devices->pdata[i]));
  return depth;
}

static void
list_spare (const QrTopology *topology, QrPool *pool, QrBudget *out)
{
  const QrDevice **spare = qr_pool_alloc_n (pool, topology->added->len + 1, sizeof *spare);

  for (guint i = 0; i < topology->added->len; i++)
    if (qr_carrier_is_spare (topology->added->pdata[i]))
      spare[out->n_spare++] = topology->added->pdata[i];
  out->spare = spare;
}

void
qr_budget_make (const QrTopology *topology, const QrCmdline *cmdline, gboolean own_firmware,
                QrPool *pool, QrBudget *out)
{
  *out = (QrBudget){ 0 };
  count_buses (topology, &out->buses);
  measure_io (topology, own_firmware, pool, &out->io);
  out->depth = deepest (topology->added, deepest (topology->devices, 0));
  qr_hole64_measure (topology, cmdline, pool, &out->hole64);
  list_spare (topology, pool, out);
}
