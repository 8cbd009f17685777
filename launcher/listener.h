/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listener.h: answers for calls that a seccomp filter asks about.
 *
 * A call for which a filter returns SECCOMP_RET_USER_NOTIF waits until whoever holds the filter's
 * listener has decided. When nobody holds it any more, such calls fail with ENOSYS, for ever.
 *
 * Sources: seccomp_unotify(2); Linux kernel/seccomp.c, seccomp_do_user_notification().
 */
#pragma once

#include <glib.h>
#include <linux/seccomp.h>

/* Linux 5.5; the number is the kernel's ABI. */
#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE (1UL << 0)
#endif

typedef struct
{
  int fd; /* -1: none */
  struct seccomp_notif_sizes sizes;
  struct seccomp_notif *request;
  struct seccomp_notif_resp *response;
} QrListener;

/**
 * qr_listener_init:
 * @out: (out): without a descriptor; to be cleared, which leaves the descriptor alone
 *
 * Returns: 0; ENOSYS or EINVAL, where the kernel cannot let a call go on that was asked about
 *   (Linux before 5.5); or another errno
 */
int qr_listener_init (QrListener *out) G_GNUC_WARN_UNUSED_RESULT;
void qr_listener_clear (QrListener *listener);

/* What a call was asked about. */
typedef enum
{
  QR_HEARD_CALL,    /* listener->request has it, until the next one */
  QR_HEARD_NOTHING, /* the one who called has gone, or a signal came */
  QR_HEARD_END,     /* nobody will call any more, or the listener is of no use */
} QrHeard;

/* Waits for the next call. */
QrHeard qr_listener_hear (QrListener *listener) G_GNUC_WARN_UNUSED_RESULT;

/* What became of an answer. */
typedef enum
{
  QR_ANSWER_GIVEN,
  QR_ANSWER_LATE, /* the call was given up, and may be made again */
  QR_ANSWER_END,  /* the listener is of no more use */
} QrAnswer;

/* Lets the call that was heard go on, or fail with the errno @code; 0: return that. */
QrAnswer qr_listener_answer (QrListener *listener, gboolean go_on,
                             int code) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the call that was heard still waits, so that its caller is the one who was heard. */
gboolean qr_listener_waits (const QrListener *listener);
