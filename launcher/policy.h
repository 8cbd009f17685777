/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.h: where devices go, as data.
 *
 * A policy has homes (places on the root complex, with or without a port or
 * bridge of ours between) and rules that send devices to homes. Rules are tried
 * in their order; a device that finds its home full falls to the next rule that
 * fits. Knows the records of profiles/policies and nothing of how a place is
 * searched.
 */
#pragma once

#include "schema.h"

/* What a device asks of a policy; bits of QrMatch.kinds in this order. */
typedef enum
{
  QR_WANT_ENDPOINT,   /* a PCI Express endpoint */
  QR_WANT_INTEGRATED, /* must sit on a root bus */
  QR_WANT_CONVENTIONAL,
  QR_WANT_ROOT_PORT,
  QR_WANT_SWITCH_UPSTREAM,
  QR_WANT_SWITCH_DOWNSTREAM,
  QR_WANT_EXPRESS_BRIDGE, /* a bridge with a PCI Express upstream side */
  QR_WANT_BRIDGE,         /* a conventional bridge */
  QR_WANT_EXPANDER,
  QR_N_WANTS,
} QrWant;

/* Which bus the user named without an address. */
typedef enum
{
  QR_NAMED_ANY, /* does not matter */
  QR_NAMED_NONE,
  QR_NAMED_ROOT, /* the root complex */
  QR_NAMED_OTHER,
} QrNamed;

/* The part a display adapter plays. */
typedef enum
{
  QR_DISPLAY_ANY,     /* does not matter, nor need it be a display */
  QR_DISPLAY_PRIMARY, /* the one that firmware lights */
} QrDisplay;

/* Whether there are several VGA-class functions. */
typedef enum
{
  QR_RIVALS_ANY,
  QR_RIVALS_ALONE,
  QR_RIVALS_SEVERAL,
} QrRivals;

typedef struct
{
  guint32 kinds; /* bits of QrWant; 0: any */
  const char *const *drivers;
  guint32 named;              /* QrNamed */
  guint32 display;            /* QrDisplay */
  guint32 rivals;             /* QrRivals */
  gboolean assigned_graphics; /* only a host's integrated graphics */
  const char *property;       /* the user gave this property ... */
  const char *const *values;  /* ... one of these values */
} QrMatch;

typedef enum
{
  QR_WHERE_ROOT,   /* on the root complex */
  QR_WHERE_CHOSEN, /* on the bus that the user named or QEMU would choose */
} QrWhere;

/* A port or bridge of ours that devices go behind. */
typedef struct
{
  const char *driver;
  const char *prefix;  /* id: PREFIX-SLOT.FUNCTION */
  guint32 inner_slots; /* slots for devices on its bus */
  gboolean numbered;   /* gets chassis, slot and port from its place */
  gboolean reserve_io; /* gets io-reserve=0 when nothing behind it has an I/O BAR */
  gboolean adopts;     /* a device of the user's of this driver at this place serves as well */
} QrCarrier;

typedef struct
{
  const char *name;
  guint32 where;            /* QrWhere */
  guint32 slots;            /* bit set */
  guint32 functions;        /* bit set */
  const QrCarrier *carrier; /* NULL: the device itself goes there */
  const char *opener; /* home whose carrier becomes function 0 when another function is used */
  gboolean siblings;  /* functions of one assigned host slot stay together */
} QrHome;

typedef struct
{
  const char *name; /* "ich9/endpoint" */
  const QrMatch *match;
  const char *home;
  const char *reason; /* one phrase for people */
} QrRule;

typedef struct
{
  const char *name;
  guint32 version;
  const char *title;
  const char *const *machines; /* families it can place on */
  gboolean keeps_state;        /* addresses are those of plain QEMU: a saved state fits */
  gboolean numbers_ports;      /* numbers the user's ports that have no chassis and slot */
  const QrHome *homes;
  guint32 n_homes;
  const QrRule *rules;
  guint32 n_rules;
} QrPolicy;

extern const QrSchema qr_policy_schema;

/* The home @name, or NULL. */
const QrHome *qr_policy_find_home (const QrPolicy *policy, const char *name);

/* Refuses what the schema cannot: rules that name no home, homes named twice. @json is the
 * policy's. */
gboolean qr_policy_validate (const QrPolicy *policy, const QrJson *json,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
