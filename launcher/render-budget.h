/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-budget.h: what a plan uses, for people. */
#pragma once

#include "plan.h"

/* Appends a line: "buses 12 of 256, ...". */
void qr_render_budget (const QrPlan *plan, GString *out);

/* Appends a line with what @device costs, if it is a port or bridge. */
void qr_render_cost (const QrPlan *plan, const QrDevice *device, GString *out);
