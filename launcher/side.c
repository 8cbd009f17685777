/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "side.h"

#include <string.h>

#include "file.h"
#include "json-doc.h"
#include "render-parts.h"
#include "shell-line.h"

typedef struct
{
  const char *name; /* of the file, for errors */
  const GString *text;
  const QrPlanOptions *options;
  const QrProfiles *profiles;
  QrPool *pool;
  GArray *out;
} Side;

/* --- a plan in JSON ---------------------------------------------------------------------- */

static gboolean
read_text (const Side *side, const QrJson *function, const char *key, const char **out,
           GError **error)
{
  QrJson member;

  if (!qr_json_member (function, key, &member, error) || !qr_json_string (&member, out, error))
    return FALSE;
  *out = qr_pool_strdup (side->pool, *out);
  return TRUE;
}

static gboolean
read_function (const Side *side, const QrJson *function, GHashTable *keys, GError **error)
{
  QrDiffItem item;

  if (!read_text (side, function, "key", &item.key, error)
      || !read_text (side, function, "driver", &item.driver, error)
      || !read_text (side, function, "kind", &item.kind, error)
      || !read_text (side, function, "path", &item.path, error)
      || !read_text (side, function, "origin", &item.origin, error))
    return FALSE;
  if (!g_hash_table_add (keys, (gpointer) item.key))
    {
      qr_json_fail (function, error, "each function has a key of its own",
                    "two functions have the key \"%s\"", item.key);
      return FALSE;
    }
  g_array_append_val (side->out, item);
  return TRUE;
}

static gboolean
check_schema (const QrJson *root, GError **error)
{
  guint64 number;
  QrJson schema;

  if (!qr_json_member (root, "schema", &schema, error)
      || !qr_json_uint (&schema, 0, G_MAXINT, &number, error))
    return FALSE;
  if (number == 1)
    return TRUE;
  qr_json_fail (&schema, error, "this program reads plans of schema 1",
                "the plan has schema %" G_GUINT64_FORMAT, number);
  return FALSE;
}

static gboolean
read_plan (const Side *side, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (side->text->str, side->text->len, side->name, 0,
                                                 QR_STATUS_REQUEST, error);
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  QrJson root, functions, function;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  if (!check_schema (&root, error) || !qr_json_member (&root, "functions", &functions, error)
      || !qr_json_is_array (&functions, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&functions); i++)
    {
      qr_json_element (&functions, i, &function);
      if (!read_function (side, &function, keys, error))
        return FALSE;
    }
  return TRUE;
}

/* --- a line ------------------------------------------------------------------------------- */

static void
take_devices (const Side *side, const QrPlan *plan, const GPtrArray *devices)
{
  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];
      QrDiffItem item;

      if (device->bus == NULL)
        continue;
      item.key = qr_pool_strdup (side->pool, device->key);
      item.driver = qr_pool_strdup (side->pool, device->type->driver);
      item.kind = qr_render_kind (device);
      item.path = qr_pool_strdup (side->pool, qr_topology_path (plan->topology, device));
      item.origin = qr_render_origin (device);
      g_array_append_val (side->out, item);
    }
}

/* Says in which file, and where in it, an error of the line is. */
static void
name_file (const Side *side, const QrShellLine *line, gsize skipped, GError *error)
{
  gsize argument = qr_error_argument (error), at;
  guint row = 1, column = 1;

  if (argument == 0 || line->starts == NULL || argument - 1 + skipped >= line->n)
    {
      g_prefix_error (&error, "%s: ", side->name);
      return;
    }
  at = line->starts[argument - 1 + skipped];
  for (gsize i = 0; i < at; i++)
    {
      row += side->text->str[i] == '\n';
      column = side->text->str[i] == '\n' ? 1 : column + 1;
    }
  g_prefix_error (&error, "%s:%u:%u: ", side->name, row, column);
}

static gboolean
plan_line (const Side *side, const QrShellLine *line, GError **error)
{
  gsize skipped = line->n > 0 && line->words[0][0] != '-' && !qr_list_is_word (line->words[0]);
  QrPlanOptions options = *side->options;
  g_autoptr (GError) reason = NULL;
  g_autoptr (QrPlan) plan = NULL;

  options.words = line->words + skipped;
  options.first = 1;
  plan = qr_plan_make (&options, side->profiles, &reason);
  if (plan != NULL && plan->topology == NULL)
    qr_error_set (&reason, QR_STATUS_REQUEST, "unplanned", NULL,
                  "write -machine q35 on it, or compare two plans",
                  "the line is none that is planned: there are no places to compare");
  if (reason != NULL)
    {
      name_file (side, line, skipped, reason);
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  take_devices (side, plan, plan->topology->devices);
  take_devices (side, plan, plan->topology->added);
  return TRUE;
}

/* Words that each end in a NUL; the last may do without. */
static gboolean
read_words (const Side *side, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  QrShellLine line = { 0 };

  for (gsize at = 0; at < side->text->len; at += strlen (side->text->str + at) + 1)
    g_ptr_array_add (words, side->text->str + at);
  line.n = words->len;
  g_ptr_array_add (words, NULL);
  line.words = (const char *const *) words->pdata;
  return plan_line (side, &line, error);
}

gboolean
qr_side_read (const char *path, const QrPlanOptions *options, const QrProfiles *profiles,
              QrPool *pool, GArray *out, GError **error)
{
  GString *text = qr_file_read_input (path, error);
  Side side
      = { strcmp (path, "-") == 0 ? "standard input" : path, text, options, profiles, pool, out };
  QrShellLine line;
  gboolean good;

  if (text == NULL)
    return FALSE;
  if (*text->str == '{')
    good = read_plan (&side, error);
  else if (memchr (text->str, '\0', text->len) != NULL)
    good = read_words (&side, error);
  else
    good = qr_shell_split (text->str, side.name, pool, &line, error)
           && plan_line (&side, &line, error);
  g_string_free (text, TRUE);
  return good;
}
