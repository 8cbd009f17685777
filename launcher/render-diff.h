/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render-diff.h: differences as text for people. */
#pragma once

#include "diff.h"

/* A line for each, "- gone", "+ new", "> moved", "! changed"; many ports and bridges of ours
 * that are gone or new are one line. (transfer full) */
GString *qr_render_diff (const GArray *differences) G_GNUC_WARN_UNUSED_RESULT;
