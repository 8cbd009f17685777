/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "probe-type.h"

#include <string.h>

void
qr_listed_types_clear (QrListedTypes *types)
{
  g_clear_pointer (&types->types, g_array_unref);
  g_clear_pointer (&types->parents, g_hash_table_unref);
  g_clear_pointer (&types->functions, g_hash_table_unref);
  g_clear_pointer (&types->express, g_hash_table_unref);
  g_clear_pointer (&types->conventional, g_hash_table_unref);
  g_clear_pointer (&types->buses, g_hash_table_unref);
  g_clear_pointer (&types->pool, qr_pool_free);
}

void
qr_tried_type_clear (QrTriedType *tried)
{
  g_clear_pointer (&tried->buses, g_array_unref);
  g_clear_pointer (&tried->pool, qr_pool_free);
}

/* --- all types ------------------------------------------------------------------------------ */

/* Each type of the list with what it descends from. */
static gboolean
read_parents (const QrJsonDoc *doc, GHashTable *parents)
{
  QrJson root, list, object, member;
  const char *name, *parent;

  if (!qr_qmp_result (doc, &root, &list) || !qr_json_is_array (&list, NULL))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &object);
      if (qr_json_is_object (&object, NULL) && qr_json_find (&object, "name", &member)
          && qr_json_string (&member, &name, NULL) && qr_json_find (&object, "parent", &member)
          && qr_json_string (&member, &parent, NULL))
        g_hash_table_insert (parents, g_strdup (name), g_strdup (parent));
    }
  return TRUE;
}

static gboolean
read_types (const GPtrArray *answers, QrListedTypes *out)
{
  QrJson root, value;
  const char *text = qr_probe_text (answers->pdata[0], &root, &value);

  out->types = qr_qtree_types (text, out->pool);
  return out->types->len > 0 && read_parents (answers->pdata[1], out->parents)
         && qr_probe_texts (answers->pdata[2], "name", qr_probe_add_to_set, out->functions)
         && qr_probe_texts (answers->pdata[3], "name", qr_probe_add_to_set, out->express)
         && qr_probe_texts (answers->pdata[4], "name", qr_probe_add_to_set, out->conventional)
         && qr_probe_texts (answers->pdata[5], "name", qr_probe_add_to_set, out->buses);
}

