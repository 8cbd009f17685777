/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "asked.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#else
#define NATIVE_ARCH 0
#endif

/* The low half of the first argument; all architectures above have the low byte first. */
#define FIRST_ARGUMENT offsetof (struct seccomp_data, args)

#define LOAD(from) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, from)
#define SKIP_UNLESS(value, over) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, 0, over)
#define SKIP_IF(value, over) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, over, 0)
#define ASK BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)

/* Each asks with its last instruction, and goes on behind that. */
static const struct sock_filter exec[] = {
  LOAD (offsetof (struct seccomp_data, arch)),
  SKIP_UNLESS (NATIVE_ARCH, 4),
  LOAD (offsetof (struct seccomp_data, nr)),
  SKIP_IF (SYS_execve, 1),
  SKIP_UNLESS (SYS_execveat, 1),
  ASK,
};

static const struct sock_filter start[] = {
  LOAD (offsetof (struct seccomp_data, arch)),
  SKIP_UNLESS (NATIVE_ARCH, 6),
  LOAD (offsetof (struct seccomp_data, nr)),
  SKIP_IF (SYS_setsid, 3),
  SKIP_UNLESS (SYS_clone, 3),
  LOAD (FIRST_ARGUMENT),
  BPF_JUMP (BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
  ASK,
};

static const struct sock_filter all[] = {
  LOAD (offsetof (struct seccomp_data, arch)),
  SKIP_UNLESS (NATIVE_ARCH, 1),
  ASK,
  BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

static const struct sock_filter allow[] = { BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };

gboolean
qr_asked_is_known (void)
{
  return NATIVE_ARCH != 0;
}

guint8 *
qr_asked_filter (QrAsked what, gsize *size)
{
  GByteArray *out = g_byte_array_new ();

  if (what == QR_ASKED_ALL)
    g_byte_array_append (out, (gconstpointer) all, sizeof all);
  else
    g_byte_array_append (out, (gconstpointer) exec, sizeof exec);
  if (what == QR_ASKED_START)
    g_byte_array_append (out, (gconstpointer) start, sizeof start);
  if (what != QR_ASKED_ALL)
    g_byte_array_append (out, (gconstpointer) allow, sizeof allow);
  *size = out->len;
  return g_byte_array_free (out, FALSE);
}

static gboolean
is_asked_about (const struct sock_filter *instruction)
{
  if (instruction->code != (BPF_RET | BPF_K))
    return FALSE;
  switch (instruction->k & SECCOMP_RET_ACTION_FULL)
    {
    case SECCOMP_RET_KILL_PROCESS:
    case SECCOMP_RET_KILL_THREAD:
    case SECCOMP_RET_TRAP:
    case SECCOMP_RET_ERRNO:
    case SECCOMP_RET_LOG:
      return TRUE;
    default:
      return FALSE;
    }
}

guint8 *
qr_asked_instead (const guint8 *bpf, gsize size, gsize *asking)
{
  struct sock_filter instruction;
  guint8 *out;

  *asking = sizeof exec + size;
  if (*asking / sizeof instruction > BPF_MAXINSNS)
    return NULL;
  out = g_malloc (*asking);
  memcpy (out, exec, sizeof exec);
  memcpy (out + sizeof exec, bpf, size);
  for (gsize at = sizeof exec; at < *asking; at += sizeof instruction)
    {
      memcpy (&instruction, out + at, sizeof instruction);
      if (is_asked_about (&instruction))
        instruction.k = SECCOMP_RET_USER_NOTIF;
      memcpy (out + at, &instruction, sizeof instruction);
    }
  return out;
}
