/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is opened at which number, and that a failure leaves nothing open; with a helper that
 * sends /dev/null, as a tap takes rights.  test-taps-runs.sh has taps. */
#include "config.h"

#include "tap-open.h"

#include "testlib.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum
{
  FD = 300,
  VHOST = 301,
  OTHER = 302,
};

static const int fd[] = { FD }, vhost[] = { VHOST }, other[] = { OTHER };

static char *helper;

static QrTap
tap (const char *bridge, const int *number)
{
  return (QrTap){ .helper = helper, .bridge = bridge, .n = 1, .fds = number };
}

/* The flags of a descriptor; -1: it is not open. */
static int
flags_of (int number)
{
  int flags = fcntl (number, F_GETFD);

  g_assert_true (flags >= 0 || errno == EBADF);
  return flags;
}

/* Opens the first of @taps only, and says so for the second, which fails. */
static void
check_failure (const QrTap *taps, gsize n, const char *code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qr_taps_open (taps, n, &error));
  test_error_code (&error, QR_STATUS_UNAVAILABLE, code, part);
  g_assert_cmpint (flags_of (FD), ==, -1);
  g_assert_cmpint (flags_of (VHOST), ==, -1);
}

static void
test_opened (void)
{
  QrTap one = tap ("null", fd);
  g_autoptr (GError) error = NULL;

  one.vhost_fds = vhost;
  one.vhost = "/dev/null";
  g_assert_true (qr_taps_open (&one, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (flags_of (FD), ==, 0);
  g_assert_cmpint (flags_of (VHOST), ==, 0);
  g_assert_cmpint (close (FD), ==, 0);
  g_assert_cmpint (close (VHOST), ==, 0);
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (qr_taps_open (NULL, 0, &error));
  g_assert_no_error (error);
}

/* All or none. */
static void
test_second_fails (void)
{
  const QrTap taps[] = { tap ("null", fd), tap ("fail", other) };

  check_failure (taps, 2, "helper-failed", "it ended with status 3");
  g_assert_cmpint (flags_of (OTHER), ==, -1);
}

static void
test_no_vhost (void)
{
  QrTap one = tap ("null", fd);

  one.vhost_fds = vhost;
  one.vhost = "/nowhere/vhost-net";
  check_failure (&one, 1, "tap-unavailable", "cannot open \"/nowhere/vhost-net\": No such file");
}

static void
test_no_helper (void)
{
  QrTap one = tap ("null", fd);

  one.helper = "/nowhere/helper";
  check_failure (&one, 1, "helper-failed",
                 "helper \"/nowhere/helper\" gives no tap on bridge \"null\": No such file");
}

/* What is open stays what it is. */
static void
test_number_in_use (void)
{
  const QrTap taps[] = { tap ("null", fd), tap ("null", other) };

  g_assert_cmpint (dup2 (STDERR_FILENO, OTHER), ==, OTHER);
  check_failure (taps, 2, "tap-unavailable", "descriptor 302 is not free");
  g_assert_cmpint (flags_of (OTHER), ==, 0);
  g_assert_cmpint (close (OTHER), ==, 0);
}

/* Who ignores the end of children hears of a helper's. */
static void
test_ignored_children (void)
{
  const QrTap one = tap ("null", fd);
  struct sigaction ignored = { .sa_handler = SIG_IGN }, before, after;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sigaction (SIGCHLD, &ignored, &before), ==, 0);
  g_assert_true (qr_taps_open (&one, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sigaction (SIGCHLD, &before, &after), ==, 0);
  g_assert_true (after.sa_handler == SIG_IGN);
  g_assert_cmpint (close (FD), ==, 0);
}

/* The helper looks for itself at what it has: it must not get this one. */
static void
test_inherited (void)
{
  const QrTap one = tap ("null", fd);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dup2 (STDERR_FILENO, OTHER), ==, OTHER);
  g_assert_true (qr_taps_open (&one, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (flags_of (OTHER), ==, 0);
  g_assert_cmpint (close (OTHER), ==, 0);
  g_assert_cmpint (close (FD), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  helper = g_build_filename (g_getenv ("BUILDDIR"), "tests", "tap-helper", NULL);
  g_test_add_func ("/tap-open/opened", test_opened);
  g_test_add_func ("/tap-open/nothing", test_nothing);
  g_test_add_func ("/tap-open/second-fails", test_second_fails);
  g_test_add_func ("/tap-open/no-vhost", test_no_vhost);
  g_test_add_func ("/tap-open/no-helper", test_no_helper);
  g_test_add_func ("/tap-open/number-in-use", test_number_in_use);
  g_test_add_func ("/tap-open/ignored-children", test_ignored_children);
  g_test_add_func ("/tap-open/inherited", test_inherited);
  status = g_test_run ();
  g_free (helper);
  return status;
}
