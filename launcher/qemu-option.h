/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu-option.h: QEMU's command-line options as data.
 *
 * Knows the records of profiles/qemu. The verbs are the only behaviour that C
 * gives an option; which option has one is data.
 */
#pragma once

#include "confinement.h"

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
  QR_VERB_VGA,        /* the board's display adapter */
  QR_VERB_NIC,        /* a network adapter of the board with its back end */
  QR_VERB_NET,        /* the same, or a back end, on a hub */
  QR_VERB_NETDEV,     /* a network back end */
  QR_VERB_DRIVE,      /* a drive, and on some interfaces its device */
  QR_VERB_CONSOLE,    /* the defaults talk to the terminal that QEMU was started in */
  QR_VERB_SHARE,      /* a directory of the host's, with its device */
  QR_VERB_SOUND,      /* how sound is played, and the board's sound card */
  QR_VERB_FILE,       /* reads a file of options */
  QR_VERB_SET,        /* adds to an option before it */
  QR_VERB_NO_CONFIG,  /* QEMU does not read the file that it reads unasked */
  QR_VERB_OBJECT,     /* something that devices name by its id */
  QR_VERB_OWN,        /* qriser's, not QEMU's */
  QR_VERB_CONFINE,    /* QEMU's own confinement: left out where ours is as tight */
  QR_VERB_IDENTITY,   /* another user or root directory for QEMU */
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
  QR_EFFECT_PCI,      /* may make a PCI device and is not expanded: refused */
  QR_EFFECT_NEEDS,    /* QEMU needs more than the tightest confinement lets it do */
  QR_EFFECT_PASS,     /* QEMU has no machine to plan: the line goes through as it is */
  QR_EFFECT_INFORMS,  /* QEMU prints something and ends */
  QR_EFFECT_PLACE,    /* decides where devices go or of which kind they are: goes into them */
  QR_EFFECT_FIRMWARE, /* another firmware than QEMU's own starts the guest */
  QR_EFFECT_SPARES,   /* QEMU does without what each line is taken to need */
  QR_EFFECT_MONITOR,  /* somebody gets a monitor */
  QR_EFFECT_QUIET,    /* QEMU makes no monitor by itself */
  QR_EFFECT_FORBIDS,  /* QEMU may not do what its needs say */
  QR_EFFECT_CLOSES,   /* the same once it runs; what it starts with it has done before */
  QR_EFFECT_FREES,    /* QEMU may do what it likes */
} QrEffect;

/* One thing that must hold of an option's argument. */
typedef struct
{
  const char *key;           /* NULL: the first value */
  gboolean deep;             /* also as the last part of a dotted key, or inside JSON */
  const char *const *is;     /* the value is one of these */
  const char *const *is_not; /* the key is absent, or its value none of these */
  const char *const *begins; /* the value begins with one of these */
  const char *const *holds;  /* the value has one of these in it */
  const char *const *lacks;  /* and none of these */
  gboolean absent;           /* the key is absent */
} QrCondition;

/* A form of an option: all conditions hold; without any, always. */
typedef struct
{
  guint32 effect; /* QrEffect */
  guint32 needs;  /* bits of QrNeed */
  const QrCondition *when;
  guint32 n_when;
  const char *hint;
} QrForm;

/* A short name that an option has for a device type. */
typedef struct
{
  const char *name;
  const char *driver;       /* NULL: none that is a PCI function */
  const char *codec;        /* a device on the bus that it makes, or NULL */
  const char *const *fixed; /* properties that QEMU turns off itself, whatever a -global says */
  const char *const *turns; /* what the first, the second, ... gets; NULL: nothing, of any number */
} QrModel;

typedef struct
{
  const char *name;           /* without dashes */
  guint32 grammar;            /* QrGrammar */
  gboolean json;              /* an argument that begins with "{" is JSON */
  const char *implied;        /* key of a first value without "=" */
  const char *group;          /* QemuOpts list */
  const char *section;        /* group of a configuration file that is the same */
  gboolean merges;            /* several occurrences are one */
  guint32 verb;               /* QrVerb */
  gboolean informs;           /* QEMU prints something and ends */
  const char *const *secrets; /* keys whose values are not shown */
  const QrCondition *accepts; /* one of these each key of the argument fits, with its value */
  guint32 n_accepts;          /* 0: any may stand there */
  guint32 helps;              /* QrHelps */
  const QrForm *forms;
  guint32 n_forms;
  const char *preset; /* what the option stands for, as its verb reads it */
  const QrModel *models;
  guint32 n_models;
  const char *back_end;       /* option that says the back end alone */
  const char *const *carries; /* keys that go to it */
  const char *const *drops;   /* keys that QEMU takes and leaves aside */
  const char *const *tails;   /* what may stand behind a model; it is for all adapters */
  const char *const *roots;   /* keys that name a device which must then be on the root bus */
  gboolean audio;             /* chooses how sound is played */
  const char *const *gives;   /* key=value that its device gets if it has the property */
  guint32 qemu;
} QrOption;

/* Something QEMU adds unless the line mentions it, as the words that say it. */
typedef struct
{
  const char *name;
  const char *const *machines; /* families that have it; NULL: all */
  const char *const *options;  /* each switches it off */
  const char *const *drivers;  /* device types that switch it off by being named */
  const char *const *by;       /* options whose argument does, too, when ... */
  const char *const *begins;   /* ... it begins with one of these */
  const char *const *words;
  gboolean machine_vga;       /* behind them stands the machine's word for its display adapter */
  gboolean machine_nic;       /* only boards that make network adapters have it */
  const char *const *console; /* the words on a line whose defaults talk to the terminal */
  const char *joins;          /* another default; when both are there on such a line ... */
  const char *const *joined;  /* ... these words stand for both */
  const char *without;        /* a machine property; when it is off ... */
  const char *const *bare;    /* ... these words */
  const char *const *off;     /* words that switch it off by themselves */
  gboolean stays;             /* -nodefaults does not switch it off */
  guint32 needs;              /* bits of QrNeed */
} QrDefault;

extern const QrSchema qr_condition_schema, qr_option_schema, qr_default_schema;

/* The option's own word @name for a device type, or NULL. */
const QrModel *qr_option_find_model (const QrOption *option, const char *name);

/* By name, for sorting and searching QrOptions. */
int qr_option_compare (gconstpointer a, gconstpointer b);

/* Whether the option takes an argument. */
static inline gboolean
qr_option_has_argument (const QrOption *option)
{
  return option->grammar != QR_GRAMMAR_FLAG;
}
