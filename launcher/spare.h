/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spare.h: ports that stand empty, for devices that are plugged in while the guest runs. */
#pragma once

#include "homes.h"

enum
{
  QR_SPARE_POLICY = -1,  /* as many as the policy says, where it places anything */
  QR_SPARE_MOST = 255,   /* there are no more buses */
  QR_SPARE_FILL = 65536, /* all that the policy's first home for them has room for */
};

/**
 * qr_spare_make:
 * @wish: how many, QR_SPARE_FILL or QR_SPARE_POLICY
 * @take_back: when there are more, those made last are taken away
 * @error: status REQUEST, code "no-spare"
 *
 * Makes them after all other ports, so that their number moves nothing.
 */
gboolean qr_spare_make (QrTopology *topology, const QrPolicy *policy, QrHomes *homes, int wish,
                        gboolean take_back, GError **error) G_GNUC_WARN_UNUSED_RESULT;
