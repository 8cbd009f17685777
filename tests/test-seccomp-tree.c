/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each number finds its range, however many there are, by the tests' own evaluator. */
#include "config.h"

#include "seccomp-tree.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "bpf-eval.h"

enum
{
  TRIED = 512,
  RANGES_MAX = 1024,
  CODES = 40,
  LONG_CODES = 8, /* the first of them look at an argument */
  LONGEST = 240,  /* loads in one of these */
  ROUNDS = 300,
};

#define ARCH AUDIT_ARCH_X86_64
#define FOREIGN (SECCOMP_RET_ERRNO | 4000)

typedef struct
{
  GArray *codes[CODES], *foreign;
  QrSeccompRange ranges[RANGES_MAX];
  guint wanted[RANGES_MAX]; /* index into codes */
  guint n;
  guint32 tried;
} Fixture;

static GArray *
code_new (guint32 action, guint loads)
{
  const struct sock_filter load = BPF_STMT (BPF_LD | BPF_W | BPF_ABS, 16);
  const struct sock_filter end = BPF_STMT (BPF_RET | BPF_K, action);
  GArray *code = g_array_new (FALSE, FALSE, sizeof end);

  for (guint i = 0; i < loads; i++)
    g_array_append_val (code, load);
  g_array_append_val (code, end);
  return code;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  (void) data;
  for (guint i = 0; i < CODES; i++)
    fixture->codes[i]
        = code_new (SECCOMP_RET_ERRNO | i, i < LONG_CODES ? 1 + i * LONGEST / LONG_CODES : 0);
  fixture->foreign = code_new (FOREIGN, 0);
  fixture->tried = TRIED;
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  (void) data;
  for (guint i = 0; i < CODES; i++)
    g_array_unref (fixture->codes[i]);
  g_array_unref (fixture->foreign);
}

static void
add (Fixture *fixture, guint32 first, guint code)
{
  g_assert_cmpuint (fixture->n, <, RANGES_MAX);
  fixture->ranges[fixture->n] = (QrSeccompRange){ first, fixture->codes[code] };
  fixture->wanted[fixture->n++] = code;
}

static void
check (const Fixture *fixture, const GArray *program, guint32 number, guint code)
{
  struct seccomp_data call = { .nr = (int) number, .arch = ARCH };
  const gsize size = program->len * sizeof (struct sock_filter);
  BpfAnswer answer;

  g_assert_true (bpf_eval ((gconstpointer) program->data, size, &call, &answer));
  g_assert_cmphex (answer.action, ==, SECCOMP_RET_ERRNO | code);
  g_assert_cmpint (answer.arguments, ==, code < LONG_CODES);
  call.arch = AUDIT_ARCH_AARCH64;
  g_assert_true (bpf_eval ((gconstpointer) program->data, size, &call, &answer));
  g_assert_cmphex (answer.action, ==, FOREIGN);
}

/* The first and the last number of each range. Returns: instructions */
static guint
check_all (const Fixture *fixture)
{
  g_autoptr (GArray) program
      = qr_seccomp_tree (ARCH, fixture->foreign, fixture->ranges, fixture->n, fixture->tried);

  for (guint i = 0; i < fixture->n; i++)
    {
      guint32 last = i + 1 < fixture->n ? fixture->ranges[i + 1].first - 1 : G_MAXUINT32;

      check (fixture, program, fixture->ranges[i].first, fixture->wanted[i]);
      check (fixture, program, last, fixture->wanted[i]);
    }
  return program->len;
}

static void
test_one (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add (fixture, 0, CODES - 1);
  g_assert_cmpuint (check_all (fixture), ==, 5); /* two loads, a test, two returns */
}

/* A test for a call between others, of which four stand behind one that finds all nine; and returns
 * that all share. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  (void) data;
  for (guint32 number = 0; number < 100; number++)
    add (fixture, number, LONG_CODES + number % 2);
  g_assert_cmpuint (check_all (fixture), ==, 3 + 11 * 5 + 3);
}

/* Farther than a test can jump, both ways of getting there. */
static void
test_far (Fixture *fixture, gconstpointer data)
{
  (void) data;
  for (guint32 number = 0; number < 900; number++)
    add (fixture, number * 2, number % CODES);
  g_assert_cmpuint (check_all (fixture), >, 1200);
}

/* The calls that a kernel has lie in few ranges, which lie near the root. */
static guint
steps_to (const GArray *program, guint32 number)
{
  guint at = 3, steps = 3; /* behind the head, where the architecture is right */
  const struct sock_filter *instruction;

  for (;;)
    {
      instruction = &g_array_index (program, struct sock_filter, at);
      steps++;
      if (BPF_CLASS (instruction->code) == BPF_RET)
        return steps;
      if (instruction->code == (BPF_JMP | BPF_JA))
        at += 1 + instruction->k;
      else if (BPF_OP (instruction->code) == BPF_JEQ ? number == instruction->k
                                                     : number >= instruction->k)
        at += 1 + instruction->jt;
      else
        at += 1 + instruction->jf;
    }
}

static void
test_weight (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) program = NULL;

  (void) data;
  add (fixture, 0, LONG_CODES);
  for (guint32 number = 400; number < 456; number++)
    add (fixture, number, LONG_CODES + 1 + number % 2);
  program = qr_seccomp_tree (ARCH, fixture->foreign, fixture->ranges, fixture->n, fixture->tried);
  g_assert_cmpuint (steps_to (program, 0), <=, 3 + 2);
  g_assert_cmpuint (steps_to (program, 399), <=, 3 + 2);
  g_assert_cmpuint (steps_to (program, 430), <=, 3 + 10);
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  (void) data;
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint32 number = 0;
      guint n = (guint) g_rand_int_range (random, 1, round % 10 == 0 ? RANGES_MAX : 100);

      fixture->n = 0;
      fixture->tried = (guint32) g_rand_int_range (random, 0, 2 * TRIED);
      for (guint i = 0; i < n; i++)
        {
          add (fixture, number, (guint) g_rand_int_range (random, 0, CODES));
          number += (guint32) g_rand_int_range (random, 1, i % 7 == 0 ? 60 : 3);
        }
      (void) check_all (fixture);
    }
}

/* The last numbers of all. */
static void
test_edges (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add (fixture, 0, 0);
  add (fixture, 1, 10);
  add (fixture, 0x40000000, 11);
  add (fixture, 0x80000000, 12);
  add (fixture, G_MAXUINT32, 13);
  (void) check_all (fixture);
}

#define ADD(name, test)                                                                            \
  g_test_add ("/seccomp-tree/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one", test_one);
  ADD ("shared", test_shared);
  ADD ("far", test_far);
  ADD ("weight", test_weight);
  ADD ("random", test_random);
  ADD ("edges", test_edges);
  return g_test_run ();
}
