/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "forms.h"

#include <string.h>

#include "json-doc.h"

/* Whether @text is what the condition asks of one, apart from being one of a set. */
static gboolean
text_fits (const QrCondition *condition, const char *text)
{
  for (const char *const *begin = condition->begins; begin != NULL; begin++)
    {
      if (*begin == NULL)
        return FALSE;
      if (g_str_has_prefix (text, *begin))
        break;
    }
  for (const char *const *part = condition->holds; part != NULL; part++)
    {
      if (*part == NULL)
        return FALSE;
      if (strstr (text, *part) != NULL)
        break;
    }
  for (const char *const *part = condition->lacks; part != NULL && *part != NULL; part++)
    if (strstr (text, *part) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
value_fits (const QrCondition *condition, const char *value)
{
  return (condition->is == NULL || g_strv_contains (condition->is, value))
         && text_fits (condition, value);
}

static gboolean
is_key (const char *wanted, gboolean deep, const char *key)
{
  const char *dot = deep ? strrchr (key, '.') : NULL;

  return strcmp (wanted, dot == NULL ? key : dot + 1) == 0;
}

/* Values of a key, wherever they stand. */
typedef struct
{
  const char *key, *above; /* @above: the keys that lead here, dotted */
  QrValueVisit visit;
  gpointer data;
} Walk;

static gboolean walk_member (const QrJson *member, gpointer data, GError **error);

static void
walk_json (const QrJson *json, const Walk *walk)
{
  QrJson element;

  if (qr_json_is_object (json, NULL) && !qr_json_each (json, walk_member, (gpointer) walk, NULL))
    return;
  for (gsize i = 0; qr_json_is_array (json, NULL) && i < qr_json_length (json); i++)
    {
      g_autofree char *written = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, walk->above, i);
      Walk below = *walk;

      below.above = written;
      qr_json_element (json, i, &element);
      walk_json (&element, &below);
    }
}

static gboolean
walk_member (const QrJson *member, gpointer data, GError **error)
{
  const Walk *walk = data;
  g_autofree char *written = g_strdup_printf ("%s.%s", walk->above, member->key);
  Walk below = *walk;
  const char *value;

  below.above = written;
  if (qr_json_is_object (member, NULL) || qr_json_is_array (member, NULL))
    walk_json (member, &below);
  else if (is_key (walk->key, TRUE, member->key) && qr_json_string (member, &value, NULL))
    walk->visit (written, value, walk->data);
  return TRUE;
}

void
qr_opts_visit (const QrOptList *opts, const char *key, gboolean deep, QrValueVisit visit,
               gpointer data)
{
  for (gsize i = 0; i < opts->n; i++)
    {
      const QrOpt *opt = &opts->opts[i];
      Walk walk = { key, opt->key, visit, data };
      g_autoptr (QrJsonDoc) doc = NULL;
      QrJson root;

      if (opt->form != QR_OPT_OTHER && is_key (key, deep, opt->key))
        visit (opt->key, opt->value, data);
      if (opt->form != QR_OPT_OTHER || !deep)
        continue;
      doc = qr_json_doc_parse (opt->value, strlen (opt->value), NULL, 0, QR_STATUS_REQUEST, NULL);
      if (doc == NULL)
        continue;
      qr_json_root (doc, &root);
      walk_json (&root, &walk);
    }
}

/* Whether the dotted @path leads to something inside of @json. */
static gboolean
json_has (const QrJson *json, const char *path)
{
  const char *dot = strchr (path, '.');
  g_autofree char *key = g_strndup (path, dot == NULL ? strlen (path) : (gsize) (dot - path));
  guint64 index;
  QrJson below;

  if (qr_json_is_array (json, NULL))
    {
      if (!g_ascii_string_to_unsigned (key, 10, 0, G_MAXUINT, &index, NULL)
          || index >= qr_json_length (json))
        return FALSE;
      qr_json_element (json, (gsize) index, &below);
    }
  else if (!qr_json_is_object (json, NULL) || !qr_json_find (json, key, &below))
    return FALSE;
  return dot == NULL || json_has (&below, dot + 1);
}

gboolean
qr_opts_have (const QrOptList *opts, const char *written)
{
  for (gsize i = 0; i < opts->n; i++)
    {
      const QrOpt *opt = &opts->opts[i];
      const gsize length = strlen (opt->key);
      g_autoptr (QrJsonDoc) doc = NULL;
      QrJson root;

      if (strcmp (opt->key, written) == 0)
        return TRUE;
      if (opt->form != QR_OPT_OTHER || strncmp (opt->key, written, length) != 0
          || written[length] != '.')
        continue;
      doc = qr_json_doc_parse (opt->value, strlen (opt->value), NULL, 0, QR_STATUS_REQUEST, NULL);
      if (doc == NULL)
        continue;
      qr_json_root (doc, &root);
      if (json_has (&root, written + length + 1))
        return TRUE;
    }
  return FALSE;
}

/* A condition, and whether some value has been found that it asks for. */
typedef struct
{
  const QrCondition *condition;
  gboolean found;
} Search;

static void
try_value (const char *written, const char *value, gpointer data)
{
  Search *search = data;

  search->found |= value_fits (search->condition, value);
}

/* Somewhere in @opts, inside of JSON values, too. */
static gboolean
holds_deep (const QrCondition *condition, const QrOptList *opts)
{
  Search search = { condition, FALSE };

  qr_opts_visit (opts, condition->key, TRUE, try_value, &search);
  return search.found;
}

static gboolean
opt_fits (const QrCondition *condition, const QrOptList *opts, gsize index)
{
  const QrOpt *opt = &opts->opts[index];

  if (condition->key == NULL)
    return index == 0 && (condition->is == NULL || g_strv_contains (condition->is, opt->value))
           && text_fits (condition, opts->text);
  return strcmp (condition->key, opt->key) == 0 && value_fits (condition, opt->value);
}

/* Of a key that stands several times QEMU takes the last, unless it is a list. */
static gboolean
takes_last (const QrCondition *condition)
{
  return condition->is != NULL && condition->key != NULL;
}

static gboolean
holds (const QrCondition *condition, const QrOptList *opts)
{
  const QrOpt *last;

  if (condition->absent)
    return qr_optlist_find (opts, condition->key) == NULL;
  if (condition->is_not != NULL)
    {
      const char *value = condition->key != NULL ? qr_optlist_get (opts, condition->key)
                          : opts->n > 0          ? opts->opts[0].value
                                                 : NULL;

      return value == NULL || !g_strv_contains (condition->is_not, value);
    }
  if (condition->deep)
    return holds_deep (condition, opts);
  if (takes_last (condition))
    {
      last = qr_optlist_find (opts, condition->key);
      return last != NULL && opt_fits (condition, opts, (gsize) (last - opts->opts));
    }
  for (gsize i = 0; i < opts->n; i++)
    if (opt_fits (condition, opts, i))
      return TRUE;
  return FALSE;
}

gboolean
qr_form_applies (const QrForm *form, const QrOptList *opts)
{
  for (guint32 i = 0; i < form->n_when; i++)
    if (!holds (&form->when[i], opts))
      return FALSE;
  return TRUE;
}

gboolean
qr_form_accepted (const QrOption *option, const QrOptList *opts)
{
  gboolean accepted = TRUE;

  for (gsize i = 0; i < opts->n && accepted && option->n_accepts > 0; i++)
    {
      accepted = FALSE;
      for (guint32 j = 0; j < option->n_accepts; j++)
        accepted |= opt_fits (&option->accepts[j], opts, i);
    }
  return accepted;
}

void
qr_global_read (const QrOptList *opts, QrPool *pool, const char **driver, const char **property,
                const QrOpt **value)
{
  const QrOpt *first = opts->n > 0 ? &opts->opts[0] : NULL;
  const char *dot = first == NULL ? NULL : strchr (first->key, '.');

  *driver = dot != NULL ? qr_pool_strndup (pool, first->key, (gsize) (dot - first->key))
                        : qr_optlist_get (opts, "driver");
  *property = dot != NULL ? dot + 1 : qr_optlist_get (opts, "property");
  *value = dot != NULL ? first : qr_optlist_find (opts, "value");
}
