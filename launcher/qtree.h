/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qtree.h: devices and buses as QEMU's monitor prints them for people, "info qtree" and "info qdm".
 *
 * Knows those texts alone. They are somebody else's: what does not fit is passed over.
 *
 * Sources: QEMU system/qdev-monitor.c, qdev_print(), qbus_print() and qdev_print_devinfo(); hw/pci/
 * pci-hmp-cmds.c, pcibus_dev_print(); tried on 7.2 and 10.0.
 */
#pragma once

#include "pool.h"

/* A device type of the list. */
typedef struct
{
  const char *name;
  const char *alias;    /* or NULL */
  const char *bus;      /* QOM type of the bus it plugs into; NULL: none */
  const char *category; /* under which it stands */
  gboolean creatable;   /* -device makes it */
} QrListedType;

/* The types in @text; (transfer full): an array of QrListedType, whose texts @pool owns. */
GArray *qr_qtree_types (const char *text, QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *type; /* QOM type */
  const char *name;
} QrListedBus;

/* A device of the tree. */
typedef struct
{
  guint io_bytes; /* of all its I/O BARs */
  GArray *buses;  /* QrListedBus: those that it makes and leaves empty, the first that was made
                     first */
} QrListedDevice;

void qr_listed_device_clear (QrListedDevice *device);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrListedDevice, qr_listed_device_clear)

/**
 * qr_qtree_device:
 * @id: of the device
 * @pool: owns the texts
 * @out: (out): to be cleared, whether it is there or not
 *
 * Returns: FALSE: there is no such device in @text
 */
gboolean qr_qtree_device (const char *text, const char *id, QrPool *pool, QrListedDevice *out);
