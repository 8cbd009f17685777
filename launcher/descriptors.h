/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptors.h: numbers of descriptors that a line leaves free. */
#pragma once

#include "cmdline.h"

typedef struct
{
  GHashTable *named; /* numbers that the line has for others */
  int next, step;    /* the number to try, and where to go from there */
  int limit;         /* the first that a process may not have */
} QrDescriptors;

/* Begins with what @line names; to be cleared. */
void qr_descriptors_begin (const QrCmdline *line, QrDescriptors *out);
void qr_descriptors_clear (QrDescriptors *descriptors);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrDescriptors, qr_descriptors_clear)

/* The next number that is neither open in this process nor on the line: from 256 upwards, then,
 * where a process may not have those, downwards from there. FALSE: there is none. */
gboolean qr_descriptors_take (QrDescriptors *descriptors, int *out) G_GNUC_WARN_UNUSED_RESULT;
