/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-parts.h: a seccomp profile and the parts that can be added to it as one filter, of which
 * filter-parts.h makes the one that is wanted.
 *
 * A part is a profile of its own that only allows. What the profile allows by itself is in no part.
 */
#pragma once

#include "seccomp-profile.h"

/**
 * qr_seccomp_build_parts:
 * @parts: at most 32
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @size: (out): bytes of @bpf
 * @sets: guint32, appended: the sets of parts that returns of @bpf stand for
 * @error: QR_STATUS_INTERNAL, code "seccomp-parts", for a part that does not fit; or that of
 *   qr_seccomp_build()
 */
gboolean qr_seccomp_build_parts (const QrSeccompProfile *profile, const QrSeccompProfile *parts,
                                 guint n_parts, guint8 **bpf, gsize *size, GArray *sets,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
