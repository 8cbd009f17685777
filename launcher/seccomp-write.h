/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-write.h: rules of a seccomp filter as a profile that seccomp-profile.h reads, in the form
 * of "linux.seccomp" in the OCI runtime specification.
 */
#pragma once

#include "seccomp-profile.h"

/* Calls that a profile allows, of those that the native architecture has. */
typedef struct
{
  guint always; /* whatever their arguments */
  guint some;   /* for some of them */
  guint known;  /* all there are */
} QrSeccompCount;

void qr_seccomp_count (const QrSeccompProfile *profile, QrSeccompCount *out);

/**
 * qr_seccomp_write:
 * @comments: lines, ended by NULL; may be empty
 *
 * Rules that take the same come together, their names sorted: the same rules give the same text.
 * What the default action does, and what the architecture does not have, is left out.
 *
 * Returns: (transfer full): the document, with a line break at its end
 */
GString *qr_seccomp_write (const QrSeccompProfile *profile,
                           const char *const *comments) G_GNUC_WARN_UNUSED_RESULT;

/* What a rule does with the calls that it matches, as one string: "allowed", "EPERM where ...".
 * Rules that differ in it differ. (transfer full) */
char *qr_seccomp_rule_text (const QrSeccompRule *rule) G_GNUC_WARN_UNUSED_RESULT;
char *qr_seccomp_action_text (guint32 action) G_GNUC_WARN_UNUSED_RESULT;
