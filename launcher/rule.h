/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.h: what the rules of check.h share: what one looks at, and how it says what it found.
 *
 * A rule looks at one device of the user's and knows no severity, code or hint: those stand
 * in the table of check.c.
 */
#pragma once

#include "topology.h"

/* Numbers that only one device may have. */
typedef enum
{
  QR_NUMBER_PHYSICAL, /* chassis and slot of a port */
  QR_NUMBER_EXPANDER, /* an expander's bus */
  QR_NUMBER_BRIDGE,   /* chassis of a conventional bridge */
  QR_NUMBER_ACPI,     /* acpi-index */
  QR_NUMBER_BOOT,     /* bootindex */
  QR_N_NUMBERS,
} QrNumber;

/* What a run over one topology remembers for its rules. */
typedef struct
{
  GHashTable *takers[QR_N_NUMBERS]; /* number → the first device with it; NULL: none yet */
  gboolean hexadecimal;             /* some address of the line cannot be meant in decimal */
} QrRuleMemory;

void qr_rule_memory_init (QrRuleMemory *memory, const QrTopology *topology);
void qr_rule_memory_clear (QrRuleMemory *memory);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrRuleMemory, qr_rule_memory_clear)

/* The device that came first with @number, or NULL after noting that @device has it. */
const QrDevice *qr_rule_take (QrRuleMemory *memory, QrNumber kind, guint number,
                              const QrDevice *device);

/* What a rule found on one device. */
typedef struct
{
  char *message;   /* owned */
  const char *key; /* property to point at; NULL: the whole device */
  char *hint;      /* owned; NULL: that of the rule */
  gboolean ours;   /* ports or bridges of ours have part in it: plain QEMU would do better */
} QrFinding;

void qr_finding_clear (QrFinding *finding);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QrFinding, qr_finding_clear)

typedef gboolean (*QrRuleFind) (QrRuleMemory *memory, const QrDevice *device, QrFinding *finding);

/* Fills @finding; TRUE, so that a rule can end with it. */
gboolean qr_rule_found (QrFinding *finding, const char *key, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Whether @device is on the bus of a root port or a switch downstream port. */
gboolean qr_rule_is_below_port (const QrDevice *device);
