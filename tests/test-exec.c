/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file a name finds, and what is refused to become. */
#include "config.h"

#include "testlib.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec.h"

/* A directory with: bin/{qemu,plain,dir,self}, other/{qemu,only-other,plain}, script. */
static char *
make_tree (void)
{
  char *root = test_directory ();
  static const char *const programs[] = { "bin/qemu", "other/qemu", "other/only-other", "other/self" };
  static const char *const directories[] = { "bin", "other", "bin/dir" };

  for (gsize i = 0; i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *path = g_build_filename (root, directories[i], NULL);

      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = test_file (root, programs[i], "\177ELF");

      g_assert_cmpint (chmod (path, 0700), ==, 0);
    }
  g_free (test_file (root, "bin/only-other", "not executable"));
  g_autofree char *self = g_build_filename (root, "bin/self", NULL);
  g_autofree char *here = g_file_read_link ("/proc/self/exe", NULL);
  g_assert_cmpint (symlink (here, self), ==, 0);
  return root;
}

/* @path and @directory: words of a PATH; "@" stands for the tree. */
static const struct
{
  const char *name, *wanted, *path, *directory, *found;
} searches[] = {
  { "first", "qemu", "@/bin:@/other", "/nonexistent", "@/bin/qemu" },
  { "order", "qemu", "@/other:@/bin", "/nonexistent", "@/other/qemu" },
  { "later", "qemu", "/nonexistent:@/other", "/nonexistent", "@/other/qemu" },
  { "not-executable", "only-other", "@/bin:@/other", "/nonexistent", "@/other/only-other" },
  { "directory", "dir", "@/bin", "/nonexistent", NULL },
  { "itself", "self", "@/bin:@/other", "/nonexistent", "@/other/self" },
  { "only-itself", "self", "@/bin", "/nonexistent", NULL },
  { "itself-configured", "self", "", "@/bin", NULL },
  { "missing", "no-such", "@/bin:@/other", "@/bin", NULL },
  { "configured", "qemu", "/nonexistent", "@/other", "@/other/qemu" },
  { "path-before-configured", "qemu", "@/bin", "@/other", "@/bin/qemu" },
  { "no-path", "qemu", NULL, "@/other", "@/other/qemu" },
  { "empty-path", "qemu", "", "@/other", "@/other/qemu" },
  { "file-in-path", "qemu", "@/bin/qemu:@/other", "/nonexistent", "@/other/qemu" },
  { "with-slash", "./no/such", "@/bin", "@/bin", "./no/such" },
  { "absolute", "/no/such", "@/bin", "@/bin", "/no/such" },
};

/* @text with each "@" replaced. */
static char *
in_tree (const char *text, const char *root)
{
  g_auto (GStrv) parts = text == NULL ? NULL : g_strsplit (text, "@", -1);

  return text == NULL ? NULL : g_strjoinv (root, parts);
}

static void
test_search (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  char *root = make_tree ();
  g_autofree char *path = in_tree (searches[i].path, root),
                  *directory = in_tree (searches[i].directory, root),
                  *wanted = in_tree (searches[i].found, root), *found = NULL;

  found = qr_exec_find (searches[i].wanted, path, directory);
  g_assert_cmpstr (found, ==, wanted);
  test_directory_remove (root);
}

/* An empty word of PATH is the directory where the user is. */
static void
test_search_here (void)
{
  char *root = make_tree ();
  g_autofree char *before = g_get_current_dir (), *bin = g_build_filename (root, "bin", NULL),
                  *found = NULL;

  g_assert_cmpint (chdir (bin), ==, 0);
  found = qr_exec_find ("qemu", "/nonexistent:", "/nonexistent");
  g_assert_cmpstr (found, ==, "./qemu");
  g_assert_cmpint (chdir (before), ==, 0);
  test_directory_remove (root);
}

