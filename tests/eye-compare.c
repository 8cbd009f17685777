/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * eye-compare PLAN.json EYE.txt
 *
 * Prints what a guest saw (the output of the guest's eye) as a tree, with the drivers' names from
 * the plan (qriser plan --format=json), then whether it is what was planned.
 *
 * Exit status: 0 as planned, 1 differences, 2 a file cannot be used.
 */

#include "vmlib.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

enum
{
  STATUS_SAME,
  STATUS_DIFFERS,
  STATUS_TROUBLE
};

typedef struct
{
  const GPtrArray *seen;
  GHashTable *planned; /* path -> JSON function */
  GString *out;
} Tree;

static const char *
member (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  return json_object_object_get_ex (object, key, &value) ? json_object_get_string (value) : NULL;
}

static const char *
kind_of (const VmSeen *seen)
{
  /* PCI Express Base, 7.5.3.2: device/port type */
  static const char *const types[] = { "endpoint",          "legacy-endpoint", NULL,     NULL, "root-port",
                                       "switch-upstream",   "switch-downstream", "bridge", "bridge",
                                       "integrated-endpoint" };

  if (seen->express >= 0 && seen->express < (int) G_N_ELEMENTS (types) && types[seen->express] != NULL)
    return types[seen->express];
  if (seen->secondary >= 0)
    return "bridge";
  return seen->class_code >> 8 == 0x0600 ? "host-bridge" : "conventional";
}

static gsize
parent_length (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? 0 : (gsize) (slash - path);
}

/* Whether @child is directly behind @parent; NULL: on a root bus. */
static gboolean
is_child (const VmSeen *child, const char *parent)
{
  gsize length = parent_length (child->path);

  if (parent == NULL)
    return length == 0;
  return length == strlen (parent) && strncmp (child->path, parent, length) == 0;
}

static const char *
last_part (const char *path)
{
  const char *slash = strrchr (path, '/'), *colon = strchr (path, ':');

  if (slash != NULL)
    return slash + 1;
  return colon == NULL || g_str_has_prefix (path, "00:") ? path + strcspn (path, ":") + (colon != NULL) : path;
}

static void
print_row (Tree *tree, const VmSeen *seen, const char *indent, gboolean last)
{
  struct json_object *planned = g_hash_table_lookup (tree->planned, seen->path);
  gsize start = tree->out->len;

  g_string_append_printf (tree->out, "%s%c-%s ", indent, last ? '`' : '+', last_part (seen->path));
  if (planned != NULL)
    g_string_append (tree->out, member (planned, "driver"));
  else
    g_string_append_printf (tree->out, "%04x:%04x", seen->vendor, seen->device);
  while (tree->out->len - start < 46)
    g_string_append_c (tree->out, ' ');
  g_string_append_printf (tree->out, "  %s%s\n", kind_of (seen), seen->vga ? ", forwards VGA" : "");
}

static void
print_tree (Tree *tree, const char *parent, const char *indent)
{
  const VmSeen *next = NULL;

  for (guint i = 0; i < tree->seen->len; i++)
    if (is_child (tree->seen->pdata[i], parent))
      next = tree->seen->pdata[i];
  for (guint i = 0; i < tree->seen->len; i++)
    {
      const VmSeen *seen = tree->seen->pdata[i];
      g_autofree char *deeper = NULL;

      if (!is_child (seen, parent))
        continue;
      print_row (tree, seen, indent, seen == next);
      deeper = g_strconcat (indent, seen == next ? "  " : "| ", NULL);
      print_tree (tree, seen->path, deeper);
    }
}

/* What of the plan a guest sees of one function, or NULL when it is as planned. */
static char *
difference (struct json_object *planned, const VmSeen *seen)
{
  const char *kind = member (planned, "kind"), *driver = member (planned, "driver");
  static const char *const strict[] = { "root-port", "switch-upstream", "switch-downstream", "endpoint", NULL };
  gboolean multifunction = json_object_get_boolean (json_object_object_get (planned, "multifunction"));

  if (g_strv_contains (strict, kind) && strcmp (kind, kind_of (seen)) != 0)
    return g_strdup_printf ("%s at %s: planned as %s, seen as %s", driver, seen->path, kind, kind_of (seen));
  if ((seen->devfn & 7) == 0 && multifunction != seen->multifunction)
    return g_strdup_printf ("%s at %s: planned %s multifunction bit, seen %s it", driver, seen->path,
                            multifunction ? "with" : "without", multifunction ? "without" : "with");
  return NULL;
}

/* Prints differences; returns how many. */
static guint
print_differences (struct json_object *functions, const Tree *tree)
{
  guint n = 0;

  for (gsize i = 0; i < json_object_array_length (functions); i++)
    {
      struct json_object *planned = json_object_array_get_idx (functions, i);
      const VmSeen *seen = vm_find_seen (tree->seen, member (planned, "path"));
      g_autofree char *text = seen != NULL ? difference (planned, seen)
                                           : g_strdup_printf ("%s at %s: planned, but not seen",
                                                              member (planned, "driver"), member (planned, "path"));

      if (text != NULL)
        printf ("%s\n", text);
      n += text != NULL;
    }
  for (guint i = 0; i < tree->seen->len; i++)
    {
      const VmSeen *seen = tree->seen->pdata[i];

      if (g_hash_table_contains (tree->planned, seen->path))
        continue;
      printf ("%04x:%04x at %s: seen, but not planned\n", seen->vendor, seen->device, seen->path);
      n++;
    }
  return n;
}

static int
compare (struct json_object *functions, const GPtrArray *seen)
{
  g_autoptr (GHashTable) planned = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) out = g_string_new (NULL);
  Tree tree = { seen, planned, out };

  for (gsize i = 0; i < json_object_array_length (functions); i++)
    {
      struct json_object *function = json_object_array_get_idx (functions, i);

      g_hash_table_insert (planned, (gpointer) member (function, "path"), function);
    }
  print_tree (&tree, NULL, "");
  printf ("%s", out->str);
  if (print_differences (functions, &tree) > 0)
    return STATUS_DIFFERS;
  printf ("the guest sees %u functions, as planned\n", seen->len);
  return STATUS_SAME;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seen = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  struct json_object *plan, *functions = NULL;
  int status = STATUS_TROUBLE;

  if (argc != 3)
    {
      fprintf (stderr, "usage: eye-compare PLAN.json EYE.txt\n");
      return STATUS_TROUBLE;
    }
  plan = json_object_from_file (argv[1]);
  if (g_file_get_contents (argv[2], &text, NULL, &error))
    seen = vm_parse_seen (text, &error);
  if (!json_object_object_get_ex (plan, "functions", &functions) || !json_object_is_type (functions, json_type_array))
    fprintf (stderr, "eye-compare: %s is no plan\n", argv[1]);
  else if (seen == NULL)
    fprintf (stderr, "eye-compare: %s: %s\n", argv[2], error->message);
  else
    status = compare (functions, seen);
  json_object_put (plan);
  return status;
}
