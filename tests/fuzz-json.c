/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a profile: the scanner, json-c and every schema. */
#include "config.h"

#include "fuzz.h"

#include "json-doc.h"
#include "profiles.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const QrSchema *const schemas[] = { &qr_device_type_schema, &qr_bus_type_schema, &qr_option_schema,
                                             &qr_default_schema, &qr_machine_schema, &qr_policy_schema };
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse ((const char *) data, size, "f", 0, QR_STATUS_CONFIG, NULL);
  QrJson root;

  if (doc == NULL)
    return 0;
  qr_json_root (doc, &root);
  for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      gpointer record = qr_pool_alloc (pool, schemas[i]->size);
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      if (qr_schema_load (schemas[i], &root, pool, record, &error)
          && (schemas[i] != &qr_policy_schema || qr_policy_validate (record, &root, &error)))
        qr_schema_print (schemas[i], record, out);
    }
  return 0;
}
