/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "older-landlock.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
  VERSION_FLAG = 1 << 0, /* of landlock_create_ruleset(2) */
  RULE_NET_PORT = 2,
};

typedef struct
{
  OlderLandlock *older;
  int listener;
} Kernel;

guint64
older_landlock_fs (int version)
{
  static const guint8 rights[] = { 0, 13, 14, 15, 15, 16, 16, 16 };

  return ((guint64) 1 << rights[version]) - 1;
}

guint64
older_landlock_net (int version)
{
  return version >= 4 ? 3 : 0;
}

guint64
older_landlock_scoped (int version)
{
  return version >= 6 ? 3 : 0;
}

/* The attributes at @words, @size bytes of them. Returns: 0, or an errno below 0 */
static gint64
make_ruleset (OlderLandlock *older, const guint64 *words, guint64 size)
{
  const gsize known = older->version >= 6 ? 3 : older->version >= 4 ? 2 : 1;

  for (gsize i = known; i < size / sizeof *words; i++)
    if (words[i] != 0)
      return -E2BIG;
  older->fs = words[0];
  older->net = known > 1 && size > sizeof *words ? words[1] : 0;
  older->scoped = known > 2 && size > 2 * sizeof *words ? words[2] : 0;
  return (older->fs & ~older_landlock_fs (older->version)) != 0
                 || (older->net & ~older_landlock_net (older->version)) != 0
                 || (older->scoped & ~older_landlock_scoped (older->version)) != 0
             ? -EINVAL
             : 0;
}

/* Above 0: what the call returns; 0: the real kernel answers it; below: an errno. */
static gint64
answer (OlderLandlock *older, const struct seccomp_data *call)
{
  switch (call->nr)
    {
    case SYS_landlock_create_ruleset:
      return call->args[2] == VERSION_FLAG
                 ? older->version
                 : make_ruleset (older, (const guint64 *) (guintptr) call->args[0], call->args[1]);
    case SYS_landlock_add_rule:
      return call->args[1] == RULE_NET_PORT && older->version < 4 ? -EINVAL : 0;
    default:
      older->flags = call->args[1];
      return older->flags != 0 && older->version < 7 ? -EINVAL : 0;
    }
}

static gpointer
serve (gpointer data)
{
  Kernel *kernel = data;

  for (;;)
    {
      struct seccomp_notif request = { 0 };
      struct seccomp_notif_resp response = { 0 };
      gint64 got;

      if (ioctl (kernel->listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0)
        return NULL;
      got = answer (kernel->older, &request.data);
      response.id = request.id;
      response.val = MAX (got, 0);
      response.error = (gint32) MIN (got, 0);
      response.flags = got == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
      if (ioctl (kernel->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) != 0)
        return NULL;
    }
}

gboolean
older_landlock_enter (OlderLandlock *older)
{
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 2, 0),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_add_rule, 1, 0),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_restrict_self, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog filter = { G_N_ELEMENTS (code), code };
  Kernel *kernel = g_new0 (Kernel, 1); /* the thread's, to the end of the process */

  kernel->older = older;
  kernel->listener = (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                    SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
  if (kernel->listener < 0)
    {
      g_free (kernel);
      return FALSE;
    }
  g_thread_unref (g_thread_new ("kernel", serve, kernel));
  return TRUE;
}
