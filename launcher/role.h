/* SPDX-License-Identifier: GPL-2.0-or-later */
/* role.h: what the short words of a device list stand for, as data.
 *
 * Knows the records of profiles/roles: roles, and the keys that QEMU's options take.
 * Knows nothing of a particular list.
 *
 * A role becomes parts, one QEMU option each, in their order. In a part's text "@" stands
 * for the role's id.
 */
#pragma once

#include "schema.h"

/* What C does for a part beyond writing it. */
typedef enum
{
  QR_ROLE_PLAIN,
  QR_ROLE_IMAGE, /* the value names a disk image: its format is settled */
  QR_ROLE_SUM,   /* gets the sum of all main values of the role on the line, and their number */
} QrRoleVerb;

/* What C finds out for a role before its parts are chosen; it gives further words. */
typedef enum
{
  QR_ROLE_FINDS_NOTHING,
  QR_ROLE_FINDS_FIRMWARE, /* by QEMU's descriptions, where the main value is an interface type:
                             words device, smm, code, code-format, vars, vars-format, keeps */
} QrRoleFinds;

/* A key of QEMU's that gets a word. */
typedef struct
{
  const char *key;
  const char *word; /* a choice, or what was found */
} QrRoleFrom;

/* An option's key on the line. */
typedef struct
{
  const char *option;
  const char *key; /* NULL: the option itself */
} QrRoleMention;

/* A number of bytes that another option says. */
typedef struct
{
  const char *key;       /* gets it; NULL with QR_ROLE_SUM, whose own key does */
  const char *option;    /* the last of these that has ... */
  const char *from;      /* ... this key */
  const char *unit;      /* behind a number without one */
  const char *otherwise; /* when the line does not say it */
} QrRoleFill;

/* A key of the list's with another name in QEMU. */
typedef struct
{
  const char *key;
  const char *as;
} QrRoleRename;

/* Keys with values that are written together. */
typedef struct
{
  const char *text; /* "key=value,...": unless the list gives one of the keys another value */
  const char *const *unless; /* keys with which there are none of these, either; or NULL */
} QrRoleDefault;

/* One way in which a part is written. */
typedef struct
{
  const char *const *is;  /* words that choose it; NULL: any other ... */
  const char *begins;     /* ... that begins with this; or NULL */
  const char *text;       /* what the argument begins with, or NULL */
  const char *again;      /* the same for the second and later of the role on a line; or NULL */
  const char *takes;      /* key that gets the main value, or NULL */
  const QrRoleFrom *from; /* further keys */
  guint32 n_from;
  gboolean path;             /* which names something that must be there */
  const char *counts;        /* with QR_ROLE_SUM: key that gets how many there are, or NULL */
  const char *unit;          /* put behind a main value that is a bare number, or NULL */
  const char *const *not_on; /* families of machines that have nothing for it; or NULL */
  const QrRoleDefault *defaults;
  guint32 n_defaults;
  const char *const *needs; /* keys that the list must have */
  const QrRoleRename *renames;
  guint32 n_renames;
} QrRoleVariant;

/* What a word of the list must be, or must not. */
typedef struct
{
  const char *key; /* "value": the main one */
  const char *const *is, *const *is_not;
} QrRoleCondition;

typedef struct
{
  const char *option;          /* QEMU's */
  const char *side;            /* what the list calls it; NULL: as the option */
  gboolean closed;             /* takes no keys of the list's */
  const QrRoleCondition *when; /* NULL: always */
  gboolean once;               /* on a line, by whatever role with the same text */
  const QrRoleMention *unless; /* left out where the line has one of these */
  guint32 n_unless;
  const QrRoleFill *fill;
  const char *by;   /* key whose word chooses the variant, "value" for the main value; NULL: the
                       first variant */
  guint32 verb;     /* QrRoleVerb */
  const char *text; /* behind the variant's, or NULL */
  const QrRoleVariant *variants;
  guint32 n_variants; /* a part without any is its text; one with none that fits is left out */
} QrRolePart;

/* A key of the role's own, whose word chooses variants. */
typedef struct
{
  const char *key;
  const char *otherwise;    /* the word without the key */
  const char *const *words; /* the others that it can have; NULL: those that parts name */
} QrRoleChoice;

typedef struct
{
  const char *role;
  const char *help;
  const char *value;     /* what the main value is called */
  const char *otherwise; /* the main value when none is given; NULL: one must be given */
  guint32 finds;         /* QrRoleFinds */
  const QrRoleChoice *choices;
  guint32 n_choices;
  const QrRolePart *parts;
  guint32 n_parts;
} QrRole;

/* Keys of an option's argument, or of one type in it. */
typedef struct
{
  const char *option;
  const char *type;        /* the implied value that has them; NULL: whatever it is */
  const char *base;        /* a type of the same option whose keys it has, too; or NULL */
  const char *const *keys; /* one that ends in a dot: whatever begins with it */
} QrOptionKeys;

extern const QrSchema qr_role_schema, qr_option_keys_schema;
