/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "keep.h"

#include <string.h>

#include "lock-keys.h"
#include "match.h"
#include "slots.h"

typedef struct
{
  QrRooms *rooms;
  QrTopology *topology;
  GPtrArray *warnings;
  GHashTable *by_key;       /* key in the lock → device of the line */
  const QrLockPlace *place; /* the one at work */

  /* Where the way to it ended, when find_bus() found none. */
  const QrBus *end; /* NULL: there is no such root bus */
  QrPciAddr end_addr;
  const QrDevice *block; /* what is there, with no bus behind it; NULL: nothing */
} Keep;

/* --- ways --------------------------------------------------------------------------------- */

/* Splits "00:1c.3/00.0": the root bus's number, and the places from there on. */
static guint
read_path (const char *path, guint *number, QrPciAddr *places, guint most)
{
  guint n = 0;

  *number = (guint) g_ascii_strtoull (path, NULL, 16);
  for (path += 3; n < most; path++) /* the lock has no other paths */
    {
      char text[QR_PCI_ADDR_TEXT];
      gsize bad;

      g_strlcpy (text, path, sizeof text);
      if (!qr_pci_addr_parse (text, &places[n++], &bad, NULL))
        g_assert_not_reached ();
      path += strlen (text);
      if (*path == '\0')
        break;
    }
  return n;
}

/* The bus that is 00, or that of the expander with the number. */
static QrBus *
root_bus (const Keep *keep, guint number)
{
  GPtrArray *devices = keep->topology->devices;

  if (number == 0)
    return keep->topology->root;
  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];

      if (device->type->kind == QR_DEVICE_EXPANDER && qr_device_number (device, "bus_nr") == number)
        return device->buses;
    }
  return NULL;
}

/* The bus behind @addr of @bus: of a port that is there, or of one that the policy makes. */
static QrBus *
step (Keep *keep, QrBus *bus, QrPciAddr addr)
{
  const QrDevice *holder = qr_bus_occupant (bus, addr);

  if (holder == NULL)
    holder
        = qr_rooms_make_at (keep->rooms, bus, addr, NULL, "lock", "the lock has a place behind it");
  keep->end = bus;
  keep->end_addr = addr;
  keep->block = holder;
  return holder == NULL ? NULL : holder->buses;
}

/* The bus of the place at work, and the address there; NULL: there is no way to it. */
static QrBus *
find_bus (Keep *keep, QrPciAddr *addr)
{
  QrPciAddr places[QR_PCI_DEVFNS];
  guint number, n = read_path (keep->place->path, &number, places, G_N_ELEMENTS (places));
  QrBus *bus = root_bus (keep, number);

  keep->end = NULL;
  for (guint i = 0; bus != NULL && i + 1 < n; i++)
    bus = step (keep, bus, places[i]);
  *addr = places[n - 1];
  return bus;
}

/* --- what the line says otherwise --------------------------------------------------------- */

static const char forget[] = "leave the address to the lock, or let it forget: qriser plan "
                             "--lock=FILE --forget=KEY";

static gboolean
conflict (const Keep *keep, const QrDevice *device, const QrDevice *holder, GError **error)
{
  const char *path = keep->place->path;
  const char *now = qr_topology_path (keep->topology, holder);
  QrPlace where;

  if (holder == device)
    qr_error_set (error, QR_STATUS_REQUEST, "lock-conflict", NULL, forget,
                  "the lock has %s at %s, the line at %s", keep->place->key, path, now);
  else
    qr_error_set (error, QR_STATUS_REQUEST, "lock-conflict", NULL, forget,
                  "the lock has %s at %s, where %s is", keep->place->key, path, holder->key);
  if (holder->opts != NULL)
    {
      qr_optlist_whole (holder->opts, &where);
      qr_error_locate (*error, &where);
    }
  return FALSE;
}

/* (transfer full) */
static char *
forget_place (const Keep *keep)
{
  return g_strdup_printf ("let the lock forget the place: qriser plan --lock=FILE --forget=%s",
                          keep->place->key);
}

