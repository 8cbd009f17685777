/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "learned.h"

#include "schema-json.h"

void
qr_learned_clear (QrLearned *learned)
{
  qr_probed_binary_clear (&learned->binary);
  g_clear_pointer (&learned->devices, g_array_unref);
  g_clear_pointer (&learned->buses, g_array_unref);
  g_clear_pointer (&learned->options, g_array_unref);
  g_clear_pointer (&learned->machines, g_array_unref);
  g_clear_pointer (&learned->unlearned, g_array_unref);
  g_clear_pointer (&learned->pool, qr_pool_free);
}

/* A kind of what is learned. */
typedef struct
{
  const char *list; /* key of the list */
  const QrSchema *schema;
  gsize array; /* offset in QrLearned */
} Kind;

static const Kind kinds[] = {
  { "devices", &qr_device_type_schema, G_STRUCT_OFFSET (QrLearned, devices) },
  { "buses", &qr_bus_type_schema, G_STRUCT_OFFSET (QrLearned, buses) },
  { "options", &qr_option_schema, G_STRUCT_OFFSET (QrLearned, options) },
  { "machines", &qr_alike_schema, G_STRUCT_OFFSET (QrLearned, machines) },
};

static const GArray *
list_of (const QrLearned *learned, const Kind *kind)
{
  return G_STRUCT_MEMBER (GArray *, learned, kind->array);
}

void
qr_learned_put (const QrLearned *learned, struct json_object *object)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const GArray *list = list_of (learned, &kinds[i]);
      struct json_object *array = json_object_new_array ();

      for (guint j = 0; j < list->len; j++)
        json_object_array_add (
            array, qr_schema_json (kinds[i].schema, list->data + j * kinds[i].schema->size));
      qr_json_put (object, kinds[i].list, array);
    }
}

GString *
qr_learned_overlay (const QrLearned *learned, const char *qemu)
{
  struct json_object *root = json_object_new_object ();
  g_autofree char *source
      = g_strdup_printf ("QEMU %s, %s, asked by " PACKAGE_STRING, learned->binary.version, qemu);

  qr_json_put (root, "schema", json_object_new_int (1));
  qr_json_put (root, "kind", qr_json_new_text ("overlay"));
  qr_json_put (root, "source", qr_json_new_text (source));
  qr_learned_put (learned, root);
  return qr_json_finish (root);
}

guint
qr_learned_count (const QrLearned *learned)
{
  return learned->devices->len + learned->buses->len + learned->options->len
         + learned->machines->len;
}
