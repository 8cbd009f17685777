/* SPDX-License-Identifier: GPL-2.0-or-later */
/* switches.h: what can be said to qriser itself, on both faces: names, values, and
 * how a value is read.
 *
 * Knows what each switch is called and what it takes. Knows neither face's grammar.
 */
#pragma once

#include "profiles.h"
#include "render.h"

typedef enum
{
  QR_COMMAND_RUN,
  QR_COMMAND_PLAN,
  QR_COMMAND_EXPLAIN,
  QR_COMMAND_CHECK,
  QR_COMMAND_DIFF,
  QR_COMMAND_ROLES,
  QR_COMMAND_PROFILE_LIST,
  QR_COMMAND_PROFILE_SHOW,
  QR_COMMAND_PROFILE_DIFF,
  QR_COMMAND_PROFILE_RECORD,
  QR_COMMAND_PROFILE_TEST,
  QR_COMMAND_IMPLICIT,
  QR_COMMAND_CATALOGUE,
  QR_COMMAND_DOCTOR,
  QR_COMMAND_HELP,
  QR_COMMAND_VERSION,
} QrCommand;

enum
{
  QR_MAX_OPERANDS = 2,
};

/* What was said; strings are lent by the argv. */
typedef struct
{
  QrCommand command;
  const char *operands[QR_MAX_OPERANDS]; /* of explain: an id or key; of diff: two files; of
                                            roles: one, or none; of profile: names or files */
  GPtrArray *names;                      /* operands of implicit: machine types; ended by NULL */
  const char *qemu;                      /* path or name; NULL: by the name and the architecture */
  const char *qemu_version;              /* NULL: unknown */
  const char *arch;
  const char *policy; /* NULL: by the name */
  const char *primary;
  const char *seccomp; /* profile's name or path, or "off"; NULL: by the line */
  const char *sysfs;
  const char *root; /* of doctor: below which the host's files are */
  gboolean best_effort; /* QEMU is started where the kernel has no filters, too */
  const char *landlock; /* a name of qr_landlock_modes; NULL: by the line */
  GPtrArray *paths;     /* that QEMU may open, "ro:PATH" or "rw:PATH", ended by NULL */
  GPtrArray *allowed;   /* codes, ended by NULL */
  const char *lock;     /* path of the lock file; NULL: none */
  GPtrArray *forgotten; /* keys, ended by NULL */
  int spare;            /* how many, QR_SPARE_FILL or QR_SPARE_POLICY */
  gboolean pack;
  GPtrArray *roles; /* paths of files with roles, ended by NULL */
  int controllers;  /* made for devices without a bus; -1: as the face has it */
  QrFormat format;
  int status_fd; /* -1: none */
  gboolean verbose;
  gboolean supervise;       /* stay beside QEMU */
  guint rounds;             /* the most that a recording takes */
  guint seconds;            /* after which a trial ends; 0: never */
  gboolean merge;           /* add to a profile that is there */
  gboolean probe;           /* ask the QEMU itself */
  const char *const *words; /* QEMU's arguments; in the argv given */
  guint first;              /* argument number of words[0] */
  gboolean listed;          /* a device list may stand among them */
} QrOptions;

typedef enum
{
  QR_SWITCH_FLAG,
  QR_SWITCH_TEXT,
  QR_SWITCH_FORMAT,
  QR_SWITCH_FD,
  QR_SWITCH_CODE,    /* of a check; may be given several times */
  QR_SWITCH_LIST,    /* any text; may be given several times */
  QR_SWITCH_PATHS,   /* "ro:PATH" or "rw:PATH"; may be given several times */
  QR_SWITCH_FENCE,   /* a name of qr_landlock_modes */
  QR_SWITCH_PLAN,    /* a format, and the command to print it */
  QR_SWITCH_VERSION, /* of QEMU */
  QR_SWITCH_COUNT,   /* a number from 1 on */
  QR_SWITCH_SPARE,   /* a number of ports, or "fill" */
  QR_SWITCH_BOOLEAN, /* on or off */
  QR_SWITCH_AUTO,    /* auto or off */
  QR_SWITCH_DEVICE,  /* a word of a device list, which is read with the line; may be given
                        several times */
} QrSwitchKind;

typedef struct
{
  const char *name;
  QrSwitchKind kind;
  gsize offset;      /* of the value in QrOptions */
  guint commands;    /* bits of QrCommand; 0: no switch of the tool face */
  gboolean drop_in;  /* a key of the drop-in face */
  const char *value; /* what it takes, for people; NULL: nothing */
  const char *help;
} QrSwitch;

extern const QrSwitch qr_switches[];
extern const guint qr_n_switches;

/**
 * qr_switch_set:
 * @value: what was given; NULL for a flag
 * @place: where it was written
 * @error: status USAGE
 */
gboolean qr_switch_set (const QrSwitch *option, const char *value, const QrPlace *place,
                        QrOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To one of the lists above that are ended by NULL; lent. */
void qr_options_add (GPtrArray *list, const char *value);

/* Everything as it is when nothing is said. */
void qr_options_init (QrOptions *options, QrCommand command);
void qr_options_clear (QrOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrOptions, qr_options_clear)
