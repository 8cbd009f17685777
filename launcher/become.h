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

typedef struct
{
  QrFace face;
  const QrOptions *options;
  const QrSettings *settings;
  const QrPlan *plan;
  QrPinned *pinned;
  const QrFilters *filters; /* of the plan's profile */
  char **environment;       /* for QEMU */
} QrBecome;

/* Who stays beside QEMU, see supervisor.h. */
typedef struct
{
  const QrFilters *filters; /* for QEMU, one of which asks */
  QrJudge judge;
  gpointer data;
  gboolean lives_on; /* QEMU survives */
  guint seconds;     /* after which QEMU is told to end; 0: never */
  gboolean again;    /* QEMU will be started once more */
} QrBeside;

/* On standard error; with @notices those as well. */
void qr_become_warn (const GPtrArray *warnings, gboolean notices);

/* All that is done before anything is confined, whatever fails first: what QEMU needs is looked at,
 * warnings are printed, files are written. */
gboolean qr_become_prepare (QrBecome *become, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_become_beside:
 * @status: (out): of QEMU, as waitpid(2) has it
 *
 * Returns: TRUE when QEMU has ended; FALSE also in the process that was to become QEMU
 */
gboolean qr_become_beside (const QrBecome *become, const QrBeside *beside, int *status,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_become_qemu:
 * @status: (out): where QEMU was supervised, its exit status
 * @error: those of each step; besides status REQUEST, code "supervise-daemonize"
 *
 * Returns: TRUE only where QEMU was supervised and has ended; FALSE also in the process that was to
 *   become QEMU
 */
gboolean qr_become_qemu (QrBecome *become, int *status, GError **error) G_GNUC_WARN_UNUSED_RESULT;
