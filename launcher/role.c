/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role.h"

#include <stddef.h>

static const char *const verb_names[] = { "plain", "image", "sum", NULL };
static const char *const finds_names[] = { "nothing", "firmware", NULL };

static const QrField rename_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrRoleRename, key), .flags = QR_FIELD_REQUIRED },
  { "as", QR_FIELD_STRING, offsetof (QrRoleRename, as), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema rename_schema = { "QrRoleRename", sizeof (QrRoleRename), rename_fields };

static const QrField from_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrRoleFrom, key), .flags = QR_FIELD_REQUIRED },
  { "word", QR_FIELD_STRING, offsetof (QrRoleFrom, word), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema from_schema = { "QrRoleFrom", sizeof (QrRoleFrom), from_fields };

static const QrField default_fields[] = {
  { "text", QR_FIELD_STRING, offsetof (QrRoleDefault, text), .flags = QR_FIELD_REQUIRED },
  { "unless", QR_FIELD_STRINGS, offsetof (QrRoleDefault, unless) },
  { 0 },
};
static const QrSchema default_schema = { "QrRoleDefault", sizeof (QrRoleDefault), default_fields };

static const QrField variant_fields[] = {
  { "is", QR_FIELD_STRINGS, offsetof (QrRoleVariant, is) },
  { "begins", QR_FIELD_STRING, offsetof (QrRoleVariant, begins) },
  { "text", QR_FIELD_STRING, offsetof (QrRoleVariant, text) },
  { "again", QR_FIELD_STRING, offsetof (QrRoleVariant, again) },
  { "takes", QR_FIELD_STRING, offsetof (QrRoleVariant, takes) },
  { "from", QR_FIELD_RECORDS, offsetof (QrRoleVariant, from), offsetof (QrRoleVariant, n_from),
    .records = &from_schema },
  { "path", QR_FIELD_BOOLEAN, offsetof (QrRoleVariant, path) },
  { "counts", QR_FIELD_STRING, offsetof (QrRoleVariant, counts) },
  { "unit", QR_FIELD_STRING, offsetof (QrRoleVariant, unit) },
  { "not-on", QR_FIELD_STRINGS, offsetof (QrRoleVariant, not_on) },
  { "defaults", QR_FIELD_RECORDS, offsetof (QrRoleVariant, defaults),
    offsetof (QrRoleVariant, n_defaults), .records = &default_schema },
  { "needs", QR_FIELD_STRINGS, offsetof (QrRoleVariant, needs) },
  { "renames", QR_FIELD_RECORDS, offsetof (QrRoleVariant, renames),
    offsetof (QrRoleVariant, n_renames), .records = &rename_schema },
  { 0 },
};
static const QrSchema variant_schema = { "QrRoleVariant", sizeof (QrRoleVariant), variant_fields };

static const QrField condition_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrRoleCondition, key), .flags = QR_FIELD_REQUIRED },
  { "is", QR_FIELD_STRINGS, offsetof (QrRoleCondition, is) },
  { "is-not", QR_FIELD_STRINGS, offsetof (QrRoleCondition, is_not) },
  { 0 },
};
static const QrSchema condition_schema
    = { "QrRoleCondition", sizeof (QrRoleCondition), condition_fields };

static const QrField mention_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrRoleMention, option), .flags = QR_FIELD_REQUIRED },
  { "key", QR_FIELD_STRING, offsetof (QrRoleMention, key) },
  { 0 },
};
static const QrSchema mention_schema = { "QrRoleMention", sizeof (QrRoleMention), mention_fields };

static const QrField fill_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrRoleFill, key) },
  { "option", QR_FIELD_STRING, offsetof (QrRoleFill, option), .flags = QR_FIELD_REQUIRED },
  { "from", QR_FIELD_STRING, offsetof (QrRoleFill, from), .flags = QR_FIELD_REQUIRED },
  { "unit", QR_FIELD_STRING, offsetof (QrRoleFill, unit), .flags = QR_FIELD_REQUIRED },
  { "default", QR_FIELD_STRING, offsetof (QrRoleFill, otherwise), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema fill_schema = { "QrRoleFill", sizeof (QrRoleFill), fill_fields };

static const QrField part_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrRolePart, option), .flags = QR_FIELD_REQUIRED },
  { "side", QR_FIELD_STRING, offsetof (QrRolePart, side) },
  { "closed", QR_FIELD_BOOLEAN, offsetof (QrRolePart, closed) },
  { "when", QR_FIELD_RECORD, offsetof (QrRolePart, when), .records = &condition_schema },
  { "once", QR_FIELD_BOOLEAN, offsetof (QrRolePart, once) },
  { "unless", QR_FIELD_RECORDS, offsetof (QrRolePart, unless), offsetof (QrRolePart, n_unless),
    .records = &mention_schema },
  { "fill", QR_FIELD_RECORD, offsetof (QrRolePart, fill), .records = &fill_schema },
  { "by", QR_FIELD_STRING, offsetof (QrRolePart, by) },
  { "verb", QR_FIELD_ENUM, offsetof (QrRolePart, verb), .names = verb_names },
  { "text", QR_FIELD_STRING, offsetof (QrRolePart, text) },
  { "variants", QR_FIELD_RECORDS, offsetof (QrRolePart, variants),
    offsetof (QrRolePart, n_variants), .records = &variant_schema },
  { 0 },
};
static const QrSchema part_schema = { "QrRolePart", sizeof (QrRolePart), part_fields };

static const QrField choice_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrRoleChoice, key), .flags = QR_FIELD_REQUIRED },
  { "default", QR_FIELD_STRING, offsetof (QrRoleChoice, otherwise), .flags = QR_FIELD_REQUIRED },
  { "words", QR_FIELD_STRINGS, offsetof (QrRoleChoice, words) },
  { 0 },
};
static const QrSchema choice_schema = { "QrRoleChoice", sizeof (QrRoleChoice), choice_fields };

static const QrField role_fields[] = {
  { "role", QR_FIELD_STRING, offsetof (QrRole, role), .flags = QR_FIELD_REQUIRED },
  { "help", QR_FIELD_STRING, offsetof (QrRole, help), .flags = QR_FIELD_REQUIRED },
  { "value", QR_FIELD_STRING, offsetof (QrRole, value), .flags = QR_FIELD_REQUIRED },
  { "default", QR_FIELD_STRING, offsetof (QrRole, otherwise) },
  { "finds", QR_FIELD_ENUM, offsetof (QrRole, finds), .names = finds_names },
  { "choices", QR_FIELD_RECORDS, offsetof (QrRole, choices), offsetof (QrRole, n_choices),
    .records = &choice_schema },
  { "parts", QR_FIELD_RECORDS, offsetof (QrRole, parts), offsetof (QrRole, n_parts),
    .flags = QR_FIELD_REQUIRED, .records = &part_schema },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
const QrSchema qr_role_schema = { "QrRole", sizeof (QrRole), role_fields };

static const QrField keys_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrOptionKeys, option), .flags = QR_FIELD_REQUIRED },
  { "type", QR_FIELD_STRING, offsetof (QrOptionKeys, type) },
  { "base", QR_FIELD_STRING, offsetof (QrOptionKeys, base) },
  { "keys", QR_FIELD_STRINGS, offsetof (QrOptionKeys, keys), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
const QrSchema qr_option_keys_schema = { "QrOptionKeys", sizeof (QrOptionKeys), keys_fields };
