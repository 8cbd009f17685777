/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Virtual machines for tests.  QEMU connects back to a socket the library listens on, so there
 * is nothing to wait for but the connection itself; a pidfd tells when the process ends.
 *
 * Facts: docs/interop/qmp-spec of QEMU (greeting, replies come in the order of the commands, one
 * JSON text a line); qapi/qom.json; monitor/monitor.c (monitor_can_read: one byte at a time);
 * softmmu/qdev-monitor.c and qom/qom-hmp-cmds.c (info qtree, info qom-tree); hw/pci/pci.c
 * (legacy-addr); hw/core/bus.c (a bus is a QOM child of the device that has it; automatic bus
 * names); hw/pci-bridge/pci_expander_bridge.c (the root bus of pxb-pcie is named by the id of the
 * device, that of pxb "pxb-internal", and the chassis_nr of the bridge on it is the bus_nr).
 */

#define _GNU_SOURCE /* accept4, syscall */

#include "vmlib.h"

#include "gdb-remote.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
  TIME_LIMIT = 240, /* seconds, of a machine with hundreds of devices beside other tests */
  EYE_EXIT_STATUS = 33,
  MAX_LEVELS = 128 /* of nested devices; QEMU takes 49 bridges */
};

typedef struct
{
  char *program;
  char *dir; /* temporary directory with the next three */
  char *log;
  char *socket;
  char *seen;
  pid_t pid;
  int pidfd;
  int qmp;
  gboolean is_gdb; /* qmp is the gdb stub's */
  gint64 deadline;
  GString *input; /* received, not parsed yet */
} Vm;

G_DEFINE_QUARK (vm-error-quark, vm_error)

/* Processes */

/* Sets an error that ends with what the program wrote. */
static void G_GNUC_PRINTF (4, 5)
vm_fail (const Vm *vm, GError **error, VmError code, const char *format, ...)
{
  g_autofree char *text = NULL, *output = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_file_get_contents (vm->log, &output, NULL, NULL);
  if (output != NULL)
    g_strchomp (output);
  g_set_error (error, VM_ERROR, code, "%s: %s%s%s", vm->program, text,
               output != NULL && output[0] != '\0' ? "; its output:\n" : "",
               output != NULL ? output : "");
}

/* Waits for the process, which has ended or been killed. */
static int
vm_reap (Vm *vm)
{
  int status = 0;

  while (waitpid (vm->pid, &status, 0) < 0 && errno == EINTR)
    continue;
  vm->pid = -1;
  return status;
}

static void
vm_free (Vm *vm)
{
  if (vm->pid > 0)
    {
      kill (-vm->pid, SIGKILL);
      vm_reap (vm);
    }
  if (vm->pidfd >= 0)
    close (vm->pidfd);
  if (vm->qmp >= 0)
    close (vm->qmp);
  if (vm->dir != NULL)
    {
      g_unlink (vm->log);
      g_unlink (vm->socket);
      g_unlink (vm->seen);
      g_rmdir (vm->dir);
    }
  g_string_free (vm->input, TRUE);
  g_free (vm->seen);
  g_free (vm->socket);
  g_free (vm->log);
  g_free (vm->dir);
  g_free (vm->program);
  g_free (vm);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Vm, vm_free)

/* Makes the temporary directory.  A socket has room for short paths only. */
static Vm *
vm_new (const char *program, GError **error)
{
  g_autoptr (Vm) vm = g_new0 (Vm, 1);
  const char *tmp = g_get_tmp_dir ();
  char *dir;

  vm->program = g_strdup (program);
  vm->pid = -1;
  vm->pidfd = -1;
  vm->qmp = -1;
  vm->deadline = g_get_monotonic_time () + TIME_LIMIT * G_TIME_SPAN_SECOND;
  vm->input = g_string_new (NULL);

  dir = g_build_filename (strlen (tmp) < 64 ? tmp : "/tmp", "qriser-vm-XXXXXX", NULL);
  if (g_mkdtemp (dir) == NULL)
    {
      g_set_error (error, VM_ERROR, VM_ERROR_START, "%s: %s", dir, g_strerror (errno));
      g_free (dir);
      return NULL;
    }
  vm->dir = dir;
  vm->log = g_build_filename (dir, "log", NULL);
  vm->socket = g_build_filename (dir, "qmp", NULL);
  vm->seen = g_build_filename (dir, "seen", NULL);
  return g_steal_pointer (&vm);
}

/* In the child: a process group of its own, and an end when the test ends. */
static void
set_up_child (gpointer parent)
{
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (parent))
    _exit (127);
}

char *
vm_module_dir (const char *qemu)
{
  g_autofree char *dir = g_path_get_dirname (qemu);
  g_autofree char *modules = g_build_filename (dir, "..", "lib", "x86_64-linux-gnu", "qemu", NULL);

  if (strcmp (dir, "/usr/bin") == 0 || !g_file_test (modules, G_FILE_TEST_IS_DIR))
    return NULL;
  return g_steal_pointer (&modules);
}

