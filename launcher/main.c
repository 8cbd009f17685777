/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: turns an error into text, a status line and an exit status; nothing else. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drop-in.h"
#include "face.h"
#include "json-doc.h"
#include "launch.h"

/* Descriptors 0 to 2 that nobody opened: what is opened later must not take their place.
 * Reading and writing fails on them as before, and QEMU finds them closed. */
static void
hold_standard_descriptors (void)
{
  int fd;

  do
    fd = open ("/", O_PATH | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    (void) close (fd); /* it was opened for nothing but its number */
}

/* The descriptor that the user gave us must not reach QEMU. */
static gboolean
prepare_status_fd (int *fd, GError **error)
{
  if (*fd < 0 || fcntl (*fd, F_SETFD, FD_CLOEXEC) == 0)
    return TRUE;
  qr_error_set (error, QR_STATUS_USAGE, "usage", NULL, NULL,
                "cannot use descriptor %d for --status-fd: %s", *fd, g_strerror (errno));
  *fd = -1;
  return FALSE;
}

static void
write_status (int fd, const char *stage, const GError *error)
{
  g_autoptr (GString) line = g_string_new ("{\"stage\":");
  g_autofree char *message = g_utf8_make_valid (error->message, -1); /* it may quote any bytes */

  qr_json_append_string (line, stage);
  g_string_append (line, ",\"code\":");
  qr_json_append_string (line, qr_error_code (error));
  g_string_append (line, ",\"message\":");
  qr_json_append_string (line, message);
  g_string_append (line, "}\n");
  (void) signal (SIGPIPE, SIG_IGN); /* nobody reads any more: the exit status still tells */
  if (write (fd, line->str, line->len) < 0)
    fprintf (stderr, "qriser: cannot write the status line: %s\n", g_strerror (errno));
}

static const char *
stage_of (const GError *error)
{
  switch (qr_error_status (error))
    {
    case QR_STATUS_USAGE:
      return "options";
    case QR_STATUS_NOT_FOUND:
    case QR_STATUS_NOT_EXECUTABLE:
      return "exec";
    case QR_STATUS_UNAVAILABLE:
      return "sandbox";
    case QR_STATUS_DONE:
    case QR_STATUS_FOUND:
    case QR_STATUS_REQUEST:
    case QR_STATUS_NO_INPUT:
    case QR_STATUS_INTERNAL:
    case QR_STATUS_IO:
    case QR_STATUS_PERMISSION:
    case QR_STATUS_CONFIG:
      break;
    }
  return "plan";
}

static gboolean
parse (const char *const *argv, QrPool *pool, QrIdentity *identity, QrOptions *options,
       GError **error)
{
  qr_face_read (argv[0], pool, identity);
  if (identity->face == QR_FACE_DROP_IN)
    return qr_drop_in_parse (argv, &qr_profiles_builtin, pool, options, error);
  return qr_options_parse (argv, &qr_profiles_builtin, options, error);
}

int
main (int argc, char **argv)
{
  g_auto (QrOptions) options = { .status_fd = -1 };
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  QrIdentity identity;
  int status = QR_STATUS_DONE;

  hold_standard_descriptors ();
  if (argc > 0 && parse ((const char *const *) argv, pool, &identity, &options, &error)
      && prepare_status_fd (&options.status_fd, &error)
      && qr_launch (&identity, &options, CONFIGDIR, &qr_profiles_builtin, pool, &status, &error))
    return status;
  if (error == NULL)
    return QR_STATUS_USAGE; /* not even a program name: nobody to tell */
  text = qr_error_render (error, "qriser");
  fputs (text, stderr);
  if (options.status_fd >= 0)
    write_status (options.status_fd, stage_of (error), error);
  return (int) qr_error_status (error);
}