gboolean
qr_probe_types (const QrProfiles *profiles, const char *qemu, QrListedTypes *out, GError **error)
{
  const QrLearnWords *learn = profiles->learn;
  g_autoptr (QrQmp) qmp
      = qr_probe_start (profiles, qemu, profiles->probe->empty, TRUE, NULL, error);
  g_auto (QrListedTypes) found
      = { .pool = qr_pool_new (),
          .parents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
          .functions = qr_probe_set (),
          .express = qr_probe_set (),
          .conventional = qr_probe_set (),
          .buses = qr_probe_set () };
  g_autoptr (GPtrArray) answers = NULL;

  if (qmp == NULL)
    return FALSE;
  qr_probe_put_line (qmp, learn->list);
  qr_qmp_put (qmp, "qom-list-types", "{\"abstract\":true}");
  qr_probe_put (qmp, "qom-list-types", "implements", profiles->probe->functions, NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", learn->express, NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", learn->conventional, NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", "bus", NULL);
  answers = qr_qmp_ask (qmp, error);
  if (answers == NULL)
    return FALSE;
  if (!read_types (answers, &found))
    return qr_probe_unexpected (qemu, error);
  *out = found;
  found = (QrListedTypes){ NULL };
  return TRUE;
}

GPtrArray *
qr_probe_properties (const QrProfiles *profiles, const char *qemu, const GPtrArray *names,
                     GError **error)
{
  g_autoptr (QrQmp) qmp
      = qr_probe_start (profiles, qemu, profiles->probe->empty, TRUE, NULL, error);
  g_autoptr (GPtrArray) answers = NULL;
  GPtrArray *out;

  if (qmp == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++)
    qr_probe_put (qmp, "device-list-properties", "typename", names->pdata[i], NULL);
  answers = qr_qmp_ask (qmp, error);
  if (answers == NULL)
    return NULL;
  out = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  for (guint i = 0; i < names->len; i++)
    {
      GHashTable *set = qr_probe_set ();

      (void) !qr_probe_texts (answers->pdata[i], "name", qr_probe_add_to_set, set);
      g_ptr_array_add (out, set);
    }
  return out;
}

/* --- one of them ------------------------------------------------------------------------------ */

/* Where a function is tried, the bus that is used for it and the id that it has there. */
typedef struct
{
  guint32 io; /* QR_IO_* */
  const char *bus;
  const char *id;
} Place;

enum
{
  N_PLACES = 3,
  BELOW_PORT = 1,
};

typedef struct
{
  const QrProfiles *profiles;
  const char *qemu;
  const QrTrialMachine *machine;
  const char *name;
  GHashTable *properties;
  Place places[N_PLACES];
  guint n_places;
  QrTriedType *out;
} Trial;

static void
add_device (const Trial *trial, GPtrArray *words, const char *driver, const char *id,
            const char *bus, const char *more)
{
  g_ptr_array_add (words, g_strdup (trial->profiles->learn->device));
  g_ptr_array_add (words, g_strdup_printf ("%s,id=%s,bus=%s%s", driver, id, bus, more));
}

/* What it takes for the function to have a back end, and (transfer full) the properties that name
 * it. */
static char *
add_back_ends (const Trial *trial, GPtrArray *words)
{
  const QrLearnWords *learn = trial->profiles->learn;
  GString *out = g_string_new (NULL);

  for (guint32 i = 0; i < learn->n_back_ends; i++)
    {
      const QrLearnBackEnd *back_end = &learn->back_ends[i];

      if (!g_hash_table_contains (trial->properties, back_end->property))
        continue;
      for (const char *const *word = back_end->words; word != NULL && *word != NULL; word++)
        g_ptr_array_add (words, g_strdup (*word));
      g_string_append_printf (out, ",%s=%s", back_end->property, back_end->value);
    }
  return g_string_free (out, FALSE);
}

/* Starts QEMU with the function at @n places from @first on. */
static QrQmp *
start (const Trial *trial, guint first, guint n, gboolean back_ends)
{
  const QrLearnWords *learn = trial->profiles->learn;
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *more = back_ends ? add_back_ends (trial, words) : g_strdup ("");

  if (trial->machine->express)
    {
      add_device (trial, words, learn->port, "qr-port", trial->machine->root, "");
      add_device (trial, words, learn->bridge, "qr-bridge", trial->machine->root, "");
    }
  for (guint i = first; i < first + n; i++)
    add_device (trial, words, trial->name, trial->places[i].id, trial->places[i].bus, more);
  return qr_probe_start (trial->profiles, trial->qemu, trial->machine->machine, TRUE, words, NULL);
}

/* {"return": [{"devices": [{"qdev_id": ID, "class_info": {"class": N}}]}]} */
static guint32
read_class (const QrJsonDoc *doc, const char *id)
{
  QrJson root, list, bus, devices, device, member, info;
  const char *text;
  guint64 number;

  if (!qr_qmp_result (doc, &root, &list) || !qr_json_is_array (&list, NULL)
      || qr_json_length (&list) == 0)
    return QR_CLASS_UNKNOWN;
  qr_json_element (&list, 0, &bus);
  if (!qr_json_is_object (&bus, NULL) || !qr_json_find (&bus, "devices", &devices)
      || !qr_json_is_array (&devices, NULL))
    return QR_CLASS_UNKNOWN;
  for (gsize i = 0; i < qr_json_length (&devices); i++)
    {
      qr_json_element (&devices, i, &device);
      if (qr_json_is_object (&device, NULL) && qr_json_find (&device, "qdev_id", &member)
          && qr_json_string (&member, &text, NULL) && strcmp (text, id) == 0
          && qr_json_find (&device, "class_info", &info) && qr_json_is_object (&info, NULL)
          && qr_json_find (&info, "class", &member)
          && qr_json_uint (&member, 0, G_MAXUINT16, &number, NULL))
        return (guint32) number << 8;
    }
  return QR_CLASS_UNKNOWN;
}

/* What the tree says of the function at @place. */
static void
take_tree (Trial *trial, const GArray *nodes, const Place *place)
{
  const gint index = qr_qtree_find (nodes, place->id);
  QrTriedType *out = trial->out;
  g_autoptr (GArray) buses = NULL;
  guint io_bytes;

  if (index < 0)
    return;
  io_bytes = g_array_index (nodes, QrTreeNode, index).io_bytes;
  if (io_bytes > 0)
    out->io |= place->io;
  out->io_bytes = MAX (out->io_bytes, io_bytes);
  if (out->id != NULL)
    return;
  out->id = place->id;
  buses = qr_qtree_empty_buses (nodes, index);
  for (guint i = 0; i < buses->len; i++)
    g_array_append_val (out->buses,
                        g_array_index (nodes, QrTreeNode, g_array_index (buses, gint, i)));
}

/* FALSE: QEMU does not make the function at all of the places. */
static gboolean
try_places (Trial *trial, guint first, guint n, gboolean back_ends)
{
  g_autoptr (QrQmp) qmp = start (trial, first, n, back_ends);
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (GArray) nodes = NULL;
  QrJson root, value;
  gboolean good;

  if (qmp == NULL)
    return FALSE;
  qr_qmp_put (qmp, "query-pci", NULL);
  qr_probe_put_line (qmp, trial->profiles->probe->tree);
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/machine/peripheral/%s", trial->places[i].id);

      qr_probe_put (qmp, "qom-get", "path", path, "property", "hotpluggable", NULL);
    }
  answers = qr_qmp_ask (qmp, NULL);
  if (answers == NULL)
    return FALSE;
  nodes = qr_qtree_nodes (qr_probe_text (answers->pdata[1], &root, &value), trial->out->pool);
  for (guint i = 0; i < n; i++)
    {
      const Place *place = &trial->places[first + i];
      const guint32 class_code = read_class (answers->pdata[0], place->id);

      if (class_code != QR_CLASS_UNKNOWN)
        trial->out->class_code = class_code;
      take_tree (trial, nodes, place);
      if (place->io == QR_IO_BELOW_PORT && qr_qmp_result (answers->pdata[2 + i], &root, &value)
          && qr_json_boolean (&value, &good, NULL))
        trial->out->hotplug = good;
    }
  return TRUE;
}