/* The first such directory of the QEMUs that the line names by their paths. */
static char *
find_module_dir (const char *const *argv)
{
  for (; *argv != NULL; argv++)
    {
      const char *file = g_str_has_prefix (*argv, "--qemu=") ? *argv + 7
                         : g_str_has_prefix (*argv, "qemu=") ? *argv + 5
                                                             : *argv;
      g_autofree char *name = g_path_get_basename (file);
      char *modules = NULL;

      if (g_str_has_prefix (name, "qemu-system-") && strchr (file, '/') != NULL)
        modules = vm_module_dir (file);
      if (modules != NULL)
        return modules;
    }
  return NULL;
}

/* Starts ARGV with the options of MORE behind it. */
static gboolean
vm_spawn (Vm *vm, const char *const *argv, const char *const *more, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *modules = find_module_dir (argv);
  g_autoptr (GError) failure = NULL;
  int null, log;
  gboolean started;

  for (; *argv != NULL; argv++)
    g_ptr_array_add (all, (char *) *argv);
  for (; *more != NULL; more++)
    g_ptr_array_add (all, (char *) *more);
  g_ptr_array_add (all, NULL);
  if (modules != NULL)
    environment = g_environ_setenv (environment, "QEMU_MODULE_DIR", modules, TRUE);

  null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  log = open (vm->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  started = g_spawn_async_with_fds (NULL, (char **) all->pdata, environment,
                                    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, set_up_child,
                                    GINT_TO_POINTER (getpid ()), &vm->pid, null, log, log,
                                    &failure);
  close (null);
  close (log);
  if (!started)
    {
      g_set_error (error, VM_ERROR, VM_ERROR_START, "%s", failure->message);
      vm->pid = -1;
      return FALSE;
    }
  vm->pidfd = (int) syscall (SYS_pidfd_open, vm->pid, 0);
  if (vm->pidfd < 0)
    vm_fail (vm, error, VM_ERROR_START, "pidfd_open: %s", g_strerror (errno));
  return vm->pidfd >= 0;
}

static void
vm_fail_status (const Vm *vm, int status, const char *when, GError **error)
{
  if (WIFEXITED (status))
    vm_fail (vm, error, VM_ERROR_EXIT, "exit status %d %s", WEXITSTATUS (status), when);
  else
    vm_fail (vm, error, VM_ERROR_EXIT, "killed by signal %d %s", WTERMSIG (status), when);
}

/* Waits until the descriptor FD (or none) is ready for EVENTS or the process has ended. */
static gboolean
vm_wait (Vm *vm, int fd, short events, short *ready, gboolean *ended, GError **error)
{
  struct pollfd fds[2] = { { .fd = vm->pidfd, .events = POLLIN }, { .fd = fd, .events = events } };
  int n;

  do
    {
      gint64 left = (vm->deadline - g_get_monotonic_time ()) / 1000;

      n = poll (fds, 2, (int) CLAMP (left, 0, TIME_LIMIT * 1000));
    }
  while (n < 0 && errno == EINTR);
  if (n <= 0)
    {
      vm_fail (vm, error, VM_ERROR_TIMEOUT, "not ready within %d seconds", TIME_LIMIT);
      return FALSE;
    }
  *ended = fds[0].revents != 0;
  *ready = fds[1].revents;
  return TRUE;
}

/* QMP */

/* Sends and receives what can be at once.  OUTPUT loses what was sent. */
static gboolean
vm_exchange (Vm *vm, GString *output, GError **error)
{
  char buffer[65536];
  short ready;
  gboolean ended;
  ssize_t n;

  if (!vm_wait (vm, vm->qmp, output->len > 0 ? POLLIN | POLLOUT : POLLIN, &ready, &ended, error))
    return FALSE;
  if ((ready & POLLOUT) != 0)
    {
      n = send (vm->qmp, output->str, output->len, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n > 0)
        g_string_erase (output, 0, n);
    }
  if ((ready & (POLLIN | POLLHUP)) != 0)
    {
      n = recv (vm->qmp, buffer, sizeof buffer, MSG_DONTWAIT);
      if (n > 0)
        g_string_append_len (vm->input, buffer, n);
      else if (n == 0)
        {
          if (vm_wait (vm, -1, 0, &ready, &ended, error))
            vm_fail_status (vm, vm_reap (vm), "while QMP was in use", error);
          return FALSE;
        }
    }
  return TRUE;
}

/* Takes one message from the input.  FALSE with an error, or without one where none is there. */
static gboolean
vm_take_message (Vm *vm, gsize *from, json_object **message, GError **error)
{
  char *line = vm->input->str + *from, *end = memchr (line, '\n', vm->input->len - *from);

  if (end == NULL)
    return FALSE;
  *end = '\0';
  *message = json_tokener_parse (line);
  if (!json_object_is_type (*message, json_type_object))
    {
      vm_fail (vm, error, VM_ERROR_PROTOCOL, "not a QMP message: %s", line);
      json_object_put (*message);
      return FALSE;
    }
  *from += (gsize) (end - line) + 1;
  return TRUE;
}

/* Adds the messages that have come to REPLIES, without events.  KEY is what a good one has. */
static gboolean
vm_take_messages (Vm *vm, const char *key, GPtrArray *replies, GError **error)
{
  json_object *message, *value;
  gsize from = 0;
  GError *failure = NULL;

  while (failure == NULL && vm_take_message (vm, &from, &message, &failure))
    {
      if (json_object_object_get_ex (message, key, &value))
        g_ptr_array_add (replies, json_object_get (value));
      else if (!json_object_object_get_ex (message, "event", NULL))
        vm_fail (vm, &failure, VM_ERROR_PROTOCOL, "QMP: %s",
                 json_object_to_json_string_ext (message, JSON_C_TO_STRING_PLAIN));
      json_object_put (message);
    }
  g_string_erase (vm->input, 0, (gssize) from);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
put_reply (gpointer reply)
{
  json_object_put (reply);
}

/* The gdb stub's monitor, which has the two QMP commands that the library uses in its own words. */

static const char *
argument (json_object *command, const char *key)
{
  json_object *arguments = json_object_object_get (command, "arguments");

  return json_object_get_string (json_object_object_get (arguments, key));
}

static char *
vm_ask_gdb (Vm *vm, const char *command, GError **error)
{
  g_autoptr (GString) output = g_string_new (NULL), text = g_string_new (NULL);
  GdbAnswer answer;

  gdb_put_command (output, command);
  while ((answer = gdb_take_answer (vm->input, text, output)) == GDB_MORE)
    if (!vm_exchange (vm, output, error))
      return NULL;
  while (output->len > 0)
    if (!vm_exchange (vm, output, error))
      return NULL;
  if (answer == GDB_BAD)
    {
      vm_fail (vm, error, VM_ERROR_PROTOCOL, "not understood from the gdb stub after \"%s\"",
               text->str);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static json_object *
vm_execute_gdb (Vm *vm, json_object *command, GError **error)
{
  const char *name = json_object_get_string (json_object_object_get (command, "execute"));
  g_autofree char *line = NULL, *text = NULL;
  gboolean is_get = strcmp (name, "qom-get") == 0;
  json_object *reply;

  if (is_get)
    line = g_strdup_printf ("qom-get %s %s", argument (command, "path"),
                            argument (command, "property"));
  else
    line = g_strdup (argument (command, "command-line"));
  text = vm_ask_gdb (vm, line, error);
  if (text == NULL)
    return NULL;
  reply = is_get ? json_tokener_parse (text) : json_object_new_string (text);
  if (reply == NULL)
    vm_fail (vm, error, VM_ERROR_PROTOCOL, "%s: %s", line, text);
  return reply;
}

static GPtrArray *
vm_execute_all_gdb (Vm *vm, const GPtrArray *commands, GError **error)
{
  g_autoptr (GPtrArray) replies = g_ptr_array_new_with_free_func (put_reply);

  for (guint i = 0; i < commands->len; i++)
    {
      json_object *reply = vm_execute_gdb (vm, g_ptr_array_index (commands, i), error);

      if (reply == NULL)
        return NULL;
      g_ptr_array_add (replies, reply);
    }
  return g_steal_pointer (&replies);
}

/*
 * Sends all COMMANDS at once and returns what they return, in their order.  One command that
 * fails makes all fail.
 */
static GPtrArray *
vm_execute (Vm *vm, const GPtrArray *commands, GError **error)
{
  g_autoptr (GPtrArray) replies = g_ptr_array_new_with_free_func (put_reply);
  g_autoptr (GString) output = g_string_new (NULL);
  guint i;

  if (vm->is_gdb)
    return vm_execute_all_gdb (vm, commands, error);
  for (i = 0; i < commands->len; i++)
    {
      const char *text = json_object_to_json_string_ext (g_ptr_array_index (commands, i),
                                                         JSON_C_TO_STRING_PLAIN);

      g_string_append (output, text);
      g_string_append_c (output, '\n');
    }
  while (replies->len < commands->len)
    if (!vm_exchange (vm, output, error) || !vm_take_messages (vm, "return", replies, error))
      return NULL;
  return g_steal_pointer (&replies);
}

static GPtrArray *
commands_new (void)
{
  return g_ptr_array_new_with_free_func (put_reply);
}

/* Adds a command with up to two string arguments; the second may be NULL. */
static void
commands_add (GPtrArray *commands, const char *name, const char *key1, const char *value1,
              const char *key2, const char *value2)
{
  json_object *command = json_object_new_object (), *arguments = json_object_new_object ();

  json_object_object_add (command, "execute", json_object_new_string (name));
  json_object_object_add (command, "arguments", arguments);
  if (key1 != NULL)
    json_object_object_add (arguments, key1, json_object_new_string (value1));
  if (key2 != NULL)
    json_object_object_add (arguments, key2, json_object_new_string (value2));
  g_ptr_array_add (commands, command);
}

static int
vm_listen (const Vm *vm, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, vm->socket, sizeof address.sun_path);
  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0
      && listen (fd, 1) == 0)
    return fd;
  g_set_error (error, VM_ERROR, VM_ERROR_START, "%s: %s", vm->socket, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* Waits for QEMU to connect to LISTENER. */
static gboolean
vm_accept (Vm *vm, int listener, GError **error)
{
  gboolean ended;
  short ready;

  if (!vm_wait (vm, listener, POLLIN, &ready, &ended, error))
    return FALSE;
  if (ready == 0)
    {
      vm_fail_status (vm, vm_reap (vm), "before QMP was ready", error);
      return FALSE;
    }
  vm->qmp = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  if (vm->qmp < 0)
    vm_fail (vm, error, VM_ERROR_START, "accept: %s", g_strerror (errno));
  return vm->qmp >= 0;
}

/* Waits for the greeting, and opens the command mode. */
static gboolean
vm_greet (Vm *vm, GError **error)
{
  g_autoptr (GPtrArray) greeting = g_ptr_array_new_with_free_func (put_reply);
  g_autoptr (GPtrArray) commands = commands_new (), replies = NULL;
  g_autoptr (GString) nothing = g_string_new (NULL);

  while (greeting->len == 0)
    if (!vm_exchange (vm, nothing, error) || !vm_take_messages (vm, "QMP", greeting, error))
      return FALSE;
  commands_add (commands, "qmp_capabilities", NULL, NULL, NULL, NULL);
  replies = vm_execute (vm, commands, error);
  return replies != NULL;
}

/* Starts ARGV with MORE and connects to it by OPTION, -qmp or -gdb. */
static Vm *
vm_start_with (const char *const *argv, GPtrArray *more, const char *option, GError **error)
{
  g_autoptr (Vm) vm = vm_new (argv[0], error);
  g_autofree char *address = NULL;
  gboolean good;
  int listener;

  if (vm == NULL)
    return NULL;
  listener = vm_listen (vm, error);
  if (listener < 0)
    return NULL;
  vm->is_gdb = strcmp (option, "-gdb") == 0;
  address = g_strconcat ("unix:", vm->socket, NULL);
  g_ptr_array_add (more, (char *) option);
  g_ptr_array_add (more, address);
  g_ptr_array_add (more, NULL);
  good = vm_spawn (vm, argv, (const char *const *) more->pdata, error)
         && vm_accept (vm, listener, error) && (vm->is_gdb || vm_greet (vm, error));
  close (listener);
  return good ? g_steal_pointer (&vm) : NULL;
}

/* Starts ARGV with the machine stopped and connects to it. */
static Vm *
vm_start (const char *const *argv, GError **error)
{
  g_autoptr (GPtrArray) more = g_ptr_array_new ();

  g_ptr_array_add (more, (char *) "-S");
  g_ptr_array_add (more, (char *) "-display");
  g_ptr_array_add (more, (char *) "none");
  return vm_start_with (argv, more, "-qmp", error);
}

/* Whether the line has one of the options. */
static gboolean
has_option (const char *const *argv, const char *const *options)
{
  for (; *argv != NULL; argv++)
    if (argv[0][0] == '-' && g_strv_contains (options, argv[0][1] == '-' ? *argv + 1 : *argv))
      return TRUE;
  return FALSE;
}

/* The same without a word about what the line has something on, and about monitors. */
static Vm *
vm_start_unseen (const char *const *argv, GError **error)
{
  static const char *const screens[] = { "-display", "-nographic", "-vnc", "-spice", NULL };
  static const char *const stubs[] = { "-gdb", "-s", NULL };
  g_autoptr (GPtrArray) more = g_ptr_array_new ();

  g_ptr_array_add (more, (char *) "-S");
  if (!has_option (argv, screens))
    {
      g_ptr_array_add (more, (char *) "-display");
      g_ptr_array_add (more, (char *) "none");
    }
  return vm_start_with (argv, more, has_option (argv, stubs) ? "-qmp" : "-gdb", error);
}

/* What each of the monitor commands prints. */
static GStrv
vm_monitor (Vm *vm, const char *const *commands, GError **error)
{
  g_autoptr (GPtrArray) batch = commands_new (), replies = NULL;
  char **texts;
  guint i;

  for (; *commands != NULL; commands++)
    commands_add (batch, "human-monitor-command", "command-line", *commands, NULL, NULL);
  replies = vm_execute (vm, batch, error);
  if (replies == NULL)
    return NULL;
  texts = g_new0 (char *, replies->len + 1);
  for (i = 0; i < replies->len; i++)
    texts[i] = g_strdup (json_object_get_string (g_ptr_array_index (replies, i)));
  return texts;
}

GStrv
vm_hmp (const char *const *argv, const char *const *commands, GError **error)
{
  g_autoptr (Vm) vm = vm_start (argv, error);

  return vm != NULL ? vm_monitor (vm, commands, error) : NULL;
}

/*
 * The walk through QOM.  QEMU reads its monitor byte by byte, so commands are dear and replies
 * are cheap: "info qom-tree" has all objects with their types, and "info qtree" tells which of
 * the types are PCI functions and where those with an id sit.  The other functions are asked for
 * their properties.
 */

typedef struct
{
  VmFunction *function;
  gboolean placed;
  guint number; /* bus_nr of an expander, chassis_nr of a bridge without an id */
} Node;

/* The place of a function with an id. */
typedef struct
{
  guint devfn;
  char *bus;
  char *bridge;
} Place;

/* What "info qtree" tells. */
typedef struct
{
  GHashTable *drivers; /* names of the types that are PCI functions */
  GHashTable *places;  /* from id to Place */
} Survey;

static const char peripheral[] = "/machine/peripheral/";

static void
function_free (gpointer data)
{
  VmFunction *function = data;

  g_free (function->path);
  g_free (function->driver);
  g_free (function->id);
  g_free (function->qom);
  g_free (function->bus);
  g_free (function->bridge);
  g_free (function);
}

static void
node_free (gpointer data)
{
  Node *node = data;

  if (node->function != NULL)
    function_free (node->function);
  g_free (node);
}

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->bus);
  g_free (place->bridge);
  g_free (place);
}

static void
survey_free (Survey *survey)
{
  g_hash_table_unref (survey->drivers);
  g_hash_table_unref (survey->places);
  g_free (survey);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Survey, survey_free)

static gboolean
parse_devfn (const char *text, guint *devfn)
{
  guint slot, function;

  if (sscanf (text, "%2x.%1x", &slot, &function) != 2)
    return FALSE;
  *devfn = slot << 3 | function;
  return TRUE;
}

/* A device in "info qtree", with the devices it is below of. */
typedef struct
{
  char bus[256], driver[256], id[256];
  gboolean is_function;
} Level;

/*
 * Notes the function at levels[depth].  The bridge inside a conventional expander shows the id of
 * the expander but is not the object of that name, and so is left out, as is what sits below a
 * bridge without an id.
 */
static void
survey_add (Survey *survey, Level *levels, guint depth, guint devfn)
{
  Level *level = &levels[depth];
  Place *place;

  level->is_function = TRUE;
  g_hash_table_add (survey->drivers, g_strdup (level->driver));
  if (strcmp (level->bus, "pxb-internal") == 0)
    level->id[0] = '\0';
  if (level->id[0] == '\0'
      || (depth > 0 && levels[depth - 1].is_function && levels[depth - 1].id[0] == '\0'))
    return;
  place = g_new0 (Place, 1);
  place->devfn = devfn;
  place->bus = g_strdup (level->bus);
  if (depth > 0 && levels[depth - 1].is_function)
    place->bridge = g_strconcat (peripheral, levels[depth - 1].id, NULL);
  g_hash_table_insert (survey->places, g_strdup (level->id), place);
}

/* Reads "info qtree": a bus is indented by 4 a level, its devices by 2 more. */
static Survey *
survey_new (const char *qtree)
{
  Survey *survey = g_new (Survey, 1);
  g_autofree Level *levels = g_new0 (Level, MAX_LEVELS);
  g_auto (GStrv) lines = g_strsplit (qtree, "\n", -1);
  char **line;

  survey->drivers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  survey->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, place_free);
  for (line = lines; *line != NULL; line++)
    {
      gsize indent = strspn (*line, " ");
      const char *text = *line + indent;
      guint depth = (guint) indent / 4, devfn;

      if (depth >= MAX_LEVELS)
        continue;
      if (indent % 4 == 0 && sscanf (text, "bus: %255[^\r]", levels[depth].bus) == 1)
        continue;
      if (indent % 4 == 2 && g_str_has_prefix (text, "dev: "))
        {
          levels[depth].id[0] = '\0';
          levels[depth].is_function = FALSE;
          sscanf (text, "dev: %255[^,], id \"%255[^\"]", levels[depth].driver, levels[depth].id);
        }
      else if (indent % 4 == 0 && depth > 0 && g_str_has_prefix (text, "addr = ")
               && parse_devfn (text + strlen ("addr = "), &devfn))
        survey_add (survey, levels, depth - 1, devfn);
    }
  return survey;
}

static Node *
node_new (const char *qom, const char *driver, const Survey *survey)
{
  Node *node = g_new0 (Node, 1);
  VmFunction *function = g_new0 (VmFunction, 1);
  const Place *place;

  node->function = function;
  function->qom = g_strdup (qom);
  function->driver = g_strdup (driver);
  if (!g_str_has_prefix (qom, peripheral) || strchr (qom + strlen (peripheral), '/') != NULL)
    return node;
  function->id = g_strdup (qom + strlen (peripheral));
  place = g_hash_table_lookup (survey->places, function->id);
  if (place != NULL)
    {
      function->devfn = place->devfn;
      function->bus = g_strdup (place->bus);
      function->bridge = g_strdup (place->bridge);
      node->placed = TRUE;
    }
  return node;
}

/* Reads "info qom-tree": lines "/NAME (TYPE)", indented by 2 a level. */
static GPtrArray *
find_nodes (const char *qom_tree, const Survey *survey)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func (node_free);
  g_autoptr (GString) path = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (qom_tree, "\n", -1);
  gsize ends[MAX_LEVELS + 1] = { 0 }; /* lengths of the path at each level */
  char **line;

  for (line = lines; *line != NULL; line++)
    {
      gsize indent = strspn (*line, " "), depth = indent / 2;
      const char *name = *line + indent, *type = g_strrstr (name, " ("), *end;
      g_autofree char *driver = NULL;

      if (type == NULL || depth >= MAX_LEVELS || (end = strrchr (type, ')')) == NULL)
        continue;
      g_string_truncate (path, ends[depth]);
      g_string_append_len (path, name, type - name);
      ends[depth + 1] = path->len;
      driver = g_strndup (type + 2, (gsize) (end - type) - 2);
      if (g_hash_table_contains (survey->drivers, driver))
        g_ptr_array_add (nodes, node_new (path->str, driver, survey));
    }
  return nodes;
}

