/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number-rules.h: rules on the numbers that devices bear: chassis, slot and bus.
 *
 * Each is a QrRuleFind; check.c has the codes, severities and hints.
 *
 * Sources: QEMU hw/pci/pcie_port.c, pcie_chassis_add_slot(); hw/pci/pci_bridge.c,
 *          pci_bridge_ssvid_init(); hw/pci-bridge/pci_expander_bridge.c, pxb_register_bus().
 */
#pragma once

#include "rule.h"

gboolean qr_rule_physical_slot_taken (QrRuleMemory *memory, const QrDevice *device,
                                      QrFinding *finding);
gboolean qr_rule_bridge_chassis (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_expander_number (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
