/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gdb-remote.h"

#include <string.h>

static guint8
checksum (const char *body, gsize length)
{
  guint8 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum = (guint8) (sum + (guint8) body[i]);
  return sum;
}

void
gdb_put_command (GString *output, const char *command)
{
  g_autoptr (GString) body = g_string_new ("qRcmd,");

  for (const char *byte = command; *byte != '\0'; byte++)
    g_string_append_printf (body, "%02x", (guint8) *byte);
  g_string_append_printf (output, "$%s#%02x", body->str, checksum (body->str, body->len));
}

/* Two hexadecimal digits, or -1. */
static int
parse_byte (const char *digits)
{
  int high = g_ascii_xdigit_value (digits[0]),
      low = high < 0 ? -1 : g_ascii_xdigit_value (digits[1]);

  return low < 0 ? -1 : high << 4 | low;
}

/* The end is "OK"; output is "O" and hexadecimal digits. */
static GdbAnswer
take_body (const char *body, gsize length, GString *text)
{
  if (length == 2 && memcmp (body, "OK", 2) == 0)
    return GDB_DONE;
  if (length % 2 == 0 || body[0] != 'O')
    return GDB_BAD;
  for (gsize i = 1; i < length; i += 2)
    {
      int byte = parse_byte (body + i);

      if (byte < 0)
        return GDB_BAD;
      g_string_append_c (text, (char) byte);
    }
  return GDB_MORE;
}

GdbAnswer
gdb_take_answer (GString *input, GString *text, GString *acknowledge)
{
  GdbAnswer answer = GDB_MORE;
  gsize from = 0;

  while (answer == GDB_MORE)
    {
      const char *start, *end;

      from += strspn (input->str + from, "+");
      start = input->str + from;
      end = strchr (start, '#');
      if (end == NULL || end + 2 >= input->str + input->len)
        break;
      from = (gsize) (end + 3 - input->str);
      g_string_append_c (acknowledge, '+');
      if (*start != '$' || parse_byte (end + 1) != checksum (start + 1, (gsize) (end - start) - 1))
        answer = GDB_BAD;
      else
        answer = take_body (start + 1, (gsize) (end - start) - 1, text);
    }
  g_string_erase (input, 0, (gssize) from);
  return answer;
}