/* At all places at once, which most can; else at each by itself, with what it may want. */
static void
try_all (Trial *trial)
{
  if (try_places (trial, 0, trial->n_places, FALSE))
    return;
  for (guint i = 0; i < trial->n_places; i++)
    (void) try_places (trial, i, 1, TRUE);
}

void
qr_probe_type (const QrProfiles *profiles, const char *qemu, const QrTrialMachine *machine,
               const char *name, GHashTable *properties, QrTriedType *out)
{
  Trial trial = { profiles,
                  qemu,
                  machine,
                  name,
                  properties,
                  { { QR_IO_ROOT_COMPLEX, machine->root, "qr-root" },
                    { QR_IO_BELOW_PORT, "qr-port", "qr-below" },
                    { QR_IO_CONVENTIONAL, "qr-bridge", "qr-behind" } },
                  N_PLACES,
                  out };

  if (!machine->express)
    {
      trial.places[0].io = QR_IO_CONVENTIONAL;
      trial.n_places = 1;
    }
  *out = (QrTriedType){ .pool = qr_pool_new (),
                        .class_code = QR_CLASS_UNKNOWN,
                        .hotplug = TRUE,
                        .buses = g_array_new (FALSE, FALSE, sizeof (QrTreeNode)) };
  try_all (&trial);
}
