/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget-rules.h: rules on a whole topology: what it uses of what is scarce, and who shares what.
 * check.c has the codes and severities. */
#pragma once

#include "budget.h"
#include "rule.h"

typedef gboolean (*QrBudgetRule) (const QrTopology *topology, const QrBudget *budget,
                                  QrFinding *finding);

/* The largest users of I/O windows and their windows: "a 3, b 1 and 12 more"; "": there are
 * none. (transfer full) */
char *qr_io_holders_format (const QrBudget *budget);

/* The same of large BARs: "a 64 GiB, b unknown". (transfer full) */
char *qr_hole64_holders_format (const QrBudget *budget);

/* A root bus needs more numbers than there are before the next expander's, or in all. */
gboolean qr_rule_bus_numbers (const QrTopology *topology, const QrBudget *budget,
                              QrFinding *finding);
gboolean qr_rule_io_windows (const QrTopology *topology, const QrBudget *budget,
                             QrFinding *finding);
gboolean qr_rule_memory64 (const QrTopology *topology, const QrBudget *budget, QrFinding *finding);

/* Functions that an IOMMU of the guest's cannot keep apart. Linux, drivers/iommu/iommu.c,
 * pci_device_group(): a port without Access Control Services makes one group of all below. In
 * QEMU root ports have them, switch ports do not (hw/pci-bridge/xio3130_downstream.c). */
gboolean qr_rule_isolation (const QrTopology *topology, const QrBudget *budget, QrFinding *finding);
