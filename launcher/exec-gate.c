/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "exec-gate.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter-parts.h"
#include "listener.h"
#include "seccomp-load.h"

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
  QrListener listener; /* without a descriptor: there is none, the thread ends */
  gboolean ready;
  pthread_mutex_t lock;
  pthread_cond_t changed;
} Gate;

static void *
listen_for_exec (void *data)
{
  Gate *gate = data;
  QrHeard heard = QR_HEARD_NOTHING;

  (void) pthread_mutex_lock (&gate->lock);
  while (!gate->ready)
    (void) pthread_cond_wait (&gate->changed, &gate->lock);
  (void) pthread_mutex_unlock (&gate->lock);
  while (gate->listener.fd >= 0 && heard != QR_HEARD_END)
    {
      heard = qr_listener_hear (&gate->listener);
      /* the first thread, which enters the gate, and nobody else */
      if (heard == QR_HEARD_CALL
          && qr_listener_answer (&gate->listener,
                                 gate->listener.request->pid == (guint32) getpid (), EPERM)
                 == QR_ANSWER_END)
        heard = QR_HEARD_END;
    }
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
  gate->listener.fd = listener;
  gate->ready = TRUE;
  (void) pthread_cond_signal (&gate->changed);
  (void) pthread_mutex_unlock (&gate->lock);
}

static Gate *
gate_new (void)
{
  Gate *gate = g_new0 (Gate, 1);

  (void) pthread_mutex_init (&gate->lock, NULL);
  (void) pthread_cond_init (&gate->changed, NULL);
  return gate;
}

/* Returns: 0 or an errno */
static int
load (Gate *gate, const guint8 *bpf, gsize size)
{
  g_autofree guint8 *asking = g_memdup2 (bpf, size);
  pthread_t thread;
  int code, listener = -1;

  code = qr_listener_init (&gate->listener);
  if (code == 0)
    code = start_thread (gate, &thread);
  if (code != 0)
    return code;
  qr_filter_ask_exec (asking, size);
  code = qr_seccomp_load (asking, size, &listener);
  tell (gate, listener);
  if (code != 0)
    (void) pthread_join (thread, NULL);
  return code;
}

int
qr_exec_gate_load (const guint8 *bpf, gsize size)
{
  Gate *gate = gate_new ();
  int code = load (gate, bpf, size);

  if (code == 0)
    return 0; /* the gate is the thread's, as long as there is one */
  qr_listener_clear (&gate->listener);
  g_free (gate);
  return code;
}
