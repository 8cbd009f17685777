/* SPDX-License-Identifier: GPL-2.0-or-later */
/* testlib.h: what the tests share. */
#pragma once

#include "plan.h"

/* Checks that @error is set and renders exactly as @text; frees it. */
void test_error_is (GError **error, const char *text);

/* Checks @error's status and code, and that its message holds @part; frees it. */
void test_error_code (GError **error, QrStatus status, const char *code, const char *part);

/* The program's policy @name, which must be there. */
const QrPolicy *test_policy (const char *name);

/* A plan of a line written with blanks between its words (no quoting), policy @policy;
 * argument numbers start at 1. The words live as long as the plan. */
QrPlan *test_plan (const char *policy, const char *line, GError **error);
QrPlan *test_plan_with (const char *policy, const char *line, QrPlaceOptions place, GError **error);

/* The plan's function with @key (an id or a key); fails the test when there is none. */
const QrDevice *test_device (const QrPlan *plan, const char *key);

/* Checks that @key sits at @path ("00:1c.0/00.0"). */
void test_path_is (const QrPlan *plan, const char *key, const char *path);

/* Runs the probe (QRISER_TEST_PROBE) in @mode in a child under no_new_privs, behind @prepare: 0, or
 * the status to end with before. @status: as waitpid() has it; 100: the child came to nothing.
 * (transfer full): what it prints */
typedef int (*TestPrepare) (gpointer data);
char *test_probe (const char *mode, TestPrepare prepare, gpointer data, int *status);

/* Writes @text to a new file @name in a directory of the test's own. (transfer full): its path */
char *test_file (const char *directory, const char *name, const char *text);

/* Makes an empty directory / removes it with all that is in it. */
char *test_directory (void);
void test_directory_remove (char *directory);

/* Runs the tests in a directory of their own, which goes with all in it; the exit status. */
int test_run_inside (void);
