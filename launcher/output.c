/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "output.h"

#include <errno.h>
#include <unistd.h>

gboolean
qr_output_print (const char *text, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize written = write (STDOUT_FILENO, text, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          qr_error_set (error, QR_STATUS_IO, "output", NULL, NULL, "cannot write the output: %s",
                        g_strerror (errno));
          return FALSE;
        }
      text += written;
      length -= (gsize) written;
    }
  return TRUE;
}
