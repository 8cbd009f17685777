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

#include "filters.h"
#include "seccomp-profile.h"

enum
{
  ENTER_FAILED = 101,
  EXEC_FAILED = 102,
};

/* Answers of the probe; @in: under each profile; @free: without a filter, -1 where that depends. */
enum
{
  FREE = -2,   /* as without a filter */
  KILLED = -3, /* the process ends */
};

static const char *const profiles[] = { "strict", "default", "desktop", "legacy-spawn" };

/* The first profiles again, with what takes away memory that is both written and executed. */
static const char *const overlaid[] = { "strict+kvm-wx", "default+kvm-wx" };

static const struct
{
  const char *name;
  int in[G_N_ELEMENTS (profiles)], free;
  gboolean taken; /* by the overlay, with EACCES */
} lines[] = {
  { "mount", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "umount2", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "kexec_load", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "ptrace", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "bpf", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "unshare", { KILLED, EPERM, EPERM, EPERM }, 0 },
  { "setns", { KILLED, EPERM, EPERM, EPERM }, EBADF },
  { "init_module", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "finit_module", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "delete_module", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "pivot_root", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "chroot", { EPERM, EPERM, EPERM, FREE }, -1 },
  { "keyctl", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "add_key", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "perf_event_open", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "process_vm_readv", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "userfaultfd", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "io_uring_setup", { EPERM, EPERM, EPERM, FREE }, -1 },
  { "swapon", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "reboot", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "open_by_handle_at", { KILLED, EPERM, EPERM, EPERM }, -1 },
  { "personality", { EPERM, EPERM, EPERM, EPERM }, 0 },
  { "acct", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "setuid", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "setgid", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "setgroups", { EPERM, EPERM, EPERM, FREE }, -1 },
  { "setsid", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "kill", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "execveat", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "clone3", { ENOSYS, ENOSYS, ENOSYS, ENOSYS }, -1 },
  { "fork", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "prlimit-get", { 0, 0, 0, 0 }, 0 },
  { "prlimit-set", { EPERM, EPERM, EPERM, FREE }, 0 },
  { "socket-unix", { 0, 0, 0, 0 }, 0 },
  { "socket-inet", { 0, 0, 0, 0 }, 0 },
  { "socket-netlink", { EPERM, EPERM, EPERM, FREE }, -1 },
  { "socket-packet", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "socket-alg", { EPERM, EPERM, EPERM, EPERM }, -1 },
  { "socketpair", { 0, 0, 0, 0 }, 0 },
  { "thread", { 0, 0, 0, 0 }, 0 },
  { "thread-ran", { 0, 0, 0, 0 }, 0 },
  { "open", { 0, 0, 0, 0 }, 0 },
  { "read", { 0, 0, 0, 0 }, 0 },
  { "mprotect-exec", { 0, 0, 0, 0 }, 0, TRUE },
  { "mmap-wx", { 0, 0, 0, 0 }, 0, TRUE },
  { "mmap-exec", { 0, 0, 0, 0 }, 0 },
  { "epoll", { 0, 0, 0, 0 }, 0 },
  { "eventfd", { 0, 0, 0, 0 }, 0 },
  { "timerfd", { EPERM, 0, 0, 0 }, 0 },
  { "memfd", { 0, 0, 0, 0 }, 0 },
  { "set-name", { 0, 0, 0, 0 }, 0 },
  { "get-name", { EPERM, EPERM, FREE, FREE }, 0 },
  { "execve", { ENOENT, ENOENT, ENOENT, ENOENT }, ENOENT },
  { "NoNewPrivs", { 1, 1, 1, 1 }, -1 },
  { "Seccomp", { 2, 2, 2, 2 }, -1 },
};

typedef struct
{
  const char *profile;      /* NULL: no filter */
  const char *const *words; /* the probe's arguments; NULL: none */
  gboolean gated;           /* nothing is executed behind the probe */
  int status;               /* out: of waitpid() */
  char *output;             /* out */
} Run;

/* The outputs of the long runs, made once. */
typedef struct
{
  Run confined[G_N_ELEMENTS (profiles)], overlaid[G_N_ELEMENTS (overlaid)], audit, off, free;
} Outputs;

