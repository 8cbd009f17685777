/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-load.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 4.14 and 4.17; the numbers are the kernel's ABI. */
#ifndef SECCOMP_FILTER_FLAG_LOG
#define SECCOMP_FILTER_FLAG_LOG (1UL << 1)
#endif
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* Linux 5.19: what was heard is not asked again because a signal came meanwhile. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* From the best to what the oldest kernel takes. LOG lets the audit log see what is
 * refused; SPEC_ALLOW keeps speculation as it was, which before 5.16 a filter turned off. */
static const unsigned long flag_sets[] = {
  SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_FILTER_FLAG_LOG,
  0,
};

int
qr_seccomp_load (const guint8 *bpf, gsize size, int *listener)
{
  const struct sock_fprog program
      = { (unsigned short) (size / sizeof *program.filter),
          (struct sock_filter *) (gconstpointer) bpf }; /* the kernel copies it */
  const unsigned long asks = listener == NULL ? 0 : SECCOMP_FILTER_FLAG_NEW_LISTENER;
  const unsigned long patient = listener == NULL ? 0 : SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
  long got;

  got = syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag_sets[0] | asks | patient, &program);
  for (guint i = 0; i < G_N_ELEMENTS (flag_sets) && got < 0 && errno == EINVAL; i++)
    got = syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag_sets[i] | asks, &program);
  if (got < 0)
    return errno;
  if (listener != NULL)
    *listener = (int) got;
  return 0;
}
