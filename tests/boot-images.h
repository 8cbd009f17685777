/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot-images.h: disks that tell which one firmware booted.
 *
 * What they start writes the disk's number to port 0xf4, where isa-debug-exit makes it
 * QEMU's exit status: number * 2 + 1.
 */
#pragma once

#include <glib.h>

#define BOOT_IMAGE_SIZE (1024 * 1024)

/* A disk with a boot sector. (transfer full) */
extern guint8 *boot_image_bios (guint8 number);

/* A disk with a FAT file system and an x86-64 UEFI program at the path for removable media. (transfer full) */
extern guint8 *boot_image_uefi (guint8 number);
