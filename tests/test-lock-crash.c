/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing is lost, whoever is there at the same time and wherever a process ends: many that
 * add places to one file, one that is killed at each of its system calls, a disk that is full.
 *
 * A process is stopped at the entry and at the exit of a system call by ptrace(2), and killed
 * there. That the data are on the disk before the new name is cannot be tried by killing: the
 * order of the calls is looked at. */
#include "config.h"

#include "testlib.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "here.h"
#include "lock-file.h"
#include "lock.h"

#define NAME "f"

enum
{
  PROCESSES = 8,
  KEYS_EACH = 50,
  KILLS = 1000,
  KEYS_KILLED = 40, /* that those who are killed give places to in turn */
  WAIT_MS = 60000,
};

/* The lock of @file, a new one when it has no text; NULL: it is broken. */
static QrLock *
read_lock (const QrLockFile *file)
{
  const GString *text = qr_lock_file_text (file);

  if (text == NULL)
    return qr_lock_new ("ich9@1", "q35");
  return qr_lock_parse (text->str, text->len, NAME, NULL);
}

/* Gives the @n-th key its place in @lock; one that has it moves. */
static GString *
change (QrLock *lock, guint n)
{
  g_autofree char *key = g_strdup_printf ("key-%u", n), *path = NULL;
  const QrLockPlace *place = qr_lock_find (lock, key);

  path = g_strdup_printf ("%02x:%02x.0/%02x.%u", place != NULL && *place->path == '0' ? 0xf0 : 0,
                          n / 256, n / 8 & 31, n & 7);
  return qr_lock_set (lock, key, "virtio-net-pci", path, NULL) ? qr_lock_format (lock) : NULL;
}

/* Reads, changes and writes the file as a plan does. */
static gboolean
update (guint n)
{
  g_autoptr (QrLockFile) file = qr_lock_file_open (NAME, WAIT_MS, NULL);
  g_autoptr (QrLock) lock = file == NULL ? NULL : read_lock (file);
  GString *text = lock == NULL ? NULL : change (lock, n);
  gboolean good = text != NULL && qr_lock_file_replace (file, text->str, text->len, NULL);

  if (text != NULL)
    g_string_free (text, TRUE);
  return good;
}

/* --- at the same time --------------------------------------------------------------------- */

static void
test_parallel (void)
{
  g_autoptr (QrLockFile) file = NULL;
  g_autoptr (QrLock) lock = NULL;
  pid_t children[PROCESSES];
  GError *error = NULL;

  here_enter ();
  for (guint i = 0; i < PROCESSES; i++)
    {
      gboolean good = TRUE;

      children[i] = fork ();
      if (children[i] != 0)
        continue;
      for (guint n = 0; good && n < KEYS_EACH; n++)
        good = update (i * KEYS_EACH + n);
      _exit (good ? 0 : 1);
    }
  for (guint i = 0; i < PROCESSES; i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  file = qr_lock_file_open (NAME, 0, &error);
  g_assert_no_error (error);
  lock = read_lock (file);
  g_assert_cmpuint (lock->places->len, ==, PROCESSES * KEYS_EACH);
  for (guint n = 0; n < PROCESSES * KEYS_EACH; n++)
    {
      g_autofree char *key = g_strdup_printf ("key-%u", n);

      g_assert_nonnull (qr_lock_find (lock, key));
    }
  here_names_are (NAME);
  here_leave ();
}

/* --- killed ------------------------------------------------------------------------------- */

/* A child that makes the @n-th change once it is let go, traced; -1: that is not permitted. */
static pid_t
start_traced (guint n)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) < 0)
        _exit (3);
      (void) raise (SIGSTOP);
      _exit (update (n) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (!WIFSTOPPED (status))
    return -1;
  g_assert_cmpint (ptrace (PTRACE_SETOPTIONS, child, NULL,
                           (void *) (gsize) (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)),
                   ==, 0);
  return child;
}

