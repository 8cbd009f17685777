/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program says a filter answers is what the tests' own evaluator says. */
#include "config.h"

#include "bpf-run.h"

#include <linux/filter.h>
#include <string.h>

#include "bpf-eval.h"
#include "sandbox.h"

enum
{
  NUMBERS = 600,
  PROGRAMS = 20000,
  LONGEST = 24,
};

static void
compare (const guint8 *bpf, gsize size, const struct seccomp_data *data)
{
  BpfAnswer answer;

  if (bpf_eval (bpf, size, data, &answer))
    g_assert_cmphex (qr_bpf_run (bpf, size, data), ==, answer.action);
}

static guint64
random_word (GRand *rand)
{
  static const guint64 common[] = { 0, 1, 2, 10, 0x1200011, 0x3d0f00, G_MAXUINT32, G_MAXUINT64 };

  return g_rand_boolean (rand) ? common[g_rand_int_range (rand, 0, G_N_ELEMENTS (common))]
                               : (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
}

static void
random_call (GRand *rand, struct seccomp_data *out)
{
  *out = (struct seccomp_data){ .nr = g_rand_int_range (rand, 0, NUMBERS),
                                .instruction_pointer = random_word (rand) };
  out->arch = g_rand_int_range (rand, 0, 8) == 0 ? g_rand_int (rand) : 0xc000003e;
  for (guint i = 0; i < G_N_ELEMENTS (out->args); i++)
    out->args[i] = random_word (rand);
}

static void
test_shipped (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < qr_n_filters_builtin; i++)
    for (guint n = 0; n < 20 * NUMBERS; n++)
      {
        struct seccomp_data call;

        random_call (rand, &call);
        call.nr = (int) (n % NUMBERS);
        compare (qr_filters_builtin[i].bpf, qr_filters_builtin[i].size, &call);
      }
}

static guint16
random_code (GRand *rand)
{
  static const guint16 codes[] = {
    BPF_LD | BPF_W | BPF_ABS,
    BPF_LD | BPF_W | BPF_ABS,
    BPF_LD | BPF_W | BPF_LEN,
    BPF_LDX | BPF_W | BPF_LEN,
    BPF_LD | BPF_IMM,
    BPF_LDX | BPF_IMM,
    BPF_LD | BPF_MEM,
    BPF_LDX | BPF_MEM,
    BPF_ST,
    BPF_STX,
    BPF_ALU | BPF_ADD | BPF_K,
    BPF_ALU | BPF_ADD | BPF_X,
    BPF_ALU | BPF_SUB | BPF_K,
    BPF_ALU | BPF_MUL | BPF_X,
    BPF_ALU | BPF_DIV | BPF_K,
    BPF_ALU | BPF_AND | BPF_K,
    BPF_ALU | BPF_OR | BPF_X,
    BPF_ALU | BPF_XOR | BPF_K,
    BPF_ALU | BPF_LSH | BPF_K,
    BPF_ALU | BPF_RSH | BPF_K,
    BPF_ALU | BPF_NEG,
    BPF_JMP | BPF_JA,
    BPF_JMP | BPF_JEQ | BPF_K,
    BPF_JMP | BPF_JEQ | BPF_X,
    BPF_JMP | BPF_JGT | BPF_K,
    BPF_JMP | BPF_JGE | BPF_K,
    BPF_JMP | BPF_JSET | BPF_K,
    BPF_MISC | BPF_TAX,
    BPF_MISC | BPF_TXA,
    BPF_RET | BPF_K,
    BPF_RET | BPF_A,
  };

  return codes[g_rand_int_range (rand, 0, G_N_ELEMENTS (codes))];
}

static void
random_instruction (GRand *rand, struct sock_filter *out)
{
  const guint8 class = BPF_CLASS (out->code = random_code (rand));

  out->jt = (guint8) g_rand_int_range (rand, 0, 4);
  out->jf = (guint8) g_rand_int_range (rand, 0, 4);
  out->k = (guint32) random_word (rand);
  if (BPF_MODE (out->code) == BPF_ABS && class == BPF_LD)
    out->k = 4 * (guint32) g_rand_int_range (rand, 0, sizeof (struct seccomp_data) / 4);
  else if (class == BPF_ST || class == BPF_STX || BPF_MODE (out->code) == BPF_MEM)
    out->k = (guint32) g_rand_int_range (rand, 0, BPF_MEMWORDS);
  else if (class == BPF_JMP && BPF_OP (out->code) == BPF_JA)
    out->k = (guint32) g_rand_int_range (rand, 0, 4);
  else if (class == BPF_ALU)
    out->k = (guint32) g_rand_int_range (rand, 1, 32);
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  struct sock_filter program[LONGEST];
  guint taken = 0;

  for (guint n = 0; n < PROGRAMS; n++)
    {
      guint length = (guint) g_rand_int_range (rand, 2, LONGEST);
      struct seccomp_data call;
      BpfAnswer answer;

      for (guint i = 0; i + 1 < length; i++)
        random_instruction (rand, &program[i]);
      program[length - 1] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_A, 0);
      random_call (rand, &call);
      taken += bpf_eval ((gconstpointer) program, length * sizeof *program, &call, &answer);
      compare ((gconstpointer) program, length * sizeof *program, &call);
    }
  g_assert_cmpuint (taken, >, PROGRAMS / 20);
}

/* What the kernel would not take is the safe answer. */
static void
test_bad (void)
{
  const struct sock_filter endless[] = { BPF_STMT (BPF_LD | BPF_IMM, 0) };
  const struct sock_filter outside[]
      = { BPF_STMT (BPF_LD | BPF_W | BPF_ABS, sizeof (struct seccomp_data)),
          BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  const struct sock_filter cell[] = { BPF_STMT (BPF_LD | BPF_MEM, BPF_MEMWORDS),
                                      BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  const struct sock_filter far[]
      = { BPF_STMT (BPF_JMP | BPF_JA, G_MAXUINT32), BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  const struct seccomp_data call = { 0 };

  g_assert_cmphex (qr_bpf_run (NULL, 0, &call), ==, SECCOMP_RET_KILL_PROCESS);
  g_assert_cmphex (qr_bpf_run ((gconstpointer) endless, sizeof endless, &call), ==,
                   SECCOMP_RET_KILL_PROCESS);
  g_assert_cmphex (qr_bpf_run ((gconstpointer) outside, sizeof outside, &call), ==,
                   SECCOMP_RET_KILL_PROCESS);
  g_assert_cmphex (qr_bpf_run ((gconstpointer) cell, sizeof cell, &call), ==,
                   SECCOMP_RET_KILL_PROCESS);
  g_assert_cmphex (qr_bpf_run ((gconstpointer) far, sizeof far, &call), ==,
                   SECCOMP_RET_KILL_PROCESS);
}

static void
test_stricter (void)
{
  static const guint32 order[]
      = { SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
          SECCOMP_RET_USER_NOTIF,   SECCOMP_RET_TRACE,       SECCOMP_RET_LOG,  SECCOMP_RET_ALLOW };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < G_N_ELEMENTS (order); j++)
      g_assert_cmphex (qr_bpf_stricter (order[i], order[j]), ==, order[MIN (i, j)]);
  g_assert_cmphex (qr_bpf_stricter (SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2), ==,
                   SECCOMP_RET_ERRNO | 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bpf-run/shipped", test_shipped);
  g_test_add_func ("/bpf-run/random", test_random);
  g_test_add_func ("/bpf-run/bad", test_bad);
  g_test_add_func ("/bpf-run/stricter", test_stricter);
  return g_test_run ();
}
