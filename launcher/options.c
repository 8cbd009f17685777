/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "options.h"

#include <string.h>

#include "list.h"
#include "nearest.h"

typedef struct
{
  const char *name; /* one word or two */
  QrCommand command;
  const char *operands[QR_MAX_OPERANDS]; /* what each is called; in brackets: may be left out; with
                                            dots, and the only one: may be repeated */
  gboolean takes_line;                   /* QEMU's arguments behind them */
  const char *help;
} Command;

static const Command commands[] = {
  { "run", QR_COMMAND_RUN, { NULL }, TRUE, "plan, confine, become QEMU" },
  { "plan", QR_COMMAND_PLAN, { NULL }, TRUE, "print what run would do" },
  { "explain", QR_COMMAND_EXPLAIN, { "ID" }, TRUE, "say why one device is where it is" },
  { "check", QR_COMMAND_CHECK, { NULL }, TRUE, "say what is wrong with a line, or will surprise" },
  { "diff", QR_COMMAND_DIFF, { "A", "B" }, FALSE, "compare two plans or lines, device by device" },
  { "roles", QR_COMMAND_ROLES, { "[ROLE]" }, FALSE, "list the words of device lists, or keys" },
  { "implicit", QR_COMMAND_IMPLICIT, { "[MACHINE...]" }, FALSE, "list what machines have" },
  { "catalogue", QR_COMMAND_CATALOGUE, { NULL }, FALSE, "learn what is new in a QEMU" },
  { "doctor", QR_COMMAND_DOCTOR, { NULL }, FALSE, "say what of this host is well" },
  { "profile list", QR_COMMAND_PROFILE_LIST, { NULL }, FALSE, "list the seccomp profiles" },
  { "profile show", QR_COMMAND_PROFILE_SHOW, { "NAME" }, FALSE, "print one as a file" },
  { "profile diff", QR_COMMAND_PROFILE_DIFF, { "A", "B" }, FALSE, "compare two, call by call" },
  { "profile record", QR_COMMAND_PROFILE_RECORD, { "FILE" }, TRUE, "find what a line needs" },
  { "profile test", QR_COMMAND_PROFILE_TEST, { "NAME" }, TRUE, "say what a line is refused" },
};

static gboolean usage_error (GError **error, const char *hint, guint argument, const char *word,
                             const char *format, ...) G_GNUC_PRINTF (5, 6);

static gboolean
usage_error (GError **error, const char *hint, guint argument, const char *word, const char *format,
             ...)
{
  QrPlace place = { argument, NULL, word, 0, word == NULL ? 0 : strlen (word) };
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_USAGE, "usage", word == NULL ? NULL : &place, hint, format,
                 arguments);
  va_end (arguments);
  return FALSE;
}

/* "--name" or "--name=value": the switch, and where its value begins if there. */
static const QrSwitch *
find_switch (const char *word, const char **value)
{
  gsize length;

  if (strncmp (word, "--", 2) != 0)
    return NULL;
  word += 2;
  length = strcspn (word, "=");
  for (guint i = 0; i < qr_n_switches; i++)
    if (qr_switches[i].commands != 0 && strlen (qr_switches[i].name) == length
        && strncmp (qr_switches[i].name, word, length) == 0)
      {
        *value = word[length] == '=' ? word + length + 1 : NULL;
        return &qr_switches[i];
      }
  return NULL;
}

