/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live-lines.h: the lines of tests/live, and the QEMUs to try them on. */
#pragma once

#include <glib.h>

typedef struct
{
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
  char *version; /* "7.2.22" */
  guint number;  /* 702 */
} Qemu;

/* The rows of a file that are neither empty nor comments (after "#"). */
extern GStrv live_rows (const char *file);

/* All lines (Line) of the files in tests/live, and some random ones of the seed
 * QRISER_TEST_SEED; those only whose names begin with QRISER_TEST_LINE, and with QRISER_TEST_SHARE=N
 * one of N. QRISER is the program. */
extern GPtrArray *live_lines (void);

/* The QEMUs (Qemu) of this machine: /usr/bin and QRISER_TEST_QEMU. */
extern GPtrArray *live_qemus (void);
