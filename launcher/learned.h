/* SPDX-License-Identifier: GPL-2.0-or-later */
/* learned.h: what a QEMU has and the data lacks, as records and as a file that the planner reads.
 */
#pragma once

#include "json-make.h"
#include "probe.h"

/* What the data lacks and no record can be made of. */
typedef struct
{
  const char *what; /* "device", "machine" */
  const char *name;
  const char *reason;
} QrUnlearned;

typedef struct
{
  QrPool *pool;
  QrProbedBinary binary;
  GArray *devices;   /* QrDeviceType */
  GArray *buses;     /* QrBusType */
  GArray *options;   /* QrOption */
  GArray *machines;  /* QrAlike */
  GArray *unlearned; /* QrUnlearned */
} QrLearned;

void qr_learned_clear (QrLearned *learned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrLearned, qr_learned_clear)

/* How many records there are. */
guint qr_learned_count (const QrLearned *learned);

/* Gives @object the lists of an overlay. */
void qr_learned_put (const QrLearned *learned, struct json_object *object);

/* A file of kind "overlay"; @qemu: path of the binary. (transfer full) */
GString *qr_learned_overlay (const QrLearned *learned, const char *qemu) G_GNUC_WARN_UNUSED_RESULT;
