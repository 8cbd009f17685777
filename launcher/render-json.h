/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-json.h: a plan as JSON, schema 1; what was found, and what differs. The stable
 * interface for programs. */
#pragma once

#include "diff.h"
#include "plan.h"

/* A list of QrWarning. (transfer full) */
GString *qr_render_json_findings (const GPtrArray *warnings) G_GNUC_WARN_UNUSED_RESULT;

/* A list of QrDifference. (transfer full) */
GString *qr_render_json_diff (const GArray *differences) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): the document and a final newline */
GString *qr_render_json (const QrPlan *plan) G_GNUC_WARN_UNUSED_RESULT;
