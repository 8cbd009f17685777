/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "place-error.h"

#include <string.h>

#include "match.h"

/* What found no place. */
typedef struct
{
  const QrTopology *topology;
  const QrPolicy *policy;
  const QrDevice *first;
  guint unplaced, all;
} Unplaced;

/* edu "a", or edu. (transfer full) */
static char *
describe (const QrDevice *device)
{
  return device->id != NULL ? g_strdup_printf ("%s \"%s\"", device->type->driver, device->id)
                            : g_strdup (device->type->driver);
}

void
qr_place_two_claims (const QrDevice *device, const QrDevice *holder, GError **error)
{
  g_autofree char *one = describe (device), *two = describe (holder);
  char addr[QR_PCI_ADDR_TEXT];
  QrPlace where, other;

  qr_optlist_place (device->opts, qr_optlist_find (device->opts, "addr"), &where);
  qr_error_set (error, QR_STATUS_REQUEST, "two-claims", &where,
                "give one of them another addr=, or none and qriser finds a place",
                "%s and %s both claim %s on bus \"%s\"", one, two,
                qr_pci_addr_format (device->addr, addr), device->chosen->name);
  if (holder->opts != NULL)
    {
      qr_optlist_whole (holder->opts, &other);
      qr_error_also (*error, "the other claim:", &other);
    }
}

void
qr_place_no_room_beside (const QrDevice *device, GError **error)
{
  const QrVirtual *virtual_functions = device->type->virtual_functions;
  g_autofree char *one = describe (device);
  QrPlace where;

  qr_optlist_place (device->opts, qr_optlist_find (device->opts, "addr"), &where);
  qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                "leave addr= out, or give a lower one",
                "the %u virtual functions of %s, from %u functions behind it on, have no room on "
                "bus \"%s\"",
                device->n_virtual, one, virtual_functions->offset, device->chosen->name);
}

void
qr_place_extra_refused (const QrPolicy *policy, const QrDevice *extra, const QrDevice *later,
                        GError **error)
{
  const char *hint = "give the other device another addr=, or move it before the assigned device, "
                     "which must be made after this one";
  QrPlace where, other;

  qr_optlist_whole (extra->opts, &where);
  if (later == NULL)
    {
      qr_error_set (
          error, QR_STATUS_REQUEST, "no-place", &where, "put fewer devices on the root complex",
          "QEMU puts this device's function %s on the root complex, where no slot is free",
          extra->type->driver);
      return;
    }
  if (later->opts->json && !extra->opts->json)
    hint = "write both in the same form: QEMU makes JSON devices after all others";
  else if (policy->keeps_state)
    hint = "move it behind the other devices of the line";
  qr_error_set (error, QR_STATUS_REQUEST, "two-claims", &where, hint,
                "QEMU puts this device's function %s at the first free slot, which %s claims",
                extra->type->driver, later->key);
  qr_optlist_whole (later->opts, &other);
  qr_error_also (*error, "the other claim:", &other);
}

/* The last rule that was tried for @device: the one whose home is full. */
static const QrRule *
last_rule (const Unplaced *place, const QrDevice *device)
{
  const QrRule *last = NULL;

  for (guint32 r = 0; r < place->policy->n_rules && (last == NULL || !last->demand); r++)
    if (qr_match (place->policy->rules[r].match, place->topology, device))
      last = &place->policy->rules[r];
  return last;
}

/* The functions on @bus, those at the home's places only. */
static GPtrArray *
find_holders (const QrBus *bus, const QrHome *home)
{
  GPtrArray *holders = g_ptr_array_new ();

  for (guint devfn = 0; bus != NULL && devfn < bus->n_devfns; devfn++)
    if (bus->occupants[devfn] != NULL
        && (home == NULL || qr_home_has_place (home, qr_pci_addr_from_devfn (devfn))))
      g_ptr_array_add (holders, bus->occupants[devfn]);
  return holders;
}

/* The bus that @home is on, if it is one. */
static const QrBus *
bus_of (const Unplaced *place, const QrHome *home)
{
  if (home->where == QR_WHERE_CHOSEN)
    return place->first->chosen;
  return home->where == QR_WHERE_ROOT ? place->topology->root : NULL;
}

