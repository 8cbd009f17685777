/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "switches.h"

#include <string.h>
#include <unistd.h>

#include "check.h"

enum
{
  RUN = 1 << QR_COMMAND_RUN,
  PLAN = 1 << QR_COMMAND_PLAN,
  EXPLAIN = 1 << QR_COMMAND_EXPLAIN,
  CHECK = 1 << QR_COMMAND_CHECK,
  DIFF = 1 << QR_COMMAND_DIFF,
  ROLES = 1 << QR_COMMAND_ROLES,
  RECORD = 1 << QR_COMMAND_PROFILE_RECORD,
  TRIAL = RECORD | 1 << QR_COMMAND_PROFILE_TEST,
  IMPLICIT = 1 << QR_COMMAND_IMPLICIT,
  CATALOGUE = 1 << QR_COMMAND_CATALOGUE,
  DOCTOR = 1 << QR_COMMAND_DOCTOR,
  LINE = RUN | PLAN | EXPLAIN | CHECK | TRIAL, /* those of one line */
  QEMU = LINE | IMPLICIT | CATALOGUE | DOCTOR, /* those of one QEMU */
  ALL = LINE | DIFF,
  ANY = ALL | ROLES | IMPLICIT | CATALOGUE | DOCTOR,
};

const QrSwitch qr_switches[] = {
  { "qemu", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, qemu), QEMU, TRUE, "PATH",
    "the QEMU to run (default: qemu-system-ARCH in PATH)" },
  { "qemu-version", QR_SWITCH_VERSION, G_STRUCT_OFFSET (QrOptions, qemu_version), QEMU, TRUE, "N.N",
    "the version of that QEMU (default: unknown)" },
  { "arch", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, arch), QEMU, FALSE, "ARCH",
    "the guest's architecture (default: this machine's)" },
  { "policy", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, policy), ALL, TRUE, "NAME[@VERSION]|PATH",
    "ich9, ich9-wide, libvirt, qemu or your own (default: by our name)" },
  { "primary", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, primary), LINE, TRUE, "ID",
    "the display that firmware lights" },
  { "spare", QR_SWITCH_SPARE, G_STRUCT_OFFSET (QrOptions, spare), LINE, TRUE, "N|fill",
    "empty ports for hot-plug; fill: all on 1c (default: the policy's)" },
  { "pack", QR_SWITCH_BOOLEAN, G_STRUCT_OFFSET (QrOptions, pack), LINE, TRUE, "on|off",
    "put up to 8 functions behind one port (default: off)" },
  { "roles", QR_SWITCH_LIST, G_STRUCT_OFFSET (QrOptions, roles), ALL | ROLES, TRUE, "FILE",
    "roles of your own for the device list; may be repeated" },
  { "controllers", QR_SWITCH_AUTO, G_STRUCT_OFFSET (QrOptions, controllers), ALL, TRUE, "auto|off",
    "make controllers that devices need (default: auto; in QEMU's place off)" },
  { "dev", QR_SWITCH_DEVICE, 0, 0, TRUE, "ROLE=VALUE",
    "a word of the device list, its commas doubled; may be repeated" },
  { "lock", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, lock), LINE, TRUE, "FILE",
    "keep the places that devices get in FILE; run writes it" },
  { "forget", QR_SWITCH_LIST, G_STRUCT_OFFSET (QrOptions, forgotten), PLAN, FALSE, "KEY",
    "free the place that the lock file keeps for KEY; may be repeated" },
  { "allow", QR_SWITCH_CODE, G_STRUCT_OFFSET (QrOptions, allowed), LINE, TRUE, "CODE",
    "make the error CODE a warning, or check leave CODE out; may be repeated" },
  { "seccomp", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, seccomp), LINE, TRUE, "NAME|PATH|off",
    "system calls that QEMU may make (default: what the line needs)" },
  { "best-effort", QR_SWITCH_BOOLEAN, G_STRUCT_OFFSET (QrOptions, best_effort), LINE, TRUE,
    "on|off", "start QEMU also where the kernel has no filters (default: off)" },
  { "landlock", QR_SWITCH_FENCE, G_STRUCT_OFFSET (QrOptions, landlock), LINE, TRUE,
    "best-effort|require|off", "hold QEMU to files that the line needs" },
  { "allow-path", QR_SWITCH_PATHS, G_STRUCT_OFFSET (QrOptions, paths), LINE, TRUE,
    "ro:PATH|rw:PATH", "a path besides, for --landlock; may be repeated" },
  { "sysfs", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, sysfs), ALL, TRUE, "DIR",
    "where the host's devices are described (default: /sys)" },
  { "format", QR_SWITCH_FORMAT, G_STRUCT_OFFSET (QrOptions, format),
    PLAN | CHECK | DIFF | ROLES | IMPLICIT | CATALOGUE | DOCTOR, FALSE, "FORMAT",
    "of plan: tree (default), shell, argv0 or json; of others: json" },
  { "plan", QR_SWITCH_PLAN, G_STRUCT_OFFSET (QrOptions, format), 0, TRUE, "FORMAT",
    "print the plan in place of starting QEMU" },
  { "status-fd", QR_SWITCH_FD, G_STRUCT_OFFSET (QrOptions, status_fd), ANY, TRUE, "N",
    "on failure before QEMU starts, write one JSON line to descriptor N" },
  { "supervise", QR_SWITCH_FLAG, G_STRUCT_OFFSET (QrOptions, supervise), RUN, FALSE, NULL,
    "stay beside QEMU, and name the system calls that it is refused" },
  { "rounds", QR_SWITCH_COUNT, G_STRUCT_OFFSET (QrOptions, rounds), RECORD, FALSE, "N",
    "run QEMU at most so often (default: 5)" },
  { "for", QR_SWITCH_COUNT, G_STRUCT_OFFSET (QrOptions, seconds), TRIAL, FALSE, "SECONDS",
    "then tell QEMU to end (default: it ends by itself)" },
  { "merge", QR_SWITCH_FLAG, G_STRUCT_OFFSET (QrOptions, merge), RECORD, FALSE, NULL,
    "add to the profile that is there" },
  { "probe", QR_SWITCH_FLAG, G_STRUCT_OFFSET (QrOptions, probe), IMPLICIT, FALSE, NULL,
    "ask the QEMU itself, and say where it differs" },
  { "root", QR_SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, root), DOCTOR, FALSE, "DIR",
    "below which the host's files are looked at (default: /)" },
  { "verbose", QR_SWITCH_FLAG, G_STRUCT_OFFSET (QrOptions, verbose), LINE, FALSE, NULL,
    "print the plan's warnings even when stderr is no terminal" },
};

