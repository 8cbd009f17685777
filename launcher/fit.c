/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fit.h"

#include <string.h>

#include "lock-keys.h"

const QrPolicy *
qr_fit_policy (const QrPolicy *policy, gboolean yields, const QrTopology *topology,
               const QrProfiles *profiles, GPtrArray *warnings, GError **error)
{
  const QrMachine *machine = topology->machine;
  g_autofree char *hint = NULL;
  const QrPolicy *own;

  if (policy != NULL && qr_policy_is_for (policy, machine->family))
    return policy;
  own = qr_profiles_find_policy (profiles, machine->policy);
  if (policy == NULL)
    return own;
  if (!yields)
    {
      hint = g_strdup_printf ("leave it out, and %s@%u places", own->name, own->version);
      qr_error_set (error, QR_STATUS_REQUEST, "no-policy", NULL, hint,
                    "policy %s@%u does not place on machine \"%s\"", policy->name, policy->version,
                    topology->machine_type);
      return NULL;
    }
  qr_warnings_add (warnings, "other-policy", 0,
                   "policy %s@%u does not place on machine \"%s\"; %s@%u does", policy->name,
                   policy->version, topology->machine_type, own->name, own->version);
  return own;
}

gboolean
qr_fit_pack (const QrPolicy *policy, gboolean packs, GError **error)
{
  for (guint32 i = 0; packs && i < policy->n_homes; i++)
    if (policy->homes[i].carrier != NULL && policy->homes[i].carrier->packs)
      return TRUE;
  if (packs)
    qr_error_set (error, QR_STATUS_REQUEST, "no-pack", NULL, "leave out --pack=on",
                  "policy %s@%u puts no functions behind one port", policy->name, policy->version);
  return !packs;
}

gboolean
qr_fit_lock (const QrTopology *topology, const QrLock *lock, GError **error)
{
  const char *family = topology->machine->family;

  if (lock == NULL || strcmp (lock->machine, family) == 0)
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "lock-machine", NULL, "take another lock file for it",
                "the lock is of a machine of family %s, and \"%s\" is of %s", lock->machine,
                topology->machine_type, family);
  return FALSE;
}

gboolean
qr_fit_state (const QrPolicy *policy, const QrRequest *request, const QrTopology *topology,
              const QrLock *lock, GError **error)
{
  const QrDevice *device;
  QrPlace place;

  if (request->incoming == NULL || policy->keeps_state)
    return TRUE;
  device = qr_lock_keys_first_unplaced (topology, lock);
  if (device == NULL)
    return TRUE;
  qr_item_place (request->incoming, &place);
  qr_error_set (
      error, QR_STATUS_REQUEST, "restores-state", &place,
      "give every PCI device its bus= and addr=, or use the lock file of the start that saved it, "
      "or --policy=qemu@1",
      "a saved state names devices by their places, and policy %s@%u would choose that of %s",
      policy->name, policy->version, device->type->driver);
  return FALSE;
}

const QrPolicy *
qr_fit_plain (const QrProfiles *profiles, const QrMachine *machine)
{
  const QrPolicy *found = NULL;

  for (guint32 i = 0; i < profiles->n_policies; i++)
    {
      const QrPolicy *policy = &profiles->policies[i];

      if (policy->keeps_state && qr_policy_is_for (policy, machine->family)
          && (found == NULL || policy->version > found->version))
        found = policy;
    }
  return found;
}