static gboolean
is_expander (const Node *node)
{
  return g_str_has_prefix (node->function->driver, "pxb");
}

/* Is this perhaps the bridge inside a conventional expander? */
static gboolean
is_inner_bridge (const Node *node)
{
  return !node->placed && strcmp (node->function->driver, "pci-bridge") == 0;
}

static void
ask (GPtrArray *commands, const Node *node, const char *property)
{
  commands_add (commands, "qom-get", "path", node->function->qom, "property", property);
}

/*
 * Fills in the place of a function; bridge is for now whatever has the bus.  Returns FALSE for
 * one that is on no bus.
 */
static gboolean
node_place (Node *node, const char *address, const char *bus_path)
{
  if (bus_path[0] == '\0' || !parse_devfn (address, &node->function->devfn))
    return FALSE;
  node->function->bus = g_path_get_basename (bus_path);
  node->function->bridge = g_path_get_dirname (bus_path);
  return TRUE;
}

/* Asks for what is not known of the nodes; drops those that are on no bus. */
static gboolean
read_properties (Vm *vm, GPtrArray *nodes, GError **error)
{
  g_autoptr (GPtrArray) commands = commands_new (), replies = NULL;
  guint i, reply = 0;

  for (i = 0; i < nodes->len; i++)
    {
      const Node *node = g_ptr_array_index (nodes, i);

      if (is_expander (node) || is_inner_bridge (node))
        ask (commands, node, is_expander (node) ? "bus_nr" : "chassis_nr");
      if (!node->placed)
        {
          ask (commands, node, "legacy-addr");
          ask (commands, node, "parent_bus");
        }
    }
  replies = vm_execute (vm, commands, error);
  if (replies == NULL)
    return FALSE;
  for (i = 0; i < nodes->len;)
    {
      Node *node = g_ptr_array_index (nodes, i);
      gboolean on_bus = TRUE;

      if (is_expander (node) || is_inner_bridge (node))
        node->number = (guint) json_object_get_int (g_ptr_array_index (replies, reply++));
      if (!node->placed)
        {
          json_object *address = g_ptr_array_index (replies, reply++);
          json_object *bus = g_ptr_array_index (replies, reply++);

          on_bus = node_place (node, json_object_get_string (address),
                               json_object_get_string (bus));
        }
      if (on_bus)
        i++;
      else
        g_ptr_array_remove_index (nodes, i);
    }
  return TRUE;
}

