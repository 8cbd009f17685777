/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor-host.h: what of this machine, its kernel and its limits QEMU and the sandbox need.
 *
 * Each function adds its lines to a list of health.h. Files of the host are looked at below @root,
 * which is the empty text for the host itself.
 *
 * Sources: Linux Documentation/virt/kvm/api.rst; seccomp(2); landlock(7); execve(2), limits on
 *          the size of arguments; Linux drivers/vfio/vfio_iommu_type1.c, vfio_lock_acct().
 */
#pragma once

#include <glib.h>

/* @arch: of the guests */
void qr_doctor_kvm (const char *root, const char *arch, GPtrArray *health);

/* Filters of system calls, and listeners for them; tried in a thread that ends. */
void qr_doctor_seccomp (GPtrArray *health);

/* @version: as qr_landlock_version() */
void qr_doctor_landlock (int version, GPtrArray *health);

void qr_doctor_limits (GPtrArray *health);
