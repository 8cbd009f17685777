/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "place.h"

#include "carrier.h"
#include "hint-place.h"
#include "homes.h"
#include "match.h"
#include "place-error.h"
#include "slots.h"

typedef struct
{
  QrTopology *topology;
  const QrPolicy *policy;
  const QrPlaceOptions *options;
  GPtrArray *warnings;
  QrHomes *homes;
  QrHomes *counted; /* of the first pass; NULL: this is it, or the only one */
  guint left_out;   /* ports and bridges that were counted and have no place */
} Place;

/* What a policy sees in some types is not what the catalogue says they are. */
static void
apply_views (const Place *place)
{
  GPtrArray *devices = place->topology->devices;

  for (guint32 v = 0; v < place->policy->n_views; v++)
    for (guint i = 0; i < devices->len; i++)
      {
        QrDevice *device = devices->pdata[i];

        if (g_strv_contains (place->policy->views[v].drivers, device->type->driver))
          device->want = (QrWant) place->policy->views[v].want;
      }
}

/* Where no rule is for what must be on the root bus, it is placed as anything else. */
static void
forget_rooted (const Place *place)
{
  GPtrArray *devices = place->topology->devices;

  for (guint32 i = 0; i < place->policy->n_rules; i++)
    if (place->policy->rules[i].match->integrated)
      return;
  for (guint i = 0; i < devices->len; i++)
    ((QrDevice *) devices->pdata[i])->rooted = FALSE;
}

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
      if (!qr_bus_has_room (device->chosen, device->addr, device))
        return qr_place_no_room_beside (device, error), FALSE;
      qr_topology_settle (place->topology, device, device->chosen, device->addr);
      device->rule = "user";
      device->reason = device->names_bus ? "the line gives the place"
                                         : "the line gives the address; QEMU would take this bus";
    }
  return TRUE;
}

/* QEMU gives an extra function the first free slot when its device is made: then
 * our ports and what is made before it are there. */
static gboolean
settle_extra (Place *place, QrDevice *extra, GError **error)
{
  QrBus *root = place->topology->root;
  QrPciAddr addr = { 0, 0 };
  const QrDevice *later;

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
      extra->reason
          = extra->type->left
                ? "if it is a PCI function, QEMU gives it the first slot that is free then"
                : "QEMU gives it the first slot that is free when its device is made";
      return TRUE;
    }
  qr_place_extra_refused (place->policy, extra, later, error);
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
apply_rule (Place *place, const QrRule *rule, QrDevice *device, GError **error)
{
  if (device->demanded || !qr_match (rule->match, place->topology, device))
    return TRUE;
  if (device->origin == QR_ORIGIN_EXTRA)
    return settle_extra (place, device, error);
  if (!qr_homes_put (place->homes, rule, device)) /* the next rule that fits may */
    device->demanded = rule->demand;
  return TRUE;
}

/* Rules that join the one before are tried together with it, device by device. */
static gboolean
apply_turn (Place *place, const QrRule *rule, guint32 n_rules, const GPtrArray *due, GError **error)
{
  for (guint i = 0; i < due->len; i++)
    for (guint32 r = 0; r < n_rules && ((QrDevice *) due->pdata[i])->bus == NULL; r++)
      if (!apply_rule (place, &rule[r], due->pdata[i], error))
        return FALSE;
  return TRUE;
}

/* Leaves in @due what still waits for a place. */
static void
sift (GPtrArray *due)
{
  guint left = 0;

  for (guint i = 0; i < due->len; i++)
    if (((QrDevice *) due->pdata[i])->bus == NULL)
      due->pdata[left++] = due->pdata[i];
  g_ptr_array_set_size (due, (int) left);
}

/* The number of rules that are tried together from @rule on. */
static guint32
turn_length (const QrPolicy *policy, const QrRule *rule)
{
  const QrRule *end = policy->rules + policy->n_rules;
  guint32 n = 1;

  while (rule + n < end && rule[n].joins)
    n++;
  return n;
}

