/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asked.h: seccomp filters that ask a listener, see listener.h, instead of deciding by themselves.
 *
 * QR_ASKED_START does not ask about calls for another architecture than the native one: they are
 * for the filter beside it, which kills them.
 *
 * Sources: QEMU os-posix.c, os_daemonize() and os_setup_post(); clone(2); linux/audit.h.
 */
#pragma once

#include <glib.h>

typedef enum
{
  QR_ASKED_START, /* execve(2) and execveat(2); what leaves for the background: setsid(2), and
                     clone(2) of a process; what changes the root directory or the user */
  QR_ASKED_ALL,   /* each call of the native architecture; others kill the process */
} QrAsked;

/* A filter that asks about @what, and allows the rest of the native architecture. @size: (out):
 * bytes. (transfer full): struct sock_filter[] */
guint8 *qr_asked_filter (QrAsked what, gsize *size) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): @bpf, @size bytes, but for asking where it would let a program be executed, see
 * filter-parts.h, and wherever it would kill, refuse or log. */
guint8 *qr_asked_instead (const guint8 *bpf, gsize size) G_GNUC_WARN_UNUSED_RESULT;
