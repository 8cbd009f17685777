/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a profile was used, call by call. */
#include "config.h"

#include "record.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#include "seccomp-write.h"
#include "testlib.h"

enum
{
  QEMU = 100, /* made-up process numbers */
  OTHER = 101,
};

typedef struct
{
  QrRecord record;
  QrFilters filters;
  QrSeccompProfile rules;
} Recorded;

static void
set_up (Recorded *recorded, const char *profile)
{
  g_assert_true (qr_filters_find (profile, NULL, &recorded->filters, NULL));
  g_assert_true (qr_seccomp_named (profile, TRUE, NULL, &recorded->rules, NULL));
  qr_record_init (&recorded->record, &recorded->filters, &recorded->rules);
}

static void
tear_down (Recorded *recorded)
{
  qr_record_clear (&recorded->record);
  qr_filters_clear (&recorded->filters);
  qr_seccomp_profile_clear (&recorded->rules);
}

static void
call (Recorded *recorded, int number, guint64 first, pid_t caller, QrRuling ruling, int code)
{
  const struct seccomp_data data
      = { .nr = number, .arch = seccomp_arch_native (), .args = { first } };
  int got = 0;

  g_assert_cmpint (qr_record_judge (&data, caller, QEMU, &got, &recorded->record), ==, ruling);
  g_assert_cmpint (got, ==, code);
}

static void
becomes_qemu (Recorded *recorded)
{
  call (recorded, SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
}

/* Checks the calls that the profile allows, each with its condition. */
static void
allows (const Recorded *recorded, const char *expected)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  qr_record_profile (&recorded->record, &profile);
  for (guint i = 0; i < profile.rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile.rules, QrSeccompRule, i);
      g_autofree char *name
          = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), rule->number);
      g_autofree char *text = qr_seccomp_rule_text (rule);

      if (rule->action == SCMP_ACT_ALLOW)
        g_string_append_printf (out, "%s%s; ", name, text + strlen ("allowed"));
    }
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_used (void)
{
  Recorded recorded = { 0 };

  set_up (&recorded, "default+kvm-wx");
  call (&recorded, SYS_write, 1, QEMU, QR_RULING_GO_ON, 0); /* qriser's own */
  becomes_qemu (&recorded);
  call (&recorded, SYS_read, 0, QEMU, QR_RULING_GO_ON, 0);
  call (&recorded, SYS_read, 1, OTHER, QR_RULING_GO_ON, 0);
  call (&recorded, SYS_socket, 2, QEMU, QR_RULING_GO_ON, 0);
  g_assert_cmpuint (recorded.record.found, ==, 3);
  allows (&recorded, "read; execve; socket where argument 0 is 0x2; ");
  qr_record_again (&recorded.record);
  becomes_qemu (&recorded);
  call (&recorded, SYS_read, 0, QEMU, QR_RULING_GO_ON, 0);
  g_assert_cmpuint (recorded.record.found, ==, 0);
  call (&recorded, SYS_lseek, 0, QEMU, QR_RULING_GO_ON, 0);
  g_assert_cmpuint (recorded.record.found, ==, 1);
  tear_down (&recorded);
}