/* What the line has now is where the virtual functions of @device would be. */
static gboolean
crowded (const Keep *keep, const QrDevice *device, GError **error)
{
  g_autofree char *hint = forget_place (keep);
  QrPlace where;

  qr_optlist_whole (device->opts, &where);
  qr_error_set (error, QR_STATUS_REQUEST, "lock-conflict", &where, hint,
                "the lock has %s at %s, and its virtual functions have no room there with this "
                "line",
                keep->place->key, keep->place->path);
  return FALSE;
}

/* Another device is where the port or bridge above the place would be. */
static gboolean
blocked (const Keep *keep, const QrDevice *device, GError **error)
{
  g_autofree char *hint = g_strdup_printf ("give \"%s\" another address, or let the lock forget "
                                           "the other: qriser plan --lock=FILE --forget=%s",
                                           keep->block->key, keep->place->key);
  QrPlace where;

  qr_error_set (error, QR_STATUS_REQUEST, "lock-conflict", NULL, hint,
                "the lock has %s at %s, and %s at %s is in the way", keep->place->key,
                keep->place->path, keep->block->key,
                qr_topology_path (keep->topology, keep->block));
  qr_optlist_whole (keep->block->opts != NULL ? keep->block->opts : device->opts, &where);
  qr_error_locate (*error, &where);
  if (keep->block->opts != NULL)
    {
      qr_optlist_whole (device->opts, &where);
      qr_error_also (*error, "the device of the lock:", &where);
    }
  return FALSE;
}

/* There is no way to the place of @device; or (@bus) the line has it on another bus. */
static gboolean
no_way (const Keep *keep, const QrDevice *device, const QrBus *bus, GError **error)
{
  g_autofree char *hint = forget_place (keep);
  char addr[QR_PCI_ADDR_TEXT];
  QrPlace where;

  if (bus == NULL && keep->block != NULL && keep->end != NULL)
    return blocked (keep, device, error);
  if (bus != NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "lock-conflict", NULL, hint,
                  "the lock has %s at %s, and the line has it on bus \"%s\"", keep->place->key,
                  keep->place->path, device->chosen->name);
  else if (keep->end == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "lock-place", NULL, hint,
                  "the lock has %s at %s, and there is no expander of that number with this line",
                  keep->place->key, keep->place->path);
  else
    qr_error_set (error, QR_STATUS_REQUEST, "lock-place", NULL, hint,
                  "the lock has %s at %s, and at %s of bus \"%s\" there is no port or bridge with "
                  "this line",
                  keep->place->key, keep->place->path, qr_pci_addr_format (keep->end_addr, addr),
                  keep->end->name);
  qr_optlist_whole (device->opts, &where);
  qr_error_locate (*error, &where);
  return FALSE;
}

/* Whether what @device is now can be on @bus, where another type was. */
static gboolean
suits (const QrDevice *device, const QrBus *bus)
{
  gboolean express = device->want == QR_WANT_ENDPOINT || device->want == QR_WANT_EXPRESS_BRIDGE
                     || device->want == QR_WANT_SWITCH_UPSTREAM;

  if (qr_bus_traits (bus->kind)->is_root)
    return TRUE;
  return bus->kind == QR_BUS_CONVENTIONAL ? !express : express;
}

static gboolean
check_type (const Keep *keep, const QrDevice *device, const QrBus *bus, GError **error)
{
  QrPlace where;

  if (strcmp (device->type->driver, keep->place->driver) == 0)
    return TRUE;
  if (suits (device, bus))
    {
      qr_warnings_add (keep->warnings, "lock-drift", device->opts->argument,
                       "%s was %s when its place %s was taken, and is %s now", keep->place->key,
                       keep->place->driver, keep->place->path, device->type->driver);
      return TRUE;
    }
  qr_error_set (error, QR_STATUS_REQUEST, "lock-place", NULL, forget,
                "%s was %s when its place %s was taken, and %s does not belong there",
                keep->place->key, keep->place->driver, keep->place->path, device->type->driver);
  qr_optlist_whole (device->opts, &where);
  qr_error_locate (*error, &where);
  return FALSE;
}

