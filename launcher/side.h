/* SPDX-License-Identifier: GPL-2.0-or-later */
/* side.h: one side of a comparison, read from a file: a plan or a line.
 *
 *   begins with "{"   a plan as plan --format=json prints it
 *   has a NUL byte    words, each ended by one, as --format=argv0 prints them
 *   else              a command line, split as a shell would split it
 *
 * The first word of a line is a program unless it begins with "-". Lines are planned.
 */
#pragma once

#include "diff.h"
#include "plan.h"

/**
 * qr_side_read:
 * @path: of the file; "-" is standard input
 * @options: how to plan; words and first are the line's
 * @pool: owns the strings
 * @out: (element-type QrDiffItem): gets the PCI functions
 * @error: of reading; of planning; besides "json-value" and "json-syntax" of a plan,
 *   "shell-syntax" of a line and "unplanned", all REQUEST
 */
gboolean qr_side_read (const char *path, const QrPlanOptions *options, const QrProfiles *profiles,
                       QrPool *pool, GArray *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
