/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parity-lines.h: command lines for test-parity, and the files that they name. */
#pragma once

#include "parity.h"

typedef struct
{
  const char *arch; /* of the guest */
  char *name;
  GStrv words;
  GStrv versions;   /* "7.2": only for these QEMUs; empty: for all */
  Parity expected;
  char *skip;       /* why it cannot be tried here, or NULL */
  gboolean is_alone; /* no part of random lines */
  gboolean is_bound; /* not for the machine's own policy */
  gboolean is_random;
} ParityLine;

/* The lines (ParityLine) of a file as tests/live/drop-in.lines, for guests of ARCH. */
extern GPtrArray *parity_lines (const char *file, const char *arch);

/* N lines made of parts of LINES that are the same on both sides, by themselves for q35 or pc; the
   same for the same SEED.  Together QEMU may refuse them. */
extern GPtrArray *parity_random (const GPtrArray *lines, guint n, guint32 seed);

/* Those of a JSON file: [{"name": TEXT, "argv": [WORD, ...], "skip": TEXT or not there}, ...]. */
extern GPtrArray *parity_lines_json (const char *file);

/* Makes the images that lines name in DIRECTORY. */
extern void parity_make_images (const char *directory);

/* WORDS with @NAME@ replaced by the path of the image NAME in DIRECTORY, and @dir@ by DIRECTORY. */
extern GStrv parity_words (GStrv words, const char *directory);