/* --- places ------------------------------------------------------------------------------- */

/* @device, which the line leaves to the policy, at its place. */
static gboolean
return_device (Keep *keep, QrDevice *device, GError **error)
{
  QrPciAddr addr;
  QrBus *bus = find_bus (keep, &addr);
  const QrDevice *holder = bus == NULL ? NULL : qr_bus_occupant (bus, addr);

  if (bus == NULL || (device->names_bus && device->chosen != bus))
    return no_way (keep, device, bus, error);
  if (holder != NULL)
    return conflict (keep, device, holder, error);
  if (!qr_bus_has_room (bus, addr, device))
    return crowded (keep, device, error);
  if (!check_type (keep, device, bus, error))
    return FALSE;
  qr_topology_settle (keep->topology, device, bus, addr);
  device->rule = "lock";
  device->reason = "the lock keeps the place";
  return TRUE;
}

/* What stands for a device that the line does not have. */
static QrDevice *
stand_in (const Keep *keep)
{
  const QrDeviceType *known = qr_profiles_find_device (keep->topology->profiles,
                                                       keep->place->driver, keep->topology->pool);
  QrDeviceType *unknown
      = known != NULL ? NULL : qr_pool_new_struct (keep->topology->pool, QrDeviceType);
  QrDevice *device = qr_pool_new_struct (keep->topology->pool, QrDevice);

  if (unknown != NULL)
    {
      unknown->driver = keep->place->driver;
      unknown->class_code = QR_CLASS_UNKNOWN;
    }
  device->type = known != NULL ? known : unknown;
  device->key = keep->place->key;
  device->express = (QrExpress) device->type->express;
  device->origin = QR_ORIGIN_KEPT;
  return device;
}

/* Keeps the place at work free; the line may have overruled it. */
static void
hold_free (Keep *keep)
{
  QrPciAddr addr;
  QrBus *bus = find_bus (keep, &addr);
  QrDevice *device;

  if (bus == NULL || qr_bus_occupant (bus, addr) != NULL)
    {
      qr_warnings_add (keep->warnings, "lock-overruled", 0,
                       "the lock keeps %s for %s, which is not on the line; the line has another "
                       "use for it",
                       keep->place->path, keep->place->key);
      return;
    }
  device = stand_in (keep);
  qr_topology_settle (keep->topology, device, bus, addr);
  device->rule = "lock";
  device->reason = "the lock keeps the place for its return";
  g_ptr_array_add (keep->topology->kept, device);
  qr_warnings_add_hinted (keep->warnings, QR_SEVERITY_NOTICE, "lock-absent", 0,
                          "plan --forget frees the place", "%s at %s is kept, and not on the line",
                          keep->place->key, keep->place->path);
}

static gboolean
is_carrier (const Keep *keep)
{
  const QrPolicy *policy = keep->rooms->policy;

  for (guint32 i = 0; i < policy->n_homes; i++)
    if (policy->homes[i].carrier != NULL
        && strcmp (policy->homes[i].carrier->driver, keep->place->driver) == 0)
      return TRUE;
  return FALSE;
}

/* A port or bridge of ours that goes by its number, at its place again. */
static void
return_carrier (Keep *keep)
{
  QrPciAddr addr;
  QrBus *bus = find_bus (keep, &addr);

  if (bus != NULL && qr_bus_occupant (bus, addr) == NULL)
    (void) qr_rooms_make_at (keep->rooms, bus, addr, keep->place->key, "lock",
                             "the lock keeps the place");
}

static gboolean
keep_place (Keep *keep, GError **error)
{
  QrDevice *device = g_hash_table_lookup (keep->by_key, keep->place->key);
  gboolean known = device != NULL;

  if (known && device->bus != NULL
      && strcmp (qr_topology_path (keep->topology, device), keep->place->path) != 0)
    return conflict (keep, device, device, error);
  if (known && device->bus != NULL)
    return TRUE;
  if (known && qr_match_is_due (keep->rooms->policy, device))
    return return_device (keep, device, error);
  if (qr_rooms_count (keep->rooms) && is_carrier (keep))
    return_carrier (keep);
  else
    hold_free (keep);
  return TRUE;
}

