/* SPDX-License-Identifier: GPL-2.0-or-later */
/* supervisor.h: a process that stays beside the one that it starts, and decides what a filter of
 * that one asks.
 *
 * The two share their table of descriptors until the listener is there, so that it need not be
 * sent: where each call is asked about, nothing could be.
 *
 * Knows clone(2), signals and court.h. Knows neither profiles nor QEMU.
 *
 * Sources: clone(2), CLONE_FILES; unshare(2); signalfd(2); seccomp_unotify(2).
 */
#pragma once

#include "court.h"
#include "diag.h"

typedef struct _QrSupervisor QrSupervisor;

/**
 * qr_supervisor_split:
 * @lives_on: the started process survives the other one
 * @started: (out): whether this is the started process, which is to load a filter that asks, to
 *   hand its listener over and to execute a program
 * @error: status UNAVAILABLE, code "supervisor"
 *
 * Makes two processes of one, which must have a single thread.
 */
QrSupervisor *qr_supervisor_split (gboolean lives_on, gboolean *started,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In the started process, behind its last change of user: it ends with the other one, unless it
 * lives on. */
void qr_supervisor_bind (const QrSupervisor *supervisor);

/* In the started process, directly before it executes the program; -1: there is no listener. */
void qr_supervisor_hand_over (QrSupervisor *supervisor, int listener);

/**
 * qr_supervisor_attend:
 * @seconds: after which the started process is told to end, and a few later killed; 0: never
 * @again: there will be another one, for which descriptors stay open; else all but the standard
 *   ones are closed
 *
 * In the other process: decides calls and hands signals on, until the started process has ended.
 *
 * Returns: its status, as waitpid(2) has it; that of SIGSYS, where a call was answered with
 *   QR_RULING_KILL
 */
int qr_supervisor_attend (QrSupervisor *supervisor, const QrCourt *court, guint seconds,
                          gboolean again);

/* Whether somebody has told the other process, and so both, to end. */
gboolean qr_supervisor_was_told (const QrSupervisor *supervisor);

/* Seconds that the started process had to end in when its time was over, where it was killed behind
 * that; 0: it was not. */
guint qr_supervisor_overdue (const QrSupervisor *supervisor);

/* In either process; what it stands for goes on. */
void qr_supervisor_free (QrSupervisor *supervisor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrSupervisor, qr_supervisor_free)

/* Ends this process as a process with @status ended: its exit status is returned, of a signal it
 * dies. */
int qr_supervisor_follow (int status);