/* How many expanders of the same type without an id came before this one. */
static guint
anonymous_rank (const GPtrArray *nodes, const Node *expander)
{
  guint i, rank = 0;
  const char *number = strrchr (expander->function->qom, '[');

  for (i = 0; number != NULL && i < nodes->len; i++)
    {
      const Node *node = g_ptr_array_index (nodes, i);
      const char *other = strrchr (node->function->qom, '[');

      rank += other != NULL && node->function->id == NULL
              && strcmp (node->function->driver, expander->function->driver) == 0
              && strtoul (other + 1, NULL, 10) < strtoul (number + 1, NULL, 10);
    }
  return rank;
}

/* From the name of each expander's root bus to the bus number. */
static GHashTable *
expander_buses (const GPtrArray *nodes)
{
  GHashTable *buses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint i;

  for (i = 0; i < nodes->len; i++)
    {
      const Node *node = g_ptr_array_index (nodes, i);
      const VmFunction *function = node->function;

      if (is_expander (node))
        g_hash_table_insert (buses,
                             function->id != NULL
                               ? g_strdup (function->id)
                               : g_strdup_printf ("%s-bus.%u", function->driver,
                                                  anonymous_rank (nodes, node)),
                             GUINT_TO_POINTER (node->number));
    }
  return buses;
}

