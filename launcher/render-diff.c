/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-diff.h"

#include <string.h>

#include "diag.h"

enum
{
  LINES_OF_OURS = 3, /* more that are gone, or new, are summed up */
};

/* Any text may come from a file. */
static void
append_text (GString *out, const char *before, const char *text)
{
  g_string_append (out, before);
  qr_append_printable (out, text, strlen (text));
}

static void
append_line (GString *out, const QrDifference *difference)
{
  static const char *const signs[] = { "- ", "+ ", "> ", "! " };
  const QrDiffItem *before = difference->before, *after = difference->after;
  const QrDiffItem *item = before != NULL ? before : after;

  G_STATIC_ASSERT (G_N_ELEMENTS (signs) == QR_N_CHANGES);
  append_text (out, signs[difference->change], item->key);
  switch (difference->change)
    {
    case QR_CHANGE_GONE:
    case QR_CHANGE_NEW:
      append_text (out, " ", item->driver);
      append_text (out, " at ", item->path);
      break;
    case QR_CHANGE_MOVED:
      append_text (out, " moved ", before->path);
      append_text (out, " -> ", after->path);
      break;
    case QR_CHANGE_OTHER:
      append_text (out, " changed ", before->driver);
      append_text (out, " (", before->kind);
      append_text (out, ") -> ", after->driver);
      append_text (out, " (", after->kind);
      g_string_append_c (out, ')');
      break;
    case QR_N_CHANGES:
      break;
    }
  g_string_append (out, difference->ours ? ", made by qriser\n" : "\n");
}

static void
append_sum (GString *out, const GArray *differences, QrChange change, guint n)
{
  const char *separator = ": ";

  g_string_append_printf (out, "%c %u ports and bridges made by qriser",
                          change == QR_CHANGE_GONE ? '-' : '+', n);
  for (guint i = 0; i < differences->len; i++)
    {
      const QrDifference *difference = &g_array_index (differences, QrDifference, i);
      const QrDiffItem *item = difference->before != NULL ? difference->before : difference->after;

      if (!difference->ours || difference->change != change)
        continue;
      append_text (out, separator, item->key);
      separator = ", ";
    }
  g_string_append_c (out, '\n');
}

GString *
qr_render_diff (const GArray *differences)
{
  guint n[QR_N_CHANGES] = { 0 };
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < differences->len; i++)
    {
      const QrDifference *difference = &g_array_index (differences, QrDifference, i);

      n[difference->change] += difference->ours;
    }
  for (guint i = 0; i < differences->len; i++)
    {
      const QrDifference *difference = &g_array_index (differences, QrDifference, i);

      if (!difference->ours || difference->change > QR_CHANGE_NEW
          || n[difference->change] <= LINES_OF_OURS)
        append_line (out, difference);
    }
  for (QrChange change = QR_CHANGE_GONE; change <= QR_CHANGE_NEW; change++)
    if (n[change] > LINES_OF_OURS)
      append_sum (out, differences, change, n[change]);
  return out;
}
