/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "confinement.h"

#include <stddef.h>
#include <string.h>

const char *const qr_need_names[] = { "desktop",  "daemonize",  "spawn",  "identity",
                                      "io-uring", "privileged", "kernel", NULL };
G_STATIC_ASSERT (G_N_ELEMENTS (qr_need_names) == QR_N_NEEDS + 1);

static const QrField need_fields[] = {
  { "need", QR_FIELD_ENUM, offsetof (QrNeedRecord, need), .flags = QR_FIELD_REQUIRED,
    .names = qr_need_names },
  { "what", QR_FIELD_STRING, offsetof (QrNeedRecord, what), .flags = QR_FIELD_REQUIRED },
  { "hint", QR_FIELD_STRING, offsetof (QrNeedRecord, hint) },
  { "automatic", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, automatic) },
  { "soft", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, soft) },
  { 0 },
};
const QrSchema qr_need_schema = { "QrNeedRecord", sizeof (QrNeedRecord), need_fields };

static const QrField level_fields[] = {
  { "profile", QR_FIELD_STRING, offsetof (QrLevel, profile), .flags = QR_FIELD_REQUIRED },
  { "serves", QR_FIELD_FLAGS, offsetof (QrLevel, serves), .names = qr_need_names },
  { 0 },
};
const QrSchema qr_level_schema = { "QrLevel", sizeof (QrLevel), level_fields };

gboolean
qr_confinement_check (const QrNeedRecord *needs, guint n_needs, const QrLevel *levels,
                      guint n_levels, GError **error)
{
  const guint32 all = (1u << QR_N_NEEDS) - 1;
  guint32 described = 0, served = n_levels == 0 ? 0 : levels[n_levels - 1].serves;

  for (guint i = 0; i < n_needs; i++)
    described |= 1u << needs[i].need;
  if ((n_needs == 0 && n_levels == 0)
      || (n_needs == QR_N_NEEDS && described == all && served == all))
    return TRUE;
  qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                "each need must be described once, and the last level serve them all");
  return FALSE;
}

const QrLevel *
qr_levels_choose (const QrLevel *levels, guint32 n, guint32 needs)
{
  for (guint32 i = 0; i + 1 < n; i++)
    if ((needs & ~levels[i].serves) == 0)
      return &levels[i];
  return &levels[n - 1];
}

const QrLevel *
qr_levels_find (const QrLevel *levels, guint32 n, const char *name)
{
  for (guint32 i = 0; i < n; i++)
    if (strcmp (levels[i].profile, name) == 0)
      return &levels[i];
  return NULL;
}
