/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qmp.h"

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

struct QrQmp
{
  char *program;
  pid_t process; /* 0: it was waited for */
  int talk;      /* its standard input and output */
  int complains; /* its standard error; -1: it was closed */
  gint64 end;    /* g_get_monotonic_time() at which its time is over */
  guint limit_ms;
  GString *said;   /* the last of its standard error */
  GString *line;   /* read, and not yet taken */
  GString *asking; /* to be written */
  guint n_asking;
  char *version;
};

static gboolean fail (const QrQmp *qmp, GError **error, const char *code, const char *hint,
                      const char *format, ...) G_GNUC_PRINTF (5, 6);

static gboolean
fail (const QrQmp *qmp, GError **error, const char *code, const char *hint, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, code, NULL, hint, "\"%s\" %s", qmp->program, what);
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
start (QrQmp *qmp, const char *const *argv)
{
  int talk[2] = { -1, -1 }, complains[2] = { -1, -1 }, report[2] = { -1, -1 };
  int code = 0;

  if (make_pair (talk) && make_pipe (complains) && make_pipe (report))
    {
      const pid_t parent = getpid ();

      qmp->process = fork ();
      if (qmp->process == 0)
        become (argv, (const int[]){ talk[1], talk[1], complains[1] }, parent, report[1]);
    }
  if (qmp->process <= 0)
    code = errno;
  qmp->process = MAX (qmp->process, 0);
  qmp->talk = talk[0];
  qmp->complains = complains[0];
  close_one (&talk[1]);
  close_one (&complains[1]);
  close_one (&report[1]);
  if (code == 0 && read (report[0], &code, sizeof code) != sizeof code)
    code = 0; /* closed by the exec */
  close_one (&report[0]);
  return code;
}

static void
keep_said (QrQmp *qmp, const char *bytes, gsize n)
{
  g_string_append_len (qmp->said, bytes, (gssize) n);
  if (qmp->said->len > SAID_BYTES)
    g_string_erase (qmp->said, 0, (gssize) (qmp->said->len - SAID_BYTES));
}

/* FALSE: nothing more is there. */
static gboolean
read_complaint (QrQmp *qmp)
{
  char bytes[CHUNK];
  ssize_t got = read (qmp->complains, bytes, sizeof bytes);

  if (got > 0)
    keep_said (qmp, bytes, (gsize) got);
  else if (got == 0 || (errno != EINTR && errno != EAGAIN))
    close_one (&qmp->complains);
  return got > 0;
}

/* The last line that bears the program's name, which says why it ended; else the last of all. */
static void
append_reason (const QrQmp *qmp, GString *out)
{
  g_autofree char *name = g_path_get_basename (qmp->program);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (qmp->said->str), "\n", -1);
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
has_ended (QrQmp *qmp, GError **error)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  int status = 0;

  (void) kill (qmp->process, SIGKILL); /* it may have closed its output and go on */
  while (waitpid (qmp->process, &status, 0) < 0 && errno == EINTR)
    continue;
  qmp->process = 0;
  while (qmp->complains >= 0 && read_complaint (qmp))
    continue;
  append_reason (qmp, shown);
  if (WIFSIGNALED (status) && WTERMSIG (status) != SIGKILL)
    return fail (qmp, error, "qemu-ended", NULL, "was ended by signal %d (%s)%s%s",
                 WTERMSIG (status), strsignal (WTERMSIG (status)), shown->len > 0 ? ": " : "",
                 shown->str);
  return fail (qmp, error, "qemu-ended", NULL, "ended%s%s",
               shown->len > 0 ? ": " : " and said nothing", shown->str);
}

static gboolean
read_some (QrQmp *qmp, GError **error)
{
  char bytes[CHUNK];
  ssize_t got = read (qmp->talk, bytes, sizeof bytes);

  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (got <= 0)
    return has_ended (qmp, error);
  g_string_append_len (qmp->line, bytes, got);
  if (qmp->line->len > QR_LIMIT_FILE_BYTES)
    return fail (qmp, error, "qemu-answer", NULL, "said more than %d bytes at once",
                 QR_LIMIT_FILE_BYTES);
  return TRUE;
}

/* Writes what fits; of a process that has ended the output tells. */
static void
write_some (QrQmp *qmp)
{
  ssize_t written = send (qmp->talk, qmp->asking->str, qmp->asking->len, MSG_NOSIGNAL);

  if (written > 0)
    g_string_erase (qmp->asking, 0, written);
  else if (errno != EAGAIN && errno != EINTR)
    g_string_truncate (qmp->asking, 0);
}

/* Waits until there is something to read or room to write, and does so. */
static gboolean
move (QrQmp *qmp, GError **error)
{
  const short wanted = qmp->asking->len > 0 ? POLLIN | POLLOUT : POLLIN;
  struct pollfd polled[] = { { qmp->talk, wanted, 0 }, { qmp->complains, POLLIN, 0 } };
  gint64 left = (qmp->end - g_get_monotonic_time ()) / 1000;

  if (left <= 0)
    return fail (qmp, error, "qemu-silent", "is it a QEMU?", "did not answer within %u seconds",
                 qmp->limit_ms / 1000);
  if (poll (polled, G_N_ELEMENTS (polled), (int) MIN (left, G_MAXINT)) < 0 && errno != EINTR)
    return fail (qmp, error, "qemu-answer", NULL, "cannot be heard: %s", g_strerror (errno));
  if (polled[1].revents != 0)
    (void) read_complaint (qmp);
  if ((polled[0].revents & POLLOUT) != 0)
    write_some (qmp);
  return (polled[0].revents & ~POLLOUT) == 0 || read_some (qmp, error);
}

