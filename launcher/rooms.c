/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "rooms.h"

#include <string.h>

#include "carrier.h"
#include "slots.h"

QrRoom *
qr_rooms_find (const QrRooms *rooms, const char *name)
{
  return &rooms->rooms[qr_policy_find_home (rooms->policy, name) - rooms->policy->homes];
}

static void
furnish (QrRooms *rooms, QrRoom *room, const QrHome *home)
{
  room->home = home;
  room->carriers = g_ptr_array_new ();
  room->opener = home->opener == NULL ? NULL : qr_rooms_find (rooms, home->opener);
  room->n_inside = home->inside == NULL ? 0 : g_strv_length ((char **) home->inside);
  room->inside = g_new0 (QrRoom *, room->n_inside);
  room->seen = g_new0 (guint, room->n_inside);
  for (guint i = 0; i < room->n_inside; i++)
    room->inside[i] = qr_rooms_find (rooms, home->inside[i]);
}

void
qr_rooms_init (QrRooms *rooms, QrTopology *topology, const QrPolicy *policy, QrGrowth growth)
{
  *rooms = (QrRooms){ topology, policy, growth, NULL, NULL, NULL, NULL };
  rooms->rooms = g_new0 (QrRoom, policy->n_homes);
  rooms->made = g_ptr_array_new ();
  for (guint32 i = 0; i < policy->n_homes; i++)
    furnish (rooms, &rooms->rooms[i], &policy->homes[i]);
}

void
qr_rooms_clear (QrRooms *rooms)
{
  for (guint32 i = 0; i < rooms->policy->n_homes; i++)
    {
      g_ptr_array_unref (rooms->rooms[i].carriers);
      g_free (rooms->rooms[i].inside);
      g_free (rooms->rooms[i].seen);
    }
  g_free (rooms->rooms);
  g_ptr_array_unref (rooms->made);
}

gboolean
qr_rooms_is_open (const QrRooms *rooms, const QrBus *bus, QrPciAddr addr, gboolean multifunction)
{
  return qr_slot_is_open (bus, addr, multifunction, rooms->policy->opens_slots);
}

/* Whether the slot of @addr is one that the home shares. */
static gboolean
may_share (const QrRoom *room, const QrBus *bus, QrPciAddr addr)
{
  const QrDevice *first = qr_bus_occupant (bus, (QrPciAddr){ addr.slot, 0 });

  return !room->home->exclusive || addr.function == 0 || first == NULL
         || strcmp (first->type->driver, room->home->carrier->driver) == 0;
}

/* A port or bridge of @room's at @addr of @bus; @id: NULL for a new one. */
static QrDevice *
add_carrier (QrRooms *rooms, QrRoom *room, QrBus *bus, QrPciAddr addr, const char *id)
{
  QrDevice *device = qr_carrier_make (rooms->topology, room->home, bus, addr, id);

  if (bus != NULL && addr.function == 0)
    device->multifunction |= qr_slot_has_others (bus, addr.slot);
  device->rule = rooms->rule_name;
  device->reason = rooms->reason;
  g_ptr_array_add (room->carriers, device);
  g_ptr_array_add (rooms->made, room);
  return device;
}

gboolean
qr_room_open_slot (QrRooms *rooms, const QrRoom *room, QrBus *bus, QrPciAddr addr)
{
  QrPciAddr first = { addr.slot, 0 };

  if (room->opener == NULL || addr.function == 0 || qr_bus_occupant (bus, first) != NULL
      || qr_bus_occupant (bus, addr) != NULL)
    return FALSE;
  (void) add_carrier (rooms, room->opener, bus, first, NULL);
  return TRUE;
}

