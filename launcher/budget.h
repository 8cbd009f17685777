/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget.h: what a placed topology uses of what there is little of, and who uses it.
 *
 * Bus numbers have 8 bits; I/O space has 64 KiB; QEMU writes the path of a function into
 * 256 characters; and the addresses for large BARs are limited by the machine. Knows the
 * sums and the limits, and how to say that there are too many buses; what else goes too
 * far is told by budget-rules.h.
 *
 * Sources: PCI Local Bus 3.0, 3.2.2.3.2 (bus numbers); QEMU migration/savevm.c,
 *          vmstate_register_with_alias_id(), and hw/pci/pci.c, pcibus_get_dev_path() (7
 *          characters, and 5 for each function).
 */
#pragma once

#include "carrier.h"
#include "hole64.h"
#include "io-space.h"

/* What a bus is for. Order of qr_bus_use_names. */
typedef enum
{
  QR_BUS_USE_ROOT,
  QR_BUS_USE_ROOT_PORT,
  QR_BUS_USE_SPARE_PORT, /* an empty one of ours */
  QR_BUS_USE_SWITCH,     /* of an upstream or downstream port */
  QR_BUS_USE_BRIDGE,
  QR_BUS_USE_EXPANDER,
  QR_N_BUS_USES,
} QrBusUse;

extern const char *const qr_bus_use_names[];

typedef struct
{
  guint used, limit;
  guint reserved;             /* of the used ones those that ports only keep, by bus-reserve= */
  guint users[QR_N_BUS_USES]; /* those of the machine and of the line */
  guint added[QR_N_BUS_USES]; /* those of ours */
} QrBusBudget;

typedef struct
{
  const QrDevice *device; /* a bridge or port on a root bus */
  guint windows;
} QrIoHolder;

typedef struct
{
  gboolean bios;             /* the firmware is what QEMU has by itself */
  guint used;                /* windows that there must be */
  guint limit;               /* beside the BARs on root buses; G_MAXUINT: not known */
  const QrIoHolder *holders; /* the largest first */
  guint n_holders;
} QrIoBudget;

typedef struct
{
  QrBusBudget buses;
  QrIoBudget io;
  guint depth; /* functions on the way to the deepest one, itself counted */
  QrHole64 hole64;
  const QrDevice *const *spare; /* in the order of their places */
  guint n_spare;
} QrBudget;

/* What the finished budget points to is of @pool.
 * @own_firmware: the line brings the firmware */
void qr_budget_make (const QrTopology *topology, const QrCmdline *cmdline, gboolean own_firmware,
                     QrPool *pool, QrBudget *out);

/* Appends what the buses are, whoever has them: "1 root bus, 7 empty ports". */
void qr_budget_append_uses (const QrBusBudget *buses, GString *out);

/* How many more buses there are numbers for on the root complex. */
guint qr_budget_buses_left (const QrTopology *topology);

/**
 * qr_budget_check_buses:
 * @packs: functions share ports already
 * @error: status REQUEST, code "too-many-buses"; who has them, and what to do
 */
gboolean qr_budget_check_buses (const QrTopology *topology, gboolean packs,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
