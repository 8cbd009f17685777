/* SPDX-License-Identifier: GPL-2.0-or-later */
/* court.h: one call that a filter asks about, heard and decided.
 *
 * Knows listener.h. What is decided, and why, is somebody else's.
 *
 * Source: seccomp_unotify(2).
 */
#pragma once

#include <sys/types.h>

#include "listener.h"

/* What becomes of a call. */
typedef enum
{
  QR_RULING_GO_ON,
  QR_RULING_REFUSE, /* with an errno; 0: it returns that, and does nothing */
  QR_RULING_KILL,   /* it ends the process, as if SIGSYS had */
  QR_RULING_LAST,   /* as QR_RULING_GO_ON, and nobody listens any more */
  QR_RULING_DONE,   /* as QR_RULING_REFUSE, and nobody listens any more */
  QR_RULING_CLOSE,  /* nobody listens any more: the kernel answers this one, too */
} QrRuling;

/* @caller: thread that calls; @started: the first process. @code: (out): the errno. */
typedef QrRuling (*QrJudge) (const struct seccomp_data *call, pid_t caller, pid_t started,
                             int *code, gpointer data);

/* What decides, and takes back what it noted of its last ruling where that came too late: the call
 * may be made again. */
typedef struct
{
  QrJudge judge;
  void (*undo) (gpointer data);
  gpointer data;
} QrCourt;

/**
 * qr_court_hear:
 * @listener: that has a call
 * @killed: (out): set to TRUE where the call ended its process, else left alone
 *
 * Returns: FALSE: there will be no more calls, or nobody is to hear them
 */
gboolean qr_court_hear (const QrCourt *court, QrListener *listener, pid_t started,
                        gboolean *killed) G_GNUC_WARN_UNUSED_RESULT;

/* Interrupts what waits, every @seconds; 0: no more. Waiting for a call ends by nothing else where
 * the one who called was killed after poll(2) had told of it. Takes SIGALRM. */
void qr_court_tick (guint seconds);
