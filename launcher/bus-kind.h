/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-kind.h: the kinds of PCI bus and what the specifications say of each.
 *
 * Knows the PCI Express Base Specification (1.3: a link has one device, number
 * 0; 7.3.1: device numbers behind a switch upstream port) and PCI Local Bus 3.0.
 * Knows nothing of QEMU's names.
 */
#pragma once

#include <glib.h>

typedef enum
{
  QR_BUS_NOT_PCI,
  QR_BUS_ROOT_COMPLEX,
  QR_BUS_EXPANDER,          /* a further root bus */
  QR_BUS_ROOT_PORT,         /* below a root port */
  QR_BUS_SWITCH_UPSTREAM,   /* inside a switch, below its upstream port */
  QR_BUS_SWITCH_DOWNSTREAM, /* below a switch's downstream port */
  QR_BUS_CONVENTIONAL,
  QR_BUS_CONVENTIONAL_ROOT, /* of a machine without PCI Express */
  QR_N_BUS_KINDS,
} QrBusKind;

typedef struct
{
  const char *name; /* for people */
  guint last_slot;  /* the highest device number a guest looks at */
  gboolean is_express;
  gboolean is_root; /* no bridge leads to it */
} QrBusTraits;

/* (transfer none): lives for ever */
const QrBusTraits *qr_bus_traits (QrBusKind kind);
