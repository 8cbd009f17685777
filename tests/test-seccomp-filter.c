/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters answer what the profiles say: bpf-eval.h against seccomp-oracle.h. */
#include "config.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "bpf-eval.h"
#include "seccomp-oracle.h"
#include "seccomp-profile.h"

enum
{
  NUMBERS = 1024, /* beyond the last system call of today */
  BATCH = 64,
  ALLOWED_MAX = 155,
  RANDOM_PROFILES = 400,
  RANDOM_TUPLES = 200,
};

#define ALLOW SECCOMP_RET_ALLOW
#define FAIL(code) (SECCOMP_RET_ERRNO | (code))
#define HIGH G_GUINT64_CONSTANT (0x100000000)
#define THREAD 0x3d0f00 /* the flags of glibc's pthread_create() */

typedef struct
{
  Oracle *oracle;
  guint8 *bpf;
  gsize size;
} Fixture;

static const char *const hot[] = {
  "ioctl",   "ppoll",  "read",      "write",   "pread64", "pwrite64",   "preadv",
  "pwritev", "futex",  "io_submit", "recvmsg", "sendmsg", "epoll_wait", "epoll_pwait",
};

/* Never right for a virtual machine. */
static const char *const refused[] = {
  "acct",          "add_key",      "adjtimex",        "bpf",
  "capset",        "chroot",       "clock_settime",   "delete_module",
  "execveat",      "finit_module", "fork",            "fsconfig",
  "fsmount",       "fsopen",       "fspick",          "init_module",
  "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm",
  "iopl",          "kcmp",         "kexec_file_load", "kexec_load",
  "keyctl",        "kill",         "lookup_dcookie",  "mount",
  "mount_setattr", "move_mount",   "move_pages",      "name_to_handle_at",
  "nfsservctl",    "open_by_handle_at", "open_tree",  "perf_event_open",
  "personality",   "pidfd_getfd",  "pidfd_open",      "pidfd_send_signal",
  "pivot_root",    "process_madvise", "process_vm_readv", "process_vm_writev",
  "ptrace",        "quotactl",     "reboot",          "request_key",
  "setdomainname", "setfsgid",     "setfsuid",        "setgid",
  "setgroups",     "sethostname",  "setns",           "setpriority",
  "setregid",      "setresgid",    "setresuid",       "setreuid",
  "setrlimit",     "setsid",       "settimeofday",    "setuid",
  "shmat",         "shmget",       "swapoff",         "swapon",
  "syslog",        "tkill",        "umount2",         "unshare",
  "userfaultfd",   "vfork",        "vhangup",
};

static const struct
{
  const char *label, *name;
  guint64 args[6];
  guint32 action;
} samples[] = {
  { "clone-thread", "clone", { THREAD }, ALLOW },
  { "clone-thread-of-musl", "clone", { THREAD | 0x400000 }, ALLOW },
  { "clone-fork", "clone", { 0x1200011 }, FAIL (EPERM) },
  { "clone-vfork", "clone", { 0x4111 }, FAIL (EPERM) },
  { "clone-thread-new-user", "clone", { THREAD | 0x10000000 }, FAIL (EPERM) },
  { "clone-thread-new-net", "clone", { THREAD | 0x40000000 }, FAIL (EPERM) },
  { "clone-thread-vfork", "clone", { THREAD | 0x4000 }, FAIL (EPERM) },
  { "clone-thread-untraced", "clone", { THREAD | 0x800000 }, FAIL (EPERM) },
  { "clone3", "clone3", { 0 }, FAIL (ENOSYS) },
  { "socket-unix", "socket", { 1, 1, 0 }, ALLOW },
  { "socket-inet", "socket", { 2, 2, 0 }, ALLOW },
  { "socket-inet6", "socket", { 10, 1, 0 }, ALLOW },
  { "socket-vsock", "socket", { 40, 1, 0 }, ALLOW },
  { "socket-unspecified", "socket", { 0, 1, 0 }, FAIL (EPERM) },
  { "socket-netlink", "socket", { 16, 3, 0 }, FAIL (EPERM) },
  { "socket-packet", "socket", { 17, 3, 0 }, FAIL (EPERM) },
  { "socket-alg", "socket", { 38, 5, 0 }, FAIL (EPERM) },
  { "socket-high-bits", "socket", { HIGH | 1, 1, 0 }, FAIL (EPERM) },
  { "prlimit64-get", "prlimit64", { 0, 7, 0, 4096 }, ALLOW },
  { "prlimit64-set", "prlimit64", { 0, 7, 4096, 0 }, FAIL (EPERM) },
  { "prlimit64-set-high", "prlimit64", { 0, 7, HIGH, 0 }, FAIL (EPERM) },
  { "prctl-set-name", "prctl", { 15 }, ALLOW },
  { "prctl-capbset-read", "prctl", { 23 }, ALLOW },
  { "prctl-set-timerslack", "prctl", { 29 }, ALLOW },
  { "prctl-mce-kill", "prctl", { 33 }, ALLOW },
  { "prctl-set-no-new-privs", "prctl", { 38 }, ALLOW },
  { "prctl-set-dumpable", "prctl", { 4 }, FAIL (EPERM) },
  { "prctl-set-seccomp", "prctl", { 22 }, FAIL (EPERM) },
  { "prctl-capbset-drop", "prctl", { 24 }, FAIL (EPERM) },
  { "prctl-set-mm", "prctl", { 35 }, FAIL (EPERM) },
  { "prctl-set-ptracer", "prctl", { 0x59616d61 }, FAIL (EPERM) },
  { "execve", "execve", { 1, 2, 3 }, ALLOW },
  { "seccomp", "seccomp", { 1, 0, 1 }, ALLOW },
};

