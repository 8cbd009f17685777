/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence-items.h: the files and ports that the items of a line lead to. */
#pragma once

#include "landlock.h"
#include "request.h"

typedef struct
{
  const char *unknown; /* what opens files that are not known, a phrase; NULL: nothing does */
  const QrItem *item;  /* that does; NULL: a default of QEMU's */
  gboolean refused;    /* it gains rights, which nobody does who is held */
} QrFenceFound;

/* @program: QEMU's path; @temporary: where it makes temporary files; @out: its arrays get more */
void qr_fence_find (const QrCmdline *cmdline, const QrRequest *request, const QrProfiles *profiles,
                    const char *program, const char *temporary, QrLandlock *out,
                    QrFenceFound *found);
