/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "json-scan.h"

#include <string.h>

#include "bounds.h"

typedef struct
{
  const char *text;
  gsize length, at;
  const char *fault; /* what is wrong at `at`, once a scan function returned FALSE */
  const QrJsonStep *steps;
  gsize n_steps;
  QrJsonSpan *span; /* NULL: no target */
  GArray *members;  /* QrJsonSpan of the root's members, or NULL */
} Scan;

static gboolean scan_value (Scan *scan, guint depth, gsize steps);

static gboolean
scan_fault (Scan *scan, const char *fault)
{
  if (scan->fault == NULL)
    scan->fault = fault;
  return FALSE;
}

static char
scan_peek (const Scan *scan)
{
  return scan->at < scan->length ? scan->text[scan->at] : '\0';
}

static void
scan_blank (Scan *scan)
{
  while (scan->at < scan->length && strchr (" \t\r\n", scan->text[scan->at]) != NULL
         && scan->text[scan->at] != '\0')
    scan->at++;
}

static gboolean
scan_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if (scan->length - scan->at < length || strncmp (scan->text + scan->at, word, length) != 0)
    return scan_fault (scan, "expected a JSON value");
  scan->at += length;
  return TRUE;
}

static gboolean
scan_digits (Scan *scan)
{
  if (!g_ascii_isdigit (scan_peek (scan)))
    return scan_fault (scan, "expected a digit");
  while (g_ascii_isdigit (scan_peek (scan)))
    scan->at++;
  return TRUE;
}

static gboolean
scan_number (Scan *scan)
{
  gsize start = scan->at, first;
  gboolean whole = TRUE;
  guint64 large;
  gint64 value;

  if (scan_peek (scan) == '-')
    scan->at++;
  first = scan->at;
  if (!scan_digits (scan))
    return FALSE;
  if (scan->text[first] == '0' && scan->at > first + 1)
    {
      scan->at = first;
      return scan_fault (scan, "a number has no leading zero");
    }
  if (scan_peek (scan) == '.')
    {
      whole = FALSE;
      scan->at++;
      if (!scan_digits (scan))
        return FALSE;
    }
  if (scan_peek (scan) == 'e' || scan_peek (scan) == 'E')
    {
      whole = FALSE;
      scan->at++;
      if (scan_peek (scan) == '+' || scan_peek (scan) == '-')
        scan->at++;
      if (!scan_digits (scan))
        return FALSE;
    }
  if (whole)
    {
      g_autofree char *number = g_strndup (scan->text + start, scan->at - start);

      if (!g_ascii_string_to_signed (number, 10, G_MININT64, G_MAXINT64, &value, NULL)
          && !g_ascii_string_to_unsigned (number, 10, 0, G_MAXUINT64, &large, NULL))
        {
          scan->at = start;
          return scan_fault (scan, "the number does not fit 64 bits");
        }
    }
  return TRUE;
}

/* Four hexadecimal digits after "\u". */
static gboolean
scan_unicode_escape (Scan *scan, gunichar *out)
{
  *out = 0;
  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (scan_peek (scan)))
        return scan_fault (scan, "\\u takes four hexadecimal digits");
      *out = *out * 16 + (gunichar) g_ascii_xdigit_value (scan->text[scan->at++]);
    }
  return TRUE;
}

static gboolean
scan_escape (Scan *scan, GString *out)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;
  gunichar c, low;

  if (scan_peek (scan) == 'u')
    {
      scan->at++;
      if (!scan_unicode_escape (scan, &c))
        return FALSE;
      if (c >= 0xd800 && c < 0xdc00)
        {
          if (scan->length - scan->at < 2 || strncmp (scan->text + scan->at, "\\u", 2) != 0)
            return scan_fault (scan, "half of a surrogate pair");
          scan->at += 2;
          if (!scan_unicode_escape (scan, &low))
            return FALSE;
          if (low < 0xdc00 || low > 0xdfff)
            return scan_fault (scan, "half of a surrogate pair");
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
      else if (c >= 0xdc00 && c < 0xe000)
        return scan_fault (scan, "half of a surrogate pair");
      if (c == 0)
        return scan_fault (scan, "a string cannot hold a NUL");
      g_string_append_unichar (out, c);
      return TRUE;
    }
  letter = scan_peek (scan) == '\0' ? NULL : strchr (letters, scan_peek (scan));
  if (letter == NULL)
    return scan_fault (scan, "unknown escape in a string");
  g_string_append_c (out, meanings[letter - letters]);
  scan->at++;
  return TRUE;
}

/* The decoded string, or NULL with the fault set. */
static GString *
scan_string (Scan *scan)
{
  GString *out;

  if (scan_peek (scan) != '"')
    return (void) scan_fault (scan, "expected a string in double quotes"), NULL;
  scan->at++;
  out = g_string_new (NULL);
  while (scan->at < scan->length && scan->text[scan->at] != '"')
    {
      if ((guchar) scan->text[scan->at] < 0x20)
        {
          (void) scan_fault (scan, "control character in a string");
          goto wrong;
        }
      if (scan->text[scan->at] != '\\')
        {
          g_string_append_c (out, scan->text[scan->at++]);
          continue;
        }
      scan->at++;
      if (!scan_escape (scan, out))
        goto wrong;
    }
  if (scan_peek (scan) != '"')
    {
      (void) scan_fault (scan, "a string is not closed");
      goto wrong;
    }
  scan->at++;
  return out;

wrong:
  g_string_free (out, TRUE);
  return NULL;
}

