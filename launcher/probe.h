/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.h: the PCI functions that a QEMU makes for a machine type, asked of the binary itself.
 *
 * Each question starts a QEMU of its own, which never runs its machine. What there is, is read from
 * the monitor's tree of devices: one answer, where a walk through the objects by QMP takes a
 * hundred and as long as three starts of QEMU. All types of PCI devices and buses are asked for
 * once.
 *
 * Sources: QEMU system/qdev-monitor.c, hmp_info_qtree(), qdev_device_add_from_qdict();
 * qom/qom-qmp-cmds.c, qmp_qom_get(), which takes a name that is one for one object.
 */
#pragma once

#include "profiles.h"
#include "survey.h"

/* What the binary says of itself. */
typedef struct
{
  char *version;       /* "7.2.22" */
  GPtrArray *machines; /* its machine types, sorted; of char */
  GPtrArray *aliases;  /* other names of some, sorted; of char */
  GPtrArray *drivers;  /* types of PCI devices, sorted; of char */
  GHashTable *buses;   /* set of types of PCI buses */
} QrProbedBinary;

void qr_probed_binary_clear (QrProbedBinary *binary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrProbedBinary, qr_probed_binary_clear)

/* @out: (out): to be cleared; set only on success. @error: as qr_qmp_start() */
gboolean qr_probe_binary (const QrProfiles *profiles, const char *qemu, QrProbedBinary *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_probe_machine:
 * @qemu: path of the binary
 * @binary: what it said of itself
 * @machine: as -machine takes it
 * @bare: without what QEMU adds by default
 * @out: (out): to be cleared; set only on success
 * @error: as qr_qmp_start()
 *
 * May be called from several threads.
 */
gboolean qr_probe_machine (const QrProfiles *profiles, const char *qemu,
                           const QrProbedBinary *binary, const char *machine, gboolean bare,
                           QrSurvey *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets @error: there is no QEMU @name, status NOT_FOUND. Returns: FALSE */
gboolean qr_probe_nobody (const char *name, GError **error);
