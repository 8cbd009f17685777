/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a line of a shell: the words are those of GLib, each begins where it is said
 * to, and what is refused has an error that can be drawn. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "shell-line.h"

/* GLib wants a word, and takes a "#" at the end for something open. */
static gboolean
is_refused_by_glib_alone (const char *text, const QrShellLine *line)
{
  return line->n == 0 || g_str_has_suffix (text, "#");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strdelimit (g_strndup ((const char *) data, size), "\t", ' ');
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) glib = NULL;
  gboolean good = g_shell_parse_argv (text, NULL, &glib, NULL);
  QrShellLine line;

  if (!qr_shell_split (text, "f", pool, &line, &error))
    {
      g_autofree char *message = qr_error_render (error, "qriser");

      g_assert_true (!good || strpbrk (text, "&|;<>()") != NULL);
      return message == NULL;
    }
  if (!good)
    {
      g_assert_true (is_refused_by_glib_alone (text, &line));
      return 0;
    }
  g_assert_true (g_strv_equal ((const char *const *) glib, line.words));
  for (gsize i = 0; i < line.n; i++)
    {
      g_assert_cmpuint (line.starts[i], <, strlen (text));
      g_assert_true (i == 0 || line.starts[i - 1] < line.starts[i]);
    }
  return 0;
}
