/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nets.h: the network adapters that the board makes, said as back ends and devices.
 *
 * -nic TYPE,...   becomes -netdev TYPE,...,id=ID and a device on it
 * -net nic,...    becomes a port of hub 0 and a device on it
 * -net TYPE,...   becomes -netdev TYPE,...,id=ID and a port of hub 0 on it
 *
 * in the order in which QEMU handles them: all -nic, then all -net. The ports have
 * the names that QEMU gives them; MAC addresses are those that QEMU would hand out.
 *
 * Source: QEMU net/net.c, net_init_clients(), net_param_nic(), net_init_nic();
 *         net/hub.c, net_hub_port_new(); hw/pci/pci.c, pci_nic_init_nofail().
 */
#pragma once

#include "request.h"

/**
 * qr_nets_expand:
 * @line: all items, those of QEMU's defaults with argument number 0
 * @error: status REQUEST; code "not-expanded", "unknown-device", "mac-syntax",
 *   "option-syntax"
 */
gboolean qr_nets_expand (QrRequest *request, const QrCmdline *line, const QrProfiles *profiles,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
