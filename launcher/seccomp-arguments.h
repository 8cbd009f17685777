/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-arguments.h: the comparisons of a seccomp profile's rule, its "args". */
#pragma once

#include "json-doc.h"
#include "seccomp-rule.h"

/**
 * qr_seccomp_read_arguments:
 * @json: a list of comparisons, all of which must hold
 * @rule: gets them
 * @error: the document's status, codes "json-value", "json-key"
 */
gboolean qr_seccomp_read_arguments (const QrJson *json, QrSeccompRule *rule,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
