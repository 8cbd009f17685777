/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-keys.h"

#include <string.h>

static gboolean
is_choice (const QrRole *role, const char *key)
{
  for (guint32 i = 0; i < role->n_choices; i++)
    if (strcmp (role->choices[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

/* Whether a side of the role names a disk image that could be made. */
static gboolean
has_image (const QrRoleWord *word)
{
  for (guint i = 0; i < word->sides->len; i++)
    if (qr_role_side_verb (word->sides->pdata[i]) == QR_ROLE_IMAGE
        && !qr_role_side_is (word->sides->pdata[i], "media", "cdrom"))
      return TRUE;
  return FALSE;
}

static gboolean
unknown_key (const QrRoleWord *word, const QrOpt *opt, GError **error)
{
  const QrRole *role = word->use->role;
  g_autoptr (GString) hint = g_string_new (NULL);
  QrNearest nearest = { .word = opt->key };

  qr_nearest_offer (&nearest, "id");
  g_string_append (hint, "id");
  for (guint32 i = 0; i < role->n_choices; i++)
    {
      qr_nearest_offer (&nearest, role->choices[i].key);
      g_string_append_printf (hint, ", %s", role->choices[i].key);
    }
  for (guint i = 0; i < word->sides->len; i++)
    qr_role_side_describe (word->sides->pdata[i], &nearest, FALSE, hint);
  g_string_prepend (hint, "keys are: ");
  if (nearest.best != NULL)
    {
      g_autofree char *guess = g_strdup_printf ("did you mean \"%s\"? ", nearest.best);

      g_string_prepend (hint, guess);
    }
  return qr_role_word_fail (word, opt, FALSE, "role-key", hint->str, error,
                            "role \"%s\" has no key \"%s\" here", role->role, opt->key);
}

static gboolean
two_sides (const QrRoleWord *word, const QrOpt *opt, const QrRoleSide *one, const QrRoleSide *two,
           GError **error)
{
  g_autofree char *hint = g_strdup_printf ("write %s.%s= or %s.%s=", qr_role_side_name (one),
                                           opt->key, qr_role_side_name (two), opt->key);

  return qr_role_word_fail (word, opt, FALSE, "role-key", hint, error,
                            "key \"%s\" fits two sides of role \"%s\"", opt->key,
                            word->use->role->role);
}

/* "SIDE.KEY"; @key: behind the dot. */
static QrRoleSide *
named_side (const QrRoleWord *word, const char *text, const char **key)
{
  for (guint i = 0; i < word->sides->len; i++)
    {
      const char *name = qr_role_side_name (word->sides->pdata[i]);
      gsize length = strlen (name);

      if (!qr_role_side_is_closed (word->sides->pdata[i]) && strncmp (text, name, length) == 0
          && text[length] == '.' && text[length + 1] != '\0')
        {
          *key = text + length + 1;
          return word->sides->pdata[i];
        }
    }
  return NULL;
}

/* Gives @opt to the side that it belongs to. */
static gboolean
give_key (const QrRoleWord *word, const QrOpt *opt, GError **error)
{
  const char *key = opt->key;
  QrRoleSide *named = named_side (word, opt->key, &key), *found = NULL;
  QrPlace place;

  qr_list_place (word->item, opt->value_start, opt->value_length, &place);
  if (named != NULL && qr_role_side_has (named, key))
    return qr_role_word_fail (word, opt, FALSE, "role-key", NULL, error,
                              "the role gives \"%s\" by itself", key);
  if (named != NULL && qr_role_is_hint (key) && !qr_role_side_is_device (named))
    return unknown_key (word, opt, error);
  if (named != NULL)
    {
      qr_role_side_give (named, key, opt->value, &place);
      return TRUE;
    }
  for (guint i = 0; i < word->sides->len; i++)
    {
      QrRoleSide *side = word->sides->pdata[i];

      if (!qr_role_side_takes (side, opt->key))
        continue;
      if (found != NULL)
        return two_sides (word, opt, found, side, error);
      found = side;
      if (qr_role_is_hint (opt->key))
        break;
    }
  for (guint i = 0; found == NULL && i < word->sides->len; i++)
    if (qr_role_side_is_open (word->sides->pdata[i]))
      found = word->sides->pdata[i];
  if (found == NULL)
    return unknown_key (word, opt, error);
  qr_role_side_give (found, opt->key, opt->value, &place);
  return TRUE;
}

gboolean
qr_role_keys_give (QrRoleWord *word, GError **error)
{
  for (gsize i = 1; i < word->opts->n; i++)
    {
      const QrOpt *opt = &word->opts->opts[i];

      if (is_choice (word->use->role, opt->key))
        continue;
      if (strcmp (opt->key, "id") == 0 && word->use->id != NULL)
        continue;
      if (strcmp (opt->key, "size") == 0 && has_image (word))
        word->size = opt;
      else if (!give_key (word, opt, error))
        return FALSE;
    }
  return TRUE;
}
