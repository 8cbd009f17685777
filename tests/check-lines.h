/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check-lines.h: lines that break the rules of check.h, and near misses. Words are divided by
 * single blanks; "-M q35 -nodefaults" goes before. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *code, *bad, *good;
  gboolean warns;     /* it is a warning or notice on the tool face */
  gboolean refused;   /* by QEMU: cannot be allowed */
  const char *unseen; /* path of a function that a guest does not find */
  const char *closed; /* path of a port without an I/O window */
  const char *mixing; /* path of a port without Access Control Services */
} CheckCase;

typedef struct
{
  const char *name, *code, *line;
} CheckLine;

/* One for each code, in any order. */
extern const CheckCase check_cases[];
extern const gsize n_check_cases;

/* More lines that break a rule. */
extern const CheckLine check_more[];
extern const gsize n_check_more;

/* Nothing is wrong with these, and nothing is said; without a code. */
extern const CheckLine check_quiet[];
extern const gsize n_check_quiet;

/* A port, and @depth switches below one another. (transfer full) */
extern char *check_nested_switches (guint depth);
