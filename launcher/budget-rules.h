/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget-rules.h: rules on what a whole topology uses. check.c has the codes and severities. */
#pragma once

#include "budget.h"
#include "rule.h"

typedef gboolean (*QrBudgetRule) (const QrTopology *topology, const QrBudget *budget,
                                  QrFinding *finding);

gboolean qr_rule_io_windows (const QrTopology *topology, const QrBudget *budget,
                             QrFinding *finding);
gboolean qr_rule_memory64 (const QrTopology *topology, const QrBudget *budget, QrFinding *finding);
