/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "unplanned.h"

#include "catalog.h"

static const char *const when_names[] = { "always", "nodefaults", "defaults", NULL };

static const QrField root_fields[] = {
  { "bus", QR_FIELD_STRING, offsetof (QrUnplannedRoot, name), .flags = QR_FIELD_REQUIRED },
  { "type", QR_FIELD_STRING, offsetof (QrUnplannedRoot, type), .flags = QR_FIELD_REQUIRED },
  { "hotplug", QR_FIELD_BOOLEAN, offsetof (QrUnplannedRoot, hotplug) },
  { "when", QR_FIELD_ENUM, offsetof (QrUnplannedRoot, when), .names = when_names },
  { 0 },
};
static const QrSchema root_schema = { "QrUnplannedRoot", sizeof (QrUnplannedRoot), root_fields };

static const QrField function_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrUnplannedFunction, driver), .flags = QR_FIELD_REQUIRED },
  { "path", QR_FIELD_STRING, offsetof (QrUnplannedFunction, path), .flags = QR_FIELD_REQUIRED },
  { "when", QR_FIELD_ENUM, offsetof (QrUnplannedFunction, when), .names = when_names },
  { 0 },
};
static const QrSchema function_schema
    = { "QrUnplannedFunction", sizeof (QrUnplannedFunction), function_fields };

static const QrField unplanned_fields[] = {
  { "machines", QR_FIELD_STRINGS, offsetof (QrUnplanned, machines), .flags = QR_FIELD_REQUIRED },
  { "arch", QR_FIELD_STRINGS, offsetof (QrUnplanned, archs), .flags = QR_FIELD_REQUIRED },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrUnplanned, qemu), .names = qr_qemu_versions },
  { "fails", QR_FIELD_STRING, offsetof (QrUnplanned, fails) },
  { "fails-nodefaults", QR_FIELD_STRING, offsetof (QrUnplanned, fails_bare) },
  { "roots", QR_FIELD_RECORDS, offsetof (QrUnplanned, roots), offsetof (QrUnplanned, n_roots),
    .records = &root_schema },
  { "functions", QR_FIELD_RECORDS, offsetof (QrUnplanned, functions),
    offsetof (QrUnplanned, n_functions), .records = &function_schema },
  { 0 },
};
const QrSchema qr_unplanned_schema = { "QrUnplanned", sizeof (QrUnplanned), unplanned_fields };
