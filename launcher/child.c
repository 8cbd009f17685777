/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bounds.h"

enum
{
  CHUNK = 16384,
  SAID_BYTES = 2048, /* of what it said last on its standard error */
};

struct QrChild
{
  char *program;
  pid_t process; /* 0: it was waited for */
  int status;    /* then: as waitpid() has it */
  int talk;      /* its standard input and output */
  int complains; /* its standard error; -1: it was closed */
  gint64 end;    /* g_get_monotonic_time() at which its time is over */
  guint limit_ms;
  GString *said;   /* the last of its standard error */
  GString *line;   /* read, and not yet taken */
  GString *asking; /* to be written */
};

gboolean
qr_child_fail (const QrChild *child, GError **error, const char *code, const char *hint,
               const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, code, NULL, hint, "\"%s\" %s", child->program, what);
  return FALSE;
}

/* The child, in which only what is safe after fork() in a process with threads is called. What
 * cannot become QEMU ends by a signal, as its parent would have it end. */
static void G_GNUC_NORETURN
become (const char *const *argv, const int *fds, pid_t parent, int report)
{
  int code;

  (void) prctl (PR_SET_PDEATHSIG, (long) SIGKILL, 0L, 0L, 0L);
  for (int fd = 0; fd < 3; fd++)
    (void) dup2 (fds[fd], fd);
  if (getppid () == parent) /* or it ended before the first line */
    (void) execv (argv[0], (char *const *) argv);
  code = errno;
  (void) !write (report, &code, sizeof code);
  for (;;)
    (void) kill (getpid (), SIGKILL);
}

/* Makes both close-on-exec and lie above the standard streams, or moving one there would close
 * another. */
static gboolean
lift (const int low[2], int fds[2])
{
  for (int i = 0; i < 2; i++)
    {
      fds[i] = fcntl (low[i], F_DUPFD_CLOEXEC, 3);
      (void) close (low[i]);
    }
  return fds[0] >= 0 && fds[1] >= 0;
}

static gboolean
make_pipe (int fds[2])
{
  int low[2];

  return pipe2 (low, O_CLOEXEC) == 0 && lift (low, fds);
}

static gboolean
make_pair (int fds[2])
{
  int low[2];

  return socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, low) == 0 && lift (low, fds);
}

static void
close_one (int *fd)
{
  if (*fd >= 0)
    (void) close (*fd);
  *fd = -1;
}

/* Starts the process. Returns: 0 or an errno */
static int
start (QrChild *child, const char *const *argv)
{
  int talk[2] = { -1, -1 }, complains[2] = { -1, -1 }, report[2] = { -1, -1 };
  int code = 0;

  if (make_pair (talk) && make_pipe (complains) && make_pipe (report))
    {
      const pid_t parent = getpid ();

      child->process = fork ();
      if (child->process == 0)
        become (argv, (const int[]){ talk[1], talk[1], complains[1] }, parent, report[1]);
    }
  if (child->process <= 0)
    code = errno;
  child->process = MAX (child->process, 0);
  child->talk = talk[0];
  child->complains = complains[0];
  close_one (&talk[1]);
  close_one (&complains[1]);
  close_one (&report[1]);
  if (code == 0 && read (report[0], &code, sizeof code) != sizeof code)
    code = 0; /* closed by the exec */
  close_one (&report[0]);
  return code;
}

static void
keep_said (QrChild *child, const char *bytes, gsize n)
{
  g_string_append_len (child->said, bytes, (gssize) n);
  if (child->said->len > SAID_BYTES)
    g_string_erase (child->said, 0, (gssize) (child->said->len - SAID_BYTES));
}

/* FALSE: nothing more is there. */
static gboolean
read_complaint (QrChild *child)
{
  char bytes[CHUNK];
  ssize_t got = read (child->complains, bytes, sizeof bytes);

  if (got > 0)
    keep_said (child, bytes, (gsize) got);
  else if (got == 0 || (errno != EINTR && errno != EAGAIN))
    close_one (&child->complains);
  return got > 0;
}

/* The last line that bears the program's name, which says why it ended; else the last of all. */
static void
append_reason (const QrChild *child, GString *out)
{
  g_autofree char *name = g_path_get_basename (child->program);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (child->said->str), "\n", -1);
  const char *best = "";
  gboolean named = FALSE;

  for (char **line = lines; *line != NULL; line++)
    {
      const gboolean bears = g_str_has_prefix (*line, name);

      if (bears || !named)
        best = *line;
      named |= bears;
    }
  qr_append_printable (out, best, strlen (best));
}

