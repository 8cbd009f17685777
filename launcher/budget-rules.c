/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "budget-rules.h"

#include "bus-numbers.h"
#include "size.h"

enum
{
  SHOWN = 4, /* holders that a message names */
};

/* "a 3, b 1 and 12 more"; @name gives the text of one. */
static char *
join_holders (guint n, char *(*name) (const QrBudget *budget, guint i), const QrBudget *budget)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, SHOWN); i++)
    {
      g_autofree char *text = name (budget, i);

      g_string_append_printf (out, "%s%s", i == 0 ? "" : ", ", text);
    }
  if (n > SHOWN)
    g_string_append_printf (out, " and %u more", n - SHOWN);
  return g_string_free (out, FALSE);
}

static char *
io_holder (const QrBudget *budget, guint i)
{
  const QrIoHolder *holder = &budget->io.holders[i];

  return g_strdup_printf ("%s %u", holder->device->key, holder->windows);
}

/* Whether ports or bridges of ours are on @root. */
static gboolean
has_added (const QrTopology *topology, const QrBus *root)
{
  for (guint i = 0; i < topology->added->len; i++)
    if (((const QrDevice *) topology->added->pdata[i])->bus == root)
      return TRUE;
  return FALSE;
}

gboolean
qr_rule_bus_numbers (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *root = topology->buses->pdata[i];
      const QrDevice *next;
      guint room, needed;

      if (!qr_bus_traits (root->kind)->is_root)
        continue;
      room = qr_bus_numbers_room (topology, root, budget->buses.limit, &next);
      needed = qr_bus_numbers_needed (root);
      if (room == 0 || needed <= room)
        continue;
      finding->ours = has_added (topology, root);
      if (next == NULL)
        return qr_rule_found (finding, NULL,
                              "bus \"%s\" needs %u bus numbers, and has %u from "
                              "its own on",
                              root->name, needed, room);
      return qr_rule_found (finding, NULL,
                            "bus \"%s\" needs %u bus numbers, and has %u before "
                            "those of %s",
                            root->name, needed, room, next->key);
    }
  return FALSE;
}

char *
qr_io_holders_format (const QrBudget *budget)
{
  return join_holders (budget->io.n_holders, io_holder, budget);
}

gboolean
qr_rule_io_windows (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  const QrIoBudget *io = &budget->io;
  g_autofree char *who = NULL;

  if (io->used <= io->limit)
    return FALSE;
  for (guint i = 0; i < io->n_holders; i++)
    finding->ours |= io->holders[i].device->origin == QR_ORIGIN_ADDED;
  who = qr_io_holders_format (budget);
  return qr_rule_found (
      finding, NULL, "%u windows of I/O space are needed, and %s starts with no more than %u: %s",
      io->used, io->bios ? "a BIOS" : "UEFI firmware", io->limit, who);
}

static char *
hole64_holder (const QrBudget *budget, guint i)
{
  const QrHole64Holder *holder = &budget->hole64.holders[i];
  g_autofree char *size = holder->known ? qr_size_format (holder->bytes) : g_strdup ("unknown");

  return g_strdup_printf ("%s %s", holder->device->key, size);
}

char *
qr_hole64_holders_format (const QrBudget *budget)
{
  return join_holders (budget->hole64.n_holders, hole64_holder, budget);
}

/* What makes the hole wide enough. (transfer full) */
static char *
hole64_hint (const QrMachineHole *machine, const QrHole64 *hole)
{
  guint64 wide = hole->limit;

  while (wide < hole->used)
    wide *= 2;
  return g_strdup_printf ("widen it: -global %s.%s=%" G_GUINT64_FORMAT "M", machine->driver,
                          machine->property, wide >> 20);
}

gboolean
qr_rule_memory64 (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  const QrHole64 *hole = &budget->hole64;
  g_autofree char *who = NULL, *used = NULL, *limit = NULL;

  if (hole->limit == 0 || hole->used <= hole->limit)
    return FALSE;
  who = qr_hole64_holders_format (budget);
  used = qr_size_format (hole->used);
  limit = qr_size_format (hole->limit);
  finding->hint = hole64_hint (topology->machine->hole, hole);
  return qr_rule_found (finding, NULL,
                        "large BARs take %s, and the machine keeps %s for them: firmware may leave "
                        "some out, and what is plugged in later finds no room: %s",
                        used, limit, who);
}

/* The upstream port nearest to the root that @device, which is no port or bridge, is behind; or
 * NULL. */
static const QrDevice *
switch_above (const QrDevice *device)
{
  const QrDevice *above, *found = NULL;

  if (device->bus == NULL || device->type->kind != QR_DEVICE_FUNCTION)
    return NULL;
  for (above = qr_bus_bridge (device->bus); above != NULL && above->bus != NULL;
       above = qr_bus_bridge (above->bus))
    if (above->type->kind == QR_DEVICE_SWITCH_UPSTREAM)
      found = above;
  return found;
}

/* The functions that are not the only one behind their switch. (element-type QrDevice) */
static GPtrArray *
find_sharers (const QrTopology *topology)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  GPtrArray *sharers = g_ptr_array_new ();

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < topology->devices->len; i++)
      {
        QrDevice *device = topology->devices->pdata[i];
        gpointer above = (gpointer) switch_above (device);
        guint count = above == NULL ? 0 : GPOINTER_TO_UINT (g_hash_table_lookup (counts, above));

        if (above != NULL && pass == 0)
          g_hash_table_insert (counts, above, GUINT_TO_POINTER (count + 1));
        else if (count > 1)
          g_ptr_array_add (sharers, device);
      }
  return sharers;
}

gboolean
qr_rule_isolation (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  g_autoptr (GPtrArray) sharers = topology->translated ? find_sharers (topology) : NULL;
  g_autoptr (GString) who = g_string_new (NULL);

  if (sharers == NULL || sharers->len == 0)
    return FALSE;
  qr_append_keys (who, sharers);
  return qr_rule_found (finding, NULL,
                        "a guest's IOMMU does not keep apart what is behind one switch, for its "
                        "ports have no ACS: %s",
                        who->str);
}