/* Steps of a value that the target does not lie in. */
#define OFF_TARGET G_MAXSIZE

/* How far the child @key (or @index) of a value at @steps is on the way. */
static gsize
scan_child (const Scan *scan, gsize steps, const char *key, gsize index)
{
  const QrJsonStep *step;

  if (scan->span == NULL || steps >= scan->n_steps)
    return OFF_TARGET;
  step = &scan->steps[steps];
  if ((step->key == NULL) != (key == NULL))
    return OFF_TARGET;
  if (key != NULL ? strcmp (step->key, key) != 0 : step->index != index)
    return OFF_TARGET;
  return steps + 1;
}

static gboolean
scan_member (Scan *scan, guint depth, gsize steps, GHashTable *seen)
{
  gsize start = scan->at, child;
  QrJsonSpan span;
  GString *key = scan_string (scan);
  char *name;

  if (key == NULL)
    return FALSE;
  name = g_string_free (key, FALSE);
  child = scan_child (scan, steps, name, 0);
  span = (QrJsonSpan){ .key_start = start, .key_end = scan->at };
  if (!g_hash_table_add (seen, name))
    {
      scan->at = start;
      return scan_fault (scan, "the key stands here a second time");
    }
  if (scan->span != NULL && child == scan->n_steps)
    {
      scan->span->key_start = start;
      scan->span->key_end = scan->at;
    }
  scan_blank (scan);
  if (scan_peek (scan) != ':')
    return scan_fault (scan, "expected \":\"");
  scan->at++;
  scan_blank (scan);
  span.value_start = scan->at;
  if (!scan_value (scan, depth + 1, child))
    return FALSE;
  span.value_end = scan->at;
  if (scan->members != NULL && depth == 1)
    g_array_append_val (scan->members, span);
  return TRUE;
}

static gboolean
scan_object (Scan *scan, guint depth, gsize steps)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  scan->at++;
  scan_blank (scan);
  if (scan_peek (scan) == '}')
    return scan->at++, TRUE;
  for (;;)
    {
      scan_blank (scan);
      if (!scan_member (scan, depth, steps, seen))
        return FALSE;
      scan_blank (scan);
      if (scan_peek (scan) == '}')
        return scan->at++, TRUE;
      if (scan_peek (scan) != ',')
        return scan_fault (scan, "expected \",\" or \"}\"");
      scan->at++;
    }
}

static gboolean
scan_array (Scan *scan, guint depth, gsize steps)
{
  scan->at++;
  scan_blank (scan);
  if (scan_peek (scan) == ']')
    return scan->at++, TRUE;
  for (gsize i = 0;; i++)
    {
      if (!scan_value (scan, depth + 1, scan_child (scan, steps, NULL, i)))
        return FALSE;
      scan_blank (scan);
      if (scan_peek (scan) == ']')
        return scan->at++, TRUE;
      if (scan_peek (scan) != ',')
        return scan_fault (scan, "expected \",\" or \"]\"");
      scan->at++;
    }
}

static gboolean
scan_string_value (Scan *scan)
{
  GString *string = scan_string (scan);

  if (string == NULL)
    return FALSE;
  g_string_free (string, TRUE);
  return TRUE;
}

/* @depth: nesting, 1 for the root; @steps: see scan_child() */
static gboolean
scan_value (Scan *scan, guint depth, gsize steps)
{
  gboolean good;
  gsize start;
  char c;

  scan_blank (scan);
  if (depth > QR_LIMIT_JSON_DEPTH)
    return scan_fault (scan, "nested deeper than 64 levels");
  start = scan->at;
  c = scan_peek (scan);
  if (c == '{')
    good = scan_object (scan, depth, steps);
  else if (c == '[')
    good = scan_array (scan, depth, steps);
  else if (c == '"')
    good = scan_string_value (scan);
  else if (c == '-' || g_ascii_isdigit (c))
    good = scan_number (scan);
  else
    good = scan_word (scan, c == 't' ? "true" : c == 'f' ? "false" : "null");
  if (good && scan->span != NULL && steps == scan->n_steps)
    {
      scan->span->value_start = start;
      scan->span->value_end = scan->at;
    }
  return good;
}

static gboolean
scan_document (Scan *scan)
{
  const char *end;

  if (!g_utf8_validate (scan->text, (gssize) scan->length, &end))
    {
      scan->at = (gsize) (end - scan->text);
      return scan_fault (scan, *end == '\0' ? "a NUL byte" : "not valid UTF-8");
    }
  if (!scan_value (scan, 1, 0))
    return FALSE;
  scan_blank (scan);
  return scan->at == scan->length || scan_fault (scan, "text after the end of the document");
}

gboolean
qr_json_scan (const char *text, gsize length, const QrJsonStep *steps, gsize n_steps,
              QrJsonSpan *span, GArray *members, gsize *bad, const char **fault)
{
  Scan scan = { .text = text,
                .length = length,
                .steps = steps,
                .n_steps = n_steps,
                .span = span,
                .members = members };

  if (scan_document (&scan))
    return TRUE;
  *bad = scan.at;
  *fault = scan.fault;
  return FALSE;
}
