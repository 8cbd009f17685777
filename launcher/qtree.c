/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qtree.h"

#include <string.h>

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

/* --- one device ------------------------------------------------------------------------------ */

void
qr_listed_device_clear (QrListedDevice *device)
{
  g_clear_pointer (&device->buses, g_array_unref);
}

/* bar 0: i/o at 0xffffffffffffffff [0x3e]; an end before the beginning has gone round. */
static guint
io_bytes (const Line *line)
{
  g_autofree char *text = g_strndup (line->at, line->length);
  const char *at = strstr (text, ": i/o at "), *end = at == NULL ? NULL : strchr (at, '[');
  guint64 first, last;

  if (end == NULL)
    return 0;
  first = g_ascii_strtoull (at + strlen (": i/o at "), NULL, 16);
  last = g_ascii_strtoull (end + 1, NULL, 16);
  return (guint) MIN (last - first + 1, 0x10000);
}

/* Whether @line is that of device @id. */
static gboolean
is_device (const Line *line, const char *id)
{
  g_autofree char *end = g_strdup_printf (", id \"%s\"", id);

  return begins (line, "dev: ") && line->length >= strlen (end)
         && strncmp (line->at + line->length - strlen (end), end, strlen (end)) == 0;
}

static void
add_bus (const Line *line, QrPool *pool, GArray *buses)
{
  QrListedBus bus = { NULL, qr_pool_strndup (pool, line->at + strlen ("bus: "),
                                             line->length - strlen ("bus: ")) };

  g_array_prepend_val (buses, bus); /* the tree has the last first */
}

/* What is below the device whose line was the last, at @indent. */
static void
read_device (const char *text, gsize indent, QrPool *pool, QrListedDevice *out)
{
  gsize open = 0; /* indentation of the bus that was found last; 0: it is none, or not empty */
  gboolean inner = FALSE;
  Line line;

  while (next_line (&text, &line) && (line.indent > indent || line.length == 0))
    if (begins (&line, "bus: "))
      {
        add_bus (&line, pool, out->buses);
        open = line.indent;
        inner = TRUE;
      }
    else if (begins (&line, "dev: ") && open > 0 && line.indent > open)
      {
        g_array_remove_index (out->buses, 0);
        open = 0;
      }
    else if (begins (&line, "type ") && open > 0
             && g_array_index (out->buses, QrListedBus, 0).type == NULL)
      g_array_index (out->buses, QrListedBus, 0).type
          = qr_pool_strndup (pool, line.at + strlen ("type "), line.length - strlen ("type "));
    else if (begins (&line, "bar ") && !inner)
      out->io_bytes += io_bytes (&line);
}

gboolean
qr_qtree_device (const char *text, const char *id, QrPool *pool, QrListedDevice *out)
{
  Line line;

  *out = (QrListedDevice){ .buses = g_array_new (FALSE, FALSE, sizeof (QrListedBus)) };
  while (next_line (&text, &line))
    if (is_device (&line, id))
      {
        read_device (text, line.indent, pool, out);
        return TRUE;
      }
  return FALSE;
}
