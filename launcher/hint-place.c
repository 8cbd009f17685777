/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hint-place.h"

#include "bus-search.h"
#include "hint-error.h"
#include "hint-pack.h"
#include "slots.h"

static const char made_rule[] = "hint/behind";

static QrHint
first_hint (const QrDevice *device)
{
  guint hint = 0;

  while (device->hints->opts[hint] == NULL)
    hint++;
  return (QrHint) hint;
}

/* --- what can be seen at once ------------------------------------------------------------- */

/* What to do about a policy that follows no hints; NULL: no other that does is for the machine.
 * (transfer full) */
static char *
other_policies (const QrTopology *topology)
{
  const QrProfiles *profiles = topology->profiles;
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint32 i = 0; i < profiles->n_policies; i++)
    {
      const QrPolicy *policy = &profiles->policies[i];

      if (policy->takes_hints && qr_policy_is_for (policy, topology->machine->family))
        g_string_append_printf (names, "%s%s@%u", names->len == 0 ? "" : ", ", policy->name,
                                policy->version);
    }
  return names->len == 0
             ? NULL
             : g_strconcat ("leave it out, or use a policy that follows hints: ", names->str, NULL);
}

static gboolean
refuse_policy (const QrRooms *rooms, const QrDevice *device, GError **error)
{
  const QrHint hint = first_hint (device);
  const QrPolicy *policy = rooms->policy;
  g_autofree char *others = other_policies (rooms->topology);

  qr_hint_refuse (device, hint, "hint-refused", others != NULL ? others : "leave it out", error,
                  "policy %s@%u %s: hint \"%s\" cannot be followed", policy->name, policy->version,
                  policy->keeps_state ? "gives the places that QEMU would" : "takes no hints",
                  device->hints->opts[hint]->key);
  return FALSE;
}

/* Hints choose a place: there must be one to choose. */
static gboolean
check_device (const QrDevice *device, GError **error)
{
  const QrHint hint = first_hint (device);
  const char *key = device->hints->opts[hint]->key;

  if (!qr_device_type_is_pci (device->type))
    {
      qr_hint_refuse (device, hint, "hint-conflict", "leave it out", error,
                      "hint \"%s\" is for PCI functions, and %s is none", key,
                      device->type->driver);
      return FALSE;
    }
  if (device->names_bus || device->names_addr)
    {
      qr_hint_refuse (device, hint, "hint-conflict", "leave out the one or the other", error,
                      "hint \"%s\" asks for a place, and %s= gives it", key,
                      device->names_addr ? "addr" : "bus");
      return FALSE;
    }
  if (!qr_hints_ask_hotplug (device->hints, TRUE) || device->type->hotplug)
    return TRUE;
  qr_hint_refuse (device, QR_HINT_HOTPLUG, "hint-conflict", "leave it out", error,
                  "QEMU cannot unplug a %s from a running machine", device->type->driver);
  return FALSE;
}

/* --- behind ------------------------------------------------------------------------------- */

static gboolean
is_carrier (const QrDevice *device)
{
  return device->buses != NULL
         && (qr_device_type_is_port (device->type) || device->type->kind == QR_DEVICE_BRIDGE);
}

static gboolean
check_port (const QrTopology *topology, const QrDevice *device, const QrDevice *port,
            GError **error)
{
  if (!is_carrier (port))
    qr_hint_refuse (device, QR_HINT_BEHIND, "hint-target",
                    "name a root port, a downstream port or a bridge", error,
                    "\"%s\" (%s) is no port or bridge", port->id, port->type->driver);
  else if (port->order >= device->order)
    qr_hint_refuse (
        device, QR_HINT_BEHIND, "hint-target",
        port->opts->json && !device->opts->json
            ? "QEMU makes JSON devices after all others; write both in the same form"
            : "QEMU makes devices in their order on the line; move the port before this one",
        error, "there is no port \"%s\" yet", port->id);
  else if (!qr_topology_name_is_unique (topology, port->buses))
    qr_hint_refuse (device, QR_HINT_BEHIND, "hint-target", "give the port another id", error,
                    "\"%s\" is the name of several buses", port->id);
  else
    return TRUE;
  qr_hint_show (port, "it is here:", error);
  return FALSE;
}

