/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lock-keys.h"

/* The lock's key of a device that has nothing but its turn: among those that the line leaves
 * to the policy, for one that it fixes must not count the others on. NULL: it has none. */
static const char *
key_by_turn (const QrTopology *topology, const QrDevice *device, GHashTable *turns)
{
  const char *driver = device->type->driver;
  guint turn = GPOINTER_TO_UINT (g_hash_table_lookup (turns, driver));

  if (device->names_addr)
    return NULL;
  g_hash_table_insert (turns, (gpointer) driver, GUINT_TO_POINTER (turn + 1));
  return qr_pool_printf (topology->pool, "%s[%u]", driver, turn);
}

GHashTable *
qr_lock_keys (const QrTopology *topology)
{
  g_autoptr (GHashTable) turns = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *by_key = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      if (device->origin != QR_ORIGIN_USER || !qr_device_type_is_pci (device->type))
        continue;
      if (device->by_turn)
        device->lock_key = key_by_turn (topology, device, turns);
      else
        device->lock_key = device->id != NULL ? device->id : device->key;
      if (device->lock_key != NULL && !g_hash_table_contains (by_key, device->lock_key))
        g_hash_table_insert (by_key, (gpointer) device->lock_key, device);
      else
        device->lock_key = NULL;
    }
  return by_key;
}

const QrDevice *
qr_lock_keys_first_unplaced (const QrTopology *topology, const QrLock *lock)
{
  g_hash_table_unref (qr_lock_keys (topology)); /* the keys stay with the devices */
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (qr_topology_is_unplaced (device)
          && (lock == NULL || device->lock_key == NULL
              || qr_lock_find (lock, device->lock_key) == NULL))
        return device;
    }
  return NULL;
}
