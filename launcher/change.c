/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "change.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct
{
  int number;
  QrChangeStep step;
} calls[] = {
  { SYS_chroot, QR_CHANGE_ROOT },
  { SYS_setgid, QR_CHANGE_GROUP },
  { SYS_setgroups, QR_CHANGE_GROUPS },
  { SYS_setuid, QR_CHANGE_USER },
};

void
qr_change_init (QrChange *change, const char *root, const QrUser *user, gboolean shares)
{
  *change = (QrChange){ .root = root,
                        .user = user,
                        .shares = shares,
                        .next = root != NULL ? QR_CHANGE_ROOT : QR_CHANGE_GROUP };
}

gboolean
qr_change_has (int number)
{
  gboolean has = number == SYS_setresgid || number == SYS_setresuid; /* nothing that is to come */

  for (guint i = 0; i < G_N_ELEMENTS (calls) && !has; i++)
    has = calls[i].number == number;
  return has;
}

/* FALSE: none that is to come, or no further one. */
static gboolean
find_step (const QrChange *change, int number, QrChangeStep *step)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (calls[i].number == number)
      {
        *step = calls[i].step;
        return *step == change->next || (*step == change->next + 1 && change->user != NULL);
      }
  return FALSE;
}

/* Of an id, as the kernel takes it. */
static gboolean
is_id (const struct seccomp_data *call, guint32 id)
{
  return (guint32) call->args[0] == id;
}

static QrRuling
change_root (QrChange *change, int *code)
{
  if (!change->shares)
    return change->user == NULL ? QR_RULING_LAST : QR_RULING_GO_ON;
  *code = change->rooted || chroot (change->root) == 0 ? 0 : errno;
  change->rooted = *code == 0;
  return change->rooted && change->user == NULL ? QR_RULING_DONE : QR_RULING_REFUSE;
}

QrRuling
qr_change_judge (QrChange *change, const struct seccomp_data *call, int *code)
{
  QrChangeStep step;

  *code = ENOSYS; /* as the kernel answers when nobody listens any more */
  if (!find_step (change, call->nr, &step)
      || (step == QR_CHANGE_GROUP && !is_id (call, change->user->gid)))
    return QR_RULING_REFUSE;
  if (step == QR_CHANGE_ROOT)
    return change_root (change, code);
  /* QEMU looks whether it could become root again: all its threads must hear the same of that */
  if (step == QR_CHANGE_USER && !is_id (call, change->user->uid))
    return change->next == step ? QR_RULING_CLOSE : QR_RULING_REFUSE;
  change->next = step;
  return QR_RULING_GO_ON;
}
