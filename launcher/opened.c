/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "opened.h"

static const char *const access_names[]
    = { "read",       "write",  "create",  "socket",  "device",   "share",   "temporary", "image",
        "image-read", "listen", "display", "forward", "any-port", "unknown", NULL };

static const QrField opened_fields[] = {
  { "option", QR_FIELD_STRING, offsetof (QrOpened, option) },
  { "needs", QR_FIELD_FLAGS, offsetof (QrOpened, needs), .names = qr_need_names },
  { "when", QR_FIELD_RECORDS, offsetof (QrOpened, when), offsetof (QrOpened, n_when),
    .records = &qr_condition_schema },
  { "key", QR_FIELD_STRING, offsetof (QrOpened, key) },
  { "deep", QR_FIELD_BOOLEAN, offsetof (QrOpened, deep) },
  { "after", QR_FIELD_STRINGS, offsetof (QrOpened, after) },
  { "above", QR_FIELD_STRING, offsetof (QrOpened, above) },
  { "cut", QR_FIELD_BOOLEAN, offsetof (QrOpened, cut) },
  { "between", QR_FIELD_STRING, offsetof (QrOpened, between) },
  { "paths", QR_FIELD_STRINGS, offsetof (QrOpened, paths) },
  { "endings", QR_FIELD_STRINGS, offsetof (QrOpened, endings) },
  { "access", QR_FIELD_ENUM, offsetof (QrOpened, access), .flags = QR_FIELD_REQUIRED,
    .names = access_names },
  { "formats", QR_FIELD_STRINGS, offsetof (QrOpened, formats) },
  { "fixed", QR_FIELD_STRINGS, offsetof (QrOpened, fixed) },
  { "temporary", QR_FIELD_STRINGS, offsetof (QrOpened, temporary) },
  { "what", QR_FIELD_STRING, offsetof (QrOpened, what) },
  { 0 },
};
const QrSchema qr_opened_schema = { "QrOpened", sizeof (QrOpened), opened_fields };

const char *
qr_opened_name (const char *option, guint32 index, char *name)
{
  (void) g_snprintf (name, QR_OPENED_NAME, "%u %s", index, option == NULL ? "-" : option);
  return name;
}
