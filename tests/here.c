/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "here.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "testlib.h"

void
here_enter (void)
{
  g_assert_cmpint (mkdir ("here", 0700), ==, 0);
  g_assert_cmpint (chdir ("here"), ==, 0);
}

void
here_leave (void)
{
  g_assert_cmpint (chmod (".", 0700), ==, 0);
  g_assert_cmpint (chdir (".."), ==, 0);
  test_directory_remove (g_strdup ("here"));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char *
here_look (void)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GDir *directory = g_dir_open (".", 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *text = NULL;
      struct stat info;

      g_assert_cmpint (lstat (name, &info), ==, 0);
      if (S_ISREG (info.st_mode) && info.st_size < 4096)
        (void) g_file_get_contents (name, &text, NULL, NULL);
      g_ptr_array_add (
          lines, g_strdup_printf ("%s %o %lu %lu %u %" G_GINT64_FORMAT " %ld.%ld %s", name,
                                  info.st_mode, (gulong) info.st_ino, (gulong) info.st_nlink,
                                  info.st_uid, (gint64) info.st_size, (long) info.st_mtim.tv_sec,
                                  info.st_mtim.tv_nsec, text == NULL ? "" : text));
    }
  if (directory != NULL)
    g_dir_close (directory);
  g_ptr_array_sort (lines, compare);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

void
here_is (const char *before)
{
  g_autofree char *now = here_look ();

  g_assert_cmpstr (now, ==, before);
}

void
here_names_are (const char *wanted)
{
  GDir *directory = g_dir_open (".", 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *all = NULL;
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_dir_close (directory);
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  all = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (all, ==, wanted);
}

void
here_put (const char *name, const char *text, mode_t mode)
{
  int fd = open (name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (fchmod (fd, mode), ==, 0);
  g_assert_cmpint (close (fd), ==, 0);
}

void
here_holds (const char *name, const char *text)
{
  g_autofree char *now = NULL;

  g_assert_true (g_file_get_contents (name, &now, NULL, NULL));
  g_assert_cmpstr (now, ==, text);
}

gboolean
here_skips (HereWho who)
{
  if (who != HERE_ANYBODY && (who == HERE_ROOT) != (geteuid () == 0))
    {
      g_test_skip (who == HERE_ROOT ? "only root can do this" : "nothing is forbidden to root");
      return TRUE;
    }
  return FALSE;
}
