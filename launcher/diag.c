/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "diag.h"

#include <string.h>

/* How much of a long argument is drawn on each side of the caret, and of a long place. */
enum
{
  WINDOW_BEFORE = 60,
  WINDOW_AFTER = 40,
  WINDOW_MARKED = 160,
};

typedef struct
{
  guint argument;
  char *file;
  char *line; /* the line of the text that holds the place */
  gsize start, length;
  guint line_number, column;
  const char *label;
} StoredPlace;

typedef struct
{
  const char *code;
  char *hint;
  StoredPlace place, also;
} QrErrorPrivate;

static void
qr_error_private_init (QrErrorPrivate *priv)
{
  memset (priv, 0, sizeof *priv);
}

guint
qr_place_line (const QrPlace *place)
{
  const char *end = place->text + MIN (place->start, strlen (place->text));
  guint line = 1;

  for (const char *at = place->text; at < end; at++)
    line += *at == '\n';
  return line;
}

static void
stored_place_set (StoredPlace *stored, const QrPlace *place)
{
  const char *begin, *end;
  gsize length;

  if (place == NULL || place->text == NULL)
    return;
  length = strlen (place->text);
  begin = place->text + MIN (place->start, length);
  stored->line_number = place->file != NULL ? qr_place_line (place) : 1;
  stored->argument = place->argument;
  stored->file = g_strdup (place->file);
  if (place->file != NULL)
    {
      while (begin > place->text && begin[-1] != '\n')
        begin--;
      end = begin + strcspn (begin, "\n");
    }
  else
    {
      begin = place->text;
      end = begin + length;
    }
  stored->line = g_strndup (begin, (gsize) (end - begin));
  stored->start = MIN (place->start, length) - (gsize) (begin - place->text);
  stored->length = MIN (place->length, strlen (stored->line) - stored->start);
  stored->column = (guint) stored->start + 1;
}

static void
qr_error_private_copy (const QrErrorPrivate *from, QrErrorPrivate *to)
{
  *to = *from;
  to->hint = g_strdup (from->hint);
  to->place.file = g_strdup (from->place.file);
  to->place.line = g_strdup (from->place.line);
  to->also.file = g_strdup (from->also.file);
  to->also.line = g_strdup (from->also.line);
}

static void
qr_error_private_clear (QrErrorPrivate *priv)
{
  g_free (priv->hint);
  g_free (priv->place.file);
  g_free (priv->place.line);
  g_free (priv->also.file);
  g_free (priv->also.line);
}

