/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-profile.h: turns a seccomp profile into the kernel's classic BPF.
 *
 * A profile has the form of "linux.seccomp" in the OCI runtime specification,
 * or in Docker's and Podman's dialects of it, read strictly: what cannot be honoured
 * to the letter is an error at its line, never skipped. "comment" and "source" may
 * be added and are not read.
 *
 * Knows that form. Knows nothing of QEMU, and puts no filter in
 * place: that is sandbox.h.
 *
 * The filter is for the native architecture only; a call through another one
 * (or the x32 ABI) kills the process. A rule whose action is the default one is
 * dropped, as runc does.
 * Docker's rules for some machines, "includes" and "excludes", are those of
 * seccomp-host.h. A name that libseccomp does not know is an error, or in a rule
 * that is no stricter than the default action, a notice.
 * Two rules that both match must agree. Those of Docker's dialect need not where one of them is for
 * some machines and neither compares arguments: as with runc and crun one of the default action
 * gives way, else the later one does, with a warning.
 * Sources: runtime-spec 1.2, config-linux.md, "Seccomp"; seccomp_rule_add(3);
 *          moby profiles/seccomp/seccomp.go; containers/common pkg/seccomp/types.go;
 *          crun src/libcrun/seccomp.c.
 */
#pragma once

#include "json-doc.h"
#include "seccomp-build.h"
#include "seccomp-host.h"

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
 * @host: (nullable): where it is to hold; NULL: the profile must depend on no machine
 * @warnings: gets notices, code "seccomp-unknown", and warnings, code "seccomp-overlap"; unused
 *            when @host is NULL
 * @out: (out): to be cleared
 * @error: the document's status, codes "json-value", "json-key"
 */
gboolean qr_seccomp_read (const QrJson *profile, const QrSeccompHost *host, GPtrArray *warnings,
                          QrSeccompProfile *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_seccomp_compile:
 * @profile, @host, @warnings: as for qr_seccomp_read()
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @size: (out): bytes of @bpf
 * @error: the document's status, codes "json-value", "json-key"; or
 *         QR_STATUS_UNAVAILABLE, "seccomp-build" when libseccomp fails
 */
gboolean qr_seccomp_compile (const QrJson *profile, const QrSeccompHost *host, GPtrArray *warnings,
                             guint8 **bpf, gsize *size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
