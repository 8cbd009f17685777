/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a profile, by the scanner, json-c and every schema, and as a device of a line. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "json-doc.h"
#include "plan.h"
#include "profiles.h"

/* What is planned of a device in JSON, between two others, is written as JSON again. */
static void
plan_device (const char *text)
{
  const char *const words[] = { "-global", "pci-device.multifunction=on", "-device", "pcie-root-port,id=a,chassis=1",
                                "-device", text, "-device", "{\"driver\":\"edu\"}", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .program = "qemu" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_autofree char *message = plan == NULL ? qr_error_render (error, "qriser") : NULL;

  g_assert_true (plan != NULL || message != NULL);
  for (char **word = plan == NULL ? NULL : plan->argv; word != NULL && *word != NULL; word++)
    if (**word == '{')
      {
        g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (*word, strlen (*word), "f", 0, QR_STATUS_REQUEST, NULL);

        g_assert_nonnull (doc);
      }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const QrSchema *const schemas[] = { &qr_device_type_schema, &qr_bus_type_schema, &qr_option_schema,
                                             &qr_default_schema, &qr_machine_schema, &qr_policy_schema };
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse ((const char *) data, size, "f", 0, QR_STATUS_CONFIG, NULL);
  g_autofree char *text = g_strndup ((const char *) data, size);
  QrJson root;

  if (*text == '{')
    plan_device (text);
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
