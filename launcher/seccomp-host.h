/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-host.h: what a seccomp profile may ask of the machine, and whether a rule holds on it.
 *
 * Docker's dialect of a profile has rules that hold on some architectures, with some capabilities
 * or from some kernel on: "includes" and "excludes".
 *
 * Sources: moby profiles/seccomp/seccomp_linux.go, setupSeccomp(); capget(2); uname(2).
 */
#pragma once

#include "json-doc.h"

typedef struct
{
  const char *arch;     /* as Go names it, "amd64" */
  guint64 capabilities; /* those that QEMU will have; bit n is number n of linux/capability.h */
  guint kernel, patch;  /* 6 and 18 of Linux 6.18 */
} QrSeccompHost;

/* The machine that this runs on; what QEMU will have is what this process may have, because under
 * no_new_privs nothing is gained. */
void qr_seccomp_host_read (QrSeccompHost *out);

/**
 * qr_seccomp_host_allows:
 * @rule: an object that may have the members "includes" and "excludes"
 * @host: (nullable): NULL: a profile that depends on no machine, where they must be empty
 * @asks: (out): whether there are machines where it does not hold
 * @out: (out): whether the rule holds there
 */
gboolean qr_seccomp_host_allows (const QrJson *rule, const QrSeccompHost *host, gboolean *asks,
                                 gboolean *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
