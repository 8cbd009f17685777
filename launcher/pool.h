/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pool.h: memory that is given back all at once.
 *
 * A plan is thousands of small things with one life; so is a loaded profile.
 * Memory is zeroed and aligned for any type. Running out aborts, as in GLib.
 */
#pragma once

#include <glib.h>

typedef struct QrPool QrPool;

QrPool *qr_pool_new (void) G_GNUC_WARN_UNUSED_RESULT;
void qr_pool_free (QrPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrPool, qr_pool_free)

/* @size bytes, zeroed; never NULL. */
gpointer qr_pool_alloc (QrPool *pool, gsize size);

/* @count things of @size bytes, zeroed; the product is checked. */
gpointer qr_pool_alloc_n (QrPool *pool, gsize count, gsize size);

/* A copy of @length bytes of @text with a NUL after it. */
char *qr_pool_strndup (QrPool *pool, const char *text, gsize length);
char *qr_pool_strdup (QrPool *pool, const char *text);
char *qr_pool_printf (QrPool *pool, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* All bytes asked for so far; what a plan costs. */
gsize qr_pool_used (const QrPool *pool);

#define qr_pool_new_struct(pool, type) ((type *) qr_pool_alloc ((pool), sizeof (type)))
