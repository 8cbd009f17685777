/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build.h: from an explicit request to a topology whose devices have no place yet.
 *
 * Puts the machine's functions where the machine has them, gives each device of
 * the user's the bus that he named or QEMU would choose, and says what it wants
 * of a policy. Refuses what has no meaning: unknown types, names and buses.
 */
#pragma once

#include "request.h"
#include "topology.h"

typedef struct
{
  const char *sysfs;   /* where sysfs is */
  const char *primary; /* id of the primary display, or NULL */
  gboolean plain;      /* as QEMU would have it: hints are left aside */
  guint bus_limit;     /* 0: what PCI has numbers for */
  gboolean leaves;     /* devices of unknown types are QEMU's, not errors */
} QrBuildOptions;

/**
 * qr_build:
 * @warnings: (element-type QrWarning): what is worth saying, appended
 * @error: status REQUEST; codes "unknown-machine", "unknown-device",
 *   "device-id", "unknown-hint", "hint-value", "hint-conflict", "no-such-bus", "wrong-bus",
 * "addr-syntax", "addr-range", "limit", "no-such-display", "too-many-buses"
 *
 * Returns: (transfer full): its strings and devices are owned by @pool
 */
QrTopology *qr_build (const QrRequest *request, const QrProfiles *profiles,
                      const QrBuildOptions *options, QrPool *pool, GPtrArray *warnings,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
