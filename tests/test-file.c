/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read whole, and what is refused without waiting. The files stand in a directory
 * of the test's own, where it runs. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bounds.h"
#include "file.h"

#define FILE_NAME "f"

static void
make_regular (void)
{
  g_free (test_file (".", FILE_NAME, "text"));
}

static void
make_nothing (void)
{
}

static void
make_directory (void)
{
  g_assert_cmpint (mkdir (FILE_NAME, 0700), ==, 0);
}

static void
make_fifo (void)
{
  g_assert_cmpint (mkfifo (FILE_NAME, 0600), ==, 0);
}

static void
make_socket (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = FILE_NAME };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (close (fd), ==, 0);
}

static void
make_circle (void)
{
  g_assert_cmpint (symlink (FILE_NAME, FILE_NAME), ==, 0);
}

static void
make_forbidden (void)
{
  make_regular ();
  g_assert_cmpint (chmod (FILE_NAME, 0), ==, 0);
}

static const struct
{
  const char *name;
  void (*make) (void);
  const char *path;
  QrStatus status;
  const char *code, *message;
} cases[] = {
  { "regular", make_regular, FILE_NAME, QR_STATUS_DONE, NULL, NULL },
  { "missing", make_nothing, FILE_NAME, QR_STATUS_NO_INPUT, "file-read",
    "cannot read \"f\": No such file or directory" },
  { "empty-path", make_nothing, "", QR_STATUS_NO_INPUT, "file-read",
    "cannot read \"\": No such file or directory" },
  { "missing-directory", make_nothing, "d/f", QR_STATUS_NO_INPUT, "file-read",
    "cannot read \"d/f\": No such file or directory" },
  { "below-a-file", make_regular, FILE_NAME "/g", QR_STATUS_NO_INPUT, "file-read",
    "cannot read \"f/g\": Not a directory" },
  { "file-as-directory", make_regular, FILE_NAME "/", QR_STATUS_NO_INPUT, "file-read",
    "cannot read \"f/\": Not a directory" },
  { "directory", make_directory, FILE_NAME, QR_STATUS_IO, "file-type",
    "\"f\" is not a regular file" },
  { "fifo", make_fifo, FILE_NAME, QR_STATUS_IO, "file-type", "\"f\" is not a regular file" },
  { "device", make_nothing, "/dev/null", QR_STATUS_IO, "file-type",
    "\"/dev/null\" is not a regular file" },
  { "endless-device", make_nothing, "/dev/zero", QR_STATUS_IO, "file-type",
    "\"/dev/zero\" is not a regular file" },
  { "socket", make_socket, FILE_NAME, QR_STATUS_IO, "file-read",
    "cannot read \"f\": No such device or address" },
  { "circle", make_circle, FILE_NAME, QR_STATUS_IO, "file-read",
    "cannot read \"f\": Too many levels of symbolic links" },
  { "forbidden", make_forbidden, FILE_NAME, QR_STATUS_PERMISSION, "file-read",
    "cannot read \"f\": Permission denied" },
};

static void
clean (void)
{
  if (unlink (FILE_NAME) < 0)
    (void) rmdir (FILE_NAME);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  struct stat info = { 0 };
  GString *text;

  clean ();
  cases[i].make ();
  if (cases[i].make == make_forbidden && access (FILE_NAME, R_OK) == 0)
    {
      g_test_skip ("this user may read everything");
      return;
    }
  text = qr_file_read (cases[i].path, &info, &error);
  if (cases[i].code == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (text->str, ==, "text");
      g_assert_cmpint (info.st_size, ==, 4);
      g_assert_cmpuint (info.st_uid, ==, geteuid ());
      g_string_free (text, TRUE);
      return;
    }
  g_assert_null (text);
  g_assert_cmpint (qr_error_status (error), ==, cases[i].status);
  g_assert_cmpstr (qr_error_code (error), ==, cases[i].code);
  g_assert_cmpstr (error->message, ==, cases[i].message);
  g_assert_cmpint (info.st_size, ==, 0);
}

static int
pipe_of (const char *text)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (close (ends[1]), ==, 0);
  return ends[0];
}

/* What was given to be read may be a pipe, and standard input. */
static void
test_input (void)
{
  int kept = dup (STDIN_FILENO), pipe_end = pipe_of ("piped");
  g_autofree char *path = g_strdup_printf ("/dev/fd/%d", pipe_end);
  GError *error = NULL;
  GString *text;

  text = qr_file_read_input (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "piped");
  g_string_free (text, TRUE);
  g_assert_cmpint (close (pipe_end), ==, 0);
  pipe_end = pipe_of ("typed");
  g_assert_cmpint (dup2 (pipe_end, STDIN_FILENO), ==, STDIN_FILENO);
  text = qr_file_read_input ("-", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "typed");
  g_string_free (text, TRUE);
  g_assert_cmpint (dup2 (kept, STDIN_FILENO), ==, STDIN_FILENO);
  g_assert_cmpint (close (kept), ==, 0);
  g_assert_cmpint (close (pipe_end), ==, 0);
}

