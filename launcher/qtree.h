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

/* A bus or device of the tree. */
typedef struct
{
  gint parent; /* index of what it is below; -1: nothing */
  gboolean is_bus;
  const char *name; /* of a bus; of a device its type */
  const char *more; /* of a bus its QOM type, of a device its id; NULL: it is not said */
  gint devfn;       /* of a PCI function; -1 */
  guint io_bytes;   /* of all its I/O BARs */
} QrTreeNode;

/* All of @text, in its order; (transfer full): an array of QrTreeNode, whose texts @pool owns. */
GArray *qr_qtree_nodes (const char *text, QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* The index of the device with @id; -1: there is none. */
gint qr_qtree_find (const GArray *nodes, const char *id);

/* The buses that the device at @index makes and leaves empty, the first that was made first.
 * (transfer full): of gint, indexes */
GArray *qr_qtree_empty_buses (const GArray *nodes, gint index) G_GNUC_WARN_UNUSED_RESULT;