static void
fixture_compile (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = NULL;
  gboolean good;
  QrJson root;

  fixture->oracle = oracle_new (text);
  doc = qr_json_doc_parse (text, strlen (text), "profile", 0, QR_STATUS_CONFIG, &error);
  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_compile (&root, &fixture->bpf, &fixture->size, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "profiles", "seccomp", "default.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  (void) g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  fixture_compile (fixture, text);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  oracle_free (fixture->oracle);
  g_free (fixture->bpf);
}

static void
evaluate (const Fixture *fixture, const struct seccomp_data *data, BpfAnswer *answer)
{
  g_assert_true (bpf_eval (fixture->bpf, fixture->size, data, answer));
}

static void
compare (const Fixture *fixture, const struct seccomp_data *data)
{
  guint32 wanted = oracle_ask (fixture->oracle, data);
  BpfAnswer answer;

  evaluate (fixture, data, &answer);
  if (answer.action != wanted)
    g_error ("call %d of %x (%llx, %llx, %llx, ...): filter %x, profile %x", data->nr, data->arch,
             data->args[0], data->args[1], data->args[2], answer.action, wanted);
}

/* Each interesting value in each argument, then mixtures of them. */
static void
compare_call (const Fixture *fixture, int number)
{
  g_autoptr (GArray) values = oracle_values (fixture->oracle, number);
  struct seccomp_data data = { .nr = number, .arch = seccomp_arch_native () };
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) number);

  for (guint i = 0; i < 6; i++)
    for (guint j = 0; j < values->len; j++)
      {
        memset (data.args, 0, sizeof data.args);
        data.args[i] = g_array_index (values, guint64, j);
        compare (fixture, &data);
      }
  for (guint tuple = 0; tuple < RANDOM_TUPLES; tuple++)
    {
      for (guint i = 0; i < 6; i++)
        data.args[i]
            = g_array_index (values, guint64, g_rand_int_range (random, 0, (gint32) values->len));
      compare (fixture, &data);
    }
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  int first = GPOINTER_TO_INT (data);

  for (int number = first; number < first + BATCH; number++)
    compare_call (fixture, number);
}

static void
test_edges (Fixture *fixture, gconstpointer data)
{
  static const int edges[] = { -1, -2, G_MININT, G_MAXINT, 0x3fffffff, 0x40000000, 0x7fffffff };

  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    compare_call (fixture, edges[i]);
}

static void
test_x32 (Fixture *fixture, gconstpointer data)
{
  struct seccomp_data call = { .arch = SCMP_ARCH_X86_64 };
  BpfAnswer answer;

  if (seccomp_arch_native () != SCMP_ARCH_X86_64)
    {
      g_test_skip ("not on x86_64");
      return;
    }
  for (int number = 0; number < NUMBERS; number++)
    {
      call.nr = number | 0x40000000;
      compare (fixture, &call);
      evaluate (fixture, &call, &answer);
      g_assert_cmphex (answer.action, ==, SECCOMP_RET_KILL_PROCESS);
    }
}

static void
test_architectures (Fixture *fixture, gconstpointer data)
{
  static const guint32 others[] = { SCMP_ARCH_X86_64, SCMP_ARCH_X86,   SCMP_ARCH_ARM,
                                    SCMP_ARCH_AARCH64, SCMP_ARCH_RISCV64, SCMP_ARCH_PPC64LE };
  struct seccomp_data call = { 0 };
  BpfAnswer answer;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    for (int number = 0; number < NUMBERS && others[i] != seccomp_arch_native (); number++)
      {
        call.arch = others[i];
        call.nr = number;
        evaluate (fixture, &call, &answer);
        g_assert_cmphex (answer.action, ==, SECCOMP_RET_KILL_PROCESS);
      }
}

