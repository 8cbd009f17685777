/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-profile.h"

#include <string.h>

#include "seccomp-write.h"
#include "texts.h"

static gboolean
append_level (GString *out, const QrLevel *level, GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  QrSeccompCount count;

  if (qr_sandbox_find_builtin (level->profile) == NULL)
    {
      g_string_append_printf (out, "%-14s no filter\n", level->profile);
      return TRUE;
    }
  if (!qr_seccomp_named (level->profile, FALSE, warnings, &profile, error))
    return FALSE;
  qr_seccomp_count (&profile, &count);
  g_string_append_printf (out, "%-14s allows %u of %u system calls, %u more for some arguments",
                          level->profile, count.always, count.known, count.some);
  if (profile.default_action == SCMP_ACT_LOG)
    g_string_append (out, ", and logs the others");
  g_string_append (out, level->named ? "; by its name only\n" : "\n");
  return TRUE;
}

/* What a part or an overlay is about. */
static void
append_need (GString *out, const QrProfiles *profiles, const char *name)
{
  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrNeedRecord *record = qr_profiles_find_need (profiles, (QrNeed) need);

      if (strcmp (qr_need_names[need], name) == 0)
        g_string_append_printf (out, "+%-13s QEMU %s\n", name, record->what);
      else if (g_strcmp0 (record->overlay, name) == 0)
        g_string_append_printf (out, "+%-13s not that QEMU %s\n", name, record->what);
    }
}

GString *
qr_render_profile_list (const QrProfiles *profiles, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint32 i = 0; i < profiles->n_levels; i++)
    if (!append_level (out, &profiles->levels[i], error))
      return NULL;
  for (guint i = 0; i < qr_n_filter_parts; i++)
    append_need (out, profiles, qr_filter_parts[i].name);
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (qr_filters_builtin[i].is_overlay)
      append_need (out, profiles, qr_filters_builtin[i].name);
  return g_steal_pointer (&out);
}

GString *
qr_render_profile (const char *name, GPtrArray *warnings, GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autofree char *comment = g_strdup_printf ("%s, as " PACKAGE_STRING " takes it here.", name);
  const char *const comments[] = { comment, NULL };

  return qr_seccomp_named (name, FALSE, warnings, &profile, error)
             ? qr_seccomp_write (&profile, comments)
             : NULL;
}

/* What becomes of the call @number. (transfer full) */
static char *
answer_to (const QrSeccompProfile *profile, int number)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile->rules, QrSeccompRule, i);
      g_autofree char *text = rule->number == number ? qr_seccomp_rule_text (rule) : NULL;

      if (text == NULL || rule->action == profile->default_action)
        continue;
      if (rule->n_args == 0) /* others that do the same say nothing more */
        return g_steal_pointer (&text);
      if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        g_ptr_array_add (texts, g_steal_pointer (&text));
    }
  qr_texts_sort (texts);
  g_ptr_array_add (texts, qr_seccomp_action_text (profile->default_action));
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", else ", (char **) texts->pdata);
}

GString *
qr_render_profile_diff (const char *one, const char *two, GPtrArray *warnings, gboolean *differ,
                        GError **error)
{
  g_auto (QrSeccompProfile) first = { 0 }, second = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  if (!qr_seccomp_named (one, FALSE, warnings, &first, error)
      || !qr_seccomp_named (two, FALSE, warnings, &second, error))
    return NULL;
  for (int number = 0; number < QR_SECCOMP_NUMBERS; number++)
    {
      g_autofree char *name = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), number);
      g_autofree char *before = answer_to (&first, number), *after = answer_to (&second, number);

      if (name != NULL && strcmp (before, after) != 0)
        g_string_append_printf (out, "%s: %s -> %s\n", name, before, after);
    }
  *differ = out->len > 0;
  return g_steal_pointer (&out);
}
