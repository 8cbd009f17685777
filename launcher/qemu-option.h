/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu-option.h: QEMU's command-line options as data.
 *
 * Knows the records of profiles/qemu. The verbs are the only behaviour that C
 * gives an option; which option has one is data.
 */
#pragma once

#include "schema.h"

/* How QEMU reads the option's argument. */
typedef enum
{
  QR_GRAMMAR_FLAG,     /* takes none */
  QR_GRAMMAR_RAW,      /* not split by QEMU's option parser */
  QR_GRAMMAR_QEMUOPTS, /* k=v,k=v; bare booleans; ",," is one comma */
  QR_GRAMMAR_KEYVAL,   /* k.k=v,k=v; no bare booleans; ",," is one comma */
} QrGrammar;

/* What qriser does with an option beyond carrying it through. */
typedef enum
{
  QR_VERB_NONE,
  QR_VERB_DEVICE,     /* creates a device */
  QR_VERB_MACHINE,    /* machine type and properties */
  QR_VERB_NODEFAULTS, /* switches QEMU's default devices off */
  QR_VERB_GLOBAL,     /* property defaults for a device type */
  QR_VERB_INCOMING,   /* the guest's state comes from elsewhere */
} QrVerb;

/* When QEMU prints help for the option's argument and ends; else it goes on. */
typedef enum
{
  QR_HELPS_NEVER,
  QR_HELPS_EXACT, /* the whole argument is "help" or "?" */
  QR_HELPS_LIST,  /* it stands somewhere in the list */
  QR_HELPS_LAST,  /* as exact, and no later use of the option takes its place */
} QrHelps;

/* What an option, or one form of it, leads to. */
typedef enum
{
  QR_EFFECT_PCI,   /* may make a PCI device */
  QR_EFFECT_SPAWN, /* QEMU starts a process or changes identity: the sandbox refuses */
} QrEffect;

/* A form of an option: the key (NULL: the first value) is one of `is`, none of
 * `is_not`, or, with neither, present. Without key and lists: always. */
typedef struct
{
  guint32 effect; /* QrEffect */
  const char *key;
  const char *const *is;
  const char *const *is_not;
  const char *hint;
} QrForm;

typedef struct
{
  const char *name;           /* without dashes */
  guint32 grammar;            /* QrGrammar */
  gboolean json;              /* an argument that begins with "{" is JSON */
  const char *implied;        /* key of a first value without "=" */
  const char *group;          /* QemuOpts list */
  gboolean merges;            /* several occurrences are one */
  guint32 verb;               /* QrVerb */
  gboolean informs;           /* QEMU prints something and ends */
  const char *const *secrets; /* keys whose values are not shown */
  guint32 helps;              /* QrHelps */
  const QrForm *forms;
  guint32 n_forms;
  guint32 qemu;
} QrOption;

/* Something QEMU adds unless the line mentions it. */
typedef struct
{
  const char *name;
  const char *driver;         /* the PCI device it makes; NULL when it makes none */
  const char *const *options; /* each switches it off */
  const char *const *drivers; /* device types that switch it off by being named */
  const char *hint;
} QrDefault;

extern const QrSchema qr_option_schema, qr_default_schema;

/* Whether the option takes an argument. */
static inline gboolean
qr_option_has_argument (const QrOption *option)
{
  return option->grammar != QR_GRAMMAR_FLAG;
}
