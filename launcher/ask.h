/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask.h: what machine types bring along, for whoever asks: from the data, from what was kept of a
 * QEMU, or asked of that QEMU now, several machine types at a time.
 */
#pragma once

#include "cache.h"
#include "probe.h"
#include "render-implicit.h"

typedef struct
{
  const QrProfiles *profiles;
  const char *const *machines; /* as -machine takes them, ended by NULL; none: all */
  const char *program;         /* path of the QEMU; NULL: there is none */
  const char *name;            /* what was looked for, for errors */
  const char *arch;            /* of that QEMU */
  const char *version;         /* the same, or NULL */
  const char *modules;         /* see cache.h */
  const QrCache *cache;
  gboolean probe;    /* asks the QEMU itself, and keeps what it says */
  gboolean progress; /* is told on standard error */
  gboolean json;
} QrAsk;

/**
 * qr_ask_implicit:
 * @unkept: (out): why what was said could not be kept; NULL: it was
 * @differs: (out): the QEMU has otherwise than the data
 * @error: as qr_implicit_find(); of a binary that cannot be asked as qr_qmp_start()
 *
 * A machine type that QEMU does not start is told of, and stops no other.
 *
 * Returns: (transfer full): what is to be printed, or NULL
 */
GString *qr_ask_implicit (const QrAsk *ask, GError **unkept, gboolean *differs,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_ask_binary:
 * @out: (out): to be cleared; set only on success
 * @unkept: (out): why what was said could not be kept; NULL: it was
 * @error: as qr_probe_binary()
 *
 * Asks the QEMU for what it is, and keeps that beside what is kept of it.
 */
gboolean qr_ask_binary (const QrAsk *ask, QrProbedBinary *out, GError **unkept,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
