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

/* A rule said twice is no fault. */
static gboolean
add_rule (scmp_filter_ctx filter, const QrSeccompRule *rule, GError **error)
{
  int code = seccomp_rule_add (filter, rule->action, rule->number, 0);

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

/* The rules that say something, in the order of @rules: of a call that has one without comparisons
 * that one only, because all others agree with it. */
static GArray *
effective_rules (guint32 default_action, const QrSeccompRule *rules, guint n)
{
  GArray *whole = g_array_new (FALSE, TRUE, sizeof (gboolean));
  GArray *out = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));
  int most = 0;

  for (guint i = 0; i < n; i++)
    most = MAX (most, rules[i].number);
  g_array_set_size (whole, (guint) most + 1);
  for (guint i = 0; i < n; i++)
    if (rules[i].number >= 0 && rules[i].n_args == 0 && rules[i].action != default_action)
      g_array_index (whole, gboolean, rules[i].number) = TRUE;
  for (guint i = 0; i < n; i++)
    if (rules[i].number >= 0 && rules[i].action != default_action
        && (rules[i].n_args == 0 || !g_array_index (whole, gboolean, rules[i].number)))
      g_array_append_val (out, rules[i]);
  g_array_unref (whole);
  return out;
}

static gboolean
has_number (const GArray *numbers, int number)
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

/* Calls with comparisons get one rule that stands in for all of theirs. */
static gboolean
add_rules (scmp_filter_ctx filter, const GArray *rules, GArray *ladders, GError **error)
{
  for (guint i = 0; i < rules->len; i++)
    {
      QrSeccompRule rule = g_array_index (rules, QrSeccompRule, i);

      if (rule.n_args > 0 && has_number (ladders, rule.number))
        continue;
      if (rule.n_args > 0)
        {
          rule.n_args = 0;
          rule.action = stand_in (ladders->len);
          g_array_append_val (ladders, rule.number);
        }
      if (!add_rule (filter, &rule, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_seccomp_build (guint32 default_action, const QrSeccompRule *rules, guint n_rules, guint8 **bpf,
                  gsize *size, GError **error)
{
  autofilter filter = NULL;
  g_autoptr (GArray) effective = effective_rules (default_action, rules, n_rules);
  g_autoptr (GArray) ladders = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) program = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  /* Or libseccomp asks this machine's kernel, which need not be the one that runs the filter. */
  (void) seccomp_api_set (API_LEVEL);
  filter = seccomp_init (default_action);
  if (filter == NULL)
    return build_fault ("start", ENOMEM, error);
  if (!set_attributes (filter, error) || !add_rules (filter, effective, ladders, error)
      || !export_program (filter, program, error))
    return FALSE;
  for (guint i = 0; i < ladders->len; i++)
    qr_seccomp_ladder (program, effective, g_array_index (ladders, int, i), default_action,
                       stand_in (i));
  *size = program->len * sizeof (struct sock_filter);
  *bpf = g_memdup2 (program->data, *size);
  return TRUE;
}
