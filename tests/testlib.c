/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  PROBE_FAILED = 100, /* exit status of a child that could not become the probe */
};

void
test_error_is (GError **error, const char *text)
{
  g_autofree char *rendered = NULL;

  g_assert_nonnull (*error);
  rendered = qr_error_render (*error, "qriser");
  g_assert_cmpstr (rendered, ==, text);
  g_clear_error (error);
}

void
test_error_code (GError **error, QrStatus status, const char *code, const char *part)
{
  g_assert_nonnull (*error);
  g_assert_cmpint (qr_error_status (*error), ==, status);
  g_assert_cmpstr (qr_error_code (*error), ==, code);
  if (strstr ((*error)->message, part) == NULL)
    g_assert_cmpstr ((*error)->message, ==, part);
  g_clear_error (error);
}

const QrPolicy *
test_policy (const char *name)
{
  const QrPolicy *policy = qr_profiles_find_policy (&qr_profiles_builtin, name);

  if (policy == NULL)
    g_error ("there is no policy \"%s\"", name);
  return policy;
}

QrPlan *
test_plan (const char *policy, const char *line, GError **error)
{
  return test_plan_with (policy, line, (QrPlaceOptions){ 0 }, error);
}

QrPlan *
test_plan_with (const char *policy, const char *line, QrPlaceOptions place, GError **error)
{
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .policy = test_policy (policy),
                            .sysfs = "/nonexistent", .program = "qemu", .place = place };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

const QrDevice *
test_device (const QrPlan *plan, const char *key)
{
  const QrDevice *device = g_hash_table_lookup (plan->topology->by_key, key);

  if (device == NULL)
    g_error ("the plan has no device \"%s\"", key);
  return device;
}

void
test_path_is (const QrPlan *plan, const char *key, const char *path)
{
  g_assert_cmpstr (qr_topology_path (plan->topology, test_device (plan, key)), ==, path);
}

static void G_GNUC_NORETURN
become_probe (const char *mode, TestPrepare prepare, gpointer data, int out)
{
  const char *probe = g_getenv ("QRISER_TEST_PROBE");
  char *const argv[] = { (char *) probe, (char *) mode, NULL };
  int code = dup2 (out, STDOUT_FILENO) < 0 || prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0 ? PROBE_FAILED : 0;

  if (code == 0)
    code = prepare (data);
  if (code == 0)
    (void) execv (probe, argv);
  _exit (code == 0 ? PROBE_FAILED : code);
}

char *
test_probe (const char *mode, TestPrepare prepare, gpointer data, int *status)
{
  GString *out = g_string_new (NULL);
  char block[512];
  int ends[2];
  gssize got;
  pid_t child;

  g_assert_nonnull (g_getenv ("QRISER_TEST_PROBE"));
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  child = fork ();
  if (child == 0)
    become_probe (mode, prepare, data, ends[1]);
  close (ends[1]);
  while ((got = read (ends[0], block, sizeof block)) > 0)
    g_string_append_len (out, block, got);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, status, 0), ==, child);
  return g_string_free (out, FALSE);
}

char *
test_directory (void)
{
  GError *error = NULL;
  char *directory = g_dir_make_tmp ("qriser-test-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *walk)
{
  return remove (path);
}

void
test_directory_remove (char *directory)
{
  g_assert_cmpint (nftw (directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), ==, 0);
  g_free (directory);
}

int
test_run_inside (void)
{
  char *directory = test_directory ();
  int failed;

  g_assert_cmpint (chdir (directory), ==, 0);
  failed = g_test_run ();
  g_assert_cmpint (chdir ("/"), ==, 0);
  test_directory_remove (directory);
  return failed;
}

char *
test_file (const char *directory, const char *name, const char *text)
{
  char *path = g_build_filename (directory, name, NULL);
  GError *error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}
