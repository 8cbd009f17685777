/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "json-make.h"

void
qr_json_put (struct json_object *object, const char *key, struct json_object *value)
{
  json_object_object_add (object, key, value);
}

struct json_object *
qr_json_new_text (const char *text)
{
  g_autofree char *valid = text == NULL ? NULL : g_utf8_make_valid (text, -1);

  return valid == NULL ? NULL : json_object_new_string (valid);
}

GString *
qr_json_finish (struct json_object *root)
{
  const int style
      = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
  GString *out = g_string_new (json_object_to_json_string_ext (root, style));

  g_string_append_c (out, '\n');
  json_object_put (root);
  return out;
}
