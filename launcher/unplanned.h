/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unplanned.h: machine types on which qriser places nothing, and what they bring along.
 *
 * Knows the records of profiles/machines/unplanned-*.json.
 */
#pragma once

#include "schema.h"

typedef enum
{
  QR_UNPLANNED_ALWAYS,
  QR_UNPLANNED_BARE,     /* only where QEMU adds nothing by default */
  QR_UNPLANNED_DEFAULTS, /* only where it does */
} QrUnplannedWhen;

typedef struct
{
  const char *driver;
  const char *path; /* see survey.h */
  guint32 when;     /* QrUnplannedWhen */
} QrUnplannedFunction;

typedef struct
{
  const char *name;
  const char *type; /* QOM bus type */
  gboolean hotplug; /* see survey.h */
  guint32 when;     /* QrUnplannedWhen */
} QrUnplannedRoot;

typedef struct
{
  const char *const *machines;
  const char *const *archs; /* of QEMU: "aarch64" */
  guint32 qemu;             /* bits of qr_qemu_versions; 0: all */
  const char *fails;        /* why it does not start by itself; NULL: it does */
  const char *fails_bare;   /* the same without what QEMU adds by default */
  const QrUnplannedRoot *roots;
  guint32 n_roots;
  const QrUnplannedFunction *functions;
  guint32 n_functions;
} QrUnplanned;

extern const QrSchema qr_unplanned_schema;
