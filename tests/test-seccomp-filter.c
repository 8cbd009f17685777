/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters answer what the profiles say: bpf-eval.h against seccomp-oracle.h. */
#include "config.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "bpf-eval.h"
#include "filter-parts.h"
#include "filter-shrink.h"
#include "sandbox.h"
#include "seccomp-oracle.h"
#include "seccomp-profile.h"
#include "seccomp-samples.h"

enum
{
  NUMBERS = 1024, /* beyond the last system call of today */
  BATCH = 64,
  CASE_BITS = 16, /* of a test's datum; above them is the profile */
  RANDOM_PROFILES = 400,
  RANDOM_TUPLES = 200,
};

#define ALLOW SECCOMP_RET_ALLOW
#define FAIL(code) (SECCOMP_RET_ERRNO | (code))
#define HIGH G_GUINT64_CONSTANT (0x100000000)

/* Filters that are not among the samples. */
static const char *const others[] = { "audit", "kvm-wx" };

typedef struct
{
  Oracle *oracle;
  guint8 *bpf;
  gsize size;
} Fixture;

/* Profiles are tried on a machine of their own. */
static const QrSeccompHost host = { "amd64", 0, 6, 1 };

static guint8 *
compile_for (const char *text, const QrSeccompHost *machine, gsize *size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text, strlen (text), "profile", 0, QR_STATUS_CONFIG, &error);
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  guint8 *bpf;
  gboolean good;
  QrJson root;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_compile (&root, machine, warnings, &bpf, size, &error);
  g_assert_no_error (error);
  g_assert_true (good);
  return bpf;
}

static guint8 *
compile (const char *text, gsize *size)
{
  return compile_for (text, &host, size);
}

static void
fixture_compile (Fixture *fixture, const char *text)
{
  fixture->oracle = oracle_new (text);
  fixture->bpf = compile (text, &fixture->size);
}