static const QrHome *
find_home (const QrPolicy *policy, QrPciAddr addr)
{
  for (guint32 i = 0; i < policy->n_homes; i++)
    {
      const QrHome *home = &policy->homes[i];

      if (home->where == QR_WHERE_ROOT && home->carrier != NULL && qr_home_has_place (home, addr))
        return home;
    }
  return NULL;
}

/* The slots that have a home with a port or bridge, as a hint. (transfer full) */
static char *
list_homes (const QrPolicy *policy)
{
  GString *out = g_string_new ("it makes ports and bridges at");
  guint8 first = QR_PCI_SLOTS; /* of a range; none */

  for (guint8 slot = 0; slot <= QR_PCI_SLOTS; slot++)
    {
      gboolean here = FALSE;

      for (guint8 function = 0; slot < QR_PCI_SLOTS && function < QR_PCI_FUNCTIONS; function++)
        here |= find_home (policy, (QrPciAddr){ slot, function }) != NULL;
      if (here && first == QR_PCI_SLOTS)
        {
          g_string_append_printf (out, " %02x", slot);
          first = slot;
        }
      else if (!here && first < slot)
        {
          if (first + 1 < slot)
            g_string_append_printf (out, " to %02x", slot - 1);
          g_string_append_c (out, ',');
          first = QR_PCI_SLOTS;
        }
    }
  g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

/* A bridge of the user's without a place, which will have that of @home and serve as its own. */
static QrDevice *
find_adopted (const QrTopology *topology, const QrHome *home)
{
  for (guint i = 0; home->carrier->adopts && i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      if (qr_topology_is_unplaced (device) && !device->names_bus
          && strcmp (device->type->driver, home->carrier->driver) == 0)
        return device;
    }
  return NULL;
}

/* The port of ours at the place that the hint names, made if it is not there; or NULL. */
static QrDevice *
make_port (QrRooms *rooms, const QrDevice *device, QrPciAddr addr, GError **error)
{
  const QrPolicy *policy = rooms->policy;
  QrBus *root = rooms->topology->root;
  const QrHome *home = find_home (policy, addr);
  QrDevice *holder = qr_bus_occupant (root, addr);
  const char *reason = "made by the policy: the line asks for it with qriser.behind";
  g_autofree char *homes_list = home == NULL ? list_homes (policy) : NULL;

  if (home == NULL)
    {
      qr_hint_refuse (device, QR_HINT_BEHIND, "hint-target", homes_list, error,
                      "policy %s@%u makes no port at %s", policy->name, policy->version,
                      qr_hint_value (device, QR_HINT_BEHIND));
      return NULL;
    }
  if (holder == NULL)
    holder = find_adopted (rooms->topology, home);
  if (holder != NULL && (holder->carrier != NULL || holder->bus == NULL))
    return holder;
  if (holder == NULL)
    holder = qr_rooms_make_at (rooms, root, addr, NULL, made_rule, reason);
  if (holder != NULL && holder->carrier != NULL)
    return holder;
  qr_hint_refuse (
      device, QR_HINT_BEHIND, "hint-full", "ask for another place, or name a port by its id", error,
      "no port can be made at %s: %s", qr_hint_value (device, QR_HINT_BEHIND),
      holder == NULL ? "function 0 of the slot lets no others in" : "the place is taken");
  holder = qr_bus_occupant (root, holder == NULL ? (QrPciAddr){ addr.slot, 0 } : addr);
  if (holder != NULL)
    qr_hint_show (holder, "by this one:", error);
  return NULL;
}

static gboolean
aim (QrRooms *rooms, QrDevice *device, GError **error)
{
  QrDevice *port = qr_hint_device (rooms->topology, device, QR_HINT_BEHIND);
  const char *value = qr_hint_value (device, QR_HINT_BEHIND);
  g_autoptr (GError) no_place = NULL;
  QrPciAddr addr;
  gsize bad;

  if (port == NULL && !qr_pci_addr_parse (value, &addr, &bad, &no_place))
    {
      qr_hint_refuse (device, QR_HINT_BEHIND, "hint-target",
                      "give the id of a port or bridge on the line, or a place such as 1c.0", error,
                      "there is no port or bridge \"%s\"", value);
      return FALSE;
    }
  if (port == NULL)
    port = make_port (rooms, device, addr, error);
  else if (!check_port (rooms->topology, device, port, error))
    return FALSE;
  if (port == NULL)
    return FALSE;
  device->chosen = port->buses;
  device->aimed = TRUE;
  return TRUE;
}

/* --- in the end --------------------------------------------------------------------------- */

static gboolean
keep_plugged (const QrDevice *device, GError **error)
{
  QrDevice *port = qr_bus_bridge (device->bus);
  gboolean able = port != NULL && qr_device_type_has_property (port->type, "hotplug");

  if (port == NULL || (able && qr_device_says (port, "hotplug", FALSE)))
    return TRUE;
  if (able && port->origin == QR_ORIGIN_ADDED)
    {
      port->no_hotplug = TRUE;
      return TRUE;
    }
  qr_hint_refuse (device, QR_HINT_HOTPLUG, "hint-conflict",
                  able
                      ? "write hotplug=off there"
                      : "put it behind a port with qriser.behind=1c.0, or on the root complex with "
                        "qriser.integrated=on",
                  error,
                  able ? "port \"%s\" lets a guest eject it, and is the line's own"
                       : "bridge \"%s\" lets a guest eject it, and cannot be told otherwise",
                  port->key);
  qr_hint_show (port, "it is here:", error);
  return FALSE;
}

/* A place that the lock keeps may not be what is asked now. */
static gboolean
check_kept (const QrDevice *device, GError **error)
{
  gboolean on_root = qr_bus_bridge (device->bus) == NULL;

  if (qr_hints_have (device->hints, QR_HINT_INTEGRATED) && !on_root)
    qr_hint_refuse_kept (device, QR_HINT_INTEGRATED, error);
  else if (qr_hints_ask_hotplug (device->hints, TRUE) && on_root)
    qr_hint_refuse_kept (device, QR_HINT_HOTPLUG, error);
  else if (qr_hints_have (device->hints, QR_HINT_BEHIND) && device->bus != device->chosen)
    qr_hint_refuse_kept (device, QR_HINT_BEHIND, error);
  else
    return TRUE;
  return FALSE;
}

/* Whether what is behind @port can be unplugged without help of ACPI. */
static gboolean
has_controller (const QrDevice *port)
{
  return port->type->kind != QR_DEVICE_BRIDGE || qr_device_has_shpc (port);
}

static gboolean
check_unpluggable (const QrDevice *device, GError **error)
{
  const QrDevice *port = qr_bus_bridge (device->bus);

  if (device->addr.function > 0 || qr_slot_has_others (device->bus, device->addr.slot))
    qr_hint_refuse (device, QR_HINT_HOTPLUG, "hint-conflict",
                    "leave it out, or ask for another place", error,
                    "it shares slot %x of bus \"%s\" with others, which would be unplugged with it",
                    device->addr.slot, device->bus->name);
  else if (port != NULL && !has_controller (port))
    {
      qr_hint_refuse (device, QR_HINT_HOTPLUG, "hint-conflict",
                      "without qriser.behind it goes behind a bridge with one", error,
                      "bridge \"%s\" has no hot-plug controller", port->key);
      qr_hint_show (port, "it is here:", error);
    }
  else if (port != NULL && qr_device_says (port, "hotplug", FALSE))
    {
      qr_hint_refuse (device, QR_HINT_HOTPLUG, "hint-conflict", "leave out the one or the other",
                      error, "port \"%s\" has hotplug=off", port->key);
      qr_hint_show (port, "it is here:", error);
    }
  else
    return TRUE;
  return FALSE;
}

gboolean
qr_hint_place_end (QrTopology *topology, GError **error)
{
  if (!qr_hint_pack_put (topology, error))
    return FALSE;
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->bus == NULL || device->hints == NULL)
        continue;
      if (!check_kept (device, error)
          || (qr_hints_ask_hotplug (device->hints, FALSE) && !keep_plugged (device, error))
          || (qr_hints_ask_hotplug (device->hints, TRUE) && !check_unpluggable (device, error)))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_hint_place_begin (QrRooms *rooms, GError **error)
{
  QrTopology *topology = rooms->topology;

  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      if (device->hints == NULL)
        continue;
      if (!rooms->policy->takes_hints)
        return refuse_policy (rooms, device, error);
      if (!check_device (device, error))
        return FALSE;
      device->alone |= qr_hints_ask_hotplug (device->hints, TRUE);
      if (qr_hints_have (device->hints, QR_HINT_BEHIND) && !aim (rooms, device, error))
        return FALSE;
      if (qr_hints_have (device->hints, QR_HINT_PACK)
          && !qr_hint_pack_check (topology, device, error))
        return FALSE;
    }
  return TRUE;
}
