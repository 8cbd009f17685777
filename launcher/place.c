/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "place.h"

#include <string.h>

#include "match.h"
#include "place-error.h"
#include "ports.h"

typedef struct
{
  QrTopology *topology;
  const QrPolicy *policy;
  const QrRule *rule;
  const QrHome *home;
} Place;

/* What the user fixed is fixed before anything is placed. */
static gboolean
settle_fixed (Place *place, GError **error)
{
  GPtrArray *devices = place->topology->devices;

  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *device = devices->pdata[i], *holder;

      if (!qr_match_is_due (place->policy, device) || !device->names_addr)
        continue;
      holder = qr_bus_occupant (device->chosen, device->addr);
      if (holder != NULL)
        return qr_place_two_claims (device, holder, error), FALSE;
      qr_topology_settle (place->topology, device, device->chosen, device->addr);
      device->rule = "user";
      device->reason = device->names_bus ? "the line gives the place"
                                         : "the line gives the address; QEMU would take this bus";
    }
  return TRUE;
}

static gboolean
slot_has_others (const QrBus *bus, guint8 slot)
{
  for (guint8 function = 1; function < QR_PCI_FUNCTIONS; function++)
    if (qr_bus_occupant (bus, (QrPciAddr){ slot, function }) != NULL)
      return TRUE;
  return FALSE;
}

/* Whether a guest would see a function put at @addr, and those beside it still. */
static gboolean
is_open (const QrBus *bus, QrPciAddr addr, gboolean multifunction)
{
  const QrDevice *first;

  if (qr_bus_occupant (bus, addr) != NULL)
    return FALSE;
  if (addr.function == 0)
    return multifunction || !slot_has_others (bus, addr.slot);
  first = qr_bus_occupant (bus, (QrPciAddr){ addr.slot, 0 });
  return first != NULL && first->multifunction;
}

static void
settle (Place *place, QrDevice *device, QrBus *bus, QrPciAddr addr)
{
  qr_topology_settle (place->topology, device, bus, addr);
  device->rule = place->rule->name;
  device->reason = place->rule->reason;
}

/* A port or bridge of ours at @addr of the root complex. */
static QrDevice *
add_carrier (Place *place, const QrHome *home, QrPciAddr addr)
{
  const QrCarrier *carrier = home->carrier;
  const QrDeviceType *type
      = qr_profiles_find_device (place->topology->profiles, carrier->driver, place->topology->pool);
  char text[QR_PCI_ADDR_TEXT];
  const char *id;
  QrDevice *device;

  g_assert (type != NULL);
  id = qr_pool_printf (place->topology->pool, "%s-%s", carrier->prefix,
                       qr_pci_addr_format (addr, text));
  for (guint n = 1; g_hash_table_contains (place->topology->by_id, id)
                    || g_hash_table_contains (place->topology->by_bus_name, id);
       n++)
    id = qr_pool_printf (place->topology->pool, "%s-%s-%u", carrier->prefix, text, n);
  device = qr_topology_add_device (place->topology, type, id, QR_ORIGIN_ADDED);
  qr_topology_name_key (place->topology, device, id);
  device->carrier = carrier;
  device->multifunction = addr.function == 0 && home->opener != NULL;
  device->numbered = carrier->numbered;
  qr_topology_settle (place->topology, device, place->topology->root, addr);
  device->rule = place->rule->name;
  device->reason
      = qr_pool_printf (place->topology->pool, "made by the policy: %s", place->rule->reason);
  qr_topology_add_buses (place->topology, device);
  return device;
}

/* Opens @slot by a carrier at function 0, if the home has one for that. */
static gboolean
open_slot (Place *place, const QrHome *home, guint8 slot)
{
  QrPciAddr addr = { slot, 0 };

  if (home->opener == NULL || qr_bus_occupant (place->topology->root, addr) != NULL)
    return FALSE;
  (void) add_carrier (place, qr_policy_find_home (place->policy, home->opener), addr);
  return TRUE;
}

