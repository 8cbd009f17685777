/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in the kernel: what a program finds that was started behind it. */
#include "config.h"

#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seccomp-profile.h"

enum
{
  ENTER_FAILED = 101,
  EXEC_FAILED = 102,
};

/* What the probe prints; @free is its answer without a filter, -1 where that depends. */
static const struct
{
  const char *name;
  int confined, free;
} lines[] = {
  { "mount", EPERM, -1 },
  { "umount2", EPERM, -1 },
  { "kexec_load", EPERM, -1 },
  { "ptrace", EPERM, -1 },
  { "bpf", EPERM, -1 },
  { "unshare", EPERM, 0 },
  { "setns", EPERM, EBADF },
  { "init_module", EPERM, -1 },
  { "finit_module", EPERM, -1 },
  { "delete_module", EPERM, -1 },
  { "pivot_root", EPERM, -1 },
  { "chroot", EPERM, -1 },
  { "keyctl", EPERM, -1 },
  { "add_key", EPERM, -1 },
  { "perf_event_open", EPERM, -1 },
  { "process_vm_readv", EPERM, -1 },
  { "userfaultfd", EPERM, -1 },
  { "io_uring_setup", EPERM, -1 },
  { "swapon", EPERM, -1 },
  { "reboot", EPERM, -1 },
  { "open_by_handle_at", EPERM, -1 },
  { "personality", EPERM, 0 },
  { "acct", EPERM, -1 },
  { "setuid", EPERM, 0 },
  { "setgid", EPERM, 0 },
  { "setgroups", EPERM, -1 },
  { "setsid", EPERM, 0 },
  { "kill", EPERM, 0 },
  { "execveat", EPERM, -1 },
  { "clone3", ENOSYS, -1 },
  { "fork", EPERM, 0 },
  { "prlimit-get", 0, 0 },
  { "prlimit-set", EPERM, 0 },
  { "socket-unix", 0, 0 },
  { "socket-inet", 0, 0 },
  { "socket-netlink", EPERM, -1 },
  { "socket-packet", EPERM, -1 },
  { "socket-alg", EPERM, -1 },
  { "socketpair", 0, 0 },
  { "thread", 0, 0 },
  { "thread-ran", 0, 0 },
  { "open", 0, 0 },
  { "read", 0, 0 },
  { "mprotect-exec", 0, 0 },
  { "epoll", 0, 0 },
  { "eventfd", 0, 0 },
  { "timerfd", 0, 0 },
  { "memfd", 0, 0 },
  { "set-name", 0, 0 },
  { "get-name", EPERM, 0 },
  { "execve", ENOENT, ENOENT },
  { "NoNewPrivs", 1, -1 },
  { "Seccomp", 2, -1 },
};

typedef struct
{
  const QrFilter *filter; /* or NULL for none */
  const char *mode;       /* argument of the probe, or NULL */
  gboolean gated;         /* nothing is executed behind the probe */
  int status;             /* out: of waitpid() */
  char *output;           /* out */
} Run;

/* The outputs of the two long runs, made once. */
typedef struct
{
  Run confined, free;
} Outputs;

static void
run_child (const Run *run, const char *probe, int out)
{
  const char *const argv[] = { probe, run->mode, NULL };
  QrExec exec;
  int why;

  if (dup2 (out, STDOUT_FILENO) < 0)
    _exit (EXEC_FAILED);
  if (run->filter != NULL
      && !qr_sandbox_enter (run->filter->bpf, run->filter->size, run->gated ? probe : NULL, &exec,
                            &why, NULL))
    _exit (ENTER_FAILED);
  (void) execv (probe, (char *const *) argv);
  _exit (EXEC_FAILED);
}

static void
run_probe (Run *run)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *probe = g_getenv ("QRISER_TEST_PROBE");
  int ends[2];
  char block[1024];
  ssize_t got;
  pid_t child;

  g_assert_nonnull (probe);
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    run_child (run, probe, ends[1]);
  (void) close (ends[1]);
  while ((got = read (ends[0], block, sizeof block)) > 0)
    g_string_append_len (text, block, got);
  (void) close (ends[0]);
  g_assert_cmpint (waitpid (child, &run->status, 0), ==, child);
  run->output = g_strdup (text->str);
}

/* The number behind "NAME ", or -1. */
static int
find_line (const char *output, const char *name)
{
  g_auto (GStrv) all = g_strsplit (output, "\n", -1);
  gsize length = strlen (name);

  for (guint i = 0; all[i] != NULL; i++)
    if (strncmp (all[i], name, length) == 0 && all[i][length] == ' ')
      return (int) g_ascii_strtoll (all[i] + length + 1, NULL, 10);
  return -1;
}

typedef struct
{
  const Outputs *outputs;
  gsize line;
} LineCase;

static void
test_line (gconstpointer data)
{
  const LineCase *item = data;
  const char *name = lines[item->line].name;
  int answer = lines[item->line].confined, free_answer = lines[item->line].free;

  g_assert_cmpint (find_line (item->outputs->confined.output, name), ==, answer);
  if (free_answer >= 0)
    g_assert_cmpint (find_line (item->outputs->free.output, name), ==, free_answer);
}

