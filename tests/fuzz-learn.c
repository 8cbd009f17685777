/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what was learned of a QEMU, with which a line is planned, and as what its monitor
 * prints. */
#include "config.h"

#include "fuzz.h"

#include "plan.h"
#include "profiles-load.h"
#include "qtree.h"

static const char *const words[]
    = { "-M", "q35-novel", "-nodefaults", "-novel", "x", "-device", "novel,id=n", "-device", "novel,bus=n.0",
        "-device", "edu,bus=n", "-device", "edu", NULL };

/* Texts of lists and trees, which nobody wrote for a program. */
static void
read_monitor (const char *text, QrPool *pool)
{
  g_autoptr (GArray) types = qr_qtree_types (text, pool), nodes = qr_qtree_nodes (text, pool);

  for (guint i = 0; i < types->len; i++)
    g_assert_nonnull (g_array_index (types, QrListedType, i).name);
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autoptr (GArray) buses = qr_qtree_empty_buses (nodes, (gint) i);

      g_assert_nonnull (g_array_index (nodes, QrTreeNode, i).name);
      g_assert_cmpuint (buses->len, <, nodes->len);
      g_assert_cmpint (g_array_index (nodes, QrTreeNode, i).parent, <, (gint) i);
    }
  g_assert_cmpint (qr_qtree_find (nodes, "n"), <, (gint) nodes->len);
}

static void
plan_with (const QrJsonDoc *doc, QrFace face, QrPool *pool)
{
  QrPlanOptions options = { .face = face, .words = words, .first = 1, .sysfs = "/nonexistent", .program = "qemu",
                            .arch = "x86_64", .seccomp = "off", .yields = TRUE };
  g_autoptr (GError) error = NULL;
  QrProfiles overlay = { .overlay = NULL };
  g_autoptr (QrPlan) plan = NULL;

  if (qr_profiles_load_overlay (doc, pool, &overlay, &error))
    plan = qr_plan_make (&options, qr_profiles_with (&qr_profiles_builtin, &overlay, "x86_64", pool), &error);
  if (plan == NULL)
    g_free (qr_error_render (error, "qriser"));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse ((const char *) data, size, "o.json", 0, QR_STATUS_CONFIG, NULL);

  if (doc == NULL)
    read_monitor (qr_pool_strndup (pool, (const char *) data, size), pool);
  else
    plan_with (doc, size % 2 == 0 ? QR_FACE_DROP_IN : QR_FACE_TOOL, pool);
  return 0;
}
