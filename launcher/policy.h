/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy.h: where devices go, as data.
 *
 * A policy has homes (places on the root complex or behind the ports and bridges
 * that other homes make, with or without one of its own between) and rules that
 * send devices to homes. Rules are tried in their order, the homes of a rule in
 * theirs; a device that finds all of them full falls to the next rule that fits.
 * Knows the records of profiles/policies and nothing of how a place is searched.
 */
#pragma once

#include "pci-addr.h"
#include "schema.h"

/* The highest version. */
#define QR_POLICY_VERSIONS 9999

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

/* Whether the line has an IOMMU for its guest. */
typedef enum
{
  QR_TRANSLATION_ANY,
  QR_TRANSLATION_ABSENT,
  QR_TRANSLATION_PRESENT,
} QrTranslation;

/* Whether the line asks that the device can be unplugged. */
typedef enum
{
  QR_HOTPLUG_UNASKED, /* it does not ask that it can */
  QR_HOTPLUG_ANY,     /* does not matter */
  QR_HOTPLUG_ON,
  QR_HOTPLUG_OFF, /* it asks that it cannot */
} QrHotplug;

typedef struct
{
  guint32 kinds; /* bits of QrWant; 0: any */
  const char *const *drivers;
  const char *const *classes; /* beginnings of class codes */
  guint32 roles;              /* bits of qr_class_roles; 0: any */
  const char *const *lacking; /* none of these types is on the line */
  guint32 translation;        /* QrTranslation */
  guint32 named;              /* QrNamed */
  guint32 display;            /* QrDisplay */
  guint32 rivals;             /* QrRivals */
  guint32 hotplug;            /* QrHotplug */
  gboolean integrated;        /* the line asks for the root bus; nothing else takes those */
  gboolean assigned_graphics; /* only a host's integrated graphics */
  gboolean virtual_functions; /* only what makes virtual functions of SR-IOV */
  const char *property;       /* the user gave this property ... */
  const char *const *values;  /* ... one of these values */
} QrMatch;

typedef enum
{
  QR_WHERE_ROOT,      /* on the root complex */
  QR_WHERE_CHOSEN,    /* on the bus that the user named or QEMU would choose */
  QR_WHERE_COMPANION, /* in the slot of another function of the same set, on any bus */
  QR_WHERE_INSIDE,    /* on the buses of the ports and bridges that other homes made */
} QrWhere;

/* What chassis, slot and port numbers, and ids, follow from. */
typedef enum
{
  QR_NUMBERS_NONE,
  QR_NUMBERS_PLACE, /* ports.h has the formula */
  QR_NUMBERS_INDEX, /* the how-manieth port or bridge it is, from 1; ids too */
} QrNumbers;

/* A port or bridge of ours that devices go behind. */
typedef struct
{
  const char *driver;
  const char *prefix;  /* id: PREFIX-SLOT.FUNCTION-..., or PREFIX.INDEX */
  guint32 inner_slots; /* slots for devices on its bus */
  guint32 numbers;     /* QrNumbers */
  gboolean reserve_io; /* gets io-reserve=0 when nothing behind it has an I/O BAR */
  gboolean adopts;     /* a bridge of the user's at this place serves as well */
  guint32 limit;       /* how many of them there may be; 0: any number */
  gboolean packs;      /* takes several functions in a slot where the user lets them be packed */
} QrCarrier;

typedef struct
{
  const char *name;
  guint32 where;             /* QrWhere */
  const char *const *inside; /* with QR_WHERE_INSIDE: homes, tried in this order */
  guint32 slots;             /* bit set */
  guint32 functions;         /* bit set */
  guint32 takes;             /* bits of QrWant; 0: any */
  const QrCarrier *carrier;  /* NULL: the device itself goes there */
  const char *opener;   /* home whose carrier becomes function 0 when another function is used */
  gboolean exclusive;   /* functions 1 to 7 only beside a device of the carrier's type */
  gboolean empty_slots; /* only slots in which nothing is yet; no function 0 is needed */
  gboolean siblings;    /* functions of one assigned host slot stay together */
} QrHome;

typedef struct
{
  const char *name; /* "ich9/endpoint" */
  const QrMatch *match;
  const char *const *homes; /* tried in this order */
  gboolean alone;           /* nothing shares a port with it */
  gboolean joins;           /* tried for each device together with the rule before */
  gboolean demand;          /* where its homes are full no further rule is tried */
  const char *reason;       /* one phrase for people */
} QrRule;

/* Another view of what some types are than the catalogue's. */
typedef struct
{
  const char *const *drivers;
  guint32 want; /* QrWant */
} QrView;

/* Ports that stand empty for hot-plug. */
typedef struct
{
  const char *const *homes;    /* whose ports */
  const char *const *isolated; /* the same on a line with an IOMMU; NULL: no others */
  gboolean fill;       /* when the user says nothing: all that the first home has room for */
  guint32 count;       /* or so many */
  gboolean only_grown; /* none where no port was made, or the user gave one of his own */
} QrSpare;

typedef struct
{
  const char *name;
  guint32 version;
  const char *title;
  const char *const *machines; /* families it can place on */
  gboolean keeps_state;        /* addresses are those of plain QEMU: a saved state fits */
  gboolean takes_hints;        /* follows what the line asks of a device's place */
  gboolean numbers_ports;      /* numbers the user's ports that have no chassis and slot */
  gboolean opens_slots;        /* gives function 0 of a shared slot multifunction=on */
  gboolean counts_first;       /* how many ports are needed is counted first; then they get
                                  their places before the devices behind them */
  const char *companions;      /* property that names the bus of the first of a set; or NULL */
  const QrSpare *spare;        /* NULL: none */
  const QrView *views;
  guint32 n_views;
  const QrHome *homes;
  guint32 n_homes;
  const QrRule *rules;
  guint32 n_rules;
} QrPolicy;

extern const QrSchema qr_policy_schema;

/* How many bytes of @text, from its beginning, can be the name of a policy: a letter or digit,
 * then those and "-._". */
gsize qr_policy_name_length (const char *text);

/* The home @name, or NULL. */
const QrHome *qr_policy_find_home (const QrPolicy *policy, const char *name);

/* Whether @policy places on machines of @family. */
gboolean qr_policy_is_for (const QrPolicy *policy, const char *family);

/* Whether @home has the place @addr, on whatever bus. */
gboolean qr_home_has_place (const QrHome *home, QrPciAddr addr);

/* Refuses what the schema cannot: names of homes that there are not, homes named twice, homes
 * inside others that make no bus or inside themselves only, classes that are none, and what
 * cannot be a name or a version. @json is the policy's. */
gboolean qr_policy_validate (const QrPolicy *policy, const QrJson *json,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
