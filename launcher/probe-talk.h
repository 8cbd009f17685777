/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe-talk.h: a QEMU that is started to be asked, and answers of it that are lists.
 *
 * It never runs its machine.
 */
#pragma once

#include "profiles.h"
#include "qmp.h"

/**
 * qr_probe_start:
 * @qemu: path of the binary
 * @machine: as -machine takes it
 * @bare: without what QEMU adds by default
 * @words: (nullable): further words, of char
 * @error: as qr_qmp_start()
 *
 * May be called from several threads.
 *
 * Returns: (transfer full): or NULL
 */
QrQmp *qr_probe_start (const QrProfiles *profiles, const char *qemu, const char *machine,
                       gboolean bare, const GPtrArray *words,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts @command with the arguments that follow, a key and its text each; ended by NULL. */
void qr_probe_put (QrQmp *qmp, const char *command, ...) G_GNUC_NULL_TERMINATED;

/* Puts @line to the monitor for people, which answers with a text. */
void qr_probe_put_line (QrQmp *qmp, const char *line);

/* Gives the texts that the members @key of a list of objects have to @take; FALSE: it is none. */
gboolean qr_probe_texts (const QrJsonDoc *doc, const char *key,
                         void (*take) (const char *, gpointer),
                         gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* For @take: @data is a set of texts, or a GPtrArray. */
void qr_probe_add_to_set (const char *text, gpointer data);
void qr_probe_add_to_list (const char *text, gpointer data);

/* A set that owns its texts. (transfer full) */
GHashTable *qr_probe_set (void) G_GNUC_WARN_UNUSED_RESULT;

/* The answer as a text, lent by @doc; "" where it is none. */
const char *qr_probe_text (const QrJsonDoc *doc, QrJson *root, QrJson *value);

/* Sets @error. Returns: FALSE */
gboolean qr_probe_unexpected (const char *qemu, GError **error);
