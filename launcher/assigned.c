/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "assigned.h"

#include <string.h>

#include "sysfs.h"

enum
{
  VENDOR_INTEL = 0x8086,
  SLOT_INTEGRATED_GRAPHICS = 2,
};

static const char *
host_name (const QrDevice *device)
{
  const char *name = NULL;

  for (const char *const *property = device->type->assigned; *property != NULL && name == NULL;
       property++)
    name = qr_optlist_get (device->opts, *property);
  return name;
}

void
qr_assigned_read (QrDevice *device, const char *sysfs, QrPool *pool, GPtrArray *warnings)
{
  QrHostFunction *host = qr_pool_new_struct (pool, QrHostFunction);
  QrSysfsFunction seen;

  device->host = host;
  host->name = host_name (device);
  host->express = TRUE;
  host->class_code = QR_CLASS_UNKNOWN;
  if (host->name == NULL || !qr_sysfs_read (sysfs, host->name, &seen) || !seen.found)
    {
      qr_warnings_add (
          warnings, "host-unread", device->opts->argument,
          "the host's \"%s\" could not be read; it is taken for a PCI Express endpoint",
          host->name == NULL ? "?" : host->name);
      return;
    }
  host->found = TRUE;
  host->express = seen.express;
  host->integrated = seen.integrated;
  host->class_code = seen.class_code;
  host->function = seen.function;
  host->sized = seen.sized;
  host->io_bytes = seen.io_bytes;
  memcpy (host->memory64, seen.memory64, sizeof host->memory64);
  host->integrated_graphics = seen.vendor == VENDOR_INTEL && seen.slot == SLOT_INTEGRATED_GRAPHICS
                              && seen.class_code >> 16 == QR_CLASS_BASE_DISPLAY;
  if (!host->express)
    device->want = QR_WANT_CONVENTIONAL;
  if (host->integrated)
    device->want = QR_WANT_INTEGRATED;
}
