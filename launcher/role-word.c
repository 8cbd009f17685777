/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-word.h"

#include <string.h>

gboolean
qr_role_word_fail (const QrRoleWord *word, const QrOpt *opt, gboolean at_value, const char *code,
                   const char *hint, GError **error, const char *format, ...)
{
  va_list arguments;
  QrPlace place;

  if (opt == NULL)
    place = word->use->place;
  else if (at_value)
    qr_list_place (word->item, opt->value_start, opt->value_length, &place);
  else
    qr_list_place (word->item, opt->key_start, opt->key_length, &place);
  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_REQUEST, code, &place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

const char *
qr_role_word_get (const QrRoleWord *word, const char *key)
{
  return g_hash_table_lookup (word->words, key);
}

const QrOpt *
qr_role_word_opt (const QrRoleWord *word, const char *key)
{
  const QrOpt *found = NULL;

  for (gsize i = 1; i < word->opts->n; i++)
    if (strcmp (word->opts->opts[i].key, key) == 0)
      found = &word->opts->opts[i];
  return found;
}

void
qr_role_word_set (QrRoleWord *word, const char *key, const char *value)
{
  g_hash_table_insert (word->words, (gpointer) key, (gpointer) value);
}

gboolean
qr_role_word_read (QrRoleWord *word, GError **error)
{
  const QrRole *role = word->use->role;
  const QrOpt *first = &word->opts->opts[0];

  if (*first->value == '\0' && role->otherwise == NULL)
    return qr_role_word_fail (word, first, FALSE, "role-value", NULL, error,
                              "role \"%s\" needs a value: %s=%s", role->role, role->role,
                              role->value);
  qr_role_word_set (word, "value", *first->value == '\0' ? role->otherwise : first->value);
  for (guint32 i = 0; i < role->n_choices; i++)
    {
      const QrOpt *opt = qr_role_word_opt (word, role->choices[i].key);

      qr_role_word_set (word, role->choices[i].key,
                        opt == NULL ? role->choices[i].otherwise : opt->value);
    }
  return TRUE;
}

gboolean
qr_role_variant_fits (const QrRoleVariant *variant, const char *value)
{
  if (variant->is != NULL)
    return g_strv_contains (variant->is, value);
  return variant->begins == NULL || g_str_has_prefix (value, variant->begins);
}

/* Whether @key chooses between parts of the role, and by @value, too; appends the words that it
 * could have. */
static gboolean
word_is_known (const QrRole *role, const char *key, const char *value, GPtrArray *words)
{
  gboolean chooses = FALSE;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];
      gboolean by = g_strcmp0 (part->by, key) == 0;

      if (part->when != NULL && strcmp (part->when->key, key) == 0)
        {
          chooses = TRUE;
          qr_role_add_words (part->when->is, words);
          if (part->when->is == NULL)
            return TRUE; /* it excludes some, and takes all others */
        }
      for (guint32 j = 0; by && j < part->n_variants; j++)
        {
          chooses = TRUE;
          qr_role_add_words (part->variants[j].is, words);
          if (part->variants[j].is == NULL && qr_role_variant_fits (&part->variants[j], value))
            return TRUE;
        }
    }
  for (guint i = 0; i < words->len; i++)
    if (strcmp (words->pdata[i], value) == 0)
      return TRUE;
  return !chooses;
}

static gboolean
check_word (const QrRoleWord *word, const char *key, const char *otherwise, const QrOpt *opt,
            GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const char *value = qr_role_word_get (word, key);
  QrNearest nearest = { .word = value };
  g_autofree char *known = NULL, *hint = NULL;

  if (otherwise != NULL && *otherwise != '\0')
    qr_role_add_word (otherwise, words);
  if (g_strcmp0 (value, otherwise) == 0 || word_is_known (word->use->role, key, value, words))
    return TRUE;
  for (guint i = 0; i < words->len; i++)
    qr_nearest_offer (&nearest, words->pdata[i]);
  g_ptr_array_add (words, NULL);
  known = g_strjoinv (", ", (char **) words->pdata);
  hint = nearest.best != NULL
             ? g_strdup_printf ("did you mean \"%s\"? known are: %s", nearest.best, known)
             : g_strdup_printf ("known are: %s", known);
  if (strcmp (key, "value") == 0)
    return qr_role_word_fail (word, opt, TRUE, "role-value", hint, error,
                              "role \"%s\" has no %s \"%s\"", word->use->role->role,
                              word->use->role->value, value);
  return qr_role_word_fail (word, opt, TRUE, "role-value", hint, error,
                            "role \"%s\" has no %s \"%s\"", word->use->role->role, key, value);
}

gboolean
qr_role_word_check (const QrRoleWord *word, GError **error)
{
  const QrRole *role = word->use->role;

  if (!check_word (word, "value", role->otherwise, &word->opts->opts[0], error))
    return FALSE;
  for (guint32 i = 0; i < role->n_choices; i++)
    if (!check_word (word, role->choices[i].key, role->choices[i].otherwise,
                     qr_role_word_opt (word, role->choices[i].key), error))
      return FALSE;
  return TRUE;
}
