/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "machine.h"

#include <stddef.h>
#include <string.h>

#include "catalog.h"

static const QrField type_fields[] = {
  { "machine", QR_FIELD_STRING, offsetof (QrMachineType, name), .flags = QR_FIELD_REQUIRED },
  { "nic", QR_FIELD_STRING, offsetof (QrMachineType, nic) },
  { "vga", QR_FIELD_STRING, offsetof (QrMachineType, vga) },
  { "usb", QR_FIELD_STRING, offsetof (QrMachineType, usb) },
  { "buses", QR_FIELD_UINT, offsetof (QrMachineType, buses), .limit = 256 },
  { "alias", QR_FIELD_BOOLEAN, offsetof (QrMachineType, alias) },
  { "express-below-port", QR_FIELD_BOOLEAN, offsetof (QrMachineType, express_below_port),
    .flags = QR_FIELD_DEFAULT_TRUE },
  { "conventional", QR_FIELD_STRINGS, offsetof (QrMachineType, conventional) },
  { "root-hotplug", QR_FIELD_BOOLEAN, offsetof (QrMachineType, root_hotplug),
    .flags = QR_FIELD_DEFAULT_TRUE },
  { "fails", QR_FIELD_STRING, offsetof (QrMachineType, fails) },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrMachineType, qemu), .names = qr_qemu_versions },
  { 0 },
};
static const QrSchema type_schema = { "QrMachineType", sizeof (QrMachineType), type_fields };

static const QrField alike_fields[] = {
  { "machine", QR_FIELD_STRING, offsetof (QrAlike, machine), .flags = QR_FIELD_REQUIRED },
  { "like", QR_FIELD_STRING, offsetof (QrAlike, like), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
const QrSchema qr_alike_schema = { "QrAlike", sizeof (QrAlike), alike_fields };

static const QrField bus_fields[] = {
  { "type", QR_FIELD_STRING, offsetof (QrMachineBus, type), .flags = QR_FIELD_REQUIRED },
  { "name", QR_FIELD_STRING, offsetof (QrMachineBus, name), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema bus_schema = { "QrMachineBus", sizeof (QrMachineBus), bus_fields };

static const QrField condition_fields[] = {
  { "property", QR_FIELD_STRING, offsetof (QrMachineCondition, property),
    .flags = QR_FIELD_REQUIRED },
  { "is", QR_FIELD_STRING, offsetof (QrMachineCondition, value) },
  { "default", QR_FIELD_BOOLEAN, offsetof (QrMachineCondition, by_default) },
  { "auto", QR_FIELD_BOOLEAN, offsetof (QrMachineCondition, automatic) },
  { 0 },
};
static const QrSchema condition_schema
    = { "QrMachineCondition", sizeof (QrMachineCondition), condition_fields };

static const QrField inner_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrMachineInner, driver), .flags = QR_FIELD_REQUIRED },
  { "bus", QR_FIELD_STRING, offsetof (QrMachineInner, bus), .flags = QR_FIELD_REQUIRED },
  { "count", QR_FIELD_UINT, offsetof (QrMachineInner, count), .limit = 64 },
  { "drives", QR_FIELD_BOOLEAN, offsetof (QrMachineInner, drives) },
  { "when", QR_FIELD_RECORDS, offsetof (QrMachineInner, when), offsetof (QrMachineInner, n_when),
    .records = &condition_schema },
  { 0 },
};
static const QrSchema inner_schema = { "QrMachineInner", sizeof (QrMachineInner), inner_fields };

static const QrField bus_limit_fields[] = {
  { "buses", QR_FIELD_UINT, offsetof (QrMachineBuses, buses), .flags = QR_FIELD_REQUIRED,
    .limit = 256 },
  { "when", QR_FIELD_RECORDS, offsetof (QrMachineBuses, when), offsetof (QrMachineBuses, n_when),
    .flags = QR_FIELD_REQUIRED, .records = &condition_schema },
  { 0 },
};
static const QrSchema bus_limit_schema
    = { "QrMachineBuses", sizeof (QrMachineBuses), bus_limit_fields };

static const QrField usb_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrMachineUsb, driver), .flags = QR_FIELD_REQUIRED },
  { "property", QR_FIELD_STRING, offsetof (QrMachineUsb, property), .flags = QR_FIELD_REQUIRED },
  { "off", QR_FIELD_STRING, offsetof (QrMachineUsb, off), .flags = QR_FIELD_REQUIRED },
  { "devices", QR_FIELD_STRINGS, offsetof (QrMachineUsb, devices) },
  { 0 },
};
static const QrSchema usb_schema = { "QrMachineUsb", sizeof (QrMachineUsb), usb_fields };

