/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU changes of its root directory and its user: each once, in this order. */
#include "config.h"

#include "change.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
  CALLS = 8,
  UID = 1001,
  GID = 1002,
};

#define ROOT SYS_chroot, 0
#define GROUP SYS_setgid, GID
#define GROUPS SYS_setgroups, 1
#define USER SYS_setuid, UID
#define AS_ROOT SYS_setuid, 0

#define GO QR_RULING_GO_ON, ENOSYS
#define NO QR_RULING_REFUSE, ENOSYS
#define END QR_RULING_CLOSE, ENOSYS
#define LAST QR_RULING_LAST, ENOSYS

/* The root directory is QEMU's own, but for "missing" and what is behind that: nothing is changed
 * by a directory that is not there. */
static const struct
{
  const char *name, *root;
  gboolean user, shares;
  struct
  {
    int number;
    guint64 first;
    QrRuling ruling;
    int code;
  } calls[CALLS]; /* ended by number 0 */
} cases[] = {
  { "user", NULL, TRUE, TRUE, { { GROUP, GO }, { GROUPS, GO }, { USER, GO }, { AS_ROOT, END } } },
  { "each-thread", NULL, TRUE, TRUE,
    { { GROUP, GO }, { GROUP, GO }, { GROUPS, GO }, { GROUPS, GO }, { USER, GO }, { USER, GO },
      { AS_ROOT, END } } },
  { "root-and-user", "/r", TRUE, FALSE,
    { { ROOT, GO }, { GROUP, GO }, { GROUPS, GO }, { USER, GO }, { AS_ROOT, END } } },
  { "root", "/r", FALSE, FALSE, { { ROOT, LAST } } },
  { "root-alone", "/r", FALSE, FALSE, { { GROUP, NO }, { USER, NO }, { ROOT, LAST } } },
  { "no-root", NULL, TRUE, TRUE, { { ROOT, NO }, { GROUP, GO }, { ROOT, NO } } },
  { "no-way-back", "/r", TRUE, FALSE,
    { { GROUP, GO }, { ROOT, NO }, { GROUPS, GO }, { GROUP, NO }, { USER, GO }, { GROUPS, NO },
      { GROUP, NO }, { ROOT, NO } } },
  { "no-leap", NULL, TRUE, TRUE, { { USER, NO }, { AS_ROOT, NO }, { GROUPS, GO }, { USER, GO } } },
  { "other-group", NULL, TRUE, TRUE, { { SYS_setgid, 0, NO }, { SYS_setgid, UID, NO }, { GROUP, GO } } },
  { "other-user", NULL, TRUE, TRUE,
    { { GROUP, GO }, { GROUPS, GO }, { AS_ROOT, NO }, { SYS_setuid, GID, NO }, { USER, GO } } },
  { "high-half", NULL, TRUE, TRUE, { { SYS_setgid, GID | 1ULL << 32, GO } } },
  { "relatives", "/r", TRUE, FALSE,
    { { SYS_setresuid, UID, NO }, { SYS_setresgid, GID, NO }, { ROOT, GO } } },
  { "missing", "/nonexistent/qriser", TRUE, TRUE,
    { { ROOT, QR_RULING_REFUSE, ENOENT }, { ROOT, QR_RULING_REFUSE, ENOENT } } },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const QrUser user = { "user", UID, GID };
  QrChange change;

  qr_change_init (&change, cases[i].root, cases[i].user ? &user : NULL, cases[i].shares);
  for (guint at = 0; at < CALLS && cases[i].calls[at].number != 0; at++)
    {
      const struct seccomp_data call
          = { .nr = cases[i].calls[at].number, .args = { cases[i].calls[at].first } };
      int code = 0;

      g_test_message ("call %u", at);
      g_assert_true (qr_change_has (call.nr));
      g_assert_cmpint (qr_change_judge (&change, &call, &code), ==, cases[i].calls[at].ruling);
      g_assert_cmpint (code, ==, cases[i].calls[at].code);
    }
}

/* The root that is made here is made once, however often that is asked for. */
static void
test_made_here (void)
{
  const struct seccomp_data call = { .nr = SYS_chroot, .args = { (guint64) "/nonexistent" } };
  const QrUser user = { NULL, UID, GID };
  QrChange change;
  int code = -1;

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }
  qr_change_init (&change, "/", &user, TRUE);
  g_assert_cmpint (qr_change_judge (&change, &call, &code), ==, QR_RULING_REFUSE);
  g_assert_cmpint (code, ==, 0);
  change.root = "/nonexistent/qriser";
  g_assert_cmpint (qr_change_judge (&change, &call, &code), ==, QR_RULING_REFUSE);
  g_assert_cmpint (code, ==, 0);
  qr_change_init (&change, "/", NULL, TRUE);
  g_assert_cmpint (qr_change_judge (&change, &call, &code), ==, QR_RULING_DONE);
  g_assert_cmpint (code, ==, 0);
}

static void
test_has (void)
{
  static const int others[]
      = { SYS_execve, SYS_execveat, SYS_clone, SYS_setsid, SYS_chdir, SYS_read };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (qr_change_has (others[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/change/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/change/made-here", test_made_here);
  g_test_add_func ("/change/has", test_has);
  return g_test_run ();
}
