/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence.h: which files and ports QEMU is held to, and whether at all.
 *
 * Knows what a line is, and by data what its options open; whether the kernel can hold QEMU to
 * that is landlock.h's. Reads headers of qcow2 images, and makes nothing.
 */
#pragma once

#include "check.h"
#include "landlock.h"
#include "request.h"

typedef struct
{
  QrFace face;
  const char *mode;           /* a name of qr_landlock_modes; NULL: what fits the line */
  const char *const *allowed; /* "ro:PATH" and "rw:PATH", ended by NULL */
  const char *program;        /* QEMU's path */
  const char *temporary;      /* directory where QEMU makes temporary files */
  gboolean is_root;           /* programs that gain rights by their file have them already */
  const char *profile;        /* seccomp's, "off" for none */
} QrFenceOptions;

typedef struct
{
  QrLandlockMode mode;
  gboolean is_usual;   /* nobody needs to be told why */
  const char *why;     /* owned by the pool, or static */
  QrLandlock landlock; /* NULL arrays when off */
} QrFence;

void qr_fence_clear (QrFence *fence);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrFence, qr_fence_clear)

/**
 * qr_fence_make:
 * @cmdline: where every word still has its argument
 * @warnings: gets what is open to doubt, code "landlock-unknown", and what stays closed, code
 *   "landlock-closed"
 * @out: (out): to be cleared
 * @error: status UNAVAILABLE, code "landlock-refuses", for what is asked for and cannot be
 *
 * Nobody asked: the line is held to what it opens where all of that is known and nobody has a
 * monitor, on the tool face.
 */
gboolean qr_fence_make (const QrCmdline *cmdline, const QrRequest *request,
                        const QrProfiles *profiles, const QrFenceOptions *options,
                        GPtrArray *warnings, QrFence *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The mode that was asked for: who allows paths wants the others closed. NULL: nobody asked. */
const char *qr_fence_asked (const char *mode, const char *const *allowed);

/* Whether @word is what --allow-path takes. */
gboolean qr_fence_is_allowance (const char *word);
