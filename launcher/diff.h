/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diff.h: what differs between two lists of devices.
 *
 * Devices are the same when their keys are, whoever wrote them and wherever they stand in
 * the lists. Knows neither files nor plans.
 */
#pragma once

#include <glib.h>

/* One PCI function; the words are those of a plan in JSON. Strings are lent. */
typedef struct
{
  const char *key, *driver, *kind, *path, *origin;
} QrDiffItem;

/* Order of qr_change_names. */
typedef enum
{
  QR_CHANGE_GONE,
  QR_CHANGE_NEW,
  QR_CHANGE_MOVED,
  QR_CHANGE_OTHER, /* of driver or kind */
  QR_N_CHANGES,
} QrChange;

extern const char *const qr_change_names[];

typedef struct
{
  QrChange change;
  const QrDiffItem *before, *after; /* NULL: not there */
  gboolean ours;                    /* a port or bridge that qriser made, where it is there */
} QrDifference;

/**
 * qr_diff:
 * @before, @after: QrDiffItem; no key stands twice in one list; must outlive the result
 *
 * Returns: (transfer full): QrDifference, those of devices first, then ours, each in the
 *   order of the lists. One that moved and changed comes twice.
 */
GArray *qr_diff (const GArray *before, const GArray *after) G_GNUC_WARN_UNUSED_RESULT;
