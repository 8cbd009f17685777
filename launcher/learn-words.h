/* SPDX-License-Identifier: GPL-2.0-or-later */
/* learn-words.h: how a QEMU is asked for what its devices and options are.
 *
 * Knows the record of profiles/qemu/learn.json.
 */
#pragma once

#include "catalog.h"

/* Types that descend from @parent are of @kind. */
typedef struct
{
  const char *parent;
  guint32 kind; /* QrDeviceKind */
} QrLearnKind;

/* The class of a function whose type is listed there and that cannot be looked at. */
typedef struct
{
  const char *category;
  guint32 class_code;
} QrLearnCategory;

/* What a device with such a property is given, so that it can be made. */
typedef struct
{
  const char *property;
  const char *const *words; /* on the line, before the device */
  const char *value;        /* of the property */
} QrLearnBackEnd;

typedef struct
{
  const char *list;          /* monitor command: all device types, by category */
  const char *help;          /* word that makes it print its options and end */
  const char *no_argument;   /* in what is said of an option that lacks its argument */
  const char *device;        /* the option that makes a device */
  const char *express;       /* QOM interface of functions with PCI Express */
  const char *conventional;  /* ... and of those that may do without */
  const char *port, *bridge; /* types to try functions behind, on a root complex */
  const QrLearnKind *kinds;  /* the first that fits */
  guint32 n_kinds;
  const QrLearnCategory *categories;
  guint32 n_categories;
  const QrLearnBackEnd *back_ends;
  guint32 n_back_ends;
} QrLearnWords;

extern const QrSchema qr_learn_words_schema;
