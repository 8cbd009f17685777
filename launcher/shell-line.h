/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell-line.h: a command line as text, split into words as a shell would.
 *
 * Knows quotes, backslashes, comments and lines that go on, as GLib does, and keeps where
 * each word was written. Expands nothing and runs nothing; what else a shell would do with the
 * text is refused.
 *
 * Source: GLib glib/gshell.c, g_shell_parse_argv(), whose words these are.
 */
#pragma once

#include "diag.h"
#include "pool.h"

typedef struct
{
  const char *const *words; /* ended by NULL */
  const gsize *starts;      /* of each word, bytes from the beginning of the text */
  gsize n;
} QrShellLine;

/**
 * qr_shell_split:
 * @text: lent for errors; what comes out is in @pool
 * @file: its name for errors
 * @error: status REQUEST, code "shell-syntax", at the quote or backslash that is
 *   left open, or the operator
 */
gboolean qr_shell_split (const char *text, const char *file, QrPool *pool, QrShellLine *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
