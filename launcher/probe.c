/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "probe.h"

#include <string.h>

#include "pci-addr.h"
#include "probe-talk.h"
#include "texts.h"

enum
{
  LEVELS_MAX = 32,
  OBJECTS_MAX = 65536,
};

/* An object of the tree. */
typedef struct
{
  char *path, *type;
} Object;

typedef struct
{
  const char *driver; /* of its Object */
  char *bus;          /* QOM path */
  guint devfn;
} Function;

/* What is known while a tree is walked. */
typedef struct
{
  QrQmp *qmp;
  GHashTable *walked, *functions, *buses; /* sets of types */
  GPtrArray *found;                       /* Object: functions and PCI buses */
  GHashTable *by_path;                    /* QOM path to Function */
} Walk;

static void
object_free (gpointer data)
{
  Object *object = data;

  g_free (object->path);
  g_free (object->type);
  g_free (object);
}

static void
function_free (gpointer data)
{
  Function *function = data;

  g_free (function->bus);
  g_free (function);
}

static void
walk_clear (Walk *walk)
{
  g_clear_pointer (&walk->qmp, qr_qmp_free);
  g_clear_pointer (&walk->walked, g_hash_table_unref);
  g_clear_pointer (&walk->functions, g_hash_table_unref);
  g_clear_pointer (&walk->buses, g_hash_table_unref);
  g_clear_pointer (&walk->found, g_ptr_array_unref);
  g_clear_pointer (&walk->by_path, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

void
qr_probed_binary_clear (QrProbedBinary *binary)
{
  g_clear_pointer (&binary->version, g_free);
  g_clear_pointer (&binary->machines, g_ptr_array_unref);
  g_clear_pointer (&binary->aliases, g_ptr_array_unref);
  g_clear_pointer (&binary->drivers, g_ptr_array_unref);
}

/* --- the tree ------------------------------------------------------------------------- */

/* Types that the walk looks into, and those that it is for. */
static gboolean
read_types (Walk *walk, const QrProfiles *profiles, const char *qemu, GError **error)
{
  const QrProbeWords *probe = profiles->probe;
  g_autoptr (GPtrArray) answers = NULL;
  guint n = 0;

  qr_probe_put (walk->qmp, "qom-list-types", "implements", probe->functions, NULL);
  qr_probe_put (walk->qmp, "qom-list-types", "implements", probe->buses, NULL);
  for (; probe->walks[n] != NULL; n++)
    qr_probe_put (walk->qmp, "qom-list-types", "implements", probe->walks[n], NULL);
  answers = qr_qmp_ask (walk->qmp, error);
  if (answers == NULL)
    return FALSE;
  for (guint i = 0; i < answers->len; i++)
    if (!qr_probe_texts (answers->pdata[i], "name", qr_probe_add_to_set,
                         i == 0   ? walk->functions
                         : i == 1 ? walk->buses
                                  : walk->walked))
      return qr_probe_unexpected (qemu, error);
  return TRUE;
}

/* Children of @parent that are looked into. */
static void
add_children (Walk *walk, const Object *parent, const QrJsonDoc *doc, GPtrArray *next)
{
  QrJson root, list, object, name, type;
  const char *child, *kind;

  if (!qr_qmp_result (doc, &root, &list) || !qr_json_is_array (&list, NULL))
    return; /* it may have gone */
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      g_autofree char *plain = NULL;
      Object *found;

      qr_json_element (&list, i, &object);
      if (!qr_json_is_object (&object, NULL) || !qr_json_find (&object, "name", &name)
          || !qr_json_find (&object, "type", &type) || !qr_json_string (&name, &child, NULL)
          || !qr_json_string (&type, &kind, NULL) || !g_str_has_prefix (kind, "child<")
          || !g_str_has_suffix (kind, ">"))
        continue;
      plain = g_strndup (kind + strlen ("child<"), strlen (kind) - strlen ("child<>"));
      if (!g_hash_table_contains (walk->walked, plain))
        continue;
      found = g_new (Object, 1);
      *found = (Object){ g_strdup_printf ("%s/%s", parent->path, child), g_steal_pointer (&plain) };
      g_ptr_array_add (next, found);
    }
}

static gboolean
is_wanted (const Walk *walk, const Object *object)
{
  return g_hash_table_contains (walk->functions, object->type)
         || g_hash_table_contains (walk->buses, object->type);
}

/* Keeps what is wanted of @level, and finds the one below. */
static GPtrArray *
next_level (Walk *walk, GPtrArray *level, GError **error)
{
  GPtrArray *next = g_ptr_array_new_with_free_func (object_free);
  g_autoptr (GPtrArray) answers = NULL;

  for (guint i = 0; i < level->len; i++)
    qr_probe_put (walk->qmp, "qom-list", "path", ((const Object *) level->pdata[i])->path, NULL);
  answers = qr_qmp_ask (walk->qmp, error);
  if (answers == NULL)
    {
      g_ptr_array_unref (next);
      return NULL;
    }
  for (guint i = 0; i < level->len; i++)
    {
      Object *object = level->pdata[i];

      add_children (walk, object, answers->pdata[i], next);
      if (!is_wanted (walk, object))
        continue;
      g_ptr_array_add (walk->found, object);
      level->pdata[i] = NULL;
    }
  return next;
}

static void
object_free_if (gpointer data)
{
  if (data != NULL)
    object_free (data);
}

static gboolean
find_objects (Walk *walk, const char *qemu, GError **error)
{
  g_autoptr (GPtrArray) level = g_ptr_array_new_with_free_func (object_free);
  Object *root = g_new (Object, 1);
  guint levels = 0;

  *root = (Object){ g_strdup ("/machine"), g_strdup ("") };
  g_ptr_array_add (level, root);
  while (level->len > 0)
    {
      GPtrArray *next = next_level (walk, level, error);

      if (next == NULL)
        return FALSE;
      g_ptr_array_set_free_func (level, object_free_if);
      g_ptr_array_unref (level);
      level = next;
      if (++levels > LEVELS_MAX || walk->found->len + level->len > OBJECTS_MAX)
        return qr_probe_unexpected (qemu, error);
    }
  return TRUE;
}

/* --- places ---------------------------------------------------------------------------- */

/* @answers: from @at on, to what a function is asked for. */
static void
take_function (Walk *walk, const Object *object, const GPtrArray *answers, guint at)
{
  QrJson root, value;
  Function *function;
  guint64 devfn;
  const char *bus;

  if (!qr_qmp_result (answers->pdata[at], &root, &value)
      || !qr_json_uint (&value, 0, QR_PCI_DEVFNS - 1, &devfn, NULL))
    return; /* it is at no place */
  bus = qr_probe_text (answers->pdata[at + 1], &root, &value);
  if (*bus == '\0')
    return;
  function = g_new (Function, 1);
  *function = (Function){ object->type, g_strdup (bus), (guint) devfn };
  g_hash_table_insert (walk->by_path, g_strdup (object->path), function);
}

/* The function that has the bus with QOM path @bus; NULL: it is a root bus. */
static const Function *
bridge_of (const Walk *walk, const char *bus)
{
  g_autofree char *device = g_path_get_dirname (bus);

  return g_hash_table_lookup (walk->by_path, device);
}

static const char *
base_name (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? path : slash + 1;
}

/* Properties that are asked for, in this order. */
static const char *const function_properties[] = { "addr", "parent_bus", NULL };
static const char *const bus_properties[] = { "hotplug-handler", NULL };

static const char *const *
properties_of (const Walk *walk, const Object *object)
{
  return g_hash_table_contains (walk->functions, object->type) ? function_properties
                                                               : bus_properties;
}

/* Functions first, because they tell which buses are roots. */
static gboolean
read_objects (Walk *walk, QrSurvey *out, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;
  QrJson root, value;
  guint at = 0;

  for (guint i = 0; i < walk->found->len; i++)
    {
      const Object *object = walk->found->pdata[i];

      for (const char *const *name = properties_of (walk, object); *name != NULL; name++)
        qr_probe_put (walk->qmp, "qom-get", "path", object->path, "property", *name, NULL);
    }
  answers = qr_qmp_ask (walk->qmp, error);
  if (answers == NULL)
    return FALSE;
  for (guint i = 0; i < walk->found->len; i++)
    {
      const Object *object = walk->found->pdata[i];
      const char *const *names = properties_of (walk, object);

      if (names == function_properties)
        take_function (walk, object, answers, at);
      at += g_strv_length ((char **) names);
    }
  at = 0;
  for (guint i = 0; i < walk->found->len; i++)
    {
      const Object *object = walk->found->pdata[i];
      const char *const *names = properties_of (walk, object);

      if (names == bus_properties && bridge_of (walk, object->path) == NULL)
        qr_survey_add_root (out, base_name (object->path), object->type,
                            *qr_probe_text (answers->pdata[at], &root, &value) != '\0');
      at += g_strv_length ((char **) names);
    }
  return TRUE;
}

/* The answer says that devices cannot come and go. */
static gboolean
refuses_hotplug (const QrJsonDoc *doc, const QrProbeWords *probe)
{
  QrJson root, fault, text;
  const char *said;

  qr_json_root (doc, &root);
  return qr_json_find (&root, "error", &fault) && qr_json_is_object (&fault, NULL)
         && qr_json_find (&fault, "desc", &text) && qr_json_string (&text, &said, NULL)
         && strstr (said, probe->not_pluggable) != NULL;
}

/* A bus may have somebody who answers for hot-plug, and who refuses it: tried. */
static gboolean
try_hotplug (Walk *walk, const QrProbeWords *probe, QrSurvey *out, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;
  guint at = 0;

  for (guint i = 0; i < out->roots->len; i++)
    {
      const QrSurveyRoot *root = &g_array_index (out->roots, QrSurveyRoot, i);

      if (root->hotplug)
        qr_probe_put (walk->qmp, "device_add", "driver", probe->plugged, "bus", root->name, NULL);
    }
  answers = qr_qmp_ask (walk->qmp, error);
  for (guint i = 0; answers != NULL && i < out->roots->len; i++)
    {
      QrSurveyRoot *root = &g_array_index (out->roots, QrSurveyRoot, i);

      if (root->hotplug)
        root->hotplug = !refuses_hotplug (answers->pdata[at++], probe);
    }
  return answers != NULL;
}

/* Appends the way to @function. @depth: of those it is the bridge of. */
static void
append_path (const Walk *walk, const Function *function, guint depth, const QrSurvey *survey,
             GString *out)
{
  const Function *bridge = depth < LEVELS_MAX ? bridge_of (walk, function->bus) : NULL;

  if (bridge != NULL)
    append_path (walk, bridge, depth + 1, survey, out);
  else
    g_string_append (out, survey->roots->len == 1 ? "00" : base_name (function->bus));
  g_string_append_printf (out, "%c%02x.%x", bridge != NULL ? '/' : ':',
                          function->devfn / QR_PCI_FUNCTIONS, function->devfn % QR_PCI_FUNCTIONS);
}

static void
add_functions (const Walk *walk, QrSurvey *out)
{
  GHashTableIter iterator;
  gpointer function;

  g_hash_table_iter_init (&iterator, walk->by_path);
  while (g_hash_table_iter_next (&iterator, NULL, &function))
    {
      g_autoptr (GString) path = g_string_new (NULL);

      append_path (walk, function, 0, out, path);
      qr_survey_add_function (out, ((const Function *) function)->driver, path->str);
    }
}

gboolean
qr_probe_machine (const QrProfiles *profiles, const char *qemu, const char *machine, gboolean bare,
                  QrSurvey *out, GError **error)
{
  g_auto (Walk) walk
      = { .walked = qr_probe_set (),
          .functions = qr_probe_set (),
          .buses = qr_probe_set (),
          .found = g_ptr_array_new_with_free_func (object_free),
          .by_path = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, function_free) };
  g_auto (QrSurvey) survey = { NULL };

  qr_survey_init (&survey);
  walk.qmp = qr_probe_start (profiles, qemu, machine, bare, NULL, error);
  if (walk.qmp == NULL || !read_types (&walk, profiles, qemu, error)
      || !find_objects (&walk, qemu, error) || !read_objects (&walk, &survey, error)
      || !try_hotplug (&walk, profiles->probe, &survey, error))
    return FALSE;
  add_functions (&walk, &survey);
  qr_survey_sort (&survey);
  *out = survey;
  survey = (QrSurvey){ NULL };
  return TRUE;
}

