/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "sandbox.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#ifdef HAVE_SYS_SINGLE_THREADED_H
#include <sys/single_threaded.h>
#endif

#include "diag.h"
#include "exec-gate.h"
#include "exec-lock.h"
#include "seccomp-load.h"

const QrFilter *
qr_sandbox_find_builtin (const char *name)
{
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (strcmp (qr_filters_builtin[i].name, name) == 0)
      return &qr_filters_builtin[i];
  return NULL;
}

const QrFilter *
qr_sandbox_find_overlay (const char *name)
{
  const QrFilter *filter = qr_sandbox_find_builtin (name);

  return filter != NULL && filter->is_overlay ? filter : NULL;
}

const QrFilterPart *
qr_sandbox_find_part (const char *name)
{
  for (guint i = 0; i < qr_n_filter_parts; i++)
    if (strcmp (qr_filter_parts[i].name, name) == 0)
      return &qr_filter_parts[i];
  return NULL;
}

/* The kernel counts the threads in the links of /proc/self/task: two for the
 * directory itself and one for each (fs/proc/base.c, proc_task_getattr()). */
static gboolean
count_threads (GError **error)
{
  struct stat tasks;

  if (stat ("/proc/self/task", &tasks) != 0)
    {
      qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-unavailable", NULL, "mount /proc",
                    "cannot enter the sandbox: the threads in /proc/self/task cannot be counted");
      return FALSE;
    }
  if (tasks.st_nlink == 3)
    return TRUE;
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-unavailable", NULL, NULL,
                "cannot enter the sandbox: the process has more than one thread");
  return FALSE;
}

/* The C library knows of a process that never had a second thread; where it does not, the kernel is
 * asked, which takes as long as loading a small filter. */
static gboolean
check_single_thread (GError **error)
{
#ifdef HAVE_SYS_SINGLE_THREADED_H
  if (__libc_single_threaded)
    return TRUE;
#endif
  return count_threads (error);
}

static int
load (const QrBpf *filter, QrEntered *out)
{
  return qr_seccomp_load (filter->bpf, filter->size, filter->asks ? &out->listener : NULL);
}

/* @filter, by which @program is the last that is executed; where there is no gate a lock comes
 * before it, because it refuses what that takes. */
static int
load_last (const QrBpf *filter, const char *program, QrEntered *out)
{
  out->why = qr_exec_gate_load (filter->bpf, filter->size);
  if (out->why == 0)
    {
      out->exec = QR_EXEC_CLOSED;
      return 0;
    }
  if (qr_exec_lock_enter (program) == 0)
    out->exec = QR_EXEC_LOCKED;
  return load (filter, out);
}

static gboolean
check_size (const QrBpf *filter, GError **error)
{
  if (filter->size > 0 && filter->size % sizeof (struct sock_filter) == 0
      && filter->size / sizeof (struct sock_filter) <= BPF_MAXINSNS)
    return TRUE;
  qr_error_set (error, QR_STATUS_INTERNAL, "seccomp-unavailable", NULL, NULL,
                "cannot enter the sandbox: a filter of %" G_GSIZE_FORMAT " bytes", filter->size);
  return FALSE;
}

static gboolean
unavailable (int code, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "seccomp-unavailable", NULL,
                code == EBUSY
                    ? "a sandbox around this one decides calls itself, and there can be one such"
                    : "seccomp filters need Linux 3.17 with CONFIG_SECCOMP_FILTER, and no outer "
                      "sandbox that refuses them",
                "cannot enter the sandbox: %s", g_strerror (code));
  return FALSE;
}

gboolean
qr_sandbox_lock_privileges (GError **error)
{
  return prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 || unavailable (errno, error);
}

gboolean
qr_sandbox_enter (const QrBpf *filters, guint n, const char *executed, QrEntered *out,
                  GError **error)
{
  int code = 0;

  *out = (QrEntered){ QR_EXEC_OPEN, 0, -1 };
  for (guint i = 0; i < n; i++)
    if (!check_size (&filters[i], error))
      return FALSE;
  if (!check_single_thread (error))
    return FALSE;
  if (!qr_sandbox_lock_privileges (error))
    return FALSE;
  for (guint i = 0; i < n && code == 0; i++)
    code = executed != NULL && i + 1 == n ? load_last (&filters[i], executed, out)
                                          : load (&filters[i], out);
  return code == 0 || unavailable (code, error);
}