static void
test_refused (void)
{
  Recorded recorded = { 0 };
  g_autofree char *refused = NULL;

  set_up (&recorded, "default");
  becomes_qemu (&recorded);
  call (&recorded, SYS_execve, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  call (&recorded, SYS_io_uring_setup, 0, QEMU, QR_RULING_REFUSE, EPERM);
  call (&recorded, SYS_clone3, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  call (&recorded, SYS_socket, 16, QEMU, QR_RULING_REFUSE, EPERM);
  allows (&recorded, "execve; ");
  refused = qr_record_refused (&recorded.record);
  g_assert_cmpstr (refused, ==,
                   "clone3 (ENOSYS), execve (ENOSYS), io_uring_setup (EPERM), socket (EPERM)");
  tear_down (&recorded);
}

/* What a profile ends QEMU for ends it here. */
static void
test_killed (void)
{
  Recorded recorded = { 0 };

  set_up (&recorded, "strict");
  becomes_qemu (&recorded);
  call (&recorded, SYS_ptrace, 0, QEMU, QR_RULING_KILL, 0);
  tear_down (&recorded);
}

/* Under a profile that only logs all is found, but for what no QEMU does. */
static void
test_audit (void)
{
  Recorded recorded = { 0 };
  g_autofree char *refused = NULL;

  set_up (&recorded, "audit");
  recorded.record.starts_programs = TRUE;
  becomes_qemu (&recorded);
  call (&recorded, SYS_execve, 0, OTHER, QR_RULING_GO_ON, 0);
  call (&recorded, SYS_io_uring_setup, 0, QEMU, QR_RULING_GO_ON, 0);
  call (&recorded, SYS_ptrace, 0, QEMU, QR_RULING_REFUSE, EPERM);
  allows (&recorded, "execve; io_uring_setup; ");
  refused = qr_record_refused (&recorded.record);
  g_assert_cmpstr (refused, ==, "ptrace (EPERM)");
  tear_down (&recorded);
}

static void
test_merge (void)
{
  Recorded first = { 0 }, second = { 0 };
  g_auto (QrSeccompProfile) earlier = { 0 };

  set_up (&first, "default");
  becomes_qemu (&first);
  call (&first, SYS_socket, 1, QEMU, QR_RULING_GO_ON, 0);
  call (&first, SYS_read, 0, QEMU, QR_RULING_GO_ON, 0);
  qr_record_profile (&first.record, &earlier);
  set_up (&second, "strict"); /* which allows no less of these */
  qr_record_merge (&second.record, &earlier);
  qr_record_again (&second.record);
  becomes_qemu (&second);
  g_assert_cmpuint (second.record.found, ==, 0);
  allows (&second, "read; execve; socket where argument 0 is 0x1; ");
  tear_down (&first);
  tear_down (&second);
}

/* A rule of another profile that is wider, or narrower, keeps ours. */
static void
test_merge_wider (void)
{
  Recorded recorded = { 0 };
  g_auto (QrSeccompProfile) other
      = { SCMP_ACT_ERRNO (1), g_array_new (FALSE, FALSE, sizeof (QrSeccompRule)) };
  const QrSeccompRule rules[] = { { .number = SYS_socket, .action = SCMP_ACT_LOG },
                                  { .number = SYS_read,
                                    .action = SCMP_ACT_ALLOW,
                                    .n_args = 1,
                                    .args = { { 0, SCMP_CMP_EQ, 3, 0 } } },
                                  { .number = SYS_mount, .action = SCMP_ACT_ALLOW },
                                  { .number = SYS_lseek, .action = SCMP_ACT_ERRNO (1) } };

  g_array_append_vals (other.rules, rules, G_N_ELEMENTS (rules));
  set_up (&recorded, "strict");
  qr_record_merge (&recorded.record, &other);
  allows (&recorded, "read; socket where argument 0 is 0x1; socket where argument 0 is 0x2; "
                     "socket where argument 0 is 0xa; ");
  tear_down (&recorded);
}

static void
exclude (const char *profile, const char *expected)
{
  g_auto (QrSeccompProfile) rules = { 0 }, overlay = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_true (qr_seccomp_named (profile, TRUE, NULL, &rules, NULL));
  g_assert_true (qr_seccomp_named ("kvm-wx", FALSE, NULL, &overlay, NULL));
  g_assert_true (qr_record_exclude (&rules, &overlay, NULL));
  g_assert_true (qr_record_exclude (&rules, &overlay, NULL)); /* nothing is left of it */
  for (guint i = 0; i < rules.rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (rules.rules, QrSeccompRule, i);
      g_autofree char *text = qr_seccomp_rule_text (rule);

      if (rule->number == SYS_mmap || rule->number == SYS_mprotect)
        g_string_append_printf (out, "%s %s; ", rule->number == SYS_mmap ? "mmap" : "mprotect",
                                text);
    }
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_exclude (void)
{
  exclude (
      "strict",
      "mmap allowed where argument 2 & 0x6 is 0x4; mmap allowed where argument 2 & 0x6 is 0x2; "
      "mmap allowed where argument 2 & 0x6 is 0; mprotect allowed where argument 2 & 0x4 is 0; ");
}

/* What a filter has another condition on cannot be taken from. */
static void
test_exclude_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (QrSeccompProfile) overlay = { 0 };
  g_auto (QrSeccompProfile) rules
      = { SCMP_ACT_ERRNO (1), g_array_new (FALSE, FALSE, sizeof (QrSeccompRule)) };
  const QrSeccompRule rule = { .number = SYS_mmap,
                               .action = SCMP_ACT_ALLOW,
                               .n_args = 1,
                               .args = { { 2, SCMP_CMP_MASKED_EQ, 1, 1 } } };

  g_array_append_val (rules.rules, rule);
  g_assert_true (qr_seccomp_named ("kvm-wx", FALSE, NULL, &overlay, NULL));
  g_assert_false (qr_record_exclude (&rules, &overlay, &error));
  test_error_code (&error, QR_STATUS_UNAVAILABLE, "overlay", "overlay");
}

static void
test_nameless (void)
{
  Recorded recorded = { 0 };
  g_autofree char *nameless = NULL;

  set_up (&recorded, "audit");
  becomes_qemu (&recorded);
  call (&recorded, 4000, 0, QEMU, QR_RULING_GO_ON, 0);
  nameless = qr_record_nameless (&recorded.record);
  g_assert_cmpstr (nameless, ==, "4000");
  allows (&recorded, "execve; "); /* no filter needs to allow what no kernel has */
  tear_down (&recorded);
}

/* How a thread ends is in it before anybody has seen one end, and where no rule is for it. */
static void
keeps_ends (const char *profile)
{
  Recorded recorded = { 0 };
  g_auto (QrSeccompProfile) made = { 0 };
  guint n = 0;

  set_up (&recorded, profile);
  g_assert_true (qr_record_keep_ends (&recorded.record, NULL));
  qr_record_again (&recorded.record);
  becomes_qemu (&recorded);
  call (&recorded, SYS_exit, 0, OTHER, QR_RULING_GO_ON, 0);
  g_assert_cmpuint (recorded.record.found, ==, 1); /* execve */
  qr_record_profile (&recorded.record, &made);
  for (guint i = 0; i < made.rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (made.rules, QrSeccompRule, i);

      n += rule->action == SCMP_ACT_ALLOW
           && (rule->number == SYS_exit || rule->number == SYS_exit_group
               || rule->number == SYS_rt_sigreturn || rule->number == SYS_restart_syscall);
    }
  g_assert_cmpuint (n, ==, 4);
  tear_down (&recorded);
}

static void
test_ends (void)
{
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (!qr_filters_builtin[i].is_overlay)
      keeps_ends (qr_filters_builtin[i].name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/used", test_used);
  g_test_add_func ("/record/refused", test_refused);
  g_test_add_func ("/record/killed", test_killed);
  g_test_add_func ("/record/audit", test_audit);
  g_test_add_func ("/record/merge", test_merge);
  g_test_add_func ("/record/merge-wider", test_merge_wider);
  g_test_add_func ("/record/exclude", test_exclude);
  g_test_add_func ("/record/exclude-refused", test_exclude_refused);
  g_test_add_func ("/record/nameless", test_nameless);
  g_test_add_func ("/record/ends", test_ends);
  return g_test_run ();
}
