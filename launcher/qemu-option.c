/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qemu-option.h"

#include <stddef.h>

#include "catalog.h"

static const char *const grammar_names[] = { "flag", "raw", "qemuopts", "keyval", NULL };
static const char *const verb_names[]
    = { "none", "device", "machine", "nodefaults", "global", "incoming", NULL };
static const char *const helps_names[] = { "never", "exact", "list", "last", NULL };
static const char *const effect_names[] = { "pci", "spawn", NULL };

static const QrField form_fields[] = {
  { "effect", QR_FIELD_ENUM, offsetof (QrForm, effect), .flags = QR_FIELD_REQUIRED,
    .names = effect_names },
  { "key", QR_FIELD_STRING, offsetof (QrForm, key) },
  { "is", QR_FIELD_STRINGS, offsetof (QrForm, is) },
  { "is-not", QR_FIELD_STRINGS, offsetof (QrForm, is_not) },
  { "hint", QR_FIELD_STRING, offsetof (QrForm, hint) },
  { 0 },
};
static const QrSchema form_schema = { "QrForm", sizeof (QrForm), form_fields };

static const QrField option_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrOption, name), .flags = QR_FIELD_REQUIRED },
  { "grammar", QR_FIELD_ENUM, offsetof (QrOption, grammar), .flags = QR_FIELD_REQUIRED,
    .names = grammar_names },
  { "json", QR_FIELD_BOOLEAN, offsetof (QrOption, json) },
  { "implied", QR_FIELD_STRING, offsetof (QrOption, implied) },
  { "group", QR_FIELD_STRING, offsetof (QrOption, group) },
  { "merges", QR_FIELD_BOOLEAN, offsetof (QrOption, merges) },
  { "verb", QR_FIELD_ENUM, offsetof (QrOption, verb), .names = verb_names },
  { "informs", QR_FIELD_BOOLEAN, offsetof (QrOption, informs) },
  { "secrets", QR_FIELD_STRINGS, offsetof (QrOption, secrets) },
  { "helps", QR_FIELD_ENUM, offsetof (QrOption, helps), .names = helps_names },
  { "forms", QR_FIELD_RECORDS, offsetof (QrOption, forms), offsetof (QrOption, n_forms),
    .records = &form_schema },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrOption, qemu), .names = qr_qemu_versions },
  { 0 },
};
const QrSchema qr_option_schema = { "QrOption", sizeof (QrOption), option_fields };

static const QrField default_fields[] = {
  { "default", QR_FIELD_STRING, offsetof (QrDefault, name), .flags = QR_FIELD_REQUIRED },
  { "driver", QR_FIELD_STRING, offsetof (QrDefault, driver) },
  { "options", QR_FIELD_STRINGS, offsetof (QrDefault, options) },
  { "drivers", QR_FIELD_STRINGS, offsetof (QrDefault, drivers) },
  { "hint", QR_FIELD_STRING, offsetof (QrDefault, hint) },
  { 0 },
};
const QrSchema qr_default_schema = { "QrDefault", sizeof (QrDefault), default_fields };