/* Reads the switch at argv[*at]; leaves *at behind it. */
static gboolean
take_switch (const char *const *argv, guint *at, QrOptions *options, GError **error)
{
  const char *word = argv[*at], *value = NULL;
  const QrSwitch *option = find_switch (word, &value);
  guint argument = *at;
  QrPlace place = { argument, NULL, word, 0, strlen (word) };

  (*at)++;
  if ((option->commands & 1u << options->command) == 0)
    return usage_error (error, NULL, argument, word, "\"--%s\" does not belong to this command",
                        option->name);
  if (option->kind == QR_SWITCH_FLAG && value != NULL)
    return usage_error (error, NULL, argument, word, "\"--%s\" takes no value", option->name);
  if (option->kind != QR_SWITCH_FLAG && value == NULL)
    {
      value = argv[*at];
      if (value == NULL)
        return usage_error (error, NULL, argument, word, "\"--%s\" needs a value: %s", option->name,
                            option->value);
      (*at)++;
    }
  return qr_switch_set (option, value, &place, options, error);
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
  for (guint i = 0; i < qr_n_switches; i++)
    if (qr_switches[i].commands != 0)
      qr_nearest_offer (&nearest, qr_switches[i].name);
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
        return usage_error (error,
                            options->listed && qr_list_is_word (options->words[0])
                                ? "write it before the device list"
                                : "write it before QEMU's arguments",
                            options->first + i, word,
                            "qriser's option \"%s\" stands among QEMU's arguments", word);
      if (option != NULL && qr_option_has_argument (option) && options->words[i + 1] != NULL)
        i++;
    }
  return TRUE;
}

/* The names of a command's operands. (transfer full) */
static char *
operands_of (const Command *command)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < QR_MAX_OPERANDS && command->operands[i] != NULL; i++)
    g_string_append_printf (out, "%s%s", i == 0 ? "" : " ", command->operands[i]);
  return g_string_free (out, FALSE);
}

/* How a command with operands is written, for a hint. (transfer full) */
static char *
usage_of (const Command *command)
{
  g_autofree char *operands = operands_of (command);

  return g_strdup_printf ("qriser %s %s%s", command->name, operands,
                          command->takes_line ? " -- QEMU's arguments" : "");
}

static gboolean
repeats (const Command *command)
{
  return command->operands[0] != NULL && g_str_has_suffix (command->operands[0], "...]");
}

/* What the next operand is called, or NULL when all are there. */
static const char *
next_operand (const Command *command, const QrOptions *options)
{
  gsize n = 0;

  while (!repeats (command) && n < QR_MAX_OPERANDS && options->operands[n] != NULL)
    n++;
  return n < QR_MAX_OPERANDS ? command->operands[n] : NULL;
}

static gboolean
missing_operand (const Command *command, const char *const *argv, guint at,
                 const QrOptions *options, GError **error)
{
  g_autofree char *usage = usage_of (command);

  return usage_error (error, usage, at - 1, argv[at - 1], "%s is missing",
                      next_operand (command, options));
}

static void
take_operand (const Command *command, const char *word, QrOptions *options)
{
  gsize n = 0;

  if (repeats (command))
    {
      qr_options_add (options->names, word);
      return;
    }
  while (options->operands[n] != NULL)
    n++;
  options->operands[n] = word;
}

/* The number of words at @argv that are the name of @command; 0: they are another. */
static guint
match_command (const Command *command, const char *const *argv)
{
  gsize length = strlen (argv[0]);

  if (strncmp (command->name, argv[0], length) != 0)
    return 0;
  if (command->name[length] == '\0')
    return 1;
  return command->name[length] == ' ' && g_strcmp0 (argv[1], command->name + length + 1) == 0 ? 2
                                                                                              : 0;
}

/* The command at @argv; NULL: it is none. */
static const Command *
find_command (const char *const *argv, guint *n_words)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      *n_words = match_command (&commands[i], argv);
      if (*n_words > 0)
        return &commands[i];
    }
  return NULL;
}

/* The first word of some command is no disk image. */
static gboolean
refuse_half_command (const char *const *argv, guint at, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);
  g_autofree char *first = g_strdup_printf ("%s ", argv[at]);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_has_prefix (commands[i].name, first))
      g_string_append_printf (known, "%s%s", known->len == 0 ? "" : ", ",
                              commands[i].name + strlen (first));
  if (known->len == 0)
    return TRUE;
  g_string_prepend (known, "it takes one of ");
  return usage_error (error, known->str, at, argv[at], "\"%s\" is half a command", argv[at]);
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

/* Whether @word can be an operand: one with a dash is an option, but "-" is standard input. */
static gboolean
is_operand (const Command *command, const char *word)
{
  if (command->takes_line && qr_list_is_word (word))
    return FALSE;
  return *word != '-' || (!command->takes_line && word[1] == '\0');
}