/* Lets @child go on to its next stop. FALSE: it has ended, and must have ended well. */
static gboolean
next_stop (pid_t child)
{
  int status;

  g_assert_cmpint (ptrace (PTRACE_SYSCALL, child, NULL, NULL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFSTOPPED (status))
    {
      g_assert_cmpint (WSTOPSIG (status), ==, SIGTRAP | 0x80);
      return TRUE;
    }
  g_assert_cmpint (status, ==, 0);
  return FALSE;
}

/* Makes the @n-th change, killed at its stop @last. FALSE: it ended before. */
static gboolean
update_killed (guint n, guint last)
{
  pid_t child = start_traced (n);
  int status;

  for (guint stop = 0; stop < last; stop++)
    if (!next_stop (child))
      return FALSE;
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  return TRUE;
}

static gboolean
may_not_trace (void)
{
  pid_t child;

  here_enter ();
  child = start_traced (0);
  if (child < 0)
    g_test_skip ("ptrace is not permitted");
  else
    while (next_stop (child))
      ;
  here_leave ();
  return child < 0;
}

/* What the file holds, or "" when there is none. (transfer full) */
static char *
bytes (void)
{
  char *text = NULL;

  return g_file_get_contents (NAME, &text, NULL, NULL) ? text : g_strdup ("");
}

/* What the @n-th change makes of @old. (transfer full) */
static char *
changed (const char *old, guint n)
{
  GError *error = NULL;
  g_autoptr (QrLock) lock = *old == '\0' ? qr_lock_new ("ich9@1", "q35")
                                         : qr_lock_parse (old, strlen (old), NAME, &error);

  g_assert_no_error (error);
  return g_string_free (change (lock, n), FALSE);
}

/* How many entries have a temporary's name. */
static guint
count_temporaries (void)
{
  GDir *directory = g_dir_open (".", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (directory)) != NULL)
    n += g_str_has_suffix (name, ".tmp");
  g_dir_close (directory);
  return n;
}

/* Over and over, at the first stop, the second and so on; every third time round without a
 * file to begin with. After each the file is the old one or the new one, and the next to open
 * it takes what is left beside it away. */
