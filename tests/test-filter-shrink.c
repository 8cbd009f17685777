/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter that was made shorter answers as before, by the tests' own evaluator. */
#include "config.h"

#include "filter-shrink.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

#include "bpf-eval.h"

enum
{
  PROGRAMS = 20000,
  CALLS = 40,
  NUMBERS = 12,
  LONGEST = 300,
};

static const struct sock_filter load = BPF_STMT (BPF_LD | BPF_W | BPF_ABS, 0);
static const struct sock_filter allow = BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
static const struct sock_filter refuse = BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);

static struct sock_filter
test (guint32 number, guint8 yes, guint8 no)
{
  return (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, number, yes, no);
}

/* Returns: instructions that are left of @n */
static guint
shrink (struct sock_filter *code, guint n)
{
  return (guint) (qr_filter_shrink ((gpointer) code, n * sizeof *code) / sizeof *code);
}

/* A test whose outcomes do the same goes, what was loaded for it goes, and all but one return. */
static void
test_all_alike (void)
{
  struct sock_filter code[] = { load, test (1, 0, 1), allow, test (2, 1, 0), allow, allow };

  g_assert_cmpuint (shrink (code, G_N_ELEMENTS (code)), ==, 1);
  g_assert_cmpmem (code, sizeof *code, &allow, sizeof allow);
}

static void
test_twice_the_same (void)
{
  struct sock_filter code[] = { load, test (1, 2, 0), test (2, 0, 2), allow, refuse, allow };

  g_assert_cmpuint (shrink (code, G_N_ELEMENTS (code)), ==, 4);
  g_assert_cmpuint (code[1].k, ==, 1);
  g_assert_cmpuint (code[1].jt, ==, 0);
  g_assert_cmpuint (code[1].jf, ==, 1);
  g_assert_cmpmem (&code[2], sizeof *code, &refuse, sizeof refuse);
  g_assert_cmpmem (&code[3], sizeof *code, &allow, sizeof allow);
}

/* What was behind a load is gone, and what came in its place stands behind another one. */
static void
test_jump (void)
{
  struct sock_filter code[] = { load, test (1, 0, 3), load, test (2, 2, 2), load,
                                load, test (3, 0, 1), allow, refuse };

  g_assert_cmpuint (shrink (code, G_N_ELEMENTS (code)), ==, 8);
  g_assert_cmphex (code[3].code, ==, BPF_JMP | BPF_JA);
  g_assert_cmpuint (code[3].k, ==, 1);
}

/* One that is too long, empty, or leads out of itself. */
static void
test_left_alone (void)
{
  struct sock_filter code[LONGEST], out[] = { load, test (1, 1, 2), allow, allow };
  const struct sock_filter far[]
      = { BPF_STMT (BPF_JMP | BPF_JA, G_MAXUINT32), BPF_STMT (BPF_RET | BPF_K, 0) };
  struct sock_filter copy[2];

  for (guint i = 0; i < LONGEST; i++)
    code[i] = allow;
  memcpy (copy, far, sizeof far);
  g_assert_cmpuint (shrink (code, LONGEST), ==, LONGEST);
  g_assert_cmpuint (shrink (code, 0), ==, 0);
  g_assert_cmpuint (shrink (out, G_N_ELEMENTS (out)), ==, G_N_ELEMENTS (out));
  g_assert_cmpuint (shrink (copy, G_N_ELEMENTS (copy)), ==, G_N_ELEMENTS (copy));
  g_assert_cmpuint (shrink (code, 1), ==, 1);
  g_assert_cmpuint (shrink ((struct sock_filter[]){ load }, 1), ==, 1);
}

/* --- random programs ------------------------------------------------------------------------- */

/* Numbers and answers are few, so that much is alike. */
static struct sock_filter
random_instruction (GRand *rand, guint room)
{
  static const guint16 tests[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
  const guint32 number = (guint32) g_rand_int_range (rand, 0, NUMBERS);
  const guint reach = MIN (room, 255) + 1;

  switch (g_rand_int_range (rand, 0, 10))
    {
    case 0:
      return (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, 4 * (number % 6));
    case 1:
      return (struct sock_filter) BPF_STMT (BPF_ALU | BPF_AND | BPF_K, number);
    case 2:
      return (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number % 3);
    case 3:
      return (struct sock_filter) BPF_STMT (BPF_JMP | BPF_JA,
                                            (guint32) g_rand_int_range (rand, 0, (gint32) reach));
    default:
      return (struct sock_filter) BPF_JUMP (
          BPF_JMP | BPF_K | tests[g_rand_int_range (rand, 0, G_N_ELEMENTS (tests))], number,
          (guint8) g_rand_int_range (rand, 0, (gint32) reach),
          (guint8) g_rand_int_range (rand, 0, (gint32) reach));
    }
}

static guint
random_program (GRand *rand, struct sock_filter *out)
{
  const guint n = (guint) g_rand_int_range (rand, 2, g_rand_int_range (rand, 3, 257));

  for (guint i = 0; i + 1 < n; i++)
    out[i] = random_instruction (rand, n - i - 2);
  out[n - 1] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | n % 3);
  return n;
}

static void
compare (GRand *rand, const struct sock_filter *before, guint n, const struct sock_filter *after,
         guint left)
{
  for (guint i = 0; i < CALLS; i++)
    {
      struct seccomp_data call = { .nr = g_rand_int_range (rand, 0, NUMBERS),
                                   .arch = (guint32) g_rand_int_range (rand, 0, NUMBERS) };
      BpfAnswer one, two;

      for (guint argument = 0; argument < G_N_ELEMENTS (call.args); argument++)
        call.args[argument] = (guint64) g_rand_int_range (rand, 0, NUMBERS);
      g_assert_true (bpf_eval ((gconstpointer) before, n * sizeof *before, &call, &one));
      g_assert_true (bpf_eval ((gconstpointer) after, left * sizeof *after, &call, &two));
      g_assert_cmphex (one.action, ==, two.action);
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  struct sock_filter before[LONGEST], after[LONGEST];
  guint shorter = 0;

  for (guint i = 0; i < PROGRAMS; i++)
    {
      guint n = random_program (rand, before), left;

      memcpy (after, before, sizeof before);
      left = shrink (after, n);
      g_assert_cmpuint (left, <=, n);
      shorter += left < n;
      compare (rand, before, n, after, left);
      g_assert_cmpuint (shrink (after, left), ==, left);
    }
  g_assert_cmpuint (shorter, >, PROGRAMS / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-shrink/all-alike", test_all_alike);
  g_test_add_func ("/filter-shrink/twice-the-same", test_twice_the_same);
  g_test_add_func ("/filter-shrink/jump", test_jump);
  g_test_add_func ("/filter-shrink/left-alone", test_left_alone);
  g_test_add_func ("/filter-shrink/random", test_random);
  return g_test_run ();
}
