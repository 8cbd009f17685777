/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.h: which of the rules of a profile a QEMU has used.
 *
 * What the profile allows is noted and goes on, what it refuses stays refused: so QEMU does what it
 * would do under a profile of the rules that it used, as far as it was seen. Where the profile only
 * logs, what another one would end QEMU for is refused as well.
 *
 * Knows profiles and their rules. Knows no process: supervisor.h brings the calls.
 */
#pragma once

#include "filters.h"
#include "seccomp-named.h"
#include "supervisor.h"

typedef struct
{
  const QrFilters *filters;           /* of the profile: what it decides */
  const QrSeccompProfile *rules;      /* of the same */
  gboolean starts_programs;           /* QEMU may execute others, where the filters allow it */
  gboolean executed, executed_before; /* QEMU has been; without the last ruling */
  gboolean *used;                     /* of each rule */
  GHashTable *calls;                  /* numbers of those that its default action allows */
  GHashTable *refused;                /* numbers, and the action */
  guint found;                        /* rules and calls that were used for the first time */
} QrRecord;

void qr_record_init (QrRecord *record, const QrFilters *filters, const QrSeccompProfile *rules);
void qr_record_clear (QrRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrRecord, qr_record_clear)

/* A round begins: QEMU is executed once more. */
void qr_record_again (QrRecord *record);

/* For a filter that asks, of all calls or of those that it would refuse. @data: a QrRecord. */
QrRuling qr_record_judge (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                          gpointer data);

/* The last ruling came too late. @data: a QrRecord. */
void qr_record_undo (gpointer data);

/* Notes as used what @other allows, as far as this profile has rules for it. */
void qr_record_merge (QrRecord *record, const QrSeccompProfile *other);

/* Notes as used how threads and processes end and go on behind a signal, seen or not: a thread
 * that may not end tries for ever. */
gboolean qr_record_keep_ends (QrRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_record_profile:
 * @out: (out): to be cleared: what was used, and all that refuses in its own way; what no rule is
 *   for fails with EPERM where the profile would allow it
 */
void qr_record_profile (const QrRecord *record, QrSeccompProfile *out);

/**
 * qr_record_exclude:
 * @profile: loses what @overlay refuses: a rule that allows it takes conditions that do not
 * @error: status UNAVAILABLE, code "overlay", where no rule says that
 */
gboolean qr_record_exclude (QrSeccompProfile *profile, const QrSeccompProfile *overlay,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "466, 467": calls that were used and that nobody has a name for; empty: none. (transfer full) */
char *qr_record_nameless (const QrRecord *record) G_GNUC_WARN_UNUSED_RESULT;

/* "io_uring_setup (EPERM), ...": what was refused; empty: nothing. (transfer full) */
char *qr_record_refused (const QrRecord *record) G_GNUC_WARN_UNUSED_RESULT;
