/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parity-rules.h: what is alike in two VMs although QEMU's monitor prints it differently.
 *
 * Each rule is about a name that QEMU makes up, or about one difference that no command line can
 * avoid.  Everything else that the monitor prints must be the same, letter by letter.
 */
#pragma once

#include <glib.h>

/* What a VM tells of itself: the answers to parity_commands, in their order. */
enum
{
  PARITY_QTREE,
  PARITY_NETWORK,
  PARITY_BLOCK,
  PARITY_CHARDEV,
  N_PARITY_COMMANDS
};

extern const char *const parity_commands[N_PARITY_COMMANDS + 1];

/* Names that are made up in place of both sides' own.  PLAIN and OTHER are answers to
   parity_commands; VERSION is QEMU's, 702 for 7.2. */
extern void parity_normalise (GStrv plain, GStrv other, guint version);

/* Leaves of an answer to "info qtree" what does not follow from the places of PCI functions, sorted:
   each device with its properties, what is no PCI function with the bus it is on, too.  The ports
   and bridges of qriser's are left out. */
extern void parity_forget_places (char **qtree);