/* Puts @device itself at @addr of the root complex. */
static gboolean
try_direct (Place *place, QrDevice *device, QrPciAddr addr)
{
  QrBus *root = place->topology->root;

  if (place->home->opener != NULL && addr.function == 0 && !device->multifunction)
    return FALSE; /* it would close the slot to its neighbours */
  if (!is_open (root, addr, device->multifunction)
      && (addr.function == 0 || qr_bus_occupant (root, addr) != NULL
          || !open_slot (place, place->home, addr.slot)))
    return FALSE;
  settle (place, device, root, addr);
  return TRUE;
}

/* A function of the same host slot that is there already and lets others in. */
static QrDevice *
find_sibling (const Place *place, const QrDevice *device)
{
  const char *dot
      = device->host == NULL || !device->host->found ? NULL : strrchr (device->host->name, '.');
  GPtrArray *devices = place->topology->devices;

  if (dot == NULL || device->host->function == 0)
    return NULL;
  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *other = devices->pdata[i];

      if (other->host != NULL && other != device && other->bus != NULL && other->multifunction
          && other->addr.function == 0
          && strncmp (other->host->name, device->host->name, (gsize) (dot + 1 - device->host->name))
                 == 0)
        return other;
    }
  return NULL;
}

/* A free place on the bus of a port or bridge. */
static gboolean
try_inside (Place *place, QrDevice *device, QrBus *bus, guint32 slots)
{
  for (guint8 slot = 0; slot < QR_PCI_SLOTS; slot++)
    {
      QrPciAddr addr = { slot, 0 };

      if ((slots & 1u << slot) == 0 || !is_open (bus, addr, device->multifunction))
        continue;
      settle (place, device, bus, addr);
      return TRUE;
    }
  return FALSE;
}

/* Whether the function at a home's place is the port or bridge that the home puts
 * there; one of the user's serves what QEMU creates after it. */
static gboolean
serves (const Place *place, const QrDevice *holder, const QrDevice *device)
{
  const QrCarrier *carrier = place->home->carrier;

  if (holder->origin == QR_ORIGIN_ADDED)
    return strcmp (holder->type->driver, carrier->driver) == 0;
  return carrier->adopts && qr_match_is_bridge (holder) && holder->order < device->order;
}

/* Puts @device behind the home's port or bridge at @addr, made when it is not there. */
static gboolean
try_behind (Place *place, QrDevice *device, QrPciAddr addr)
{
  const QrHome *home = place->home;
  QrDevice *holder = qr_bus_occupant (place->topology->root, addr);

  if (holder == NULL && is_open (place->topology->root, addr, TRUE))
    {
      holder = add_carrier (place, home, addr);
      holder->multifunction
          |= addr.function == 0 && slot_has_others (place->topology->root, addr.slot);
    }
  return holder != NULL && serves (place, holder, device)
         && try_inside (place, device, holder->buses, home->carrier->inner_slots);
}

static gboolean
try_root (Place *place, QrDevice *device)
{
  const QrHome *home = place->home;
  QrDevice *sibling = home->siblings ? find_sibling (place, device) : NULL;

  if (sibling != NULL)
    {
      QrPciAddr addr = { sibling->addr.slot, (guint8) device->host->function };

      if (is_open (sibling->bus, addr, FALSE))
        {
          settle (place, device, sibling->bus, addr);
          return TRUE;
        }
    }
  for (guint8 slot = 0; slot < QR_PCI_SLOTS; slot++)
    for (guint8 function = 0; function < QR_PCI_FUNCTIONS; function++)
      {
        QrPciAddr addr = { slot, function };

        if ((home->slots & 1u << slot) == 0 || (home->functions & 1u << function) == 0)
          continue;
        if (home->carrier == NULL ? try_direct (place, device, addr)
                                  : try_behind (place, device, addr))
          return TRUE;
      }
  return FALSE;
}

/* On the bus that the user named or QEMU would choose. A policy that keeps QEMU's
 * addresses goes on past what a guest looks at, as QEMU does. */