static void
test_input_refused (void)
{
  GError *error = NULL;

  clean ();
  g_assert_null (qr_file_read_input (FILE_NAME, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "file-read", "cannot read \"f\": No such file or directory");
  make_directory ();
  g_assert_null (qr_file_read_input (FILE_NAME, &error));
  test_error_code (&error, QR_STATUS_IO, "file-read", "cannot read \"f\": Is a directory");
  g_assert_null (qr_file_read_input ("/dev/zero", &error));
  test_error_code (&error, QR_STATUS_CONFIG, "file-size", "\"/dev/zero\" is larger than 16 MiB");
}

/* A path too long for the system. */
static void
test_long_path (void)
{
  g_autofree char *path = g_strnfill (5000, 'p');
  g_autoptr (GError) error = NULL;

  g_assert_null (qr_file_read (path, NULL, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_IO);
  g_assert_true (g_str_has_suffix (error->message, ": File name too long"));
}

static void
test_size (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  g_autofree char *bytes = g_strnfill (size, 'x');
  GError *error = NULL;
  GString *text;

  clean ();
  g_free (test_file (".", FILE_NAME, bytes));
  text = qr_file_read (FILE_NAME, NULL, &error);
  if (size <= QR_LIMIT_FILE_BYTES)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (text->len, ==, size);
      g_assert_true (strcmp (text->str, bytes) == 0);
      g_string_free (text, TRUE);
      return;
    }
  g_assert_null (text);
  test_error_code (&error, QR_STATUS_CONFIG, "file-size", "\"f\" is larger than 16 MiB");
}

/* A file without end, as far as its size tells: no more than the limit is read. */
static void
test_sparse (void)
{
  GError *error = NULL;

  clean ();
  make_regular ();
  g_assert_cmpint (truncate (FILE_NAME, (off_t) 1 << 40), ==, 0);
  g_assert_null (qr_file_read (FILE_NAME, NULL, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "file-size", "\"f\" is larger than 16 MiB");
}

/* Bytes come as they are; a file whose size the system does not know, too. */
static void
test_bytes (void)
{
  GError *error = NULL;
  GString *text;

  clean ();
  g_assert_true (g_file_set_contents (FILE_NAME, "a\0\xff\n", 4, NULL));
  text = qr_file_read (FILE_NAME, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text->str, (int) text->len, "a\0\xff\n", 4);
  g_string_free (text, TRUE);
  text = qr_file_read ("/proc/self/status", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text->str, "Name:"));
  g_string_free (text, TRUE);
}

/* An open file is read from where it stands, and stays open. */
static void
test_open (void)
{
  GError *error = NULL;
  GString *text;
  int fd;

  clean ();
  make_regular ();
  fd = open (FILE_NAME, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (lseek (fd, 1, SEEK_SET), ==, 1);
  text = qr_file_read_open (fd, "name", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "ext");
  g_string_free (text, TRUE);
  g_assert_cmpint (close (fd), ==, 0);
  fd = open (FILE_NAME, O_WRONLY | O_CLOEXEC);
  g_assert_null (qr_file_read_open (fd, "name", &error));
  test_error_code (&error, QR_STATUS_IO, "file-read", "cannot read \"name\": Bad file descriptor");
  g_assert_cmpint (close (fd), ==, 0);
}

/* Nothing stays open. */
static void
test_descriptors (void)
{
  int before = dup (STDERR_FILENO), after;

  g_assert_cmpint (close (before), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GString *text;

      clean ();
      cases[i].make ();
      text = qr_file_read (cases[i].path, NULL, NULL);
      if (text != NULL)
        g_string_free (text, TRUE);
    }
  after = dup (STDERR_FILENO);
  g_assert_cmpint (after, ==, before);
  g_assert_cmpint (close (after), ==, 0);
}

int
main (int argc, char **argv)
{
  static const gsize sizes[] = { 0, 1, 16383, 16384, 16385, QR_LIMIT_FILE_BYTES - 1,
                                 QR_LIMIT_FILE_BYTES, QR_LIMIT_FILE_BYTES + 1, 17 * 1024 * 1024 };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/file/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/file/size/%" G_GSIZE_FORMAT, sizes[i]);

      g_test_add_data_func (name, GSIZE_TO_POINTER (sizes[i]), test_size);
    }
  g_test_add_func ("/file/input", test_input);
  g_test_add_func ("/file/input-refused", test_input_refused);
  g_test_add_func ("/file/long-path", test_long_path);
  g_test_add_func ("/file/sparse", test_sparse);
  g_test_add_func ("/file/bytes", test_bytes);
  g_test_add_func ("/file/open", test_open);
  g_test_add_func ("/file/descriptors", test_descriptors);
  return test_run_inside ();
}
