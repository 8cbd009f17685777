/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "diff.h"

#include <string.h>

const char *const qr_change_names[] = { "gone", "new", "moved", "changed", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (qr_change_names) == QR_N_CHANGES + 1);

/* The origins that a plan gives to what qriser made. */
static gboolean
is_ours (const QrDiffItem *item)
{
  return item == NULL || strcmp (item->origin, "added") == 0
         || strcmp (item->origin, "spare") == 0;
}

static void
add (GArray *out, QrChange change, const QrDiffItem *before, const QrDiffItem *after)
{
  QrDifference difference = { change, before, after, is_ours (before) && is_ours (after) };

  g_array_append_val (out, difference);
}

static GHashTable *
by_key (const GArray *list)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < list->len; i++)
    {
      QrDiffItem *item = &g_array_index (list, QrDiffItem, i);

      g_hash_table_insert (table, (gpointer) item->key, item);
    }
  return table;
}

static void
compare (GArray *out, const QrDiffItem *before, const QrDiffItem *after)
{
  if (after == NULL)
    {
      add (out, QR_CHANGE_GONE, before, NULL);
      return;
    }
  if (strcmp (before->path, after->path) != 0)
    add (out, QR_CHANGE_MOVED, before, after);
  if (strcmp (before->driver, after->driver) != 0 || strcmp (before->kind, after->kind) != 0)
    add (out, QR_CHANGE_OTHER, before, after);
}

/* Appends what is ours, or what is not. */
static void
append (GArray *out, const GArray *differences, gboolean ours)
{
  for (guint i = 0; i < differences->len; i++)
    {
      QrDifference *difference = &g_array_index (differences, QrDifference, i);

      if (difference->ours == ours)
        g_array_append_val (out, *difference);
    }
}

GArray *
qr_diff (const GArray *before, const GArray *after)
{
  g_autoptr (GHashTable) befores = by_key (before), afters = by_key (after);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (QrDifference));
  GArray *out = g_array_new (FALSE, FALSE, sizeof (QrDifference));

  for (guint i = 0; i < before->len; i++)
    {
      const QrDiffItem *item = &g_array_index (before, QrDiffItem, i);

      compare (all, item, g_hash_table_lookup (afters, item->key));
    }
  for (guint i = 0; i < after->len; i++)
    {
      const QrDiffItem *item = &g_array_index (after, QrDiffItem, i);

      if (!g_hash_table_contains (befores, item->key))
        add (all, QR_CHANGE_NEW, NULL, item);
    }
  append (out, all, FALSE);
  append (out, all, TRUE);
  return out;
}
