/* SPDX-License-Identifier: GPL-2.0-or-later */
/* learn-type.h: what a QEMU said of a device type as the record that the catalogue would have.
 *
 * Some things are not said; they are taken to be as with the types that share an ancestor with it.
 */
#pragma once

#include "probe-type.h"

/**
 * qr_learn_type:
 * @listed: of @types
 * @properties: set of its properties
 * @tried: (nullable): what it is once it is made; for PCI functions
 * @pool: owns what comes out
 * @error: status UNAVAILABLE, code "not-learned": such a type cannot be described
 */
gboolean qr_learn_type (const QrProfiles *profiles, const QrListedTypes *types,
                        const QrListedType *listed, GHashTable *properties,
                        const QrTriedType *tried, QrPool *pool, QrDeviceType *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @listed is of a PCI function, which can be tried. */
gboolean qr_learn_is_function (const QrListedTypes *types, const QrListedType *listed);
