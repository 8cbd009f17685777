/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process can open, make and reach behind its rules; each case in a process of its own. */
#include "config.h"

#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "older-landlock.h"
#include "testlib.h"

enum
{
  FAULT = 200,    /* of the test itself */
  NO_OLDER = 201, /* an older kernel cannot be had */
};

typedef int (*Attempt) (const char *path);

static int
opens (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
  return fd >= 0 ? 0 : errno;
}

static int
reads (const char *path)
{
  return opens (path, O_RDONLY);
}

static int
lists (const char *path)
{
  return opens (path, O_RDONLY | O_DIRECTORY);
}

static int
writes (const char *path)
{
  return opens (path, O_WRONLY);
}

static int
cuts (const char *path)
{
  return truncate (path, 0) == 0 ? 0 : errno;
}

static int
makes (const char *path)
{
  return opens (path, O_WRONLY | O_CREAT | O_EXCL);
}

static int
removes (const char *path)
{
  return unlink (path) == 0 ? 0 : errno;
}

static int
makes_directory (const char *path)
{
  return mkdir (path, 0700) == 0 ? 0 : errno;
}

/* A name in the file system, or with "@" before it an abstract one. */
static int
with_unix (const char *path, gboolean listens)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  socklen_t length;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), code;

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  length = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + strlen (path));
  if (*path == '@')
    address.sun_path[0] = '\0';
  code = listens ? bind (fd, (struct sockaddr *) &address, length)
                 : connect (fd, (struct sockaddr *) &address, length);
  code = code == 0 ? 0 : errno;
  close (fd);
  return code;
}

static int
makes_socket (const char *path)
{
  return with_unix (path, TRUE);
}

static int
connects_abstract (const char *path)
{
  return with_unix (path, FALSE);
}

static int
with_port (const char *port, gboolean listens)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) g_ascii_strtoull (port, NULL, 10)),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), code, on = 1;

  (void) setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  code = listens ? bind (fd, (struct sockaddr *) &address, sizeof address)
                 : connect (fd, (struct sockaddr *) &address, sizeof address);
  code = code == 0 ? 0 : errno;
  close (fd);
  return code;
}

static int
listens_at (const char *port)
{
  return with_port (port, TRUE);
}

static int
connects_to (const char *port)
{
  return with_port (port, FALSE);
}

static int
signals_parent (const char *path)
{
  return kill (getppid (), 0) == 0 ? 0 : errno;
}

static int
controls (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC), code;

  if (fd < 0)
    return errno;
  code = fchmod (fd, 0666) == 0 ? 0 : errno;
  close (fd);
  return code;
}

