/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profiles.h: all tables that a plan is made with.
 *
 * The shipped ones are compiled into the program (qr_profiles_builtin). Lookups are by binary
 * search, and go on in the overlay, if there is one.
 */
#pragma once

#include "catalog.h"
#include "learn-words.h"
#include "machine.h"
#include "opened.h"
#include "pack.h"
#include "policy.h"
#include "probe-words.h"
#include "qemu-option.h"
#include "role.h"
#include "unplanned.h"

/* A file that the tables were read from. */
typedef struct
{
  const char *name; /* "devices/network.json" */
  const char *hash; /* the first 12 digits of its SHA-256 */
} QrProfileFile;

typedef struct QrProfiles
{
  QrPacked devices; /* QrDeviceType in the order of the files; found by driver and by alias */
  const QrBusType *bus_types;
  guint32 n_bus_types;
  const QrController *controllers;
  guint32 n_controllers;
  const QrOption *options; /* sorted by name */
  guint32 n_options;
  const QrDefault *defaults;
  guint32 n_defaults;
  QrPacked opened; /* QrOpened; found by option and number */
  const QrNeedRecord *needs;
  guint32 n_needs;
  const QrLevel *levels; /* in the order of the file: the tightest first */
  guint32 n_levels;
  const QrMachine *machines;
  guint32 n_machines;
  const QrUnplanned *unplanned;
  guint32 n_unplanned;
  const QrProbeWords *probe; /* the first counts */
  guint32 n_probe;
  const QrLearnWords *learn; /* the first counts */
  guint32 n_learn;
  const QrPolicy *policies;
  guint32 n_policies;
  QrPacked roles; /* QrRole; found by name */
  QrPacked keys;  /* QrOptionKeys; found by "OPTION" or "OPTION TYPE" */
  const QrProfileFile *files;
  guint32 n_files;
  const QrAlike *alike; /* of an overlay */
  guint32 n_alike;
  const struct QrProfiles *overlay; /* what these lack; or NULL */
} QrProfiles;

extern const QrProfiles qr_profiles_builtin;

/* What to do about a name that they lack. */
extern const char qr_profiles_learn_hint[];

/**
 * qr_profiles_with:
 * @overlay: what @profiles lack; found after all that these have. Borrowed, as @profiles are.
 * @architecture: of the QEMU that it was learned of; NULL: any
 * @pool: owns what comes out
 *
 * A machine type of the overlay that nothing in @profiles is like is left out.
 */
const QrProfiles *qr_profiles_with (const QrProfiles *profiles, const QrProfiles *overlay,
                                    const char *architecture, QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* The first option that has @verb, by name; each verb that qriser writes has one. */
const QrOption *qr_profiles_verb_option (const QrProfiles *profiles, QrVerb verb);

/* The first option that has @verb and models. */
const QrOption *qr_profiles_model_option (const QrProfiles *profiles, QrVerb verb);

/* The record of @need; each is described. */
const QrNeedRecord *qr_profiles_find_need (const QrProfiles *profiles, QrNeed need);

/* Reads a choice of one of the levels, see qr_choice_read(). */
gboolean qr_profiles_read_choice (const QrProfiles *profiles, const char *name, QrChoice *out);

/* All lookups return NULL when there is none. A device type is made anew in @pool. */
const QrDeviceType *qr_profiles_find_device (const QrProfiles *profiles, const char *name,
                                             QrPool *pool);
const QrBusType *qr_profiles_find_bus_type (const QrProfiles *profiles, const char *type);
const QrOption *qr_profiles_find_option (const QrProfiles *profiles, const char *name);

/* The machine that QEMUs for @architecture (NULL: any) call @type. */
const QrMachine *qr_profiles_find_machine (const QrProfiles *profiles, const char *type,
                                           const char *architecture);

/* The keys of @option, with @type (NULL: none) for its implied value; made anew in @pool. */
const QrOptionKeys *qr_profiles_find_keys (const QrProfiles *profiles, const char *option,
                                           const char *type, QrPool *pool);

/* Of the files and ports that @option is said to open the one with number @index, from 0 on; @option
 * as in QrOpened. Made anew in @pool; NULL behind the last. */
const QrOpened *qr_profiles_find_opened (const QrProfiles *profiles, const char *option,
                                         guint32 index, QrPool *pool);

const QrController *qr_profiles_find_controller (const QrProfiles *profiles, const char *bus);

/* @text: NAME@VERSION, or NAME for the newest version. */
const QrPolicy *qr_profiles_find_policy (const QrProfiles *profiles, const char *text);

/* Whether bus type @type is @ancestor or descends from it. */
gboolean qr_profiles_bus_is_a (const QrProfiles *profiles, const char *type, const char *ancestor);

/* The device type with number @index, below profiles->devices.n_records. */
const QrDeviceType *qr_profiles_get_device (const QrProfiles *profiles, guint32 index,
                                            QrPool *pool);

/* The known name nearest to @name, if near enough for a hint. (transfer none) */
const char *qr_profiles_nearest_device (const QrProfiles *profiles, const char *name);
const char *qr_profiles_nearest_option (const QrProfiles *profiles, const char *name);
