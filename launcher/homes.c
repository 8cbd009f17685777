/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "homes.h"

#include <string.h>

#include "bus-search.h"
#include "carrier.h"
#include "match.h"
#include "slots.h"

struct QrHomes
{
  QrRooms rooms;
  gboolean pack;
  GHashTable *siblings; /* slot of the host → its function 0, if placed and letting others in */
  GHashTable *sets;     /* the first of a set → a function of it that is placed */
  const QrRule *rule;   /* the rule that works, and its rooms */
  GPtrArray *current;
};

/* The host's slot that @device is a function of, "0000:01:00"; NULL: none known. (transfer full) */
static char *
host_slot (const QrDevice *device)
{
  const char *dot
      = device->host == NULL || !device->host->found ? NULL : strrchr (device->host->name, '.');

  return dot == NULL ? NULL : g_strndup (device->host->name, (gsize) (dot - device->host->name));
}

static void
note_sibling (QrHomes *homes, QrDevice *device)
{
  char *slot = device->multifunction && device->addr.function == 0 ? host_slot (device) : NULL;

  if (slot != NULL)
    g_hash_table_insert (homes->siblings, slot, device);
}

/* The first of the set that @device belongs to: the one whose bus it names, or itself. */
static QrDevice *
find_set (const QrHomes *homes, QrDevice *device)
{
  const char *property = homes->rooms.policy->companions;
  const char *name
      = property == NULL || device->opts == NULL ? NULL : qr_optlist_get (device->opts, property);
  const QrBus *bus = name == NULL ? NULL : qr_topology_search_name (homes->rooms.topology, name);

  return bus == NULL || bus->owner == NULL ? device : bus->owner;
}

static void
note (QrHomes *homes, QrDevice *device)
{
  note_sibling (homes, device);
  if (homes->rooms.policy->companions != NULL)
    g_hash_table_insert (homes->sets, find_set (homes, device), device);
}

QrHomes *
qr_homes_new (QrTopology *topology, const QrPolicy *policy, QrGrowth growth, gboolean pack)
{
  QrHomes *homes = g_new0 (QrHomes, 1);

  qr_rooms_init (&homes->rooms, topology, policy, growth);
  homes->pack = pack;
  homes->sets = g_hash_table_new (NULL, NULL);
  homes->siblings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  homes->current = g_ptr_array_new ();
  return homes;
}

QrRooms *
qr_homes_rooms (QrHomes *homes)
{
  return &homes->rooms;
}

void
qr_homes_note_placed (QrHomes *homes)
{
  const GPtrArray *devices = homes->rooms.topology->devices;

  for (guint i = 0; i < devices->len; i++)
    if (((QrDevice *) devices->pdata[i])->bus != NULL)
      note (homes, devices->pdata[i]);
}

void
qr_homes_free (QrHomes *homes)
{
  if (homes == NULL)
    return;
  qr_rooms_clear (&homes->rooms);
  g_hash_table_unref (homes->siblings);
  g_hash_table_unref (homes->sets);
  g_ptr_array_unref (homes->current);
  g_free (homes);
}

static void
settle (QrHomes *homes, QrDevice *device, QrBus *bus, QrPciAddr addr)
{
  qr_topology_settle (homes->rooms.topology, device, bus, addr);
  device->rule = homes->rule->name;
  device->reason = homes->rule->reason;
  device->alone |= homes->rule->alone;
  note (homes, device);
}

static gboolean
is_open_for (const QrHomes *homes, const QrDevice *device, const QrBus *bus, QrPciAddr addr)
{
  return qr_bus_has_room (bus, addr, device)
         && qr_rooms_is_open (&homes->rooms, bus, addr, device->multifunction);
}

/* Whether @device may be at @addr of @bus itself. */
static gboolean
is_free_for (const QrHomes *homes, const QrRoom *room, const QrBus *bus, QrPciAddr addr,
             const QrDevice *device)
{
  const QrDevice *first = qr_bus_occupant (bus, (QrPciAddr){ addr.slot, 0 });

  if (room->home->empty_slots)
    return first == NULL && !qr_slot_has_others (bus, addr.slot);
  if (room->home->exclusive && first != NULL && first->type->kind != device->type->kind)
    return FALSE;
  return is_open_for (homes, device, bus, addr);
}

/* Puts @device itself on @bus. */
static gboolean
put_direct (QrHomes *homes, QrRoom *room, QrDevice *device, QrBus *bus)
{
  for (guint devfn = 0; devfn < QR_PCI_DEVFNS; devfn++)
    {
      QrPciAddr addr = qr_pci_addr_from_devfn (devfn);

      if (!qr_home_has_place (room->home, addr))
        continue;
      if (room->opener != NULL && addr.function == 0 && !device->multifunction)
        continue; /* it would close the slot to its neighbours */
      if (!is_free_for (homes, room, bus, addr, device)
          && !qr_room_open_slot (&homes->rooms, room, bus, addr))
        continue;
      settle (homes, device, bus, addr);
      return TRUE;
    }
  return FALSE;
}