/* The macro below defines qr_error_quark() and qr_error_get_private(); GLib keeps
 * the private part aligned, which its cast does not show. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (QrError, qr_error)
#pragma GCC diagnostic pop

void
qr_error_setv (GError **error, QrStatus status, const char *code, const QrPlace *place,
               const char *hint, const char *format, va_list arguments)
{
  QrErrorPrivate *priv;

  if (error == NULL)
    return;
  *error = g_error_new_valist (QR_ERROR, (int) status, format, arguments);
  priv = qr_error_get_private (*error);
  priv->code = code;
  priv->hint = g_strdup (hint);
  stored_place_set (&priv->place, place);
}

void
qr_error_set (GError **error, QrStatus status, const char *code, const QrPlace *place,
              const char *hint, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, status, code, place, hint, format, arguments);
  va_end (arguments);
}

void
qr_error_locate (GError *error, const QrPlace *place)
{
  QrErrorPrivate *priv;

  if (error == NULL || error->domain != QR_ERROR)
    return;
  priv = qr_error_get_private (error);
  if (priv->place.line == NULL)
    stored_place_set (&priv->place, place);
}

void
qr_error_set_code (GError *error, const char *code)
{
  if (error->domain == QR_ERROR)
    qr_error_get_private (error)->code = code;
}

void
qr_error_also (GError *error, const char *label, const QrPlace *place)
{
  QrErrorPrivate *priv;

  if (error == NULL || error->domain != QR_ERROR)
    return;
  priv = qr_error_get_private (error);
  if (priv->also.line != NULL)
    return;
  stored_place_set (&priv->also, place);
  priv->also.label = label;
}

const char *
qr_error_code (const GError *error)
{
  return error->domain == QR_ERROR ? qr_error_get_private ((GError *) error)->code : "internal";
}

const char *
qr_error_hint (const GError *error)
{
  return error->domain == QR_ERROR ? qr_error_get_private ((GError *) error)->hint : NULL;
}

guint
qr_error_argument (const GError *error)
{
  return error->domain == QR_ERROR ? qr_error_get_private ((GError *) error)->place.argument : 0;
}

QrStatus
qr_error_status (const GError *error)
{
  return error->domain == QR_ERROR ? (QrStatus) error->code : QR_STATUS_INTERNAL;
}

void
qr_append_printable (GString *out, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      gunichar c = g_utf8_get_char_validated (text, end - text);

      if (c == (gunichar) -1 || c == (gunichar) -2 || !g_unichar_isprint (c))
        {
          g_string_append_printf (out, "\\x%02x", (guchar) *text);
          text++;
          continue;
        }
      g_string_append_unichar (out, c);
      text = g_utf8_next_char (text);
    }
}

/* Columns of a terminal that the first bytes of @text take, already printable. */
static gsize
printable_width (const char *text, gsize length)
{
  gsize width = 0;

  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* Moves @at back to the first byte of the character that it lies in. */
static gsize
character_start (const char *text, gsize at)
{
  gsize back = 0;

  while (back < 3 && back < at && ((guchar) text[at - back] & 0xc0) == 0x80)
    back++;
  return at - back;
}

/* Moves @at forward to the end of the character that it lies in. */
static gsize
character_end (const char *text, gsize at)
{
  gsize start = character_start (text, at);
  gunichar c = g_utf8_get_char_validated (text + start, -1);

  if (start == at || c == (gunichar) -1 || c == (gunichar) -2)
    return at;
  return MAX (at, start + (gsize) g_unichar_to_utf8 (c, NULL));
}

static void
append_place (GString *out, const StoredPlace *place)
{
  gsize total = strlen (place->line);
  gsize from = place->start > WINDOW_BEFORE ? place->start - WINDOW_BEFORE : 0;
  gsize to = place->start + CLAMP (place->length, 1, WINDOW_MARKED) + WINDOW_AFTER;
  gsize end = character_end (place->line, place->start + place->length);
  gsize label = out->len, mark, marked;

  from = character_start (place->line, from);
  to = to < total ? character_start (place->line, to) : total;
  g_string_append (out, "  ");
  if (place->file != NULL)
    {
      qr_append_printable (out, place->file, strlen (place->file));
      g_string_append_printf (out, ":%u:%u: ", place->line_number, place->column);
    }
  else if (place->argument > 0)
    g_string_append_printf (out, "argument %u: ", place->argument);
  if (from > 0)
    g_string_append (out, "...");
  qr_append_printable (out, place->line + from, place->start - from);
  mark = out->len;
  qr_append_printable (out, place->line + place->start, MIN (end, to) - place->start);
  marked = out->len;
  if (end < to)
    qr_append_printable (out, place->line + end, to - end);
  if (to < total)
    g_string_append (out, "...");
  mark = printable_width (out->str + label, mark - label);
  marked = printable_width (out->str + label, marked - label) - mark;
  g_string_append_printf (out, "\n%*s^", (int) mark, "");
  for (gsize i = 1; i < MIN (marked, 70); i++)
    g_string_append_c (out, '~');
  g_string_append_c (out, '\n');
}

char *
qr_error_render (const GError *error, const char *program)
{
  GString *out = g_string_new (NULL);
  const QrErrorPrivate *priv;

  g_string_append_printf (out, "%s: error: ", program);
  qr_append_printable (out, error->message, strlen (error->message));
  g_string_append_c (out, '\n');
  if (error->domain == QR_ERROR)
    {
      priv = qr_error_get_private ((GError *) error);
      if (priv->place.line != NULL)
        append_place (out, &priv->place);
      if (priv->also.line != NULL)
        {
          g_string_append_printf (out, "  %s\n", priv->also.label);
          append_place (out, &priv->also);
        }
      if (priv->hint != NULL)
        {
          g_string_append (out, "  hint: ");
          qr_append_printable (out, priv->hint, strlen (priv->hint));
          g_string_append_c (out, '\n');
        }
    }
  return g_string_free (out, FALSE);
}

const char *const qr_severity_names[] = { "notice", "warning", "error" };

char *
qr_warning_text (const QrWarning *warning)
{
  return warning->hint == NULL ? g_strdup (warning->message)
                               : g_strdup_printf ("%s; %s", warning->message, warning->hint);
}

static void
warning_free (gpointer data)
{
  QrWarning *warning = data;

  g_free (warning->code);
  g_free (warning->message);
  g_free (warning->hint);
  g_free (warning);
}

GPtrArray *
qr_warnings_new (void)
{
  return g_ptr_array_new_with_free_func (warning_free);
}

static void
add_warning (GPtrArray *warnings, QrSeverity severity, const char *code, guint argument,
             const char *hint, char *message)
{
  QrWarning *warning = g_new0 (QrWarning, 1);

  warning->severity = severity;
  warning->message = message;
  warning->hint = g_strdup (hint);
  warning->code = g_strdup (code);
  warning->argument = argument;
  g_ptr_array_add (warnings, warning);
}

void
qr_warnings_add (GPtrArray *warnings, const char *code, guint argument, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_warning (warnings, QR_SEVERITY_WARNING, code, argument, NULL,
               g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

void
qr_warnings_add_hinted (GPtrArray *warnings, QrSeverity severity, const char *code, guint argument,
                        const char *hint, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_warning (warnings, severity, code, argument, hint, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}
