/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-build.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "autofd.h"
#include "diag.h"
#include "seccomp-ladder.h"

enum
{
  BINARY_TREE = 2, /* SCMP_FLTATR_CTL_OPTIMIZE */
  API_LEVEL = 3,   /* the first with SCMP_ACT_KILL_PROCESS */
};

static void
filter_release (scmp_filter_ctx *filter)
{
  if (*filter != NULL)
    seccomp_release (*filter);
}

#define autofilter __attribute__ ((cleanup (filter_release))) scmp_filter_ctx

static gboolean
rule_is_equality (const QrSeccompRule *rule)
{
  for (guint i = 0; i < rule->n_args; i++)
    if (rule->args[i].op != SCMP_CMP_EQ)
      return FALSE;
  return TRUE;
}

/* Whether libseccomp makes a right filter of both; with @one twice, of one. It does while a call's
 * rules have SCMP_CMP_EQ only, or all compare one argument: by measurement with 2.5.4, where other
 * mixtures come out wrong or take minutes. */
static gboolean
rules_mix (const QrSeccompRule *one, const QrSeccompRule *two)
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
export_program (scmp_filter_ctx filter, GArray *program, GError **error)
{
  qr_autofd fd = memfd_create ("qriser-seccomp", MFD_CLOEXEC);
  g_autofree guint8 *bpf = NULL;
  gsize size;
  int code;

  if (fd < 0)
    return build_fault ("memfd_create", errno, error);
  code = seccomp_export_bpf (filter, fd);
  if (code != 0)
    return build_fault ("export", -code, error);
  if (!read_back (fd, &bpf, &size, error))
    return FALSE;
  g_array_append_vals (program, bpf, (guint) (size / sizeof (struct sock_filter)));
  return TRUE;
}

/* The calls whose rules do not mix; the profile's default is done without a rule. */
static void
find_ladders (guint32 default_action, const QrSeccompRule *rules, guint n, GArray *numbers)
{
  for (guint i = 0; i < n; i++)
    {
      gboolean mixes = rules[i].number < 0 || rules[i].action == default_action;

      for (guint j = 0; j < numbers->len; j++)
        mixes |= g_array_index (numbers, int, j) == rules[i].number;
      for (guint j = 0; j <= i && !mixes; j++)
        if (rules[j].action != default_action && !rules_mix (&rules[j], &rules[i]))
          {
            g_array_append_val (numbers, rules[i].number);
            break;
          }
    }
}

static gboolean
has_ladder (const GArray *numbers, int number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, int, i) == number)
      return TRUE;
  return FALSE;
}

/* No profile may ask for it, so each return of it is one of ours. */
static guint32
stand_in (guint ladder)
{
  return SCMP_ACT_TRACE (ladder);
}

static gboolean
add_rules (scmp_filter_ctx filter, guint32 default_action, const QrSeccompRule *rules, guint n,
           const GArray *ladders, GError **error)
{
  for (guint i = 0; i < ladders->len; i++)
    {
      QrSeccompRule whole = { g_array_index (ladders, int, i), stand_in (i), 0, { { 0 } }, 0, 0 };

      if (!add_rule (filter, &whole, error))
        return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (rules[i].action != default_action && !has_ladder (ladders, rules[i].number)
        && !add_rule (filter, &rules[i], error))
      return FALSE;
  return TRUE;
}

gboolean
qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules, guint8 **bpf,
                  gsize *size, GError **error)
{
  autofilter filter = NULL;
  g_autoptr (GArray) ladders = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) program = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  /* Or libseccomp asks this machine's kernel, which need not be the one that runs the filter. */
  (void) seccomp_api_set (API_LEVEL);
  filter = seccomp_init (default_action);
  if (filter == NULL)
    return build_fault ("start", ENOMEM, error);
  find_ladders (default_action, rules, n_rules, ladders);
  if (!set_attributes (filter, error)
      || !add_rules (filter, default_action, rules, n_rules, ladders, error)
      || !export_program (filter, program, error))
    return FALSE;
  for (guint i = 0; i < ladders->len; i++)
    qr_seccomp_ladder (program, rules, n_rules, g_array_index (ladders, int, i), default_action,
                       stand_in (i));
  *size = program->len * sizeof (struct sock_filter);
  *bpf = g_memdup2 (program->data, *size);
  return TRUE;
}