/* Beside the devices that are packed into @slot of @bus. */
static gboolean
put_beside (QrHomes *homes, QrDevice *device, QrBus *bus, guint8 slot)
{
  guint8 function = qr_slot_is_packable (device) ? qr_slot_find_beside (bus, slot) : 0;

  if (function == 0)
    return FALSE;
  qr_bus_occupant (bus, (QrPciAddr){ slot, 0 })->multifunction = TRUE;
  settle (homes, device, bus, (QrPciAddr){ slot, function });
  return TRUE;
}

/* A free place on the bus of a port or bridge. */
static gboolean
put_inside (QrHomes *homes, QrDevice *device, QrBus *bus, guint32 slots, gboolean packs)
{
  for (guint8 slot = 0; slot < QR_PCI_SLOTS; slot++)
    {
      QrPciAddr addr = { slot, 0 };

      if ((slots & 1u << slot) == 0)
        continue;
      if (packs && put_beside (homes, device, bus, slot))
        return TRUE;
      if (!is_open_for (homes, device, bus, addr))
        continue;
      settle (homes, device, bus, addr);
      return TRUE;
    }
  return FALSE;
}

/* Beside the function 0 of the same host slot. */
static gboolean
put_by_sibling (QrHomes *homes, QrDevice *device)
{
  g_autofree char *slot = host_slot (device);
  QrDevice *first = slot == NULL ? NULL : g_hash_table_lookup (homes->siblings, slot);
  QrPciAddr addr;

  if (first == NULL || device->host->function == 0)
    return FALSE;
  addr = (QrPciAddr){ first->addr.slot, (guint8) device->host->function };
  if (!qr_rooms_is_open (&homes->rooms, first->bus, addr, FALSE))
    return FALSE;
  settle (homes, device, first->bus, addr);
  return TRUE;
}

/* Behind a bridge of the user's at function 0 of one of the home's slots; it serves what QEMU
 * creates after it. */
static gboolean
put_behind_users (QrHomes *homes, const QrRoom *room, QrDevice *device)
{
  QrBus *root = homes->rooms.topology->root;

  for (guint8 slot = 0; room->home->carrier->adopts && slot < QR_PCI_SLOTS; slot++)
    {
      QrDevice *holder = (room->home->slots & 1u << slot) == 0
                             ? NULL
                             : qr_bus_occupant (root, (QrPciAddr){ slot, 0 });

      if (holder != NULL && qr_match_is_bridge (holder) && holder->order < device->order
          && put_inside (homes, device, holder->buses, room->home->carrier->inner_slots, FALSE))
        return TRUE;
    }
  return FALSE;
}

/* In the slot of another function of its set.  To be counted, each takes a slot behind a
 * bridge, as in libvirt's own first pass. */
static gboolean
put_beside_companion (QrHomes *homes, const QrRoom *room, QrDevice *device)
{
  const QrDevice *other = g_hash_table_lookup (homes->sets, find_set (homes, device));
  guint function = 0;
  QrPciAddr addr;

  while ((room->home->functions & 1u << function) == 0)
    function++;
  if (other == NULL
      || (homes->rooms.growth == QR_GROWTH_COUNTED && other->bus != homes->rooms.topology->root))
    return FALSE;
  addr = (QrPciAddr){ other->addr.slot, (guint8) function };
  if (!qr_bus_has_room (other->bus, addr, device))
    return FALSE;
  settle (homes, device, other->bus, addr);
  return TRUE;
}

/* Itself on a bus that one of the homes made that @room is inside of. */
static gboolean
put_on_made (QrHomes *homes, QrRoom *room, QrDevice *device)
{
  for (guint i = 0; i < room->n_inside; i++)
    for (guint j = 0; j < room->inside[i]->carriers->len; j++)
      if (put_direct (homes, room, device,
                      ((QrDevice *) room->inside[i]->carriers->pdata[j])->buses))
        return TRUE;
  for (guint i = 0; homes->rooms.growth != QR_GROWTH_NONE && i < room->n_inside; i++)
    {
      QrDevice *made = qr_room_grow (&homes->rooms, room->inside[i]);

      if (made != NULL && put_direct (homes, room, device, made->buses))
        return TRUE;
    }
  return FALSE;
}

