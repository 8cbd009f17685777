/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-samples.h: what is asked of the shipped seccomp profiles, as tables.
 *
 * Knows the profiles by name and what each must allow and refuse. Each allows what
 * the one before it does, so "from" is the first of them that allows a call.
 */
#pragma once

#include <glib.h>

typedef enum
{
  PROFILE_STRICT,
  PROFILE_DEFAULT,
  PROFILE_DESKTOP,
  PROFILE_LEGACY_SPAWN,
  N_PROFILES, /* as "from": none allows it */
} ProfileId;

typedef struct
{
  const char *name;
  guint allowed_max; /* names of system calls */
} Shipped;

extern const Shipped shipped[N_PROFILES];

/* Calls that every profile allows whatever their arguments; ended by NULL. */
extern const char *const hot_calls[];

/* Calls that are refused whatever their arguments before @from, or end the process. */
typedef struct
{
  const char *name;
  ProfileId from;
} RefusedCall;

extern const RefusedCall refused_calls[];
extern const gsize n_refused_calls;

/* One call with arguments: allowed @from on, before that @otherwise. */
typedef struct
{
  const char *label, *name;
  guint64 args[6];
  ProfileId from;
  guint32 otherwise;
} SampleCall;

extern const SampleCall sample_calls[];
extern const gsize n_sample_calls;

/* Each of them, in whatever clone(2), makes a namespace; ended by 0. */
extern const guint64 namespace_flags[];
