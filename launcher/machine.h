/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.h: what a machine type brings along.
 *
 * Knows the records of profiles/machines: root bus, implicit functions and the
 * buses they make, in the order QEMU creates them.
 */
#pragma once

#include "schema.h"

typedef struct
{
  const char *name;                /* as -machine takes it */
  const char *nic;                 /* its own default network adapter; NULL: the family's */
  gboolean alias;                  /* stands for the newest type of the binary */
  gboolean express_below_port;     /* devices that show PCI Express only below a port do so here */
  const char *const *conventional; /* drivers that show no PCI Express anywhere here */
  guint32 qemu;                    /* bits of qr_qemu_versions */
} QrMachineType;

typedef struct
{
  const char *type; /* QOM bus type */
  const char *name;
} QrMachineBus;

typedef struct
{
  const char *driver;
  guint8 devfn;
  gboolean multifunction;
  const QrMachineBus *buses; /* in the order of their creation */
  guint32 n_buses;
  const char *property; /* machine property that decides, or NULL: always there */
  gboolean by_default;  /* there when the property is not set */
} QrMachineFunction;

/* A bus name of another machine, and what to write here. */
typedef struct
{
  const char *bus;
  const char *hint;
} QrForeignBus;

/* Bytes of I/O space that firmware can give out; one more stops it. */
typedef struct
{
  guint32 bios; /* what QEMU has by itself */
  guint32 other;
} QrMachineIo;

/* The part of the address space that the machine keeps for large BARs. */
typedef struct
{
  guint32 mib;
  const char *driver, *property; /* which property of which type sets it */
} QrMachineHole;

typedef struct
{
  const char *family;
  gboolean tool_default; /* the tool face's machine when the line names none */
  const char *host;      /* type of the device that has the root bus */
  const char *root_bus;
  const char *root_type; /* QOM bus type */
  const char *nic;       /* driver of the board's network adapters that name none */
  const char *drive;     /* interface of a drive that names none */
  guint32 drive_units;   /* units on a bus of that interface; 0: no limit */
  const QrMachineType *types;
  guint32 n_types;
  const QrMachineFunction *functions;
  guint32 n_functions;
  const QrMachineIo *io;     /* NULL: not known */
  const QrMachineHole *hole; /* NULL: not known */
  guint32 empty_port_ms;     /* what an empty port adds to the start of the guest */
  const QrForeignBus *foreign;
  guint32 n_foreign;
} QrMachine;

extern const QrSchema qr_machine_schema;

/* The record of @name in @machine, or NULL. */
const QrMachineType *qr_machine_find_type (const QrMachine *machine, const char *name);

/* Whether @driver, which shows PCI Express only below a port or not, shows none on @type. */
gboolean qr_machine_makes_conventional (const QrMachineType *type, const char *driver,
                                        gboolean only_below_port);

/* The driver of a network adapter that the board makes without being told which; or NULL. */
const char *qr_machine_nic (const QrMachine *machine, const char *type);

/* What to write instead of bus @name, or NULL. */
const char *qr_machine_foreign_hint (const QrMachine *machine, const char *name);
