/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live-compare.h: a plan against QEMU's objects, and against what a guest sees.
 *
 * Differences are added to FAULTS, one or more lines each, as TAP comments.
 */
#pragma once

#include <json-c/json.h>

#include "vmlib.h"

/* A function of the plan. */
typedef struct
{
  const char *path, *driver, *id, *kind, *rule;
  gboolean multifunction;
} Planned;

/* The functions (Planned) of the plan; they point into it. */
extern GPtrArray *live_planned (struct json_object *plan);
extern const Planned *live_find_planned (const GPtrArray *plan, const char *path);

/* A diagnostic; the lines of the text come out as TAP comments. */
extern void live_note (GString *faults, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The plan against QEMU's object tree / what the guest found. */
extern void live_compare_objects (const GPtrArray *plan, const GPtrArray *functions, GString *faults);
extern void live_compare_seen (const GPtrArray *plan, const GPtrArray *seen, GString *faults);

/* The functions through qriser against those of plain QEMU. */
extern void live_compare_places (const GPtrArray *functions, const GPtrArray *plain, GString *faults);

/* "DRIVER ID on BUS" of each device of "info qtree" that is no PCI function, sorted. */
extern char *live_buses (const char *qtree);
