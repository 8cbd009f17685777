/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog.h"

#include <stddef.h>
#include <string.h>

const char *const qr_qemu_versions[] = { "7.2", "10.0", NULL };

const char *const qr_device_kind_names[]
    = { "function", "root-port", "switch-upstream", "switch-downstream",
        "bridge",   "expander",  "host-bridge",     NULL };
static const char *const express_names[] = { "never", "below-port", "express-bus", "always", NULL };
static const char *const io_names[] = { "root-complex", "below-port", "conventional", NULL };
static const char *const bus_name_names[] = { "id.N", "id", "fixed", NULL };
static const char *const extra_places[] = { "first-free", NULL };

static const QrField child_bus_fields[] = {
  { "type", QR_FIELD_STRING, offsetof (QrChildBus, type), .flags = QR_FIELD_REQUIRED },
  { "name", QR_FIELD_ENUM, offsetof (QrChildBus, name), .flags = QR_FIELD_REQUIRED,
    .names = bus_name_names },
  { "fixed", QR_FIELD_STRING, offsetof (QrChildBus, fixed) },
  { "count", QR_FIELD_UINT, offsetof (QrChildBus, count), .limit = 64 },
  { "unless", QR_FIELD_STRING, offsetof (QrChildBus, unless) },
  { 0 },
};
static const QrSchema child_bus_schema = { "QrChildBus", sizeof (QrChildBus), child_bus_fields };

static const QrField extra_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrExtraFunction, driver), .flags = QR_FIELD_REQUIRED },
  { "place", QR_FIELD_ENUM, offsetof (QrExtraFunction, place), .flags = QR_FIELD_REQUIRED,
    .names = extra_places },
  { 0 },
};
static const QrSchema extra_schema = { "QrExtraFunction", sizeof (QrExtraFunction), extra_fields };

static const QrField device_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrDeviceType, driver), .flags = QR_FIELD_REQUIRED },
  { "aliases", QR_FIELD_STRINGS, offsetof (QrDeviceType, aliases) },
  { "bus", QR_FIELD_STRING, offsetof (QrDeviceType, bus) },
  { "kind", QR_FIELD_ENUM, offsetof (QrDeviceType, kind), .names = qr_device_kind_names },
  { "express", QR_FIELD_ENUM, offsetof (QrDeviceType, express), .names = express_names },
  { "conventional", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, conventional) },
  { "class", QR_FIELD_CLASS, offsetof (QrDeviceType, class_code) },
  { "io", QR_FIELD_FLAGS, offsetof (QrDeviceType, io), .names = io_names },
  { "hotplug", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, hotplug), .flags = QR_FIELD_DEFAULT_TRUE },
  { "root-only", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, root_only) },
  { "creatable", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, creatable),
    .flags = QR_FIELD_DEFAULT_TRUE },
  { "assigned", QR_FIELD_STRINGS, offsetof (QrDeviceType, assigned) },
  { "buses", QR_FIELD_RECORDS, offsetof (QrDeviceType, buses), offsetof (QrDeviceType, n_buses),
    .records = &child_bus_schema },
  { "properties", QR_FIELD_STRINGS, offsetof (QrDeviceType, properties) },
  { "extra", QR_FIELD_RECORD, offsetof (QrDeviceType, extra), .records = &extra_schema },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrDeviceType, qemu), .names = qr_qemu_versions },
  { "unprobed", QR_FIELD_IGNORED },
  { 0 },
};
const QrSchema qr_device_type_schema = { "QrDeviceType", sizeof (QrDeviceType), device_fields };

static const QrField bus_type_fields[] = {
  { "type", QR_FIELD_STRING, offsetof (QrBusType, type), .flags = QR_FIELD_REQUIRED },
  { "parent", QR_FIELD_STRING, offsetof (QrBusType, parent) },
  { "max", QR_FIELD_UINT, offsetof (QrBusType, max), .limit = 65535 },
  { 0 },
};
const QrSchema qr_bus_type_schema = { "QrBusType", sizeof (QrBusType), bus_type_fields };

gboolean
qr_device_type_is_pci (const QrDeviceType *device)
{
  return device->bus != NULL && strcmp (device->bus, "PCI") == 0;
}

gboolean
qr_device_type_has_property (const QrDeviceType *device, const char *name)
{
  return device->properties != NULL && g_strv_contains (device->properties, name);
}
