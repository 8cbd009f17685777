/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.h: what QEMU still has to change of its root directory and its user, as rulings on the
 * calls that do it. Each is let happen once, in QEMU's order; behind the last nobody listens, and
 * the kernel refuses them for ever.
 *
 * Several calls can be one change: glibc makes it in each thread. A new root is made here, where
 * this process shares QEMU's: no memory of QEMU's says which. Else QEMU makes it, unseen, as it
 * gives its groups: it could have left either out, and is root until its user is another one.
 *
 * Sources: QEMU 7.2 and 10.0, os-posix.c, change_root() and change_process_uid(); nptl(7), "NPTL
 * and process credential changes"; clone(2), CLONE_FS.
 */
#pragma once

#include "court.h"
#include "user.h"

/* What is to come next, or was done last: that may come again. */
typedef enum
{
  QR_CHANGE_ROOT,
  QR_CHANGE_GROUP,
  QR_CHANGE_GROUPS,
  QR_CHANGE_USER,
} QrChangeStep;

typedef struct
{
  const char *root;   /* directory, as the line has it; NULL: the root stays */
  const QrUser *user; /* NULL: the user stays; one of both there is */
  gboolean shares;    /* this process has the same root directory and may change it */
  gboolean rooted;    /* that is done */
  QrChangeStep next;
} QrChange;

/* @shares: see there; @root, @user: lent */
void qr_change_init (QrChange *change, const char *root, const QrUser *user, gboolean shares);

/* Whether a call of number @number can be one of a change. */
gboolean qr_change_has (int number);

/* Rules on @call, for which qr_change_has() is true. A ruling that came too late need not be taken
 * back. @code: (out): an errno. */
QrRuling qr_change_judge (QrChange *change, const struct seccomp_data *call, int *code);
