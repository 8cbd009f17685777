/* SPDX-License-Identifier: GPL-2.0-or-later */
/* implicit.h: what a machine type brings along without being asked.
 *
 * From the shipped data: of a planned machine the plan of a line that says nothing else, of others
 * their record. A survey of a QEMU is put into the same form, so that the two can be compared.
 */
#pragma once

#include "plan.h"
#include "survey.h"

typedef enum
{
  QR_IMPLICIT_MACHINE, /* always there */
  QR_IMPLICIT_DEFAULT, /* where QEMU adds its defaults */
  QR_IMPLICIT_BARE,    /* only where it does not */
} QrImplicitOrigin;

extern const char *const qr_implicit_origins[];

typedef struct
{
  QrSurveyFunction function;
  QrImplicitOrigin origin;
} QrImplicitFunction;

/* What another value of a machine property does to the machine without defaults. */
typedef struct
{
  const char *name, *value;
  QrSurvey with;
} QrImplicitProperty;

typedef struct
{
  const char *machine;            /* as it was asked for; lent */
  gboolean planned;               /* qriser places devices on it */
  const char *fails, *fails_bare; /* why QEMU does not start it, with its defaults or without */
  QrSurvey bare, full;            /* without QEMU's defaults, and with them */
  GArray *functions;              /* QrImplicitFunction, by path */
  GArray *properties;             /* QrImplicitProperty */
} QrImplicit;

/**
 * qr_implicit_find:
 * @arch: QEMU's
 * @version: of that QEMU, or NULL
 * @machine: as -machine takes it
 * @out: (out): to be cleared; set only on success
 * @error: status REQUEST, code "unknown-machine", or of a plan
 */
gboolean qr_implicit_find (const QrProfiles *profiles, const char *arch, const char *version,
                           const char *machine, QrImplicit *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes @bare and @full of @machine; one that was not got has a @fails. */
void qr_implicit_take (const char *machine, QrSurvey *bare, QrSurvey *full, QrImplicit *out);

/* What @asked has otherwise than @known, a sentence each. (transfer full): of char */
GPtrArray *qr_implicit_compare (const QrImplicit *known, const QrImplicit *asked);

/* The machine types for @arch that are known, without aliases, in the order of the data. (transfer
 * container): of texts of @profiles */
GPtrArray *qr_implicit_machines (const QrProfiles *profiles, const char *arch, const char *version);

void qr_implicit_clear (QrImplicit *implicit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrImplicit, qr_implicit_clear)