/* The next line, without its end. (transfer full) */
static char *
next_line (QrQmp *qmp, GError **error)
{
  gsize seen = 0;

  for (;;)
    {
      const char *end = memchr (qmp->line->str + seen, '\n', qmp->line->len - seen);

      if (end != NULL)
        {
          gsize length = (gsize) (end - qmp->line->str);
          char *line = g_strndup (qmp->line->str, length);

          g_string_erase (qmp->line, 0, (gssize) length + 1);
          return line;
        }
      seen = qmp->line->len;
      if (!move (qmp, error))
        return NULL;
    }
}

/* The next thing that it says; what it is told by none is passed over. (transfer full) */
static QrJsonDoc *
next_answer (QrQmp *qmp, GError **error)
{
  for (;;)
    {
      g_autofree char *line = next_line (qmp, error);
      g_autoptr (GError) fault = NULL;
      g_autoptr (QrJsonDoc) doc = NULL;
      QrJson root, event;

      if (line == NULL)
        return NULL;
      doc = qr_json_doc_parse (line, strlen (line), "QMP", 0, QR_STATUS_UNAVAILABLE, &fault);
      if (doc != NULL)
        qr_json_root (doc, &root);
      if (doc == NULL || !qr_json_is_object (&root, &fault))
        {
          (void) fail (qmp, error, "qemu-answer", "is it a QEMU?", "answers with what is no QMP");
          return NULL;
        }
      if (!qr_json_find (&root, "event", &event))
        return g_steal_pointer (&doc);
    }
}

/* {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 22}}}} */
static gboolean
read_greeting (QrQmp *qmp, GError **error)
{
  static const char *const parts[] = { "major", "minor", "micro" };
  g_autoptr (QrJsonDoc) doc = next_answer (qmp, error);
  guint64 numbers[G_N_ELEMENTS (parts)];
  QrJson root, greeting, version, qemu, part;
  gboolean good;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  good = qr_json_find (&root, "QMP", &greeting) && qr_json_is_object (&greeting, NULL)
         && qr_json_find (&greeting, "version", &version) && qr_json_is_object (&version, NULL)
         && qr_json_find (&version, "qemu", &qemu) && qr_json_is_object (&qemu, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts) && good; i++)
    good = qr_json_find (&qemu, parts[i], &part)
           && qr_json_uint (&part, 0, G_MAXUINT16, &numbers[i], NULL);
  if (!good)
    return fail (qmp, error, "qemu-answer", "is it a QEMU?", "greets with what is no QMP");
  qmp->version
      = g_strdup_printf ("%u.%u.%u", (guint) numbers[0], (guint) numbers[1], (guint) numbers[2]);
  return TRUE;
}

void
qr_qmp_put (QrQmp *qmp, const char *command, const char *arguments)
{
  g_string_append (qmp->asking, "{\"execute\":");
  qr_json_append_string (qmp->asking, command);
  if (arguments != NULL)
    g_string_append_printf (qmp->asking, ",\"arguments\":%s", arguments);
  g_string_append (qmp->asking, "}\n");
  qmp->n_asking++;
}

GPtrArray *
qr_qmp_ask (QrQmp *qmp, GError **error)
{
  g_autoptr (GPtrArray) answers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) qr_json_doc_free);
  const guint n = qmp->n_asking;

  qmp->n_asking = 0;
  while (answers->len < n)
    {
      QrJsonDoc *doc = next_answer (qmp, error);
      QrJson root, part;

      if (doc == NULL)
        return NULL;
      g_ptr_array_add (answers, doc);
      qr_json_root (doc, &root);
      if (!qr_json_find (&root, "return", &part) && !qr_json_find (&root, "error", &part))
        {
          (void) fail (qmp, error, "qemu-answer", "is it a QEMU?", "answers with what is no QMP");
          return NULL;
        }
    }
  return g_steal_pointer (&answers);
}

gboolean
qr_qmp_result (const QrJsonDoc *doc, QrJson *root, QrJson *out)
{
  qr_json_root (doc, root);
  return qr_json_find (root, "return", out);
}

static gboolean
greet (QrQmp *qmp, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;

  if (!read_greeting (qmp, error))
    return FALSE;
  qr_qmp_put (qmp, "qmp_capabilities", NULL);
  answers = qr_qmp_ask (qmp, error);
  return answers != NULL;
}

QrQmp *
qr_qmp_start (const char *const *argv, guint limit_ms, GError **error)
{
  g_autoptr (QrQmp) qmp = g_new0 (QrQmp, 1);
  int code;

  qmp->talk = qmp->complains = -1;
  qmp->program = g_strdup (argv[0]);
  qmp->said = g_string_new (NULL);
  qmp->line = g_string_new (NULL);
  qmp->asking = g_string_new (NULL);
  qmp->limit_ms = limit_ms;
  qmp->end = g_get_monotonic_time () + (gint64) limit_ms * 1000;
  code = start (qmp, argv);
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
  (void) fcntl (qmp->talk, F_SETFL, O_NONBLOCK);
  (void) fcntl (qmp->complains, F_SETFL, O_NONBLOCK);
  return greet (qmp, error) ? g_steal_pointer (&qmp) : NULL;
}

const char *
qr_qmp_version (const QrQmp *qmp)
{
  return qmp->version;
}

void
qr_qmp_free (QrQmp *qmp)
{
  close_one (&qmp->talk);
  close_one (&qmp->complains);
  if (qmp->process > 0)
    {
      (void) kill (qmp->process, SIGKILL);
      while (waitpid (qmp->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    }
  g_string_free (qmp->said, TRUE);
  g_string_free (qmp->line, TRUE);
  g_string_free (qmp->asking, TRUE);
  g_free (qmp->program);
  g_free (qmp->version);
  g_free (qmp);
}
