/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe-type.h: the device types that a QEMU has, and what one of them is once it is made.
 *
 * Each question starts QEMUs of its own, which never run their machine.
 *
 * Sources: QEMU hw/pci/pci-qmp-cmds.c; hw/core/qdev.c, device_get_hotpluggable().
 */
#pragma once

#include "probe-talk.h"
#include "qtree.h"

typedef struct
{
  QrPool *pool;
  GArray *types;            /* QrListedType */
  GHashTable *parents;      /* each QOM type to the one that it descends from */
  GHashTable *functions;    /* sets of types: PCI functions; */
  GHashTable *express;      /* with the interface of PCI Express functions; */
  GHashTable *conventional; /* with that of conventional ones; */
  GHashTable *buses;        /* buses of any kind */
} QrListedTypes;

void qr_listed_types_clear (QrListedTypes *types);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrListedTypes, qr_listed_types_clear)

/* @out: (out): to be cleared; set only on success. @error: as qr_qmp_start() */
gboolean qr_probe_types (const QrProfiles *profiles, const char *qemu, QrListedTypes *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_probe_properties:
 * @names: of types; of char
 * @error: as qr_qmp_start()
 *
 * Returns: (transfer full): for each type the set of its properties; or NULL
 */
GPtrArray *qr_probe_properties (const QrProfiles *profiles, const char *qemu,
                                const GPtrArray *names, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A machine to try functions on. */
typedef struct
{
  const char *machine; /* as -machine takes it */
  const char *root;    /* name of its root bus */
  gboolean express;    /* it is a root complex */
} QrTrialMachine;

typedef struct
{
  QrPool *pool;
  const char *id;     /* that it had where its buses were looked at; NULL: it was made nowhere */
  guint32 class_code; /* the lowest two digits are unknown and 0; or QR_CLASS_UNKNOWN */
  guint32 io;         /* QR_IO_*: where it has an I/O BAR */
  guint32 io_bytes;   /* of its I/O BARs, where it has most */
  gboolean hotplug;   /* it can come and go where its bus lets it */
  GArray *buses;      /* QrTreeNode */
} QrTriedType;

void qr_tried_type_clear (QrTriedType *tried);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrTriedType, qr_tried_type_clear)

/**
 * qr_probe_type:
 * @name: of a PCI function's type
 * @properties: set of its properties
 * @out: (out): to be cleared
 *
 * Makes it on the root bus, behind a root port and behind a bridge, with a back end where it has a
 * property for one. What QEMU refuses is no error. May be called from several threads.
 */
void qr_probe_type (const QrProfiles *profiles, const char *qemu, const QrTrialMachine *machine,
                    const char *name, GHashTable *properties, QrTriedType *out);
