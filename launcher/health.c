/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "health.h"

#include <string.h>

#include "diag.h"
#include "json-doc.h"

typedef struct
{
  const char *check;
  QrHealth state;
  char *message, *hint; /* hint NULL: there is nothing to do */
} Line;

static const char *const names[] = { "ok", "notice", "fault" };

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->message);
  g_free (line->hint);
  g_free (line);
}

GPtrArray *
qr_health_new (void)
{
  return g_ptr_array_new_with_free_func (line_free);
}

void
qr_health_add (GPtrArray *health, const char *check, QrHealth state, const char *hint,
               const char *format, ...)
{
  Line *line = g_new0 (Line, 1);
  va_list arguments;

  line->check = check;
  line->state = state;
  line->hint = g_strdup (hint);
  va_start (arguments, format);
  line->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (health, line);
}

gboolean
qr_health_is_bad (const GPtrArray *health)
{
  for (guint i = 0; i < health->len; i++)
    if (((const Line *) health->pdata[i])->state == QR_HEALTH_FAULT)
      return TRUE;
  return FALSE;
}

static void
append_text (GString *out, const Line *line, int width)
{
  g_string_append_printf (out, "%-*s  %-6s  ", width, line->check, names[line->state]);
  qr_append_printable (out, line->message, strlen (line->message));
  if (line->hint != NULL)
    {
      g_string_append (out, "; ");
      qr_append_printable (out, line->hint, strlen (line->hint));
    }
  g_string_append_c (out, '\n');
}

static void
append_member (GString *out, const char *key, const char *text)
{
  g_autofree char *valid = text == NULL ? NULL : g_utf8_make_valid (text, -1);

  g_string_append_printf (out, "\"%s\": ", key);
  if (valid == NULL)
    g_string_append (out, "null");
  else
    qr_json_append_string (out, valid);
}

static void
append_json (GString *out, const Line *line)
{
  g_string_append (out, "  { ");
  append_member (out, "check", line->check);
  g_string_append (out, ", ");
  append_member (out, "state", names[line->state]);
  g_string_append (out, ", ");
  append_member (out, "message", line->message);
  g_string_append (out, ", ");
  append_member (out, "hint", line->hint);
  g_string_append (out, " }");
}

GString *
qr_health_render (const GPtrArray *health, gboolean json)
{
  GString *out = g_string_new (json ? "[\n" : NULL);
  gsize width = 0;

  for (guint i = 0; i < health->len; i++)
    width = MAX (width, strlen (((const Line *) health->pdata[i])->check));
  for (guint i = 0; i < health->len; i++)
    if (json)
      {
        append_json (out, health->pdata[i]);
        g_string_append (out, i + 1 < health->len ? ",\n" : "\n");
      }
    else
      append_text (out, health->pdata[i], (int) width);
  if (json)
    g_string_append (out, "]\n");
  return out;
}