static char *
profile_text (const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s.json", name);
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "profiles", "seccomp", file, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  (void) g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The filter with @parts, bits by the order of the table. */
static void
fixture_load_parts (Fixture *fixture, const char *name, guint32 parts)
{
  const QrFilter *builtin = qr_sandbox_find_builtin (name);
  g_autofree char *text = profile_text (name);

  g_assert_nonnull (builtin);
  fixture->oracle = oracle_new (text);
  fixture->size = builtin->size;
  fixture->bpf = g_memdup2 (builtin->bpf, builtin->size);
  qr_filter_settle (fixture->bpf, fixture->size, builtin->sets, builtin->n_sets, parts,
                    builtin->otherwise);
  fixture->size = qr_filter_shrink (fixture->bpf, fixture->size);
}

static void
fixture_load (Fixture *fixture, ProfileId profile)
{
  fixture_load_parts (fixture, shipped[profile].name, 0);
}

static gpointer
make_case (ProfileId profile, gsize value)
{
  return GSIZE_TO_POINTER ((gsize) profile << CASE_BITS | value);
}

static ProfileId
case_profile (gconstpointer data)
{
  return (ProfileId) (GPOINTER_TO_SIZE (data) >> CASE_BITS);
}

static gsize
case_value (gconstpointer data)
{
  return GPOINTER_TO_SIZE (data) & (((gsize) 1 << CASE_BITS) - 1);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture_load (fixture, case_profile (data));
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  oracle_free (fixture->oracle);
  g_free (fixture->bpf);
}

/* Marks stand where a program may be executed, and nowhere else. */
static void
evaluate (const Fixture *fixture, const struct seccomp_data *data, BpfAnswer *answer)
{
  guint32 plain;

  g_assert_true (bpf_eval (fixture->bpf, fixture->size, data, answer));
  plain = qr_filter_unmark (answer->action);
  g_assert_cmpint (answer->action != plain, ==,
                   qr_filter_is_exec (data->nr) && (plain == ALLOW || plain == SECCOMP_RET_LOG));
  answer->action = plain;
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
  int first = (int) case_value (data);

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
  static const guint32 foreign[] = { SCMP_ARCH_X86_64,  SCMP_ARCH_X86,     SCMP_ARCH_ARM,
                                    SCMP_ARCH_AARCH64, SCMP_ARCH_RISCV64, SCMP_ARCH_PPC64LE };
  struct seccomp_data call = { 0 };
  BpfAnswer answer;

  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    for (int number = 0; number < NUMBERS && foreign[i] != seccomp_arch_native (); number++)
      {
        call.arch = foreign[i];
        call.nr = number;
        evaluate (fixture, &call, &answer);
        g_assert_cmphex (answer.action, ==, SECCOMP_RET_KILL_PROCESS);
      }
}

static void
test_hot (Fixture *fixture, gconstpointer data)
{
  const char *name = hot_calls[case_value (data)];
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  if (call.nr < 0)
    {
      g_test_skip ("no such call on this architecture");
      return;
    }
  evaluate (fixture, &call, &answer);
  g_assert_cmphex (answer.action, ==, ALLOW);
  g_assert_false (answer.arguments); /* so the kernel's bitmap can answer */
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const RefusedCall *refused = &refused_calls[case_value (data)];
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (refused->name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  g_assert_cmpint (call.nr, !=, __NR_SCMP_ERROR);
  if (call.nr < 0)
    {
      g_test_skip ("no such call on this architecture");
      return;
    }
  evaluate (fixture, &call, &answer);
  if (case_profile (data) >= refused->from)
    g_assert_true (answer.action == ALLOW || answer.arguments);
  else
    {
      g_assert_true (
          answer.action == FAIL (EPERM)
          || (case_profile (data) == PROFILE_STRICT && answer.action == SECCOMP_RET_KILL_PROCESS));
      g_assert_false (answer.arguments); /* whatever the arguments */
    }
}

/* What @call gets with the parts in @oracles added to a profile that answers @alone to it. */
static guint32
answer_with_parts (Oracle *const *oracles, guint32 parts, guint32 alone, guint32 fallback,
                   const struct seccomp_data *call)
{
  for (guint i = 0; i < qr_n_filter_parts && alone == fallback; i++)
    if ((parts & 1u << i) != 0 && oracle_ask (oracles[i], call) == ALLOW)
      return ALLOW;
  return alone;
}

static void
compare_parts (const Fixture *fixture, Oracle *const *oracles, guint32 parts, int number)
{
  struct seccomp_data call = { .nr = NUMBERS - 1, .arch = seccomp_arch_native () };
  const guint32 fallback = oracle_ask (fixture->oracle, &call);
  g_autoptr (GArray) values = oracle_values (fixture->oracle, number);
  BpfAnswer answer;

  for (guint i = 0; i < qr_n_filter_parts; i++)
    {
      g_autoptr (GArray) more = oracle_values (oracles[i], number);

      g_array_append_vals (values, more->data, more->len);
    }
  call.nr = number;
  for (guint i = 0; i < values->len; i++)
    {
      for (guint j = 0; j < 6; j++)
        call.args[j] = g_array_index (values, guint64, (i + j * 7) % values->len);
      evaluate (fixture, &call, &answer);
      g_assert_cmphex (
          answer.action, ==,
          answer_with_parts (oracles, parts, oracle_ask (fixture->oracle, &call), fallback, &call));
    }
}

/* Each set of parts lets through what the profile and these parts do, and nothing else. */
static void
test_parts (gconstpointer data)
{
  Oracle **oracles = g_new0 (Oracle *, qr_n_filter_parts);

  for (guint i = 0; i < qr_n_filter_parts; i++)
    {
      g_autofree char *name = g_strdup_printf ("parts/%s", qr_filter_parts[i].name);
      g_autofree char *text = profile_text (name);

      oracles[i] = oracle_new (text);
    }
  for (guint32 parts = 0; parts < 1u << qr_n_filter_parts; parts++)
    {
      Fixture fixture = { 0 };

      fixture_load_parts (&fixture, data, parts);
      for (int number = 0; number < NUMBERS; number++)
        compare_parts (&fixture, oracles, parts, number);
      fixture_tear_down (&fixture, NULL);
    }
  for (guint i = 0; i < qr_n_filter_parts; i++)
    oracle_free (oracles[i]);
  g_free (oracles);
}

/* A filter that stands in no table of samples answers what its profile says. */
static void
test_other (gconstpointer data)
{
  Fixture fixture = { 0 };

  fixture_load_parts (&fixture, data, 0);
  for (int number = 0; number < NUMBERS; number++)
    compare_call (&fixture, number);
  test_edges (&fixture, NULL);
  test_x32 (&fixture, NULL);
  test_architectures (&fixture, NULL);
  for (gsize i = 0; hot_calls[i] != NULL; i++)
    test_hot (&fixture, make_case (0, i));
  fixture_tear_down (&fixture, NULL);
}

/* What audit lets through unlogged is what default allows. */
static void
test_audit (void)
{
  Fixture audit = { 0 }, usual = { 0 };
  struct seccomp_data call = { .arch = seccomp_arch_native () };

  fixture_load_parts (&audit, "audit", 0);
  fixture_load_parts (&usual, "default", 0);
  for (call.nr = 0; call.nr < NUMBERS; call.nr++)
    {
      guint32 wanted = oracle_ask (usual.oracle, &call);

      g_assert_cmphex (oracle_ask (audit.oracle, &call), ==,
                       wanted == FAIL (EPERM) ? SECCOMP_RET_LOG : wanted);
    }
  fixture_tear_down (&audit, NULL);
  fixture_tear_down (&usual, NULL);
}

static guint32
ask_overlay (const Fixture *overlay, const char *name, guint64 protection)
{
  struct seccomp_data call = { .nr = seccomp_syscall_resolve_name (name),
                               .arch = seccomp_arch_native (),
                               .args = { 0, 0, protection } };
  BpfAnswer answer;

  evaluate (overlay, &call, &answer);
  return answer.action;
}

/* Read 1, write 2, execute 4. */
static void
test_write_or_execute (void)
{
  Fixture overlay = { 0 };

  fixture_load_parts (&overlay, "kvm-wx", 0);
  for (guint64 protection = 0; protection < 8; protection++)
    {
      g_assert_cmphex (ask_overlay (&overlay, "mprotect", protection), ==,
                       (protection & 4) != 0 ? FAIL (EACCES) : ALLOW);
      g_assert_cmphex (ask_overlay (&overlay, "mmap", protection), ==,
                       (protection & 6) == 6 ? FAIL (EACCES) : ALLOW);
    }
  fixture_tear_down (&overlay, NULL);
}

static void
test_sample (Fixture *fixture, gconstpointer data)
{
  const SampleCall *sample = &sample_calls[case_value (data)];
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name (sample->name), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  memcpy (call.args, sample->args, sizeof call.args);
  evaluate (fixture, &call, &answer);
  g_assert_cmphex (answer.action, ==,
                   case_profile (data) >= sample->from ? ALLOW : sample->otherwise);
}

/* With the flags of threads, of fork(), of vfork() and alone. */
static void
test_namespaces (Fixture *fixture, gconstpointer data)
{
  static const guint64 beside[] = { 0x3d0f00, 0x1200011, 0x4111, 0x100, 0 };
  struct seccomp_data call
      = { .nr = seccomp_syscall_resolve_name ("clone"), .arch = seccomp_arch_native () };
  BpfAnswer answer;

  for (gsize i = 0; namespace_flags[i] != 0; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (beside); j++)
      {
        call.args[0] = namespace_flags[i] | beside[j];
        evaluate (fixture, &call, &answer);
        g_assert_cmphex (answer.action, ==, FAIL (EPERM));
      }
}

static void
test_count (Fixture *fixture, gconstpointer data)
{
  guint count = oracle_count_allowed (fixture->oracle);

  g_test_message ("%u names allowed, %" G_GSIZE_FORMAT " instructions", count, fixture->size / 8);
  g_assert_cmpuint (count, <=, shipped[case_profile (data)].allowed_max);
}

static void
check_superset (const Fixture *smaller, const Fixture *larger, const struct seccomp_data *data)
{
  BpfAnswer small, large;

  evaluate (smaller, data, &small);
  evaluate (larger, data, &large);
  if (small.action == ALLOW && large.action != ALLOW)
    g_error ("call %d (%llx, %llx, %llx, ...) is allowed by the smaller profile only", data->nr,
             data->args[0], data->args[1], data->args[2]);
}

/* Values that either profile's rules know, one at a time and in mixtures. */
static void
check_superset_of_call (const Fixture *smaller, const Fixture *larger, int number)
{
  g_autoptr (GArray) values = oracle_values (smaller->oracle, number);
  g_autoptr (GArray) more = oracle_values (larger->oracle, number);
  struct seccomp_data data = { .nr = number, .arch = seccomp_arch_native () };
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) number);

  g_array_append_vals (values, more->data, more->len);
  for (guint tuple = 0; tuple < values->len * 6 + RANDOM_TUPLES; tuple++)
    {
      for (guint i = 0; i < 6; i++)
        {
          guint at = tuple < values->len * 6
                         ? tuple / 6
                         : (guint) g_rand_int_range (random, 0, (gint32) values->len);
          gboolean set = tuple >= values->len * 6 || tuple % 6 == i;

          data.args[i] = set ? g_array_index (values, guint64, at) : 0;
        }
      check_superset (smaller, larger, &data);
    }
}