/* The number of the root bus the node sits on. */
static guint
root_bus_number (const Node *node, GHashTable *buses)
{
  if (strcmp (node->function->bus, "pxb-internal") == 0)
    return node->number;
  return GPOINTER_TO_UINT (g_hash_table_lookup (buses, node->function->bus));
}

/* The slot path of a node.  BY_QOM has all nodes by the path of their object. */
static char *
slot_path (const Node *node, GHashTable *by_qom, GHashTable *buses)
{
  const VmFunction *function = node->function;
  const Node *bridge
    = function->bridge != NULL ? g_hash_table_lookup (by_qom, function->bridge) : NULL;
  g_autofree char *front = NULL;

  if (bridge == NULL)
    return g_strdup_printf ("%02x:%02x.%x", root_bus_number (node, buses), function->devfn >> 3,
                            function->devfn & 7);
  front = slot_path (bridge, by_qom, buses);
  return g_strdup_printf ("%s/%02x.%x", front, function->devfn >> 3, function->devfn & 7);
}

static gint
compare_functions (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const VmFunction *const *) a)->path, (*(const VmFunction *const *) b)->path);
}

/* Takes the functions out of the nodes, with their slot paths. */
static GPtrArray *
finish_functions (GPtrArray *nodes)
{
  GPtrArray *functions = g_ptr_array_new_with_free_func (function_free);
  g_autoptr (GHashTable) by_qom = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) buses = expander_buses (nodes);
  guint i;

  for (i = 0; i < nodes->len; i++)
    {
      Node *node = g_ptr_array_index (nodes, i);

      g_hash_table_insert (by_qom, node->function->qom, node);
    }
  for (i = 0; i < nodes->len; i++)
    {
      Node *node = g_ptr_array_index (nodes, i);

      node->function->path = slot_path (node, by_qom, buses);
    }
  for (i = 0; i < nodes->len; i++)
    {
      Node *node = g_ptr_array_index (nodes, i);

      if (node->function->bridge != NULL
          && !g_hash_table_contains (by_qom, node->function->bridge))
        g_clear_pointer (&node->function->bridge, g_free);
      g_ptr_array_add (functions, g_steal_pointer (&node->function));
    }
  g_ptr_array_sort (functions, compare_functions);
  return functions;
}

