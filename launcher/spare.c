/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "spare.h"

#include "budget.h"
#include "carrier.h"

static const char reason[] = "an empty port, for a device that is plugged in later";

/* Whether the line has a port or bridge of its own. */
static gboolean
has_users_ports (const QrTopology *topology)
{
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin == QR_ORIGIN_USER && qr_device_type_is_pci (device->type)
          && device->type->kind != QR_DEVICE_FUNCTION)
        return TRUE;
    }
  return FALSE;
}

static guint
count_spare (const QrTopology *topology)
{
  guint n = 0;

  for (guint i = 0; i < topology->added->len; i++)
    n += qr_carrier_is_spare (topology->added->pdata[i]);
  return n;
}

static gboolean
is_last_spare (const QrTopology *topology)
{
  return topology->added->len > 0
         && qr_carrier_is_spare (topology->added->pdata[topology->added->len - 1]);
}

/* What the policy says for this line. */
static int
policy_wish (const QrTopology *topology, const QrSpare *spare, const QrHomes *homes)
{
  if (spare->only_grown && (!qr_homes_have_grown (homes) || has_users_ports (topology)))
    return 0;
  if (qr_topology_first_unplaced (topology) == NULL)
    return 0;
  return spare->fill ? QR_SPARE_FILL : (int) spare->count;
}

gboolean
qr_spare_make (QrTopology *topology, const QrPolicy *policy, QrHomes *homes, int wish,
               gboolean take_back, GError **error)
{
  const QrSpare *spare = policy->spare;
  const char *rule = qr_pool_printf (topology->pool, "%s/spare", policy->name);
  const char *const *home = spare == NULL ? NULL : spare->homes;
  guint made;

  if (spare != NULL && topology->translated && spare->isolated != NULL)
    home = spare->isolated;
  if (wish < 0)
    wish = spare == NULL ? 0 : policy_wish (topology, spare, homes);
  if (wish == QR_SPARE_FILL && spare != NULL)
    {
      /* One may need another that opens its slot. */
      while (qr_budget_buses_left (topology) > 1
             && qr_homes_make (homes, *home, rule, reason) != NULL)
        ;
      return TRUE;
    }
  for (made = count_spare (topology); made > (guint) wish && take_back && is_last_spare (topology);
       made--)
    qr_topology_drop_last_added (topology);
  for (; home != NULL && *home != NULL; home++)
    while (made < (guint) wish && qr_homes_make (homes, *home, rule, reason) != NULL)
      made++;
  if (made >= (guint) wish)
    return TRUE;
  if (spare == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "no-spare", NULL, "leave out --spare",
                  "empty ports are asked for, and policy %s@%u makes none", policy->name,
                  policy->version);
  else
    qr_error_set (error, QR_STATUS_REQUEST, "no-spare", NULL, "ask for fewer, or free some ports",
                  "%d empty ports are asked for; policy %s@%u has room for %u", wish, policy->name,
                  policy->version, made);
  return FALSE;
}
