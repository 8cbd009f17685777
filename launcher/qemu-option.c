/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qemu-option.h"

#include <stddef.h>
#include <string.h>

#include "catalog.h"

static const char *const grammar_names[] = { "flag", "raw", "qemuopts", "keyval", NULL };
static const char *const verb_names[]
    = { "none", "device", "machine",   "nodefaults", "global",  "incoming", "vga",
        "nic",  "net",    "netdev",    "drive",      "console", "share",    "sound",
        "file", "set",    "no-config", "object",     "own",     "confine",  "identity",
        NULL };
static const char *const helps_names[] = { "never", "exact", "list", "last", NULL };
static const char *const effect_names[]
    = { "pci",     "needs",      "pass",    "informs", "place", "firmware", "spares",
        "monitor", "no-monitor", "forbids", "closes",  "frees", NULL };

static const QrField condition_fields[] = {
  { "key", QR_FIELD_STRING, offsetof (QrCondition, key) },
  { "deep", QR_FIELD_BOOLEAN, offsetof (QrCondition, deep) },
  { "is", QR_FIELD_STRINGS, offsetof (QrCondition, is) },
  { "is-not", QR_FIELD_STRINGS, offsetof (QrCondition, is_not) },
  { "begins", QR_FIELD_STRINGS, offsetof (QrCondition, begins) },
  { "holds", QR_FIELD_STRINGS, offsetof (QrCondition, holds) },
  { "lacks", QR_FIELD_STRINGS, offsetof (QrCondition, lacks) },
  { "absent", QR_FIELD_BOOLEAN, offsetof (QrCondition, absent) },
  { 0 },
};
const QrSchema qr_condition_schema = { "QrCondition", sizeof (QrCondition), condition_fields };

static const QrField form_fields[] = {
  { "effect", QR_FIELD_ENUM, offsetof (QrForm, effect), .flags = QR_FIELD_REQUIRED,
    .names = effect_names },
  { "needs", QR_FIELD_FLAGS, offsetof (QrForm, needs), .names = qr_need_names },
  { "when", QR_FIELD_RECORDS, offsetof (QrForm, when), offsetof (QrForm, n_when),
    .records = &qr_condition_schema },
  { "hint", QR_FIELD_STRING, offsetof (QrForm, hint) },
  { 0 },
};
static const QrSchema form_schema = { "QrForm", sizeof (QrForm), form_fields };

static const QrField model_fields[] = {
  { "model", QR_FIELD_STRING, offsetof (QrModel, name), .flags = QR_FIELD_REQUIRED },
  { "driver", QR_FIELD_STRING, offsetof (QrModel, driver) },
  { "codec", QR_FIELD_STRING, offsetof (QrModel, codec) },
  { "fixed", QR_FIELD_STRINGS, offsetof (QrModel, fixed) },
  { "turns", QR_FIELD_STRINGS, offsetof (QrModel, turns) },
  { 0 },
};
static const QrSchema model_schema = { "QrModel", sizeof (QrModel), model_fields };

static const QrField option_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrOption, name), .flags = QR_FIELD_REQUIRED },
  { "grammar", QR_FIELD_ENUM, offsetof (QrOption, grammar), .flags = QR_FIELD_REQUIRED,
    .names = grammar_names },
  { "json", QR_FIELD_BOOLEAN, offsetof (QrOption, json) },
  { "implied", QR_FIELD_STRING, offsetof (QrOption, implied) },
  { "group", QR_FIELD_STRING, offsetof (QrOption, group) },
  { "section", QR_FIELD_STRING, offsetof (QrOption, section) },
  { "merges", QR_FIELD_BOOLEAN, offsetof (QrOption, merges) },
  { "verb", QR_FIELD_ENUM, offsetof (QrOption, verb), .names = verb_names },
  { "informs", QR_FIELD_BOOLEAN, offsetof (QrOption, informs) },
  { "secrets", QR_FIELD_STRINGS, offsetof (QrOption, secrets) },
  { "accepts", QR_FIELD_RECORDS, offsetof (QrOption, accepts), offsetof (QrOption, n_accepts),
    .records = &qr_condition_schema },
  { "helps", QR_FIELD_ENUM, offsetof (QrOption, helps), .names = helps_names },
  { "forms", QR_FIELD_RECORDS, offsetof (QrOption, forms), offsetof (QrOption, n_forms),
    .records = &form_schema },
  { "preset", QR_FIELD_STRING, offsetof (QrOption, preset) },
  { "models", QR_FIELD_RECORDS, offsetof (QrOption, models), offsetof (QrOption, n_models),
    .records = &model_schema },
  { "back-end", QR_FIELD_STRING, offsetof (QrOption, back_end) },
  { "carries", QR_FIELD_STRINGS, offsetof (QrOption, carries) },
  { "drops", QR_FIELD_STRINGS, offsetof (QrOption, drops) },
  { "tails", QR_FIELD_STRINGS, offsetof (QrOption, tails) },
  { "roots", QR_FIELD_STRINGS, offsetof (QrOption, roots) },
  { "audio", QR_FIELD_BOOLEAN, offsetof (QrOption, audio) },
  { "gives", QR_FIELD_STRINGS, offsetof (QrOption, gives) },
  { "qemu", QR_FIELD_FLAGS, offsetof (QrOption, qemu), .names = qr_qemu_versions },
  { 0 },
};
const QrSchema qr_option_schema = { "QrOption", sizeof (QrOption), option_fields };

static const QrField default_fields[] = {
  { "default", QR_FIELD_STRING, offsetof (QrDefault, name), .flags = QR_FIELD_REQUIRED },
  { "machines", QR_FIELD_STRINGS, offsetof (QrDefault, machines) },
  { "options", QR_FIELD_STRINGS, offsetof (QrDefault, options) },
  { "drivers", QR_FIELD_STRINGS, offsetof (QrDefault, drivers) },
  { "by", QR_FIELD_STRINGS, offsetof (QrDefault, by) },
  { "begins", QR_FIELD_STRINGS, offsetof (QrDefault, begins) },
  { "words", QR_FIELD_STRINGS, offsetof (QrDefault, words) },
  { "machine-vga", QR_FIELD_BOOLEAN, offsetof (QrDefault, machine_vga) },
  { "machine-nic", QR_FIELD_BOOLEAN, offsetof (QrDefault, machine_nic) },
  { "console", QR_FIELD_STRINGS, offsetof (QrDefault, console) },
  { "joins", QR_FIELD_STRING, offsetof (QrDefault, joins) },
  { "joined", QR_FIELD_STRINGS, offsetof (QrDefault, joined) },
  { "without", QR_FIELD_STRING, offsetof (QrDefault, without) },
  { "bare", QR_FIELD_STRINGS, offsetof (QrDefault, bare) },
  { "off", QR_FIELD_STRINGS, offsetof (QrDefault, off) },
  { "stays", QR_FIELD_BOOLEAN, offsetof (QrDefault, stays) },
  { "needs", QR_FIELD_FLAGS, offsetof (QrDefault, needs), .names = qr_need_names },
  { 0 },
};
const QrSchema qr_default_schema = { "QrDefault", sizeof (QrDefault), default_fields };

const QrModel *
qr_option_find_model (const QrOption *option, const char *name)
{
  for (guint32 i = 0; i < option->n_models; i++)
    if (strcmp (option->models[i].name, name) == 0)
      return &option->models[i];
  return NULL;
}

int
qr_option_compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const QrOption *) a)->name, ((const QrOption *) b)->name);
}
