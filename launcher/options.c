/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include <string.h>
#include <unistd.h>

#include "check.h"
#include "nearest.h"

typedef enum
{
  SWITCH_FLAG,
  SWITCH_TEXT,
  SWITCH_FORMAT,
  SWITCH_FD,
  SWITCH_CODE,
} SwitchKind;

typedef struct
{
  const char *name;
  SwitchKind kind;
  gsize offset;
  guint commands; /* bits of QrCommand */
  const char *value;
  const char *help;
} Switch;

enum
{
  RUN = 1 << QR_COMMAND_RUN,
  PLAN = 1 << QR_COMMAND_PLAN,
  EXPLAIN = 1 << QR_COMMAND_EXPLAIN,
  ALL = RUN | PLAN | EXPLAIN,
};

static const Switch switches[] = {
  { "qemu", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, qemu), ALL, "PATH",
    "the QEMU to run (default: qemu-system-ARCH in PATH)" },
  { "arch", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, arch), ALL, "ARCH",
    "the guest's architecture (default: this machine's)" },
  { "policy", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, policy), ALL, "NAME[@VERSION]",
    "where devices go: ich9 (default) or qemu" },
  { "primary", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, primary), ALL, "ID",
    "the display that firmware lights" },
  { "allow", SWITCH_CODE, G_STRUCT_OFFSET (QrOptions, allowed), ALL, "CODE",
    "make the error CODE of a check a warning; may be repeated" },
  { "seccomp", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, seccomp), ALL, "NAME|PATH|off",
    "system calls that QEMU may make (default: default)" },
  { "sysfs", SWITCH_TEXT, G_STRUCT_OFFSET (QrOptions, sysfs), ALL, "DIR",
    "where the host's devices are described (default: /sys)" },
  { "format", SWITCH_FORMAT, G_STRUCT_OFFSET (QrOptions, format), PLAN, "FORMAT",
    "tree (default), shell, argv0 or json" },
  { "status-fd", SWITCH_FD, G_STRUCT_OFFSET (QrOptions, status_fd), ALL, "N",
    "on failure before QEMU starts, write one JSON line to descriptor N" },
  { "verbose", SWITCH_FLAG, G_STRUCT_OFFSET (QrOptions, verbose), ALL, NULL,
    "print the plan's warnings even when stderr is no terminal" },
};

static const struct
{
  const char *name;
  QrCommand command;
  const char *operand;
  const char *help;
} commands[] = {
  { "run", QR_COMMAND_RUN, NULL, "plan, confine, become QEMU" },
  { "plan", QR_COMMAND_PLAN, NULL, "print what run would do" },
  { "explain", QR_COMMAND_EXPLAIN, "ID", "say why one device is where it is" },
};

static gboolean usage_error (GError **error, const char *hint, guint argument, const char *word,
                             const char *format, ...) G_GNUC_PRINTF (5, 6);

static gboolean
usage_error (GError **error, const char *hint, guint argument, const char *word, const char *format,
             ...)
{
  QrPlace place = { argument, NULL, word, 0, word == NULL ? 0 : strlen (word) };
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qr_error_set (error, QR_STATUS_USAGE, "usage", word == NULL ? NULL : &place, hint, "%s", message);
  return FALSE;
}

/* "--name" or "--name=value": the switch, and where its value begins if there. */
static const Switch *
find_switch (const char *word, const char **value)
{
  gsize length;

  if (strncmp (word, "--", 2) != 0)
    return NULL;
  word += 2;
  length = strcspn (word, "=");
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    if (strlen (switches[i].name) == length && strncmp (switches[i].name, word, length) == 0)
      {
        *value = word[length] == '=' ? word + length + 1 : NULL;
        return &switches[i];
      }
  return NULL;
}

