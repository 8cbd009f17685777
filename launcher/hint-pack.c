/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hint-pack.h"

#include "hint-error.h"

gboolean
qr_hint_pack_check (const QrTopology *topology, const QrDevice *device, GError **error)
{
  QrDevice *other = qr_hint_device (topology, device, QR_HINT_PACK);
  const char *id = qr_hint_value (device, QR_HINT_PACK);

  if (other == NULL)
    {
      qr_hint_refuse (device, QR_HINT_PACK, "hint-target",
                      "give the id of another device on the line", error,
                      "there is no device \"%s\"", id);
      return FALSE;
    }
  if (device->type->kind != QR_DEVICE_FUNCTION)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-target", "leave it out", error,
                    "a port or bridge is not packed: %s", device->type->driver);
  else if (!qr_device_type_is_pci (other->type) || other->type->kind != QR_DEVICE_FUNCTION)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-target",
                    "give the id of a device that is no port or bridge", error,
                    "\"%s\" (%s) has no slot to share", id, other->type->driver);
  else if (other == device)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-target",
                    "give the id of another device on the line", error,
                    "\"%s\" is this device itself", id);
  else if (qr_hints_ask_hotplug (other->hints, TRUE))
    qr_hint_refuse (device, QR_HINT_PACK, "hint-conflict", "leave out the one or the other", error,
                    "\"%s\" asks that it can be unplugged by itself", id);
  else
    {
      other->shared = TRUE;
      return TRUE;
    }
  qr_hint_show (other, "it is here:", error);
  return FALSE;
}

/* Lets functions in beside @first, function 0, unless the line says otherwise. */
static gboolean
open_slot (const QrDevice *device, QrDevice *first, GError **error)
{
  gboolean said = first->opts != NULL && qr_optlist_find (first->opts, "multifunction") != NULL;

  if (first->multifunction)
    return TRUE;
  if (!said && !first->names_addr)
    {
      first->multifunction = TRUE;
      return TRUE;
    }
  qr_hint_refuse (
      device, QR_HINT_PACK, "hint-conflict",
      said ? "leave out multifunction= there" : "write multifunction=on there, or no addr=", error,
      "%s lets no function in beside it: %s", first->key,
      said ? "the line says that it is the only one" : "it has an address and no multifunction=on");
  qr_hint_show (first, "it is here:", error);
  return FALSE;
}

static gboolean
put_beside (QrTopology *topology, QrDevice *device, const QrDevice *other, GError **error)
{
  QrBus *bus = other->bus;
  QrDevice *first = qr_bus_occupant (bus, (QrPciAddr){ other->addr.slot, 0 });
  const QrDevice *maker = bus->owner;
  QrPciAddr addr = { other->addr.slot, 1 };

  while (addr.function < QR_PCI_FUNCTIONS && !qr_bus_has_room (bus, addr, device))
    addr.function++;
  if (other->alone || first == NULL)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-conflict", "leave it out", error,
                    "\"%s\" shares its slot with nothing", other->id);
  else if (maker != NULL && maker->origin == QR_ORIGIN_USER && maker->order > device->order)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-target",
                    "move this device behind that one on the line", error,
                    "bus \"%s\", where \"%s\" is, is made after this device", bus->name, other->id);
  else if (addr.function == QR_PCI_FUNCTIONS)
    qr_hint_refuse (device, QR_HINT_PACK, "hint-full", "pack it with another device, or with none",
                    error, "the slot of \"%s\" is full: it has 8 functions", other->id);
  else if (open_slot (device, first, error))
    {
      qr_topology_settle (topology, device, bus, addr);
      device->rule = "hint/pack";
      device->reason = qr_pool_printf (topology->pool, "the line packs it with \"%s\"", other->id);
      return TRUE;
    }
  else
    return FALSE;
  qr_hint_show (other, "it is here:", error);
  return FALSE;
}

/* Whether @device, which the lock placed, is where it belongs; opens the slot. */
static gboolean
check_kept (const QrDevice *device, const QrDevice *other, GError **error)
{
  QrDevice *first = qr_bus_occupant (other->bus, (QrPciAddr){ other->addr.slot, 0 });

  if (device->bus == other->bus && device->addr.slot == other->addr.slot && first != NULL)
    return open_slot (device, first, error);
  qr_hint_refuse_kept (device, QR_HINT_PACK, error);
  return FALSE;
}

/* Puts what waits for something that has its place; @waiting: the first that still waits. */
static gboolean
put_some (QrTopology *topology, const QrDevice **waiting, gboolean *more, GError **error)
{
  *waiting = NULL;
  *more = FALSE;
  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];
      const QrDevice *other;

      if (device->bus != NULL || !qr_hints_have (device->hints, QR_HINT_PACK))
        continue;
      other = qr_hint_device (topology, device, QR_HINT_PACK);
      if (other->bus != NULL)
        {
          if (!put_beside (topology, device, other, error))
            return FALSE;
          *more = TRUE;
        }
      else if (*waiting == NULL)
        *waiting = device;
    }
  return TRUE;
}

gboolean
qr_hint_pack_put (QrTopology *topology, GError **error)
{
  const QrDevice *waiting;
  gboolean more;

  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i], *other;

      if (device->bus == NULL || !qr_hints_have (device->hints, QR_HINT_PACK))
        continue;
      other = qr_hint_device (topology, device, QR_HINT_PACK);
      if (other->bus != NULL && !check_kept (device, other, error))
        return FALSE;
    }
  do
    if (!put_some (topology, &waiting, &more, error))
      return FALSE;
  while (more && waiting != NULL);
  if (waiting != NULL)
    qr_hint_refuse (waiting, QR_HINT_PACK, "hint-target",
                    "one of these devices needs a place of its own", error,
                    "\"%s\" has no place: it is packed with others in a circle",
                    qr_hint_value (waiting, QR_HINT_PACK));
  return waiting == NULL;
}
