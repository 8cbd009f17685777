/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "catalog.h"

#include <stddef.h>
#include <string.h>

#include "pci-addr.h"

const char *const qr_qemu_versions[] = { "7.2", "10.0", "5.1", NULL };

const char *const qr_device_kind_names[]
    = { "function", "root-port", "switch-upstream", "switch-downstream",
        "bridge",   "expander",  "host-bridge",     NULL };
const char *const qr_express_names[] = { "never", "below-port", "express-bus", "always", NULL };
static const char *const io_names[] = { "root-complex", "below-port", "conventional", NULL };
static const char *const bus_name_names[] = { "id.N", "id", "fixed", NULL };
static const char *const extra_places[] = { "first-free", "inside", NULL };

static const QrField child_bus_fields[] = {
  { "type", QR_FIELD_STRING, offsetof (QrChildBus, type), .flags = QR_FIELD_REQUIRED },
  { "name", QR_FIELD_ENUM, offsetof (QrChildBus, name), .flags = QR_FIELD_REQUIRED,
    .names = bus_name_names },
  { "fixed", QR_FIELD_STRING, offsetof (QrChildBus, fixed) },
  { "count", QR_FIELD_UINT, offsetof (QrChildBus, count), .limit = 64 },
  { "unless", QR_FIELD_STRING, offsetof (QrChildBus, unless) },
  { "unnamed", QR_FIELD_BOOLEAN, offsetof (QrChildBus, unnamed) },
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

static const QrField virtual_fields[] = {
  { "count", QR_FIELD_UINT, offsetof (QrVirtual, count), .limit = QR_PCI_DEVFNS },
  { "property", QR_FIELD_STRING, offsetof (QrVirtual, property) },
  { "offset", QR_FIELD_UINT, offsetof (QrVirtual, offset), .flags = QR_FIELD_REQUIRED,
    .limit = QR_PCI_DEVFNS },
  { "stride", QR_FIELD_UINT, offsetof (QrVirtual, stride), .flags = QR_FIELD_REQUIRED,
    .limit = QR_PCI_DEVFNS },
  { 0 },
};
static const QrSchema virtual_schema = { "QrVirtual", sizeof (QrVirtual), virtual_fields };

static const QrField memory64_fields[] = {
  { "property", QR_FIELD_STRING, offsetof (QrMemory64, property) },
  { "unit", QR_FIELD_UINT, offsetof (QrMemory64, unit), .limit = 1024 * 1024 },
  { "backend", QR_FIELD_STRING, offsetof (QrMemory64, backend) },
  { 0 },
};
static const QrSchema memory64_schema = { "QrMemory64", sizeof (QrMemory64), memory64_fields };

static const QrField device_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrDeviceType, driver), .flags = QR_FIELD_REQUIRED },
  { "aliases", QR_FIELD_STRINGS, offsetof (QrDeviceType, aliases) },
  { "parents", QR_FIELD_STRINGS, offsetof (QrDeviceType, parents) },
  { "bus", QR_FIELD_STRING, offsetof (QrDeviceType, bus) },
  { "kind", QR_FIELD_ENUM, offsetof (QrDeviceType, kind), .names = qr_device_kind_names },
  { "express", QR_FIELD_ENUM, offsetof (QrDeviceType, express), .names = qr_express_names },
  { "conventional", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, conventional) },
  { "class", QR_FIELD_CLASS, offsetof (QrDeviceType, class_code) },
  { "io", QR_FIELD_FLAGS, offsetof (QrDeviceType, io), .names = io_names },
  { "hotplug", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, hotplug), .flags = QR_FIELD_DEFAULT_TRUE },
  { "root-only", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, root_only) },
  { "iommu", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, iommu) },
  { "creatable", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, creatable),
    .flags = QR_FIELD_DEFAULT_TRUE },
  { "assigned", QR_FIELD_STRINGS, offsetof (QrDeviceType, assigned) },
  { "buses", QR_FIELD_RECORDS, offsetof (QrDeviceType, buses), offsetof (QrDeviceType, n_buses),
    .records = &child_bus_schema },
  { "properties", QR_FIELD_STRINGS, offsetof (QrDeviceType, properties) },
  { "extra", QR_FIELD_RECORD, offsetof (QrDeviceType, extra), .records = &extra_schema },
  { "virtual-functions", QR_FIELD_RECORD, offsetof (QrDeviceType, virtual_functions),
    .records = &virtual_schema },
  { "io-bytes", QR_FIELD_UINT, offsetof (QrDeviceType, io_bytes), .limit = 65536 },
  { "memory64", QR_FIELD_RECORDS, offsetof (QrDeviceType, memory64),
    offsetof (QrDeviceType, n_memory64), .records = &memory64_schema },
  { "shpc", QR_FIELD_BOOLEAN, offsetof (QrDeviceType, shpc) },
  { "boots-as", QR_FIELD_STRING, offsetof (QrDeviceType, boots_as) },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrDeviceType, qemu), .names = qr_qemu_versions },
  { "unprobed", QR_FIELD_IGNORED },
  { "architectures", QR_FIELD_IGNORED },
  { 0 },
};
const QrSchema qr_device_type_schema = { "QrDeviceType", sizeof (QrDeviceType), device_fields };

