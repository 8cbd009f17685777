/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec.h: finds the QEMU that will run and becomes it.
 *
 * Knows PATH, execve and what a program file looks like. Knows nothing of
 * command lines or sandboxes.
 */
#pragma once

#include "diag.h"

/**
 * qr_exec_find:
 * @name: a path (with a slash), or a name to look up in @path and then in @directory
 * @path: (nullable): of the form of $PATH
 * @directory: where QEMU was at configure time
 *
 * A file that is this program, or another build of it, is passed over in the search.
 *
 * Returns: (transfer full): the path, or NULL when none was found
 */
char *qr_exec_find (const char *name, const char *path,
                    const char *directory) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_exec_check:
 * @scripts: one may start the real QEMU
 * @error: NOT_FOUND, or NOT_EXECUTABLE for what is no program of its own: a
 *   directory, a script (named with its interpreter), this program
 */
gboolean qr_exec_check (const char *path, gboolean scripts,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces the process; returns only with @error set. */
void qr_exec (const char *path, char *const *argv, char *const *environment, GError **error);
