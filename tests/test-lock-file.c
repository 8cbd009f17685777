/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lock files are opened: by their kind, mode, owner, size and directory. None is changed
 * by it. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bounds.h"
#include "here.h"
#include "lock-file.h"
#include "lock.h"

#define NAME "f"
#define TEXT "{ \"text\": 1 }\n"

enum
{
  SOMEBODY = 12345, /* a user that the test is not */
};

/* What stands where the file is looked for. */
typedef enum
{
  KIND_NOTHING,
  KIND_FILE,
  KIND_LINK, /* to a good file */
  KIND_DANGLING,
  KIND_CIRCLE,
  KIND_FIFO,
  KIND_DIRECTORY,
  KIND_SOCKET,
  KIND_TWO_NAMES,
  KIND_FOREIGN,    /* somebody else's file */
  KIND_IN_FOREIGN, /* a good file in somebody else's directory */
} Kind;

static gboolean
make_socket (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = NAME };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  return bind (fd, (struct sockaddr *) &address, sizeof address) == 0 && close (fd) == 0;
}

/* @mode of the file; @above: of the directory */
static void
make (Kind kind, mode_t mode, mode_t above)
{
  gboolean good = TRUE;

  if (kind == KIND_LINK)
    here_put ("target", TEXT, mode);
  if (kind == KIND_FILE || kind >= KIND_TWO_NAMES)
    here_put (NAME, TEXT, mode);
  if (kind == KIND_LINK || kind == KIND_DANGLING)
    good = symlink ("target", NAME) == 0;
  else if (kind == KIND_CIRCLE)
    good = symlink (NAME, NAME) == 0;
  else if (kind == KIND_FIFO)
    good = mkfifo (NAME, mode) == 0;
  else if (kind == KIND_DIRECTORY)
    good = mkdir (NAME, mode) == 0;
  else if (kind == KIND_SOCKET)
    good = make_socket ();
  else if (kind == KIND_TWO_NAMES)
    good = link (NAME, "other") == 0;
  else if (kind == KIND_FOREIGN || kind == KIND_IN_FOREIGN)
    good = chown (kind == KIND_FOREIGN ? NAME : ".", SOMEBODY, (gid_t) -1) == 0;
  g_assert_true (good);
  g_assert_cmpint (chmod (".", above), ==, 0);
}

#define CHMOD "  hint: take the right to write from group and others (chmod go-w)\n"
#define NO_NAME "  hint: name a file in a directory that exists\n"
#define NO_DIRECTORY "cannot open the directory of lock file "

