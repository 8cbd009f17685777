/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "learn-type.h"

#include <string.h>

typedef struct
{
  const QrProfiles *profiles;
  const QrListedTypes *types;
  const QrListedType *listed;
  GHashTable *properties;
  QrPool *pool;
} Learn;

gboolean
qr_learn_is_function (const QrListedTypes *types, const QrListedType *listed)
{
  return g_hash_table_contains (types->functions, listed->name);
}

/* @list as texts ended by NULL; NULL: it is empty. */
static const char *const *
as_texts (const GPtrArray *list, QrPool *pool)
{
  const char **out;

  if (list->len == 0)
    return NULL;
  out = qr_pool_alloc_n (pool, list->len + 1, sizeof *out);
  for (guint i = 0; i < list->len; i++)
    out[i] = qr_pool_strdup (pool, list->pdata[i]);
  return out;
}

/* --- ancestors ---------------------------------------------------------------------------------
 */

/* The QOM types between the type and that of all PCI functions, the nearest first. */
static const char *const *
find_parents (const Learn *learn)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  const char *type = learn->listed->name;

  while (list->len < g_hash_table_size (learn->types->parents)
         && (type = g_hash_table_lookup (learn->types->parents, type)) != NULL
         && strcmp (type, learn->profiles->probe->functions) != 0)
    g_ptr_array_add (list, (gpointer) type);
  return as_texts (list, learn->pool);
}

static QrDeviceKind
find_kind (const Learn *learn, const char *const *parents)
{
  const QrLearnWords *words = learn->profiles->learn;

  for (guint32 i = 0; parents != NULL && i < words->n_kinds; i++)
    if (g_strv_contains (parents, words->kinds[i].parent))
      return (QrDeviceKind) words->kinds[i].kind;
  return QR_DEVICE_FUNCTION;
}

/* How near @device is to a type with @parents: 1 for the same parent; 0: it is no relative. */
static guint
nearness (const QrDeviceType *device, const char *const *parents)
{
  for (guint i = 0; parents != NULL && parents[i] != NULL; i++)
    if (strcmp (device->driver, parents[i]) == 0
        || (device->parents != NULL && g_strv_contains (device->parents, parents[i])))
      return i + 1;
  return 0;
}

/* The nearest relative among the types of the data that are conventional or not; NULL: none. */
static const QrDeviceType *
find_relative (const Learn *learn, const char *const *parents, gboolean conventional)
{
  const QrDeviceType *best = NULL;
  guint best_nearness = G_MAXUINT;

  for (guint32 i = 0; i < learn->profiles->devices.n_records; i++)
    {
      const QrDeviceType *device = qr_profiles_get_device (learn->profiles, i, learn->pool);
      const guint near = nearness (device, parents);

      if (near == 0 || near >= best_nearness || device->conventional != conventional)
        continue;
      best = device;
      best_nearness = near;
    }
  return best;
}

/* --- a PCI function ------------------------------------------------------------------------- */

/* Where it shows PCI Express. Types that can do with and without decide that themselves, as their
 * relatives do. */
static QrExpress
find_express (const Learn *learn, const QrDeviceType *relative)
{
  const gboolean express = g_hash_table_contains (learn->types->express, learn->listed->name);

  if (express && !g_hash_table_contains (learn->types->conventional, learn->listed->name))
    return QR_EXPRESS_ALWAYS;
  if (relative != NULL && relative->express != QR_EXPRESS_ALWAYS)
    return (QrExpress) relative->express;
  return express ? QR_EXPRESS_ON_EXPRESS : QR_EXPRESS_NEVER;
}

/* Those of @texts that are properties of the type. */
static void
add_own (const Learn *learn, const char *const *texts, GPtrArray *out)
{
  for (; texts != NULL && *texts != NULL; texts++)
    if (g_hash_table_contains (learn->properties, *texts)
        && !g_ptr_array_find_with_equal_func (out, *texts, g_str_equal, NULL))
      g_ptr_array_add (out, (gpointer) *texts);
}

/* The properties that the data lists for any type of @kind and that this one has. */
static const char *const *
find_properties (const Learn *learn, QrDeviceKind kind)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint32 i = 0; i < learn->profiles->devices.n_records; i++)
    {
      const QrDeviceType *device = qr_profiles_get_device (learn->profiles, i, learn->pool);

      if (device->kind == kind)
        add_own (learn, device->properties, list);
    }
  return as_texts (list, learn->pool);
}

/* How the bus is called: @name on a device with @id. */
static void
name_bus (const char *name, const char *id, QrPool *pool, QrChildBus *out)
{
  const gsize length = strlen (id);

  if (strcmp (name, id) == 0)
    out->name = QR_BUS_NAME_ID;
  else if (strncmp (name, id, length) == 0 && name[length] == '.')
    out->name = QR_BUS_NAME_ID_N;
  else
    {
      out->name = QR_BUS_NAME_FIXED;
      out->fixed = qr_pool_strdup (pool, name);
    }
}

