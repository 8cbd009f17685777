/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which calls a listener is asked about, by the tests' own evaluator. */
#include "config.h"

#include "asked.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "bpf-eval.h"
#include "filter-parts.h"
#include "sandbox.h"

enum
{
  NUMBERS = 1024,
};

/* Of the architecture that shipped filters allow calls of. */
static guint32
native (void)
{
  static const guint32 known[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64, AUDIT_ARCH_RISCV64 };
  const QrFilter *filter = qr_sandbox_find_builtin ("default");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const struct seccomp_data call = { .nr = SYS_read, .arch = known[i] };
      BpfAnswer answer;

      if (bpf_eval (filter->bpf, filter->size, &call, &answer)
          && answer.action == SECCOMP_RET_ALLOW)
        return known[i];
    }
  g_assert_not_reached ();
}

static guint32
answer_to (const guint8 *bpf, gsize size, int number, guint32 arch, guint64 first)
{
  const struct seccomp_data call = { .nr = number, .arch = arch, .args = { first } };
  BpfAnswer answer;

  g_assert_true (bpf_eval (bpf, size, &call, &answer));
  return answer.action;
}

static gboolean
is_exec (int number)
{
  return number == SYS_execve || number == SYS_execveat;
}

static gboolean
is_change (int number)
{
  return number == SYS_chroot || number == SYS_setgid || number == SYS_setgroups
         || number == SYS_setuid || number == SYS_setresgid || number == SYS_setresuid;
}

/* Threads are nobody's business. */
static void
test_start (void)
{
  static const guint64 threads[] = { 0x3d0f00, 0x7d0f00, CLONE_THREAD };
  static const guint64 processes[] = { 0x1200011, SIGCHLD, CLONE_VFORK | CLONE_VM | SIGCHLD, 0 };
  gsize size;
  g_autofree guint8 *bpf = qr_asked_filter (QR_ASKED_START, &size);

  for (int number = 0; number < NUMBERS; number++)
    {
      gboolean asked = is_exec (number) || number == SYS_setsid || is_change (number);

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_assert_cmphex (answer_to (bpf, size, number, native (), threads[i]), ==,
                         asked ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW);
      for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
        g_assert_cmphex (answer_to (bpf, size, number, native (), processes[i]), ==,
                         asked || number == SYS_clone ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW);
      g_assert_cmphex (answer_to (bpf, size, number, AUDIT_ARCH_I386, 0), ==, SECCOMP_RET_ALLOW);
    }
}

static void
test_all (void)
{
  gsize size;
  g_autofree guint8 *bpf = qr_asked_filter (QR_ASKED_ALL, &size);

  for (int number = 0; number < NUMBERS; number++)
    {
      g_assert_cmphex (answer_to (bpf, size, number, native (), 0), ==, SECCOMP_RET_USER_NOTIF);
      g_assert_cmphex (answer_to (bpf, size, number, AUDIT_ARCH_I386, 0), ==,
                       SECCOMP_RET_KILL_PROCESS);
    }
}

/* Whatever a profile does not plainly allow. */
static void
test_instead (gconstpointer data)
{
  const QrFilter *filter = data;
  g_autofree guint8 *bpf = qr_asked_instead (filter->bpf, filter->size);

  for (int number = 0; number < NUMBERS; number++)
    for (guint64 first = 0; first < 48; first++)
      {
        guint32 plain = answer_to (filter->bpf, filter->size, number, native (), first);
        guint32 asking = answer_to (bpf, filter->size, number, native (), first);

        g_assert_cmphex (asking, ==,
                         plain == SECCOMP_RET_ALLOW && !is_exec (number) ? SECCOMP_RET_ALLOW
                                                                         : SECCOMP_RET_USER_NOTIF);
      }
  g_assert_cmphex (answer_to (bpf, filter->size, 0, AUDIT_ARCH_I386, 0), ==,
                   SECCOMP_RET_USER_NOTIF);
}

/* What an overlay refuses is asked about, and what the profile behind it does. */
static void
test_joined (gconstpointer data)
{
  const QrFilter *overlay = data, *filter = qr_sandbox_find_builtin ("default");
  gsize size;
  g_autofree guint8 *joined
      = qr_filter_join (overlay->bpf, overlay->size, filter->bpf, filter->size, &size);
  g_autofree guint8 *asking = qr_asked_instead (joined, size);
  guint taken = 0;

  for (int number = 0; number < NUMBERS; number++)
    for (guint64 third = 0; third < 8; third++)
      {
        const struct seccomp_data call = { .nr = number, .arch = native (), .args = { [2] = third } };
        BpfAnswer first, second, both, asked;
        gboolean refused;

        g_assert_true (bpf_eval (overlay->bpf, overlay->size, &call, &first));
        g_assert_true (bpf_eval (filter->bpf, filter->size, &call, &second));
        g_assert_true (bpf_eval (joined, size, &call, &both));
        g_assert_true (bpf_eval (asking, size, &call, &asked));
        refused = qr_filter_unmark (first.action) != SECCOMP_RET_ALLOW;
        taken += refused && second.action == SECCOMP_RET_ALLOW;
        g_assert_cmphex (both.action, ==, refused ? first.action : second.action);
        g_assert_cmphex (asked.action, ==,
                         refused || second.action != SECCOMP_RET_ALLOW ? SECCOMP_RET_USER_NOTIF
                                                                       : SECCOMP_RET_ALLOW);
      }
  g_assert_cmpuint (taken, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/asked/start", test_start);
  g_test_add_func ("/asked/all", test_all);
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    {
      g_autofree char *path = g_strdup_printf ("/asked/instead/%s", qr_filters_builtin[i].name);

      g_test_add_data_func (path, &qr_filters_builtin[i], test_instead);
      if (qr_filters_builtin[i].is_overlay)
        {
          g_autofree char *joined = g_strdup_printf ("/asked/joined/%s", qr_filters_builtin[i].name);

          g_test_add_data_func (joined, &qr_filters_builtin[i], test_joined);
        }
    }
  return g_test_run ();
}
