/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parity.h: two command lines that must make the same VM.
 *
 * Each is started once, stopped, and asked for its PCI functions and for what QEMU's monitor tells
 * of devices, networks, drives and character devices; parity-rules.h has what may differ.
 */
#pragma once

#include <glib.h>

typedef enum
{
  PARITY_SAME,
  PARITY_REFUSED,      /* by both */
  PARITY_NOT_EXPANDED, /* the second says by name what it does not expand; the first runs */
  PARITY_STRICT,       /* the second refuses what the first only warns of */
  PARITY_BETTER,       /* the first refuses; the second has a machine for the line */
  PARITY_DIFFERENT
} Parity;

/*
 * Runs PLAIN, then OTHER, and compares them; VERSION is QEMU's, 702 for 7.2.  MOVED: their functions
 * may be at other places, with ports and bridges before them.  What differs, and the
 * messages of what is refused, are added to NOTES as TAP comments.
 */
extern Parity parity_compare (const char *const *plain, const char *const *other, guint version,
                              gboolean moved, GString *notes);
