/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "settings.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "landlock.h"
#include "optlist.h"
#include "policy-find.h"
#include "schema.h"

typedef struct
{
  const QrSettingsFile *file;
  const QrConfigFile *groups;
  const QrProfiles *profiles;
  gboolean may_loosen;
  QrSettings *out;
} Reading;

typedef gboolean (*IsGood) (const QrProfiles *profiles, const char *value);

static gboolean
is_version (const QrProfiles *profiles, const char *value)
{
  return qr_qemu_version_is_good (value);
}

/* Whether there is one is asked when it is used. */
static gboolean
is_policy (const QrProfiles *profiles, const char *value)
{
  return *value == '/' || (strchr (value, '/') == NULL && qr_policy_is_name (value));
}

static gboolean
is_fence (const QrProfiles *profiles, const char *value)
{
  return g_strv_contains (qr_landlock_modes, value);
}

/* A profile of the levels, or a file by its path. */
static gboolean
is_profile (const QrProfiles *profiles, const char *value)
{
  QrChoice choice;

  return *value == '/' || qr_profiles_read_choice (profiles, value, &choice);
}

typedef enum
{
  SCOPE_ALL,    /* in both kinds of group */
  SCOPE_SYSTEM, /* in the system's group for all names */
  SCOPE_NAME,   /* in a group for one name */
} Scope;

static const struct
{
  const char *key;
  Scope scope;
  gsize offset;     /* of the value in QrSettings; unused for the rest */
  gsize place;      /* of its place there; 0: none */
  IsGood is_good;   /* NULL: any value will do */
  const char *what; /* it must be */
} keys[] = {
  { "qemu", SCOPE_ALL, G_STRUCT_OFFSET (QrSettings, qemu), G_STRUCT_OFFSET (QrSettings, qemu_place),
    NULL, NULL },
  { "qemu-version", SCOPE_ALL, G_STRUCT_OFFSET (QrSettings, qemu_version), 0, is_version,
    "a version of QEMU, such as 7.2" },
  { "policy", SCOPE_ALL, G_STRUCT_OFFSET (QrSettings, policy),
    G_STRUCT_OFFSET (QrSettings, policy_place), is_policy,
    "a policy, such as ich9 or qemu@1, or an absolute path" },
  { "seccomp", SCOPE_ALL, G_STRUCT_OFFSET (QrSettings, seccomp), 0, is_profile,
    "a seccomp profile's name, an absolute path or off" },
  { "landlock", SCOPE_ALL, G_STRUCT_OFFSET (QrSettings, landlock), 0, is_fence,
    "best-effort, require or off" },
  { "allow-user-loosen", SCOPE_SYSTEM, 0, 0, NULL, NULL },
  { "like", SCOPE_NAME, 0, 0, NULL, NULL },
};

static gboolean wrong (const QrPlace *place, const char *hint, GError **error, const char *format,
                       ...) G_GNUC_PRINTF (4, 5);