static GPtrArray *
vm_functions (Vm *vm, GError **error)
{
  static const char *const commands[] = { "info qtree", "info qom-tree", NULL };
  g_auto (GStrv) texts = vm_monitor (vm, commands, error);
  g_autoptr (Survey) survey = NULL;
  g_autoptr (GPtrArray) nodes = NULL;

  if (texts == NULL)
    return NULL;
  survey = survey_new (texts[0]);
  nodes = find_nodes (texts[1], survey);
  return read_properties (vm, nodes, error) ? finish_functions (nodes) : NULL;
}

GPtrArray *
vm_qom_functions (const char *const *argv, GError **error)
{
  g_autoptr (Vm) vm = vm_start (argv, error);

  return vm != NULL ? vm_functions (vm, error) : NULL;
}

GPtrArray *
vm_inspect (const char *const *argv, const char *const *commands, GStrv *texts, GError **error)
{
  g_autoptr (Vm) vm = vm_start_unseen (argv, error);
  g_autoptr (GPtrArray) functions = vm != NULL ? vm_functions (vm, error) : NULL;

  if (functions == NULL)
    return NULL;
  *texts = vm_monitor (vm, commands, error);
  return *texts != NULL ? g_steal_pointer (&functions) : NULL;
}

const VmFunction *
vm_find_function (const GPtrArray *functions, const char *path)
{
  guint i;

  for (i = 0; i < functions->len; i++)
    {
      const VmFunction *function = g_ptr_array_index (functions, i);

      if (strcmp (function->path, path) == 0)
        return function;
    }
  return NULL;
}

