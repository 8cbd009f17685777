/* SPDX-License-Identifier: GPL-2.0-or-later */
/* become.h: what is done for a plan that is to run, in its order: files, the sandbox, QEMU.
 *
 * Where somebody has to decide calls of QEMU's, this process stays beside it; else it becomes QEMU.
 */
#pragma once

#include "filters.h"
#include "pinned.h"
#include "settings.h"
#include "supervisor.h"
#include "switches.h"
#include "user.h"

typedef struct
{
  QrFace face;
  const QrOptions *options;
  const QrSettings *settings;
  const QrPlan *plan;
  QrPinned *pinned;
  const QrFilters *filters; /* of the plan's profile */
  char **environment;       /* for QEMU */
  QrUser user;              /* that qr_become_prepare() found, where the plan has one */
} QrBecome;

/* Who stays beside QEMU, see supervisor.h. */
typedef struct
{
  const QrFilters *filters; /* for QEMU, one of which asks */
  QrCourt court;
  gboolean lives_on; /* QEMU survives */
  gboolean tries;    /* somebody wants to know: there is no going on without the filters */
  guint seconds;     /* after which QEMU is told to end, and then killed; 0: never */
  gboolean again;    /* QEMU will be started once more */
} QrBeside;

/* Which warnings are printed. */
typedef enum
{
  QR_TELL_DENIED, /* of what QEMU will be denied */
  QR_TELL_WARNINGS,
  QR_TELL_NOTICES, /* and warnings */
} QrTell;

/* On standard error. */
void qr_become_warn (const GPtrArray *warnings, QrTell tell);

/* All that is done before anything is confined, whatever fails first: what QEMU needs is looked at,
 * warnings are printed, files are written. */
gboolean qr_become_prepare (QrBecome *become, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether somebody can stay beside QEMU to its end. @error: status REQUEST, code
 * "supervise-daemonize" */
gboolean qr_become_check_stays (const QrPlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_become_check_own:
 * @filters: of the plan's profile
 * @error: status UNAVAILABLE, code "seccomp-refuses": a profile of somebody's own refuses how QEMU
 *   begins, or the process or the session by which it leaves for the background
 */
gboolean qr_become_check_own (const QrPlan *plan, const QrFilters *filters,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_become_beside:
 * @status: (out): of QEMU, as waitpid(2) has it
 * @told: (out): whether somebody has told it to end
 *
 * Returns: TRUE when QEMU has ended; FALSE also in the process that was to become QEMU
 */
gboolean qr_become_beside (const QrBecome *become, const QrBeside *beside, int *status,
                           gboolean *told, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_become_qemu:
 * @status: (out): where QEMU was supervised, its exit status
 * @error: those of each step; besides status REQUEST, code "supervise-daemonize"
 *
 * Returns: TRUE only where QEMU was supervised and has ended; FALSE also in the process that was to
 *   become QEMU
 */
gboolean qr_become_qemu (QrBecome *become, int *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;
