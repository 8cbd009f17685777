/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-rule.h: the rules of a seccomp filter.
 *
 * Rules have no order: all comparisons of a rule must hold, and any rule may match.
 * Sources: seccomp_rule_add(3), BPF_MAXINSNS of the kernel.
 */
#pragma once

#include <glib.h>
#include <seccomp.h>

enum
{
  QR_SECCOMP_ARGUMENTS = 6, /* of a system call, as a filter sees it */
  QR_SECCOMP_COST_MAX = 4096,
  QR_SECCOMP_NUMBERS = 1024, /* of calls; more than any architecture has */
};

typedef struct
{
  int number; /* negative: exists, but not on this architecture */
  guint32 action;
  guint n_args;
  struct scmp_arg_cmp args[QR_SECCOMP_ARGUMENTS]; /* each argument once; all hold for some values
                                                     and not for others */
  gboolean on_some;  /* it holds on some machines only, this one among them */
  gsize entry, name; /* where it was written, for the reader */
} QrSeccompRule;

/* Whether @arg holds for @value, all numbers without sign. */
gboolean qr_seccomp_holds (const struct scmp_arg_cmp *arg, guint64 value);

/* The most instructions that @rule takes, with its share of those that find the call; the kernel
 * takes QR_SECCOMP_COST_MAX in all. */
guint qr_seccomp_rule_cost (const QrSeccompRule *rule);

/* Whether a call may match both and the two want different things of it. An
 * unconditional rule of the default action contradicts no conditional one. */
gboolean qr_seccomp_rules_contradict (const QrSeccompRule *one, const QrSeccompRule *two,
                                      guint32 default_action);

/* Whether no call can match both, as far as one argument tells: they want different values of it.
 */
gboolean qr_seccomp_rules_exclude (const QrSeccompRule *one, const QrSeccompRule *two);

/* Whether both compare the same arguments with the same values, in the same order. */
gboolean qr_seccomp_rules_compare_alike (const QrSeccompRule *one, const QrSeccompRule *two);

/* Whether @wider matches each call that @rule does, as far as the ranges of values tell that they
 * compare for; both are for the same call. */
gboolean qr_seccomp_rule_covers (const QrSeccompRule *wider, const QrSeccompRule *rule);
