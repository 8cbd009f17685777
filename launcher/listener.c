/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "listener.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Before Linux 5.5 a listener could not let a call go on: it would never come back. */
static gboolean
kernel_can_continue (void)
{
  struct utsname name;
  guint64 major, minor = 0;
  char *end;

  if (uname (&name) != 0)
    return FALSE;
  major = g_ascii_strtoull (name.release, &end, 10);
  if (*end == '.')
    minor = g_ascii_strtoull (end + 1, NULL, 10);
  return major > 5 || (major == 5 && minor >= 5);
}

int
qr_listener_init (QrListener *out)
{
  *out = (QrListener){ .fd = -1 };
  if (!kernel_can_continue ())
    return EINVAL;
  if (syscall (SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &out->sizes) != 0)
    return errno;
  /* of newer headers than the kernel's, or older ones */
  out->request = g_malloc0 (MAX (out->sizes.seccomp_notif, sizeof *out->request));
  out->response = g_malloc0 (MAX (out->sizes.seccomp_notif_resp, sizeof *out->response));
  return 0;
}

void
qr_listener_clear (QrListener *listener)
{
  g_clear_pointer (&listener->request, g_free);
  g_clear_pointer (&listener->response, g_free);
}

QrHeard
qr_listener_hear (QrListener *listener)
{
  memset (listener->request, 0, listener->sizes.seccomp_notif);
  if (ioctl (listener->fd, SECCOMP_IOCTL_NOTIF_RECV, listener->request) == 0)
    return QR_HEARD_CALL;
  return errno == EINTR || errno == ENOENT ? QR_HEARD_NOTHING : QR_HEARD_END;
}

QrAnswer
qr_listener_answer (QrListener *listener, gboolean go_on, int code)
{
  memset (listener->response, 0, listener->sizes.seccomp_notif_resp);
  listener->response->id = listener->request->id;
  listener->response->error = go_on ? 0 : -code;
  listener->response->flags = go_on ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
  if (ioctl (listener->fd, SECCOMP_IOCTL_NOTIF_SEND, listener->response) == 0)
    return QR_ANSWER_GIVEN;
  return errno == ENOENT ? QR_ANSWER_LATE : QR_ANSWER_END;
}

gboolean
qr_listener_waits (const QrListener *listener)
{
  guint64 id = listener->request->id;

  return ioctl (listener->fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}
