/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "policy-find.h"

#include <limits.h>
#include <string.h>

#include "policy-file.h"

/* Splits NAME@VERSION: the length of NAME, and the version or 0 for none. */
static gboolean
split_name (const char *text, gsize *length, guint64 *version)
{
  const char *at = strchr (text, '@');

  *length = at == NULL ? strlen (text) : (gsize) (at - text);
  *version = 0;
  if (*length == 0 || *length > NAME_MAX / 2 || qr_policy_name_length (text) != *length)
    return FALSE;
  return at == NULL
         || g_ascii_string_to_unsigned (at + 1, 10, 1, QR_POLICY_VERSIONS, version, NULL);
}

gboolean
qr_policy_is_name (const char *name)
{
  gsize length;
  guint64 version;

  return strchr (name, '/') != NULL || split_name (name, &length, &version);
}

/* The version in the file name @entry, NAME-VERSION.json of the @length bytes @name; 0: it is
 * another one. */
static guint64
read_version (const char *entry, const char *name, gsize length)
{
  g_autofree char *digits = NULL;
  guint64 version;

  if (strncmp (entry, name, length) != 0 || entry[length] != '-'
      || !g_str_has_suffix (entry, ".json"))
    return 0;
  entry += length + 1;
  digits = g_strndup (entry, strlen (entry) - strlen (".json"));
  return *digits != '0'
                 && g_ascii_string_to_unsigned (digits, 10, 1, QR_POLICY_VERSIONS, &version, NULL)
             ? version
             : 0;
}

/* The newest version of @name in @directory, or 0. */
static guint64
newest_version (const char *directory, const char *name, gsize length)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const char *entry;
  guint64 newest = 0;

  if (dir == NULL)
    return 0;
  while ((entry = g_dir_read_name (dir)) != NULL)
    newest = MAX (newest, read_version (entry, name, length));
  g_dir_close (dir);
  return newest;
}

static const QrPolicy *
no_policy (const char *name, const char *directory, const QrPlace *place,
           const QrProfiles *profiles, GError **error)
{
  g_autoptr (GString) known = g_string_new ("policies are: ");

  for (guint32 i = 0; i < profiles->n_policies; i++)
    g_string_append_printf (known, "%s%s@%u", i == 0 ? "" : ", ", profiles->policies[i].name,
                            profiles->policies[i].version);
  if (directory != NULL)
    g_string_append (known,
                     ", and files NAME-VERSION.json in profiles/policies beside qriser.conf");
  qr_error_set (error, place == NULL ? QR_STATUS_USAGE : QR_STATUS_CONFIG, "no-policy", place,
                known->str, "there is no policy \"%s\"", name);
  return NULL;
}

const QrPolicy *
qr_policy_find (const char *name, const char *directory, const QrPlace *place,
                const QrProfiles *profiles, QrPool *pool, GError **error)
{
  const QrPolicy *policy = NULL;
  g_autofree char *path = NULL;
  guint64 version;
  gsize length;

  if (strchr (name, '/') != NULL)
    return qr_policy_read (name, profiles, pool, error);
  if (split_name (name, &length, &version))
    policy = qr_profiles_find_policy (profiles, name);
  else
    directory = NULL;
  if (policy != NULL)
    return policy;
  if (directory != NULL && version == 0)
    version = newest_version (directory, name, length);
  if (directory == NULL || version == 0)
    return no_policy (name, directory, place, profiles, error);
  path = g_strdup_printf ("%s/%.*s-%" G_GUINT64_FORMAT ".json", directory, (int) length, name,
                          version);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return no_policy (name, directory, place, profiles, error);
  policy = qr_policy_read (path, profiles, pool, error);
  if (policy == NULL
      || (strlen (policy->name) == length && strncmp (policy->name, name, length) == 0
          && policy->version == version))
    return policy;
  qr_error_set (error, QR_STATUS_CONFIG, "no-policy", NULL, "a file is called NAME-VERSION.json",
                "\"%s\" holds policy %s@%u", path, policy->name, policy->version);
  return NULL;
}
