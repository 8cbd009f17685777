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

/* What each line is taken to need. */
static guint32
preset_needs (const QrProfiles *profiles)
{
  guint32 found = 0;

  for (guint need = 0; need < QR_N_NEEDS; need++)
    if (qr_profiles_find_need (profiles, (QrNeed) need)->preset)
      found |= 1u << need;
  return found;
}

/* What the line needs; root does not gain rights by a file, it only starts programs. */
static guint32
needs_of (const QrRequest *request, const QrProfiles *profiles, gboolean is_root)
{
  guint32 needs = request->needs | (preset_needs (profiles) & ~request->spares);

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

/* Comes with a profile that somebody chose, too, where the line needs it. */
static gboolean
is_implied (const QrNeedRecord *record)
{
  return record->automatic && !record->named;
}

static gboolean
is_soft (const QrNeedRecord *record)
{
  return record->soft;
}

/* The profile of most lines: nobody needs to be told why. */
static gboolean
is_usual (const Confine *confine, const QrChoice *choice)
{
  const guint32 common = preset_needs (confine->profiles);

  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrNeedRecord *record = qr_profiles_find_need (confine->profiles, (QrNeed) need);

      if (((choice->level->serves | choice->with) & ~common & 1u << need) != 0 && !record->soft
          && !is_implied (record))
        return FALSE;
    }
  return TRUE;
}

/* "option "-x" (argument 3) starts programs" */
static const char *
describe (const Confine *confine, QrNeed need)
{
  return qr_item_phrase (needy_item (confine, need),
                         qr_profiles_find_need (confine->profiles, need)->what,
                         confine->request->pool);
}

/* "default+io-uring+kvm-wx" */
static const char *
choice_name (const Confine *confine, const QrChoice *choice)
{
  g_autoptr (GString) name = g_string_new (choice->level->profile);

  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((choice->with & choice->level->adds & 1u << need) != 0)
      g_string_append_printf (name, "+%s", qr_need_names[need]);
  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((choice->without & 1u << need) != 0)
      g_string_append_printf (name, "+%s",
                              qr_profiles_find_need (confine->profiles, (QrNeed) need)->overlay);
  return qr_pool_printf (confine->request->pool, "%s", name->str);
}

/* What would let @choice serve @need: a part of it, or another profile. */
static const char *
enough (const Confine *confine, const QrChoice *choice, QrNeed need)
{
  QrChoice other = *choice;

  other.without = 0;
  if ((choice->level->adds & 1u << need) != 0)
    other.with |= 1u << need;
  else if ((choice->without & 1u << need) == 0)
    {
      other.level = qr_levels_choose (confine->profiles->levels, confine->profiles->n_levels,
                                      confine->needs);
      other.with = confine->needs & other.level->adds & ~other.level->serves
                   & ~needs_where (confine, is_implied);
    }
  return choice_name (confine, &other);
}

static gboolean
refuse (const Confine *confine, const QrChoice *choice, QrNeed need, GError **error)
{
  const QrNeedRecord *record = qr_profiles_find_need (confine->profiles, need);
  const QrItem *item = needy_item (confine, need);
  const char *said = confine->request->hints[said_need (confine, need)];
  const char *hint = said != NULL ? said : record->hint;
  const char *way = confine->options->face == QR_FACE_TOOL ? "--" : "-qriser ";
  g_autofree char *whole
      = g_strdup_printf ("%s%s%sseccomp=%s allows it", hint == NULL ? "" : hint,
                         hint == NULL ? "" : "; ", way, enough (confine, choice, need));
  QrPlace place;

  if (item != NULL)
    qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-refuses", item == NULL ? NULL : &place,
                whole, "%s, which seccomp profile \"%s\" refuses", describe (confine, need),
                choice_name (confine, choice));
  return FALSE;
}

/* What QEMU can do under @choice. */
static guint32
served_by (const QrChoice *choice)
{
  return (choice->level->serves | choice->with) & ~choice->without;
}

/* Refuses what @choice does not serve, and warns of what QEMU does without. */
static gboolean
check_choice (const Confine *confine, const QrChoice *choice, GPtrArray *warnings, GError **error)
{
  guint32 missing = confine->needs & ~served_by (choice), soft = needs_where (confine, is_soft);

  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrItem *item = needy_item (confine, (QrNeed) need);

      if ((missing & 1u << need) == 0)
        continue;
      if ((soft & 1u << need) == 0)
        return refuse (confine, choice, (QrNeed) need, error);
      qr_warnings_add (warnings, "seccomp-refuses", item == NULL ? 0 : item->argument,
                       "%s; seccomp profile \"%s\" may refuse what that takes",
                       describe (confine, (QrNeed) need), choice_name (confine, choice));
    }
  return TRUE;
}

/* The level before @level that may be chosen for a line; NULL: none. */
static const QrLevel *
tighter (const Confine *confine, const QrLevel *level)
{
  while (level-- > confine->profiles->levels)
    if (!level->named)
      return level;
  return NULL;
}

