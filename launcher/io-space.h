/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io-space.h: how much I/O space the functions and bridges of a placed topology take.
 *
 * There are 64 KiB of it, and a bridge hands it on in windows of 4 KiB. Knows what a
 * function has and what firmware gives a bridge; knows no limit.
 *
 * Sources: PCI-to-PCI Bridge Architecture Specification 1.2, 3.2.5.6; SeaBIOS 1.16
 *          src/fw/pciinit.c, pci_bios_check_devices() and
 *          pci_find_resource_reserve_capability(); all of it measured on SeaBIOS 1.16.2 and OVMF
 * 2022.11.
 */
#pragma once

#include "topology.h"

enum
{
  QR_IO_WINDOW = 4096, /* bytes */
};

/* What firmware does where nothing has asked for I/O space yet. */
typedef enum
{
  QR_IO_KEEPS,  /* keeps what a bridge asks for, or does not start */
  QR_IO_YIELDS, /* keeps it only while there is some left */
} QrIoFirmware;

/* Bytes of all I/O BARs of @device in its place. */
guint qr_io_bytes (const QrDevice *device);

/* Whether @device is a port that lets no I/O space through. */
gboolean qr_io_is_shut (const QrDevice *device);

/* Windows that the bridge or port @device must have, for itself and all below it. */
guint qr_io_windows (const QrDevice *device, QrIoFirmware firmware);
