/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-roles.h"

#include <string.h>

#include "json-make.h"
#include "role-side.h"

/* One way to write a part of a role. */
typedef struct
{
  const QrRole *role;
  const QrRolePart *part;
  const QrRoleVariant *variant;
  const QrRoleSide *side;
} Way;

typedef void (*VisitWay) (const Way *way, gpointer data);

static void
each_way (const QrRole *role, const QrRoleBook *book, QrPool *pool, VisitWay visit, gpointer data)
{
  static const QrRoleVariant plain = { .text = NULL };

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];

      for (guint32 j = 0; j < MAX (part->n_variants, 1); j++)
        {
          const QrRoleVariant *variant = part->n_variants == 0 ? &plain : &part->variants[j];
          Way way = { role, part, variant,
                      qr_role_side_new (part, variant, variant->text, book->profiles, NULL, pool) };

          visit (&way, data);
        }
    }
}

/* --- for people --------------------------------------------------------------------------- */

static void
text_words (const QrRole *role, const char *key, const char *otherwise, GString *out)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gboolean open = qr_role_words (role, key, words);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (out, "%s%s%s", i == 0 ? "" : ", ", (const char *) words->pdata[i],
                            g_strcmp0 (words->pdata[i], otherwise) == 0 ? " (default)" : "");
  if (open)
    g_string_append (out, words->len == 0 ? "any text" : ", or any other text");
}

static void
text_way (const Way *way, gpointer data)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  g_autofree char *type = way->variant->text == NULL || *way->variant->text == '\0'
                              ? NULL
                              : g_strndup (way->variant->text, strcspn (way->variant->text, ","));
  GString *out = data;

  if (way->part->closed)
    return;
  qr_role_side_describe (way->side, NULL, FALSE, keys);
  g_string_append_printf (out, "  %s (-%s%s%s", qr_role_side_name (way->side), way->part->option,
                          type == NULL ? "" : " ", type == NULL ? "" : type);
  if (way->part->by != NULL && way->variant->is != NULL)
    {
      g_autofree char *is = g_strjoinv ("|", (char **) way->variant->is);

      if (strcmp (way->part->by, "value") == 0)
        g_string_append_printf (out, ", with %s=%s", way->role->role, is);
      else
        g_string_append_printf (out, ", with %s=%s", way->part->by, is);
    }
  g_string_append_printf (out, "): %s\n", keys->len == 0 ? "no further keys" : keys->str);
}

static void
text_role (const QrRole *role, const QrRoleBook *book, QrPool *pool, GString *out)
{
  g_string_append_printf (out, "%s=%s: %s\n  %s: ", role->role, role->value, role->help,
                          role->value);
  text_words (role, "value", role->otherwise, out);
  g_string_append_c (out, '\n');
  for (guint32 i = 0; i < role->n_choices; i++)
    {
      g_string_append_printf (out, "  %s=: ", role->choices[i].key);
      text_words (role, role->choices[i].key, role->choices[i].otherwise, out);
      g_string_append_c (out, '\n');
    }
  g_string_append_printf (out, "  id=: default %s0, %s1, ...\n", role->role, role->role);
  for (guint32 i = 0; i < role->n_parts; i++)
    if (role->parts[i].verb == QR_ROLE_IMAGE)
      g_string_append (out, "  size=: makes an image of this size, if it is not there\n");
  each_way (role, book, pool, text_way, out);
}

/* --- JSON --------------------------------------------------------------------------------- */

static struct json_object *
strings (const char *const *list, gsize n)
{
  struct json_object *out = json_object_new_array ();

  for (gsize i = 0; i < n; i++)
    json_object_array_add (out, json_object_new_string (list[i]));
  return out;
}

static struct json_object *
json_choice (const QrRole *role, const char *key, const char *otherwise)
{
  struct json_object *out = json_object_new_object ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gboolean open = qr_role_words (role, key, words);

  qr_json_put (out, "key", qr_json_new_text (key));
  qr_json_put (out, "default", qr_json_new_text (otherwise));
  qr_json_put (out, "words", strings ((const char *const *) words->pdata, words->len));
  qr_json_put (out, "others", json_object_new_boolean (open));
  return out;
}

static void
json_way (const Way *way, gpointer data)
{
  struct json_object *object;
  g_autoptr (GString) joined = g_string_new (NULL);
  g_auto (GStrv) keys = NULL;

  if (way->part->closed)
    return;
  object = json_object_new_object ();
  qr_role_side_describe (way->side, NULL, TRUE, joined);
  keys = g_strsplit (joined->str, ", ", -1);
  qr_json_put (object, "side", qr_json_new_text (qr_role_side_name (way->side)));
  qr_json_put (object, "option", qr_json_new_text (way->part->option));
  qr_json_put (object, "text", qr_json_new_text (way->variant->text));
  qr_json_put (object, "by", qr_json_new_text (way->part->by));
  qr_json_put (object, "words",
               strings (way->variant->is,
                        way->variant->is == NULL ? 0 : g_strv_length ((char **) way->variant->is)));
  qr_json_put (object, "keys", strings ((const char *const *) keys, g_strv_length (keys)));
  json_object_array_add (data, object);
}

static struct json_object *
json_role (const QrRole *role, const QrRoleBook *book, QrPool *pool)
{
  struct json_object *out = json_object_new_object (), *choices = json_object_new_array (),
                     *sides = json_object_new_array ();

  qr_json_put (out, "role", qr_json_new_text (role->role));
  qr_json_put (out, "help", qr_json_new_text (role->help));
  qr_json_put (out, "value", qr_json_new_text (role->value));
  json_object_array_add (choices, json_choice (role, "value", role->otherwise));
  for (guint32 i = 0; i < role->n_choices; i++)
    json_object_array_add (choices,
                           json_choice (role, role->choices[i].key, role->choices[i].otherwise));
  each_way (role, book, pool, json_way, sides);
  qr_json_put (out, "choices", choices);
  qr_json_put (out, "sides", sides);
  return out;
}

/* --- both --------------------------------------------------------------------------------- */

static const QrRole *
find_role (const QrRoleBook *book, const char *name, QrPool *pool, GError **error)
{
  g_autofree char *hint = NULL;
  const QrRole *role;

  if (!qr_role_find (book, name, pool, &role, error))
    return NULL;
  if (role != NULL)
    return role;
  hint = qr_role_guess (book, name);
  qr_error_set (error, QR_STATUS_USAGE, "unknown-role", NULL, hint, "there is no role \"%s\"",
                name);
  return NULL;
}

GString *
qr_render_roles (const QrRoleBook *book, const char *name, QrFormat format, QrPool *pool,
                 GError **error)
{
  g_autofree const char **names = qr_role_names (book);
  const char *one[] = { name, NULL };
  const char **wanted = name == NULL ? names : one;
  struct json_object *list = format == QR_FORMAT_JSON ? json_object_new_array () : NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  for (; *wanted != NULL; wanted++)
    {
      const QrRole *role = find_role (book, *wanted, pool, error);

      if (role == NULL)
        {
          json_object_put (list);
          return NULL;
        }
      if (list != NULL)
        json_object_array_add (list, json_role (role, book, pool));
      else if (name != NULL)
        text_role (role, book, pool, out);
      else
        g_string_append_printf (out, "%-9s %-20s %s\n", role->role, role->value, role->help);
    }
  return list != NULL ? qr_json_finish (list) : g_steal_pointer (&out);
}
