/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "controllers.h"

#include <string.h>

#include "board.h"
#include "bus-search.h"

/* Of one kind of controller: which number the next has, and which buses have no room and will not
 * have any, all before one. */
struct Kind
{
  guint number; /* of the controllers that are made: the next that an id may have */
  guint at;     /* its index among all buses */
  guint index;  /* and among those of its type */
};

typedef struct
{
  QrRequest *request;
  const QrProfiles *profiles;
  QrPool *pool;
  QrTopology *topology; /* what is there so far */
  GHashTable *ids;      /* of the line's devices and the controllers */
  GHashTable *named;    /* bus → how many devices of the line name it, as a pointer */
  GHashTable *drives; /* number of a bus of the board → how many drives are on it, as pointers */
  struct Kind *kinds; /* of each controller */
  gboolean as_qemu;   /* QEMU's choices all have room */
} Search;

static const QrDeviceRequest *
device_at (const Search *search, guint index)
{
  return &g_array_index (search->request->devices, QrDeviceRequest, index);
}

/* The controller that a device may need, if its type is known and it names no bus. */
static const QrController *
controller_for (const Search *search, guint index)
{
  const QrOptList *opts = device_at (search, index)->opts;
  const char *driver = qr_optlist_get (opts, "driver");
  const QrDeviceType *type
      = driver == NULL ? NULL : qr_topology_find_type (search->topology, driver);

  if (type == NULL || type->bus == NULL || qr_optlist_find (opts, "bus") != NULL)
    return NULL;
  return qr_profiles_find_controller (search->profiles, type->bus);
}

static gboolean
any_may_need (const Search *search)
{
  for (guint i = 0; i < search->request->devices->len; i++)
    if (controller_for (search, i) != NULL)
      return TRUE;
  return FALSE;
}

/* An id for one more @controller. */
static const char *
free_id (const Search *search, const QrController *controller)
{
  struct Kind *kind = &search->kinds[controller - search->profiles->controllers];
  const char *free = controller->id;

  while (!g_hash_table_add (search->ids, (gpointer) free))
    {
      kind->number = MAX (kind->number, 1) + 1;
      free = qr_pool_printf (search->pool, "%s-%u", controller->id, kind->number);
    }
  return free;
}

/* Devices that one bus of @bus's owner takes. */
static guint
units_of (const QrController *controller, const QrBus *bus)
{
  if (controller->single != NULL && bus->owner != NULL
      && g_strv_contains (controller->single, bus->owner->type->driver))
    return 1;
  return controller->units;
}

static guint
count_of (GHashTable *counts, gconstpointer key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
}

static void
count (GHashTable *counts, gconstpointer key)
{
  g_hash_table_insert (counts, (gpointer) key, GUINT_TO_POINTER (count_of (counts, key) + 1));
}

/* What the line says itself, before anything is added. */
static void
count_all (const Search *search)
{
  for (guint i = 0; i < search->request->devices->len; i++)
    {
      const QrOptList *opts = device_at (search, i)->opts;
      const char *id = qr_optlist_get (opts, "id"), *bus = qr_optlist_get (opts, "bus");

      if (id != NULL)
        g_hash_table_add (search->ids, (gpointer) id);
      if (bus != NULL)
        count (search->named, bus);
    }
  for (guint i = 0; i < search->request->board_drives->len; i++)
    {
      const QrBoardDrive *drive = &g_array_index (search->request->board_drives, QrBoardDrive, i);

      if (drive->bus < G_MAXUINT)
        count (search->drives, GUINT_TO_POINTER ((guint) drive->bus));
    }
}

/* Whether @bus, the @index-th of its type, takes one more device. */
static gboolean
has_room (const Search *search, const QrController *controller, const QrBus *bus, guint index)
{
  guint taken = bus->n_devices + count_of (search->named, bus->name);

  if (bus->owner != NULL && bus->owner->origin == QR_ORIGIN_MACHINE)
    taken += count_of (search->drives, GUINT_TO_POINTER (index));
  return taken < units_of (controller, bus);
}

/* The first bus with room that is there. */
static QrBus *
find_room (const Search *search, const QrController *controller)
{
  struct Kind *kind = &search->kinds[controller - search->profiles->controllers];

  for (; kind->at < search->topology->buses->len; kind->at++)
    {
      QrBus *bus = search->topology->buses->pdata[kind->at];

      if (strcmp (bus->type, controller->bus) != 0)
        continue;
      if (has_room (search, controller, bus, kind->index))
        return bus;
      kind->index++;
    }
  return NULL;
}

/* The how-manieth of its type @bus is, of those that the machine has; of others it does not matter.
 */
