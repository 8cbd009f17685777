/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "doctor-bridge.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "health.h"

#define BRIDGE_FILE "qemu/bridge.conf" /* QEMU qemu-bridge-helper.c, DEFAULT_ACL_FILE */

/* Whether the helper's rules at @path let anybody have a bridge. */
static gboolean
has_allowance (const char *path, gboolean *readable)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean found = FALSE;

  *readable = g_file_get_contents (path, &text, NULL, NULL);
  lines = g_strsplit (*readable ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL && !found; i++)
    {
      g_strchug (lines[i]);
      found = g_str_has_prefix (lines[i], "allow") || g_str_has_prefix (lines[i], "include");
    }
  return found;
}

/* Whether @helper has rights over the network whoever runs it. */
static gboolean
is_privileged (const char *helper, const struct stat *info)
{
  return geteuid () == 0 || ((info->st_mode & S_ISUID) != 0 && info->st_uid == 0)
         || getxattr (helper, "security.capability", NULL, 0) > 0;
}

static void
check_rules (const char *helper, const struct stat *helper_info, const char *rules,
             const struct stat *info, GPtrArray *health)
{
  g_autofree char *hint = NULL;
  gboolean readable, allows = has_allowance (rules, &readable);

  if ((info->st_mode & S_IWOTH) != 0)
    {
      hint = g_strdup_printf ("chmod o-w %s", rules);
      qr_health_add (health, "bridge", QR_HEALTH_FAULT, hint,
                     "everybody may write %s, and so put guests on any bridge", rules);
    }
  else if (!is_privileged (helper, helper_info))
    {
      hint = g_strdup_printf ("chown root %s && chmod u+s %s", helper, helper);
      qr_health_add (health, "bridge", QR_HEALTH_FAULT, hint,
                     "%s allows bridges, but %s is not set-user-id root", rules, helper);
    }
  else if (!readable)
    qr_health_add (health, "bridge", QR_HEALTH_NOTICE, NULL,
                   "%s cannot be read by this user; what it allows is not known", rules);
  else if (!allows)
    qr_health_add (health, "bridge", QR_HEALTH_FAULT, "write \"allow br0\" into it",
                   "%s allows no bridge", rules);
  else
    qr_health_add (health, "bridge", QR_HEALTH_OK, NULL, "%s opens taps on what %s allows", helper,
                   rules);
}

void
qr_doctor_bridge (const char *root, const char *helper, const char *etc, GPtrArray *health)
{
  g_autofree char *rules = g_strconcat (root, etc, "/" BRIDGE_FILE, NULL), *hint = NULL;
  struct stat helper_info, rules_info;

  if (helper == NULL || stat (helper, &helper_info) != 0)
    {
      qr_health_add (health, "bridge", QR_HEALTH_NOTICE, "give QEMU an open tap with fd=",
                     "a tap on a bridge cannot be had: QEMU's helper for it is not there");
      return;
    }
  if (stat (rules, &rules_info) == 0)
    {
      check_rules (helper, &helper_info, rules, &rules_info, health);
      return;
    }
  hint = g_strdup_printf ("write \"allow br0\" into it, and chmod u+s %s", helper);
  qr_health_add (health, "bridge", QR_HEALTH_NOTICE, hint,
                 "a tap on a bridge cannot be had: there is no %s", rules);
}
