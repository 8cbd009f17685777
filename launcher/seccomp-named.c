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
  const QrFilterPart *found = qr_sandbox_find_part (word);

  if (found == NULL)
    return no_profile (name, error);
  if (!read_text (found->text, word, &part, error))
    return FALSE;
  g_array_append_vals (profile->rules, part.rules->data, part.rules->len);
  return TRUE;
}

gboolean
qr_seccomp_named (const char *name, gboolean overlays, GPtrArray *warnings, QrSeccompProfile *out,
                  GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_auto (GStrv) words = NULL;
  const QrFilter *filter;
  const QrFilterPart *part;
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
  if (words[0] == NULL)
    return no_profile (name, error);
  filter = qr_sandbox_find_builtin (words[0]);
  part = qr_sandbox_find_part (words[0]);
  text = filter != NULL ? filter->text : part != NULL ? part->text : NULL;
  if (text == NULL || (words[1] != NULL && (filter == NULL || filter->is_overlay)))
    return no_profile (name, error);
  if (!read_text (text, words[0], &profile, error))
    return FALSE;
  for (char **word = words + 1; *word != NULL; word++)
    if (!(overlays && qr_sandbox_find_overlay (*word) != NULL)
        && !add_part (*word, name, &profile, error))
      return FALSE;
  *out = profile;
  profile.rules = NULL;
  return TRUE;
}

gboolean
qr_seccomp_recorded (QrSeccompProfile *out, GError **error)
{
  return read_text (qr_filter_recorded.text, qr_filter_recorded.name, out, error);
}
