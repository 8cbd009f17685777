/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qtree.h"

#include <string.h>

#include "pci-addr.h"

/* One line of a text; without what it ends with. */
typedef struct
{
  const char *at; /* behind its indentation */
  gsize indent, length;
} Line;

/* The line at *@at, which is left behind it; FALSE: there is none. */
static gboolean
next_line (const char **at, Line *out)
{
  const char *begin = *at, *end = begin + strcspn (begin, "\n");

  if (*begin == '\0')
    return FALSE;
  *at = *end == '\n' ? end + 1 : end;
  while (end > begin && end[-1] == '\r')
    end--;
  out->indent = strspn (begin, " ");
  out->at = begin + out->indent;
  out->length = out->at < end ? (gsize) (end - out->at) : 0;
  return TRUE;
}

static gboolean
begins (const Line *line, const char *word)
{
  return line->length > strlen (word) && strncmp (line->at, word, strlen (word)) == 0;
}

/* --- types --------------------------------------------------------------------------------- */

/* What stands in @line behind @key, between quotes; NULL: it is not there. */
static const char *
quoted (const char *line, const char *key, QrPool *pool)
{
  const char *at = strstr (line, key);

  if (at == NULL)
    return NULL;
  at += strlen (key);
  return qr_pool_strndup (pool, at, strcspn (at, "\""));
}

/* name "NAME", bus BUS, alias "ALIAS", desc "TEXT", no-user */
static void
add_type (const Line *line, const char *category, QrPool *pool, GArray *types)
{
  const char *text = qr_pool_strndup (pool, line->at, line->length);
  const char *desc = strstr (text, ", desc \""), *bus, *none;
  QrListedType type = { .category = category };

  type.name = quoted (text, "name \"", pool);
  none = g_strrstr (text, ", no-user");
  type.creatable = none == NULL || strcmp (none, ", no-user") != 0;
  if (desc != NULL)
    text = qr_pool_strndup (pool, text, (gsize) (desc - text)); /* it may have any words */
  type.alias = quoted (text, ", alias \"", pool);
  bus = strstr (text, ", bus ");
  if (bus != NULL)
    type.bus
        = qr_pool_strndup (pool, bus + strlen (", bus "), strcspn (bus + strlen (", bus "), ","));
  g_array_append_val (types, type);
}

GArray *
qr_qtree_types (const char *text, QrPool *pool)
{
  GArray *types = g_array_new (FALSE, FALSE, sizeof (QrListedType));
  const char *category = "";
  Line line;

  while (next_line (&text, &line))
    if (begins (&line, "name \""))
      add_type (&line, category, pool, types);
    else if (line.length > 1 && line.at[line.length - 1] == ':')
      category = qr_pool_strndup (pool, line.at, line.length - 1);
  return types;
}

/* --- the tree -------------------------------------------------------------------------------- */

/* What stands in @line behind @word, up to @end. (transfer none) */
static const char *
behind (const Line *line, const char *word, QrPool *pool)
{
  const gsize length = strlen (word);

  return qr_pool_strndup (pool, line->at + length, line->length - length);
}

/* bar 0: i/o at 0xffffffffffffffff [0x3e]; an end before the beginning has gone round. */
static guint
io_bytes (const char *text)
{
  const char *at = strstr (text, ": i/o at "), *end = at == NULL ? NULL : strchr (at, '[');
  guint64 first, last;

  if (end == NULL)
    return 0;
  first = g_ascii_strtoull (at + strlen (": i/o at "), NULL, 16);
  last = g_ascii_strtoull (end + 1, NULL, 16);
  return (guint) MIN (last - first + 1, 0x10000);
}

/* class VGA controller, addr 00:02.0, pci id 1234:1111 (sub 1af4:1100); the bus's number is not
 * given out yet. */
