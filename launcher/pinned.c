/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pinned.h"

#include <string.h>

#include "policy-find.h"

enum
{
  WAIT_MS = 10000, /* others hold the lock for as long as a plan takes */
};

static gboolean
forget (const QrPinned *pinned, const char *const *keys, GError **error)
{
  for (; keys != NULL && *keys != NULL; keys++)
    if (pinned->lock == NULL || !qr_lock_forget (pinned->lock, *keys))
      {
        qr_error_set (error, QR_STATUS_REQUEST, "lock-key", NULL, "its keys are those in the file",
                      "\"%s\" keeps no place for \"%s\"", pinned->path, *keys);
        return FALSE;
      }
  return TRUE;
}

gboolean
qr_pinned_open (QrPinned *pinned, const char *path, const char *const *forgotten, GError **error)
{
  const GString *text;

  *pinned = (QrPinned){ .path = path };
  if (path == NULL && forgotten != NULL && *forgotten != NULL)
    {
      qr_error_set (error, QR_STATUS_USAGE, "usage", NULL, "name the lock file with --lock=FILE",
                    "there is no lock file that could forget \"%s\"", *forgotten);
      return FALSE;
    }
  if (path == NULL)
    return TRUE;
  pinned->file = qr_lock_file_open (path, WAIT_MS, error);
  if (pinned->file == NULL)
    return FALSE;
  text = qr_lock_file_text (pinned->file);
  if (text != NULL)
    {
      pinned->lock = qr_lock_parse (text->str, text->len, path, error);
      if (pinned->lock == NULL)
        return FALSE;
    }
  return forget (pinned, forgotten, error);
}

gboolean
qr_pinned_policy (const QrPinned *pinned, gboolean asked, const char *directory,
                  const QrProfiles *profiles, QrPool *pool, const QrPolicy **policy, GError **error)
{
  const char *locked = pinned->lock == NULL ? NULL : pinned->lock->policy;
  g_autofree char *name
      = *policy == NULL ? NULL : g_strdup_printf ("%s@%u", (*policy)->name, (*policy)->version);
  g_autoptr (GError) fault = NULL;

  if (locked == NULL || g_strcmp0 (name, locked) == 0)
    return TRUE;
  if (asked)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "lock-policy", NULL,
                    "leave --policy out, or take another lock file",
                    "\"%s\": the lock is of policy %s, and %s is asked for", pinned->path, locked,
                    name);
      return FALSE;
    }
  *policy = qr_policy_find (locked, directory, NULL, profiles, pool, &fault);
  if (*policy == NULL && strcmp (qr_error_code (fault), "no-policy") == 0)
    qr_error_set (error, QR_STATUS_CONFIG, "lock-policy", NULL,
                  "if it is one of your own, name its file with --policy=PATH",
                  "\"%s\": the lock is of policy %s, which is not known", pinned->path, locked);
  else if (*policy == NULL)
    g_propagate_error (error, g_steal_pointer (&fault));
  return *policy != NULL;
}

/* A lock for @plan, where there was none. */
static gboolean
begin (QrPinned *pinned, const QrPlan *plan, GError **error)
{
  g_autofree char *policy = NULL;

  if (plan->topology == NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "lock-machine", NULL, "leave --lock out",
                    "no places can be kept: the machine of the line is not planned");
      return FALSE;
    }
  policy = g_strdup_printf ("%s@%u", plan->policy->name, plan->policy->version);
  if (pinned->lock == NULL)
    pinned->lock = qr_lock_new (policy, plan->topology->machine->family);
  return TRUE;
}

gboolean
qr_pinned_write (QrPinned *pinned, const QrPlan *plan, GError **error)
{
  g_autoptr (GString) text = NULL;

  if (pinned->path == NULL || (plan != NULL && plan->request->informs))
    return TRUE; /* nothing has a place where QEMU only prints */
  if (plan != NULL
      && (!begin (pinned, plan, error) || !qr_keep_note (plan->topology, pinned->lock, error)))
    return FALSE;
  text = qr_lock_format (pinned->lock);
  if (!qr_lock_file_replace (pinned->file, text->str, text->len, error))
    return FALSE;
  g_clear_pointer (&pinned->file, qr_lock_file_close);
  return TRUE;
}

void
qr_pinned_clear (QrPinned *pinned)
{
  g_clear_pointer (&pinned->lock, qr_lock_free);
  g_clear_pointer (&pinned->file, qr_lock_file_close);
}
