/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "place-rules.h"

#include "bounds.h"
#include "io-space.h"

gboolean
qr_rule_slot_behind_port (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrBusTraits *traits = qr_bus_traits (device->bus->kind);

  return device->addr.slot > traits->last_slot
         && qr_rule_found (finding, "addr", "no slot %x on %s \"%s\"", device->addr.slot,
                           traits->name, device->bus->name);
}

gboolean
qr_rule_no_function_0 (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->addr.function > 0
         && qr_bus_occupant (device->bus, (QrPciAddr){ device->addr.slot, 0 }) == NULL
         && qr_rule_found (finding, "addr",
                           "function %u of slot %x on bus \"%s\" without a function 0",
                           device->addr.function, device->addr.slot, device->bus->name);
}

gboolean
qr_rule_multifunction_missing (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrDevice *first = qr_bus_function_0 (device->bus, device->addr.slot);

  return device->addr.function > 0 && first != NULL && !first->multifunction
         && qr_rule_found (finding, "addr",
                           "%s at function 0 of slot %x on bus \"%s\" is no multifunction device",
                           first->type->driver, device->addr.slot, device->bus->name);
}

gboolean
qr_rule_endpoint_on_upstream (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->bus->kind == QR_BUS_SWITCH_UPSTREAM && device->want != QR_WANT_SWITCH_DOWNSTREAM
         && qr_rule_found (finding, "bus", "%s directly on switch upstream port \"%s\"",
                           device->type->driver, device->bus->name);
}

gboolean
qr_rule_port_below_port (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return qr_device_type_is_port (device->type) && qr_rule_is_below_port (device)
         && qr_rule_found (finding, "bus", "port %s directly below %s \"%s\"", device->type->driver,
                           qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

gboolean
qr_rule_downstream_off_switch (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->want == QR_WANT_SWITCH_DOWNSTREAM && device->bus->kind != QR_BUS_SWITCH_UPSTREAM
         && !qr_rule_is_below_port (device)
         && qr_rule_found (finding, "bus", "switch downstream port on %s \"%s\"",
                           qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

gboolean
qr_rule_upstream_off_port (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->want == QR_WANT_SWITCH_UPSTREAM && !qr_rule_is_below_port (device)
         && device->bus->kind != QR_BUS_SWITCH_UPSTREAM
         && qr_rule_found (finding, "bus", "switch upstream port on %s \"%s\"",
                           qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

gboolean
qr_rule_port_on_conventional (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrBusTraits *traits = qr_bus_traits (device->bus->kind);

  return device->want == QR_WANT_ROOT_PORT && !traits->is_express
         && qr_rule_found (finding, "bus", "root port %s on %s \"%s\"", device->type->driver,
                           traits->name, device->bus->name);
}

gboolean
qr_rule_express_on_conventional (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->bus->kind == QR_BUS_CONVENTIONAL && device->type->express == QR_EXPRESS_ALWAYS
         && (device->want == QR_WANT_ENDPOINT || device->want == QR_WANT_EXPRESS_BRIDGE)
         && qr_rule_found (finding, "bus", "PCI Express %s on conventional PCI bus \"%s\"",
                           device->type->driver, device->bus->name);
}

gboolean
qr_rule_root_only (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->type->root_only && !qr_bus_traits (device->bus->kind)->is_root
         && qr_rule_found (finding, "bus", "%s must sit on a root bus, and \"%s\" is none",
                           device->type->driver, device->bus->name);
}

gboolean
qr_rule_expander_child (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->bus->kind == QR_BUS_EXPANDER && device->type->kind == QR_DEVICE_FUNCTION
         && qr_rule_found (finding, "bus", "%s directly on expander \"%s\"", device->type->driver,
                           device->bus->name);
}

gboolean
qr_rule_path_too_long (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  guint depth = qr_device_depth (device);

  return depth > QR_LIMIT_DEPTH
         && qr_rule_found (finding, "bus",
                           "the way to %s has %u functions; QEMU has room for the path of %d",
                           device->key, depth, QR_LIMIT_DEPTH);
}

/* A link leads to PCI Express functions. Firmware and guests that were tried do go through. */
gboolean
qr_rule_bridge_below_port (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  return device->type->kind == QR_DEVICE_BRIDGE && device->type->express == QR_EXPRESS_NEVER
         && qr_rule_is_below_port (device)
         && qr_rule_found (finding, "bus", "conventional bridge %s directly on %s \"%s\"",
                           device->type->driver, qr_bus_traits (device->bus->kind)->name,
                           device->bus->name);
}

/* On a PCI Express bus that is no root QEMU leaves the old interface out by itself. */
gboolean
qr_rule_virtio_no_interface (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrBusTraits *traits = qr_bus_traits (device->bus->kind);

  return device->type->express == QR_EXPRESS_BELOW_PORT
         && qr_device_says (device, "disable-modern", TRUE)
         && !qr_device_says (device, "disable-legacy", FALSE)
         && (qr_device_says (device, "disable-legacy", TRUE)
             || (traits->is_express && !traits->is_root))
         && qr_rule_found (finding, "disable-modern",
                           "%s on bus \"%s\" has neither virtio's modern nor its old interface",
                           device->type->driver, device->bus->name);
}

/* The port above @device that the line lets have no I/O space, or NULL. */
static const QrDevice *
closing_port (const QrDevice *device)
{
  const QrDevice *above = device;

  do
    above = qr_bus_bridge (above->bus);
  while (above != NULL && above->bus != NULL && (above->opts == NULL || !qr_io_is_shut (above)));
  return above != NULL && above->bus != NULL ? above : NULL;
}

gboolean
qr_rule_io_window_closed (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding)
{
  const QrDevice *port = qr_io_bytes (device) > 0 ? closing_port (device) : NULL;

  return port != NULL
         && qr_rule_found (finding, "bus", "%s has an I/O BAR, and port \"%s\" no I/O window",
                           device->type->driver, port->key);
}
