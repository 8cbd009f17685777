/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap.h: TAP lines of the programs that print their own. */
#pragma once

#include <glib.h>

/* Prints the next test's line. */
extern void tap_result (gboolean good, const char *text);

/* Something that this machine lacks: a failure if it is required and QRISER_TEST_STRICT=1. */
extern void tap_missing (const char *what, gboolean required);

/* Prints the plan.  Returns the exit status. */
extern int tap_finish (void);
