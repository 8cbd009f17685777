/* SPDX-License-Identifier: GPL-2.0-or-later */
/* warn-look.h: what a guest does with a line, and what a plan says of it.
 *
 * A line is words with blanks between. Each call starts processes of its own and waits for them.
 */
#pragma once

#include "live-lines.h"

typedef enum
{
  BY_QEMU,   /* plain QEMU with the line */
  BY_SAME,   /* through qriser, with QEMU's own places */
  BY_POLICY, /* through qriser, with the default policy */
} By;

typedef enum
{
  BIOS,
  UEFI,
} Firmware;

typedef struct
{
  const Qemu *qemu;
  const char *machine, *policy; /* the machine, and its default policy */
  const char *directory;        /* for files */
  const char *ovmf;      /* where UEFI firmware is, or NULL */
} Look;

/* Lets QEMU find its modules when it lies outside of /usr; sets the environment of all that follows. */
extern void look_set_modules (const Look *look);

/* The whole command. */
extern GStrv look_command (const Look *look, By by, const char *own, const char *line);

/* The plan's warnings, each as "CODE: MESSAGE" and a line end; NULL: no plan. */
extern char *look_warnings (const Look *look, const char *own, const char *line);

/* The plan's functions as "PATH=KEY " one behind the other; NULL: no plan. */
extern char *look_paths (const Look *look, By by, const char *own, const char *line);

/* Writes the disks that boot under @firmware, and makes a line's first words of them. */
extern char *look_disks (const Look *look, Firmware firmware);

/* The number of the disk that boots; 0: none. */
extern guint look_boot (const Look *look, By by, const char *line);

/* The ids among @ids ("ab": one letter each) of the displays on which firmware shows itself. */
extern char *look_displays (const Look *look, By by, const char *own, const char *line, const char *ids);

/* What SeaBIOS says is the primary VGA function, "00:02.0"; NULL: nothing. */
extern char *look_primary (const Look *look, By by, const char *own, const char *line);
