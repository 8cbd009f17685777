/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asked.h: seccomp filters that ask a listener, see listener.h, instead of deciding by themselves.
 *
 * Calls for another architecture than the native one are not asked about where the filter stands
 * alone: they are for the filter beside it, which kills them.
 *
 * Sources: QEMU os-posix.c, os_daemonize(); clone(2); linux/audit.h.
 */
#pragma once

#include <glib.h>

typedef enum
{
  QR_ASKED_EXEC,  /* execve(2) and execveat(2) */
  QR_ASKED_START, /* and what leaves for the background: setsid(2), and clone(2) of a process */
  QR_ASKED_ALL,   /* each call of the native architecture; others kill the process */
} QrAsked;

/* Whether the architecture is known here; without, all that follows makes filters that allow. */
gboolean qr_asked_is_known (void) G_GNUC_WARN_UNUSED_RESULT;

/* A filter that asks about @what, and allows the rest. @size: (out): bytes. (transfer full):
 * struct sock_filter[] */
guint8 *qr_asked_filter (QrAsked what, gsize *size) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_asked_instead:
 * @bpf: @size bytes, struct sock_filter[]
 * @asking: (out): bytes of what is returned
 *
 * Returns: (transfer full): @bpf, but for asking about execve(2) and execveat(2), and wherever it
 *   would kill, refuse or log; NULL: it gets longer than the kernel takes
 */
guint8 *qr_asked_instead (const guint8 *bpf, gsize size, gsize *asking) G_GNUC_WARN_UNUSED_RESULT;
