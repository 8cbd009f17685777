/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache.h: what was learned of a QEMU binary, kept until the binary changes.
 *
 * An entry is files whose names are made of the binary's device, inode, size and time: the version,
 * which is small because it is looked for on the way to QEMU; the overlay, which is there only
 * where the data lacks something; and the rest. These two count only with the modules that the
 * binary loads, too. One that cannot be trusted, or read, is none: its owner must be who runs, or
 * root, and others may write neither it nor its directory.
 *
 * Knows files and directories. Knows nothing of what the rest means.
 */
#pragma once

#include "diag.h"

/* Where entries are looked for, the first that has one wins, and written. */
typedef struct
{
  const char *user;   /* NULL: there is none */
  const char *system; /* belongs to root */
} QrCache;

/**
 * qr_cache_version:
 * @program: path of the binary
 *
 * Returns: (transfer full): its version, "7.2.22", or NULL. Waits for nothing.
 */
char *qr_cache_version (const QrCache *cache, const char *program) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  QR_CACHE_REST,
  QR_CACHE_OVERLAY,
} QrCachePart;

/* (transfer full): a part, or NULL. @modules: as qr_cache_modules() */
GString *qr_cache_read (const QrCache *cache, const char *program, QrCachePart part,
                        const char *modules) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is something that may be the overlay of @program. Waits for nothing. */
gboolean qr_cache_has_overlay (const QrCache *cache, const char *program) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_cache_write:
 * @modules: as qr_cache_modules()
 * @rest: one JSON document, kept as it is
 * @error: status PERMISSION, UNAVAILABLE or IO; nothing that was there is lost
 *
 * To the user's, or for root, who has none of his own, the system's. Makes the directory.
 */
gboolean qr_cache_write (const QrCache *cache, const char *program, const char *modules,
                         const char *version, const GString *rest,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_cache_write_overlay:
 * @modules: as qr_cache_modules()
 * @overlay: (nullable): one JSON document, kept as it is; NULL: there is none any more
 * @error: as qr_cache_write()
 */
gboolean qr_cache_write_overlay (const QrCache *cache, const char *program, const char *modules,
                                 const GString *overlay, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_cache_check:
 * @program: (nullable): path of a binary
 * @error: code "cache": its directory cannot be written, or it or what is kept of @program in it
 *   is not trusted
 *
 * Makes nothing.
 */
gboolean qr_cache_check (const QrCache *cache, const char *program,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which modules @program loads: the name and the time of the first of @directories, below @prefix
 * where they are relative, that is there. (transfer full) */
char *qr_cache_modules (const char *prefix, const char *const *directories,
                        const char *environment) G_GNUC_WARN_UNUSED_RESULT;