/* @drawn NULL: opened. */
static const struct
{
  const char *name;
  Kind kind;
  mode_t mode, above;
  const char *path;
  HereWho who;
  QrStatus status;
  const char *code, *drawn;
} opens[] = {
  { "missing", KIND_NOTHING, 0, 0700, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "private", KIND_FILE, 0600, 0700, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "readable", KIND_FILE, 0644, 0700, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "read-only", KIND_FILE, 0400, 0700, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "with-dot", KIND_FILE, 0600, 0700, "./" NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "with-slashes", KIND_FILE, 0600, 0700, ".//" NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "by-way-of-above", KIND_FILE, 0600, 0700, "../here/" NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "dots-in-name", KIND_NOTHING, 0, 0700, "...", HERE_ANYBODY, 0, NULL, NULL },
  { "sticky-directory", KIND_FILE, 0600, 01777, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "read-only-directory", KIND_FILE, 0600, 0500, NAME, HERE_ANYBODY, 0, NULL, NULL },
  { "link", KIND_LINK, 0600, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" is a symbolic link\n  hint: name the file itself\n" },
  { "dangling-link", KIND_DANGLING, 0, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" is a symbolic link\n  hint: name the file itself\n" },
  { "circle", KIND_CIRCLE, 0, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" is a symbolic link\n  hint: name the file itself\n" },
  { "fifo", KIND_FIFO, 0600, 0700, NAME, HERE_ANYBODY, QR_STATUS_IO, "lock-file",
    "lock file \"f\" is not a regular file\n" },
  { "directory", KIND_DIRECTORY, 0700, 0700, NAME, HERE_ANYBODY, QR_STATUS_IO, "lock-file",
    "lock file \"f\" is not a regular file\n" },
  { "socket", KIND_SOCKET, 0, 0700, NAME, HERE_ANYBODY, QR_STATUS_IO, "lock-file",
    "cannot read lock file \"f\": No such device or address\n" },
  { "foreign", KIND_FOREIGN, 0600, 0700, NAME, HERE_ROOT, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" belongs to user 12345, not 0\n  hint: it must belong to you\n" },
  { "group-writable", KIND_FILE, 0620, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" can be written by others than its owner\n" CHMOD },
  { "world-writable", KIND_FILE, 0602, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" can be written by others than its owner\n" CHMOD },
  { "two-names", KIND_TWO_NAMES, 0600, 0700, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-file",
    "lock file \"f\" has 2 names (hard links)\n  hint: leave it one name\n" },
  { "forbidden", KIND_FILE, 0, 0700, NAME, HERE_USER, QR_STATUS_PERMISSION, "lock-file",
    "cannot read lock file \"f\": Permission denied\n" },
  { "missing-directory", KIND_NOTHING, 0, 0700, "d/f", HERE_ANYBODY, QR_STATUS_NO_INPUT, "lock-directory",
    NO_DIRECTORY "\"d/f\": No such file or directory\n" },
  { "below-a-file", KIND_FILE, 0600, 0700, "f/g", HERE_ANYBODY, QR_STATUS_NO_INPUT, "lock-directory",
    NO_DIRECTORY "\"f/g\": Not a directory\n" },
  { "hidden-directory", KIND_FILE, 0600, 0300, NAME, HERE_USER, QR_STATUS_PERMISSION, "lock-directory",
    NO_DIRECTORY "\"f\": Permission denied\n" },
  { "slash-last", KIND_DIRECTORY, 0700, 0700, "f/", HERE_ANYBODY, QR_STATUS_USAGE, "lock-path",
    "\"f/\" names no lock file\n" NO_NAME },
  { "no-path", KIND_NOTHING, 0, 0700, "", HERE_ANYBODY, QR_STATUS_USAGE, "lock-path",
    "\"\" names no lock file\n" NO_NAME },
  { "root", KIND_NOTHING, 0, 0700, "/", HERE_ANYBODY, QR_STATUS_USAGE, "lock-path",
    "\"/\" names no lock file\n" NO_NAME },
  { "dot", KIND_NOTHING, 0, 0700, ".", HERE_ANYBODY, QR_STATUS_USAGE, "lock-path",
    "\".\" names no lock file\n" NO_NAME },
  { "dot-dot", KIND_DIRECTORY, 0700, 0700, "f/..", HERE_ANYBODY, QR_STATUS_USAGE, "lock-path",
    "\"f/..\" names no lock file\n" NO_NAME },
  { "group-writable-directory", KIND_FILE, 0600, 0775, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-directory",
    "others can replace files in the directory of lock file \"f\"\n" CHMOD },
  { "world-writable-directory", KIND_FILE, 0600, 0702, NAME, HERE_ANYBODY, QR_STATUS_PERMISSION, "lock-directory",
    "others can replace files in the directory of lock file \"f\"\n" CHMOD },
  { "foreign-directory", KIND_IN_FOREIGN, 0600, 0700, NAME, HERE_ROOT, QR_STATUS_PERMISSION, "lock-directory",
    "the directory of lock file \"f\" belongs to user 12345\n"
    "  hint: it must belong to you or root\n" },
};

static void
test_open (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *before = NULL, *drawn = g_strdup_printf ("qriser: error: %s", opens[i].drawn);
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  if (here_skips (opens[i].who))
    return;
  here_enter ();
  make (opens[i].kind, opens[i].mode, opens[i].above);
  before = here_look ();
  file = qr_lock_file_open (opens[i].path, 0, &error);
  if (opens[i].drawn == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpint (qr_lock_file_text (file) == NULL, ==, opens[i].kind == KIND_NOTHING);
      if (opens[i].kind != KIND_NOTHING)
        g_assert_true (g_str_has_prefix (qr_lock_file_text (file)->str, TEXT));
    }
  else
    {
      g_assert_null (file);
      g_assert_nonnull (error);
      g_assert_cmpint (qr_error_status (error), ==, opens[i].status);
      g_assert_cmpstr (qr_error_code (error), ==, opens[i].code);
      test_error_is (&error, drawn);
      g_assert_null (qr_lock_file_open (opens[i].path, 0, NULL));
    }
  here_is (before);
  here_leave ();
}

/* A size that is refused has a message. */
static const struct
{
  off_t size;
  const char *code, *message;
} sizes[] = {
  { 0, "lock-file", "lock file \"f\" is empty" },
  { 1, NULL, NULL },
  { QR_LIMIT_FILE_BYTES, NULL, NULL },
  { QR_LIMIT_FILE_BYTES + 1, "file-size", "\"f\" is larger than 16 MiB" },
  { (off_t) 1 << 40, "file-size", "\"f\" is larger than 16 MiB" },
};