static void
test_superset (Fixture *fixture, gconstpointer data)
{
  Fixture smaller = { 0 };

  fixture_load (&smaller, case_profile (data) - 1);
  for (int number = 0; number < NUMBERS; number++)
    check_superset_of_call (&smaller, fixture, number);
  fixture_tear_down (&smaller, NULL);
}

/* A profile that is built in and not in the table of the tests is not tested. */
static void
test_table (void)
{
  g_assert_cmpuint (qr_n_filters_builtin, ==, N_PROFILES + G_N_ELEMENTS (others));
  for (guint i = 0; i < N_PROFILES; i++)
    g_assert_nonnull (qr_sandbox_find_builtin (shipped[i].name));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_nonnull (qr_sandbox_find_builtin (others[i]));
}

static guint64
random_value (GRand *random)
{
  static const guint64 values[]
      = { 0,           1,    2,        3,         0x10900,     0x7e83e900,
          G_MAXUINT32, HIGH, HIGH | 1, HIGH << 4, G_MAXUINT64, G_MAXINT64 };

  return values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
}

/* Up to three comparisons, for equality only or of any kind. */
static void
append_random_args (GString *text, GRand *random, gboolean equality)
{
  static const char *const ops[] = { "EQ", "NE", "MASKED_EQ", "LT", "LE", "GT", "GE" };
  gint32 n = g_rand_int_range (random, 0, 4), first = g_rand_int_range (random, 0, 6);

  for (gint32 i = 0; i < n; i++)
    {
      gint32 op = equality ? 0 : g_rand_int_range (random, 0, G_N_ELEMENTS (ops));
      guint64 value = random_value (random), second = 0;

      if (op == 2)
        {
          value |= 1;
          second = random_value (random) & value;
        }
      else if (op > 2)
        value = CLAMP (value, 1, G_MAXUINT64 - 1);
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

/* What is written for some machines only, and what it comes to on the one above. */
static void
test_dialect (void)
{
  static const char there[]
      = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrno\": \"ENOSYS\","
        " \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X32\"]}],"
        " \"syscalls\": ["
        "{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": null, \"includes\": {\"minKernel\": \"4.8\"}},"
        "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38,"
        " \"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"EINVAL\", \"args\": ["
        "{\"index\": 0, \"value\": 16, \"valueTwo\": 0, \"op\": \"SCMP_CMP_EQ\"},"
        "{\"index\": 2, \"value\": 9, \"valueTwo\": 0, \"op\": \"SCMP_CMP_EQ\"}]},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
        "{\"index\": 2, \"value\": 9, \"valueTwo\": 0, \"op\": \"SCMP_CMP_NE\"}]},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
        "{\"index\": 0, \"value\": 16, \"valueTwo\": 0, \"op\": \"SCMP_CMP_NE\"}]},"
        "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}},"
        "{\"names\": [\"write\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"arches\": [\"s390x\"]}}]}";
  static const char here[]
      = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38, \"syscalls\": ["
        "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 22, \"args\": ["
        "{\"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_EQ\"},"
        "{\"index\": 2, \"value\": 9, \"op\": \"SCMP_CMP_EQ\"}]},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
        "{\"index\": 2, \"value\": 9, \"op\": \"SCMP_CMP_NE\"}]},"
        "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
        "{\"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_NE\"}]}]}";
  Fixture fixture = { 0 };
  g_autofree guint8 *bpf = NULL;
  gsize size;

  bpf = compile (there, &size);
  fixture_compile (&fixture, here);
  g_assert_cmpmem (bpf, (int) size, fixture.bpf, (int) fixture.size);
  for (int number = 0; number < NUMBERS; number++)
    compare_call (&fixture, number);
  fixture_tear_down (&fixture, NULL);
}

/* A profile in the form of a program that many use, for who may do all and for who may do nothing:
 * what the filter answers to some calls. */
typedef struct
{
  const char *file;
  gboolean root;
  struct
  {
    const char *name;
    guint64 first, third;
    guint32 action;
  } calls[16];
} Form;

static const Form forms[] = {
  { "docker.json", FALSE,
    { { "read", 0, 0, ALLOW }, { "ptrace", 0, 0, ALLOW }, { "socket", 0, 0, ALLOW }, { "socket", 37, 0, ALLOW },
      { "socket", 38, 0, FAIL (1) }, { "socket", 39, 0, ALLOW }, { "socket", 40, 0, FAIL (1) }, { "socket", 41, 0, ALLOW },
      { "socket", HIGH | 38, 0, ALLOW }, { "clone", 0x7e000000, 0, FAIL (1) }, { "clone", 17, 0, ALLOW },
      { "clone3", 0, 0, FAIL (38) }, { "setns", 0, 0, FAIL (1) }, { "bpf", 0, 0, FAIL (1) }, { "modify_ldt", 0, 0, ALLOW } } },
  { "docker.json", TRUE,
    { { "socket", 38, 0, FAIL (1) }, { "clone", 0x7e000000, 0, ALLOW }, { "clone3", 0, 0, ALLOW }, { "setns", 0, 0, ALLOW },
      { "bpf", 0, 0, ALLOW } } },
  { "podman.json", FALSE,
    { { "read", 0, 0, ALLOW }, { "setns", 0, 0, ALLOW }, { "bpf", 0, 0, FAIL (1) }, { "swapon", 0, 0, FAIL (1) },
      { "socket", 16, 9, FAIL (22) }, { "socket", 16, 8, ALLOW }, { "personality", G_MAXUINT32, 0, ALLOW },
      { "personality", 1, 0, FAIL (38) }, { "mount", 0, 0, FAIL (38) } } },
  { "podman.json", TRUE, { { "setns", 0, 0, ALLOW }, { "bpf", 0, 0, ALLOW }, { "socket", 16, 9, ALLOW } } },
};

static void
test_form (gconstpointer data)
{
  const Form *form = data;
  const QrSeccompHost machine = { "amd64", form->root ? G_MAXUINT64 : 0, 6, 1 };
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "corpus", "seccomp", form->file, NULL);
  g_autofree char *text = NULL;
  Fixture fixture = { 0 };

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fixture.bpf = compile_for (text, &machine, &fixture.size);
  for (guint i = 0; i < G_N_ELEMENTS (form->calls) && form->calls[i].name != NULL; i++)
    {
      const struct seccomp_data call = { .nr = seccomp_syscall_resolve_name (form->calls[i].name),
                                         .arch = seccomp_arch_native (),
                                         .args = { form->calls[i].first, 0, form->calls[i].third } };
      BpfAnswer answer;

      evaluate (&fixture, &call, &answer);
      if (answer.action != form->calls[i].action)
        g_error ("%s: call %u, %s: %x", form->file, i, form->calls[i].name, answer.action);
    }
  fixture_tear_down (&fixture, NULL);
}

static void
add (const char *group, const char *name, gconstpointer data,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/seccomp-filter/%s/%s/%s",
                                           shipped[case_profile (data)].name, group, name);

  g_test_add (path, Fixture, data, fixture_set_up, function, fixture_tear_down);
}

