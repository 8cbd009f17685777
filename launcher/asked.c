/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "asked.h"

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#include "filter-parts.h"

/* The low half of the first argument. */
#define FIRST_ARGUMENT                                                                             \
  (offsetof (struct seccomp_data, args) + (G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : 4))

#define LOAD(from) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, from)
#define SKIP_UNLESS(value, over) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, 0, over)
#define SKIP_IF(value, over) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, over, 0)
#define ASK BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)

/* The architecture is put in when a filter is made. */
#define NATIVE_ARCH 0

static const struct sock_filter start[] = {
  LOAD (offsetof (struct seccomp_data, arch)),
  SKIP_UNLESS (NATIVE_ARCH, 14),
  LOAD (offsetof (struct seccomp_data, nr)),
  SKIP_IF (SYS_execve, 11),
  SKIP_IF (SYS_execveat, 10),
  SKIP_IF (SYS_chroot, 9),
  SKIP_IF (SYS_setgid, 8),
  SKIP_IF (SYS_setgroups, 7),
  SKIP_IF (SYS_setuid, 6),
  SKIP_IF (SYS_setresgid, 5),
  SKIP_IF (SYS_setresuid, 4),
  SKIP_IF (SYS_setsid, 3),
  SKIP_UNLESS (SYS_clone, 3),
  LOAD (FIRST_ARGUMENT),
  BPF_JUMP (BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
  ASK,
  BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static const struct sock_filter all[] = {
  LOAD (offsetof (struct seccomp_data, arch)),
  SKIP_UNLESS (NATIVE_ARCH, 1),
  ASK,
  BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

guint8 *
qr_asked_filter (QrAsked what, gsize *size)
{
  const struct sock_filter *filter = what == QR_ASKED_START ? start : all;
  struct sock_filter *out;

  *size = what == QR_ASKED_START ? sizeof start : sizeof all;
  out = g_memdup2 (filter, *size);
  out[1].k = seccomp_arch_native ();
  return (gpointer) out;
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
qr_asked_instead (const guint8 *bpf, gsize size)
{
  struct sock_filter instruction;
  guint8 *out = g_memdup2 (bpf, size);

  qr_filter_ask_exec (out, size);
  for (gsize at = 0; at < size; at += sizeof instruction)
    {
      memcpy (&instruction, out + at, sizeof instruction);
      if (is_asked_about (&instruction))
        instruction.k = SECCOMP_RET_USER_NOTIF;
      memcpy (out + at, &instruction, sizeof instruction);
    }
  return out;
}
