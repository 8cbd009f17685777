/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qmp.h: a QEMU of one's own that is asked over its monitor.
 *
 * Knows the protocol and how to start and end a process; what is asked is the caller's. The program
 * may be anything: what it says is held to a size, and it is given a time.
 *
 * Sources: QEMU docs/interop/qmp-spec.rst; monitor/qmp.c, QMP_REQ_QUEUE_LEN_MAX.
 */
#pragma once

#include "json-doc.h"

typedef struct QrQmp QrQmp;

/**
 * qr_qmp_start:
 * @argv: the program's path and its words, ended by NULL, among them those that put a QMP monitor
 *   on its standard input and output
 * @limit_ms: for all that it is asked, from now
 * @error: code "qemu-start": it cannot be executed, status NOT_FOUND, NOT_EXECUTABLE or UNAVAILABLE;
 *   with status UNAVAILABLE "qemu-ended": it ended, with what it said last; "qemu-silent": the time
 *   is over; "qemu-answer": what it says is no QMP
 *
 * Ends with this process, whatever ends that. May be called from several threads.
 *
 * Returns: (transfer full): or NULL
 */
QrQmp *qr_qmp_start (const char *const *argv, guint limit_ms,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As it said it: "7.2.22". */
const char *qr_qmp_version (const QrQmp *qmp);

/* Puts @command with @arguments, the text of a JSON object or NULL, to those that qr_qmp_ask()
 * asks. */
void qr_qmp_put (QrQmp *qmp, const char *command, const char *arguments);

/**
 * qr_qmp_ask:
 * @error: as qr_qmp_start()
 *
 * Returns: (transfer full): what came back for each command that was put, in their order: a
 *   QrJsonDoc that is an object with the member "return", or "error"; or NULL
 */
GPtrArray *qr_qmp_ask (QrQmp *qmp, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE: @doc, of qr_qmp_ask(), is an error. @out: (out): what was returned. */
gboolean qr_qmp_result (const QrJsonDoc *doc, QrJson *root, QrJson *out);

/* Ends the process. */
void qr_qmp_free (QrQmp *qmp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrQmp, qr_qmp_free)
