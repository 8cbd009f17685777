/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over its corpus; prints TAP, one line a file. The corpus is
 * in corpus/TARGET, for a program called fuzz-TARGET. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "fuzz.h"

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

int
main (int argc, char **argv)
{
  g_autofree char *name = g_path_get_basename (argv[0]);
  const char *tests = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *corpus = g_build_filename (tests == NULL ? "tests" : tests, "corpus",
                                              name + strlen ("fuzz-"), NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GDir *directory = g_dir_open (corpus, 0, &error);
  const char *file;

  if (directory == NULL)
    {
      printf ("Bail out! %s\n", error->message);
      return 1;
    }
  while ((file = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (files, g_build_filename (corpus, file, NULL));
  g_dir_close (directory);
  g_ptr_array_sort (files, compare);
  printf ("1..%u\n", files->len);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *text = NULL;
      gsize length = 0;
      gboolean good = g_file_get_contents (files->pdata[i], &text, &length, NULL)
                      && LLVMFuzzerTestOneInput ((const guint8 *) text, length) == 0;

      printf ("%s %u - %s\n", good ? "ok" : "not ok", i + 1, strrchr (files->pdata[i], '/') + 1);
      fflush (stdout);
    }
  return 0;
}