static void
add_profile (ProfileId profile)
{
  add ("allowed", "count", make_case (profile, 0), test_count);
  for (int first = 0; first < NUMBERS; first += BATCH)
    {
      g_autofree char *name = g_strdup_printf ("%d-%d", first, first + BATCH - 1);

      add ("numbers", name, make_case (profile, (gsize) first), test_numbers);
    }
  add ("numbers", "edges", make_case (profile, 0), test_edges);
  add ("foreign", "x32", make_case (profile, 0), test_x32);
  add ("foreign", "architectures", make_case (profile, 0), test_architectures);
  for (gsize i = 0; hot_calls[i] != NULL; i++)
    add ("hot", hot_calls[i], make_case (profile, i), test_hot);
  for (gsize i = 0; i < n_refused_calls; i++)
    add ("refused", refused_calls[i].name, make_case (profile, i), test_refused);
  for (gsize i = 0; i < n_sample_calls; i++)
    add ("samples", sample_calls[i].label, make_case (profile, i), test_sample);
  add ("samples", "namespaces", make_case (profile, 0), test_namespaces);
  if (profile > 0)
    add ("superset-of", shipped[profile - 1].name, make_case (profile, 0), test_superset);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seccomp-filter/table", test_table);
  for (guint i = 0; i < N_PROFILES; i++)
    add_profile (i);
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (!qr_filters_builtin[i].is_overlay)
      {
        g_autofree char *path
            = g_strdup_printf ("/seccomp-filter/parts/%s", qr_filters_builtin[i].name);

        g_test_add_data_func (path, qr_filters_builtin[i].name, test_parts);
      }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-filter/other/%s", others[i]);

      g_test_add_data_func (path, others[i], test_other);
    }
  g_test_add_func ("/seccomp-filter/audit", test_audit);
  g_test_add_func ("/seccomp-filter/write-or-execute", test_write_or_execute);
  for (guint seed = 1; seed <= 4; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-filter/random/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_random);
    }
  g_test_add_func ("/seccomp-filter/dialect", test_dialect);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-filter/form/%u", i);

      g_test_add_data_func (path, &forms[i], test_form);
    }
  return g_test_run ();
}
