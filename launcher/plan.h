/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.h: the pipeline, from the words of a line to the argv that QEMU gets.
 *
 * The only place that knows the order of the steps. A plan is a function of its
 * options, the profiles, files of options that the line names and, for assigned devices,
 * sysfs: nothing else is read. For taps it looks which descriptors are free, whether a script
 * that QEMU runs by itself is there and whether vhost-net can be opened.
 */
#pragma once

#include "check.h"
#include "confine.h"
#include "fence.h"
#include "place.h"
#include "roles.h"
#include "run-as.h"
#include "taps.h"
#include "topology.h"

typedef struct
{
  QrFace face;
  const char *const *words; /* QEMU's arguments, ended by NULL */
  guint first;              /* argument number of words[0] */
  const QrOption *own;      /* an option of qriser's among them, qr_list_end where they may have
                               a device list; or NULL */
  const QrRoleBook *roles;  /* what a list may name; NULL: what the program has */
  const char *guest_arch;   /* whose machines the line names; NULL: as arch, else the build's */
  const char *const *firmware_paths; /* see role-word.h; NULL: none */
  const char *arch;        /* QEMU's, for the machine it takes by itself; NULL: not known */
  const QrPolicy *policy;  /* NULL: the machine's own */
  gboolean yields;         /* the machine's own where that is not for it */
  const char *user_config; /* file that QEMU reads unasked; NULL: none */
  gboolean controllers;    /* are made for devices without a bus */
  const char *primary;     /* id of the primary display, or NULL */
  const char *sysfs;
  const char *const *allowed; /* codes of checks, ended by NULL; or NULL */
  gboolean survey;            /* errors of checks become warnings of that severity */
  const char *program;        /* QEMU's path */
  const char *version;        /* of that QEMU; NULL: unknown */
  gboolean version_is_kept;   /* it is what the binary said some time */
  const char *seccomp;        /* name of the profile, "off" for none; NULL: what fits the line */
  const char *configured;     /* the same, of the configuration */
  gboolean best_effort;       /* QEMU may run without a filter: its own stays on the line */
  const char *landlock;       /* a name of qr_landlock_modes; NULL: what fits the line */
  const char *const *paths;   /* that QEMU may open, see fence.h; NULL: none */
  const char *temporary;      /* directory for QEMU's temporary files */
  const char *prefix;         /* above QEMU's directory; NULL: not known */
  const char *etc;            /* directory of QEMU's configuration; NULL: not known */
  QrPlaceOptions place;
  guint bus_limit;  /* PCI buses that there may be; 0: what PCI has numbers for */
  gboolean is_root; /* programs that gain rights by their file have them already */
} QrPlanOptions;

typedef struct
{
  QrPool *pool;
  const QrPolicy *policy; /* NULL without a topology */
  const QrCmdline *cmdline;
  QrRoleUses roles; /* what became of the device list */
  GArray *taps;     /* QrTap: what is opened before QEMU is started; NULL: nothing */
  QrRunAs run_as;   /* what is changed before */
  QrRunAsLeft left; /* what QEMU changes, where somebody should see to that; nothing: not known */
  QrRequest *request;
  QrTopology *topology; /* NULL: nothing is placed, the line goes through as it is */
  QrBudget budget;      /* of that topology */
  GPtrArray *warnings;  /* QrWarning */
  char **argv;
  const gsize *positions; /* of each line's word in argv */
  const char *program, *version;
  gboolean version_is_kept; /* see QrPlanOptions */
  QrConfinement confinement;
  QrFence fence;
} QrPlan;

/* Codes of what a plan warns of besides the checks, ended by NULL. */
extern const char *const qr_plan_codes[];

/**
 * qr_plan_make:
 * @options: strings are lent and must outlive the plan
 * @error: of any step; besides "not-in-version", "lock-machine" and "hint-refused" (REQUEST)
 */
QrPlan *qr_plan_make (const QrPlanOptions *options, const QrProfiles *profiles,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void qr_plan_free (QrPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrPlan, qr_plan_free)
