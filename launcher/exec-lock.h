/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec-lock.h: which program may be executed from now on: one, and what loads it.
 *
 * Where the gate of exec-gate.h cannot be had, Landlock's execute right holds the process and all
 * its children to the QEMU that is started. That is less: QEMU can be executed again, and so can
 * its dynamic linker, which loads other programs; the filter stays over all of them.
 *
 * Sources: Linux Documentation/userspace-api/landlock.rst; elf(5), PT_INTERP.
 */
#pragma once

#include <glib.h>

/**
 * qr_exec_lock_enter:
 * @program: an ELF file
 *
 * Needs no_new_privs or CAP_SYS_ADMIN.
 *
 * Returns: 0, or an errno: ENOSYS or EOPNOTSUPP, the kernel has no Landlock
 */
int qr_exec_lock_enter (const char *program) G_GNUC_WARN_UNUSED_RESULT;