/* Below the directory of the case there are "file", "tree/file" and "other/file". */
static const struct
{
  const char *name;
  const char *path; /* relative to the directory; NULL: no rule */
  guint32 rights;
  Attempt attempt;
  const char *tried; /* the same; of ports as it is */
  int result;        /* 0 or an errno */
  int version;       /* of Landlock that it takes */
} cases[] = {
  { "read", "file", QR_LANDLOCK_READ, reads, "file", 0, 1 },
  { "read-another", "file", QR_LANDLOCK_READ, reads, "other/file", EACCES, 1 },
  { "read-not-there", "file", QR_LANDLOCK_READ, reads, "nothing", ENOENT, 1 },
  { "read-only", "file", QR_LANDLOCK_READ, writes, "file", EACCES, 1 },
  { "cut", "file", QR_LANDLOCK_READ, cuts, "file", EACCES, 3 },
  { "list", "tree", QR_LANDLOCK_READ, lists, "tree", 0, 1 },
  { "list-another", "tree", QR_LANDLOCK_READ, lists, "other", EACCES, 1 },
  { "below", "tree", QR_LANDLOCK_READ, reads, "tree/file", 0, 1 },
  { "write", "file", QR_LANDLOCK_WRITE, writes, "file", 0, 1 },
  { "write-only", "file", QR_LANDLOCK_WRITE, reads, "file", EACCES, 1 },
  { "write-cuts", "file", QR_LANDLOCK_WRITE, cuts, "file", 0, 3 },
  { "write-makes-not", "tree", QR_LANDLOCK_WRITE, makes, "tree/new", EACCES, 1 },
  { "make", "tree", QR_LANDLOCK_WRITE | QR_LANDLOCK_MAKE, makes, "tree/new", 0, 1 },
  { "make-elsewhere", "tree", QR_LANDLOCK_WRITE | QR_LANDLOCK_MAKE, makes, "new", EACCES, 1 },
  { "make-removes", "tree", QR_LANDLOCK_MAKE, removes, "tree/file", 0, 1 },
  { "make-no-directory", "tree", QR_LANDLOCK_MAKE, makes_directory, "tree/new", EACCES, 1 },
  { "tree-makes-directory", "tree", QR_LANDLOCK_TREE, makes_directory, "tree/new", 0, 1 },
  { "socket", "tree/socket", QR_LANDLOCK_SOCKET, makes_socket, "tree/socket", 0, 1 },
  { "socket-elsewhere", "tree/socket", QR_LANDLOCK_SOCKET, makes_socket, "other/socket", EACCES, 1 },
  { "socket-removes-not", "tree/socket", QR_LANDLOCK_SOCKET, removes, "tree/file", EACCES, 1 },
  { "image", "file", QR_LANDLOCK_READ | QR_LANDLOCK_IMAGE, reads, "file", 0, 1 },
  { "image-is-no-directory", "tree", QR_LANDLOCK_READ | QR_LANDLOCK_IMAGE, reads, "tree/file", EACCES, 1 },
  { "socket-is-no-file", "tree/socket", QR_LANDLOCK_SOCKET, makes, "tree/new", EACCES, 1 },
  { "new", "fresh", QR_LANDLOCK_WRITE | QR_LANDLOCK_NEW, writes, "fresh", 0, 1 },
  { "new-is-alone", "fresh", QR_LANDLOCK_WRITE | QR_LANDLOCK_NEW, makes, "other-new", EACCES, 1 },
  { "nothing", NULL, 0, reads, "file", EACCES, 1 },
  { "not-held", NULL, 0, controls, "file", EACCES, 1 },
  { "port", NULL, 0, listens_at, "47111", 0, 4 },
  { "another-port", NULL, 0, listens_at, "47112", EACCES, 4 },
  { "connect", NULL, 0, connects_to, "47113", EACCES, 4 },
  { "abstract", NULL, 0, connects_abstract, "@qriser-test", EPERM, 6 },
  { "signal", NULL, 0, signals_parent, "", EPERM, 6 },
};

/* Whether a version was asked for all that it knows but the execution of files, and no more. */
static gboolean
is_whole (const OlderLandlock *older)
{
  return older->fs == (older_landlock_fs (older->version) & ~(guint64) 1)
         && older->net == older_landlock_net (older->version)
         && older->scoped == older_landlock_scoped (older->version)
         && (older->flags != 0) == (older->version >= 7);
}

/* 0 or the errno of the attempt, or FAULT or NO_OLDER. @version: that the kernel seems to have; 0: its own */
static int
run_held (const QrLandlock *landlock, int version, Attempt attempt, const char *tried)
{
  OlderLandlock older = { .version = version };
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      if (prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
        _exit (FAULT);
      if (version > 0 && !older_landlock_enter (&older))
        _exit (NO_OLDER);
      if (!qr_landlock_enter (landlock, NULL) || (version > 0 && !is_whole (&older)))
        _exit (FAULT);
      _exit (attempt (tried));
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Somebody who could be connected to. */
static int
listen_abstract (const char *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  socklen_t length = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + strlen (name));
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, name, sizeof address.sun_path);
  address.sun_path[0] = '\0';
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  return fd;
}

static void
fill (const char *directory)
{
  static const char *const files[] = { "file", "tree/file", "other/file" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i], NULL);
      g_autofree char *parent = g_path_get_dirname (path);

      g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
      g_assert_true (g_file_set_contents (path, "x", 1, NULL));
    }
}

static void
landlock_init (QrLandlock *landlock)
{
  *landlock = (QrLandlock){ g_array_new (FALSE, FALSE, sizeof (QrLandlockPath)),
                            g_array_new (FALSE, FALSE, sizeof (QrLandlockPort)), FALSE, FALSE };
}

static void
landlock_clear (QrLandlock *landlock)
{
  g_array_unref (landlock->paths);
  g_array_unref (landlock->ports);
}

