/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "number-rules.h"

#include <string.h>

gboolean
qr_rule_physical_slot_taken (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint chassis = device->numbered ? device->chassis : qr_device_number (device, "chassis");
  guint slot = device->numbered ? device->physical_slot : qr_device_number (device, "slot");

  return qr_device_type_is_port (device->type)
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

gboolean
qr_rule_bridge_chassis_taken (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrDevice *taker;
  guint chassis;

  if (!qr_device_type_has_property (device->type, "chassis_nr"))
    return FALSE;
  chassis = qr_device_number (device, "chassis_nr");
  if (chassis == 0)
    return FALSE;
  taker = qr_rule_take (memory, QR_NUMBER_BRIDGE, chassis, device);
  return taker != NULL
         && qr_rule_found (finding, "chassis_nr", "chassis number %u of bridge %s is that of %s",
                           chassis, device->key, taker->key);
}

gboolean
qr_rule_expander_number (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint bus_nr;

  if (device->type->kind != QR_DEVICE_EXPANDER)
    return FALSE;
  bus_nr = qr_device_number (device, "bus_nr");
  return qr_rule_take (memory, QR_NUMBER_EXPANDER, bus_nr, device) != NULL
         && qr_rule_found (finding, "bus_nr", "bus number %u of expander %s is taken", bus_nr,
                           device->type->driver);
}

/* Bus 0 is the root complex itself: a guest that looks there does not come to the expander. */
gboolean
qr_rule_expander_hidden (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->type->kind == QR_DEVICE_EXPANDER && qr_device_number (device, "bus_nr") == 0
         && qr_rule_found (finding, "bus_nr", "expander %s has no bus number of its own",
                           device->type->driver);
}

/* QEMU reads text as C does, and in JSON takes nothing but numbers. */
static gboolean
is_in_range (const QrOpt *opt, gint64 max)
{
  char *end;
  gint64 value = g_ascii_strtoll (opt->value, &end, 0);

  return opt->form != QR_OPT_STRING && end != opt->value && *end == '\0' && value >= 0
         && value <= max;
}

gboolean
qr_rule_number_range (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  static const struct
  {
    const char *name;
    gint64 max;
  } numbers[] = { { "chassis", G_MAXUINT8 },
                  { "slot", G_MAXUINT16 },
                  { "port", G_MAXUINT8 },
                  { "chassis_nr", G_MAXUINT8 },
                  { "bus_nr", G_MAXUINT8 } };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const QrOpt *opt = qr_device_type_has_property (device->type, numbers[i].name)
                             ? qr_optlist_find (device->opts, numbers[i].name)
                             : NULL;

      if (opt != NULL && !is_in_range (opt, numbers[i].max))
        return qr_rule_found (finding, numbers[i].name,
                              "%s of %s is a number from 0 to %" G_GINT64_FORMAT, numbers[i].name,
                              device->type->driver, numbers[i].max);
    }
  return FALSE;
}

/* PCI Express Base Specification 7.5.3.9: a port's slot number has 13 bits. */
gboolean
qr_rule_slot_number_wide (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint slot;

  if (!qr_device_type_is_port (device->type))
    return FALSE;
  slot = qr_device_number (device, "slot");
  return slot > 0x1fff && slot <= G_MAXUINT16
         && qr_rule_found (finding, "slot", "a guest reads slot number %u of port %s as %u", slot,
                           device->key, slot & 0x1fff);
}

/* Whether @device has @number of @kind from its property @name, and another had it before. The
 * primary of a failover pair is made only when the guest asks for it. */
static gboolean
is_taken (QrRuleMemory *memory, QrNumber kind, guint number, const char *name,
          const QrDevice *device, QrFinding *finding)
{
  const QrDevice *taker;

  if (qr_optlist_find (device->opts, "failover_pair_id") != NULL)
    return FALSE;
  taker = qr_rule_take (memory, kind, number, device);
  return taker != NULL
         && qr_rule_found (finding, name, "%s %u of %s is that of %s", name, number, device->key,
                           taker->key);
}

gboolean
qr_rule_acpi_index_twice (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint number = qr_device_number (device, "acpi-index");

  return number > 0 && is_taken (memory, QR_NUMBER_ACPI, number, "acpi-index", device, finding);
}

gboolean
qr_rule_bootindex_twice (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrOpt *opt = qr_optlist_find (device->opts, "bootindex");

  return opt != NULL && is_in_range (opt, G_MAXINT32)
         && is_taken (memory, QR_NUMBER_BOOT, qr_device_number (device, "bootindex"), "bootindex",
                      device, finding);
}

gboolean
qr_rule_addr_hexadecimal (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrOpt *opt = qr_optlist_find (device->opts, "addr");

  return opt != NULL && opt->form != QR_OPT_NUMBER && !memory->hexadecimal
         && strlen (opt->value) == 2 && opt->value[0] == '1'
         && qr_rule_found (finding, "addr", "addr=%s is slot %u: addresses are hexadecimal",
                           opt->value, device->addr.slot);
}