static void
test_killed (void)
{
  guint stop = 1, rounds = 0, n_old = 0, n_new = 0, n_left = 0;

  if (may_not_trace ())
    return;
  here_enter ();
  for (guint i = 0; i < KILLS; i++, stop++)
    {
      g_autofree char *old = NULL, *new = NULL, *now = NULL;
      QrLockFile *file;
      GError *error = NULL;
      guint left;

      if (rounds % 3 == 0)
        (void) unlink (NAME);
      old = bytes ();
      new = changed (old, i % KEYS_KILLED);
      if (!update_killed (i % KEYS_KILLED, stop))
        stop = 0, rounds++;
      now = bytes ();
      if (strcmp (now, old) != 0)
        g_assert_cmpstr (now, ==, new);
      left = count_temporaries ();
      g_assert_cmpuint (left, <=, 1);
      file = qr_lock_file_open (NAME, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (qr_lock_file_text (file) == NULL ? "" : qr_lock_file_text (file)->str, ==, now);
      here_names_are (*now == '\0' ? "" : NAME);
      qr_lock_file_close (file);
      *(strcmp (now, old) == 0 ? &n_old : &n_new) += 1;
      n_left += left;
    }
  g_test_message ("%u rounds of all stops; %u old, %u new, %u temporaries left", rounds, n_old,
                  n_new, n_left);
  g_assert_cmpuint (rounds, >=, 3);
  g_assert_cmpuint (MIN (n_old, n_new), >, rounds);
  g_assert_cmpuint (n_left, >, rounds);
  here_leave ();
}

/* A letter for a call that changes files or waits for the disk; 0: another. */
static char
letter (guint64 number)
{
  if (number == SYS_write || number == SYS_pwrite64 || number == SYS_writev)
    return 'w';
  if (number == SYS_fsync || number == SYS_fdatasync)
    return 's';
#ifdef SYS_renameat
  if (number == SYS_renameat)
    return 'r';
#endif
  if (number == SYS_renameat2)
    return 'r';
  return number == SYS_ftruncate || number == SYS_unlinkat || number == SYS_linkat ? '?' : 0;
}

/* Written, synced, renamed, synced: after a crash of the system there is no new name for data
 * that are not on the disk, and the name is there once the update has ended. */
static void
test_order (void)
{
  g_autoptr (GString) calls = g_string_new (NULL);
  struct __ptrace_syscall_info info;
  pid_t child;

  if (may_not_trace ())
    return;
  here_enter ();
  child = start_traced (0);
  while (next_stop (child))
    {
      char c;

      if (ptrace (PTRACE_GET_SYSCALL_INFO, child, (void *) sizeof info, &info) <= 0)
        {
          g_test_skip ("the kernel does not tell a tracer which call it is");
          g_assert_cmpint (kill (child, SIGKILL), ==, 0);
          g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
          here_leave ();
          return;
        }
      c = info.op == PTRACE_SYSCALL_INFO_ENTRY ? letter (info.entry.nr) : 0;
      if (c != 0)
        g_string_append_c (calls, c);
    }
  g_assert_cmpstr (calls->str, ==, "wsrs");
  here_leave ();
}

/* --- a full disk -------------------------------------------------------------------------- */

static gboolean
write_text (const char *name, const char *text)
{
  int fd = open (name, O_WRONLY | O_CLOEXEC);
  gboolean good = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  return fd >= 0 && close (fd) == 0 && good;
}

/* Mounts a file system of 8 KiB here, for this process alone. */
static gboolean
mount_small (void)
{
  g_autofree char *uids = g_strdup_printf ("0 %u 1", geteuid ());
  g_autofree char *gids = g_strdup_printf ("0 %u 1", getegid ());

  if (geteuid () == 0 ? unshare (CLONE_NEWNS) < 0
                      : unshare (CLONE_NEWUSER | CLONE_NEWNS) < 0
                            || !write_text ("/proc/self/setgroups", "deny")
                            || !write_text ("/proc/self/uid_map", uids)
                            || !write_text ("/proc/self/gid_map", gids))
    return FALSE;
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("none", ".", "tmpfs", MS_NOSUID | MS_NODEV, "size=8k,mode=0700") == 0
         && chdir ("../here") == 0;
}

/* In the small file system: 3 KiB of old text, and 6 KiB of new. */
static void
fill_disk (void)
{
  g_autofree char *old = g_strnfill (3000, 'o'), *new = g_strnfill (6000, 'n'), *before = NULL;
  g_autoptr (QrLockFile) file = NULL;
  GError *error = NULL;

  here_put (NAME, old, 0600);
  before = here_look ();
  file = qr_lock_file_open (NAME, 0, &error);
  g_assert_no_error (error);
  g_assert_false (qr_lock_file_replace (file, new, 6000, &error));
  test_error_code (&error, QR_STATUS_IO, "lock-file",
                   "cannot write lock file \"f\": No space left on device");
  here_is (before);
  g_assert_true (qr_lock_file_replace (file, new, 4000, &error));
  g_assert_no_error (error);
}

static void
test_full_disk (void)
{
  pid_t child;
  int status;

  here_enter ();
  child = fork ();
  if (child == 0)
    {
      if (!mount_small ())
        _exit (77);
      fill_disk ();
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("mounts of one's own are not permitted");
  else
    g_assert_cmpint (status, ==, 0);
  here_leave ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock-crash/parallel", test_parallel);
  g_test_add_func ("/lock-crash/killed", test_killed);
  g_test_add_func ("/lock-crash/order", test_order);
  g_test_add_func ("/lock-crash/full-disk", test_full_disk);
  return test_run_inside ();
}
