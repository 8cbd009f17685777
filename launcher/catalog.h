/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalog.h: what is known of each QEMU device type and bus type.
 *
 * Knows the records of profiles/devices. Knows nothing of a particular line.
 */
#pragma once

#include "schema.h"

/* QEMU versions that records name: those that the shipped facts were measured on, and an
 * older one for what these no longer have. A record without the key "qemu" holds for all. */
extern const char *const qr_qemu_versions[];

/* Whether @text is a version of QEMU, such as 7.2 or 10.0.2. */
gboolean qr_qemu_version_is_good (const char *text);

/* Whether a record with the bits @qemu holds for QEMU @version; of versions that nothing was
 * measured on, and of NULL, it is not known and taken for true. */
gboolean qr_qemu_version_has (guint32 qemu, const char *version);

/* What a PCI function is. Order of qr_device_kind_names. */
typedef enum
{
  QR_DEVICE_FUNCTION,
  QR_DEVICE_ROOT_PORT,
  QR_DEVICE_SWITCH_UPSTREAM,
  QR_DEVICE_SWITCH_DOWNSTREAM,
  QR_DEVICE_BRIDGE,
  QR_DEVICE_EXPANDER,
  QR_DEVICE_HOST_BRIDGE,
  QR_N_DEVICE_KINDS,
} QrDeviceKind;

/* Where a function shows a PCI Express capability. */
typedef enum
{
  QR_EXPRESS_NEVER,
  QR_EXPRESS_BELOW_PORT, /* only below a root or downstream port */
  QR_EXPRESS_ON_EXPRESS, /* on any PCI Express bus, the root complex too */
  QR_EXPRESS_ALWAYS,     /* even on a conventional bus */
} QrExpress;

/* Bits of QrDeviceType.io: where a function has an I/O BAR. */
enum
{
  QR_IO_ROOT_COMPLEX = 1 << 0,
  QR_IO_BELOW_PORT = 1 << 1,
  QR_IO_CONVENTIONAL = 1 << 2,
};

/* How the buses that a device makes are called. */
typedef enum
{
  QR_BUS_NAME_ID_N, /* ID.0, ID.1; without an id the bus type's name and a running number */
  QR_BUS_NAME_ID,   /* like the id; without one as above */
  QR_BUS_NAME_FIXED,
} QrBusName;

typedef struct
{
  const char *type; /* QOM bus type */
  guint32 name;     /* QrBusName */
  const char *fixed;
  guint32 count;      /* 0 stands for 1 */
  const char *unless; /* a property: with it the device makes no bus */
  gboolean unnamed;   /* without an id it is called otherwise, nobody knows how */
} QrChildBus;

/* A further function that a device brings, at a place QEMU chooses. */
typedef enum
{
  QR_EXTRA_FIRST_FREE, /* the first free slot of the root bus when the device is made */
  QR_EXTRA_INSIDE,     /* 00.0 of the bus that the device makes, with the id of the device */
} QrExtraPlace;

typedef struct
{
  const char *driver;
  guint32 place; /* QrExtraPlace */
} QrExtraFunction;

/* The virtual functions of SR-IOV that a device makes at once, at places that follow from its own
 * (PCI Express Base Specification 9.3.3.9, First VF Offset and VF Stride). */
typedef struct
{
  guint32 count;
  const char *property; /* has the count instead; or NULL */
  guint32 offset, stride;
} QrVirtual;

/* What decides the size of a 64-bit prefetchable BAR, which can be large: one of two properties. */
typedef struct
{
  const char *property; /* its value, in units; or NULL */
  guint32 unit;         /* bytes */
  const char *backend;  /* a memory backend with that id has the size; or NULL */
} QrMemory64;

typedef struct
{
  const char *driver;
  const char *const *aliases;
  const char *const *parents; /* QOM types between it and that of all PCI functions */
  const char *bus;            /* QOM type of the bus it plugs into; NULL for none */
  guint32 kind;               /* QrDeviceKind; meaningful on a PCI bus */
  guint32 express;            /* QrExpress */
  gboolean conventional;      /* declared a conventional device, whatever it shows below a port */
  guint32 class_code;
  guint32 io; /* QR_IO_* */
  gboolean hotplug;
  gboolean root_only;
  gboolean iommu; /* translates what devices of the guest write to memory */
  gboolean creatable;
  const char *const *assigned; /* properties that name a host function */
  const QrChildBus *buses;
  guint32 n_buses;
  const char *const *properties; /* of a port or bridge: those that number or reserve */
  const QrExtraFunction *extra;
  const QrVirtual *virtual_functions; /* NULL: none */
  guint32 io_bytes;                   /* of all its I/O BARs, at the place where it has most */
  const QrMemory64 *memory64;
  guint32 n_memory64;
  gboolean shpc;        /* a bridge with a Standard Hot-Plug Controller */
  const char *boots_as; /* kind of controller to a BIOS that boots from it, or NULL */
  guint32 qemu;         /* bits of qr_qemu_versions; 0 for all */
  gboolean left;        /* of no record: what such a device is, QEMU alone knows */
} QrDeviceType;

typedef struct
{
  const char *type;
  const char *parent;  /* QOM parent type, NULL for the base */
  const char *devices; /* what all devices on it descend from, or NULL */
  guint32 max;         /* devices after which QEMU's search calls it full; 0: never */
} QrBusType;

/* What is made when a device needs a bus that nothing on the line makes. */
typedef struct
{
  const char *bus;    /* QOM type of the bus */
  const char *driver; /* makes it */
  const char *id;     /* of the first, the second has a number behind it */
  guint32 units;      /* devices that one bus takes; 0: any number */
  const char *const *single; /* types whose buses take one only */
} QrController;

extern const QrSchema qr_device_type_schema, qr_bus_type_schema, qr_controller_schema;
extern const char *const qr_device_kind_names[], *const qr_express_names[];

/* TRUE for a type that plugs into a PCI or PCI Express bus. */
gboolean qr_device_type_is_pci (const QrDeviceType *device);

/* TRUE for a root port and a switch's downstream port: what has a link below it. */
gboolean qr_device_type_is_port (const QrDeviceType *device);

/* Whether @device has the property @name among those that the catalogue lists. */
gboolean qr_device_type_has_property (const QrDeviceType *device, const char *name);
