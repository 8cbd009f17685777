/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pci-addr.h"

#include "bounds.h"
#include "diag.h"

/* Reads a hexadecimal number as scanf's %x does: blanks, a plus sign and "0x"
 * may come first. Returns the first byte after it, or NULL when there is none.
 * The value sticks at a bound that no field reaches. */
static const char *
read_hex (const char *text, guint *value)
{
  const char *at = text;

  while (g_ascii_isspace (*at))
    at++;
  if (*at == '+')
    at++;
  if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
    at += 2;
  if (!g_ascii_isxdigit (*at))
    return NULL;
  *value = 0;
  for (; g_ascii_isxdigit (*at); at++)
    *value = MIN (*value * 16 + (guint) g_ascii_xdigit_value (*at), 0xffff);
  return at;
}

static gboolean
syntax_error (const char *text, gsize *bad, gsize offset, GError **error)
{
  *bad = offset;
  qr_error_set (error, QR_STATUS_REQUEST, "addr-syntax", NULL,
                "write addr=SLOT or addr=SLOT.FUNCTION, in hexadecimal",
                "\"%s\" is not a PCI address", text);
  return FALSE;
}

gboolean
qr_pci_addr_parse (const char *text, QrPciAddr *out, gsize *bad, GError **error)
{
  guint slot, function = 0;
  const char *end = read_hex (text, &slot), *function_text = NULL;

  if (end == NULL)
    return syntax_error (text, bad, 0, error);
  if (*end == '.')
    {
      function_text = end + 1;
      end = read_hex (function_text, &function);
      if (end == NULL)
        return syntax_error (text, bad, (gsize) (function_text - text), error);
    }
  if (*end != '\0')
    return syntax_error (text, bad, (gsize) (end - text), error);
  if (slot >= QR_PCI_SLOTS)
    {
      *bad = 0;
      qr_error_set (error, QR_STATUS_REQUEST, "addr-range", NULL,
                    "slots go from 0 to 1f; addr= is hexadecimal", "there is no slot \"%.*s\"",
                    (int) (function_text == NULL ? end - text : function_text - 1 - text), text);
      return FALSE;
    }
  if (function >= QR_PCI_FUNCTIONS)
    {
      *bad = (gsize) (function_text - text);
      qr_error_set (error, QR_STATUS_REQUEST, "addr-range", NULL, "functions go from 0 to 7",
                    "there is no function \"%s\"", function_text);
      return FALSE;
    }
  out->slot = (guint8) slot;
  out->function = (guint8) function;
  return TRUE;
}

const char *
qr_pci_addr_format (QrPciAddr addr, char text[QR_PCI_ADDR_TEXT])
{
  static const char digits[] = "0123456789abcdef";

  text[0] = digits[addr.slot >> 4];
  text[1] = digits[addr.slot & 15];
  text[2] = '.';
  text[3] = digits[addr.function];
  text[4] = '\0';
  return text;
}

static gboolean
is_lower_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'a' && c <= 'f');
}

gboolean
qr_pci_path_is_good (const char *path)
{
  if (!is_lower_hex (path[0]) || !is_lower_hex (path[1]) || path[2] != ':')
    return FALSE;
  path += 3;
  for (guint elements = 1; elements <= QR_LIMIT_PCI_BUSES; elements++)
    {
      if ((path[0] != '0' && path[0] != '1') || !is_lower_hex (path[1]) || path[2] != '.'
          || path[3] < '0' || path[3] > '7')
        return FALSE;
      path += 4;
      if (*path != '/')
        return *path == '\0';
      path++;
    }
  return FALSE;
}
