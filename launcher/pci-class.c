/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pci-class.h"

#include <string.h>

const char *const qr_class_roles[]
    = { "other",  "storage", "network", "display",   "multimedia", "memory",   "bridge", "serial",
        "system", "input",   "dock",    "processor", "bus",        "wireless", NULL };

guint
qr_class_role (guint32 code)
{
  guint32 base = code >> 16;

  return code != QR_CLASS_UNKNOWN && base < G_N_ELEMENTS (qr_class_roles) - 1 ? base : 0;
}

gboolean
qr_class_is_prefix (const char *text)
{
  gsize length = strspn (text, "0123456789abcdefABCDEF");

  return text[length] == '\0' && (length == 2 || length == 4 || length == 6);
}

gboolean
qr_class_begins (guint32 code, const char *prefix)
{
  guint missing = 6 - (guint) strlen (prefix);

  return code != QR_CLASS_UNKNOWN && code >> 4 * missing == g_ascii_strtoull (prefix, NULL, 16);
}