static void
test_ended (gconstpointer data)
{
  const Run *run = data;

  g_assert_true (WIFEXITED (run->status));
  g_assert_cmpint (WEXITSTATUS (run->status), ==, 0);
}

static void
test_foreign (gconstpointer data)
{
#if defined __x86_64__ && !defined __ILP32__
  Run run = { .filter = qr_sandbox_find_builtin ("default"), .mode = data };

  run_probe (&run);
  g_free (run.output);
  g_assert_true (WIFSIGNALED (run.status));
  if (WTERMSIG (run.status) == SIGSEGV)
    g_test_skip ("the kernel has no i386 calls");
  else
    g_assert_cmpint (WTERMSIG (run.status), ==, SIGSYS);
#else
  g_test_skip ("not on x86_64");
#endif
}

/* Lives until the other end of the pipe @data is closed. */
static gpointer
wait_for_end (gpointer data)
{
  char byte;

  while (read (GPOINTER_TO_INT (data), &byte, 1) < 0 && errno == EINTR)
    continue;
  return NULL;
}

static void
test_two_threads (void)
{
  const QrFilter *filter = qr_sandbox_find_builtin ("default");
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  GThread *thread;
  QrExec exec;
  int ends[2], why;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  thread = g_thread_new ("second", wait_for_end, GINT_TO_POINTER (ends[0]));
  g_assert_false (qr_sandbox_enter (filter->bpf, filter->size, NULL, &exec, &why, &error));
  (void) close (ends[1]);
  (void) g_thread_join (thread);
  (void) close (ends[0]);
  message = qr_error_render (error, "qriser");
  g_assert_cmpstr (message, ==,
                   "qriser: error: cannot enter the sandbox: "
                   "the process has more than one thread\n");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_UNAVAILABLE);
  g_assert_cmpstr (qr_error_code (error), ==, "seccomp-unavailable");
  g_assert_cmpint (prctl (PR_GET_SECCOMP, 0L, 0L, 0L, 0L), ==, 0);
}

/* Under the filter and behind the gate QEMU executes nothing, not even itself. */
static void
test_exec_once (void)
{
  Run run = { .filter = qr_sandbox_find_builtin ("default"), .mode = "exec", .gated = TRUE };

  run_probe (&run);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.output, ==,
                   "execve-true 38\nexecve-self 38\nexecveat-self 1\nfork-execve 1\n");
  g_free (run.output);
}

static void
test_bad_size (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  g_autofree guint8 *bpf = g_malloc0 (size + 1);
  g_autoptr (GError) error = NULL;
  QrExec exec;
  int why;

  g_assert_false (qr_sandbox_enter (bpf, size, NULL, &exec, &why, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_INTERNAL);
}

/* The filter that was built in is the one made at run time from the profile. */
static void
test_builtin (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "profiles", "seccomp", "default.json", NULL);
  const QrFilter *filter = qr_sandbox_find_builtin ("default");
  g_autofree char *hash = NULL;
  g_autofree guint8 *bpf = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, &error);
  gboolean good;
  QrJson root;
  gsize size = 0;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_compile (&root, &bpf, &size, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_nonnull (filter);
  g_assert_cmpmem (bpf, (int) size, filter->bpf, (int) filter->size);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, qr_json_doc_text (doc), -1);
  hash[12] = '\0';
  g_assert_cmpstr (filter->hash, ==, hash);
  g_assert_null (qr_sandbox_find_builtin ("defaul"));
}

int
main (int argc, char **argv)
{
  static const char *const foreign[] = { "int80", "x32" };
  static const gsize bad_sizes[] = { 0, 1, 12, 4097 * 8 };
  Outputs outputs = { .confined = { .filter = qr_sandbox_find_builtin ("default") } };
  LineCase cases[G_N_ELEMENTS (lines)];
  int result;

  g_test_init (&argc, &argv, NULL);
  run_probe (&outputs.confined);
  run_probe (&outputs.free);
  g_test_add_data_func ("/sandbox/ended/confined", &outputs.confined, test_ended);
  g_test_add_data_func ("/sandbox/ended/free", &outputs.free, test_ended);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/probe/%s", lines[i].name);

      cases[i] = (LineCase){ &outputs, i };
      g_test_add_data_func (path, &cases[i], test_line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/foreign/%s", foreign[i]);

      g_test_add_data_func (path, foreign[i], test_foreign);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/size/%" G_GSIZE_FORMAT, bad_sizes[i]);

      g_test_add_data_func (path, GSIZE_TO_POINTER (bad_sizes[i]), test_bad_size);
    }
  g_test_add_func ("/sandbox/builtin", test_builtin);
  g_test_add_func ("/sandbox/two-threads", test_two_threads);
  g_test_add_func ("/sandbox/exec-once", test_exec_once);
  result = g_test_run ();
  g_free (outputs.confined.output);
  g_free (outputs.free.output);
  return result;
}