static void
test_size (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *before = NULL;
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  here_enter ();
  here_put (NAME, TEXT, 0600);
  g_assert_cmpint (truncate (NAME, sizes[i].size), ==, 0);
  before = here_look ();
  file = qr_lock_file_open (NAME, 0, &error);
  if (sizes[i].code == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (qr_lock_file_text (file)->len, ==, sizes[i].size);
    }
  else
    test_error_code (&error, QR_STATUS_CONFIG, sizes[i].code, sizes[i].message);
  here_is (before);
  here_leave ();
}

static void
test_empty_hint (void)
{
  GError *error = NULL;

  here_enter ();
  here_put (NAME, "", 0600);
  g_assert_null (qr_lock_file_open (NAME, 0, &error));
  test_error_is (&error, "qriser: error: lock file \"f\" is empty\n"
                         "  hint: it was cut short: restore it, or remove it to begin a new one\n");
  here_leave ();
}

/* The longest name that leaves room for a temporary's, and one byte more; a longer path than
 * the system takes. */
static void
test_long_names (void)
{
  g_autofree char *name = g_strnfill (242, 'n'), *path = g_strnfill (9000, '/');
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  here_enter ();
  g_assert_null (qr_lock_file_open (name, 0, &error));
  test_error_code (&error, QR_STATUS_USAGE, "lock-path",
                   "the name of a lock file has at most 241 bytes");
  path[8999] = 'f';
  g_assert_null (qr_lock_file_open (path, 0, &error));
  test_error_code (&error, QR_STATUS_IO, "lock-directory", ": File name too long");
  name[241] = '\0';
  file = qr_lock_file_open (name, 0, &error);
  g_assert_no_error (error);
  g_assert_true (qr_lock_file_replace (file, TEXT, strlen (TEXT), &error));
  g_assert_no_error (error);
  here_holds (name, TEXT);
  here_leave ();
}

/* A file that was cut anywhere stays as it is. */
static void
test_truncated (void)
{
  g_autoptr (QrLock) lock = qr_lock_new ("ich9@1", "q35");
  GString *text;

  here_enter ();
  g_assert_true (qr_lock_set (lock, "net0", "virtio-net-pci", "00:1c.0/00.0", NULL));
  text = qr_lock_format (lock);
  while (text->len > 0)
    {
      g_autofree char *before = NULL;
      g_autoptr (QrLockFile) file = NULL;
      const GString *got;
      GError *error = NULL;

      g_string_truncate (text, text->len - 1);
      here_put (NAME, text->str, 0600);
      before = here_look ();
      file = qr_lock_file_open (NAME, 0, &error);
      got = file == NULL ? NULL : qr_lock_file_text (file);
      g_assert_cmpint (got == NULL, ==, text->len == 0);
      if (got != NULL)
        g_assert_null (qr_lock_parse (got->str, got->len, NAME, &error));
      test_error_code (&error, QR_STATUS_CONFIG, "lock-file", "");
      here_is (before);
    }
  g_string_free (text, TRUE);
  here_leave ();
}

/* QEMU gets none of the descriptors, and a failure leaves none. */
static void
test_descriptors (void)
{
  gboolean was_open[64];
  QrLockFile *file;

  for (int fd = 0; fd < 64; fd++)
    was_open[fd] = fcntl (fd, F_GETFD) != -1;
  for (gsize i = 0; i < G_N_ELEMENTS (opens); i++)
    {
      if (opens[i].who != HERE_ANYBODY)
        continue;
      here_enter ();
      make (opens[i].kind, opens[i].mode, opens[i].above);
      file = qr_lock_file_open (opens[i].path, 0, NULL);
      if (file != NULL && !qr_lock_file_replace (file, "new\n", 4, NULL))
        g_assert_true (opens[i].mode == 0400 || opens[i].above == 0500);
      for (int fd = 0; fd < 64; fd++)
        g_assert_true (was_open[fd] || fcntl (fd, F_GETFD) == -1 || fcntl (fd, F_GETFD) == FD_CLOEXEC);
      qr_lock_file_close (file);
      for (int fd = 0; fd < 64; fd++)
        g_assert_cmpint (fcntl (fd, F_GETFD) != -1, ==, was_open[fd]);
      here_leave ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (opens); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock-file/open/%s", opens[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_open);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock-file/size/%" G_GINT64_FORMAT, (gint64) sizes[i].size);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_size);
    }
  g_test_add_func ("/lock-file/empty-hint", test_empty_hint);
  g_test_add_func ("/lock-file/long-names", test_long_names);
  g_test_add_func ("/lock-file/truncated", test_truncated);
  g_test_add_func ("/lock-file/descriptors", test_descriptors);
  return test_run_inside ();
}
