/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-find.h"

#include <string.h>

#include "nearest.h"
#include "profiles-load.h"
#include "role-check.h"
#include "texts.h"

/* Roles that one file may hold. */
enum
{
  MAX_ROLES = 1024,
};

static gboolean
read_roles (const QrJson *list, const QrProfiles *profiles, QrPool *pool, GPtrArray *out,
            GError **error)
{
  gsize n = qr_json_length (list);
  QrJson element;

  if (n > MAX_ROLES)
    {
      qr_json_fail (list, error, NULL, "a file holds %d roles at most", MAX_ROLES);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      QrRole *role = qr_pool_new_struct (pool, QrRole);

      qr_json_element (list, i, &element);
      if (!qr_schema_load (&qr_role_schema, &element, pool, role, error)
          || !qr_role_validate (role, &element, profiles, error))
        return FALSE;
      for (gsize j = 0; j < i; j++)
        if (strcmp (((const QrRole *) out->pdata[j])->role, role->role) == 0)
          {
            qr_json_fail (&element, error, NULL, "role \"%s\" is described twice", role->role);
            return FALSE;
          }
      g_ptr_array_insert (out, (int) i, role);
    }
  return TRUE;
}

gboolean
qr_role_read (const char *path, const QrProfiles *profiles, QrPool *pool, GPtrArray *out,
              GError **error)
{
  static const char *const keys[] = { "schema", "kind", "source", "family", "roles", NULL };
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);
  QrJson root, kind, list;
  const char *name;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  if (!qr_profiles_read_head (&root, &kind, &name, error))
    return FALSE;
  if (strcmp (name, "roles") != 0)
    {
      qr_json_fail (&kind, error, NULL, "a file of kind \"%s\", not \"roles\"", name);
      return FALSE;
    }
  return qr_json_only (&root, keys, error) && qr_json_member (&root, "roles", &list, error)
         && qr_json_is_array (&list, error) && read_roles (&list, profiles, pool, out, error);
}

static const QrRole *
find_in (const GPtrArray *roles, const char *name)
{
  for (guint i = 0; roles != NULL && i < roles->len; i++)
    if (strcmp (((const QrRole *) roles->pdata[i])->role, name) == 0)
      return roles->pdata[i];
  return NULL;
}

/* The role in its file of the directory, if there is one. */
static gboolean
find_file (const QrRoleBook *book, const char *name, QrPool *pool, const QrRole **found,
           GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.json", book->directory, name);
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();

  if (!qr_role_is_name (name) || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!qr_role_read (path, book->profiles, pool, roles, error))
    return FALSE;
  *found = find_in (roles, name);
  if (*found != NULL)
    return TRUE;
  qr_error_set (error, QR_STATUS_CONFIG, "no-role", NULL, "a file is called as its role",
                "\"%s\" holds no role \"%s\"", path, name);
  return FALSE;
}

gboolean
qr_role_find (const QrRoleBook *book, const char *name, QrPool *pool, const QrRole **found,
              GError **error)
{
  *found = find_in (book->own, name);
  if (*found == NULL)
    *found = qr_packed_find (&book->profiles->roles, &qr_role_schema, name, pool);
  return *found != NULL || book->directory == NULL || find_file (book, name, pool, found, error);
}

const char **
qr_role_names (const QrRoleBook *book)
{
  const QrPacked *roles = &book->profiles->roles;
  GPtrArray *names = g_ptr_array_new ();

  for (guint32 i = 0; i < roles->n_names; i++)
    g_ptr_array_add (names, (gpointer) (roles->text + roles->names[2 * i]));
  for (guint i = 0; book->own != NULL && i < book->own->len; i++)
    {
      const char *name = ((const QrRole *) book->own->pdata[i])->role;

      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, (gpointer) name);
    }
  qr_texts_sort (names);
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

char *
qr_role_guess (const QrRoleBook *book, const char *name)
{
  g_autofree const char **names = qr_role_names (book);
  g_autofree char *known = g_strjoinv (", ", (char **) names);
  QrNearest nearest = { .word = name };

  for (gsize i = 0; names[i] != NULL; i++)
    qr_nearest_offer (&nearest, names[i]);
  return nearest.best == NULL
             ? g_strdup_printf ("roles are: %s", known)
             : g_strdup_printf ("did you mean \"%s\"? roles are: %s", nearest.best, known);
}

void
qr_role_add_word (const char *word, GPtrArray *words)
{
  if (!g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL))
    g_ptr_array_add (words, (gpointer) word);
}

void
qr_role_add_words (const char *const *more, GPtrArray *words)
{
  for (; more != NULL && *more != NULL; more++)
    qr_role_add_word (*more, words);
}

/* Adds the words of the variants of @part. Returns whether any other picks one. */
static gboolean
add_variants (const QrRolePart *part, GPtrArray *words)
{
  gboolean open = FALSE;

  for (guint32 i = 0; i < part->n_variants; i++)
    {
      qr_role_add_words (part->variants[i].is, words);
      open |= part->variants[i].is == NULL;
    }
  return open;
}

gboolean
qr_role_words (const QrRole *role, const char *key, GPtrArray *words)
{
  const QrRoleChoice *choice = qr_role_find_choice (role, key);
  const char *otherwise = choice == NULL ? role->otherwise : choice->otherwise;
  gboolean chooses = choice != NULL && choice->words != NULL, open = FALSE;

  if (otherwise != NULL && *otherwise != '\0')
    qr_role_add_word (otherwise, words);
  if (choice != NULL)
    qr_role_add_words (choice->words, words);
  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];

      if (part->when != NULL && strcmp (part->when->key, key) == 0)
        {
          qr_role_add_words (part->when->is, words);
          qr_role_add_words (part->when->is_not, words);
          chooses = TRUE;
          open |= part->when->is == NULL;
        }
      if (g_strcmp0 (part->by, key) == 0)
        {
          chooses = TRUE;
          open |= add_variants (part, words);
        }
    }
  return open || !chooses;
}
