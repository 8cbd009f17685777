/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PASSWD_FILE "/etc/passwd"
#define GROUP_FILE "/etc/group"

/* "UID:GID" in C's numbers, as strtoul() reads them; FALSE: it is a name. */
static gboolean
read_numbers (const char *said, QrUser *out)
{
  char *end, *last;
  guint64 uid = g_ascii_strtoull (said, &end, 0), gid;

  if (end == said || *end != ':' || !g_ascii_isdigit (*said) || !g_ascii_isdigit (end[1]))
    return FALSE;
  gid = g_ascii_strtoull (end + 1, &last, 0);
  if (*last != '\0' || uid >= G_MAXUINT32 || gid >= G_MAXUINT32) /* the last one means none */
    return FALSE;
  *out = (QrUser){ NULL, (uid_t) uid, (gid_t) gid };
  return TRUE;
}

/* The entry of @name in the file that the system has for its own users. Others are not asked for:
 * who knows them is loaded into the process that asks. FALSE: there is none, or with @code set no
 * such file. */
static gboolean
find_entry (const char *name, QrUser *out, int *code)
{
  FILE *file = fopen (PASSWD_FILE, "re");
  const struct passwd *entry;
  gboolean found = FALSE;

  *code = file == NULL ? errno : 0;
  while (file != NULL && !found && (entry = fgetpwent (file)) != NULL)
    if (strcmp (entry->pw_name, name) == 0)
      {
        *out = (QrUser){ name, entry->pw_uid, entry->pw_gid };
        found = TRUE;
      }
  if (file != NULL)
    (void) fclose (file);
  return found;
}

char *
qr_user_home (uid_t uid)
{
  FILE *file = fopen (PASSWD_FILE, "re");
  const struct passwd *entry;
  char *home = NULL;

  while (file != NULL && home == NULL && (entry = fgetpwent (file)) != NULL)
    if (entry->pw_uid == uid && *entry->pw_dir == '/')
      home = g_strdup (entry->pw_dir);
  if (file != NULL)
    (void) fclose (file);
  return home;
}

gboolean
qr_user_find (const char *said, const QrPlace *place, QrUser *out, GError **error)
{
  int code;

  if (find_entry (said, out, &code) || read_numbers (said, out))
    return TRUE;
  if (code == 0)
    qr_error_set (error, QR_STATUS_REQUEST, "no-user", place,
                  "of a user that is known elsewhere write UID:GID",
                  "there is no user \"%s\" in " PASSWD_FILE, said);
  else
    qr_error_set (error, QR_STATUS_REQUEST, "no-user", place, "write UID:GID",
                  "user \"%s\" cannot be looked up in " PASSWD_FILE ": %s", said,
                  g_strerror (code));
  return FALSE;
}

/* The groups that @user is in, by the system's own file. (transfer full): gid_t */
static GArray *
find_groups (const QrUser *user)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (gid_t));
  FILE *file = user->name == NULL ? NULL : fopen (GROUP_FILE, "re");
  const struct group *entry;

  g_array_append_val (groups, user->gid);
  while (file != NULL && (entry = fgetgrent (file)) != NULL)
    if (entry->gr_gid != user->gid
        && g_strv_contains ((const char *const *) entry->gr_mem, user->name))
      g_array_append_val (groups, entry->gr_gid);
  if (file != NULL)
    (void) fclose (file);
  return groups;
}

static gboolean
refused (const QrUser *user, const QrPlace *place, const char *what, GError **error)
{
  qr_error_set (error, QR_STATUS_PERMISSION, "user", place, "only root can become another user",
                "cannot become user %u with group %u: %s: %s", (unsigned) user->uid,
                (unsigned) user->gid, what, g_strerror (errno));
  return FALSE;
}

static gboolean
is_user (const QrUser *user)
{
  uid_t real, effective, saved;

  return getresuid (&real, &effective, &saved) == 0 && real == user->uid && effective == user->uid
         && saved == user->uid && user->uid != 0 && getegid () == user->gid;
}

gboolean
qr_user_check (const QrUser *user, const QrPlace *place, GError **error)
{
  if (geteuid () == 0 || is_user (user))
    return TRUE;
  errno = EPERM;
  return refused (user, place, "this is not root", error);
}

gboolean
qr_user_become (const QrUser *user, const QrPlace *place, GError **error)
{
  g_autoptr (GArray) groups = find_groups (user);

  if (is_user (user))
    return TRUE;
  if (setresgid (user->gid, user->gid, user->gid) != 0)
    return refused (user, place, "its group", error);
  if (setgroups (groups->len, (gconstpointer) groups->data) != 0)
    return refused (user, place, "its groups", error);
  if (setresuid (user->uid, user->uid, user->uid) != 0)
    return refused (user, place, "the user", error);
  if (user->uid == 0 || setuid (0) != 0)
    return TRUE;
  errno = EPERM;
  return refused (user, place, "root's rights stay", error);
}
