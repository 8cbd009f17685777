/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox.h: confines this process by a seccomp filter, for good.
 *
 * Knows prctl(2) and seccomp(2), and the filters that were built in. Knows
 * neither profiles nor libseccomp: a filter comes as the kernel's classic BPF.
 *
 * Sources: seccomp(2), prctl(2) PR_SET_NO_NEW_PRIVS, proc(5) /proc/pid/task; glibc
 * sys/single_threaded.h.
 */
#pragma once

#include <glib.h>

typedef struct
{
  const char *name;
  const guint8 *bpf;   /* struct sock_filter[] */
  gsize size;          /* bytes */
  const char *hash;    /* first 12 hexadecimal digits of the SHA-256 of the profile's text */
  const guint32 *sets; /* see filter-parts.h; a part's bit is its index in qr_filter_parts */
  guint n_sets;
  guint32 otherwise;   /* the kernel's action for parts that are not wanted */
  gboolean is_overlay; /* to be loaded beside another one only */
  const char *text;    /* of the profile */
} QrFilter;

/* What the kernel loads. */
typedef struct
{
  const guint8 *bpf; /* struct sock_filter[] */
  gsize size;        /* bytes */
  gboolean asks;     /* a listener decides, see listener.h; one filter of a process at most */
} QrBpf;

typedef struct
{
  const char *name, *hash, *text;
} QrFilterPart;

/* Made by mkfilter at build time. */
extern const QrFilter qr_filters_builtin[];
extern const guint qr_n_filters_builtin;
extern const QrFilterPart qr_filter_parts[];
extern const guint qr_n_filter_parts;
extern const QrFilterPart qr_filter_recorded; /* what each recorded profile allows */

/* Returns: (nullable) (transfer none) */
const QrFilter *qr_sandbox_find_builtin (const char *name);
const QrFilter *qr_sandbox_find_overlay (const char *name);
const QrFilterPart *qr_sandbox_find_part (const char *name);

/* What becomes of execve(2) behind the one that is to come. */
typedef enum
{
  QR_EXEC_OPEN,   /* the filter decides */
  QR_EXEC_CLOSED, /* refused for ever, see exec-gate.h */
  QR_EXEC_LOCKED, /* the same program only, see exec-lock.h */
} QrExec;

/* How the sandbox was entered. */
typedef struct
{
  QrExec exec;  /* QR_EXEC_OPEN, where the kernel has no means for it, too */
  int why;      /* 0, or the errno with which the gate could not be had */
  int listener; /* of the filter that asks, close-on-exec; -1: none does */
} QrEntered;

/* Sets no_new_privs. Status UNAVAILABLE, code "seccomp-unavailable". */
gboolean qr_sandbox_lock_privileges (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_sandbox_enter:
 * @filters: @n of them, at least one, for this architecture, loaded in this order
 * @executed: (nullable): what will be executed, once, so that none of @filters asks; NULL: the
 *   filters decide what may be
 * @out: (out): how that was done
 * @error: status QR_STATUS_UNAVAILABLE, code "seccomp-unavailable"
 *
 * Sets no_new_privs and installs the filters; both last through execve(2) and
 * neither can be undone. Refused while the process has a second thread, which
 * no filter would hold.
 */
gboolean qr_sandbox_enter (const QrBpf *filters, guint n, const char *executed, QrEntered *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
