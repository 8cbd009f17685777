/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock.h: places of PCI functions that are kept from one start to the next, as text.
 *
 * { "schema": 1, "kind": "lock", "policy": "NAME@VERSION", "machine": "MACHINE",
 *   "places": [ { "key": "KEY", "driver": "DRIVER", "path": "00:1c.0/00.0" }, ... ] }
 *
 * A key or a path stands once, and nothing is left out or added. The order is the order in
 * which places were taken. Knows the form, and not whether there is such a policy,
 * machine or driver, nor where the text is kept.
 */
#pragma once

#include "json-doc.h"
#include "pool.h"

/* The place of one function. Its strings are lent by the lock and live as long as it. */
typedef struct
{
  const char *key;    /* the function's in the plan */
  const char *driver; /* what had the key when the place was taken */
  const char *path;   /* from the root complex, see pci-addr.h */
} QrLockPlace;

/* For reading; the functions below change it. */
typedef struct
{
  const char *policy, *machine;
  GPtrArray *places; /* (element-type QrLockPlace): in the order of the file */
  GHashTable *by_key, *by_path;
  QrPool *pool;
} QrLock;

/* One without places. @policy has a version: "ich9@1". (transfer full) */
QrLock *qr_lock_new (const char *policy, const char *machine) G_GNUC_WARN_UNUSED_RESULT;

void qr_lock_free (QrLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrLock, qr_lock_free)

/**
 * qr_lock_parse:
 * @text: @length bytes, need not be terminated; copied
 * @file: its name for errors
 * @error: status CONFIG, code "lock-file", at file:line:column
 *
 * Text that was cut anywhere is refused, were it but for the last newline.
 *
 * Returns: (transfer full): or NULL
 */
QrLock *qr_lock_parse (const char *text, gsize length, const char *file,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text of @lock, ended by a newline, one place a line: the same for the same places in
 * the same order, and qr_lock_parse() makes the same lock of it. (transfer full) */
GString *qr_lock_format (const QrLock *lock) G_GNUC_WARN_UNUSED_RESULT;

/* The place of @key, or who has the place @path; NULL: none. Lent until the place is
 * forgotten; its members change when it is set. */
const QrLockPlace *qr_lock_find (const QrLock *lock, const char *key);
const QrLockPlace *qr_lock_at (const QrLock *lock, const char *path);

/**
 * qr_lock_set:
 * @key: gets the place; one that has a place already keeps its number in the order
 * @error: status CONFIG, code "lock-file", without a place: the path is malformed or belongs
 *   to another key, a string is empty or not UTF-8, or there are QR_LIMIT_LOCK_PLACES; @lock
 *   is as it was
 */
gboolean qr_lock_set (QrLock *lock, const char *key, const char *driver, const char *path,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Frees the place of @key. FALSE: it had none. */
gboolean qr_lock_forget (QrLock *lock, const char *key);