static void
test_hot (Fixture *fixture, gconstpointer data)
{
  const char *name = data;
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  if (call.nr < 0)
    {
      g_test_skip ("no such call on this architecture");
      return;
    }
  evaluate (fixture, &call, &answer);
  g_assert_cmphex (answer.action, ==, SECCOMP_RET_ALLOW);
  g_assert_false (answer.arguments); /* so the kernel's bitmap can answer */
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const char *name = data;
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  g_assert_cmpint (call.nr, !=, __NR_SCMP_ERROR);
  if (call.nr < 0)
    {
      g_test_skip ("no such call on this architecture");
      return;
    }
  evaluate (fixture, &call, &answer);
  g_assert_cmphex (answer.action, ==, FAIL (EPERM));
  g_assert_false (answer.arguments); /* whatever the arguments */
}

static void
test_sample (Fixture *fixture, gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (samples[i].name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  memcpy (call.args, samples[i].args, sizeof call.args);
  evaluate (fixture, &call, &answer);
  g_assert_cmphex (answer.action, ==, samples[i].action);
}

static void
test_count (Fixture *fixture, gconstpointer data)
{
  guint count = oracle_count_allowed (fixture->oracle);

  g_test_message ("%u names allowed, %" G_GSIZE_FORMAT " instructions", count, fixture->size / 8);
  g_assert_cmpuint (count, <=, ALLOWED_MAX);
}

static guint64
random_value (GRand *random)
{
  static const guint64 values[] = { 0, 1, 2, 3, 0x10900, 0x7e83e900, G_MAXUINT32, HIGH, HIGH | 1,
                                    HIGH << 4, G_MAXUINT64, G_MAXINT64 };

  return values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
}

/* Up to three comparisons for equality, or one of any kind of argument 2. */
static void
append_random_args (GString *text, GRand *random, gboolean equality)
{
  static const char *const ops[] = { "EQ", "NE", "MASKED_EQ" };
  gint32 n = g_rand_int_range (random, 0, equality ? 4 : 2);
  gint32 first = equality ? g_rand_int_range (random, 0, 6) : 2;

  for (gint32 i = 0; i < n; i++)
    {
      gint32 op = equality ? 0 : g_rand_int_range (random, 0, G_N_ELEMENTS (ops));
      guint64 value = random_value (random), second = 0;

      if (op == 2)
        {
          value |= 1;
          second = random_value (random) & value;
        }
      g_string_append_printf (text,
                              "%s{\"index\": %d, \"value\": %" G_GUINT64_FORMAT
                              ", \"valueTwo\": %" G_GUINT64_FORMAT ", \"op\": \"SCMP_CMP_%s\"}",
                              i == 0 ? "" : ", ", (first + i) % 6, value, second, ops[op]);
    }
}

/* Profiles of a few calls with conditions of every kind, some of them for one call. */
static void
test_random (gconstpointer data)
{
  static const char *const names[] = { "read", "prctl", "clone", "socket", "ioctl", "mmap" };
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));

  for (guint round = 0; round < RANDOM_PROFILES; round++)
    {
      g_autoptr (GString) text
          = g_string_new ("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [");
      gint32 n = g_rand_int_range (random, 1, 12);
      Fixture fixture = { 0 };

      for (gint32 i = 0; i < n; i++)
        {
          const char *name = names[g_rand_int_range (random, 0, G_N_ELEMENTS (names))];

          g_string_append_printf (text,
                                  "%s\n{\"names\": [\"%s\"], \"action\": \"SCMP_ACT_ALLOW\", "
                                  "\"args\": [",
                                  i == 0 ? "" : ",", name);
          append_random_args (text, random, round % 2 == 0);
          g_string_append (text, "]}");
        }
      g_string_append (text, "]}");
      fixture_compile (&fixture, text->str);
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        compare_call (&fixture, seccomp_syscall_resolve_name (names[i]));
      fixture_tear_down (&fixture, NULL);
    }
}

static void
add (const char *group, const char *name, gconstpointer data,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/seccomp-filter/%s/%s", group, name);

  g_test_add (path, Fixture, data, fixture_set_up, function, fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("default", "count", NULL, test_count);
  for (int first = 0; first < NUMBERS; first += BATCH)
    {
      g_autofree char *name = g_strdup_printf ("%d-%d", first, first + BATCH - 1);

      add ("numbers", name, GINT_TO_POINTER (first), test_numbers);
    }
  add ("numbers", "edges", NULL, test_edges);
  add ("foreign", "x32", NULL, test_x32);
  add ("foreign", "architectures", NULL, test_architectures);
  for (gsize i = 0; i < G_N_ELEMENTS (hot); i++)
    add ("hot", hot[i], hot[i], test_hot);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    add ("refused", refused[i], refused[i], test_refused);
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    add ("samples", samples[i].label, GSIZE_TO_POINTER (i), test_sample);
  for (guint seed = 1; seed <= 4; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-filter/random/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_random);
    }
  return g_test_run ();
}