static guint
depth_of (const QrLockPlace *place)
{
  guint depth = 0;

  for (const char *at = place->path; (at = strchr (at, '/')) != NULL; at++)
    depth++;
  return depth;
}

/* What is above comes first, and ports before what they carry. */
static int
compare_depths (gconstpointer a, gconstpointer b)
{
  guint x = depth_of (*(QrLockPlace *const *) a), y = depth_of (*(QrLockPlace *const *) b);

  return (x > y) - (x < y);
}

/* Functions above 0 of one slot: function 0 lets them in, or a guest would not see them. */
static gboolean
open_slots (const Keep *keep, GError **error)
{
  GPtrArray *devices = keep->topology->devices;

  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];
      QrDevice *first;

      if (device->bus == NULL || device->addr.function == 0
          || g_strcmp0 (device->rule, "lock") != 0)
        continue;
      first = qr_bus_occupant (device->bus, (QrPciAddr){ device->addr.slot, 0 });
      if (first != NULL && first->origin == QR_ORIGIN_KEPT)
        {
          qr_error_set (error, QR_STATUS_REQUEST, "lock-place", NULL, forget,
                        "%s is at function %u of a slot, and %s at function 0 is not on the line: "
                        "a guest would find neither",
                        device->key, device->addr.function, first->key);
          return FALSE;
        }
      if (first != NULL && qr_slot_is_packable (first))
        first->multifunction = TRUE;
    }
  return TRUE;
}

gboolean
qr_keep_places (QrRooms *rooms, const QrLock *lock, GPtrArray *warnings, GError **error)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new ();
  g_autoptr (GHashTable) by_key = qr_lock_keys (rooms->topology);
  Keep keep = { rooms, rooms->topology, warnings, by_key, NULL, NULL, { 0, 0 }, NULL };

  for (guint i = 0; i < lock->places->len; i++)
    g_ptr_array_add (places, lock->places->pdata[i]);
  g_ptr_array_sort (places, compare_depths); /* stable: GLib's is a merge sort */
  for (guint i = 0; i < places->len; i++)
    {
      keep.place = places->pdata[i];
      if (!keep_place (&keep, error))
        return FALSE;
    }
  return open_slots (&keep, error);
}

/* --- notes -------------------------------------------------------------------------------- */

/* Gives up the place at @path when another than @key has it: the line overruled that. */
static void
give_up (QrLock *lock, const char *key, const char *path)
{
  const QrLockPlace *other = qr_lock_at (lock, path);

  if (other != NULL && strcmp (other->key, key) != 0)
    (void) qr_lock_forget (lock, other->key);
}

static gboolean
note (const QrTopology *topology, const QrDevice *device, const char *key, QrLock *lock,
      GError **error)
{
  const char *path = qr_topology_path (topology, device);

  give_up (lock, key == NULL ? "" : key, path);
  if (key == NULL || (device->names_addr && qr_lock_find (lock, key) == NULL))
    return TRUE; /* the line keeps it */
  return qr_lock_set (lock, key, device->type->driver, path, error);
}

gboolean
qr_keep_note (const QrTopology *topology, QrLock *lock, GError **error)
{
  g_hash_table_unref (qr_lock_keys (topology)); /* the keys stay with the devices */
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin == QR_ORIGIN_USER && device->bus != NULL
          && !note (topology, device, device->lock_key, lock, error))
        return FALSE;
    }
  for (guint i = 0; i < topology->added->len; i++)
    {
      const QrDevice *device = topology->added->pdata[i];

      if (device->carrier->numbers == QR_NUMBERS_INDEX
          && !note (topology, device, device->key, lock, error))
        return FALSE;
    }
  return TRUE;
}
