/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "confine.h"

#include <string.h>

typedef struct
{
  const QrRequest *request;
  const QrProfiles *profiles;
  const QrConfineOptions *options;
  guint32 needs; /* bits of QrNeed */
} Confine;

/* What the line needs; root does not gain rights by a file, it only starts programs. */
static guint32
needs_of (const QrRequest *request, gboolean is_root)
{
  guint32 needs = request->needs;

  if (is_root && (needs & 1u << QR_NEED_PRIVILEGED) != 0)
    needs = (needs & ~(1u << QR_NEED_PRIVILEGED)) | 1u << QR_NEED_SPAWN;
  return needs;
}

/* The need that the line says it has where @need is asked for. */
static QrNeed
said_need (const Confine *confine, QrNeed need)
{
  return confine->request->needy[need] == NULL && need == QR_NEED_SPAWN ? QR_NEED_PRIVILEGED : need;
}

/* Where the line says that it has @need. */
static const QrItem *
needy_item (const Confine *confine, QrNeed need)
{
  return confine->request->needy[said_need (confine, need)];
}

static guint32
needs_where (const Confine *confine, gboolean (*fits) (const QrNeedRecord *))
{
  guint32 found = 0;

  for (guint need = 0; need < QR_N_NEEDS; need++)
    if (fits (qr_profiles_find_need (confine->profiles, (QrNeed) need)))
      found |= 1u << need;
  return found & confine->needs;
}

static gboolean
is_automatic (const QrNeedRecord *record)
{
  return record->automatic;
}

static gboolean
is_soft (const QrNeedRecord *record)
{
  return record->soft;
}

/* The profile of most lines: nobody needs to be told why. */
static gboolean
is_usual (const Confine *confine, const QrLevel *level)
{
  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((level->serves & 1u << need) != 0
        && !qr_profiles_find_need (confine->profiles, (QrNeed) need)->soft)
      return FALSE;
  return TRUE;
}

/* "option "-x" (argument 3) starts programs" */
static const char *
describe (const Confine *confine, QrNeed need)
{
  const QrNeedRecord *record = qr_profiles_find_need (confine->profiles, need);
  const QrItem *item = needy_item (confine, need);

  if (item == NULL)
    return qr_pool_printf (confine->request->pool, "QEMU %s by default", record->what);
  return qr_pool_printf (confine->request->pool, "option \"%s\" (argument %u) %s", item->word,
                         item->argument, record->what);
}

static gboolean
refuse (const Confine *confine, const QrLevel *level, QrNeed need, GError **error)
{
  const QrProfiles *profiles = confine->profiles;
  const QrNeedRecord *record = qr_profiles_find_need (profiles, need);
  const QrLevel *enough = qr_levels_choose (profiles->levels, profiles->n_levels, confine->needs);
  const QrItem *item = needy_item (confine, need);
  const char *said = confine->request->hints[said_need (confine, need)];
  const char *hint = said != NULL ? said : record->hint;
  const char *way = confine->options->face == QR_FACE_TOOL ? "--" : "-qriser ";
  g_autofree char *whole = g_strdup_printf ("%s%s%sseccomp=%s allows it", hint == NULL ? "" : hint,
                                            hint == NULL ? "" : "; ", way, enough->profile);
  QrPlace place;

  if (item != NULL)
    qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-refuses", item == NULL ? NULL : &place,
                whole, "%s, which seccomp profile \"%s\" refuses", describe (confine, need),
                level->profile);
  return FALSE;
}

/* Refuses what @level does not serve, and warns of what QEMU does without. */
static gboolean
check_level (const Confine *confine, const QrLevel *level, GPtrArray *warnings, GError **error)
{
  guint32 missing = confine->needs & ~level->serves, soft = needs_where (confine, is_soft);

  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrItem *item = needy_item (confine, (QrNeed) need);

      if ((missing & 1u << need) == 0)
        continue;
      if ((soft & 1u << need) == 0)
        return refuse (confine, level, (QrNeed) need, error);
      qr_warnings_add (warnings, "seccomp-refuses", item == NULL ? 0 : item->argument,
                       "%s; seccomp profile \"%s\" may refuse what that takes",
                       describe (confine, (QrNeed) need), level->profile);
    }
  return TRUE;
}

/* What @level serves and the next tighter one does not. */
static const char *
reason (const Confine *confine, const QrLevel *level)
{
  const QrLevel *first = confine->profiles->levels;
  guint32 raised = level == first ? 0 : confine->needs & level->serves & ~level[-1].serves;

  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((raised & 1u << need) != 0)
      return describe (confine, (QrNeed) need);
  return "nothing on the line needs more";
}

/* What is done by executing a program; with another profile than the shipped ones the line tells.
 */
static gboolean
starts_programs (const Confine *confine, const QrLevel *level)
{
  const guint32 needs = 1u << QR_NEED_SPAWN | 1u << QR_NEED_PRIVILEGED;

  return ((level != NULL ? level->serves : confine->needs) & needs) != 0;
}

gboolean
qr_confine (const QrRequest *request, const QrProfiles *profiles, const QrConfineOptions *options,
            GPtrArray *warnings, QrConfinement *out, GError **error)
{
  const guint32 n = profiles->n_levels;
  Confine confine = { request, profiles, options, needs_of (request, options->is_root) };
  const char *chosen = options->chosen;
  const QrLevel *level;

  if (request->informs && chosen == NULL)
    {
      *out = (QrConfinement){ profiles->levels[n - 1].profile, "QEMU runs no machine for this line",
                              FALSE, TRUE };
      return TRUE;
    }
  if (chosen == NULL)
    chosen = options->configured;
  if (chosen != NULL)
    {
      level = qr_levels_find (profiles->levels, n, chosen);
      *out = (QrConfinement){ chosen, "asked for", level != NULL && is_usual (&confine, level),
                              starts_programs (&confine, level) };
      return level == NULL || check_level (&confine, level, warnings, error);
    }
  level = qr_levels_choose (profiles->levels, n,
                            options->face == QR_FACE_TOOL ? needs_where (&confine, is_automatic)
                                                          : confine.needs);
  *out = (QrConfinement){ level->profile, reason (&confine, level), is_usual (&confine, level),
                          starts_programs (&confine, level) };
  return check_level (&confine, level, warnings, error);
}
