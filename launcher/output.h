/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h: what is printed. */
#pragma once

#include "diag.h"

/* Writes @length bytes of @text to standard output. @error: status IO */
gboolean qr_output_print (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
