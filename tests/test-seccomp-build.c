/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters of the shipped profiles answer what libseccomp's own would, made of the same rules.
 */
#include "config.h"

#include "seccomp-build.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf-eval.h"
#include "filter-parts.h"
#include "sandbox.h"
#include "seccomp-profile.h"

enum
{
  NUMBERS = 1024,
  FILTER_BYTES_MAX = BPF_MAXINSNS * sizeof (struct sock_filter),
};

static void
read_rules (const QrFilter *filter, QrSeccompProfile *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (filter->text, strlen (filter->text), filter->name,
                                                 0, QR_STATUS_CONFIG, &error);
  gboolean good;
  QrJson root;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_read (&root, NULL, NULL, out, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

/* (transfer full) */
static guint8 *
build_by_libseccomp (const QrSeccompProfile *profile, gsize *size)
{
  scmp_filter_ctx filter = seccomp_init (profile->default_action);
  int fd = memfd_create ("filter", MFD_CLOEXEC);
  guint8 *bpf = g_malloc (FILTER_BYTES_MAX);
  ssize_t got;

  g_assert_nonnull (filter);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), ==,
                   0);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile->rules, QrSeccompRule, i);

      if (rule->number >= 0 && rule->action != profile->default_action)
        g_assert_cmpint (
            seccomp_rule_add_array (filter, rule->action, rule->number, rule->n_args, rule->args),
            ==, 0);
    }
  g_assert_cmpint (seccomp_export_bpf (filter, fd), ==, 0);
  got = pread (fd, bpf, FILTER_BYTES_MAX, 0);
  g_assert_cmpint (got, >, 0);
  *size = (gsize) got;
  (void) close (fd);
  seccomp_release (filter);
  return bpf;
}

/* Numbers that the rules compare with, and their neighbours. (transfer full) */
static GArray *
interesting (const QrSeccompProfile *profile, int number)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 none = 0;

  g_array_append_val (values, none);
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile->rules, QrSeccompRule, i);

      for (guint j = 0; rule->number == number && j < rule->n_args; j++)
        {
          const struct scmp_arg_cmp *arg = &rule->args[j];
          const guint64 more[]
              = { arg->datum_a,  arg->datum_a + 1,          arg->datum_b,      arg->datum_b | 1,
                  ~arg->datum_a, arg->datum_a | 1ull << 32, arg->datum_a << 32 };

          g_array_append_vals (values, more, G_N_ELEMENTS (more));
        }
    }
  return values;
}

static void
compare (const guint8 *one, gsize size, const guint8 *two, gsize other,
         const struct seccomp_data *call)
{
  BpfAnswer answer, wanted;

  g_assert_true (bpf_eval (one, size, call, &answer));
  g_assert_true (bpf_eval (two, other, call, &wanted));
  if (qr_filter_unmark (answer.action) != wanted.action)
    g_error ("call %d of %x (%llx, %llx, %llx, ...): %x, libseccomp %x", call->nr, call->arch,
             call->args[0], call->args[1], call->args[2], answer.action, wanted.action);
}

static void
test_same (gconstpointer data)
{
  static const int edges[] = { -1, -2, G_MININT, G_MAXINT, 0x3fffffff, 0x40000000, 0x40000001 };
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *own = NULL, *theirs = NULL;
  struct seccomp_data call = { .arch = seccomp_arch_native () };
  gsize size, other;

  read_rules (data, &profile);
  theirs = build_by_libseccomp (&profile, &other);
  g_assert_true (qr_seccomp_build (profile.default_action, (gconstpointer) profile.rules->data,
                                   profile.rules->len, &own, &size, &error));
  for (call.nr = 0; call.nr < NUMBERS; call.nr++)
    {
      g_autoptr (GArray) values = interesting (&profile, call.nr);

      for (guint i = 0; i < values->len * values->len; i++)
        {
          for (guint j = 0; j < G_N_ELEMENTS (call.args); j++)
            call.args[j] = g_array_index (values, guint64,
                                          (j % 2 == 0 ? i : i / values->len + j / 2) % values->len);
          compare (own, size, theirs, other, &call);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      call.nr = edges[i];
      compare (own, size, theirs, other, &call);
    }
}

/* libseccomp makes wrong filters of several comparisons of order on one argument. */
static void
test_equality (gconstpointer data)
{
  g_auto (QrSeccompProfile) profile = { 0 };

  read_rules (data, &profile);
  for (guint i = 0; i < profile.rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile.rules, QrSeccompRule, i);

      for (guint j = 0; j < rule->n_args; j++)
        g_assert_true (rule->args[j].op == SCMP_CMP_EQ || rule->args[j].op == SCMP_CMP_NE
                       || rule->args[j].op == SCMP_CMP_MASKED_EQ);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/seccomp-build/%s/same", qr_filters_builtin[i].name);

      g_autofree char *equality
          = g_strdup_printf ("/seccomp-build/%s/equality", qr_filters_builtin[i].name);

      g_test_add_data_func (path, &qr_filters_builtin[i], test_same);
      g_test_add_data_func (equality, &qr_filters_builtin[i], test_equality);
    }
  return g_test_run ();
}
