/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-rules.h: rules on where a device is: what may be on which bus, at which slot.
 *
 * Each is a QrRuleFind; check.c has the codes, severities and hints.
 *
 * Sources: PCI Express Base Specification 1.3 and 7.3.1; QEMU docs/pcie.txt and
 *          hw/pci/pci.c, do_pci_register_device(), pci_init_multifunction();
 *          hw/virtio/virtio-pci.c, virtio_pci_realize(); SeaBIOS src/fw/pciinit.c,
 *          pci_bios_check_devices() (io-reserve), as tried.
 */
#pragma once

#include "rule.h"

gboolean qr_rule_slot_behind_port (QrRuleMemory *memory, const QrDevice *device,
                                   QrFinding *finding);
gboolean qr_rule_no_function_0 (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_multifunction_missing (QrRuleMemory *memory, const QrDevice *device,
                                        QrFinding *finding);
gboolean qr_rule_endpoint_on_upstream (QrRuleMemory *memory, const QrDevice *device,
                                       QrFinding *finding);
gboolean qr_rule_port_below_port (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_downstream_off_switch (QrRuleMemory *memory, const QrDevice *device,
                                        QrFinding *finding);
gboolean qr_rule_upstream_off_port (QrRuleMemory *memory, const QrDevice *device,
                                    QrFinding *finding);
gboolean qr_rule_port_on_conventional (QrRuleMemory *memory, const QrDevice *device,
                                       QrFinding *finding);
gboolean qr_rule_express_on_conventional (QrRuleMemory *memory, const QrDevice *device,
                                          QrFinding *finding);
gboolean qr_rule_root_only (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_expander_child (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_path_too_long (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);
gboolean qr_rule_bridge_below_port (QrRuleMemory *memory, const QrDevice *device,
                                    QrFinding *finding);
gboolean qr_rule_virtio_no_interface (QrRuleMemory *memory, const QrDevice *device,
                                      QrFinding *finding);
gboolean qr_rule_io_window_closed (QrRuleMemory *memory, const QrDevice *device,
                                   QrFinding *finding);
