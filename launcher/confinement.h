/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confinement.h: what a line can need beyond the tightest confinement, and which
 * seccomp profile grants it, as data.
 *
 * Knows the records of profiles/qemu/needs.json and levels.json. Knows neither
 * options nor filters.
 */
#pragma once

#include "schema.h"

/* What QEMU does on some lines and the tightest profile refuses. */
typedef enum
{
  QR_NEED_DESKTOP,    /* a window, sound or a device of the host */
  QR_NEED_DAEMONIZE,  /* leaves for the background */
  QR_NEED_SPAWN,      /* starts programs */
  QR_NEED_IDENTITY,   /* changes its user, groups or root directory */
  QR_NEED_IO_URING,   /* asynchronous I/O through io_uring */
  QR_NEED_PRIVILEGED, /* starts a program that gains rights by its file */
  QR_NEED_KERNEL,     /* loads programs or keys into the kernel */
  QR_N_NEEDS,
} QrNeed;

extern const char *const qr_need_names[];

typedef struct
{
  guint32 need;       /* QrNeed */
  const char *what;   /* the verb phrase for people: "starts programs" */
  const char *hint;   /* what to do where it is refused; NULL: nothing special */
  gboolean automatic; /* the tool face grants it, too, without being asked */
  gboolean soft;      /* QEMU does without it where it is refused */
} QrNeedRecord;

/* A seccomp profile by name; levels stand in their order, the tightest first. */
typedef struct
{
  const char *profile;
  guint32 serves; /* bits of QrNeed */
} QrLevel;

extern const QrSchema qr_need_schema, qr_level_schema;

/**
 * qr_confinement_check:
 * @error: status CONFIG, code "profile", unless each need is described once and the last
 *   level serves them all; no records at all are good
 */
gboolean qr_confinement_check (const QrNeedRecord *needs, guint n_needs, const QrLevel *levels,
                               guint n_levels, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tightest of @levels that serves all @needs, else the last. */
const QrLevel *qr_levels_choose (const QrLevel *levels, guint32 n, guint32 needs);

/* The level of the profile @name, or NULL. */
const QrLevel *qr_levels_find (const QrLevel *levels, guint32 n, const char *name);
