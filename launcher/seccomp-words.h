/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-words.h: the words of a seccomp profile, and what each stands for.
 *
 * Knows actions, operators, flags, architectures, capabilities and error numbers by their names.
 * Sources: runtime-spec 1.2, config-linux.md, "Seccomp"; linux/capability.h; the names that Go has
 *          for architectures, which profiles of Docker take in "includes" and "excludes".
 */
#pragma once

#include "json-doc.h"

/* Each reads a string; unknown words and those that are refused are errors at their place. */
gboolean qr_seccomp_read_action (const QrJson *json, guint32 *out,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean qr_seccomp_read_operator (const QrJson *json, guint32 *out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean qr_seccomp_read_flag (const QrJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @out: a token of libseccomp; 0: an architecture that only a later one knows */
gboolean qr_seccomp_read_architecture (const QrJson *json, guint32 *out,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @out: (transfer none): Go's name */
gboolean qr_seccomp_read_go_architecture (const QrJson *json, const char **out,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @out: its number in linux/capability.h */
gboolean qr_seccomp_read_capability (const QrJson *json, guint32 *out,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "EPERM" */
gboolean qr_seccomp_read_errno_name (const QrJson *json, guint32 *out,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Go's name of the architecture @token of libseccomp; NULL: it has none. */
const char *qr_seccomp_go_architecture (guint32 token);

/* Their names as a profile has them; the number of an error is no part of an action's. */
const char *qr_seccomp_action_name (guint32 action);
const char *qr_seccomp_operator_name (guint32 operation);
const char *qr_seccomp_architecture_name (guint32 token); /* of those that qriser is built for */