/* A new port or bridge of @room's in @slot of @bus, or NULL. */
static QrDevice *
grow_in (QrRooms *rooms, QrRoom *room, QrBus *bus, guint8 slot)
{
  for (guint8 function = 0; function < QR_PCI_FUNCTIONS; function++)
    {
      QrPciAddr addr = { slot, function };

      if ((room->home->functions & 1u << function) != 0 && may_share (room, bus, addr)
          && (qr_rooms_is_open (rooms, bus, addr, TRUE)
              || qr_room_open_slot (rooms, room, bus, addr)))
        return add_carrier (rooms, room, bus, addr, NULL);
    }
  return NULL;
}

/* A new port or bridge of @room's on @bus, or NULL. */
static QrDevice *
grow_on (QrRooms *rooms, QrRoom *room, QrBus *bus)
{
  QrDevice *made = NULL;

  for (guint8 slot = 0; made == NULL && slot < QR_PCI_SLOTS; slot++)
    if ((room->home->slots & 1u << slot) != 0)
      made = grow_in (rooms, room, bus, slot);
  return made;
}

/* On the buses of the homes that @room is inside of; where those are full, on one made for it. */
static QrDevice *
grow_inside (QrRooms *rooms, QrRoom *room)
{
  QrDevice *made = NULL;

  for (guint i = 0; made == NULL && i < room->n_inside; i++)
    {
      QrRoom *parent = room->inside[i];

      for (; made == NULL && room->seen[i] < parent->carriers->len; room->seen[i] += made == NULL)
        made = grow_on (rooms, room, ((QrDevice *) parent->carriers->pdata[room->seen[i]])->buses);
    }
  for (guint i = 0; made == NULL && i < room->n_inside; i++)
    {
      QrDevice *parent = qr_room_grow (rooms, room->inside[i]);

      if (parent != NULL)
        made = grow_on (rooms, room, parent->buses);
    }
  return made;
}

QrDevice *
qr_room_grow (QrRooms *rooms, QrRoom *room)
{
  guint limit = room->home->carrier->limit;
  QrDevice *made;

  if (room->growing || (limit > 0 && room->carriers->len >= limit))
    return NULL;
  room->growing = TRUE;
  made = room->home->where == QR_WHERE_ROOT ? grow_on (rooms, room, rooms->topology->root)
                                            : grow_inside (rooms, room);
  room->growing = FALSE;
  if (made == NULL && rooms->growth == QR_GROWTH_COUNTED)
    made = add_carrier (rooms, room, NULL, (QrPciAddr){ 0, 0 }, NULL);
  return made;
}

/* Whether the home's places are on @bus. */
static gboolean
lies_on (const QrRooms *rooms, const QrRoom *room, const QrBus *bus)
{
  if (room->home->where == QR_WHERE_ROOT)
    return bus == rooms->topology->root;
  for (guint i = 0; i < room->n_inside; i++)
    if (g_ptr_array_find (room->inside[i]->carriers, bus->owner, NULL))
      return TRUE;
  return FALSE;
}

QrDevice *
qr_rooms_make_at (QrRooms *rooms, QrBus *bus, QrPciAddr addr, const char *id, const char *rule,
                  const char *reason)
{
  rooms->rule_name = rule;
  rooms->reason = reason;
  for (guint32 i = 0; i < rooms->policy->n_homes; i++)
    {
      QrRoom *room = &rooms->rooms[i];

      if (room->home->carrier != NULL && lies_on (rooms, room, bus)
          && qr_home_has_place (room->home, addr) && may_share (room, bus, addr)
          && (qr_rooms_is_open (rooms, bus, addr, TRUE)
              || qr_room_open_slot (rooms, room, bus, addr)))
        return add_carrier (rooms, room, bus, addr, id);
    }
  return NULL;
}

gboolean
qr_rooms_count (const QrRooms *rooms)
{
  for (guint32 i = 0; i < rooms->policy->n_homes; i++)
    if (rooms->policy->homes[i].carrier != NULL
        && rooms->policy->homes[i].carrier->numbers == QR_NUMBERS_INDEX)
      return TRUE;
  return FALSE;
}