static guint
index_of (const Search *search, const QrBus *bus)
{
  guint index = 0;

  for (guint i = 0; bus->owner != NULL && bus->owner->origin == QR_ORIGIN_MACHINE
                    && search->topology->buses->pdata[i] != bus;
       i++)
    index += strcmp (((const QrBus *) search->topology->buses->pdata[i])->type, bus->type) == 0;
  return index;
}

/* By QEMU's own choice, or the first that takes one more. */
static QrBus *
find_bus (const Search *search, const QrController *controller)
{
  return controller->units > 0 && !search->as_qemu
             ? find_room (search, controller)
             : qr_topology_search_type (search->topology, controller->bus);
}

/* Notes the device at @index and its buses; what is wrong with it is not for here. */
static void
note_device (const Search *search, guint index, QrBus *bus)
{
  const QrOptList *opts = device_at (search, index)->opts;
  const char *driver = qr_optlist_get (opts, "driver"), *id = qr_optlist_get (opts, "id"),
             *name = qr_optlist_get (opts, "bus");
  const QrDeviceType *type
      = driver == NULL ? NULL : qr_topology_find_type (search->topology, driver);
  QrDevice *device;

  if (type == NULL || (id != NULL && g_hash_table_contains (search->topology->by_id, id)))
    return;
  if (bus == NULL && name != NULL)
    bus = qr_topology_search_name (search->topology, name);
  if (bus == NULL && type->bus != NULL)
    bus = qr_topology_search_type (search->topology, type->bus);
  device = qr_topology_add_device (search->topology, type, id, QR_ORIGIN_USER);
  device->opts = opts;
  qr_topology_choose (search->topology, device, bus != NULL ? bus : search->topology->system);
  if (name != NULL && bus != NULL)
    bus->n_devices--; /* whoever names a bus was counted already */
  qr_topology_add_buses (search->topology, device);
}

/* Puts the controller before the device at *@index, which moves on. */
static void
insert_controller (const Search *search, const QrController *controller, guint *index)
{
  const QrOption *option = qr_profiles_verb_option (search->profiles, QR_VERB_DEVICE);
  const char *text
      = qr_pool_printf (search->pool, "%s,id=%s", controller->driver, free_id (search, controller));

  qr_request_insert_device (search->request, *index, option, text);
  note_device (search, *index, NULL);
  (*index)++;
}

/* Finds a bus for the device at *@index, which moves on where a controller comes before it. */
static void
settle_device (const Search *search, guint *index)
{
  const QrController *controller = controller_for (search, *index);
  QrBus *bus = controller == NULL ? NULL : find_bus (search, controller);

  if (controller != NULL && bus == NULL)
    {
      insert_controller (search, controller, index);
      bus = find_bus (search, controller);
    }
  if (bus != NULL && controller->units > 0)
    g_array_index (search->request->devices, QrDeviceRequest, *index).bus = bus->name;
  note_device (search, *index, bus);
}

/* Whether the device at @index is one of a list. */
static gboolean
is_listed (const Search *search, guint index)
{
  const QrSource *source = device_at (search, index)->opts->source;

  return source != NULL && source->use > 0;
}

/* Whether QEMU by itself would find a bus with room for each device that needs one. Those of a list
 * take the first ones in their order, and all others with them. */
static gboolean
qemu_takes_all (const Search *search)
{
  g_autoptr (QrTopology) topology
      = qr_board_new (search->request, search->profiles, search->pool, NULL);
  Search trial = *search;

  trial.topology = topology;
  for (guint i = 0; topology != NULL && i < search->request->devices->len; i++)
    {
      const QrController *controller = controller_for (&trial, i);
      QrBus *bus = controller == NULL || controller->units == 0
                       ? NULL
                       : qr_topology_search_type (topology, controller->bus);

      if (controller != NULL && controller->units > 0
          && (bus == NULL || is_listed (search, i)
              || !has_room (&trial, controller, bus, index_of (&trial, bus))))
        return FALSE;
      note_device (&trial, i, bus);
    }
  return topology != NULL;
}

gboolean
qr_controllers_add (QrRequest *request, const QrProfiles *profiles, QrPool *pool, GError **error)
{
  g_autoptr (QrTopology) topology = qr_board_new (request, profiles, pool, error);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal),
                         named = g_hash_table_new (g_str_hash, g_str_equal),
                         drives = g_hash_table_new (NULL, NULL);
  Search search = { request, profiles, pool, topology, ids, named, drives, NULL, FALSE };

  if (topology == NULL)
    return FALSE;
  if (!any_may_need (&search))
    return TRUE;
  count_all (&search);
  search.as_qemu = qemu_takes_all (&search);
  search.kinds = qr_pool_alloc_n (pool, profiles->n_controllers, sizeof *search.kinds);
  for (guint i = 0; i < request->devices->len; i++)
    settle_device (&search, &i);
  return TRUE;
}