/* The guest's eye */

static void
seen_free (gpointer data)
{
  VmSeen *seen = data;

  g_free (seen->path);
  g_free (seen);
}

static gint
compare_seen (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const VmSeen *const *) a)->path, (*(const VmSeen *const *) b)->path);
}

/* One line "fn PATH BB:DD.F VVVV:DDDD CCCCCC hHH mM eE sSS-TT vV wW aA", or NULL. */
static VmSeen *
parse_line (const char *line)
{
  char path[512], express[2], buses[8], vga[2], io[4], acs[2];
  guint bus, slot, function, vendor, device, class_code, header, multifunction;
  int end = 0;
  VmSeen *seen;

  if (sscanf (line, "fn %511s %2x:%2x.%1x %4x:%4x %6x h%2x m%1x e%1s s%7s v%1s w%3s a%1s%n", path, &bus,
              &slot, &function, &vendor, &device, &class_code, &header, &multifunction, express,
              buses, vga, io, acs, &end)
        != 14
      || line[end] != '\0')
    return NULL;
  seen = g_new0 (VmSeen, 1);
  if (sscanf (buses, "%2x-%2x", (guint *) &seen->secondary, (guint *) &seen->subordinate) != 2)
    seen->secondary = seen->subordinate = -1;
  seen->path = g_strdup (path);
  seen->bus = (guint8) bus;
  seen->devfn = (guint8) (slot << 3 | function);
  seen->vendor = (guint16) vendor;
  seen->device = (guint16) device;
  seen->class_code = class_code;
  seen->header = (guint8) header;
  seen->multifunction = multifunction != 0;
  seen->express = g_ascii_xdigit_value (express[0]);
  seen->vga = vga[0] == '1';
  seen->io = strcmp (io, "io") == 0;
  seen->acs = acs[0] == '1';
  return seen;
}

