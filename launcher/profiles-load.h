/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profiles-load.h: the tables that a plan is made with, read from files; and printed as C text.
 *
 * One loader reads the shipped files, for the compiled form, and what was learned of a QEMU.
 */
#pragma once

#include "profiles.h"

/* What every profile file begins with: the schema, where its facts are from, and its kind.
 * @kind, @name: the kind and where it stands. Status CONFIG. */
gboolean qr_profiles_read_head (const QrJson *root, QrJson *kind, const char **name,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_profiles_load:
 * @files: paths of profile files, ended by NULL; each says its kind
 * @pool: owns all that comes out
 * @error: status CONFIG, at file:line:column; for what is missing or unreadable
 *   that of qr_json_doc_read()
 */
gboolean qr_profiles_load (const char *const *files, QrPool *pool, QrProfiles *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_profiles_load_overlay:
 * @doc: a file of kind "overlay": lists of several kinds
 * @pool: owns all that comes out
 * @out: (out): what is in it, by itself
 * @error: status CONFIG, at file:line:column
 */
gboolean qr_profiles_load_overlay (const QrJsonDoc *doc, QrPool *pool, QrProfiles *out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends @profiles, which has no overlay, as C text that defines `const QrProfiles NAME`. */
void qr_profiles_print (const QrProfiles *profiles, const char *name, GString *out);