static const QrField bus_type_fields[] = {
  { "type", QR_FIELD_STRING, offsetof (QrBusType, type), .flags = QR_FIELD_REQUIRED },
  { "parent", QR_FIELD_STRING, offsetof (QrBusType, parent) },
  { "devices", QR_FIELD_STRING, offsetof (QrBusType, devices) },
  { "max", QR_FIELD_UINT, offsetof (QrBusType, max), .limit = 65535 },
  { 0 },
};
const QrSchema qr_bus_type_schema = { "QrBusType", sizeof (QrBusType), bus_type_fields };

static const QrField controller_fields[] = {
  { "bus", QR_FIELD_STRING, offsetof (QrController, bus), .flags = QR_FIELD_REQUIRED },
  { "driver", QR_FIELD_STRING, offsetof (QrController, driver), .flags = QR_FIELD_REQUIRED },
  { "id", QR_FIELD_STRING, offsetof (QrController, id), .flags = QR_FIELD_REQUIRED },
  { "units", QR_FIELD_UINT, offsetof (QrController, units), .limit = 65535 },
  { "single", QR_FIELD_STRINGS, offsetof (QrController, single) },
  { 0 },
};
const QrSchema qr_controller_schema = { "QrController", sizeof (QrController), controller_fields };

gboolean
qr_qemu_version_is_good (const char *text)
{
  gsize major = strspn (text, "0123456789");
  gsize minor = text[major] == '.' ? strspn (text + major + 1, "0123456789") : 0;

  return major > 0 && minor > 0
         && (text[major + 1 + minor] == '\0' || text[major + 1 + minor] == '.');
}

gboolean
qr_qemu_version_has (guint32 qemu, const char *version)
{
  for (guint i = 0; version != NULL && qemu != 0 && qr_qemu_versions[i] != NULL; i++)
    {
      gsize length = strlen (qr_qemu_versions[i]);

      if (strncmp (version, qr_qemu_versions[i], length) == 0
          && (version[length] == '\0' || version[length] == '.'))
        return (qemu & 1u << i) != 0;
    }
  return TRUE;
}

gboolean
qr_device_type_is_pci (const QrDeviceType *device)
{
  return device->bus != NULL && strcmp (device->bus, "PCI") == 0;
}

gboolean
qr_device_type_is_port (const QrDeviceType *device)
{
  return device->kind == QR_DEVICE_ROOT_PORT || device->kind == QR_DEVICE_SWITCH_DOWNSTREAM;
}

gboolean
qr_device_type_has_property (const QrDeviceType *device, const char *name)
{
  return device->properties != NULL && g_strv_contains (device->properties, name);
}
