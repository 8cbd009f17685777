/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-search.h: the bus that QEMU finds for a device.
 *
 * Sources: QEMU system/qdev-monitor.c, qbus_find_recursive() (newest child
 *          first, depth first, a full bus only as a last resort), qbus_find()
 *          (paths).
 */
#pragma once

#include "topology.h"

/* QEMU's choice for a device type that plugs into bus type @type; NULL: none. */
QrBus *qr_topology_search_type (QrTopology *topology, const char *type);

/* What QEMU takes for bus=@text, a name or a path; NULL: none. */
QrBus *qr_topology_search_name (QrTopology *topology, const char *text);

/* Whether bus=NAME finds @bus and no other. */
gboolean qr_topology_name_is_unique (const QrTopology *topology, const QrBus *bus);
