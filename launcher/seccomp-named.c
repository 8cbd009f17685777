/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-named.h"

#include <string.h>

static gboolean
read_file (const char *path, GPtrArray *warnings, QrSeccompProfile *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);
  QrSeccompHost host;
  QrJson root;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  qr_seccomp_host_read (&host);
  return qr_seccomp_read (&root, &host, warnings, out, error);
}

static gboolean
read_text (const char *text, const char *name, QrSeccompProfile *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), name, 0, QR_STATUS_INTERNAL, error);
  QrJson root;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  return qr_seccomp_read (&root, NULL, NULL, out, error);
}

static const char *
text_of_part (const char *name)
{
  for (guint i = 0; i < qr_n_filter_parts; i++)
    if (strcmp (qr_filter_parts[i].name, name) == 0)
      return qr_filter_parts[i].text;
  return NULL;
}

static gboolean
no_profile (const char *name, GError **error)
{
  qr_error_set (error, QR_STATUS_USAGE, "no-profile", NULL,
                "qriser profile list has their names; a path has a slash; an overlay stands alone",
                "there is no seccomp profile \"%s\" that is one list of rules", name);
  return FALSE;
}

static gboolean
add_part (const char *word, const char *name, QrSeccompProfile *profile, GError **error)
{
  g_auto (QrSeccompProfile) part = { 0 };
  const char *text = text_of_part (word);

  if (text == NULL)
    return no_profile (name, error);
  if (!read_text (text, word, &part, error))
    return FALSE;
  g_array_append_vals (profile->rules, part.rules->data, part.rules->len);
  return TRUE;
}

static gboolean
is_overlay (const char *word)
{
  const QrFilter *filter = qr_sandbox_find_builtin (word);

  return filter != NULL && filter->is_overlay;
}

gboolean
qr_seccomp_named (const char *name, gboolean overlays, GPtrArray *warnings, QrSeccompProfile *out,
                  GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_auto (GStrv) words = NULL;
  const QrFilter *filter;
  const char *text;

  if (strchr (name, '/') != NULL)
    return read_file (name, warnings, out, error);
  if (strcmp (name, "off") == 0)
    {
      *out = (QrSeccompProfile){ SCMP_ACT_ALLOW,
                                 g_array_new (FALSE, FALSE, sizeof (QrSeccompRule)) };
      return TRUE;
    }
  words = g_strsplit (name, "+", -1);
  filter = words[0] == NULL ? NULL : qr_sandbox_find_builtin (words[0]);
  text = filter != NULL ? filter->text : words[0] == NULL ? NULL : text_of_part (words[0]);
  if (text == NULL || (words[1] != NULL && (filter == NULL || filter->is_overlay)))
    return no_profile (name, error);
  if (!read_text (text, words[0], &profile, error))
    return FALSE;
  for (char **word = words + 1; *word != NULL; word++)
    if (!(overlays && is_overlay (*word)) && !add_part (*word, name, &profile, error))
      return FALSE;
  *out = profile;
  profile.rules = NULL;
  return TRUE;
}
