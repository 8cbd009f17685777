/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users by name and number, and becoming one. */
#include "config.h"

#include "user.h"

#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testlib.h"

static const QrPlace place = { 1, NULL, "user", 0, 4 };

static void
test_find (void)
{
  g_autoptr (GError) error = NULL;
  QrUser user;

  g_assert_true (qr_user_find ("root", &place, &user, NULL));
  g_assert_cmpstr (user.name, ==, "root");
  g_assert_cmpuint (user.uid, ==, 0);
  g_assert_cmpuint (user.gid, ==, 0);
  g_assert_true (qr_user_find ("12:0x22", &place, &user, NULL));
  g_assert_null (user.name);
  g_assert_cmpuint (user.uid, ==, 12);
  g_assert_cmpuint (user.gid, ==, 34);
  g_assert_true (qr_user_find ("4294967294:0", &place, &user, NULL));
  g_assert_false (qr_user_find ("no such user", &place, &user, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-user", "no such user");
}

static void
test_wrong (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  QrUser user;

  g_assert_false (qr_user_find (data, &place, &user, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-user", "");
}

/* In a child: 0 when it is @user in the end, with no other group and no way back. */
static int
become (const QrUser *user)
{
  gid_t groups[64];
  int n;

  if (!qr_user_become (user, &place, NULL))
    return 1;
  n = getgroups (G_N_ELEMENTS (groups), groups);
  if (getuid () != user->uid || geteuid () != user->uid || getgid () != user->gid || n != 1
      || groups[0] != user->gid)
    return 2;
  return setuid (0) == 0 || setgid (0) == 0 ? 3 : 0;
}

static void
test_become (void)
{
  const QrUser user = { NULL, 65534, 65533 };
  pid_t child;
  int status;

  if (geteuid () != 0)
    {
      g_test_skip ("not root");
      return;
    }
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (become (&user));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static int
refused_then (void)
{
  const QrUser own = { NULL, 65534, 65534 }, other = { NULL, 1, 1 };
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0 && !qr_user_become (&own, &place, NULL))
    return 1;
  if (qr_user_become (&other, &place, &error))
    return 2;
  if (qr_error_status (error) != QR_STATUS_PERMISSION
      || strcmp (qr_error_code (error), "user") != 0)
    return 3;
  return geteuid () == 65534 && !qr_user_become (&own, &place, NULL) ? 4 : 0; /* it is that one */
}

static void
test_refused (void)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (refused_then ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const wrong[] = { "",       "12",   "12:",          ":12",          "12:x",
                                       "12:13x", "-1:0", "4294967295:0", "0:4294967295", "12:-1" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/user/find", test_find);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/user/wrong/%u", i);

      g_test_add_data_func (path, wrong[i], test_wrong);
    }
  g_test_add_func ("/user/become", test_become);
  g_test_add_func ("/user/refused", test_refused);
  return g_test_run ();
}
