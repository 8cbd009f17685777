/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number-rules.h: rules on the numbers that devices bear: chassis, slot, bus and order.
 *
 * Each is a QrRuleFind; check.c has the codes, severities and hints.
 *
 * Sources: QEMU qapi/string-input-visitor.c, parse_type_int64() (numbers in text);
 *          hw/pci/pcie_port.c, pcie_chassis_add_slot(); hw/pci/pcie.c, pcie_cap_slot_init()
 *          (13 bits of the slot number); hw/pci-bridge/pci_expander_bridge.c,
 *          pxb_register_bus(); system/bootdevice.c, check_boot_index(); hw/acpi/pcihp.c,
 *          acpi_pcihp_device_plug_cb() (QEMU 7.2 looks at acpi-index only where it
 *          hot-plugs by ACPI).
 */
#pragma once

#include "rule.h"

gboolean qr_rule_physical_slot_taken (QrRuleMemory *memory, const QrDevice *device,
                                      QrFinding *finding);
gboolean qr_rule_bridge_chassis (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_expander_number (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_number_range (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_expander_hidden (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_bridge_chassis_taken (QrRuleMemory *memory, const QrDevice *device,
                                       QrFinding *finding);
gboolean qr_rule_slot_number_wide (QrRuleMemory *memory, const QrDevice *device,
                                   QrFinding *finding);
gboolean qr_rule_acpi_index_twice (QrRuleMemory *memory, const QrDevice *device,
                                   QrFinding *finding);
gboolean qr_rule_bootindex_twice (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_addr_hexadecimal (QrRuleMemory *memory, const QrDevice *device,
                                   QrFinding *finding);