static gint
place (const char *text)
{
  const char *at = g_strrstr (text, ", addr "), *end;
  QrPciAddr addr;
  g_autofree char *word = NULL;
  gsize bad;

  at = at == NULL ? NULL : strchr (at, ':');
  end = at == NULL ? NULL : strchr (at, ',');
  if (end == NULL)
    return -1;
  word = g_strndup (at + 1, (gsize) (end - at) - 1);
  return qr_pci_addr_parse (word, &addr, &bad, NULL) ? (gint) qr_pci_addr_devfn (addr) : -1;
}

/* dev: TYPE, id "ID" */
static void
read_device (const Line *line, QrPool *pool, QrTreeNode *out)
{
  static const char word[] = ", id \"";
  const char *text = behind (line, "dev: ", pool), *id = g_strrstr (text, word);

  out->name = text;
  if (id == NULL || strlen (id) <= strlen (word) || !g_str_has_suffix (id, "\""))
    return;
  out->name = qr_pool_strndup (pool, text, (gsize) (id - text));
  id += strlen (word);
  out->more = qr_pool_strndup (pool, id, strlen (id) - 1);
}

/* What the line says of @node, to which it belongs. */
static void
read_more (const Line *line, QrPool *pool, QrTreeNode *node)
{
  if (node->is_bus && node->more == NULL && begins (line, "type "))
    node->more = behind (line, "type ", pool);
  else if (!node->is_bus && begins (line, "bar "))
    node->io_bytes += io_bytes (behind (line, "bar ", pool));
  else if (!node->is_bus && (begins (line, "class ") || begins (line, "Class ")))
    node->devfn = place (behind (line, "class ", pool));
}

/* The last node that is open and less indented; others are closed. @open: pairs of index and
 * indentation. */
static gint
find_parent (GArray *open, gsize indent)
{
  while (open->len > 0 && g_array_index (open, gsize, open->len - 1) >= indent)
    g_array_set_size (open, open->len - 2);
  return open->len == 0 ? -1 : (gint) g_array_index (open, gsize, open->len - 2);
}

GArray *
qr_qtree_nodes (const char *text, QrPool *pool)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (QrTreeNode));
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (gsize));
  Line line;

  while (next_line (&text, &line))
    {
      QrTreeNode node = { .parent = find_parent (open, line.indent), .devfn = -1 };
      const gsize opened[] = { nodes->len, line.indent };

      node.is_bus = begins (&line, "bus: ");
      if (node.is_bus)
        node.name = behind (&line, "bus: ", pool);
      else if (begins (&line, "dev: "))
        read_device (&line, pool, &node);
      else if (node.parent >= 0)
        read_more (&line, pool, &g_array_index (nodes, QrTreeNode, node.parent));
      if (node.name == NULL)
        continue;
      g_array_append_val (nodes, node);
      g_array_append_vals (open, opened, G_N_ELEMENTS (opened));
    }
  return nodes;
}

gint
qr_qtree_find (const GArray *nodes, const char *id)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      const QrTreeNode *node = &g_array_index (nodes, QrTreeNode, i);

      if (!node->is_bus && g_strcmp0 (node->more, id) == 0)
        return (gint) i;
    }
  return -1;
}

static gboolean
is_below (const GArray *nodes, guint index, gint above)
{
  gint at = (gint) index;

  while (at > above)
    at = g_array_index (nodes, QrTreeNode, at).parent;
  return at == above;
}

static gboolean
is_empty (const GArray *nodes, guint bus)
{
  return bus + 1 >= nodes->len || g_array_index (nodes, QrTreeNode, bus + 1).parent != (gint) bus;
}

GArray *
qr_qtree_empty_buses (const GArray *nodes, gint index)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (gint));

  for (guint i = (guint) index + 1; i < nodes->len && is_below (nodes, i, index); i++)
    if (g_array_index (nodes, QrTreeNode, i).is_bus && is_empty (nodes, i))
      {
        const gint bus = (gint) i;

        g_array_prepend_val (out, bus); /* the tree has the last first */
      }
  return out;
}
