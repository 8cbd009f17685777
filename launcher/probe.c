/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "probe.h"

#include <string.h>

#include "pci-addr.h"
#include "probe-talk.h"
#include "qtree.h"
#include "texts.h"

enum
{
  LEVELS_MAX = 32,
};

/* A machine's tree, while it is read. */
typedef struct
{
  const QrProbedBinary *binary;
  const GArray *nodes; /* QrTreeNode */
  gboolean too_deep;
} Tree;

void
qr_probed_binary_clear (QrProbedBinary *binary)
{
  g_clear_pointer (&binary->version, g_free);
  g_clear_pointer (&binary->machines, g_ptr_array_unref);
  g_clear_pointer (&binary->aliases, g_ptr_array_unref);
  g_clear_pointer (&binary->drivers, g_ptr_array_unref);
  g_clear_pointer (&binary->buses, g_hash_table_unref);
}

/* --- one machine ---------------------------------------------------------------------------- */

/* NULL for -1. */
static const QrTreeNode *
node_at (const Tree *tree, gint index)
{
  return index < 0 ? NULL : &g_array_index (tree->nodes, QrTreeNode, index);
}

/* The function that makes the bus of @node; NULL: it is a root bus. */
static const QrTreeNode *
bridge_of (const Tree *tree, const QrTreeNode *node)
{
  const QrTreeNode *bus = node_at (tree, node->parent);
  const QrTreeNode *device = bus == NULL ? NULL : node_at (tree, bus->parent);

  return device != NULL && device->devfn >= 0 ? device : NULL;
}

static void
add_roots (const Tree *tree, QrSurvey *out)
{
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      const QrTreeNode *node = node_at (tree, (gint) i);
      const QrTreeNode *device = node_at (tree, node->parent);

      if (node->is_bus && node->more != NULL
          && g_hash_table_contains (tree->binary->buses, node->more)
          && (device == NULL || device->devfn < 0))
        qr_survey_add_root (out, node->name, node->more, FALSE);
    }
}

/* Appends the way to @function. @depth: of those it is the bridge of. */
static void
append_path (Tree *tree, const QrTreeNode *function, guint depth, const QrSurvey *survey,
             GString *out)
{
  const QrTreeNode *bridge = depth < LEVELS_MAX ? bridge_of (tree, function) : NULL;

  tree->too_deep |= depth == LEVELS_MAX;
  if (bridge != NULL)
    append_path (tree, bridge, depth + 1, survey, out);
  else
    g_string_append (out, survey->roots->len == 1 ? "00" : node_at (tree, function->parent)->name);
  g_string_append_printf (out, "%c%02x.%x", bridge != NULL ? '/' : ':',
                          (guint) function->devfn / QR_PCI_FUNCTIONS,
                          (guint) function->devfn % QR_PCI_FUNCTIONS);
}

static void
add_functions (Tree *tree, QrSurvey *out)
{
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      const QrTreeNode *node = node_at (tree, (gint) i);
      g_autoptr (GString) path = g_string_new (NULL);

      if (node->devfn < 0 || node->parent < 0)
        continue;
      append_path (tree, node, 0, out, path);
      qr_survey_add_function (out, node->name, path->str);
    }
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

/* Which root buses have somebody who answers for hot-plug. */
static gboolean
find_handlers (QrQmp *qmp, QrSurvey *out, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;
  QrJson root, value;

  for (guint i = 0; i < out->roots->len; i++)
    qr_probe_put (qmp, "qom-get", "path", g_array_index (out->roots, QrSurveyRoot, i).name,
                  "property", "hotplug-handler", NULL);
  answers = qr_qmp_ask (qmp, error);
  for (guint i = 0; answers != NULL && i < out->roots->len; i++)
    g_array_index (out->roots, QrSurveyRoot, i).hotplug
        = *qr_probe_text (answers->pdata[i], &root, &value) != '\0';
  return answers != NULL;
}

/* They may refuse it: tried. Where nobody answers QEMU takes longer to say so than to start. */
static gboolean
try_hotplug (QrQmp *qmp, const QrProbeWords *probe, QrSurvey *out, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;
  guint at = 0;

  for (guint i = 0; i < out->roots->len; i++)
    {
      const QrSurveyRoot *root = &g_array_index (out->roots, QrSurveyRoot, i);

      if (root->hotplug)
        qr_probe_put (qmp, "device_add", "driver", probe->plugged, "bus", root->name, NULL);
    }
  answers = qr_qmp_ask (qmp, error);
  for (guint i = 0; answers != NULL && i < out->roots->len; i++)
    {
      QrSurveyRoot *root = &g_array_index (out->roots, QrSurveyRoot, i);

      if (root->hotplug)
        root->hotplug = !refuses_hotplug (answers->pdata[at++], probe);
    }
  return answers != NULL;
}

static gboolean
read_machine (QrQmp *qmp, const QrProfiles *profiles, const QrProbedBinary *binary,
              const char *qemu, QrSurvey *out, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (GArray) nodes = NULL;
  Tree tree = { .binary = binary };
  QrJson root, value;

  qr_probe_put_line (qmp, profiles->probe->tree);
  answers = qr_qmp_ask (qmp, error);
  if (answers == NULL)
    return FALSE;
  tree.nodes = nodes = qr_qtree_nodes (qr_probe_text (answers->pdata[0], &root, &value), out->pool);
  add_roots (&tree, out);
  add_functions (&tree, out);
  if (nodes->len == 0 || tree.too_deep)
    return qr_probe_unexpected (qemu, error);
  return find_handlers (qmp, out, error) && try_hotplug (qmp, profiles->probe, out, error);
}

gboolean
qr_probe_machine (const QrProfiles *profiles, const char *qemu, const QrProbedBinary *binary,
                  const char *machine, gboolean bare, QrSurvey *out, GError **error)
{
  g_autoptr (QrQmp) qmp = qr_probe_start (profiles, qemu, machine, bare, NULL, error);
  g_auto (QrSurvey) survey = { NULL };

  if (qmp == NULL)
    return FALSE;
  qr_survey_init (&survey);
  if (!read_machine (qmp, profiles, binary, qemu, &survey, error))
    return FALSE;
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
          g_ptr_array_new_with_free_func (g_free), qr_probe_set () };
  g_autoptr (GPtrArray) answers = NULL;

  if (qmp == NULL)
    return FALSE;
  qr_qmp_put (qmp, "query-machines", NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", profiles->probe->functions, NULL);
  qr_probe_put (qmp, "qom-list-types", "implements", profiles->probe->buses, NULL);
  answers = qr_qmp_ask (qmp, error);
  if (answers == NULL)
    return FALSE;
  if (!qr_probe_texts (answers->pdata[0], "name", qr_probe_add_to_list, found.machines)
      || !qr_probe_texts (answers->pdata[0], "alias", qr_probe_add_to_list, found.aliases)
      || !qr_probe_texts (answers->pdata[1], "name", qr_probe_add_to_list, found.drivers)
      || !qr_probe_texts (answers->pdata[2], "name", qr_probe_add_to_set, found.buses))
    return qr_probe_unexpected (qemu, error);
  qr_texts_sort (found.machines);
  qr_texts_sort (found.aliases);
  qr_texts_sort (found.drivers);
  found.version = g_strdup (qr_qmp_version (qmp));
  *out = found;
  found = (QrProbedBinary){ NULL };
  return TRUE;
}

gboolean
qr_probe_nobody (const char *name, GError **error)
{
  qr_error_set (error, QR_STATUS_NOT_FOUND, "no-qemu", NULL, "--qemu names another",
                "there is no QEMU \"%s\" to ask", name);
  return FALSE;
}
