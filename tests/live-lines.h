/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live-lines.h: the lines of tests/live, and the QEMUs to try them on. */
#pragma once

#include <glib.h>

typedef struct
{
  char *arch;       /* of the guest */
  char *name;
  GStrv policies;
  guint qemu;       /* oldest version that takes the line: major * 100 + minor */
  guint blind;      /* QEMU version from which firmware does not come to a guest (soon); 0: it does */
  GStrv own;        /* words for qriser */
  GStrv words;      /* words for QEMU */
  GPtrArray *there; /* PATH and DRIVER in turn: where functions must be under ich9@1 or pc@1 */
} Line;

typedef struct
{
  char *path;
  char *arch;    /* of its guests */
  char *version; /* "7.2.22" */
  guint number;  /* 702 */
} Qemu;

/* The rows of a file that are neither empty nor comments (after "#"). */
extern GStrv live_rows (const char *file);

/* All lines (Line) of the files in tests/live, those of ARCH.lines for QEMUs of that architecture, and some random ones of the seed
 * QRISER_TEST_SEED; those only whose names begin with QRISER_TEST_LINE, and with QRISER_TEST_SHARE=N
 * one of N. QRISER is the program. */
extern GPtrArray *live_lines (void);

/* The QEMUs (Qemu) of this machine for guests of ARCH: /usr/bin and QRISER_TEST_QEMU. */
extern GPtrArray *live_qemus (const char *arch);

/* The architectures besides x86 that are tested, ended by NULL. */
extern const char *const live_others[];

/* The architecture that the file of lines FILE is called after: x86_64, where it is none of those. */
extern const char *live_arch (const char *file);
