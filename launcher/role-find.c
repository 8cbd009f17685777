/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-find.h"

#include <string.h>

#include "optlist.h"

/* Roles that one file may hold; parts that one may have, and ways to write them, and words. */
enum
{
  MAX_ROLES = 1024,
  MAX_PARTS = 64,
  MAX_VARIANTS = 1024,
  MAX_WORDS = 1024,
};

static gboolean
is_name (const char *name)
{
  return g_ascii_islower (*name)
         && name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* Whether @text (or NULL) is in @option's grammar. */
static gboolean
text_is_good (const QrOption *option, const char *text, QrPool *pool)
{
  return text == NULL || qr_optlist_parse (option, text, 0, pool, NULL) != NULL;
}

static gboolean
part_is_good (const QrOption *option, const QrRolePart *part, QrPool *pool)
{
  for (guint32 i = 0; i < part->n_variants; i++)
    {
      const QrRoleVariant *variant = &part->variants[i];

      if (!text_is_good (option, variant->text, pool)
          || !text_is_good (option, variant->again, pool))
        return FALSE;
      for (const char *const *text = variant->defaults; text != NULL && *text != NULL; text++)
        if (strchr (*text, '=') == NULL || !text_is_good (option, *text, pool))
          return FALSE;
    }
  return text_is_good (option, part->text, pool);
}

static guint
count_words (const char *const *words)
{
  return words == NULL ? 0 : g_strv_length ((char **) words);
}

/* What is searched through for each word of a list has an end. */
static gboolean
size_is_good (const QrRole *role)
{
  guint variants = 0, words = role->n_choices;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];

      variants += part->n_variants;
      words += part->n_unless;
      if (part->when != NULL)
        words += count_words (part->when->is) + count_words (part->when->is_not);
      for (guint32 j = 0; j < part->n_variants; j++)
        words += count_words (part->variants[j].is) + count_words (part->variants[j].needs)
                 + count_words (part->variants[j].defaults) + part->variants[j].n_renames
                 + part->variants[j].n_from;
    }
  return variants <= MAX_VARIANTS && words <= MAX_WORDS;
}

gboolean
qr_role_validate (const QrRole *role, const QrJson *json, const QrProfiles *profiles,
                  GError **error)
{
  g_autoptr (QrPool) pool = qr_pool_new ();

  if (!is_name (role->role))
    {
      qr_json_fail (json, error, "begin with a small letter; then small letters, digits and \"-\"",
                    "\"%s\" cannot be the name of a role", role->role);
      return FALSE;
    }
  if (role->n_parts == 0 || role->n_parts > MAX_PARTS)
    {
      qr_json_fail (json, error, NULL, "a role has 1 to %d parts", MAX_PARTS);
      return FALSE;
    }
  if (!size_is_good (role))
    {
      qr_json_fail (json, error, NULL, "a role has %d variants and %d words at most", MAX_VARIANTS,
                    MAX_WORDS);
      return FALSE;
    }
  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];
      const QrOption *option = qr_profiles_find_option (profiles, part->option);

      if (option == NULL || !qr_option_has_argument (option))
        {
          qr_json_fail (json, error, "name one of QEMU's, without a dash",
                        "there is no option \"%s\" with an argument", part->option);
          return FALSE;
        }
      if (!part_is_good (option, part, pool))
        {
          qr_json_fail (json, error, "write key=value,key=value",
                        "a text for option \"%s\" is not in its grammar", part->option);
          return FALSE;
        }
    }
  return TRUE;
}

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

  if (!is_name (name) || !g_file_test (path, G_FILE_TEST_EXISTS))
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

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
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
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}
