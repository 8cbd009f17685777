/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h: qriser's own words on the tool face, and where QEMU's begin.
 *
 *   qriser COMMAND [qriser options] [OPERAND] [--] [QEMU's arguments]
 *   qriser [QEMU's arguments]            the same as: qriser run -- ...
 *
 * Knows the commands and switches. Does nothing.
 */
#pragma once

#include "profiles.h"
#include "render.h"

typedef enum
{
  QR_COMMAND_RUN,
  QR_COMMAND_PLAN,
  QR_COMMAND_EXPLAIN,
  QR_COMMAND_HELP,
  QR_COMMAND_VERSION,
} QrCommand;

typedef struct
{
  QrCommand command;
  const char *operand; /* of explain: an id or key */
  const char *qemu;    /* path or name; NULL: qemu-system-ARCH */
  const char *arch;
  const char *policy;
  const char *primary;
  const char *seccomp; /* profile's name or path, or "off" */
  const char *sysfs;
  GPtrArray *allowed; /* codes, ended by NULL */
  QrFormat format;
  int status_fd; /* -1: none */
  gboolean verbose;
  const char *const *words; /* QEMU's arguments; in the argv given */
  guint first;              /* argument number of words[0] */
} QrOptions;

/**
 * qr_options_parse:
 * @argv: as main() got it, ended by NULL; lent
 * @options: (out): filled as far as it was understood, even on failure, so that
 *   status_fd is known early
 * @error: status USAGE
 */
gboolean qr_options_parse (const char *const *argv, const QrProfiles *profiles, QrOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void qr_options_clear (QrOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrOptions, qr_options_clear)

/* What --help prints. (transfer full) */
char *qr_options_help (void) G_GNUC_WARN_UNUSED_RESULT;

/* The names of all switches without dashes, ended by NULL. (transfer container) */
const char **qr_options_names (void) G_GNUC_WARN_UNUSED_RESULT;
