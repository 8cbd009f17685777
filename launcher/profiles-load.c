/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "profiles-load.h"

#include <string.h>

/* What is read so far; one array a kind of record. */
typedef struct
{
  QrPool *pool;
  GArray *devices, *bus_types, *controllers, *options, *defaults, *opened, *needs, *levels,
      *machines, *alike, *unplanned, *probe, *learn, *policies, *roles, *keys, *files;
} Load;

/* A kind of file: where its list stands (NULL: the document is the record). */
typedef struct
{
  const char *kind;
  const char *list;
  const QrSchema *schema;
  gsize array; /* offset in Load */
} FileKind;

static const FileKind file_kinds[] = {
  { "devices", "devices", &qr_device_type_schema, G_STRUCT_OFFSET (Load, devices) },
  { "buses", "buses", &qr_bus_type_schema, G_STRUCT_OFFSET (Load, bus_types) },
  { "controllers", "controllers", &qr_controller_schema, G_STRUCT_OFFSET (Load, controllers) },
  { "options", "options", &qr_option_schema, G_STRUCT_OFFSET (Load, options) },
  { "defaults", "defaults", &qr_default_schema, G_STRUCT_OFFSET (Load, defaults) },
  { "opened", "opened", &qr_opened_schema, G_STRUCT_OFFSET (Load, opened) },
  { "needs", "needs", &qr_need_schema, G_STRUCT_OFFSET (Load, needs) },
  { "levels", "levels", &qr_level_schema, G_STRUCT_OFFSET (Load, levels) },
  { "roles", "roles", &qr_role_schema, G_STRUCT_OFFSET (Load, roles) },
  { "keys", "keys", &qr_option_keys_schema, G_STRUCT_OFFSET (Load, keys) },
  { "machine", NULL, &qr_machine_schema, G_STRUCT_OFFSET (Load, machines) },
  { "machines", "machines", &qr_alike_schema, G_STRUCT_OFFSET (Load, alike) },
  { "unplanned", "unplanned", &qr_unplanned_schema, G_STRUCT_OFFSET (Load, unplanned) },
  { "probe", NULL, &qr_probe_words_schema, G_STRUCT_OFFSET (Load, probe) },
  { "learn", NULL, &qr_learn_words_schema, G_STRUCT_OFFSET (Load, learn) },
  { "policy", NULL, &qr_policy_schema, G_STRUCT_OFFSET (Load, policies) },
};

static gboolean
load_one (Load *load, const FileKind *kind, const QrJson *json, GError **error)
{
  g_autofree gpointer record = g_malloc0 (kind->schema->size);

  if (!qr_schema_load (kind->schema, json, load->pool, record, error))
    return FALSE;
  if (kind->schema == &qr_policy_schema && !qr_policy_validate (record, json, error))
    return FALSE;
  g_array_append_vals (G_STRUCT_MEMBER (GArray *, load, kind->array), record, 1);
  return TRUE;
}

