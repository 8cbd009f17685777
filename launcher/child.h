/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child.h: another program that is told something, or listened to, for a limited time.
 *
 * The program may be anything: what it says is held to a size. It ends with this process, whatever
 * ends that.
 */
#pragma once

#include "diag.h"

typedef struct QrChild QrChild;

/**
 * qr_child_start:
 * @argv: the program's path and its words, ended by NULL
 * @limit_ms: for all that it does, from now
 * @error: code "qemu-start": it cannot be executed, status NOT_FOUND, NOT_EXECUTABLE or UNAVAILABLE
 *
 * May be called from several threads.
 *
 * Returns: (transfer full): or NULL
 */
QrChild *qr_child_start (const char *const *argv, guint limit_ms,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts @text to what it is given on its standard input. */
void qr_child_say (QrChild *child, const char *text);

/**
 * qr_child_line:
 * @error: status UNAVAILABLE, code "qemu-ended": it ended, with what it said last on its standard
 *   error; "qemu-silent": the time is over; "qemu-answer": it says too much at once
 *
 * Returns: (transfer full): the next line of its standard output, without its end; or NULL
 */
char *qr_child_line (QrChild *child, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_child_output:
 * @error: as qr_child_line(), where it does not end well
 *
 * Returns: (transfer full): all that it says until it ends by itself, with exit status 0; or NULL
 */
GString *qr_child_output (QrChild *child, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets @error: the program's name, then what @format says of it. Returns: FALSE */
gboolean qr_child_fail (const QrChild *child, GError **error, const char *code, const char *hint,
                        const char *format, ...) G_GNUC_PRINTF (5, 6);

/* Ends the process. */
void qr_child_free (QrChild *child);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrChild, qr_child_free)