/* How it ended, once it has closed its output. */
static gboolean
has_ended (QrChild *child, GError **error)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  (void) kill (child->process, SIGKILL); /* it may have closed its output and go on */
  while (waitpid (child->process, &child->status, 0) < 0 && errno == EINTR)
    continue;
  child->process = 0;
  while (child->complains >= 0 && read_complaint (child))
    continue;
  append_reason (child, shown);
  if (WIFSIGNALED (child->status) && WTERMSIG (child->status) != SIGKILL)
    return qr_child_fail (child, error, "qemu-ended", NULL, "was ended by signal %d (%s)%s%s",
                          WTERMSIG (child->status), strsignal (WTERMSIG (child->status)),
                          shown->len > 0 ? ": " : "", shown->str);
  return qr_child_fail (child, error, "qemu-ended", NULL, "ended%s%s",
                        shown->len > 0 ? ": " : " and said nothing", shown->str);
}

static gboolean
read_some (QrChild *child, GError **error)
{
  char bytes[CHUNK];
  ssize_t got = read (child->talk, bytes, sizeof bytes);

  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (got <= 0)
    return has_ended (child, error);
  g_string_append_len (child->line, bytes, got);
  if (child->line->len > QR_LIMIT_FILE_BYTES)
    return qr_child_fail (child, error, "qemu-answer", NULL, "said more than %d bytes at once",
                          QR_LIMIT_FILE_BYTES);
  return TRUE;
}

/* Writes what fits; of a process that has ended the output tells. */
static void
write_some (QrChild *child)
{
  ssize_t written = send (child->talk, child->asking->str, child->asking->len, MSG_NOSIGNAL);

  if (written > 0)
    g_string_erase (child->asking, 0, written);
  else if (errno != EAGAIN && errno != EINTR)
    g_string_truncate (child->asking, 0);
}

/* Waits until there is something to read or room to write, and does so. */
static gboolean
move (QrChild *child, GError **error)
{
  const short wanted = child->asking->len > 0 ? POLLIN | POLLOUT : POLLIN;
  struct pollfd polled[] = { { child->talk, wanted, 0 }, { child->complains, POLLIN, 0 } };
  gint64 left = (child->end - g_get_monotonic_time ()) / 1000;

  if (left <= 0)
    return qr_child_fail (child, error, "qemu-silent", "is it a QEMU?",
                          "did not answer within %u seconds", child->limit_ms / 1000);
  if (poll (polled, G_N_ELEMENTS (polled), (int) MIN (left, G_MAXINT)) < 0 && errno != EINTR)
    return qr_child_fail (child, error, "qemu-answer", NULL, "cannot be heard: %s",
                          g_strerror (errno));
  if (polled[1].revents != 0)
    (void) read_complaint (child);
  if ((polled[0].revents & POLLOUT) != 0)
    write_some (child);
  return (polled[0].revents & ~POLLOUT) == 0 || read_some (child, error);
}

char *
qr_child_line (QrChild *child, GError **error)
{
  gsize seen = 0;

  for (;;)
    {
      const char *end = memchr (child->line->str + seen, '\n', child->line->len - seen);

      if (end != NULL)
        {
          gsize length = (gsize) (end - child->line->str);
          char *line = g_strndup (child->line->str, length);

          g_string_erase (child->line, 0, (gssize) length + 1);
          return line;
        }
      seen = child->line->len;
      if (!move (child, error))
        return NULL;
    }
}

GString *
qr_child_output (QrChild *child, GError **error)
{
  g_autoptr (GError) fault = NULL;

  while (move (child, &fault))
    continue;
  if (child->process == 0 && child->status == 0)
    return g_string_new_len (child->line->str, (gssize) child->line->len);
  g_propagate_error (error, g_steal_pointer (&fault));
  return NULL;
}

void
qr_child_say (QrChild *child, const char *text)
{
  g_string_append (child->asking, text);
}

QrChild *
qr_child_start (const char *const *argv, guint limit_ms, GError **error)
{
  g_autoptr (QrChild) child = g_new0 (QrChild, 1);
  int code;

  child->talk = child->complains = -1;
  child->program = g_strdup (argv[0]);
  child->said = g_string_new (NULL);
  child->line = g_string_new (NULL);
  child->asking = g_string_new (NULL);
  child->limit_ms = limit_ms;
  child->end = g_get_monotonic_time () + (gint64) limit_ms * 1000;
  code = start (child, argv);
  if (code != 0)
    {
      qr_error_set (error,
                    code == ENOENT   ? QR_STATUS_NOT_FOUND
                    : code == EACCES ? QR_STATUS_NOT_EXECUTABLE
                                     : QR_STATUS_UNAVAILABLE,
                    "qemu-start", NULL, NULL, "\"%s\" cannot be executed: %s", argv[0],
                    g_strerror (code));
      return NULL;
    }
  (void) fcntl (child->talk, F_SETFL, O_NONBLOCK);
  (void) fcntl (child->complains, F_SETFL, O_NONBLOCK);
  return g_steal_pointer (&child);
}

void
qr_child_free (QrChild *child)
{
  close_one (&child->talk);
  close_one (&child->complains);
  if (child->process > 0)
    {
      (void) kill (child->process, SIGKILL);
      while (waitpid (child->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    }
  g_string_free (child->said, TRUE);
  g_string_free (child->line, TRUE);
  g_string_free (child->asking, TRUE);
  g_free (child->program);
  g_free (child);
}
