/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-build.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "autofd.h"
#include "diag.h"

enum
{
  RULE_COST = 3,       /* test, its share of the binary tree, return */
  COMPARISON_COST = 8, /* two halves of load, mask and test, and far jumps */
  BINARY_TREE = 2,     /* SCMP_FLTATR_CTL_OPTIMIZE */
  API_LEVEL = 3,       /* the first with SCMP_ACT_KILL_PROCESS */
};

static void
filter_release (scmp_filter_ctx *filter)
{
  if (*filter != NULL)
    seccomp_release (*filter);
}

#define autofilter __attribute__ ((cleanup (filter_release))) scmp_filter_ctx

guint
qr_seccomp_rule_cost (const QrSeccompRule *rule)
{
  return RULE_COST + COMPARISON_COST * rule->n_args;
}

/* The bits of the argument that a comparison looks at, when it asks for one value of them. */
static guint64
compared_bits (const struct scmp_arg_cmp *arg)
{
  if (arg->op == SCMP_CMP_EQ)
    return G_MAXUINT64;
  return arg->op == SCMP_CMP_MASKED_EQ ? arg->datum_a : 0;
}

static guint64
compared_value (const struct scmp_arg_cmp *arg)
{
  return arg->op == SCMP_CMP_EQ ? arg->datum_a : arg->datum_b;
}

/* Whether no call can match both: they want different values of one argument. */
static gboolean
rules_exclude (const QrSeccompRule *one, const QrSeccompRule *two)
{
  for (guint i = 0; i < one->n_args; i++)
    for (guint j = 0; j < two->n_args; j++)
      {
        const struct scmp_arg_cmp *a = &one->args[i], *b = &two->args[j];
        guint64 both = compared_bits (a) & compared_bits (b);

        if (a->arg == b->arg && ((compared_value (a) ^ compared_value (b)) & both) != 0)
          return TRUE;
      }
  return FALSE;
}

/* Whether @one only says what holds where @two does not apply. */
static gboolean
rule_is_remainder (const QrSeccompRule *one, const QrSeccompRule *two, guint32 default_action)
{
  return one->n_args == 0 && one->action == default_action && two->n_args > 0;
}

gboolean
qr_seccomp_rules_contradict (const QrSeccompRule *one, const QrSeccompRule *two,
                             guint32 default_action)
{
  return one->number == two->number && one->action != two->action && !rules_exclude (one, two)
         && !rule_is_remainder (one, two, default_action)
         && !rule_is_remainder (two, one, default_action);
}

static gboolean
rule_is_equality (const QrSeccompRule *rule)
{
  for (guint i = 0; i < rule->n_args; i++)
    if (rule->args[i].op != SCMP_CMP_EQ)
      return FALSE;
  return TRUE;
}

gboolean
qr_seccomp_rules_mix (const QrSeccompRule *one, const QrSeccompRule *two)
{
  if (one->number != two->number || (rule_is_equality (one) && rule_is_equality (two)))
    return TRUE;
  if (one->n_args > 1 || two->n_args > 1)
    return FALSE;
  return one->n_args == 0 || two->n_args == 0 || one->args[0].arg == two->args[0].arg;
}

static gboolean
build_fault (const char *what, int code, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-build", NULL, NULL,
                "cannot build the seccomp filter: %s: %s", what, g_strerror (code));
  return FALSE;
}

static gboolean
set_attributes (scmp_filter_ctx filter, GError **error)
{
  int code = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

  if (code == 0)
    code = seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
  return code == 0 || build_fault ("attributes", -code, error);
}

/* A rule said twice is no fault, nor one for a call of other architectures. */
static gboolean
add_rule (scmp_filter_ctx filter, const QrSeccompRule *rule, GError **error)
{
  int code = rule->number < 0 ? 0
                              : seccomp_rule_add_array (filter, rule->action, rule->number,
                                                        rule->n_args, rule->args);

  if (code == 0 || code == -EEXIST)
    return TRUE;
  return build_fault ("a rule", -code, error);
}

static gboolean
read_back (int fd, guint8 **bpf, gsize *size, GError **error)
{
  g_autofree guint8 *program = NULL;
  struct stat info;
  gsize at = 0;

  if (fstat (fd, &info) < 0)
    return build_fault ("fstat", errno, error);
  program = g_malloc ((gsize) info.st_size);
  while (at < (gsize) info.st_size)
    {
      ssize_t got = pread (fd, program + at, (gsize) info.st_size - at, (off_t) at);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return build_fault ("read", got < 0 ? errno : EIO, error);
      at += (gsize) got;
    }
  *size = at;
  *bpf = g_steal_pointer (&program);
  return TRUE;
}

static gboolean
export_program (scmp_filter_ctx filter, guint8 **bpf, gsize *size, GError **error)
{
  qr_autofd fd = memfd_create ("qriser-seccomp", MFD_CLOEXEC);
  int code;

  if (fd < 0)
    return build_fault ("memfd_create", errno, error);
  code = seccomp_export_bpf (filter, fd);
  if (code != 0)
    return build_fault ("export", -code, error);
  return read_back (fd, bpf, size, error);
}

gboolean
qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules, guint8 **bpf,
                  gsize *size, GError **error)
{
  autofilter filter = NULL;

  /* Or libseccomp asks this machine's kernel, which need not be the one that runs the filter. */
  (void) seccomp_api_set (API_LEVEL);
  filter = seccomp_init (default_action);
  if (filter == NULL)
    return build_fault ("start", ENOMEM, error);
  if (!set_attributes (filter, error))
    return FALSE;
  for (guint i = 0; i < n_rules; i++)
    if (rules[i].action != default_action && !add_rule (filter, &rules[i], error))
      return FALSE;
  return export_program (filter, bpf, size, error);
}
