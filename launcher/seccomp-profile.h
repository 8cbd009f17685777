/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-profile.h: turns a seccomp profile into the kernel's classic BPF.
 *
 * A profile has the form of "linux.seccomp" in the OCI runtime specification,
 * read strictly: what cannot be honoured to the letter is an error at its line,
 * never skipped. "comment" and "source" may be added and are not read.
 *
 * Knows that form. Knows nothing of QEMU, and puts no filter in
 * place: that is sandbox.h.
 *
 * The filter is for the native architecture only; a call through another one
 * (or the x32 ABI) kills the process. A rule whose action is the default one is
 * dropped, as runc does.
 * Sources: runtime-spec 1.2, config-linux.md, "Seccomp"; seccomp_rule_add(3).
 */
#pragma once

#include "json-doc.h"
#include "seccomp-build.h"

typedef struct
{
  guint32 default_action;
  GArray *rules; /* QrSeccompRule */
} QrSeccompProfile;

void qr_seccomp_profile_clear (QrSeccompProfile *profile);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrSeccompProfile, qr_seccomp_profile_clear)

/**
 * qr_seccomp_read:
 * @profile: the root of the document
 * @out: (out): to be cleared
 * @error: the document's status, codes "json-value", "json-key"
 */
gboolean qr_seccomp_read (const QrJson *profile, QrSeccompProfile *out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_seccomp_compile:
 * @profile: the root of the document
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @size: (out): bytes of @bpf
 * @error: the document's status, codes "json-value", "json-key"; or
 *         QR_STATUS_UNAVAILABLE, "seccomp-build" when libseccomp fails
 */
gboolean qr_seccomp_compile (const QrJson *profile, guint8 **bpf, gsize *size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
