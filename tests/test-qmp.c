/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that are asked as if they were QEMU: those that answer, and all that do not. */
#include "config.h"

#include "testlib.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "qmp.h"

enum
{
  LIMIT_MS = 20000, /* nothing here takes it */
  SHORT_MS = 1000,  /* what stays silent is given */
};

#define GREETING                                                                                   \
  "echo '{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 2, \"major\": 9}, "          \
  "\"package\": \"\"}, \"capabilities\": []}}'\n"
#define CAPABILITIES "read -r line; echo '{\"return\": {}}'\n"

/* A shell script in its place. (transfer full) */
static char *
script (const char *body)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s", body);
  char *path = test_file (".", "qemu", text);

  g_assert_cmpint (chmod (path, 0700), ==, 0);
  return path;
}

static QrQmp *
start (const char *program, guint limit_ms, GError **error)
{
  const char *const argv[] = { program, "-S", NULL };

  return qr_qmp_start (argv, limit_ms, error);
}

static void
fails (const char *body, guint limit_ms, const char *code, const char *part)
{
  g_autofree char *path = script (body);
  g_autoptr (GError) error = NULL;

  g_assert_null (start (path, limit_ms, &error));
  test_error_code (&error, QR_STATUS_UNAVAILABLE, code, part);
}

static void
test_answers (void)
{
  g_autofree char *path = script (
      "echo warning >&2\n" GREETING CAPABILITIES
      "read -r line; test \"$line\" = '{\"execute\":\"one\"}' || exit 1\n"
      "read -r line; test \"$line\" = '{\"execute\":\"two\",\"arguments\":{\"a\":1}}' || exit 1\n"
      "echo '{\"timestamp\": {}, \"event\": \"STOP\"}'\n"
      "echo '{\"return\": [\"first\"]}'; printf '{\"error\": {\"class\": \"x\",'\n"
      "sleep 0.1; echo '\"desc\": \"second\"}}'; sleep 60\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrQmp) qmp = start (path, LIMIT_MS, &error);
  g_autoptr (GPtrArray) answers = NULL;
  QrJson root, value;

  g_assert_no_error (error);
  g_assert_cmpstr (qr_qmp_version (qmp), ==, "9.2.3");
  qr_qmp_put (qmp, "one", NULL);
  qr_qmp_put (qmp, "two", "{\"a\":1}");
  answers = qr_qmp_ask (qmp, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answers->len, ==, 2);
  g_assert_true (qr_qmp_result (answers->pdata[0], &root, &value));
  g_assert_cmpuint (qr_json_length (&value), ==, 1);
  g_assert_false (qr_qmp_result (answers->pdata[1], &root, &value));
}

/* More than a socket holds, while nobody reads. */
static void
test_much (void)
{
  enum
  {
    QUESTIONS = 20000
  };
  g_autofree char *path = script (GREETING CAPABILITIES "exec sed -u 's/.*/{\"return\": 7}/'\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrQmp) qmp = start (path, LIMIT_MS, &error);
  g_autoptr (GPtrArray) answers = NULL;
  QrJson root, value;
  guint64 last;

  g_assert_no_error (error);
  for (guint i = 0; i < QUESTIONS; i++)
    qr_qmp_put (qmp, "question-of-some-length", NULL);
  answers = qr_qmp_ask (qmp, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answers->len, ==, QUESTIONS);
  g_assert_true (qr_qmp_result (answers->pdata[QUESTIONS - 1], &root, &value));
  g_assert_true (qr_json_uint (&value, 0, 10, &last, NULL));
  g_assert_cmpuint (last, ==, 7);
}

static void
test_absent (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (start ("./nothing", LIMIT_MS, &error));
  test_error_code (&error, QR_STATUS_NOT_FOUND, "qemu-start", "No such file");
  g_assert_null (start ("/", LIMIT_MS, &error));
  test_error_code (&error, QR_STATUS_NOT_EXECUTABLE, "qemu-start", "Permission denied");
}

static void
test_ended (void)
{
  fails ("exit 0\n", LIMIT_MS, "qemu-ended", "ended and said nothing");
  fails ("echo 'qemu: first' >&2; echo 'then a hint' >&2; exit 1\n", LIMIT_MS, "qemu-ended",
         "ended: qemu: first");
  fails ("echo one >&2; echo two >&2; exit 1\n", LIMIT_MS, "qemu-ended", "ended: two");
  fails ("kill -SEGV $$\n", LIMIT_MS, "qemu-ended", "was ended by signal 11");
  fails (GREETING "exit 3\n", LIMIT_MS, "qemu-ended", "ended");
  fails ("exec 0<&- 1>&-; sleep 60\n", LIMIT_MS, "qemu-ended", "ended");
  /* somebody of its own keeps standard error open */
  fails ("sleep 60 0<&- 1>&- & echo bye >&2; exit 0\n", LIMIT_MS, "qemu-ended", "ended: bye");
}

static void
test_silent (void)
{
  fails ("sleep 60\n", SHORT_MS, "qemu-silent", "did not answer within 1 seconds");
  fails (GREETING "sleep 60\n", SHORT_MS, "qemu-silent", "did not answer within 1 seconds");
  fails ("while :; do echo noise >&2; done\n", SHORT_MS, "qemu-silent", "did not answer");
}

static void
test_garbage (void)
{
  fails ("echo hello; sleep 60\n", LIMIT_MS, "qemu-answer", "answers with what is no QMP");
  fails ("echo '[]'; sleep 60\n", LIMIT_MS, "qemu-answer", "answers with what is no QMP");
  fails ("echo '{}'; sleep 60\n", LIMIT_MS, "qemu-answer", "greets with what is no QMP");
  fails (
      "echo '{\"QMP\": {\"version\": {\"qemu\": {\"major\": -1, \"minor\": 1, \"micro\": 1}}}}'\n"
      "sleep 60\n",
      LIMIT_MS, "qemu-answer", "greets with what is no QMP");
  fails (GREETING "read -r line; echo '{\"neither\": 1}'; sleep 60\n", LIMIT_MS, "qemu-answer",
         "answers with what is no QMP");
  fails ("exec tr '\\0' x </dev/zero\n", LIMIT_MS, "qemu-answer", "said more than 16777216 bytes");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qmp/answers", test_answers);
  g_test_add_func ("/qmp/much", test_much);
  g_test_add_func ("/qmp/absent", test_absent);
  g_test_add_func ("/qmp/ended", test_ended);
  g_test_add_func ("/qmp/silent", test_silent);
  g_test_add_func ("/qmp/garbage", test_garbage);
  return test_run_inside ();
}