/* @text becomes the file "f" with @mode; NULL: the path itself, "@" the tree. */
static const struct
{
  const char *name, *path, *text;
  mode_t mode;
  QrStatus status;
  const char *drawn; /* "%s" is the path */
} checks[] = {
  { "missing", "@/no-such", NULL, 0, QR_STATUS_NOT_FOUND,
    "qriser: error: there is no \"%s\"\n  hint: name the QEMU to run: --qemu=PATH, or -qriser qemu=PATH\n" },
  { "below-a-file", "@/bin/qemu/x", NULL, 0, QR_STATUS_NOT_FOUND,
    "qriser: error: there is no \"%s\"\n  hint: name the QEMU to run: --qemu=PATH, or -qriser qemu=PATH\n" },
  { "directory", "@/bin", NULL, 0, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a directory\n" },
  { "not-executable", "@/f", "\177ELF", 0600, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is not an executable file\n" },
  { "device", "/dev/null", NULL, 0, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is not an executable file\n" },
  { "itself", "@/bin/self", NULL, 0, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is qriser itself\n"
    "  hint: name the real QEMU: --qemu=PATH, or -qriser qemu=PATH\n" },
  { "script", "@/f", "#!/bin/sh\nexec qemu\n", 0700, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a script for \"/bin/sh\"\n"
    "  hint: name the QEMU that the script starts, or a seccomp profile that lets it start programs\n" },
  { "script-blanks", "@/f", "#! \t/usr/bin/env python3\n", 0700, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a script for \"/usr/bin/env\"\n"
    "  hint: name the QEMU that the script starts, or a seccomp profile that lets it start programs\n" },
  { "script-no-newline", "@/f", "#!/bin/x", 0700, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a script for \"/bin/x\"\n"
    "  hint: name the QEMU that the script starts, or a seccomp profile that lets it start programs\n" },
  { "script-escape", "@/f", "#!\033[2J\n", 0700, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a script for \"\\x1b[2J\"\n"
    "  hint: name the QEMU that the script starts, or a seccomp profile that lets it start programs\n" },
  { "script-unnamed", "@/f", "#!\n", 0700, QR_STATUS_NOT_EXECUTABLE,
    "qriser: error: cannot run \"%s\": it is a script for \"\"\n"
    "  hint: name the QEMU that the script starts, or a seccomp profile that lets it start programs\n" },
  { "program", "@/f", "\177ELF", 0700, QR_STATUS_DONE, NULL },
  { "short", "@/f", "#", 0700, QR_STATUS_DONE, NULL },
};

static void
test_check (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  char *root = make_tree ();
  g_autofree char *path = in_tree (checks[i].path, root), *drawn = NULL;
  GError *error = NULL;

  if (checks[i].text != NULL)
    {
      g_free (test_file (root, "f", checks[i].text));
      g_assert_cmpint (chmod (path, checks[i].mode), ==, 0);
    }
  g_assert_cmpint (qr_exec_check (path, FALSE, &error), ==, checks[i].drawn == NULL);
  g_assert_cmpint (qr_exec_check (path, TRUE, NULL), ==,
                   checks[i].drawn == NULL || g_str_has_prefix (checks[i].name, "script"));
  if (checks[i].drawn != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (checks[i].drawn, "%s", -1);

      g_assert_cmpint (qr_error_status (error), ==, checks[i].status);
      drawn = g_strjoinv (path, parts);
      test_error_is (&error, drawn);
    }
  g_assert_no_error (error);
  test_directory_remove (root);
}

static void
test_exec_fails (void)
{
  char *argv[] = { (char *) "x", NULL }, *environment[] = { NULL };
  char *root = make_tree ();
  g_autofree char *path = g_build_filename (root, "bin/qemu", NULL), *message = NULL;
  GError *error = NULL;

  qr_exec ("/nonexistent/qemu", argv, environment, &error);
  test_error_code (&error, QR_STATUS_NOT_FOUND, "not-executable", g_strerror (ENOENT));
  qr_exec (root, argv, environment, &error);
  test_error_code (&error, QR_STATUS_NOT_EXECUTABLE, "not-executable", g_strerror (EACCES));
  qr_exec (path, argv, environment, &error);
  message = g_strdup_printf ("cannot run \"%s\": %s", path, g_strerror (ENOEXEC));
  test_error_code (&error, QR_STATUS_NOT_EXECUTABLE, "not-executable", message);
  test_directory_remove (root);
}

/* The arguments and the environment arrive, and nothing else does. */
static void
test_exec_works (void)
{
  char *argv[] = { (char *) "sh", (char *) "-c", (char *) "exit \"$STATUS\"", NULL },
       *environment[] = { (char *) "STATUS=43", NULL };
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      GError *error = NULL;

      qr_exec ("/bin/sh", argv, environment, &error);
      _exit (1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 43);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autofree char *name = g_strdup_printf ("/exec/find/%s", searches[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_search);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autofree char *name = g_strdup_printf ("/exec/check/%s", checks[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_check);
    }
  g_test_add_func ("/exec/find/here", test_search_here);
  g_test_add_func ("/exec/fails", test_exec_fails);
  g_test_add_func ("/exec/works", test_exec_works);
  return g_test_run ();
}