const guint qr_n_switches = G_N_ELEMENTS (qr_switches);

static gboolean wrong (GError **error, const char *hint, const QrPlace *place, const char *format,
                       ...) G_GNUC_PRINTF (4, 5);

static gboolean
wrong (GError **error, const char *hint, const QrPlace *place, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_USAGE, "usage", place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* What is no plan is for people, or JSON. */
static gboolean
set_format (const char *value, const QrPlace *place, QrOptions *options, GError **error)
{
  int index = qr_schema_name_index (qr_format_names, value);
  g_autofree char *known = g_strjoinv (", ", (char **) qr_format_names);

  if (options->command != QR_COMMAND_PLAN && index != QR_FORMAT_JSON)
    return wrong (error, "json; leave --format out for text", place,
                  "this command has no format \"%s\"", value);
  if (index < 0)
    return wrong (error, known, place, "there is no format \"%s\"", value);
  options->format = (QrFormat) index;
  return TRUE;
}

static gboolean
set_descriptor (const char *value, const QrPlace *place, int *out, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &number, NULL))
    return wrong (error, NULL, place, "\"%s\" is no file descriptor", value);
  if (number <= STDERR_FILENO)
    return wrong (error, "open another one for it, 3 or higher", place,
                  "descriptor %s is one that QEMU needs itself", value);
  *out = (int) number;
  return TRUE;
}

static gboolean
set_count (const char *value, const QrPlace *place, guint *out, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXINT, &number, NULL))
    return wrong (error, "give a number from 1 on", place, "\"%s\" is no such number", value);
  *out = (guint) number;
  return TRUE;
}

void
qr_options_add (GPtrArray *list, const char *value)
{
  g_ptr_array_insert (list, (int) list->len - 1, (gpointer) value);
}

/* Who only checks can leave out whatever a plan warns of. */
static gboolean
set_code (const char *value, const QrPlace *place, QrCommand command, GPtrArray *codes,
          GError **error)
{
  g_autofree char *checks = qr_check_codes ();
  g_autofree char *others = g_strjoinv (", ", (char **) qr_plan_codes);
  g_autofree char *known = command == QR_COMMAND_CHECK ? g_strdup_printf ("%s, %s", checks, others)
                                                       : g_strdup (checks);

  if (!qr_check_is_code (value)
      && (command != QR_COMMAND_CHECK || !g_strv_contains (qr_plan_codes, value)))
    return wrong (error, known, place, "no check has the code \"%s\"", value);
  qr_options_add (codes, value);
  return TRUE;
}

static gboolean
set_spare (const char *value, const QrPlace *place, int *out, GError **error)
{
  guint64 number;

  if (strcmp (value, "fill") == 0)
    *out = QR_SPARE_FILL;
  else if (g_ascii_string_to_unsigned (value, 10, 0, QR_SPARE_MOST, &number, NULL))
    *out = (int) number;
  else
    return wrong (error, "write a number of ports, 0 to 255, or fill", place,
                  "\"%s\" is no number of empty ports", value);
  return TRUE;
}

