/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "testlib.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