/* Buses of one type that are numbered are one record. FALSE: one is a PCI bus. */
static gboolean
take_buses (const Learn *learn, const QrTriedType *tried, QrDeviceType *out)
{
  QrChildBus *buses = qr_pool_alloc_n (learn->pool, tried->buses->len, sizeof *buses);
  guint32 n = 0;

  for (guint i = 0; i < tried->buses->len; i++)
    {
      const QrTreeNode *bus = &g_array_index (tried->buses, QrTreeNode, i);
      QrChildBus record = { .name = QR_BUS_NAME_ID_N };

      if (bus->more == NULL)
        continue;
      record.type = qr_pool_strdup (learn->pool, bus->more);
      if (out->kind == QR_DEVICE_FUNCTION
          && qr_profiles_bus_is_a (learn->profiles, record.type, "PCI"))
        return FALSE;
      name_bus (bus->name, tried->id, learn->pool, &record);
      if (n > 0 && record.name == QR_BUS_NAME_ID_N && buses[n - 1].name == QR_BUS_NAME_ID_N
          && strcmp (record.type, buses[n - 1].type) == 0)
        buses[n - 1].count = MAX (buses[n - 1].count, 1) + 1;
      else
        buses[n++] = record;
    }
  out->buses = n == 0 ? NULL : buses;
  out->n_buses = n;
  return TRUE;
}

/* What QEMU does not make without more is taken to be as others with the same parent, and as the
 * list of types puts it; it may have I/O BARs anywhere. */
static void
guess (const Learn *learn, const QrDeviceType *relative, QrDeviceType *out)
{
  const QrLearnWords *words = learn->profiles->learn;
  const gboolean near = relative != NULL && nearness (relative, out->parents) == 1;

  out->class_code = near || (relative != NULL && out->kind != QR_DEVICE_FUNCTION)
                        ? relative->class_code
                        : QR_CLASS_UNKNOWN;
  for (guint32 i = 0; out->class_code == QR_CLASS_UNKNOWN && i < words->n_categories; i++)
    if (strcmp (words->categories[i].category, learn->listed->category) == 0)
      out->class_code = words->categories[i].class_code;
  out->io = near ? relative->io : QR_IO_ROOT_COMPLEX | QR_IO_BELOW_PORT | QR_IO_CONVENTIONAL;
  out->io_bytes = near ? relative->io_bytes : 0;
}

static gboolean
learn_function (const Learn *learn, const QrTriedType *tried, QrDeviceType *out)
{
  const gboolean conventional = !g_hash_table_contains (learn->types->express, learn->listed->name);
  const QrDeviceType *relative;
  g_autoptr (GPtrArray) assigned = g_ptr_array_new ();

  out->parents = find_parents (learn);
  out->kind = find_kind (learn, out->parents);
  relative = find_relative (learn, out->parents, conventional);
  out->express = find_express (learn, relative);
  out->conventional = conventional && out->express != QR_EXPRESS_NEVER;
  out->class_code = tried->class_code;
  out->io = tried->io;
  out->io_bytes = tried->io_bytes;
  if (tried->id == NULL)
    guess (learn, relative, out);
  out->hotplug = tried->hotplug;
  if (relative != NULL)
    add_own (learn, relative->assigned, assigned);
  out->assigned = as_texts (assigned, learn->pool);
  return take_buses (learn, tried, out);
}

gboolean
qr_learn_type (const QrProfiles *profiles, const QrListedTypes *types, const QrListedType *listed,
               GHashTable *properties, const QrTriedType *tried, QrPool *pool, QrDeviceType *out,
               GError **error)
{
  const Learn learn = { profiles, types, listed, properties, pool };
  g_autoptr (GPtrArray) aliases = g_ptr_array_new ();

  *out = (QrDeviceType){ .driver = qr_pool_strdup (pool, listed->name),
                         .bus = listed->bus == NULL ? NULL : qr_pool_strdup (pool, listed->bus),
                         .class_code = QR_CLASS_UNKNOWN,
                         .hotplug = TRUE,
                         .creatable = TRUE };
  if (listed->alias != NULL)
    g_ptr_array_add (aliases, (gpointer) listed->alias);
  out->aliases = as_texts (aliases, pool);
  if (qr_learn_is_function (types, listed) && !learn_function (&learn, tried, out))
    {
      qr_error_set (error, QR_STATUS_UNAVAILABLE, "not-learned", NULL, NULL,
                    "it makes a PCI bus and is neither a port nor a bridge");
      return FALSE;
    }
  out->properties = find_properties (&learn, (QrDeviceKind) out->kind);
  return TRUE;
}
