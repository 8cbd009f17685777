/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "slots.h"

gboolean
qr_slot_has_others (const QrBus *bus, guint8 slot)
{
  for (guint8 function = 1; function < QR_PCI_FUNCTIONS; function++)
    if (qr_bus_occupant (bus, (QrPciAddr){ slot, function }) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
qr_slot_is_open (const QrBus *bus, QrPciAddr addr, gboolean multifunction, gboolean opens)
{
  const QrDevice *first;

  if (qr_bus_occupant (bus, addr) != NULL)
    return FALSE;
  if (addr.function == 0)
    return multifunction || !qr_slot_has_others (bus, addr.slot);
  first = qr_bus_function_0 (bus, addr.slot);
  return first != NULL && (first->multifunction || opens);
}

gboolean
qr_slot_is_packable (const QrDevice *device)
{
  return device->origin == QR_ORIGIN_USER && !device->names_addr && !device->alone
         && !device->shared && device->host == NULL && device->type->kind == QR_DEVICE_FUNCTION
         && (device->multifunction || qr_optlist_find (device->opts, "multifunction") == NULL);
}

guint8
qr_slot_find_beside (const QrBus *bus, guint8 slot)
{
  const QrDevice *first = qr_bus_function_0 (bus, slot);

  if (first == NULL || !qr_slot_is_packable (first))
    return 0;
  for (guint8 function = 1; function < QR_PCI_FUNCTIONS; function++)
    if (qr_bus_occupant (bus, (QrPciAddr){ slot, function }) == NULL)
      return function;
  return 0;
}

gboolean
qr_slots_are_full (const QrBus *bus, guint32 slots, gboolean packs)
{
  for (guint8 slot = 0; slot < QR_PCI_SLOTS; slot++)
    if ((slots & 1u << slot) != 0
        && (qr_bus_occupant (bus, (QrPciAddr){ slot, 0 }) == NULL
            || (packs && qr_slot_find_beside (bus, slot) > 0)))
      return FALSE;
  return TRUE;
}
