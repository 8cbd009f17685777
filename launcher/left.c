/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "left.h"

#include <string.h>

static const QrExtraFunction first_free = { NULL, QR_EXTRA_FIRST_FREE };

gboolean
qr_left_has_below (const QrDevice *device, const QrOptList *opts)
{
  const char *bus = qr_optlist_get (opts, "bus");
  const gsize length = device->id == NULL ? 0 : strlen (device->id);

  return bus != NULL && length > 0 && strncmp (bus, device->id, length) == 0
         && (bus[length] == '\0' || bus[length] == '.' || bus[length] == '/');
}

static gboolean
is_below_left (const QrTopology *topology, const QrOptList *opts)
{
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->type->left && qr_left_has_below (device, opts))
        return TRUE;
    }
  return FALSE;
}

const QrDeviceType *
qr_left_type (QrTopology *topology, const QrDeviceType *known, const char *driver,
              const QrOptList *opts)
{
  const char *name = qr_optlist_get (opts, "bus");
  const QrBus *bus;
  QrDeviceType *out;

  if (known != NULL && (topology->n_left == 0 || !is_below_left (topology, opts)))
    return known;
  bus = name == NULL ? NULL : qr_topology_search_name (topology, name);
  if (known != NULL && bus != NULL)
    return known;
  out = qr_pool_new_struct (topology->pool, QrDeviceType);
  *out = (QrDeviceType){ .driver = driver,
                         .express = QR_EXPRESS_ON_EXPRESS,
                         .class_code = QR_CLASS_UNKNOWN,
                         .hotplug = TRUE,
                         .creatable = TRUE };
  if (bus != NULL)
    out->bus = bus->kind == QR_BUS_NOT_PCI ? bus->type : "PCI";
  else
    {
      out->left = TRUE;
      out->extra = name == NULL ? &first_free : NULL;
    }
  return out;
}

const QrDeviceType *
qr_left_function (QrTopology *topology, const QrDevice *device)
{
  QrDeviceType *out = qr_pool_new_struct (topology->pool, QrDeviceType);

  *out = (QrDeviceType){ .driver = device->type->driver,
                         .bus = "PCI",
                         .class_code = QR_CLASS_UNKNOWN,
                         .hotplug = TRUE,
                         .left = TRUE };
  return out;
}