/* ": held by a, b and 3 more", and which the lock keeps for others. (transfer full) */
static char *
held_by (const GPtrArray *holders)
{
  GString *out = g_string_new (holders->len == 0 ? NULL : ": held by ");
  guint kept = 0;

  qr_append_keys (out, holders);
  for (guint i = 0; i < holders->len; i++)
    kept += ((const QrDevice *) holders->pdata[i])->origin == QR_ORIGIN_KEPT;
  if (kept > 0)
    g_string_append_printf (out, ", of which the lock keeps %u", kept);
  return g_string_free (out, FALSE);
}

static void
home_is_full (const Unplaced *place, const QrRule *rule, GError **error)
{
  const char *name = rule->homes[g_strv_length ((char **) rule->homes) - 1];
  const QrHome *home = qr_policy_find_home (place->policy, name);
  g_autoptr (GPtrArray) holders = find_holders (bus_of (place, home), home);
  const QrDevice *first = holders->len == 0 ? NULL : holders->pdata[0];
  g_autofree char *held = held_by (holders);
  QrPlace where, other;

  qr_optlist_whole (place->first->opts, &where);
  qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                place->policy->keeps_state
                    ? "give bus= and addr= for some, with ports or bridges of your own"
                    : "give bus= and addr= for some, with ports or bridges of your own, or use "
                      "--policy=qemu@1",
                "no place is left for %u of %u functions: home \"%s\" of policy %s@%u is full%s",
                place->unplaced, place->all, name, place->policy->name, place->policy->version,
                held);
  if (first == NULL || first->opts == NULL)
    return;
  qr_optlist_whole (first->opts, &other);
  qr_error_also (*error, "the first that is there:", &other);
}

static void
refuse (const Unplaced *place, GError **error)
{
  const QrDevice *first = place->first;
  const QrRule *rule = last_rule (place, first);
  g_autoptr (GPtrArray) holders = find_holders (first->chosen, NULL);
  g_autofree char *what = describe (first), *held = held_by (holders);
  QrPlace where;

  qr_optlist_whole (first->opts, &where);
  if (first->hints != NULL)
    qr_optlist_place (first->opts, qr_hints_first (first->opts), &where);
  if (rule == NULL && first->hints != NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where, "leave it out",
                  "policy %s@%u has no rule that places %s as this hint asks", place->policy->name,
                  place->policy->version, what);
  else if (rule == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                  "name the bus it belongs on with bus=", "policy %s@%u has no rule that places %s",
                  place->policy->name, place->policy->version, what);
  else if (first->aimed)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                  "name another port, or with qriser.pack the device whose slot it shares",
                  "no place is left on bus \"%s\" for %s%s", first->chosen->name, what, held);
  else if (first->names_bus && first->chosen != place->topology->root)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                  "give it another bus=, or none and qriser finds a place",
                  "no place is left on bus \"%s\" for %s%s", first->chosen->name, what, held);
  else
    home_is_full (place, rule, error);
}

gboolean
qr_place_refuse_unplaced (const QrTopology *topology, const QrPolicy *policy, GError **error)
{
  Unplaced place = { topology, policy, NULL, 0, 0 };

  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      place.all += device->origin == QR_ORIGIN_USER && qr_device_type_is_pci (device->type);
      if (!qr_match_is_due (policy, device) || qr_hints_have (device->hints, QR_HINT_PACK))
        continue; /* what is packed has its turn when what it names is placed */
      place.first = place.first == NULL ? device : place.first;
      place.unplaced++;
    }
  if (place.first != NULL)
    refuse (&place, error);
  return place.first == NULL;
}

gboolean
qr_place_refuse_left_out (const QrPolicy *policy, guint left_out, GError **error)
{
  if (left_out == 0)
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "no-place", NULL,
                "--spare=0 makes no empty port, or take fewer devices",
                "no place is left on the root complex for %u of the ports that policy %s@%u makes, "
                "an empty one among them",
                left_out, policy->name, policy->version);
  return FALSE;
}