/* Behind a port or bridge of @room's, made when all are full. */
static gboolean
put_behind (QrHomes *homes, QrRoom *room, QrDevice *device)
{
  const QrCarrier *carrier = room->home->carrier;
  gboolean packs = homes->pack && carrier->packs && !homes->rule->alone;
  QrDevice *made;

  if (room->home->siblings && put_by_sibling (homes, device))
    return TRUE;
  for (guint i = room->full; i < room->carriers->len; i++)
    {
      QrDevice *holder = room->carriers->pdata[i];

      if (put_inside (homes, device, holder->buses, carrier->inner_slots, packs))
        return TRUE;
      if (i == room->full && qr_slots_are_full (holder->buses, carrier->inner_slots, packs))
        room->full++;
    }
  if (put_behind_users (homes, room, device))
    return TRUE;
  made = homes->rooms.growth == QR_GROWTH_NONE ? NULL : qr_room_grow (&homes->rooms, room);
  return made != NULL && put_inside (homes, device, made->buses, carrier->inner_slots, packs);
}

/* On the bus that the user named or QEMU would choose. A policy that keeps QEMU's
 * addresses goes on past what a guest looks at, as QEMU does. */
static gboolean
put_on_chosen (QrHomes *homes, const QrRoom *room, QrDevice *device)
{
  QrBus *bus = device->chosen;
  guint last
      = homes->rooms.policy->keeps_state ? QR_PCI_SLOTS - 1 : qr_bus_traits (bus->kind)->last_slot;
  guint32 slots = room->home->slots & (guint32) ((G_GUINT64_CONSTANT (2) << last) - 1);

  if (put_inside (homes, device, bus, slots, FALSE))
    return TRUE;
  /* A link has one slot; further functions of it are open when function 0 lets them in. */
  for (guint8 function = 1; last == 0 && function < QR_PCI_FUNCTIONS; function++)
    if (qr_rooms_is_open (&homes->rooms, bus, (QrPciAddr){ 0, function }, FALSE))
      {
        settle (homes, device, bus, (QrPciAddr){ 0, function });
        return TRUE;
      }
  return FALSE;
}

static gboolean
put_into (QrHomes *homes, QrRoom *room, QrDevice *device)
{
  QrNamed bus = qr_match_named (homes->rooms.topology, device);
  gboolean on_root = room->home->where == QR_WHERE_ROOT && room->home->carrier == NULL;

  if (room->home->takes != 0 && (room->home->takes & 1u << device->want) == 0)
    return FALSE;
  if (room->home->where == QR_WHERE_CHOSEN)
    return put_on_chosen (homes, room, device);
  if (bus == QR_NAMED_OTHER || (bus == QR_NAMED_ROOT && !on_root))
    return FALSE;
  if (room->home->where == QR_WHERE_COMPANION)
    return put_beside_companion (homes, room, device);
  if (room->home->carrier == NULL && !on_root)
    return put_on_made (homes, room, device);
  return on_root ? put_direct (homes, room, device, homes->rooms.topology->root)
                 : put_behind (homes, room, device);
}

/* Makes @rule the one that works. */
static void
enter (QrHomes *homes, const QrRule *rule)
{
  if (homes->rule == rule)
    return;
  homes->rule = rule;
  homes->rooms.rule_name = rule->name;
  homes->rooms.reason
      = qr_pool_printf (homes->rooms.topology->pool, "made by the policy: %s", rule->reason);
  g_ptr_array_set_size (homes->current, 0);
  for (const char *const *name = rule->homes; *name != NULL; name++)
    g_ptr_array_add (homes->current, qr_rooms_find (&homes->rooms, *name));
}

gboolean
qr_homes_put (QrHomes *homes, const QrRule *rule, QrDevice *device)
{
  enter (homes, rule);
  for (guint i = 0; i < homes->current->len; i++)
    if (put_into (homes, homes->current->pdata[i], device))
      return TRUE;
  return FALSE;
}

QrDevice *
qr_homes_make (QrHomes *homes, const char *name, const char *rule, const char *reason)
{
  homes->rule = NULL;
  homes->rooms.rule_name = rule;
  homes->rooms.reason = reason;
  return qr_room_grow (&homes->rooms, qr_rooms_find (&homes->rooms, name));
}

guint
qr_homes_make_like (QrHomes *homes, const QrHomes *counted)
{
  const char *rule
      = qr_pool_printf (homes->rooms.topology->pool, "%s/counted", homes->rooms.policy->name);
  guint left_out = 0;

  for (guint i = 0; i < counted->rooms.made->len; i++)
    {
      const QrRoom *room = counted->rooms.made->pdata[i];

      if (qr_homes_make (homes, room->home->name, rule,
                         "made by the policy: as many as the devices need, and those to spare")
          == NULL)
        left_out++;
    }
  return left_out;
}

gboolean
qr_homes_have_grown (const QrHomes *homes)
{
  return homes->rooms.made->len > 0;
}

gboolean
qr_homes_goes_behind (const QrHomes *homes, const QrRule *rule)
{
  for (const char *const *name = rule->homes; *name != NULL; name++)
    if (qr_rooms_find (&homes->rooms, *name)->home->carrier != NULL)
      return TRUE;
  return FALSE;
}
