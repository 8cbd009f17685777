/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h: rules that a placed topology must keep.
 *
 * QEMU accepts almost any topology; what is wrong is then invisible to the
 * guest. Each rule is a record with a code, a severity per face, a message and
 * a hint. What QEMU itself refuses is an error everywhere; what a guest cannot
 * see or use is an error on the tool face, unless its code is allowed, and a
 * warning under a name that stands in for QEMU.
 *
 * Claims on one place, unknown buses and addresses out of range never come this
 * far: build and place refuse them.
 *
 * Sources: PCI Express Base Specification 1.3 and 7.3.1; QEMU docs/pcie.txt and
 *          hw/pci/pci.c, do_pci_register_device(), pci_init_multifunction().
 */
#pragma once

#include "budget.h"
#include "topology.h"

typedef enum
{
  QR_FACE_TOOL,
  QR_FACE_DROP_IN,
  QR_N_FACES,
} QrFace;

/* Whether some rule has the code. */
gboolean qr_check_is_code (const char *code);

/* All codes, sorted as in the table, joined by ", ". (transfer full) */
char *qr_check_codes (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_check:
 * @allowed: (nullable): codes, ended by NULL, whose errors become warnings;
 *   those that QEMU itself refuses stay errors
 * @survey: errors go to @warnings as well, and nothing fails
 * @warnings: appended
 * @error: status REQUEST, the rule's code; the first in the table's order
 */
gboolean qr_check (const QrTopology *topology, const QrBudget *budget, QrFace face,
                   const char *const *allowed, gboolean survey, GPtrArray *warnings,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
