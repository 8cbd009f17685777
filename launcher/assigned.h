/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assigned.h: what a device of the host's wants of a place in the guest.
 *
 * A function's type on the host decides: an endpoint goes behind a port, an
 * integrated endpoint on the root complex, a conventional one behind the bridge.
 */
#pragma once

#include "topology.h"

/* Reads the host function that @device names below @sysfs and sets its host and
 * want. One that cannot be read counts as an endpoint, with a warning. */
void qr_assigned_read (QrDevice *device, const char *sysfs, QrPool *pool, GPtrArray *warnings);
