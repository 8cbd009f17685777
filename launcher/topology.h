/* SPDX-License-Identifier: GPL-2.0-or-later */
/* topology.h: devices and buses of one machine, and who sits where.
 *
 * Holds two views of the same devices. `chosen` is the bus that the user named
 * or that QEMU would pick by itself (bus-search.h walks that view); `bus` and
 * `addr` are where a device finally goes.
 * Knows how QEMU names buses; knows no policy.
 *
 * Sources: QEMU hw/core/bus.c, qbus_init_internal() (names).
 */
#pragma once

#include "bus-kind.h"
#include "hints.h"
#include "pci-addr.h"
#include "profiles.h"
#include "sysfs.h"

typedef enum
{
  QR_ORIGIN_USER,
  QR_ORIGIN_MACHINE,
  QR_ORIGIN_ADDED, /* a port or bridge of ours */
  QR_ORIGIN_KEPT,  /* stands for what is not on the line, and keeps its place free */
  QR_ORIGIN_EXTRA, /* comes with a device of the user's, at a place QEMU takes */
  QR_N_ORIGINS,
} QrOrigin;

typedef struct QrDevice QrDevice;

typedef struct QrBus
{
  const char *name;
  const char *type; /* QOM bus type */
  gboolean unnamed; /* QEMU has another name for it, which is not known */
  QrBusKind kind;
  QrDevice *owner;       /* NULL: the machine itself */
  struct QrBus *sibling; /* the next older bus of the owner */
  QrDevice *newest;      /* of the devices on it that make buses, in the chosen view */
  guint n_devices;       /* in the chosen view */
  guint max_devices;     /* 0: never full */
  QrDevice *spread;      /* of the functions on it with virtual functions the last placed */
  QrDevice **occupants;  /* by devfn, n_devfns long; NULL for a bus that is not PCI */
  guint n_devfns;
} QrBus;

/* A function of the host that is given to the guest. */
typedef struct
{
  const char *name; /* 0000:01:00.0, or what the user wrote */
  gboolean found;   /* its configuration space could be read */
  gboolean express;
  gboolean integrated; /* a root-complex integrated endpoint of the host */
  gboolean integrated_graphics;
  guint32 class_code;
  guint function;                  /* 0..7 */
  guint io_bytes;                  /* of its I/O BARs */
  gboolean sized;                  /* ... and they are known */
  guint64 memory64[QR_SYSFS_BARS]; /* bytes of each 64-bit prefetchable BAR */
} QrHostFunction;

/* Numbers of a port or bridge; bits of QrDevice.numbered. */
enum
{
  QR_NUMBERED_CHASSIS = 1 << 0,
  QR_NUMBERED_SLOT = 1 << 1,
  QR_NUMBERED_PORT = 1 << 2,
  QR_NUMBERED_BRIDGE = 1 << 3, /* the chassis is that of a conventional bridge */
};

struct QrDevice
{
  const QrDeviceType *type;
  const char *id;       /* NULL: anonymous */
  const char *key;      /* unique in the plan, the same whenever the line is the same */
  const char *lock_key; /* the same in a lock, see lock-keys.h; NULL: none */
  gboolean by_turn;     /* the key says only the how-manieth of its type it is */
  QrOrigin origin;
  guint order;           /* in which QEMU creates the devices; ours all come before the user's */
  const QrOptList *opts; /* of the line's -device; NULL otherwise */
  guint line;            /* number of the request's line that makes it */
  QrBus *chosen;         /* NULL: needs no bus, or the system bus */
  gboolean names_bus, names_addr;
  const QrHints *hints;   /* what the line asks of its place; NULL: nothing */
  gboolean rooted;        /* another option wants it on the root bus */
  gboolean aimed;         /* chosen is the bus that a hint asks for */
  gboolean multifunction; /* the property, as it will be */
  QrWant want;
  QrExpress express; /* of this type on this machine */
  gboolean is_vga, is_primary;
  const QrHostFunction *host; /* an assigned device */
  QrBus *buses;               /* its newest bus first */
  QrDevice *older;            /* the next older device with buses on the same chosen bus */

  guint n_virtual; /* virtual functions of SR-IOV, which take places on its bus */
  struct QrDevice *next_spread;

  QrBus *bus; /* the final place; PCI functions only */
  QrPciAddr addr;
  const char *rule;
  const char *reason;
  gboolean alone;           /* nothing may share its port */
  gboolean demanded;        /* a rule that demands its homes found them full */
  gboolean shared;          /* devices that name it share its slot, and no others */
  const QrCarrier *carrier; /* of a port or bridge of ours */
  guint index;              /* the how-manieth of ours it is, where that counts; from 1 */
  guint numbered;           /* QR_NUMBERED_*: which of the numbers below are ours to write */
  guint chassis, physical_slot, port;
  gboolean no_io;      /* io-reserve=0 */
  gboolean no_hotplug; /* hotplug=off */
};