GPtrArray *
vm_parse_seen (const char *text, GError **error)
{
  static const char title[] = "qriser-eye 1\n";
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (seen_free);
  const char *start = strstr (text, title);
  g_auto (GStrv) lines = NULL;
  guint i, n;

  if (start == NULL)
    {
      g_set_error (error, VM_ERROR, VM_ERROR_PROTOCOL, "no list from the guest: \"%s\"", text);
      return NULL;
    }
  lines = g_strsplit (start + strlen (title), "\n", -1);
  for (i = 0; lines[i] != NULL; i++)
    {
      VmSeen *seen = parse_line (lines[i]);

      if (seen != NULL)
        g_ptr_array_add (list, seen);
      else if (sscanf (lines[i], "end %u", &n) == 1 && n == list->len)
        {
          g_ptr_array_sort (list, compare_seen);
          return g_steal_pointer (&list);
        }
      else
        {
          g_set_error (error, VM_ERROR, VM_ERROR_PROTOCOL, "bad line from the guest: \"%s\"",
                       lines[i]);
          return NULL;
        }
    }
  g_set_error (error, VM_ERROR, VM_ERROR_PROTOCOL, "the list of the guest has no end");
  return NULL;
}

/* Runs the guest with the words MORE besides, to its end with status WANTED; what it found. */
static GPtrArray *
vm_look (Vm *vm, const char *const *argv, const char *const *more, int wanted, GError **error)
{
  g_autofree char *text = NULL;
  gboolean ended;
  short ready;
  int status;

  if (!vm_spawn (vm, argv, more, error) || !vm_wait (vm, -1, 0, &ready, &ended, error))
    return NULL;
  status = vm_reap (vm);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != wanted)
    {
      vm_fail_status (vm, status, "before the guest was done", error);
      return NULL;
    }
  if (!g_file_get_contents (vm->seen, &text, NULL, error))
    return NULL;
  return vm_parse_seen (text, error);
}

GPtrArray *
vm_guest_functions (const char *const *argv, const char *eye, GError **error)
{
  g_autoptr (Vm) vm = vm_new (argv[0], error);
  g_autofree char *chardev = NULL;

  if (vm == NULL)
    return NULL;
  chardev = g_strconcat ("file,id=qriser-eye,path=", vm->seen, NULL);
  return vm_look (vm, argv,
                  (const char *const[]){ "-kernel", eye, "-display", "none", "-no-reboot",
                                         "-chardev", chardev, "-device",
                                         "isa-debugcon,iobase=0xec,chardev=qriser-eye", "-device",
                                         "isa-debug-exit,iobase=0xf4,iosize=4", NULL },
                  EYE_EXIT_STATUS, error);
}

GPtrArray *
vm_ecam_functions (const char *const *argv, const char *arch, const char *ecam, GError **error)
{
  gboolean arm = strcmp (arch, "aarch64") == 0;
  g_autoptr (Vm) vm = vm_new (argv[0], error);
  g_autofree char *serial = NULL;

  if (vm == NULL)
    return NULL;
  serial = g_strconcat ("file:", vm->seen, NULL);
  return vm_look (vm, argv,
                  (const char *const[]){ "-kernel", ecam, "-display", "none", "-no-reboot",
                                         "-serial", serial, arm ? "-cpu" : "-bios",
                                         arm ? "cortex-a57" : "none", NULL },
                  0, error);
}

const VmSeen *
vm_find_seen (const GPtrArray *seen, const char *path)
{
  guint i;

  for (i = 0; i < seen->len; i++)
    {
      const VmSeen *one = g_ptr_array_index (seen, i);

      if (strcmp (one->path, path) == 0)
        return one;
    }
  return NULL;
}

GStrv
vm_qemus (void)
{
  const char *list = g_getenv ("QRISER_TEST_QEMU");
  g_autofree char *text
      = g_strconcat ("/usr/bin/qemu-system-x86_64:", list == NULL ? "" : list, NULL);
  g_auto (GStrv) names = g_strsplit (text, ":", -1);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (char **name = names; *name != NULL; name++)
    if (**name != '\0' && access (*name, X_OK) == 0 && g_hash_table_add (seen, *name))
      g_strv_builder_add (found, *name);
  return g_strv_builder_end (found);
}

GStrv
vm_qemus_for (const char *arch)
{
  g_auto (GStrv) all = vm_qemus ();
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_autofree char *name = g_strconcat ("qemu-system-", arch, NULL);

  for (char **qemu = all; *qemu != NULL; qemu++)
    {
      g_autofree char *directory = g_path_get_dirname (*qemu);
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (access (path, X_OK) == 0)
        g_strv_builder_add (found, path);
    }
  return g_strv_builder_end (found);
}
