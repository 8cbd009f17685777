/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cmdline.h"

#include <string.h>

#include "bounds.h"

static gboolean
check_limits (const char *const *words, guint first, GError **error)
{
  gsize n = g_strv_length ((char **) words);

  if (n > QR_LIMIT_ARGUMENTS)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "limit", NULL, NULL,
                    "%" G_GSIZE_FORMAT " arguments; qriser takes %d at most", n,
                    QR_LIMIT_ARGUMENTS);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      gsize length = strlen (words[i]);
      QrPlace place = { first + (guint) i, NULL, words[i], 0, 1 };

      if (length <= QR_LIMIT_ARGUMENT_BYTES)
        continue;
      qr_error_set (error, QR_STATUS_REQUEST, "limit", &place, NULL,
                    "an argument of %" G_GSIZE_FORMAT " bytes; Linux takes %d at most", length,
                    QR_LIMIT_ARGUMENT_BYTES);
      return FALSE;
    }
  return TRUE;
}

static void
unknown_option (const QrItem *item, const QrProfiles *profiles, GError **error)
{
  const char *name = item->word + 1 + (item->word[1] == '-');
  const char *nearest = qr_profiles_nearest_option (profiles, name);
  gsize length = strcspn (item->word, "=");
  g_autofree char *head = g_strndup (item->word, length); /* the rest may be a secret */
  g_autofree char *word = g_strconcat (head, item->word[length] == '=' ? "=..." : "", NULL);
  QrPlace place = { item->argument, NULL, word, 0, strlen (word) };
  g_autofree char *hint = NULL;

  if (strcmp (item->word, "--") == 0)
    hint = g_strdup ("QEMU has no \"--\" between its arguments");
  else if (strchr (name, '=') != NULL)
    hint = g_strdup ("QEMU's options take their argument as the next word, not after \"=\"");
  else if (nearest != NULL)
    hint = g_strdup_printf ("did you mean -%s?", nearest);
  else if (*name != '\0')
    hint = g_strdup (qr_profiles_learn_hint);
  qr_error_set (error, QR_STATUS_REQUEST, "unknown-option", &place, hint,
                "QEMU has no option \"%s\"", word);
}

static void
missing_argument (const QrItem *item, GError **error)
{
  QrPlace place;

  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "missing-argument", &place, NULL,
                "option \"%s\" needs an argument", item->word);
}

const QrOption *
qr_cmdline_option (const char *word, const QrProfiles *profiles, const QrOption *own)
{
  const char *name = word + 1 + (word[0] == '-' && word[1] == '-');

  if (*word != '-')
    return NULL;
  if (own != NULL && strcmp (name, own->name) == 0)
    return own;
  return qr_profiles_find_option (profiles, name);
}

const QrCmdline *
qr_cmdline_parse (const char *const *words, guint first, const QrProfiles *profiles,
                  const QrOption *own, QrPool *pool, GError **error)
{
  QrCmdline *cmdline = qr_pool_new_struct (pool, QrCmdline);
  QrItem *items;

  if (!check_limits (words, first, error))
    return NULL;
  items = qr_pool_alloc_n (pool, g_strv_length ((char **) words), sizeof *items);
  cmdline->items = items;
  for (gsize i = 0; words[i] != NULL; i++)
    {
      QrItem *item = &items[cmdline->n++];

      item->word = words[i];
      item->argument = first + (guint) i;
      if (*item->word != '-')
        continue;
      item->option = qr_cmdline_option (item->word, profiles, own);
      if (item->option == NULL)
        return unknown_option (item, profiles, error), NULL;
      if (!qr_option_has_argument (item->option))
        continue;
      item->value = words[++i];
      if (item->value == NULL)
        return missing_argument (item, error), NULL;
    }
  return cmdline;
}

gboolean
qr_cmdline_has_verb (const QrCmdline *cmdline, QrVerb verb)
{
  for (gsize i = 0; i < cmdline->n; i++)
    if (cmdline->items[i].option != NULL && cmdline->items[i].option->verb == verb)
      return TRUE;
  return FALSE;
}

/* The number of the argument that has the value; of what a list stands for, the list's word. */
static guint
value_argument (const QrItem *item)
{
  gboolean in_list = item->source != NULL && item->source->in_list;

  return item->argument == 0 || in_list ? item->argument : item->argument + 1;
}

const QrOptList *
qr_item_opts (const QrItem *item, QrPool *pool, GError **error)
{
  if (item->value == NULL)
    return qr_pool_new_struct (pool, QrOptList);
  return qr_optlist_parse_from (item->option, item->value, value_argument (item), item->source,
                                pool, error);
}

const char *
qr_item_phrase (const QrItem *item, const char *what, QrPool *pool)
{
  if (item == NULL)
    return qr_pool_printf (pool, "QEMU %s by default", what);
  return qr_pool_printf (pool, "option \"%s\" (argument %u) %s", item->word, item->argument, what);
}

void
qr_item_place (const QrItem *item, QrPlace *out)
{
  if (item->source != NULL && (item->source->in_file || item->source->in_list))
    *out = item->source->whole;
  else
    *out = (QrPlace){ item->argument, NULL, item->word, 0, strlen (item->word) };
}

void
qr_item_value_place (const QrItem *item, QrPlace *out)
{
  if (item->source != NULL)
    *out = item->source->whole;
  else if (item->argument > 0)
    *out = (QrPlace){ item->argument + 1, NULL, item->value, 0, strlen (item->value) };
  else
    *out = (QrPlace){ 0 };
}