/* Reads the list of @kind in @root. */
static gboolean
load_list (Load *load, const FileKind *kind, const QrJson *root, GError **error)
{
  QrJson list, element;

  if (!qr_json_member (root, kind->list, &list, error) || !qr_json_is_array (&list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &element);
      if (!load_one (load, kind, &element, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_record_or_list (Load *load, const FileKind *kind, const QrJson *root, GError **error)
{
  const char *const keys[] = { "schema", "kind", "source", "family", kind->list, NULL };

  if (kind->list == NULL)
    return load_one (load, kind, root, error);
  return qr_json_only (root, keys, error) && load_list (load, kind, root, error);
}

static const QrField profile_file_fields[] = {
  { "name", QR_FIELD_STRING, G_STRUCT_OFFSET (QrProfileFile, name) },
  { "hash", QR_FIELD_STRING, G_STRUCT_OFFSET (QrProfileFile, hash) },
  { 0 },
};
static const QrSchema profile_file_schema
    = { "QrProfileFile", sizeof (QrProfileFile), profile_file_fields };

/* Notes the file's last two path elements and its hash. */
static void
note_file (Load *load, const char *path, const QrJsonDoc *doc)
{
  g_autofree char *directory = g_path_get_dirname (path), *parent = g_path_get_basename (directory),
                  *name = g_path_get_basename (path);
  g_autofree char *hash
      = g_compute_checksum_for_string (G_CHECKSUM_SHA256, qr_json_doc_text (doc), -1);
  QrProfileFile file;

  file.name = qr_pool_printf (load->pool, "%s/%s", parent, name);
  file.hash = qr_pool_strndup (load->pool, hash, 12);
  g_array_append_val (load->files, file);
}

gboolean
qr_profiles_read_head (const QrJson *root, QrJson *kind, const char **name, GError **error)
{
  QrJson schema, source;
  guint64 version;

  if (!qr_json_member (root, "schema", &schema, error)
      || !qr_json_uint (&schema, 1, G_MAXINT32, &version, error))
    return FALSE;
  if (version != 1)
    {
      qr_json_fail (&schema, error, NULL, "a profile of schema 1 can be read, this is of schema %u",
                    (guint) version);
      return FALSE;
    }
  return qr_json_member (root, "source", &source, error)
         && qr_json_member (root, "kind", kind, error) && qr_json_string (kind, name, error);
}

static gboolean
load_file (Load *load, const char *path, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);
  QrJson root, kind;
  const char *name;

  if (doc == NULL)
    return FALSE;
  note_file (load, path, doc);
  qr_json_root (doc, &root);
  if (!qr_profiles_read_head (&root, &kind, &name, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    if (strcmp (file_kinds[i].kind, name) == 0)
      return load_record_or_list (load, &file_kinds[i], &root, error);
  qr_json_fail (&kind, error, NULL, "unknown kind of profile \"%s\"", name);
  return FALSE;
}

/* The lists that an overlay may have. */
static const char *const overlay_lists[] = { "devices", "buses", "options", "machines", NULL };

static gboolean
load_lists (Load *load, const QrJson *root, GError **error)
{
  const char *const keys[]
      = { "schema",         "kind",           "source",         overlay_lists[0],
          overlay_lists[1], overlay_lists[2], overlay_lists[3], NULL };
  QrJson kind;
  const char *name;

  if (!qr_profiles_read_head (root, &kind, &name, error) || !qr_json_only (root, keys, error))
    return FALSE;
  if (strcmp (name, "overlay") != 0)
    {
      qr_json_fail (&kind, error, NULL, "an overlay was expected, not \"%s\"", name);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    if (file_kinds[i].list != NULL && g_strv_contains (overlay_lists, file_kinds[i].list)
        && !load_list (load, &file_kinds[i], root, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_names (QrPacker *packer, const QrDeviceType *device, guint32 place, GError **error)
{
  const char *name = device->driver;
  gboolean good = qr_packer_add_name (packer, name, place);

  for (const char *const *alias = device->aliases; good && alias != NULL && *alias != NULL; alias++)
    {
      name = *alias;
      good = qr_packer_add_name (packer, name, place);
    }
  if (!good)
    qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                  "device type \"%s\" is described twice", name);
  return good;
}

/* Packs the device types; a name that stands twice is refused. */
static gboolean
pack_devices (const GArray *devices, QrPool *pool, QrPacked *out, GError **error)
{
  g_autoptr (QrPacker) packer = qr_packer_new (&qr_device_type_schema);

  for (guint32 i = 0; i < devices->len; i++)
    {
      const QrDeviceType *device = &g_array_index (devices, QrDeviceType, i);

      if (!add_names (packer, device, qr_packer_add (packer, device), error))
        return FALSE;
    }
  qr_packer_finish (packer, pool, out);
  return TRUE;
}

/* Packs @records of @schema, each found by what @name_of says. */
static gboolean
pack_records (const GArray *records, const QrSchema *schema, const char *what,
              char *(*name_of) (gconstpointer), QrPool *pool, QrPacked *out, GError **error)
{
  g_autoptr (QrPacker) packer = qr_packer_new (schema);

  for (guint32 i = 0; i < records->len; i++)
    {
      gconstpointer record = records->data + (gsize) i * schema->size;
      g_autofree char *name = name_of (record);

      if (!qr_packer_add_name (packer, name, qr_packer_add (packer, record)))
        {
          qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                        "%s \"%s\" is described twice", what, name);
          return FALSE;
        }
    }
  qr_packer_finish (packer, pool, out);
  return TRUE;
}

/* A record's name; it is the first member of each kind. (transfer full) */
static char *
record_name (gconstpointer record)
{
  return g_strdup (*(const char *const *) record);
}

/* A policy's versions are different records. (transfer full) */
static char *
policy_name (gconstpointer record)
{
  const QrPolicy *policy = record;

  return g_strdup_printf ("%s@%u", policy->name, policy->version);
}

/* "OPTION" or "OPTION TYPE". (transfer full) */
static char *
keys_name (gconstpointer record)
{
  const QrOptionKeys *keys = record;

  return keys->type == NULL ? g_strdup (keys->option)
                            : g_strdup_printf ("%s %s", keys->option, keys->type);
}

/* Each is found by its option and by how many of that option come before it. */
static void
pack_opened (const GArray *records, QrPool *pool, QrPacked *out)
{
  g_autoptr (QrPacker) packer = qr_packer_new (&qr_opened_schema);

  for (guint32 i = 0; i < records->len; i++)
    {
      const QrOpened *record = &g_array_index (records, QrOpened, i);
      const guint32 place = qr_packer_add (packer, record);
      char name[QR_OPENED_NAME];
      guint32 index = 0;

      while (!qr_packer_add_name (packer, qr_opened_name (record->option, index, name), place))
        index++;
    }
  qr_packer_finish (packer, pool, out);
}

/* Refuses two records of one name. */
static gboolean
refuse_twice (GArray *array, const char *what, char *(*name_of) (gconstpointer), GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < array->len; i++)
    {
      char *name = name_of (array->data + (gsize) i * g_array_get_element_size (array));

      if (g_hash_table_contains (seen, name))
        {
          qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                        "%s \"%s\" is described twice", what, name);
          g_free (name);
          return FALSE;
        }
      g_hash_table_add (seen, name);
    }
  return TRUE;
}

static const QrBusType *
find_bus_type (const GArray *types, const char *name)
{
  for (guint i = 0; name != NULL && i < types->len; i++)
    if (strcmp (g_array_index (types, QrBusType, i).type, name) == 0)
      return &g_array_index (types, QrBusType, i);
  return NULL;
}

/* Refuses bus types that descend from themselves. */
static gboolean
refuse_circles (const GArray *types, GError **error)
{
  for (guint i = 0; i < types->len; i++)
    {
      const QrBusType *type = &g_array_index (types, QrBusType, i), *above = type;
      guint steps = 0;

      while ((above = find_bus_type (types, above->parent)) != NULL && steps <= types->len)
        steps++;
      if (above == NULL)
        continue;
      qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                    "bus type \"%s\" descends from itself", type->type);
      return FALSE;
    }
  return TRUE;
}

/* Moves @array's records into the pool. */
static gconstpointer
take (QrPool *pool, GArray *array, guint32 *count)
{
  gsize bytes = (gsize) array->len * g_array_get_element_size (array);
  gpointer records = qr_pool_alloc (pool, bytes);

  if (bytes > 0)
    memcpy (records, array->data, bytes);
  *count = array->len;
  return records;
}

static void
load_init (Load *load, QrPool *pool)
{
  load->pool = pool;
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    G_STRUCT_MEMBER (GArray *, load, file_kinds[i].array)
        = g_array_new (FALSE, TRUE, (guint) file_kinds[i].schema->size);
  load->files = g_array_new (FALSE, FALSE, sizeof (QrProfileFile));
}

static void
load_clear (Load *load)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    g_array_unref (G_STRUCT_MEMBER (GArray *, load, file_kinds[i].array));
  g_array_unref (load->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

/* What was read, as tables. */
static gboolean
finish (Load *load, QrProfiles *out, GError **error)
{
  QrPool *pool = load->pool;

  if (!refuse_twice (load->options, "option", record_name, error)
      || !refuse_twice (load->bus_types, "bus type", record_name, error)
      || !refuse_circles (load->bus_types, error)
      || !refuse_twice (load->controllers, "controller for", record_name, error)
      || !refuse_twice (load->levels, "level", record_name, error)
      || !refuse_twice (load->machines, "machine", record_name, error)
      || !refuse_twice (load->alike, "machine", record_name, error)
      || !refuse_twice (load->policies, "policy", policy_name, error)
      || !pack_devices (load->devices, pool, &out->devices, error)
      || !pack_records (load->roles, &qr_role_schema, "role", record_name, pool, &out->roles, error)
      || !pack_records (load->keys, &qr_option_keys_schema, "option", keys_name, pool, &out->keys,
                        error))
    return FALSE;
  g_array_sort (load->options, qr_option_compare);
  out->bus_types = take (pool, load->bus_types, &out->n_bus_types);
  out->controllers = take (pool, load->controllers, &out->n_controllers);
  out->options = take (pool, load->options, &out->n_options);
  out->defaults = take (pool, load->defaults, &out->n_defaults);
  pack_opened (load->opened, pool, &out->opened);
  out->needs = take (pool, load->needs, &out->n_needs);
  out->levels = take (pool, load->levels, &out->n_levels);
  out->machines = take (pool, load->machines, &out->n_machines);
  out->alike = take (pool, load->alike, &out->n_alike);
  out->unplanned = take (pool, load->unplanned, &out->n_unplanned);
  out->probe = take (pool, load->probe, &out->n_probe);
  out->learn = take (pool, load->learn, &out->n_learn);
  out->policies = take (pool, load->policies, &out->n_policies);
  out->files = take (pool, load->files, &out->n_files);
  return TRUE;
}

gboolean
qr_profiles_load (const char *const *files, QrPool *pool, QrProfiles *out, GError **error)
{
  g_auto (Load) load = { NULL };

  load_init (&load, pool);
  for (; *files != NULL; files++)
    if (!load_file (&load, *files, error))
      return FALSE;
  return qr_confinement_check ((const QrNeedRecord *) (gpointer) load.needs->data, load.needs->len,
                               (const QrLevel *) (gpointer) load.levels->data, load.levels->len,
                               error)
         && finish (&load, out, error);
}

gboolean
qr_profiles_load_overlay (const QrJsonDoc *doc, QrPool *pool, QrProfiles *out, GError **error)
{
  g_auto (Load) load = { NULL };
  QrJson root;

  load_init (&load, pool);
  qr_json_root (doc, &root);
  return load_lists (&load, &root, error) && finish (&load, out, error);
}

static void
print_list (const QrSchema *schema, const char *name, gconstpointer records, guint32 count,
            GString *out)
{
  g_string_append_printf (out, "static const %s %s[] = {\n", schema->type, name);
  for (guint32 i = 0; i < count; i++)
    {
      g_string_append (out, "  ");
      qr_schema_print (schema, (const char *) records + i * schema->size, out);
      g_string_append (out, ",\n");
    }
  g_string_append (out, "};\n\n");
}

void
qr_profiles_print (const QrProfiles *profiles, const char *name, GString *out)
{
  qr_packed_print (&profiles->devices, "devices", out);
  print_list (&qr_bus_type_schema, "bus_types", profiles->bus_types, profiles->n_bus_types, out);
  print_list (&qr_controller_schema, "controllers", profiles->controllers, profiles->n_controllers,
              out);
  print_list (&qr_option_schema, "options", profiles->options, profiles->n_options, out);
  print_list (&qr_default_schema, "defaults", profiles->defaults, profiles->n_defaults, out);
  qr_packed_print (&profiles->opened, "opened", out);
  print_list (&qr_need_schema, "needs", profiles->needs, profiles->n_needs, out);
  print_list (&qr_level_schema, "levels", profiles->levels, profiles->n_levels, out);
  print_list (&qr_machine_schema, "machines", profiles->machines, profiles->n_machines, out);
  print_list (&qr_unplanned_schema, "unplanned", profiles->unplanned, profiles->n_unplanned, out);
  print_list (&qr_probe_words_schema, "probe", profiles->probe, profiles->n_probe, out);
  print_list (&qr_learn_words_schema, "learn", profiles->learn, profiles->n_learn, out);
  print_list (&qr_policy_schema, "policies", profiles->policies, profiles->n_policies, out);
  qr_packed_print (&profiles->roles, "roles", out);
  qr_packed_print (&profiles->keys, "option_keys", out);
  print_list (&profile_file_schema, "files", profiles->files, profiles->n_files, out);
  g_string_append_printf (
      out,
      "const QrProfiles %s = {\n"
      "  devices, bus_types, %u, controllers, %u, options, %u,\n"
      "  defaults, %u, opened, needs, %u, levels, %u,\n"
      "  machines, %u, unplanned, %u, probe, %u, learn, %u, policies, %u, roles, option_keys,\n"
      "  files, %u,\n"
      "};\n",
      name, profiles->n_bus_types, profiles->n_controllers, profiles->n_options,
      profiles->n_defaults, profiles->n_needs, profiles->n_levels, profiles->n_machines,
      profiles->n_unplanned, profiles->n_probe, profiles->n_learn, profiles->n_policies,
      profiles->n_files);
}