static gboolean
set_value (const Switch *option, const char *value, guint argument, const char *word,
           QrOptions *options, GError **error)
{
  gpointer at = (char *) options + option->offset;
  g_autofree char *known = NULL;
  guint64 number;
  int index;

  switch (option->kind)
    {
    case SWITCH_FLAG:
      *(gboolean *) at = TRUE;
      return TRUE;
    case SWITCH_TEXT:
      *(const char **) at = value;
      return TRUE;
    case SWITCH_FORMAT:
      index = qr_schema_name_index (qr_format_names, value);
      known = g_strjoinv (", ", (char **) qr_format_names);
      if (index < 0)
        return usage_error (error, known, argument, word, "there is no format \"%s\"", value);
      *(QrFormat *) at = (QrFormat) index;
      return TRUE;
    case SWITCH_FD:
      if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &number, NULL))
        return usage_error (error, NULL, argument, word, "\"%s\" is no file descriptor", value);
      if (number <= STDERR_FILENO)
        return usage_error (error, "open another one for it, 3 or higher", argument, word,
                            "descriptor %s is one that QEMU needs itself", value);
      *(int *) at = (int) number;
      return TRUE;
    case SWITCH_CODE:
      known = qr_check_codes ();
      if (!qr_check_is_code (value))
        return usage_error (error, known, argument, word, "no check has the code \"%s\"", value);
      g_ptr_array_insert (*(GPtrArray **) at, (int) (*(GPtrArray **) at)->len - 1,
                          (gpointer) value);
      return TRUE;
    }
  g_assert_not_reached ();
}

/* Reads the switch at argv[*at]; leaves *at behind it. */
static gboolean
take_switch (const char *const *argv, guint *at, QrOptions *options, GError **error)
{
  const char *word = argv[*at], *value = NULL;
  const Switch *option = find_switch (word, &value);
  guint argument = *at;

  (*at)++;
  if ((option->commands & 1u << options->command) == 0)
    return usage_error (error, NULL, argument, word, "\"--%s\" does not belong to this command",
                        option->name);
  if (option->kind == SWITCH_FLAG && value != NULL)
    return usage_error (error, NULL, argument, word, "\"--%s\" takes no value", option->name);
  if (option->kind != SWITCH_FLAG && value == NULL)
    {
      value = argv[*at];
      if (value == NULL)
        return usage_error (error, NULL, argument, word, "\"--%s\" needs a value: %s", option->name,
                            option->value);
      (*at)++;
    }
  return set_value (option, value, argument, word, options, error);
}

/* A word with two dashes that neither qriser nor QEMU knows was meant for qriser. */
static gboolean
refuse_unknown (const char *word, guint argument, const QrProfiles *profiles, GError **error)
{
  g_autofree char *name = NULL, *hint = NULL;
  QrNearest nearest = { NULL };

  if (strncmp (word, "--", 2) != 0 || qr_profiles_find_option (profiles, word + 2) != NULL)
    return TRUE;
  nearest.word = name = g_strndup (word + 2, strcspn (word + 2, "="));
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    qr_nearest_offer (&nearest, switches[i].name);
  if (nearest.best == NULL && strchr (word, '=') == NULL)
    return TRUE; /* QEMU's parser says it better */
  hint = nearest.best == NULL ? g_strdup ("qriser --help lists the options")
                              : g_strdup_printf ("did you mean --%s?", nearest.best);
  return usage_error (error, hint, argument, word, "unknown option \"--%s\"", name);
}

/* Finds a switch of ours among QEMU's arguments, where QEMU would refuse it. */
static gboolean
refuse_late (const QrOptions *options, const QrProfiles *profiles, GError **error)
{
  const char *value;

  for (guint i = 0; options->words[i] != NULL; i++)
    {
      const char *word = options->words[i];
      const QrOption *option
          = *word != '-' ? NULL : qr_profiles_find_option (profiles, word + 1 + (word[1] == '-'));

      if (option == NULL && find_switch (word, &value) != NULL)
        return usage_error (error, "write it before QEMU's arguments", options->first + i, word,
                            "qriser's option \"%s\" stands among QEMU's arguments", word);
      if (option != NULL && qr_option_has_argument (option) && options->words[i + 1] != NULL)
        i++;
    }
  return TRUE;
}

static gboolean
take_operand (const char *const *argv, guint *at, const char *name, QrOptions *options,
              GError **error)
{
  if (argv[*at] == NULL || *argv[*at] == '-')
    return usage_error (error, "qriser explain ID -- QEMU's arguments", *at - 1, argv[*at - 1],
                        "%s is missing", name);
  options->operand = argv[(*at)++];
  return TRUE;
}

static const char *
take_command (const char *word, QrOptions *options)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, word) == 0)
      {
        options->command = commands[i].command;
        return commands[i].name;
      }
  return NULL;
}

