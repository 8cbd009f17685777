/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "number-rules.h"

gboolean
qr_rule_physical_slot_taken (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint chassis = device->numbered ? device->chassis : qr_device_number (device, "chassis");
  guint slot = device->numbered ? device->physical_slot : qr_device_number (device, "slot");

  return qr_rule_is_port (device)
         && qr_rule_take (memory, QR_NUMBER_PHYSICAL, chassis << 16 | (slot & 0xffff), device)
                != NULL
         && qr_rule_found (finding,
                           qr_optlist_find (device->opts, "slot") != NULL ? "slot" : "chassis",
                           "chassis %u, slot %u is taken by another port", chassis, slot);
}

gboolean
qr_rule_bridge_chassis (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return qr_device_type_has_property (device->type, "chassis_nr")
         && qr_device_number (device, "chassis_nr") == 0
         && qr_rule_found (finding, "chassis_nr", "bridge %s has no chassis number",
                           device->type->driver);
}

/* Firmware counts the ordinary buses up from 0, so an expander needs a number of its own. */
gboolean
qr_rule_expander_number (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint bus_nr = qr_device_number (device, "bus_nr");

  return device->type->kind == QR_DEVICE_EXPANDER
         && (bus_nr == 0 || qr_rule_take (memory, QR_NUMBER_EXPANDER, bus_nr, device) != NULL)
         && qr_rule_found (finding, "bus_nr", "bus number %u of expander %s is taken", bus_nr,
                           device->type->driver);
}
