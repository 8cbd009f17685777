/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter-parts.h: what of a filter is settled when it is loaded.
 *
 * One filter is built with all parts in it. What only parts allow returns an error number that
 * nothing else has, and stands for a set of parts; before the filter is loaded each such return
 * becomes the action for the parts that are wanted.
 *
 * Returns that let a program be executed are marked, in bits that the kernel passes over, so that
 * they can be made to ask a listener. Knows the kernel's classic BPF only.
 *
 * Sources: Linux Documentation/userspace-api/seccomp_filter.rst; linux/filter.h.
 */
#pragma once

#include <glib.h>

enum
{
  QR_FILTER_SETS_MAX = 128,
  QR_FILTER_SETS_FIRST = 3840, /* the error number of set 0; the kernel's end at 133 */
  QR_FILTER_EXEC = 1,          /* the data of a return that allows execve(2) or execveat(2) */
};

/* Whether call @number executes a program, on the native architecture. */
gboolean qr_filter_is_exec (int number);

/* Whether the kernel lets a call through for @action, a SECCOMP_RET_*, and passes its data over. */
gboolean qr_filter_lets_through (guint32 action);

/* @action, a SECCOMP_RET_* of call @number, marked where it lets a program be executed. */
guint32 qr_filter_mark (int number, guint32 action);

/* What the kernel does for @action, a SECCOMP_RET_* with its data: the same without a mark. */
guint32 qr_filter_unmark (guint32 action);

/**
 * qr_filter_settle:
 * @bpf: @size bytes, struct sock_filter[]
 * @sets: @n_sets sets of parts, a bit for each part
 * @parts: those that are wanted
 * @otherwise: the action of a set that has none of them
 */
void qr_filter_settle (guint8 *bpf, gsize size, const guint32 *sets, guint n_sets, guint32 parts,
                       guint32 otherwise);

/**
 * qr_filter_join:
 * @size: (out): bytes of what comes out
 *
 * Returns: (transfer full): a filter that answers as @first, and where that allows a call, as
 * @second. The kernel would answer the stricter of both.
 */
guint8 *qr_filter_join (const guint8 *first, gsize first_size, const guint8 *second,
                        gsize second_size, gsize *size) G_GNUC_WARN_UNUSED_RESULT;

/* Makes each marked return of @bpf, @size bytes, ask a listener. */
void qr_filter_ask_exec (guint8 *bpf, gsize size);
