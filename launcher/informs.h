/* SPDX-License-Identifier: GPL-2.0-or-later */
/* informs.h: whether QEMU would only print something for a line, and end. */
#pragma once

#include "cmdline.h"

/* Only where QEMU surely ends with it; where it would go on, the line is one like any
 * other. */
gboolean qr_line_informs (const QrCmdline *cmdline, QrPool *pool);
