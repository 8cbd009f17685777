/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "confinement.h"

#include <stddef.h>
#include <string.h>

const char *const qr_need_names[]
    = { "desktop",  "jit",       "9p",    "numa",     "client",     "server", "vsock",  "postcopy",
        "io-uring", "daemonize", "spawn", "identity", "privileged", "kernel", NULL };
G_STATIC_ASSERT (G_N_ELEMENTS (qr_need_names) == QR_N_NEEDS + 1);

static const QrField need_fields[] = {
  { "need", QR_FIELD_ENUM, offsetof (QrNeedRecord, need), .flags = QR_FIELD_REQUIRED,
    .names = qr_need_names },
  { "what", QR_FIELD_STRING, offsetof (QrNeedRecord, what), .flags = QR_FIELD_REQUIRED },
  { "hint", QR_FIELD_STRING, offsetof (QrNeedRecord, hint) },
  { "automatic", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, automatic) },
  { "soft", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, soft) },
  { "named", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, named) },
  { "unseen", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, unseen) },
  { "preset", QR_FIELD_BOOLEAN, offsetof (QrNeedRecord, preset) },
  { "overlay", QR_FIELD_STRING, offsetof (QrNeedRecord, overlay) },
  { 0 },
};
const QrSchema qr_need_schema = { "QrNeedRecord", sizeof (QrNeedRecord), need_fields };

static const QrField level_fields[] = {
  { "profile", QR_FIELD_STRING, offsetof (QrLevel, profile), .flags = QR_FIELD_REQUIRED },
  { "serves", QR_FIELD_FLAGS, offsetof (QrLevel, serves), .names = qr_need_names },
  { "adds", QR_FIELD_FLAGS, offsetof (QrLevel, adds), .names = qr_need_names },
  { "narrows", QR_FIELD_FLAGS, offsetof (QrLevel, narrows), .names = qr_need_names },
  { "named", QR_FIELD_BOOLEAN, offsetof (QrLevel, named) },
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
    if (!levels[i].named && (needs & ~(levels[i].serves | levels[i].adds)) == 0)
      return &levels[i];
  return &levels[n - 1];
}

/* The need whose name or, with @overlay set, whose overlay's name is @text; NULL: none. */
static const QrNeedRecord *
find_need (const char *text, const QrNeedRecord *needs, guint32 n, gboolean overlay)
{
  for (guint32 i = 0; i < n; i++)
    {
      const char *name = overlay ? needs[i].overlay : qr_need_names[needs[i].need];

      if (name != NULL && strcmp (name, text) == 0)
        return &needs[i];
    }
  return NULL;
}

static gboolean
read_part (const char *text, const QrNeedRecord *needs, guint32 n, QrChoice *out)
{
  const QrNeedRecord *part = find_need (text, needs, n, FALSE),
                     *overlay = find_need (text, needs, n, TRUE);

  if (part != NULL)
    out->with |= 1u << part->need;
  if (overlay != NULL)
    out->without |= 1u << overlay->need;
  return (part != NULL || overlay != NULL)
         && (out->with & ~(out->level->adds | out->level->narrows)) == 0
         && (out->without & out->with) == 0;
}

static const QrLevel *
find_level (const char *name, const QrLevel *levels, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    if (strcmp (levels[i].profile, name) == 0)
      return &levels[i];
  return NULL;
}

gboolean
qr_choice_read (const char *name, const QrNeedRecord *needs, guint32 n_needs, const QrLevel *levels,
                guint32 n_levels, QrChoice *out)
{
  g_auto (GStrv) words = g_strsplit (name, "+", -1);

  *out = (QrChoice){ words[0] == NULL ? NULL : find_level (words[0], levels, n_levels), 0, 0 };
  for (guint i = 1; out->level != NULL && words[i] != NULL; i++)
    if (!read_part (words[i], needs, n_needs, out))
      return FALSE;
  return out->level != NULL;
}

gboolean
qr_choice_is_as_tight (const QrChoice *choice, const QrChoice *other)
{
  guint32 mine = (choice->level->serves | choice->with) & ~choice->without,
          theirs = (other->level->serves | other->with) & ~other->without;

  return choice->level <= other->level && (mine & ~theirs) == 0;
}
