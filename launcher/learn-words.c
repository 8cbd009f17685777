/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "learn-words.h"

#include <stddef.h>

static const QrField kind_fields[] = {
  { "parent", QR_FIELD_STRING, offsetof (QrLearnKind, parent), .flags = QR_FIELD_REQUIRED },
  { "kind", QR_FIELD_ENUM, offsetof (QrLearnKind, kind), .flags = QR_FIELD_REQUIRED,
    .names = qr_device_kind_names },
  { 0 },
};
static const QrSchema kind_schema = { "QrLearnKind", sizeof (QrLearnKind), kind_fields };

static const QrField category_fields[] = {
  { "category", QR_FIELD_STRING, offsetof (QrLearnCategory, category), .flags = QR_FIELD_REQUIRED },
  { "class", QR_FIELD_CLASS, offsetof (QrLearnCategory, class_code), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema category_schema
    = { "QrLearnCategory", sizeof (QrLearnCategory), category_fields };

static const QrField back_end_fields[] = {
  { "property", QR_FIELD_STRING, offsetof (QrLearnBackEnd, property), .flags = QR_FIELD_REQUIRED },
  { "words", QR_FIELD_STRINGS, offsetof (QrLearnBackEnd, words), .flags = QR_FIELD_REQUIRED },
  { "value", QR_FIELD_STRING, offsetof (QrLearnBackEnd, value), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema back_end_schema
    = { "QrLearnBackEnd", sizeof (QrLearnBackEnd), back_end_fields };

static const QrField fields[] = {
  { "schema", QR_FIELD_IGNORED },
  { "kind", QR_FIELD_IGNORED },
  { "source", QR_FIELD_IGNORED },
  { "list", QR_FIELD_STRING, offsetof (QrLearnWords, list), .flags = QR_FIELD_REQUIRED },
  { "help", QR_FIELD_STRING, offsetof (QrLearnWords, help), .flags = QR_FIELD_REQUIRED },
  { "no-argument", QR_FIELD_STRING, offsetof (QrLearnWords, no_argument),
    .flags = QR_FIELD_REQUIRED },
  { "device", QR_FIELD_STRING, offsetof (QrLearnWords, device), .flags = QR_FIELD_REQUIRED },
  { "express", QR_FIELD_STRING, offsetof (QrLearnWords, express), .flags = QR_FIELD_REQUIRED },
  { "conventional", QR_FIELD_STRING, offsetof (QrLearnWords, conventional),
    .flags = QR_FIELD_REQUIRED },
  { "port", QR_FIELD_STRING, offsetof (QrLearnWords, port), .flags = QR_FIELD_REQUIRED },
  { "bridge", QR_FIELD_STRING, offsetof (QrLearnWords, bridge), .flags = QR_FIELD_REQUIRED },
  { "kinds", QR_FIELD_RECORDS, offsetof (QrLearnWords, kinds), offsetof (QrLearnWords, n_kinds),
    .records = &kind_schema },
  { "categories", QR_FIELD_RECORDS, offsetof (QrLearnWords, categories),
    offsetof (QrLearnWords, n_categories), .records = &category_schema },
  { "backends", QR_FIELD_RECORDS, offsetof (QrLearnWords, back_ends),
    offsetof (QrLearnWords, n_back_ends), .records = &back_end_schema },
  { 0 },
};
const QrSchema qr_learn_words_schema = { "QrLearnWords", sizeof (QrLearnWords), fields };