/* Ports and bridges that were counted are placed before the first device that goes behind one. */
static gboolean
apply_rules (Place *place, GError **error)
{
  const GPtrArray *devices = place->topology->devices;
  g_autoptr (GPtrArray) due = g_ptr_array_sized_new (devices->len);
  gboolean made = place->counted == NULL;
  guint32 n;

  for (guint i = 0; i < devices->len; i++)
    if (qr_match_is_due (place->policy, devices->pdata[i]))
      g_ptr_array_add (due, devices->pdata[i]);
  for (guint32 r = 0; r < place->policy->n_rules; r += n)
    {
      const QrRule *rule = &place->policy->rules[r];

      n = turn_length (place->policy, rule);
      if (!made && qr_homes_goes_behind (place->homes, rule))
        {
          place->left_out = qr_homes_make_like (place->homes, place->counted);
          made = TRUE;
        }
      if (!apply_turn (place, rule, n, due, error))
        return FALSE;
      sift (due);
    }
  return TRUE;
}

/* Goes through the rules to see which ports and bridges are made, and takes all back. */
static gboolean
count (Place *place, GError **error)
{
  GPtrArray *devices = place->topology->devices;

  place->homes
      = qr_homes_new (place->topology, place->policy, QR_GROWTH_COUNTED, place->options->pack);
  qr_homes_note_placed (place->homes);
  if (!apply_rules (place, error)
      || !qr_spare_make (place->topology, place->policy, place->homes, QR_SPARE_POLICY, FALSE,
                         error))
    return FALSE;
  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *device = devices->pdata[i];

      device->demanded = FALSE;
      if (device->origin != QR_ORIGIN_MACHINE && device->bus != NULL && !device->names_addr)
        qr_topology_vacate (device);
    }
  while (place->topology->added->len > 0)
    qr_topology_drop_last_added (place->topology);
  place->counted = g_steal_pointer (&place->homes);
  return TRUE;
}

/* Those of the policy's own number are counted with the other ports, and others as if they were. */
static gboolean
is_spare_counted (const Place *place)
{
  return place->counted != NULL && place->options->spare == QR_SPARE_POLICY;
}

static gboolean
go_through (Place *place, GError **error)
{
  QrTopology *topology = place->topology;
  const QrLock *lock = place->options->lock;
  gboolean has_lock = lock != NULL && lock->places->len > 0;

  if (!settle_fixed (place, error))
    return FALSE;
  apply_views (place);
  forget_rooted (place);
  if (place->policy->counts_first && !has_lock && !count (place, error))
    return FALSE;
  place->homes = qr_homes_new (topology, place->policy,
                               place->counted == NULL ? QR_GROWTH_FREE : QR_GROWTH_NONE,
                               place->options->pack);
  if (!qr_hint_place_begin (qr_homes_rooms (place->homes), error)
      || (has_lock
          && !qr_keep_places (qr_homes_rooms (place->homes), lock, place->warnings, error)))
    return FALSE;
  qr_homes_note_placed (place->homes);
  return apply_rules (place, error) && qr_place_refuse_unplaced (topology, place->policy, error)
         && (is_spare_counted (place)
                 ? qr_place_refuse_left_out (place->policy, place->left_out, error)
                 : qr_spare_make (topology, place->policy, place->homes, place->options->spare,
                                  place->counted != NULL, error))
         && qr_hint_place_end (topology, error) && settle_extras (place, error);
}

/* Function 0 of a slot with others gets multifunction=on, unless the user says off. */
static void
open_slots (QrTopology *topology)
{
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *bus = topology->buses->pdata[i];

      for (guint8 slot = 0; slot * QR_PCI_FUNCTIONS < bus->n_devfns; slot++)
        {
          QrDevice *first = qr_bus_function_0 (bus, slot);

          if (first != NULL && first->origin != QR_ORIGIN_MACHINE && qr_slot_has_others (bus, slot)
              && (first->opts == NULL || qr_optlist_find (first->opts, "multifunction") == NULL))
            first->multifunction = TRUE;
        }
    }
}

gboolean
qr_place (QrTopology *topology, const QrPolicy *policy, const QrPlaceOptions *options,
          GPtrArray *warnings, GError **error)
{
  Place place = { topology, policy, options, warnings, NULL, NULL, 0 };
  gboolean good = go_through (&place, error);

  qr_homes_free (place.homes);
  qr_homes_free (place.counted);
  if (!good)
    return FALSE;
  if (policy->opens_slots)
    open_slots (topology);
  qr_carriers_number (topology, policy);
  qr_carriers_reserve (topology);
  qr_carriers_sort (topology);
  return TRUE;
}