typedef struct
{
  QrPool *pool; /* (transfer none) */
  const QrProfiles *profiles;
  const QrMachine *machine;
  const QrMachineType *machine_record;
  const char *machine_type; /* as the user wrote it, or our default */
  GPtrArray *devices;       /* QrDevice, in the order QEMU creates them */
  GPtrArray *added;         /* QrDevice of ours, in the order of their making */
  GPtrArray *kept;          /* QrDevice that stand for others */
  GPtrArray *buses;         /* QrBus */
  QrBus *system, *root;
  gboolean root_hotplug;   /* devices can come and go on the root bus */
  guint n_vga;             /* VGA-class functions */
  guint n_pci_buses;       /* roots too */
  guint bus_limit;         /* how many there may be; 0: what PCI has numbers for */
  guint n_left;            /* devices that are left to QEMU, and functions that they may be */
  guint n_indexed;         /* ports and bridges of ours that count from 1 */
  gboolean translated;     /* the line has an IOMMU for its guest */
  GHashTable *by_id;       /* id → QrDevice */
  GHashTable *by_bus_name; /* name → the first QrBus of that name */
  GHashTable *by_key;
  GHashTable *wishes;         /* wish → the number that the next key of that wish gets */
  GHashTable *doubled;        /* bus names that stand for several buses */
  GHashTable *numbers;        /* bus type → the next running number + 1 */
  GHashTable *types;          /* name → QrDeviceType that was asked for */
  GHashTable *chosen_by_type; /* bus type → QEMU's choice, valid until a bus is added */
} QrTopology;

QrTopology *qr_topology_new (const QrProfiles *profiles, const QrMachine *machine,
                             const char *machine_type, QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;
void qr_topology_free (QrTopology *topology);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrTopology, qr_topology_free)

/* The device type @name, or NULL; the same for all who ask. */
const QrDeviceType *qr_topology_find_type (QrTopology *topology, const char *name);

/* A device, not yet on any bus; @id may be NULL and must not be taken. */
QrDevice *qr_topology_add_device (QrTopology *topology, const QrDeviceType *type, const char *id,
                                  QrOrigin origin);

/* Gives @device its key: @wish, or that with a number behind. @wish must live as long. */
void qr_topology_name_key (QrTopology *topology, QrDevice *device, const char *wish);

/* Makes the buses that @device's type makes; those of an expander hang below the system bus. */
void qr_topology_add_buses (QrTopology *topology, QrDevice *device);

/* A bus of @name and @type below @owner (NULL: a root of the machine). */
QrBus *qr_topology_add_bus (QrTopology *topology, QrDevice *owner, const char *type,
                            const char *name);

/* Puts @device on @bus in the chosen view; before its own buses are made. */
void qr_topology_choose (QrTopology *topology, QrDevice *device, QrBus *bus);

/* The property @name of the user's as a number; 0 when it is absent or no number. */
guint qr_device_number (const QrDevice *device, const char *name);

/* Whether the user's property @name, a boolean or auto, is @value; FALSE where it is neither. */
gboolean qr_device_says (const QrDevice *device, const char *name, gboolean value);

/* How many functions the way to the placed @device has, itself counted. */
guint qr_device_depth (const QrDevice *device);

/* Whoever holds @addr of @bus: the function there, or the one whose virtual function is; or
 * NULL. */
QrDevice *qr_bus_occupant (const QrBus *bus, QrPciAddr addr);

/* The function 0 of @slot of @bus, which lets others in beside it or not: a virtual one does not
 * count. NULL: none. */
QrDevice *qr_bus_function_0 (const QrBus *bus, guint8 slot);

/* Whether @addr of @bus is free for @device, and the places of its virtual functions with it. */
gboolean qr_bus_has_room (const QrBus *bus, QrPciAddr addr, const QrDevice *device);

/* Puts @device at @addr of @bus for good; the place must be free. */
void qr_topology_settle (QrTopology *topology, QrDevice *device, QrBus *bus, QrPciAddr addr);

/* Takes @device from its place again. */
void qr_topology_vacate (QrDevice *device);

/* Takes away the port or bridge of ours that was made last; nothing may be behind it. */
void qr_topology_drop_last_added (QrTopology *topology);

/* The slot path from the root complex, "00:1c.0/00.0"; of a placed function. Owned by the pool. */
const char *qr_topology_path (const QrTopology *topology, const QrDevice *device);

/* Whether @device is one of the line's whose place is left to the policy. */
gboolean qr_topology_is_unplaced (const QrDevice *device);

/* The first of those, or NULL. */
const QrDevice *qr_topology_first_unplaced (const QrTopology *topology);

/* Whether @device is a bridge with a hot-plug controller; that inside an expander has none. */
static inline gboolean
qr_device_has_shpc (const QrDevice *device)
{
  return device->type->shpc && device->origin != QR_ORIGIN_EXTRA
         && !qr_device_says (device, "shpc", FALSE);
}

/* The PCI class code of @device, three bytes; an assigned device has the host's. */
static inline guint32
qr_device_class (const QrDevice *device)
{
  return device->host != NULL ? device->host->class_code : device->type->class_code;
}

/* The PCI bus behind the port or bridge @device; NULL: it is neither, or an expander, whose bus
 * is a root. */
const QrBus *qr_device_secondary (const QrDevice *device);

/* Appends the keys of @list (element-type QrDevice): "a, b", and of a long one "and 12 more". */
void qr_append_keys (GString *out, const GPtrArray *list);

/* The device that bus @bus hangs below in the final view, or NULL for a root. */
static inline QrDevice *
qr_bus_bridge (const QrBus *bus)
{
  return qr_bus_traits (bus->kind)->is_root ? NULL : bus->owner;
}