static gboolean
try_chosen (Place *place, QrDevice *device)
{
  QrBus *bus = device->chosen;
  guint last = place->policy->keeps_state ? QR_PCI_SLOTS - 1 : qr_bus_traits (bus->kind)->last_slot;
  guint32 slots = place->home->slots & (guint32) ((G_GUINT64_CONSTANT (2) << last) - 1);

  if (try_inside (place, device, bus, slots))
    return TRUE;
  /* A link has one slot; further functions of it are open when function 0 lets them in. */
  for (guint8 function = 1; last == 0 && function < QR_PCI_FUNCTIONS; function++)
    if (is_open (bus, (QrPciAddr){ 0, function }, FALSE))
      {
        settle (place, device, bus, (QrPciAddr){ 0, function });
        return TRUE;
      }
  return FALSE;
}

static gboolean
try_home (Place *place, QrDevice *device)
{
  QrNamed bus = qr_match_named (place->topology, device);

  if (place->home->where == QR_WHERE_CHOSEN)
    return try_chosen (place, device);
  if (bus == QR_NAMED_OTHER || (bus == QR_NAMED_ROOT && place->home->carrier != NULL))
    return FALSE;
  return try_root (place, device);
}

/* QEMU gives an extra function the first free slot when its device is made: then
 * our ports and what comes before it on the line are there. */
static gboolean
settle_extra (Place *place, QrDevice *extra, GError **error)
{
  QrBus *root = place->topology->root;
  QrPciAddr addr = { 0, 0 };
  const QrDevice *later;
  QrPlace where;

  for (; addr.slot < QR_PCI_SLOTS; addr.slot++)
    {
      const QrDevice *holder = qr_bus_occupant (root, addr);

      if (holder == NULL || (holder->origin == QR_ORIGIN_USER && holder->order > extra->order))
        break;
    }
  later = addr.slot < QR_PCI_SLOTS ? qr_bus_occupant (root, addr) : NULL;
  if (later == NULL && addr.slot < QR_PCI_SLOTS)
    {
      qr_topology_settle (place->topology, extra, root, addr);
      extra->rule = "qemu/extra";
      extra->reason = "QEMU gives it the first slot that is free when its device is made";
      return TRUE;
    }
  qr_optlist_whole (extra->opts, &where);
  qr_error_set (error, QR_STATUS_REQUEST, "two-claims", &where,
                "move it behind the other devices of the line",
                "QEMU puts this device's function %s at the first free slot, which %s claims",
                extra->type->driver, later == NULL ? "nothing" : later->key);
  return FALSE;
}

static gboolean
settle_extras (Place *place, GError **error)
{
  GPtrArray *devices = place->topology->devices;

  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *extra = devices->pdata[i];

      if (extra->origin == QR_ORIGIN_EXTRA && extra->bus == NULL
          && !settle_extra (place, extra, error))
        return FALSE;
    }
  return TRUE;
}

/* Where QEMU's own order is kept, an extra function takes its turn in it. */
static gboolean
apply_rules (Place *place, GError **error)
{
  GPtrArray *devices = place->topology->devices;

  for (guint32 r = 0; r < place->policy->n_rules; r++)
    {
      place->rule = &place->policy->rules[r];
      place->home = qr_policy_find_home (place->policy, place->rule->home);
      for (guint i = 0; i < devices->len; i++)
        {
          QrDevice *device = devices->pdata[i];

          if (!qr_match_is_due (place->policy, device)
              || !qr_match (place->rule->match, place->topology, device))
            continue;
          if (device->origin != QR_ORIGIN_EXTRA)
            (void) try_home (place, device); /* what finds no place falls to the next rule */
          else if (!settle_extra (place, device, error))
            return FALSE;
        }
    }
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const QrDevice *x = *(QrDevice *const *) a, *y = *(QrDevice *const *) b;

  return (int) qr_pci_addr_devfn (x->addr) - (int) qr_pci_addr_devfn (y->addr);
}

gboolean
qr_place (QrTopology *topology, const QrPolicy *policy, GError **error)
{
  Place place = { topology, policy, NULL, NULL };

  if (!settle_fixed (&place, error))
    return FALSE;
  if (!apply_rules (&place, error))
    return FALSE;
  if (!qr_place_refuse_unplaced (topology, policy, error) || !settle_extras (&place, error))
    return FALSE;
  qr_ports_number (topology, policy);
  qr_ports_reserve (topology);
  g_ptr_array_sort (topology->added, compare_places);
  return TRUE;
}
