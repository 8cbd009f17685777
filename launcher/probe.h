/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.h: the PCI functions that a QEMU makes for a machine type, asked of the binary itself.
 *
 * Each question starts a QEMU of its own, which never runs its machine. Knows QEMU's object model
 * (QOM): a bus is a child of the device that has it, and a device on a bus has a link to it.
 *
 * Sources: QEMU docs/devel/qom.rst; hw/core/bus.c, qbus_init_internal(); hw/pci/pci.c, pci_props.
 */
#pragma once

#include "profiles.h"
#include "survey.h"

/**
 * qr_probe_machine:
 * @qemu: path of the binary
 * @machine: as -machine takes it
 * @bare: without what QEMU adds by default
 * @out: (out): to be cleared; set only on success
 * @error: as qr_qmp_start()
 *
 * May be called from several threads.
 */
gboolean qr_probe_machine (const QrProfiles *profiles, const char *qemu, const char *machine,
                           gboolean bare, QrSurvey *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the binary says of itself. */
typedef struct
{
  char *version;       /* "7.2.22" */
  GPtrArray *machines; /* its machine types, sorted; of char */
  GPtrArray *aliases;  /* other names of some, sorted; of char */
  GPtrArray *drivers;  /* types of PCI devices, sorted; of char */
} QrProbedBinary;

void qr_probed_binary_clear (QrProbedBinary *binary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrProbedBinary, qr_probed_binary_clear)

/* @out: (out): to be cleared; set only on success. @error: as qr_qmp_start() */
gboolean qr_probe_binary (const QrProfiles *profiles, const char *qemu, QrProbedBinary *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