static const char *
operand_name (const QrOptions *options)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].command == options->command)
      return commands[i].operand;
  return NULL;
}

/* QEMU takes a word without a dash for a disk image; one like a command was none. */
static gboolean
refuse_lost_command (const char *word, guint argument, GError **error)
{
  QrNearest nearest = { .word = word };
  g_autofree char *hint = NULL;

  if (word == NULL || *word == '-' || *word == '\0')
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    qr_nearest_offer (&nearest, commands[i].name);
  if (nearest.best == NULL)
    return TRUE;
  hint = g_strdup_printf ("the command comes first: qriser %s; a disk image of that name is ./%s",
                          nearest.best, word);
  return usage_error (error, hint, argument, word, "\"%s\" stands where QEMU's arguments begin",
                      word);
}

static gboolean
parse_words (const char *const *argv, guint at, const QrProfiles *profiles, QrOptions *options,
             GError **error)
{
  const char *operand = operand_name (options), *value;

  while (argv[at] != NULL
         && (find_switch (argv[at], &value) != NULL
             || (operand != NULL && options->operand == NULL && strcmp (argv[at], "--") != 0)))
    if (find_switch (argv[at], &value) != NULL ? !take_switch (argv, &at, options, error)
                                               : !take_operand (argv, &at, operand, options, error))
      return FALSE;
  if (operand != NULL && options->operand == NULL)
    return take_operand (argv, &at, operand, options, error);
  if (argv[at] != NULL && strcmp (argv[at], "--") == 0)
    at++;
  else if (argv[at] != NULL && !refuse_unknown (argv[at], at, profiles, error))
    return FALSE;
  options->words = argv + at;
  options->first = at;
  return refuse_late (options, profiles, error);
}

gboolean
qr_options_parse (const char *const *argv, const QrProfiles *profiles, QrOptions *options,
                  GError **error)
{
  guint at = 1;

  *options = (QrOptions){
    .policy = "ich9", .seccomp = "default", .sysfs = "/sys", .arch = QRISER_ARCH, .status_fd = -1
  };
  options->allowed = g_ptr_array_new ();
  g_ptr_array_add (options->allowed, NULL);
  options->words = argv + at;
  if (argv[at] == NULL)
    return usage_error (error, "qriser --help lists the commands", 0, NULL, "no command is given");
  if (strcmp (argv[at], "--help") == 0 || strcmp (argv[at], "--version") == 0)
    {
      options->command = argv[at][2] == 'h' ? QR_COMMAND_HELP : QR_COMMAND_VERSION;
      return argv[at + 1] == NULL
             || usage_error (error, NULL, at + 1, argv[at + 1], "\"%s\" takes nothing more",
                             argv[at]);
    }
  if (take_command (argv[at], options) != NULL)
    return parse_words (argv, at + 1, profiles, options, error);
  return parse_words (argv, at, profiles, options, error)
         && (strcmp (argv[options->first - 1], "--") == 0
             || refuse_lost_command (options->words[0], options->first, error));
}

void
qr_options_clear (QrOptions *options)
{
  g_clear_pointer (&options->allowed, g_ptr_array_unref);
}

char *
qr_options_help (void)
{
  GString *out = g_string_new ("Usage: qriser COMMAND [OPTION...] [--] [QEMU'S ARGUMENTS...]\n"
                               "       qriser QEMU'S ARGUMENTS...\n\nCommands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (out, "  %-7s %-4s %s\n", commands[i].name,
                            commands[i].operand == NULL ? "" : commands[i].operand,
                            commands[i].help);
  g_string_append (out, "\nOptions:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      const Switch *option = &switches[i];
      g_autofree char *form = option->value == NULL
                                  ? g_strdup_printf ("--%s", option->name)
                                  : g_strdup_printf ("--%s=%s", option->name, option->value);

      g_string_append_printf (out, "  %-24s %s\n", form, option->help);
    }
  g_string_append (out,
                   "  --help                   print this\n"
                   "  --version                print versions and the hashes of the profiles\n");
  return g_string_free (out, FALSE);
}

const char **
qr_options_names (void)
{
  const char **names = g_new0 (const char *, G_N_ELEMENTS (switches) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    names[i] = switches[i].name;
  return names;
}
