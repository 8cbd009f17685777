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
  const char *vga;                 /* its own default display adapter; NULL: the family's */
  const char *usb;                 /* its own USB controller; NULL: the family's */
  guint32 buses;                   /* PCI buses that it has room for; 0: the family's */
  gboolean alias;                  /* stands for the newest type of the binary */
  gboolean express_below_port;     /* devices that show PCI Express only below a port do so here */
  const char *const *conventional; /* drivers that show no PCI Express anywhere here */
  gboolean root_hotplug;           /* the root bus has hot-plug, where the family's has */
  const char *fails;               /* why QEMU may not start it by itself; NULL: it does */
  guint32 qemu;                    /* bits of qr_qemu_versions */
} QrMachineType;

typedef struct
{
  const char *type; /* QOM bus type */
  const char *name;
} QrMachineBus;

/* What a machine property must be. */
typedef struct
{
  const char *property;
  const char *value;   /* this word; NULL: on */
  gboolean by_default; /* it is, when the line does not set it */
  gboolean automatic;  /* "auto" stands for the default */
} QrMachineCondition;

typedef struct
{
  const char *driver;
  guint8 devfn;
  gboolean multifunction;
  const QrMachineBus *buses; /* in the order of their creation */
  guint32 n_buses;
  const QrMachineCondition *when; /* all must hold */
  guint32 n_when;
} QrMachineFunction;

/* Devices of the machine that are no PCI functions and make buses. */
typedef struct
{
  const char *driver;
  const char *bus; /* name of the bus they are on */
  guint32 count;   /* 0 stands for 1 */
  gboolean drives; /* only with a drive of the interface of drives that name none */
  const QrMachineCondition *when; /* all must hold */
  guint32 n_when;
} QrMachineInner;

/* The USB controller that the board makes behind its network and display adapters, where QEMU
 * finds a place. */
typedef struct
{
  const char *driver;
  const char *property;       /* of the machine: whether it is made; unset: with QEMU's defaults,
                                 beside a display adapter */
  const char *off;            /* what says that it is not */
  const char *const *devices; /* what is plugged into it beside a display adapter; or NULL */
} QrMachineUsb;

/* How many PCI buses there is room for in configuration space. */
typedef struct
{
  guint32 buses;
  const QrMachineCondition *when; /* all must hold */
  guint32 n_when;
} QrMachineBuses;

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
  const char *const *architectures; /* of the QEMUs that have it, as their names end: x86_64 */
  gboolean tool_default; /* the tool face's machine when the line names none */
  const char *const *default_of; /* QEMUs that take it when the line names none: x86_64 */
  const char *policy;            /* name of the one that places on it when none is asked for */
  const char *host;      /* type of the device that has the root bus */
  const char *root_bus;
  const char *root_type; /* QOM bus type */
  gboolean root_hotplug; /* devices can come and go on the root bus */
  const QrMachineCondition *root_hotplug_when; /* ... where all hold */
  guint32 n_root_hotplug_when;
  gboolean root_counts;  /* the root bus took the first running number of its type */
  const char *nic;       /* model of the board's network adapters that name none; NULL: it makes
                            none, whatever the line says */
  const char *const *board_nics; /* models that are no PCI functions, which only the board makes */
  gboolean nics_first;           /* it makes them before its display adapter */
  const char *vga;               /* QEMU's word for the default display adapter; NULL: it makes none,
                                    whatever the line says */
  const QrMachineUsb *usb;       /* NULL: none at a place that QEMU finds */
  const char *drive;             /* interface of a drive that names none */
  guint32 drive_qemu;            /* bits of qr_qemu_versions for which that holds; in others it has
                                    no interface */
  guint32 drive_units;   /* units on a bus of that interface; 0: no limit */
  const QrMachineType *types;
  guint32 n_types;
  const QrMachineCondition *when; /* all must hold for it to have a PCI bus */
  guint32 n_when;
  const QrMachineFunction *functions;
  guint32 n_functions;
  const QrMachineInner *inner;
  guint32 n_inner;
  const QrMachineBuses *bus_limits; /* without one that holds: what PCI has numbers for */
  guint32 n_bus_limits;
  const QrMachineIo *io;     /* NULL: not known */
  const QrMachineHole *hole; /* NULL: not known */
  guint32 empty_port_ms;     /* what an empty port adds to the start of the guest */
  const QrForeignBus *foreign;
  guint32 n_foreign;
} QrMachine;

/* A machine type that a record lacks, with all that another brings along. */
typedef struct
{
  const char *machine; /* as -machine takes it */
  const char *like;
} QrAlike;

extern const QrSchema qr_machine_schema, qr_alike_schema;

/* Whether a QEMU for @architecture (NULL: any) can have @machine. */
gboolean qr_machine_is_for (const QrMachine *machine, const char *architecture);

/* The record of @name in @machine, or NULL. */
const QrMachineType *qr_machine_find_type (const QrMachine *machine, const char *name);

/* Whether @driver, which shows PCI Express only below a port or not, shows none on @type. */
gboolean qr_machine_makes_conventional (const QrMachineType *type, const char *driver,
                                        gboolean only_below_port);

/* @machine with a type @name that is as its type @like; in memory of @pool. */
const QrMachine *qr_machine_with_type (const QrMachine *machine, const char *name,
                                       const char *like, QrPool *pool);

/* The driver of a network adapter that the board makes without being told which; or NULL. */
const char *qr_machine_nic (const QrMachine *machine, const char *type);

/* QEMU's word for the display adapter that the board makes without being told which; or NULL. */
const char *qr_machine_vga (const QrMachine *machine, const char *type);

/* Whether the board makes adapters or controllers that the line or QEMU's defaults ask for. */
gboolean qr_machine_makes_devices (const QrMachine *machine);

/* The driver of the USB controller that the board makes where QEMU finds a place; or NULL. */
const char *qr_machine_usb (const QrMachine *machine, const char *type);

/* Whether something of the machine depends on its property @name. */
gboolean qr_machine_has_property (const QrMachine *machine, const char *name);

/* What to write instead of bus @name, or NULL. */
const char *qr_machine_foreign_hint (const QrMachine *machine, const char *name);
