/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-parts.h: what the forms of a plan share. */
#pragma once

#include "plan.h"

/* What a function is in its place, in the words of the field: "endpoint", "root-port", ... */
const char *qr_render_kind (const QrDevice *device);

/* Who made a function: "user", "option", "default", "machine" or "added" by qriser. */
const char *qr_render_origin (const QrDevice *device);

/* What the line had for @device: "-nic user" for a device that qriser wrote; secrets hidden.
 * NULL when the line had nothing. (transfer none): owned by the plan */
const char *qr_render_source (const QrPlan *plan, const QrDevice *device);

/* Where a device of the line is written: "argument 3", or "vm.list:2". (transfer none): owned by
 * the plan */
const char *qr_render_where (const QrPlan *plan, const QrOptList *opts);

/* The word of a device list as it is written, and an option's argument; secrets hidden.
 * (transfer full) */
char *qr_render_word (const QrPlan *plan, const QrRoleUse *use) G_GNUC_WARN_UNUSED_RESULT;
char *qr_render_value (const QrPlan *plan, const QrItem *item) G_GNUC_WARN_UNUSED_RESULT;

/* Appends a line for each QrWarning: severity, text, code and argument. */
void qr_render_warnings (const GPtrArray *warnings, GString *out);

/* The argv with its secrets hidden, ended by NULL. (transfer full) */
char **qr_render_redacted (const QrPlan *plan) G_GNUC_WARN_UNUSED_RESULT;
