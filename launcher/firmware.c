/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "firmware.h"

#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "texts.h"

/* Words of the descriptions' schema. */
static const char secure_boot[] = "secure-boot", enrolled_keys[] = "enrolled-keys",
                  requires_smm[] = "requires-smm", flash[] = "flash", memory[] = "memory",
                  combined[] = "combined";

typedef struct
{
  const QrFirmwareWish *wish;
  const QrProfiles *profiles;
  QrPool *pool;
  QrFirmware *out;
} Search;

/* Whether the array @key of @object (none counts as empty) has @text. */
static gboolean
has_string (const QrJson *object, const char *key, const char *text)
{
  QrJson list, element;
  const char *string;

  if (!qr_json_find (object, key, &list) || !qr_json_is_array (&list, NULL))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &element);
      if (qr_json_string (&element, &string, NULL) && strcmp (string, text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether @pattern is meant for the machine of the line: an alias is one of its family's types. */
static gboolean
is_for_machine (const Search *search, const char *pattern)
{
  const char *type = search->wish->machine;
  const QrMachine *machine
      = type == NULL ? NULL : qr_profiles_find_machine (search->profiles, type, search->wish->arch);

  if (type == NULL || fnmatch (pattern, type, 0) == 0)
    return TRUE;
  if (machine == NULL || !qr_machine_find_type (machine, type)->alias)
    return FALSE;
  for (guint32 i = 0; i < machine->n_types; i++)
    if (!machine->types[i].alias && fnmatch (pattern, machine->types[i].name, 0) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
target_fits (const Search *search, const QrJson *target)
{
  QrJson architecture, machines, element;
  const char *string;

  if (!qr_json_find (target, "architecture", &architecture)
      || !qr_json_string (&architecture, &string, NULL)
      || g_strcmp0 (string, search->wish->arch) != 0
      || !qr_json_find (target, "machines", &machines) || !qr_json_is_array (&machines, NULL))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&machines); i++)
    {
      qr_json_element (&machines, i, &element);
      if (qr_json_string (&element, &string, NULL) && is_for_machine (search, string))
        return TRUE;
    }
  return FALSE;
}

static gboolean
fits (const Search *search, const QrJson *root)
{
  gboolean secure = has_string (root, "features", secure_boot);
  QrJson targets, target;

  if (!has_string (root, "interface-types", search->wish->interface)
      || secure != search->wish->secure || (secure && !has_string (root, "features", enrolled_keys))
      || !qr_json_find (root, "targets", &targets) || !qr_json_is_array (&targets, NULL))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&targets); i++)
    {
      qr_json_element (&targets, i, &target);
      if (target_fits (search, &target))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_text (const Search *search, const QrJson *object, const char *key, const char **out,
           GError **error)
{
  QrJson member;

  if (!qr_json_member (object, key, &member, error) || !qr_json_string (&member, out, error))
    return FALSE;
  *out = qr_pool_strdup (search->pool, *out);
  return TRUE;
}

static gboolean
read_flash_file (const Search *search, const QrJson *mapping, const char *key, const char **file,
                 const char **format, GError **error)
{
  QrJson member;

  return qr_json_member (mapping, key, &member, error)
         && read_text (search, &member, "filename", file, error)
         && read_text (search, &member, "format", format, error);
}

static gboolean
read_flash (const Search *search, const QrJson *mapping, gboolean *found, GError **error)
{
  QrFirmware *out = search->out;
  QrJson variables, mode;
  const char *how;

  out->in_flash = TRUE;
  if (qr_json_find (mapping, "mode", &mode))
    {
      if (!qr_json_string (&mode, &how, error))
        return FALSE;
      if (strcmp (how, combined) == 0) /* variables in the file of the code: none of ours */
        {
          *found = FALSE;
          return TRUE;
        }
    }
  if (!read_flash_file (search, mapping, "executable", &out->code, &out->code_format, error))
    return FALSE;
  return !qr_json_find (mapping, "nvram-template", &variables)
         || read_flash_file (search, mapping, "nvram-template", &out->vars, &out->vars_format,
                             error);
}

/* What the description @root maps where; a kind of mapping that is none of ours does not fit. */
static gboolean
read_mapping (const Search *search, const QrJson *root, gboolean *found, GError **error)
{
  const char *device;
  QrJson mapping;

  *search->out = (QrFirmware){ .needs_smm = has_string (root, "features", requires_smm) };
  if (!qr_json_member (root, "mapping", &mapping, error)
      || !read_text (search, &mapping, "device", &device, error))
    return FALSE;
  *found = strcmp (device, flash) == 0 || strcmp (device, memory) == 0;
  if (strcmp (device, flash) == 0)
    return read_flash (search, &mapping, found, error);
  return strcmp (device, memory) != 0
         || read_text (search, &mapping, "filename", &search->out->code, error);
}

static gboolean
try_file (const Search *search, const char *path, gboolean *found, GError **error)
{
  g_autoptr (QrJsonDoc) doc = NULL;
  struct stat info;
  QrJson root;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size == 0)
    return TRUE; /* it hides others of its name */
  doc = qr_json_doc_read (path, error);
  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  return qr_json_is_object (&root, error)
         && (!fits (search, &root) || read_mapping (search, &root, found, error));
}

/* The paths of all descriptions: of a name once, the names sorted. (transfer full) */
static GPtrArray *
list_files (const QrFirmwareWish *wish, GHashTable *paths)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const char *const *directory = wish->directories; *directory != NULL; directory++)
    {
      GDir *dir = g_dir_open (*directory, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (name, ".json") && !g_hash_table_contains (paths, name))
          {
            char *key = g_strdup (name);

            g_hash_table_insert (paths, key, g_build_filename (*directory, name, NULL));
            g_ptr_array_add (names, key);
          }
      g_clear_pointer (&dir, g_dir_close);
    }
  qr_texts_sort (names);
  return names;
}

gboolean
qr_firmware_find (const QrFirmwareWish *wish, const QrProfiles *profiles, QrPool *pool,
                  QrFirmware *out, GError **error)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) names = list_files (wish, paths);
  g_autofree char *where = NULL;
  Search search = { wish, profiles, pool, out };
  gboolean found = FALSE;

  for (guint i = 0; i < names->len && !found; i++)
    if (!try_file (&search, g_hash_table_lookup (paths, names->pdata[i]), &found, error))
      return FALSE;
  if (found)
    return TRUE;
  where = g_strjoinv (", ", (char **) wish->directories);
  qr_error_set (error, QR_STATUS_NO_INPUT, "no-firmware", NULL,
                "install one (Debian: ovmf), or name a file: firmware=PATH",
                "no description in %s is of %s firmware%s for %s, machine %s", where,
                wish->interface, wish->secure ? " with Secure Boot" : "",
                wish->arch == NULL ? "this architecture" : wish->arch,
                wish->machine == NULL ? "any" : wish->machine);
  return FALSE;
}
