/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec-gate.h: one more execve(2) for this process, and none behind it.
 *
 * Where a filter lets a program be executed it asks a listener instead. The listener is a thread of
 * this process, which lets the process itself through; the exec that it lets through ends the
 * thread and closes the descriptor, and a filter whose listener is gone answers ENOSYS, for ever
 * and for all children. No process stays behind.
 *
 * Sources: Linux kernel/seccomp.c, seccomp_do_user_notification(), __seccomp_filter_orphan();
 *          fs/exec.c, de_thread() and do_close_on_exec(); seccomp_unotify(2).
 */
#pragma once

#include <glib.h>

/**
 * qr_exec_gate_load:
 * @bpf: a filter with marks, see filter-parts.h
 * @size: its bytes
 *
 * Loads @bpf, for good. Needs no_new_privs or CAP_SYS_ADMIN. The process has a second thread until
 * its next successful exec.
 *
 * Returns: 0, or why the gate cannot be had here, where nothing was loaded: EBUSY, a filter with a
 * listener holds the process already; EINVAL, the kernel is older than Linux 5.5; or another errno
 */
int qr_exec_gate_load (const guint8 *bpf, gsize size) G_GNUC_WARN_UNUSED_RESULT;
