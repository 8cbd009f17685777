/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bus-kind.h"

static const QrBusTraits traits[] = {
  [QR_BUS_NOT_PCI] = { "not PCI", 0, FALSE, FALSE },
  [QR_BUS_ROOT_COMPLEX] = { "root complex", 31, TRUE, TRUE },
  [QR_BUS_EXPANDER] = { "expander root bus", 31, TRUE, TRUE },
  [QR_BUS_ROOT_PORT] = { "root port", 0, TRUE, FALSE },
  [QR_BUS_SWITCH_UPSTREAM] = { "switch upstream port", 31, TRUE, FALSE },
  [QR_BUS_SWITCH_DOWNSTREAM] = { "switch downstream port", 0, TRUE, FALSE },
  [QR_BUS_CONVENTIONAL] = { "conventional PCI bus", 31, FALSE, FALSE },
  [QR_BUS_CONVENTIONAL_ROOT] = { "conventional PCI root bus", 31, FALSE, TRUE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (traits) == QR_N_BUS_KINDS);

const QrBusTraits *
qr_bus_traits (QrBusKind kind)
{
  g_assert (kind < QR_N_BUS_KINDS);
  return &traits[kind];
}
