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

/* The last rule that would have taken @device: the one whose home is full. */
static const QrRule *
last_rule (const Unplaced *place, const QrDevice *device)
{
  for (guint32 r = place->policy->n_rules; r-- > 0;)
    if (qr_match (place->policy->rules[r].match, place->topology, device))
      return &place->policy->rules[r];
  return NULL;
}

/* The user's bridge at the home's place that QEMU makes too late for @device, if any. */
static const QrDevice *
late_bridge (const Unplaced *place, const QrRule *rule, const QrDevice *device)
{
  const QrHome *home = qr_policy_find_home (place->policy, rule->home);
  const QrBus *root = place->topology->root;

  for (guint devfn = 0; home->carrier != NULL && home->carrier->adopts && devfn < root->n_devfns;
       devfn++)
    {
      const QrDevice *holder = root->occupants[devfn];

      if (holder != NULL && qr_match_is_bridge (holder) && holder->order > device->order
          && (home->slots & 1u << holder->addr.slot) != 0)
        return holder;
    }
  return NULL;
}

/* The user's device at function 0 of the home's slot that lets no other function in. */
static const QrDevice *
closing_device (const Unplaced *place, const QrRule *rule)
{
  const QrHome *home = qr_policy_find_home (place->policy, rule->home);

  for (guint8 slot = 0; home->opener != NULL && slot < QR_PCI_SLOTS; slot++)
    {
      const QrDevice *holder
          = (home->slots & 1u << slot) == 0
                ? NULL
                : qr_bus_occupant (place->topology->root, (QrPciAddr){ slot, 0 });

      if (holder != NULL && holder->origin == QR_ORIGIN_USER && !holder->multifunction)
        return holder;
    }
  return NULL;
}

static void
home_is_full (const Unplaced *place, const QrRule *rule, GError **error)
{
  const QrDevice *bridge = late_bridge (place, rule, place->first);
  g_autofree char *what = describe (place->first);
  const QrDevice *closing;
  QrPlace where, other;

  qr_optlist_whole (place->first->opts, &where);
  closing = closing_device (place, rule);
  if (bridge == NULL && closing != NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                    "give the device at function 0 multifunction=on, or another place",
                    "no place is left for %s: its slot %x is closed", what, closing->addr.slot);
      qr_optlist_whole (closing->opts, &other);
      qr_error_also (*error, "function 0 there lets no other in:", &other);
      return;
    }
  if (bridge == NULL)
    {
      qr_error_set (
          error, QR_STATUS_REQUEST, "no-place", &where,
          "give bus= and addr= for some, with ports or bridges of your own, or use --policy=qemu@1",
          "no place is left for %u of %u functions: home \"%s\" of policy %s@%u is full",
          place->unplaced, place->all, rule->home, place->policy->name, place->policy->version);
      return;
    }
  qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                "move the bridge before the devices that go behind it",
                "%s goes behind a bridge that QEMU makes after it", what);
  qr_optlist_whole (bridge->opts, &other);
  qr_error_also (*error, "the bridge:", &other);
}

static void
refuse (const Unplaced *place, GError **error)
{
  const QrDevice *first = place->first;
  const QrRule *rule = last_rule (place, first);
  g_autofree char *what = describe (first);
  QrPlace where;

  qr_optlist_whole (first->opts, &where);
  if (rule == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                  "name the bus it belongs on with bus=", "policy %s@%u has no rule that places %s",
                  place->policy->name, place->policy->version, what);
  else if (first->names_bus && first->chosen != place->topology->root)
    qr_error_set (error, QR_STATUS_REQUEST, "no-place", &where,
                  "give it another bus=, or none and qriser finds a place",
                  "no place is left on bus \"%s\" for %s", first->chosen->name, what);
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
      if (!qr_match_is_due (policy, device))
        continue;
      place.first = place.first == NULL ? device : place.first;
      place.unplaced++;
    }
  if (place.first != NULL)
    refuse (&place, error);
  return place.first == NULL;
}
