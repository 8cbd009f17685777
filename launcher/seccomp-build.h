/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp-build.h: the rules of a filter, and the classic BPF made of them.
 *
 * Knows libseccomp: which rules it turns into a right filter, and how to get the
 * program out of it. Knows nothing of how a profile is written.
 *
 * Rules have no order: all comparisons of a rule must hold, and any rule may
 * match. A rule whose action is the default one is dropped, as runc does.
 * Sources: seccomp_rule_add(3), seccomp_attr_set(3), BPF_MAXINSNS of the kernel.
 */
#pragma once

#include <glib.h>
#include <seccomp.h>

enum
{
  QR_SECCOMP_ARGUMENTS = 6, /* of a system call, as a filter sees it */
  QR_SECCOMP_COST_MAX = 4096,
};

typedef struct
{
  int number; /* negative: exists, but not on this architecture */
  guint32 action;
  guint n_args;
  struct scmp_arg_cmp args[QR_SECCOMP_ARGUMENTS]; /* EQ, NE and MASKED_EQ, each argument once */
  gsize entry, name;                              /* where it was written, for the reader */
} QrSeccompRule;

/* The most instructions that @rule can take. libseccomp before 2.6.1 corrupts its
 * heap over a filter of more than QR_SECCOMP_COST_MAX: add up before building. */
guint qr_seccomp_rule_cost (const QrSeccompRule *rule);

/* Whether a call may match both and the two want different things of it. An
 * unconditional rule of the default action contradicts no conditional one. */
gboolean qr_seccomp_rules_contradict (const QrSeccompRule *one, const QrSeccompRule *two,
                                      guint32 default_action);

/* Whether libseccomp makes a right filter of both; with @one twice, of one. It does
 * while a call's rules have SCMP_CMP_EQ only, or all compare one argument: by
 * measurement with 2.5.4, where other mixtures come out wrong or take minutes. */
gboolean qr_seccomp_rules_mix (const QrSeccompRule *one, const QrSeccompRule *two);

/**
 * qr_seccomp_build:
 * @bpf: (out) (transfer full): struct sock_filter[], set only on success
 * @size: (out): bytes of @bpf
 * @error: QR_STATUS_UNAVAILABLE, code "seccomp-build"
 *
 * For the native architecture; calls through another one, or the x32 ABI, kill
 * the process.
 */
gboolean qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules,
                           guint8 **bpf, gsize *size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
