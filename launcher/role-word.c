/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-word.h"

#include <string.h>

/* Everything that the line's options say, looked at once. */
static void
read_line (QrRoleLine *roles)
{
  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts = item->option == NULL || item->option == &qr_list_role
                                  ? NULL
                                  : qr_item_opts (item, roles->pool, NULL);

      if (item->option != NULL)
        g_hash_table_insert (roles->said, (gpointer) item->option->name, (gpointer) "");
      for (gsize j = 0; opts != NULL && j < opts->n; j++)
        g_hash_table_insert (
            roles->said,
            qr_pool_printf (roles->pool, "%s %s", item->option->name, opts->opts[j].key),
            (gpointer) opts->opts[j].value);
    }
  g_hash_table_insert (roles->said, (gpointer) "", (gpointer) "");
}

const char *
qr_role_line_says (QrRoleLine *roles, const char *option, const char *key)
{
  g_autofree char *name = key == NULL ? NULL : g_strdup_printf ("%s %s", option, key);

  if (g_hash_table_size (roles->said) == 0)
    read_line (roles);
  return g_hash_table_lookup (roles->said, name == NULL ? option : name);
}

const char *
qr_role_line_machine (const QrRoleLine *roles)
{
  const char *type = roles->context->machine;

  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_MACHINE
                                  ? NULL
                                  : qr_item_opts (item, roles->pool, NULL);

      if (opts != NULL && qr_optlist_get (opts, "type") != NULL)
        type = qr_optlist_get (opts, "type");
    }
  return type;
}

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

/* The role's own keys mean one thing. */
static gboolean
check_twice (const QrRoleWord *word, GError **error)
{
  const QrRole *role = word->use->role;
  guint n_ids = 0;

  for (gsize i = 1; i < word->opts->n; i++)
    {
      const QrOpt *opt = &word->opts->opts[i];
      gboolean own = strcmp (opt->key, "id") == 0 && n_ids++ > 0;

      for (guint32 j = 0; j < role->n_choices; j++)
        own |= strcmp (opt->key, role->choices[j].key) == 0
               && qr_role_word_opt (word, opt->key) != opt;
      if (own)
        return qr_role_word_fail (word, opt, FALSE, "role-key", NULL, error,
                                  "key \"%s\" stands twice", opt->key);
    }
  return TRUE;
}

gboolean
qr_role_word_read (QrRoleWord *word, GError **error)
{
  const QrRole *role = word->use->role;
  const QrOpt *first = &word->opts->opts[0];

  if (!check_twice (word, error))
    return FALSE;
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

static gboolean
check_word (const QrRoleWord *word, const char *key, const char *otherwise, const QrOpt *opt,
            GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const char *value = qr_role_word_get (word, key);
  QrNearest nearest = { .word = value };
  g_autofree char *known = NULL, *hint = NULL;

  if (qr_role_words (word->use->role, key, words) || g_strcmp0 (value, otherwise) == 0
      || g_ptr_array_find_with_equal_func (words, value, g_str_equal, NULL))
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
