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
  QR_NEED_JIT,        /* makes code that it then runs */
  QR_NEED_9P,         /* shares a directory with the guest */
  QR_NEED_NUMA,       /* binds memory or threads to nodes of the host */
  QR_NEED_CLIENT,     /* connects to services */
  QR_NEED_SERVER,     /* a library of its takes connections */
  QR_NEED_VSOCK,      /* connects by vsock(7) */
  QR_NEED_POSTCOPY,   /* answers the guest's page faults */
  QR_NEED_IO_URING,   /* asynchronous I/O through io_uring */
  QR_NEED_DAEMONIZE,  /* leaves for the background */
  QR_NEED_SPAWN,      /* starts programs */
  QR_NEED_IDENTITY,   /* changes its user, groups or root directory */
  QR_NEED_PRIVILEGED, /* starts a program that gains rights by its file */
  QR_NEED_KERNEL,     /* loads programs or keys into the kernel */
  QR_N_NEEDS,
} QrNeed;

extern const char *const qr_need_names[];

typedef struct
{
  guint32 need;        /* QrNeed */
  const char *what;    /* the verb phrase for people: "starts programs" */
  const char *hint;    /* what to do where it is refused; NULL: nothing special */
  gboolean automatic;  /* the tool face grants it, too, without being asked */
  gboolean soft;       /* QEMU does without it where it is refused */
  gboolean named;      /* who chooses a profile must name it beside that */
  gboolean unseen;     /* what it opens is not known */
  gboolean preset;     /* each line has it that does not say otherwise */
  const char *overlay; /* seccomp profile that takes it away from another; NULL: none does */
} QrNeedRecord;

/* A seccomp profile by name; levels stand in their order, the tightest first. Parts have the
 * names of needs. */
typedef struct
{
  const char *profile;
  guint32 serves;  /* bits of QrNeed */
  guint32 adds;    /* the same: what parts let it serve */
  guint32 narrows; /* the same: what overlays take away where the line does not have it */
  gboolean named;  /* chosen by its name only */
} QrLevel;

extern const QrSchema qr_need_schema, qr_level_schema;

/**
 * qr_confinement_check:
 * @error: status CONFIG, code "profile", unless each need is described once and the last
 *   level serves them all; no records at all are good
 */
gboolean qr_confinement_check (const QrNeedRecord *needs, guint n_needs, const QrLevel *levels,
                               guint n_levels, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tightest of @levels that serves all @needs, with its parts, else the last; none that must be
 * named. */
const QrLevel *qr_levels_choose (const QrLevel *levels, guint32 n, guint32 needs);

/* What is said by "PROFILE+PART+OVERLAY". */
typedef struct
{
  const QrLevel *level;
  guint32 with;    /* bits of QrNeed: parts, and what no overlay shall take away */
  guint32 without; /* the same: what overlays take away */
} QrChoice;

/**
 * qr_choice_read:
 * @name: a level's profile; behind it, each after "+", parts that it has and overlays
 *
 * Returns: FALSE where there is no such level, or it has no such part
 */
gboolean qr_choice_read (const char *name, const QrNeedRecord *needs, guint32 n_needs,
                         const QrLevel *levels, guint32 n_levels, QrChoice *out);

/* Whether @choice lets QEMU do no more than @other does, of the same @levels. */
gboolean qr_choice_is_as_tight (const QrChoice *choice, const QrChoice *other);
