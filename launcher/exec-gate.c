/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "exec-gate.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Linux 5.5; the number is the kernel's ABI. */
#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE (1UL << 0)
#endif

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#else
#define NATIVE_ARCH 0
#endif

enum
{
  STACK_BYTES = 128 * 1024, /* of a thread that does two ioctls */
  SIGNAL_SET_BYTES = 8,     /* the kernel's sigset_t */
  SIGNAL_OF_SETXID = 33,    /* glibc's own, which sigaction(3) does not touch */
};

/* The kernel's struct sigaction, which is only kept. */
typedef struct
{
  guint64 words[4];
} Action;

/* What the thread is told. */
typedef struct
{
  int listener; /* -1: there is none, the thread ends */
  gboolean ready;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct seccomp_notif_sizes sizes;
} Gate;

/* Lets this process through, nobody else; FALSE: the listener is of no more use. */
static gboolean
answer (const Gate *gate, struct seccomp_notif *request, struct seccomp_notif_resp *response)
{
  memset (request, 0, gate->sizes.seccomp_notif);
  if (ioctl (gate->listener, SECCOMP_IOCTL_NOTIF_RECV, request) != 0)
    return errno == EINTR || errno == ENOENT;
  memset (response, 0, gate->sizes.seccomp_notif_resp);
  response->id = request->id;
  if (request->pid == (guint32) getpid ()) /* the first thread's, which enters the gate */
    response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  else
    response->error = -EPERM;
  return ioctl (gate->listener, SECCOMP_IOCTL_NOTIF_SEND, response) == 0 || errno == ENOENT;
}

static void *
listen_for_exec (void *data)
{
  Gate *gate = data;
  g_autofree struct seccomp_notif *request = g_malloc0 (gate->sizes.seccomp_notif);
  g_autofree struct seccomp_notif_resp *response = g_malloc0 (gate->sizes.seccomp_notif_resp);

  (void) pthread_mutex_lock (&gate->lock);
  while (!gate->ready)
    (void) pthread_cond_wait (&gate->changed, &gate->lock);
  (void) pthread_mutex_unlock (&gate->lock);
  while (gate->listener >= 0 && answer (gate, request, response))
    continue;
  return NULL;
}

/* The thread, without signals: those are for the process. With the first one glibc takes a signal,
 * which QEMU gets as it was: what is ignored stays so over execve(2). Returns: 0 or an errno. */
static int
start_thread (Gate *gate, pthread_t *thread)
{
  sigset_t all, before;
  Action action;
  gboolean kept
      = syscall (SYS_rt_sigaction, SIGNAL_OF_SETXID, NULL, &action, SIGNAL_SET_BYTES) == 0;
  pthread_attr_t attributes;
  int code;

  (void) sigfillset (&all);
  (void) pthread_attr_init (&attributes);
  (void) pthread_attr_setstacksize (&attributes, STACK_BYTES);
  (void) pthread_sigmask (SIG_SETMASK, &all, &before);
  code = pthread_create (thread, &attributes, listen_for_exec, gate);
  (void) pthread_sigmask (SIG_SETMASK, &before, NULL);
  (void) pthread_attr_destroy (&attributes);
  if (kept)
    (void) syscall (SYS_rt_sigaction, SIGNAL_OF_SETXID, &action, NULL, SIGNAL_SET_BYTES);
  return code;
}

static void
tell (Gate *gate, int listener)
{
  (void) pthread_mutex_lock (&gate->lock);
  gate->listener = listener;
  gate->ready = TRUE;
  (void) pthread_cond_signal (&gate->changed);
  (void) pthread_mutex_unlock (&gate->lock);
}

/* Before Linux 5.5 a listener could not let a call go on: the exec would never come back. */
static gboolean
kernel_can_continue (void)
{
  struct utsname name;
  unsigned major, minor;

  return uname (&name) == 0 && sscanf (name.release, "%u.%u", &major, &minor) == 2
         && (major > 5 || (major == 5 && minor >= 5));
}

static Gate *
gate_new (void)
{
  Gate *gate = g_new0 (Gate, 1);

  gate->listener = -1;
  (void) pthread_mutex_init (&gate->lock, NULL);
  (void) pthread_cond_init (&gate->changed, NULL);
  return gate;
}

/* Other architectures are for the main filter, which kills them. Returns: -1 with errno set */
static int
add_listener (void)
{
  struct sock_filter program[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 0, 3),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 2, 0),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 1, 0),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
  };
  const struct sock_fprog filter = { G_N_ELEMENTS (program), program };

  return (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &filter);
}

/* Returns: 0 or an errno */
static int
enter (Gate *gate)
{
  pthread_t thread;
  int code, listener;

  if (syscall (SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &gate->sizes) != 0)
    return errno;
  code = start_thread (gate, &thread);
  if (code != 0)
    return code;
  listener = add_listener ();
  code = listener < 0 ? errno : 0;
  tell (gate, listener);
  if (listener < 0)
    (void) pthread_join (thread, NULL);
  return code;
}

int
qr_exec_gate_enter (void)
{
  Gate *gate;
  int code;

  if (NATIVE_ARCH == 0)
    return ENOSYS;
  if (!kernel_can_continue ())
    return EINVAL;
  gate = gate_new ();
  code = enter (gate);
  if (code != 0)
    g_free (gate); /* else it is the thread's, as long as there is one */
  return code;
}