static gboolean
set_boolean (const char *value, const QrPlace *place, gboolean *out, GError **error)
{
  return qr_opt_boolean (value, out)
         || wrong (error, "write on or off", place, "\"%s\" is neither on nor off", value);
}

static gboolean
set_auto (const char *value, const QrPlace *place, int *out, GError **error)
{
  if (strcmp (value, "auto") != 0 && strcmp (value, "off") != 0)
    return wrong (error, "write auto or off", place, "\"%s\" is neither auto nor off", value);
  *out = *value == 'a';
  return TRUE;
}

static gboolean
set_path (const char *value, const QrPlace *place, GPtrArray *list, GError **error)
{
  if (!qr_fence_is_allowance (value))
    return wrong (error, "write ro:PATH or rw:PATH", place,
                  "\"%s\" does not say what may be done with which path", value);
  qr_options_add (list, value);
  return TRUE;
}

static gboolean
set_fence (const char *value, const QrPlace *place, const char **out, GError **error)
{
  g_autofree char *known = g_strjoinv (", ", (char **) qr_landlock_modes);

  if (!g_strv_contains (qr_landlock_modes, value))
    return wrong (error, known, place, "Landlock cannot be \"%s\"", value);
  *out = value;
  return TRUE;
}

gboolean
qr_switch_set (const QrSwitch *option, const char *value, const QrPlace *place, QrOptions *options,
               GError **error)
{
  gpointer at = (char *) options + option->offset;

  switch (option->kind)
    {
    case QR_SWITCH_FLAG:
      *(gboolean *) at = TRUE;
      return TRUE;
    case QR_SWITCH_VERSION:
      if (!qr_qemu_version_is_good (value))
        return wrong (error, "write it as 7.2 or 10.0", place, "\"%s\" is no version", value);
      *(const char **) at = value;
      return TRUE;
    case QR_SWITCH_TEXT:
      if (*value == '\0')
        return wrong (error, NULL, place, "\"%s\" needs a value: %s", option->name, option->value);
      *(const char **) at = value;
      return TRUE;
    case QR_SWITCH_PLAN:
      options->command = QR_COMMAND_PLAN;
      return set_format (value, place, options, error);
    case QR_SWITCH_FORMAT:
      return set_format (value, place, options, error);
    case QR_SWITCH_FD:
      return set_descriptor (value, place, at, error);
    case QR_SWITCH_COUNT:
      return set_count (value, place, at, error);
    case QR_SWITCH_SPARE:
      return set_spare (value, place, at, error);
    case QR_SWITCH_BOOLEAN:
      return set_boolean (value, place, at, error);
    case QR_SWITCH_AUTO:
      return set_auto (value, place, at, error);
    case QR_SWITCH_DEVICE:
      return TRUE;
    case QR_SWITCH_LIST:
      qr_options_add (*(GPtrArray **) at, value);
      return TRUE;
    case QR_SWITCH_PATHS:
      return set_path (value, place, *(GPtrArray **) at, error);
    case QR_SWITCH_FENCE:
      return set_fence (value, place, at, error);
    case QR_SWITCH_CODE:
      return set_code (value, place, options->command, *(GPtrArray **) at, error);
    }
  g_assert_not_reached ();
}

void
qr_options_init (QrOptions *options, QrCommand command)
{
  *options = (QrOptions){ .command = command,
                          .sysfs = "/sys",
                          .root = "/",
                          .arch = QRISER_ARCH,
                          .status_fd = -1,
                          .spare = QR_SPARE_POLICY,
                          .controllers = -1,
                          .rounds = 5 };
  options->allowed = g_ptr_array_new ();
  options->forgotten = g_ptr_array_new ();
  options->roles = g_ptr_array_new ();
  options->paths = g_ptr_array_new ();
  options->names = g_ptr_array_new ();
  g_ptr_array_add (options->roles, NULL);
  g_ptr_array_add (options->allowed, NULL);
  g_ptr_array_add (options->paths, NULL);
  g_ptr_array_add (options->names, NULL);
  g_ptr_array_add (options->forgotten, NULL);
}

void
qr_options_clear (QrOptions *options)
{
  g_clear_pointer (&options->allowed, g_ptr_array_unref);
  g_clear_pointer (&options->forgotten, g_ptr_array_unref);
  g_clear_pointer (&options->roles, g_ptr_array_unref);
  g_clear_pointer (&options->paths, g_ptr_array_unref);
  g_clear_pointer (&options->names, g_ptr_array_unref);
}
