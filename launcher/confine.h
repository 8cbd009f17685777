/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confine.h: which seccomp profile a line runs under, and why.
 *
 * An explicit choice wins, and what it would refuse is an error before QEMU starts.
 * Otherwise a name that stands in for QEMU takes the tightest profile that serves all
 * that the line needs; the tool face takes that only for what it grants unasked, and
 * names the rest.
 */
#pragma once

#include "check.h"
#include "request.h"

typedef struct
{
  QrFace face;
  const char *chosen;     /* profile that the line asks for, "off" for none; NULL: none */
  const char *configured; /* the same of the configuration, for lines that run a machine */
  gboolean is_root;       /* programs that gain rights by their file have them already */
} QrConfineOptions;

typedef struct
{
  const char *profile; /* "off" for none */
  const char *why;
  gboolean is_usual;        /* serves nothing but what QEMU could do without */
  guint32 refuses;          /* bits of QrNeed that QEMU cannot do; of one's own profile none */
  gboolean starts_programs; /* QEMU may go on to execute others, or itself */
  gboolean leaves;          /* it leaves for the background, and somebody must see to it that it
                               makes no other process */
  gboolean changes;         /* it changes its user or root directory, and somebody should see to it
                               that it does once */
} QrConfinement;

/**
 * qr_confine:
 * @warnings: appended: what QEMU will have to do without
 * @out: (out): strings owned by the request's pool, or lent by @options or @profiles
 * @error: status UNAVAILABLE, code "seccomp-refuses"; status REQUEST, code "sandbox-clash", for
 *   what QEMU's own confinement on the line would not let it do
 */
gboolean qr_confine (const QrRequest *request, const QrProfiles *profiles,
                     const QrConfineOptions *options, GPtrArray *warnings, QrConfinement *out,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing confines QEMU whatever the line needs: it only prints, or it or @options ask
 * for that. */
gboolean qr_confine_is_off (const QrRequest *request, const QrProfiles *profiles,
                            const QrConfineOptions *options);

/* Whether the profile that @options ask for, if any, lets QEMU do @need. */
gboolean qr_confine_asks_for (const QrProfiles *profiles, const QrConfineOptions *options,
                              QrNeed need);
