/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkprofiles: turns the shipped profiles into C text at build time.
 *
 * Usage: mkprofiles OUTPUT FILE...
 */
#include "config.h"

#include <stdio.h>

#include "profiles-load.h"

int
main (int argc, char **argv)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) out = g_string_new ("/* Made by mkprofiles from the files in profiles/. */\n"
                                          "#include \"config.h\"\n\n#include \"profiles.h\"\n\n");
  g_autoptr (GError) error = NULL;
  QrProfiles profiles = { 0 };

  if (argc < 3)
    {
      fprintf (stderr, "usage: mkprofiles OUTPUT FILE...\n");
      return QR_STATUS_USAGE;
    }
  if (qr_profiles_load ((const char *const *) argv + 2, pool, &profiles, &error))
    {
      qr_profiles_print (&profiles, "qr_profiles_builtin", out);
      if (g_file_set_contents (argv[1], out->str, (gssize) out->len, &error))
        return QR_STATUS_DONE;
    }
  g_autofree char *text = qr_error_render (error, "mkprofiles");
  fputs (text, stderr);
  return (int) qr_error_status (error);
}
