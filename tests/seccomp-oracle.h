/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-oracle.h: what a seccomp profile says about a call, by reading its JSON.
 *
 * Knows the meaning of a right OCI profile with EQ, NE and MASKED_EQ. Reads it
 * with json-c alone, so that it can judge the compiler in launcher/.
 */
#pragma once

#include <glib.h>
#include <linux/seccomp.h>

typedef struct Oracle Oracle;

/* @text must be right: whatever is wrong with it ends the test. */
Oracle *oracle_new (const char *text);
void oracle_free (Oracle *oracle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Oracle, oracle_free)

guint32 oracle_ask (const Oracle *oracle, const struct seccomp_data *data);

/* The values that rules of the call compare with, and their neighbours: guint64. */
GArray *oracle_values (const Oracle *oracle, int number);

/* Different names that some rule allows. */
guint oracle_count_allowed (const Oracle *oracle);
