/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence-items.h: the files and ports that the items of a line lead to. */
#pragma once

#include "landlock.h"
#include "request.h"

typedef struct
{
  const char *doubt;      /* why what an image leads to is not opened, a phrase; NULL: nothing */
  const QrItem *doubtful; /* whose image that is */
  const char *unknown;    /* what opens files that are not known, a phrase; NULL: nothing does */
  const QrItem *item;     /* that does; NULL: a default of QEMU's */
  const char *refused;    /* what gains rights, which nobody does who is held, a phrase; or NULL */
  const QrItem *refuser;  /* that does */
} QrFenceFound;

/* @program: QEMU's path; @temporary: where it makes temporary files; @out: its arrays get more */
void qr_fence_find (const QrCmdline *cmdline, const QrRequest *request, const QrProfiles *profiles,
                    const char *program, const char *temporary, QrLandlock *out,
                    QrFenceFound *found);