static const QrField function_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrMachineFunction, driver), .flags = QR_FIELD_REQUIRED },
  { "addr", QR_FIELD_ADDR, offsetof (QrMachineFunction, devfn), .flags = QR_FIELD_REQUIRED },
  { "multifunction", QR_FIELD_BOOLEAN, offsetof (QrMachineFunction, multifunction) },
  { "buses", QR_FIELD_RECORDS, offsetof (QrMachineFunction, buses),
    offsetof (QrMachineFunction, n_buses), .records = &bus_schema },
  { "when", QR_FIELD_RECORDS, offsetof (QrMachineFunction, when),
    offsetof (QrMachineFunction, n_when), .records = &condition_schema },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
static const QrSchema function_schema
    = { "QrMachineFunction", sizeof (QrMachineFunction), function_fields };

static const QrField foreign_fields[] = {
  { "bus", QR_FIELD_STRING, offsetof (QrForeignBus, bus), .flags = QR_FIELD_REQUIRED },
  { "hint", QR_FIELD_STRING, offsetof (QrForeignBus, hint), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema foreign_schema = { "QrForeignBus", sizeof (QrForeignBus), foreign_fields };

static const QrField io_fields[] = {
  { "bios", QR_FIELD_UINT, offsetof (QrMachineIo, bios), .flags = QR_FIELD_REQUIRED,
    .limit = 65536 },
  { "other", QR_FIELD_UINT, offsetof (QrMachineIo, other), .flags = QR_FIELD_REQUIRED,
    .limit = 65536 },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
static const QrSchema io_schema = { "QrMachineIo", sizeof (QrMachineIo), io_fields };

static const QrField hole_fields[] = {
  { "mib", QR_FIELD_UINT, offsetof (QrMachineHole, mib), .flags = QR_FIELD_REQUIRED,
    .limit = 1 << 30 },
  { "driver", QR_FIELD_STRING, offsetof (QrMachineHole, driver), .flags = QR_FIELD_REQUIRED },
  { "property", QR_FIELD_STRING, offsetof (QrMachineHole, property), .flags = QR_FIELD_REQUIRED },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
static const QrSchema hole_schema = { "QrMachineHole", sizeof (QrMachineHole), hole_fields };

static const QrField machine_fields[] = {
  { "family", QR_FIELD_STRING, offsetof (QrMachine, family), .flags = QR_FIELD_REQUIRED },
  { "architectures", QR_FIELD_STRINGS, offsetof (QrMachine, architectures),
    .flags = QR_FIELD_REQUIRED },
  { "tool-default", QR_FIELD_BOOLEAN, offsetof (QrMachine, tool_default) },
  { "default-of", QR_FIELD_STRINGS, offsetof (QrMachine, default_of) },
  { "policy", QR_FIELD_STRING, offsetof (QrMachine, policy), .flags = QR_FIELD_REQUIRED },
  { "host", QR_FIELD_STRING, offsetof (QrMachine, host), .flags = QR_FIELD_REQUIRED },
  { "root-bus", QR_FIELD_STRING, offsetof (QrMachine, root_bus), .flags = QR_FIELD_REQUIRED },
  { "root-type", QR_FIELD_STRING, offsetof (QrMachine, root_type), .flags = QR_FIELD_REQUIRED },
  { "root-hotplug", QR_FIELD_BOOLEAN, offsetof (QrMachine, root_hotplug) },
  { "root-hotplug-when", QR_FIELD_RECORDS, offsetof (QrMachine, root_hotplug_when),
    offsetof (QrMachine, n_root_hotplug_when), .records = &condition_schema },
  { "root-counts", QR_FIELD_BOOLEAN, offsetof (QrMachine, root_counts) },
  { "nic", QR_FIELD_STRING, offsetof (QrMachine, nic) },
  { "board-nics", QR_FIELD_STRINGS, offsetof (QrMachine, board_nics) },
  { "nics-first", QR_FIELD_BOOLEAN, offsetof (QrMachine, nics_first) },
  { "vga", QR_FIELD_STRING, offsetof (QrMachine, vga) },
  { "usb", QR_FIELD_RECORD, offsetof (QrMachine, usb), .records = &usb_schema },
  { "drive", QR_FIELD_STRING, offsetof (QrMachine, drive) },
  { "drive-qemu", QR_FIELD_FLAGS, offsetof (QrMachine, drive_qemu), .names = qr_qemu_versions },
  { "drive-units", QR_FIELD_UINT, offsetof (QrMachine, drive_units), .limit = 16 },
  { "types", QR_FIELD_RECORDS, offsetof (QrMachine, types), offsetof (QrMachine, n_types),
    .flags = QR_FIELD_REQUIRED, .records = &type_schema },
  { "when", QR_FIELD_RECORDS, offsetof (QrMachine, when), offsetof (QrMachine, n_when),
    .records = &condition_schema },
  { "functions", QR_FIELD_RECORDS, offsetof (QrMachine, functions),
    offsetof (QrMachine, n_functions), .flags = QR_FIELD_REQUIRED, .records = &function_schema },
  { "inner", QR_FIELD_RECORDS, offsetof (QrMachine, inner), offsetof (QrMachine, n_inner),
    .records = &inner_schema },
  { "bus-limits", QR_FIELD_RECORDS, offsetof (QrMachine, bus_limits),
    offsetof (QrMachine, n_bus_limits), .records = &bus_limit_schema },
  { "io-bytes", QR_FIELD_RECORD, offsetof (QrMachine, io), .records = &io_schema },
  { "hole64", QR_FIELD_RECORD, offsetof (QrMachine, hole), .records = &hole_schema },
  { "empty-port-ms", QR_FIELD_UINT, offsetof (QrMachine, empty_port_ms), .limit = 1000 },
  { "foreign-buses", QR_FIELD_RECORDS, offsetof (QrMachine, foreign),
    offsetof (QrMachine, n_foreign), .records = &foreign_schema },
  { "schema", QR_FIELD_IGNORED },
  { "kind", QR_FIELD_IGNORED },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
const QrSchema qr_machine_schema = { "QrMachine", sizeof (QrMachine), machine_fields };

gboolean
qr_machine_is_for (const QrMachine *machine, const char *architecture)
{
  return architecture == NULL || g_strv_contains (machine->architectures, architecture);
}

const QrMachineType *
qr_machine_find_type (const QrMachine *machine, const char *name)
{
  for (guint32 i = 0; i < machine->n_types; i++)
    if (strcmp (machine->types[i].name, name) == 0)
      return &machine->types[i];
  return NULL;
}

const QrMachine *
qr_machine_with_type (const QrMachine *machine, const char *name, const char *like, QrPool *pool)
{
  QrMachine *out = qr_pool_new_struct (pool, QrMachine);
  QrMachineType *types = qr_pool_alloc_n (pool, machine->n_types + 1, sizeof *types);

  memcpy (types, machine->types, machine->n_types * sizeof *types);
  types[machine->n_types] = *qr_machine_find_type (machine, like);
  types[machine->n_types].name = name;
  types[machine->n_types].alias = FALSE;
  types[machine->n_types].qemu = 0;
  *out = *machine;
  out->types = types;
  out->n_types++;
  return out;
}

const char *
qr_machine_nic (const QrMachine *machine, const char *type)
{
  const QrMachineType *record = qr_machine_find_type (machine, type);

  return record != NULL && record->nic != NULL ? record->nic : machine->nic;
}

const char *
qr_machine_vga (const QrMachine *machine, const char *type)
{
  const QrMachineType *record = qr_machine_find_type (machine, type);

  return record != NULL && record->vga != NULL ? record->vga : machine->vga;
}

gboolean
qr_machine_makes_devices (const QrMachine *machine)
{
  return machine->nic != NULL || machine->vga != NULL || machine->usb != NULL;
}

const char *
qr_machine_usb (const QrMachine *machine, const char *type)
{
  const QrMachineType *record = qr_machine_find_type (machine, type);

  if (machine->usb == NULL)
    return NULL;
  return record != NULL && record->usb != NULL ? record->usb : machine->usb->driver;
}

gboolean
qr_machine_has_property (const QrMachine *machine, const char *name)
{
  for (guint32 i = 0; i < machine->n_functions; i++)
    for (guint32 j = 0; j < machine->functions[i].n_when; j++)
      if (strcmp (machine->functions[i].when[j].property, name) == 0)
        return TRUE;
  return FALSE;
}

const char *
qr_machine_foreign_hint (const QrMachine *machine, const char *name)
{
  for (guint32 i = 0; i < machine->n_foreign; i++)
    if (strcmp (machine->foreign[i].bus, name) == 0)
      return machine->foreign[i].hint;
  return NULL;
}

gboolean
qr_machine_makes_conventional (const QrMachineType *type, const char *driver,
                               gboolean only_below_port)
{
  return (only_below_port && !type->express_below_port)
         || (type->conventional != NULL && g_strv_contains (type->conventional, driver));
}
