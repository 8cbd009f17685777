/* SPDX-License-Identifier: GPL-2.0-or-later */
/* each.h: the same done for many things, several at a time. */
#pragma once

#include <glib.h>

/* Does thing number @index, from 0 on; called from several threads. */
typedef void (*QrEach) (guint index, gpointer data);

/**
 * qr_each:
 * @n: how many things there are
 * @what: they are called so on standard error, where it is told how many are done: "machine types";
 *   NULL: nothing is told
 *
 * Ends when all are done.
 */
void qr_each (guint n, const char *what, QrEach one, gpointer data);