static gboolean
wrong (const QrPlace *place, const char *hint, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_CONFIG, "configuration", place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
check_file (const QrSettingsFile *file, const struct stat *info, GError **error)
{
  if (info->st_uid != file->owner)
    return wrong (NULL, file->is_system ? "it must belong to root" : "it must belong to you", error,
                  "configuration \"%s\" belongs to user %u, not %u", file->path,
                  (guint) info->st_uid, file->owner);
  if ((info->st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return wrong (NULL, "take the right to write from group and others (chmod go-w)", error,
                  "configuration \"%s\" can be written by others than its owner", file->path);
  return TRUE;
}

static gboolean
unknown_key (const QrConfigEntry *entry, GError **error)
{
  g_autoptr (GString) known = g_string_new ("keys are: ");

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", keys[i].key);
  return wrong (&entry->key_place, known->str, error, "unknown key \"%s\"", entry->key);
}

static gboolean
check_key (const Reading *reading, const QrConfigGroup *group, gsize index, GError **error)
{
  const QrConfigEntry *entry = &group->entries[index];
  Scope scope = SCOPE_ALL;
  gsize i = 0;

  while (i < G_N_ELEMENTS (keys) && strcmp (keys[i].key, entry->key) != 0)
    i++;
  if (i == G_N_ELEMENTS (keys))
    return unknown_key (entry, error);
  scope = keys[i].scope;
  if (scope == SCOPE_SYSTEM && (group->id != NULL || !reading->file->is_system))
    return wrong (&entry->key_place, "it belongs to the group [qriser] of the system's file", error,
                  "key \"%s\" means nothing here", entry->key);
  if (scope == SCOPE_NAME && group->id == NULL)
    return wrong (&entry->key_place, "it belongs to a group [name \"...\"]", error,
                  "key \"%s\" means nothing here", entry->key);
  if (keys[i].is_good != NULL && !keys[i].is_good (reading->profiles, entry->value))
    return wrong (&entry->value_place, NULL, error, "\"%s\" must be %s, which \"%s\" is not",
                  entry->key, keys[i].what, entry->value);
  for (gsize j = 0; j < index; j++)
    if (strcmp (group->entries[j].key, entry->key) == 0)
      return wrong (&entry->key_place, NULL, error, "key \"%s\" stands twice in its group",
                    entry->key);
  return TRUE;
}

/* Every group and key must be known, whether this name uses it or not. */
static gboolean
check_groups (const Reading *reading, GError **error)
{
  const QrConfigFile *file = reading->groups;

  for (gsize i = 0; i < file->n; i++)
    {
      const QrConfigGroup *group = &file->groups[i];
      gboolean is_name = strcmp (group->name, "name") == 0;

      if ((is_name && group->id == NULL)
          || (!is_name && (strcmp (group->name, PACKAGE_NAME) != 0 || group->id != NULL)))
        return wrong (&group->place, "groups are [qriser] and [name \"argv0\"]", error,
                      "unknown group");
      for (gsize j = 0; j < i; j++)
        if (strcmp (file->groups[j].name, group->name) == 0
            && g_strcmp0 (file->groups[j].id, group->id) == 0)
          return wrong (&group->place, NULL, error, "the group stands twice");
      for (gsize j = 0; j < group->n; j++)
        if (!check_key (reading, group, j, error))
          return FALSE;
    }
  return TRUE;
}

static const QrConfigGroup *
find_group (const Reading *reading, const char *id)
{
  for (gsize i = 0; i < reading->groups->n; i++)
    if (g_strcmp0 (reading->groups->groups[i].id, id) == 0)
      return &reading->groups->groups[i];
  return NULL;
}

static const QrConfigEntry *
find_entry (const QrConfigGroup *group, const char *key)
{
  for (gsize i = 0; group != NULL && i < group->n; i++)
    if (strcmp (group->entries[i].key, key) == 0)
      return &group->entries[i];
  return NULL;
}

/* Whether @profile lets QEMU do no more than @before does. What is not shipped is taken to let it
 * do all; of such a @before nothing is known, so only itself is as tight. */
static gboolean
is_as_tight (const Reading *reading, const char *profile, const char *before)
{
  const QrProfiles *profiles = reading->profiles;
  QrChoice mine = { &profiles->levels[profiles->n_levels - 1], 0, 0 }, read, theirs;

  if (strcmp (profile, before) == 0)
    return TRUE;
  if (qr_profiles_read_choice (profiles, profile, &read))
    mine = read;
  return qr_profiles_read_choice (profiles, before, &theirs)
         && qr_choice_is_as_tight (&mine, &theirs);
}

static gboolean
is_mode_as_tight (const char *mode, const char *before)
{
  return qr_schema_name_index (qr_landlock_modes, mode)
         >= qr_schema_name_index (qr_landlock_modes, before);
}

/* The user's file may not loosen what the system's says, nor the default. */
static gboolean
check_loosening (const Reading *reading, const QrConfigEntry *entry, GError **error)
{
  const char *before = reading->out->seccomp, *files = reading->out->landlock;
  const QrProfiles *profiles = reading->profiles;
  const char *usual = qr_levels_choose (profiles->levels, profiles->n_levels, 0)->profile;
  gboolean is_tight = TRUE;

  if (strcmp (entry->key, "landlock") == 0)
    is_tight = is_mode_as_tight (
        entry->value, files == NULL ? qr_landlock_modes[QR_LANDLOCK_BEST_EFFORT] : files);
  else if (strcmp (entry->key, "seccomp") == 0)
    is_tight = is_as_tight (reading, entry->value, before == NULL ? usual : before);
  if (reading->may_loosen || is_tight)
    return TRUE;
  return wrong (&entry->value_place,
                "the system's file would have to say allow-user-loosen = \"on\"", error,
                "a user's configuration may not loosen confinement to \"%s\"", entry->value);
}

/* Takes from @group what no group before it has said in this file. */
static gboolean
take_group (Reading *reading, const QrConfigGroup *group, guint *said, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const QrConfigEntry *entry = find_entry (group, keys[i].key);

      if (entry == NULL || (*said & 1u << i) != 0)
        continue;
      *said |= 1u << i;
      if (keys[i].scope == SCOPE_SYSTEM
          && !qr_opt_boolean (entry->value, &reading->out->allow_user_loosen))
        return wrong (&entry->value_place, "write on or off", error, "\"%s\" is neither on nor off",
                      entry->value);
      if (keys[i].scope != SCOPE_ALL)
        continue;
      if (!check_loosening (reading, entry, error))
        return FALSE;
      G_STRUCT_MEMBER (const char *, reading->out, keys[i].offset) = entry->value;
      if (keys[i].place > 0)
        G_STRUCT_MEMBER (QrPlace, reading->out, keys[i].place) = entry->value_place;
    }
  return TRUE;
}

/* The group for @name, those that it is like, and the one for all. */
static gboolean
take_name (Reading *reading, const char *name, GError **error)
{
  guint said = 0;
  const QrConfigEntry *like = NULL;

  for (gsize steps = 0;; steps++)
    {
      const QrConfigGroup *group = find_group (reading, name);

      if (group == NULL && like != NULL)
        return wrong (&like->value_place, NULL, error, "there is no group [name \"%s\"]", name);
      if (steps > reading->groups->n)
        return wrong (&like->value_place, "let one of them be like none", error,
                      "names are like one another in a circle");
      if (!take_group (reading, group, &said, error))
        return FALSE;
      like = find_entry (group, "like");
      if (like == NULL)
        break;
      name = like->value;
    }
  return take_group (reading, find_group (reading, NULL), &said, error);
}

static gboolean
read_file (Reading *reading, const char *name, QrPool *pool, GError **error)
{
  const QrSettingsFile *file = reading->file;
  g_autoptr (GError) fault = NULL;
  struct stat info;
  GString *text;
  const char *copy;
  gsize length;

  if (access (file->path, F_OK) != 0 && errno == ENOENT)
    return TRUE; /* as on most machines, and an error takes long to make */
  text = qr_file_read (file->path, &info, &fault);
  if (text == NULL && g_error_matches (fault, QR_ERROR, QR_STATUS_NO_INPUT))
    return TRUE;
  if (text == NULL && strcmp (qr_error_code (fault), "file-type") == 0)
    return wrong (NULL, NULL, error, "configuration %s", fault->message);
  if (text == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  length = text->len;
  copy = qr_pool_strndup (pool, text->str, length);
  g_string_free (text, TRUE);
  if (!check_file (file, &info, error))
    return FALSE;
  reading->groups = qr_readconfig (copy, length, file->path, QR_CONFIG_OURS, pool, error);
  return reading->groups != NULL && check_groups (reading, error)
         && take_name (reading, name, error);
}

gboolean
qr_settings_read (const QrSettingsFile *files, gsize n, const char *name,
                  const QrProfiles *profiles, QrPool *pool, QrSettings *out, GError **error)
{
  *out = (QrSettings){ 0 };
  for (gsize i = 0; i < n; i++)
    {
      Reading reading = { &files[i], NULL, profiles, TRUE, out };

      reading.may_loosen = files[i].is_system || out->allow_user_loosen;
      if (files[i].path != NULL && !read_file (&reading, name, pool, error))
        return FALSE;
    }
  return TRUE;
}