/* Switches and operands in any order, up to "--" or where QEMU's arguments begin. */
static gboolean
take_own (const Command *command, const char *const *argv, guint *at, QrOptions *options,
          GError **error)
{
  const char *value;

  while (argv[*at] != NULL)
    if (find_switch (argv[*at], &value) != NULL)
      {
        if (!take_switch (argv, at, options, error))
          return FALSE;
      }
    else if (next_operand (command, options) != NULL && is_operand (command, argv[*at]))
      take_operand (command, argv[(*at)++], options);
    else
      break;
  return TRUE;
}

/* Nothing is left behind the operands of a command without QEMU's arguments; behind "--"
 * a file may be called anything. */
static gboolean
finish_operands (const Command *command, const char *const *argv, guint at,
                 const QrProfiles *profiles, QrOptions *options, GError **error)
{
  g_autofree char *usage = usage_of (command), *name = NULL;

  if (argv[at] != NULL && strcmp (argv[at], "--") == 0)
    for (at++; argv[at] != NULL && next_operand (command, options) != NULL; at++)
      take_operand (command, argv[at], options);
  else if (argv[at] != NULL && !refuse_unknown (argv[at], at, profiles, error))
    return FALSE;
  else if (argv[at] != NULL && *argv[at] == '-')
    {
      name = g_strdup_printf ("a file of that name is ./%s", argv[at]);
      return usage_error (error, name, at, argv[at], "unknown option \"%s\"", argv[at]);
    }
  if (argv[at] != NULL)
    return usage_error (error, usage, at, argv[at], "\"%s\" is one word too many", argv[at]);
  if (next_operand (command, options) != NULL && *next_operand (command, options) != '[')
    return missing_operand (command, argv, at, options, error);
  options->words = argv + at;
  options->first = at;
  return command->operands[1] == NULL || strcmp (options->operands[0], "-") != 0
         || strcmp (options->operands[1], "-") != 0
         || usage_error (error, "give one of them a file", at - 1, argv[at - 1],
                         "standard input can be read once");
}

static gboolean
parse_words (const Command *command, const char *const *argv, guint at, const QrProfiles *profiles,
             QrOptions *options, GError **error)
{
  options->command = command->command;
  if (!take_own (command, argv, &at, options, error))
    return FALSE;
  if (!command->takes_line)
    return finish_operands (command, argv, at, profiles, options, error);
  if (next_operand (command, options) != NULL)
    return missing_operand (command, argv, at, options, error);
  options->listed = argv[at] != NULL && strcmp (argv[at], "--") != 0;
  if (argv[at] != NULL && !options->listed)
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
  const Command *command;
  guint at = 1, n_words;

  qr_options_init (options, QR_COMMAND_RUN);
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
  command = find_command (argv + at, &n_words);
  if (command != NULL)
    return parse_words (command, argv, at + n_words, profiles, options, error);
  return refuse_half_command (argv, at, error)
         && parse_words (&commands[0], argv, at, profiles, options, error)
         && (!options->listed || refuse_lost_command (options->words[0], options->first, error));
}

char *
qr_options_help (void)
{
  GString *out = g_string_new (
      "Usage: qriser COMMAND [OPTION...] [ROLE=VALUE,...|@FILE...] [--] [QEMU'S ARGUMENTS...]\n"
      "       qriser [ROLE=VALUE,...|@FILE...] QEMU'S ARGUMENTS...\n\nCommands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *operands = operands_of (&commands[i]);

      g_string_append_printf (out, "  %-14s %-12s %s\n", commands[i].name, operands,
                              commands[i].help);
    }
  g_string_append (out, "\nOptions:\n");
  for (guint i = 0; i < qr_n_switches; i++)
    {
      const QrSwitch *option = &qr_switches[i];
      g_autofree char *form
          = option->commands == 0   ? g_strdup_printf ("-qriser %s=%s", option->name, option->value)
            : option->value == NULL ? g_strdup_printf ("--%s", option->name)
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
  const char **names = g_new0 (const char *, qr_n_switches + 1);
  gsize n = 0;

  for (guint i = 0; i < qr_n_switches; i++)
    if (qr_switches[i].commands != 0)
      names[n++] = qr_switches[i].name;
  return names;
}
