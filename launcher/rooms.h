/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rooms.h: the homes of a policy on one topology, and the ports and bridges made for them.
 *
 * A home that makes a port or bridge makes the next one when all of its own are full;
 * where that finds no place, the homes that it goes behind make more first. Places fill
 * up and are never given back, so no search begins where an earlier one found nothing.
 */
#pragma once

#include "policy.h"
#include "topology.h"

typedef enum
{
  QR_GROWTH_FREE,    /* ports and bridges are made as they are needed */
  QR_GROWTH_COUNTED, /* the same, also where there is no place for them: to count them only */
  QR_GROWTH_NONE,    /* none but those that qr_room_grow() is asked for */
} QrGrowth;

typedef struct QrRoom
{
  const QrHome *home;
  struct QrRoom *opener;
  struct QrRoom **inside; /* n_inside of them */
  guint n_inside;
  guint *seen;         /* for each of them: its ports before this one have no place left here */
  GPtrArray *carriers; /* QrDevice of ours, in the order of their making */
  guint full;          /* those before this one take nothing more */
  gboolean growing;    /* a home may be inside itself */
} QrRoom;

typedef struct
{
  QrTopology *topology;
  const QrPolicy *policy;
  QrGrowth growth;
  QrRoom *rooms;                  /* as policy->homes */
  GPtrArray *made;                /* the QrRoom of each port and bridge, in the order of making */
  const char *rule_name, *reason; /* of what is made now */
} QrRooms;

void qr_rooms_init (QrRooms *rooms, QrTopology *topology, const QrPolicy *policy, QrGrowth growth);
void qr_rooms_clear (QrRooms *rooms);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrRooms, qr_rooms_clear)

/* The room of the home @name; there must be one. */
QrRoom *qr_rooms_find (const QrRooms *rooms, const char *name);

/* Whether a guest would see a function at @addr of @bus under this policy. */
gboolean qr_rooms_is_open (const QrRooms *rooms, const QrBus *bus, QrPciAddr addr,
                           gboolean multifunction);

/* Opens the slot of @addr by a port at function 0, if the home has one for that. */
gboolean qr_room_open_slot (QrRooms *rooms, const QrRoom *room, QrBus *bus, QrPciAddr addr);

/* One more port or bridge of @room's, or NULL. */
QrDevice *qr_room_grow (QrRooms *rooms, QrRoom *room);

/* The port or bridge that some home makes at @addr of @bus, NULL: none does, or the place is
 * taken. @id: that it had before; NULL: none */
QrDevice *qr_rooms_make_at (QrRooms *rooms, QrBus *bus, QrPciAddr addr, const char *id,
                            const char *rule, const char *reason);

/* Whether ids and numbers follow from how many ports and bridges there are. */
gboolean qr_rooms_count (const QrRooms *rooms);