static void
run_child (const Run *run, const char *probe, int out)
{
  const char *argv[32] = { probe };
  g_auto (QrFilters) filters = { .n = 0 };
  QrEntered entered;

  for (guint i = 0; run->words != NULL && run->words[i] != NULL; i++)
    argv[i + 1] = run->words[i];
  if (dup2 (out, STDOUT_FILENO) < 0)
    _exit (EXEC_FAILED);
  if (run->profile != NULL
      && (!qr_filters_find (run->profile, NULL, &filters, NULL)
          || (filters.n > 0
              && !qr_sandbox_enter (filters.bpf, filters.n, run->gated ? probe : NULL, &entered,
                                    NULL))))
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

/* What kills is asked for by itself. */
static void
check_killed (const char *profile, const char *name)
{
  const char *const words[] = { "only", name, NULL };
  Run run = { .profile = profile, .words = words };

  run_probe (&run);
  g_assert_true (WIFSIGNALED (run.status));
  g_assert_cmpint (WTERMSIG (run.status), ==, SIGSYS);
  g_assert_cmpstr (run.output, ==, "");
  g_free (run.output);
}

static void
check_answer (const Run *run, const char *name, int wanted)
{
  if (wanted == KILLED)
    check_killed (run->profile, name);
  else
    g_assert_cmpint (find_line (run->output, name), ==, wanted);
}

static void
test_line (gconstpointer data)
{
  const LineCase *item = data;
  const Outputs *outputs = item->outputs;
  const char *name = lines[item->line].name;
  int free_answer = find_line (outputs->free.output, name);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      int wanted = lines[item->line].in[i];

      wanted = wanted == FREE ? free_answer : wanted;
      check_answer (&outputs->confined[i], name, wanted);
      if (i < G_N_ELEMENTS (overlaid))
        check_answer (&outputs->overlaid[i], name, lines[item->line].taken ? EACCES : wanted);
    }
  check_answer (&outputs->off, name, free_answer);
  if (lines[item->line].free >= 0)
    g_assert_cmpint (free_answer, ==, lines[item->line].free);
  /* Audit looks on; its own state and what its rules answer differ. */
  if (g_ascii_islower (*name) && strcmp (name, "clone3") != 0)
    g_assert_cmpint (find_line (outputs->audit.output, name), ==, free_answer);
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
  const char *const words[] = { data, NULL };
  Run run = { .profile = "default", .words = words };

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
  const QrBpf bpf = { filter->bpf, filter->size, FALSE };
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  GThread *thread;
  QrEntered entered;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  thread = g_thread_new ("second", wait_for_end, GINT_TO_POINTER (ends[0]));
  g_assert_false (qr_sandbox_enter (&bpf, 1, NULL, &entered, &error));
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
  static const char *const words[] = { "exec", NULL };
  Run run = { .profile = "default", .words = words, .gated = TRUE };

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
  g_autofree guint8 *bytes = g_malloc0 (size + 1);
  const QrBpf bpf = { bytes, size, FALSE };
  g_autoptr (GError) error = NULL;
  QrEntered entered;

  g_assert_false (qr_sandbox_enter (&bpf, 1, NULL, &entered, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_INTERNAL);
}

/* A filter that was built in, of what has no parts, is the one made at run time. */
static void
test_builtin (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "profiles", "seccomp", "kvm-wx.json", NULL);
  const QrFilter *filter = qr_sandbox_find_builtin ("kvm-wx");
  g_autofree char *hash = NULL;
  g_autofree guint8 *bpf = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, &error);
  gboolean good;
  QrJson root;
  gsize size = 0;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_compile (&root, NULL, NULL, &bpf, &size, &error);
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
  static const char *const killing[] = { "but",
                                         "mount",
                                         "umount2",
                                         "kexec_load",
                                         "ptrace",
                                         "bpf",
                                         "unshare",
                                         "setns",
                                         "init_module",
                                         "finit_module",
                                         "delete_module",
                                         "pivot_root",
                                         "perf_event_open",
                                         "process_vm_readv",
                                         "open_by_handle_at",
                                         NULL };
  Outputs outputs = { .audit = { .profile = "audit" }, .off = { .profile = "off" } };
  LineCase cases[G_N_ELEMENTS (lines)];
  int result;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/ended/%s", profiles[i]);

      outputs.confined[i] = (Run){ .profile = profiles[i], .words = i == 0 ? killing : NULL };
      run_probe (&outputs.confined[i]);
      g_test_add_data_func (path, &outputs.confined[i], test_ended);
    }
  for (guint i = 0; i < G_N_ELEMENTS (overlaid); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sandbox/ended/%s", overlaid[i]);

      outputs.overlaid[i] = (Run){ .profile = overlaid[i], .words = i == 0 ? killing : NULL };
      run_probe (&outputs.overlaid[i]);
      g_test_add_data_func (path, &outputs.overlaid[i], test_ended);
    }
  run_probe (&outputs.off);
  g_test_add_data_func ("/sandbox/ended/off", &outputs.off, test_ended);
  run_probe (&outputs.audit);
  g_test_add_data_func ("/sandbox/ended/audit", &outputs.audit, test_ended);
  run_probe (&outputs.free);
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
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    g_free (outputs.confined[i].output);
  for (guint i = 0; i < G_N_ELEMENTS (overlaid); i++)
    g_free (outputs.overlaid[i].output);
  g_free (outputs.audit.output);
  g_free (outputs.off.output);
  g_free (outputs.free.output);
  return result;
}
