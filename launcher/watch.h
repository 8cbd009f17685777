/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.h: what a supervisor of QEMU decides, and what it says of it.
 *
 * Knows what a profile's filters answer, and that QEMU is executed once. Knows no
 * process: supervisor.h brings the calls.
 *
 * Sources: QEMU os-posix.c, os_daemonize(), os_setup_post(); seccomp(2), SECCOMP_RET_*.
 */
#pragma once

#include <stdio.h>

#include "change.h"
#include "filters.h"
#include "supervisor.h"

/* How far QEMU is. */
typedef struct
{
  gboolean executed; /* it is QEMU */
  guint processes;   /* that it has split off to leave for the background */
  gboolean detached; /* the first of them has a session of its own */
} QrProgress;

typedef struct
{
  const char *profile;      /* as qr_filters_find() takes it */
  const QrFilters *filters; /* of that name */
  gboolean starts_programs; /* QEMU may execute others, where the filters allow it */
  const QrFilters *measure; /* what these allow is told, and nothing else; NULL: what matters is */
  QrChange *change;         /* of its root directory and user, which it has to come to; NULL: as
                               the filters have it */
  gboolean changed;         /* that is over */
  gboolean verbose;
  FILE *out;              /* for people */
  QrProgress now, before; /* @before: without the last ruling */
  GHashTable *told;       /* of numbers of calls: what was said already */
} QrWatch;

void qr_watch_init (QrWatch *watch, const char *profile, const QrFilters *filters);
void qr_watch_clear (QrWatch *watch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrWatch, qr_watch_clear)

/* @out: (inout): empty; the filters for QEMU, of which one asks qr_watch_start() */
void qr_watch_start_filters (const QrFilters *plain, QrFilters *out);

/**
 * qr_watch_refused_filters:
 * @plain: at least one
 * @changes: what leaves for the background or changes the root directory or the user is asked
 *   about, too
 * @out: (inout): empty; one filter for QEMU, which asks qr_watch_refused() wherever one of @plain
 *   would not allow a call: a process has one listener
 */
void qr_watch_refused_filters (const QrFilters *plain, gboolean changes, QrFilters *out);

/* QEMU is executed, leaves for the background and makes its change, each once. @data: a QrWatch. */
QrRuling qr_watch_start (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                         gpointer data);

/* What the filters say, which is told to people when it is no plain yes. @data: a QrWatch. */
QrRuling qr_watch_refused (const struct seccomp_data *call, pid_t caller, pid_t started, int *code,
                           gpointer data);

/* The last ruling came too late. @data: a QrWatch. */
void qr_watch_undo (gpointer data);
