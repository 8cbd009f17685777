/* SPDX-License-Identifier: GPL-2.0-or-later */
/* survey.h: the PCI functions that a machine has and the root buses they are on, from wherever that
 * is known.
 */
#pragma once

#include "pool.h"

typedef struct
{
  const char *driver;
  const char *path; /* "00:1f.2"; where there are several root buses, the bus's name for "00" */
} QrSurveyFunction;

/* A bus that no PCI function leads to. */
typedef struct
{
  const char *name;
  const char *type; /* QOM bus type */
  gboolean hotplug; /* devices can come and go while the guest runs */
} QrSurveyRoot;

typedef struct
{
  QrPool *pool;      /* owns the texts */
  GArray *functions; /* QrSurveyFunction */
  GArray *roots;     /* QrSurveyRoot */
} QrSurvey;

void qr_survey_init (QrSurvey *survey);
void qr_survey_clear (QrSurvey *survey);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrSurvey, qr_survey_clear)

/* Texts are copied. */
void qr_survey_add_function (QrSurvey *survey, const char *driver, const char *path);
void qr_survey_add_root (QrSurvey *survey, const char *name, const char *type, gboolean hotplug);

/* Functions by path, roots by name. */
void qr_survey_sort (QrSurvey *survey);

/* Whether there is such a function at the same place. */
gboolean qr_survey_has (const QrSurvey *survey, const QrSurveyFunction *function);

/* The slots of @root that have no function, in hexadecimal: "02-1e"; "" for none. (transfer full)
 */
char *qr_survey_free_slots (const QrSurvey *survey, const QrSurveyRoot *root);