static void
try_case (gsize i, int version)
{
  char *directory = test_directory ();
  g_autofree char *path = cases[i].path == NULL ? NULL : g_build_filename (directory, cases[i].path, NULL);
  gboolean is_path = g_ascii_isalpha (*cases[i].tried);
  g_autofree char *tried
      = is_path ? g_build_filename (directory, cases[i].tried, NULL) : g_strdup (cases[i].tried);
  const QrLandlockPath rule = { path, cases[i].rights, 0 };
  const QrLandlockPort port = { 47111, 0 };
  QrLandlock landlock;
  int peer;

  fill (directory);
  landlock_init (&landlock);
  if (path != NULL)
    g_array_append_val (landlock.paths, rule);
  g_array_append_val (landlock.ports, port);
  peer = cases[i].attempt == connects_abstract ? listen_abstract (tried) : -1;
  /* Root may do it all without. */
  g_assert_cmpint (run_held (&landlock, version, cases[i].attempt, tried), ==, cases[i].result);
  if (peer >= 0)
    close (peer);
  landlock_clear (&landlock);
  test_directory_remove (directory);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  if (qr_landlock_version () < cases[i].version)
    g_test_skip ("the kernel's Landlock is older");
  else
    try_case (i, 0);
}

/* A kernel with an older version holds all that this knows, and is asked for nothing else. */
static void
test_version (gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);

  QrLandlock nothing;
  int found;

  if (qr_landlock_version () < version)
    {
      g_test_skip ("the kernel's Landlock is older");
      return;
    }
  landlock_init (&nothing);
  found = run_held (&nothing, version, reads, "/");
  landlock_clear (&nothing);
  if (found == NO_OLDER)
    {
      g_test_skip ("somebody around this decides system calls");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (cases[i].version <= version)
      try_case (i, version);
}

/* What is not asked for is not held. */
static void
test_any (void)
{
  QrLandlock landlock;

  if (qr_landlock_version () < QR_LANDLOCK_WHOLE)
    {
      g_test_skip ("the kernel's Landlock is older");
      return;
    }
  landlock_init (&landlock);
  landlock.any_port = landlock.any_service = TRUE;
  g_assert_cmpint (run_held (&landlock, 0, listens_at, "47114"), ==, 0);
  g_assert_cmpint (run_held (&landlock, 0, connects_to, "47115"), ==, ECONNREFUSED);
  g_assert_cmpint (run_held (&landlock, 0, connects_abstract, "@qriser-nobody"), ==, ECONNREFUSED);
  landlock_clear (&landlock);
}

/* What is an error before anything is held. */
static void
fails (const QrLandlockPath *rule, const char *drawn)
{
  GError *error = NULL;
  QrLandlock landlock;

  if (qr_landlock_version () == 0)
    {
      g_test_skip ("the kernel has no Landlock");
      return;
    }
  landlock_init (&landlock);
  g_array_append_vals (landlock.paths, rule, 1);
  g_assert_false (qr_landlock_enter (&landlock, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, "landlock-path");
  test_error_is (&error, drawn);
  landlock_clear (&landlock);
}

static void
test_unmade (void)
{
  fails (&(QrLandlockPath){ "/proc/no/such/file", QR_LANDLOCK_WRITE | QR_LANDLOCK_NEW, 7, FALSE },
         "qriser: error: cannot make \"/proc/no/such/file\" (argument 7): No such file or directory\n"
         "  hint: name a file in a directory that is there and that QEMU's user may write to\n");
}

/* One that somebody names is not passed over. */
static void
test_named (void)
{
  fails (&(QrLandlockPath){ "/proc/no/such/file", QR_LANDLOCK_READ, 0, TRUE },
         "qriser: error: \"/proc/no/such/file\", which QEMU is to be allowed, cannot be opened: No such "
         "file or directory\n"
         "  hint: make it before, or leave its allow-path out\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/landlock/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (int version = 1; version <= OLDER_NEWEST; version++)
    {
      g_autofree char *name = g_strdup_printf ("/landlock/version/%d", version);

      g_test_add_data_func (name, GINT_TO_POINTER (version), test_version);
    }
  g_test_add_func ("/landlock/any", test_any);
  g_test_add_func ("/landlock/unmade", test_unmade);
  g_test_add_func ("/landlock/named", test_named);
  return g_test_run ();
}
