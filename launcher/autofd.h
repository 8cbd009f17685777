/* SPDX-License-Identifier: GPL-2.0-or-later */
/* autofd.h: a file descriptor that its scope closes. */
#pragma once

#include <unistd.h>

static inline void
qr_autofd_close (int *fd)
{
  if (*fd >= 0)
    (void) close (*fd); /* nothing left to do about a failure here */
}

#define qr_autofd __attribute__ ((cleanup (qr_autofd_close))) int
