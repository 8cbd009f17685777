/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot-images.h"

#include <string.h>

enum
{
  SECTOR = 512,
  FAT_SECTORS = 6, /* each of two */
  ROOT_SECTORS = 4,
  ROOT = SECTOR * (1 + 2 * FAT_SECTORS),
  CLUSTER_2 = ROOT + SECTOR * ROOT_SECTORS,
  PROGRAM_SIZE = 2 * SECTOR,
};

static void
put (guint8 *at, guint bytes, guint64 value)
{
  for (guint i = 0; i < bytes; i++)
    at[i] = (guint8) (value >> (8 * i));
}

/* mov al, NUMBER; out 0xf4, al; and stop: the same in 16 and 64 bits. */
static void
put_code (guint8 *at, guint8 number)
{
  const guint8 code[] = { 0xb0, number, 0xe6, 0xf4, 0xfa, 0xf4, 0xeb, 0xfc };

  memcpy (at, code, sizeof code);
}

guint8 *
boot_image_bios (guint8 number)
{
  guint8 *image = g_malloc0 (BOOT_IMAGE_SIZE);

  put_code (image, number);
  put (image + 510, 2, 0xaa55);
  return image;
}

/* A PE32+ program with one section. */
static void
put_program (guint8 *at, guint8 number)
{
  guint8 *coff = at + 64, *opt = coff + 24, *section = opt + 0xf0;

  memcpy (at, "MZ", 2);
  put (at + 60, 4, 64);
  memcpy (coff, "PE", 2);
  put (coff + 4, 2, 0x8664);  /* x86-64 */
  put (coff + 6, 2, 1);       /* sections */
  put (coff + 20, 2, 0xf0);   /* size of the optional header */
  put (coff + 22, 2, 0x22e);  /* executable */
  put (opt, 2, 0x20b);        /* PE32+ */
  put (opt + 4, 4, SECTOR);   /* size of code */
  put (opt + 16, 4, 0x1000);  /* entry point */
  put (opt + 20, 4, 0x1000);  /* base of code */
  put (opt + 32, 4, 0x1000);  /* alignment of sections */
  put (opt + 36, 4, SECTOR);  /* of the file */
  put (opt + 56, 4, 0x2000);  /* size of the image */
  put (opt + 60, 4, SECTOR);  /* of the headers */
  put (opt + 68, 2, 10);      /* an EFI application */
  put (opt + 108, 4, 16);     /* data directories, all empty */
  memcpy (section, ".text", 5);
  put (section + 8, 4, SECTOR);
  put (section + 12, 4, 0x1000);
  put (section + 16, 4, SECTOR);
  put (section + 20, 4, SECTOR);
  put (section + 36, 4, 0x60000020); /* code, may be read and executed */
  put_code (at + SECTOR, number);
}

static void
put_entry (guint8 *at, const char *name, guint8 attributes, guint cluster, guint size)
{
  memcpy (at, name, 11);
  at[11] = attributes;
  put (at + 26, 2, cluster);
  put (at + 28, 4, size);
}

guint8 *
boot_image_uefi (guint8 number)
{
  /* FAT12: clusters 2 and 3 are directories, 4 and 5 the program; 12 bits each. */
  static const guint8 fat[] = { 0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0x05, 0xf0, 0xff };
  guint8 *image = g_malloc0 (BOOT_IMAGE_SIZE), *cluster = image + CLUSTER_2;

  memcpy (image, "\xeb\x3c\x90MSDOS5.0", 11);
  put (image + 11, 2, SECTOR);
  image[13] = 1; /* sectors in a cluster */
  put (image + 14, 2, 1); /* before the tables */
  image[16] = 2; /* tables */
  put (image + 17, 2, ROOT_SECTORS * SECTOR / 32);
  put (image + 19, 2, BOOT_IMAGE_SIZE / SECTOR);
  image[21] = 0xf8;
  put (image + 22, 2, FAT_SECTORS);
  image[38] = 0x29;
  put (image + 39, 4, number);
  memcpy (image + 43, "NO NAME    FAT12   ", 19);
  put (image + 510, 2, 0xaa55);
  memcpy (image + SECTOR, fat, sizeof fat);
  memcpy (image + SECTOR * (1 + FAT_SECTORS), fat, sizeof fat);
  put_entry (image + ROOT, "EFI        ", 0x10, 2, 0);
  put_entry (cluster, ".          ", 0x10, 2, 0);
  put_entry (cluster + 32, "..         ", 0x10, 0, 0);
  put_entry (cluster + 64, "BOOT       ", 0x10, 3, 0);
  put_entry (cluster + SECTOR, ".          ", 0x10, 3, 0);
  put_entry (cluster + SECTOR + 32, "..         ", 0x10, 2, 0);
  put_entry (cluster + SECTOR + 64, "BOOTX64 EFI", 0x20, 4, PROGRAM_SIZE);
  put_program (cluster + 2 * SECTOR, number);
  return image;
}
