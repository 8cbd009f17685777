/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filters.h: the seccomp filters that a profile's name stands for, ready to load.
 *
 * Built-in ones are settled for the parts that the name has; a file is compiled now.
 */
#pragma once

#include <linux/seccomp.h>

#include "sandbox.h"

enum
{
  QR_FILTERS_MAX = 9, /* of one name, and one that asks */
};

typedef struct
{
  QrBpf bpf[QR_FILTERS_MAX]; /* of memory of its own */
  guint n;                   /* 0: none is loaded */
} QrFilters;

/* Takes @bpf, @size bytes, to be loaded behind the others. There must be room. */
void qr_filters_add (QrFilters *filters, guint8 *bpf, gsize size, gboolean asks);
void qr_filters_clear (QrFilters *filters);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrFilters, qr_filters_clear)

/**
 * qr_filters_find:
 * @name: a path with a slash; "off"; or a built-in profile, behind it, each after "+", parts and
 *   overlays
 * @warnings: gets notices about a file
 * @out: (out): to be cleared
 * @error: status USAGE, code "no-profile"; or those of qr_seccomp_compile()
 */
gboolean qr_filters_find (const char *name, GPtrArray *warnings, QrFilters *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What all of @filters together answer to @call: SECCOMP_RET_*, with its data. */
guint32 qr_filters_answer (const QrFilters *filters, const struct seccomp_data *call);

/* The same, once QEMU has been executed: behind that it executes nothing, unless it may start
 * programs and the filters allow it. */
guint32 qr_filters_answer_qemu (const QrFilters *filters, gboolean starts_programs,
                                const struct seccomp_data *call);
