/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "size.h"

#include <string.h>

static const char letters[] = "BKMGTPE";

gboolean
qr_size_parse (const char *text, guint64 *out)
{
  gboolean hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const char *letter;
  guint shift;
  char *end;
  guint64 value;

  if (!g_ascii_isdigit (text[0]))
    return FALSE;
  value = g_ascii_strtoull (text, &end, hexadecimal ? 16 : 10);
  letter = *end == '\0' ? letters : strchr (letters, g_ascii_toupper (*end));
  if (letter == NULL || (*end != '\0' && end[1] != '\0'))
    return FALSE;
  shift = 10 * (guint) (letter - letters);
  if (value > (guint64) G_MAXINT64 >> shift)
    return FALSE;
  *out = value << shift;
  return TRUE;
}

char *
qr_size_format (guint64 bytes)
{
  guint unit = 0;

  while (unit + 1 < strlen (letters) && bytes > 0 && bytes % 1024 == 0)
    {
      bytes /= 1024;
      unit++;
    }
  if (unit == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes", bytes);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %ciB", bytes, letters[unit]);
}
