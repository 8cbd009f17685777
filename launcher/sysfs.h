/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysfs.h: what kind of PCI function an assigned device is on the host.
 *
 * Reads the configuration space that the kernel shows, and its list of resources. Without
 * privileges only the first 64 bytes of that space can be read; then its size tells
 * whether the function is PCI Express (4096 bytes), but not of which type.
 *
 * Sources: Linux Documentation/PCI/sysfs-pci.rst, drivers/pci/pci-sysfs.c,
 *          resource_show(), include/linux/ioport.h (flags); PCI Express Base
 *          Specification 7.5.3.2 (device/port type); PCI Local Bus 3.0, 6.
 */
#pragma once

#include <glib.h>

enum
{
  QR_SYSFS_BARS = 6,
};

typedef struct
{
  gboolean found;       /* the function exists and was read */
  guint slot, function; /* of the host address */
  guint32 class_code;   /* 24 bits */
  gboolean express;
  gboolean integrated; /* a root-complex integrated endpoint */
  guint16 vendor;
  gboolean sized;                  /* its BARs could be read, too */
  guint io_bytes;                  /* of its I/O BARs */
  guint64 memory64[QR_SYSFS_BARS]; /* bytes of each 64-bit prefetchable BAR; 0: it is none */
} QrSysfsFunction;

/**
 * qr_sysfs_read:
 * @root: where sysfs is, "/sys"
 * @host: [DOMAIN:]BUS:SLOT.FUNCTION in hexadecimal
 *
 * Returns: FALSE when @host is no such address; a function that cannot be read
 * leaves @out->found FALSE.
 */
gboolean qr_sysfs_read (const char *root, const char *host,
                        QrSysfsFunction *out) G_GNUC_WARN_UNUSED_RESULT;