/* --- the binary ------------------------------------------------------------------------ */

gboolean
qr_probe_binary (const QrProfiles *profiles, const char *qemu, QrProbedBinary *out, GError **error)
{
  g_autoptr (QrQmp) qmp
      = qr_probe_start (profiles, qemu, profiles->probe->empty, TRUE, NULL, error);
  g_auto (QrProbedBinary) found
      = { NULL, g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free),
          g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GPtrArray) answers = NULL;

  if (qmp == NULL)
    return FALSE;
  qr_qmp_put (qmp, "query-machines", NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", profiles->probe->functions, NULL);
  answers = qr_qmp_ask (qmp, error);
  if (answers == NULL)
    return FALSE;
  if (!qr_probe_texts (answers->pdata[0], "name", qr_probe_add_to_list, found.machines)
      || !qr_probe_texts (answers->pdata[0], "alias", qr_probe_add_to_list, found.aliases)
      || !qr_probe_texts (answers->pdata[1], "name", qr_probe_add_to_list, found.drivers))
    return qr_probe_unexpected (qemu, error);
  qr_texts_sort (found.machines);
  qr_texts_sort (found.aliases);
  qr_texts_sort (found.drivers);
  found.version = g_strdup (qr_qmp_version (qmp));
  *out = found;
  found = (QrProbedBinary){ NULL };
  return TRUE;
}