/* What the next tighter profile does not serve, before what the parts are for. */
static const char *
reason (const Confine *confine, const QrChoice *choice)
{
  const QrLevel *before = tighter (confine, choice->level);
  guint32 more = before == NULL ? 0 : choice->level->serves & ~(before->serves | before->adds);
  guint32 raised = confine->needs & more;

  if (raised == 0)
    raised = confine->needs & choice->with;
  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((raised & 1u << need) != 0)
      return describe (confine, (QrNeed) need);
  return "nothing on the line needs more";
}

/* What is done by executing a program; with another profile than the shipped ones the line tells.
 */
static gboolean
starts_programs (guint32 served)
{
  return (served & (1u << QR_NEED_SPAWN | 1u << QR_NEED_PRIVILEGED)) != 0;
}

static QrConfinement
confinement (const Confine *confine, const QrChoice *choice, const char *why)
{
  const guint32 added = choice->with & choice->level->adds;

  return (QrConfinement){ choice_name (confine, choice),
                          why,
                          is_usual (confine, choice),
                          ~served_by (choice),
                          starts_programs (choice->level->serves),
                          (added & 1u << QR_NEED_DAEMONIZE) != 0,
                          (added & confine->needs & 1u << QR_NEED_IDENTITY) != 0 };
}

/* The last level, which confines nothing. */
static QrConfinement
nothing (const QrProfiles *profiles, const char *why)
{
  return (QrConfinement){ profiles->levels[profiles->n_levels - 1].profile, why, FALSE, 0, TRUE };
}

/* The parts that @granted, a set of needs, takes, and the overlays that the line allows. */
static void
complete (const Confine *confine, guint32 granted, QrChoice *choice)
{
  choice->with |= granted & choice->level->adds & ~choice->level->serves;
  choice->without |= choice->level->narrows & ~(confine->needs | choice->with);
}

/* QEMU would fail where it comes to it, and not always say why. */
static gboolean
check_clash (const Confine *confine, GError **error)
{
  const QrRequest *request = confine->request;
  guint32 clash = confine->needs & request->forbidden;
  QrPlace place;

  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrItem *item = request->needy[need], *by = request->forbids[need];

      if ((clash & 1u << need) == 0 || item == NULL)
        continue;
      qr_item_place (item, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "sandbox-clash", &place, "leave out one of the two",
                    "%s, which option \"%s\" (argument %u) forbids",
                    describe (confine, (QrNeed) need), by->word, by->argument);
      if (error != NULL)
        {
          qr_item_place (by, &place);
          qr_error_also (*error, "the other is here:", &place);
        }
      return FALSE;
    }
  return TRUE;
}

/* What a line gets that asks for no confinement where nobody else asks for one. */
static gboolean
is_freed (const QrRequest *request, QrFace face)
{
  return face == QR_FACE_TOOL && request->frees != NULL && request->forbidden == 0
         && request->closed == 0;
}

gboolean
qr_confine_is_off (const QrRequest *request, const QrProfiles *profiles,
                   const QrConfineOptions *options)
{
  const char *chosen = options->chosen != NULL ? options->chosen : options->configured;

  if (request->informs)
    return TRUE;
  if (chosen == NULL)
    return is_freed (request, options->face);
  return strcmp (chosen, profiles->levels[profiles->n_levels - 1].profile) == 0;
}

gboolean
qr_confine_asks_for (const QrProfiles *profiles, const QrConfineOptions *options, QrNeed need)
{
  const char *chosen = options->chosen != NULL ? options->chosen : options->configured;
  QrChoice choice;

  return chosen != NULL && qr_profiles_read_choice (profiles, chosen, &choice)
         && (served_by (&choice) & 1u << need) != 0;
}

gboolean
qr_confine (const QrRequest *request, const QrProfiles *profiles, const QrConfineOptions *options,
            GPtrArray *warnings, QrConfinement *out, GError **error)
{
  Confine confine = { request, profiles, options, needs_of (request, profiles, options->is_root) };
  const char *chosen = options->chosen;
  guint32 granted = confine.needs;
  QrChoice choice = { 0 };

  if (request->informs && chosen == NULL)
    {
      *out = nothing (profiles, "QEMU runs no machine for this line");
      return TRUE;
    }
  if (!check_clash (&confine, error))
    return FALSE;
  if (chosen == NULL)
    chosen = options->configured;
  if (chosen == NULL && is_freed (request, options->face))
    {
      const QrItem *item = request->frees;

      *out = nothing (profiles, qr_pool_printf (request->pool, "option \"%s\" (argument %u)",
                                                item->word, item->argument));
      return TRUE;
    }
  if (chosen != NULL)
    {
      if (!qr_profiles_read_choice (profiles, chosen, &choice))
        {
          *out = (QrConfinement){ chosen, "asked for", FALSE, 0, starts_programs (confine.needs) };
          return TRUE;
        }
      complete (&confine, needs_where (&confine, is_implied), &choice);
      *out = confinement (&confine, &choice, "asked for");
      return check_choice (&confine, &choice, warnings, error);
    }
  if (options->face == QR_FACE_TOOL)
    granted = needs_where (&confine, is_automatic);
  choice.level = qr_levels_choose (profiles->levels, profiles->n_levels, granted);
  complete (&confine, granted, &choice);
  *out = confinement (&confine, &choice, reason (&confine, &choice));
  return check_choice (&confine, &choice, warnings, error);
}
