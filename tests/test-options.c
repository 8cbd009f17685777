/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qriser's own words: which command, which switches, where QEMU's words begin. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "options.h"

/* @words: the line after the program's name, with "|" between its words. */
static const struct
{
  const char *line;
  QrCommand command;
  guint first;      /* argument number of QEMU's first word */
  const char *qemu; /* QEMU's words */
} commands[] = {
  { "-m|2G", QR_COMMAND_RUN, 1, "-m|2G" },
  { "run|-m|2G", QR_COMMAND_RUN, 2, "-m|2G" },
  { "run|--|-m|2G", QR_COMMAND_RUN, 3, "-m|2G" },
  { "run", QR_COMMAND_RUN, 2, "" },
  { "run|--", QR_COMMAND_RUN, 3, "" },
  { "--|-m|2G", QR_COMMAND_RUN, 2, "-m|2G" },
  { "disk.img", QR_COMMAND_RUN, 1, "disk.img" },
  { "--|plan", QR_COMMAND_RUN, 2, "plan" },
  { "--m|2G", QR_COMMAND_RUN, 1, "--m|2G" },
  { "--device|e1000", QR_COMMAND_RUN, 1, "--device|e1000" },
  { "plan|-S", QR_COMMAND_PLAN, 2, "-S" },
  { "plan|--policy=qemu|--|-S", QR_COMMAND_PLAN, 4, "-S" },
  { "plan|--policy|qemu|-S", QR_COMMAND_PLAN, 4, "-S" },
  { "plan|--|run", QR_COMMAND_PLAN, 3, "run" },
  { "plan|--|--|-S", QR_COMMAND_PLAN, 3, "--|-S" },
  { "plan|plan", QR_COMMAND_PLAN, 2, "plan" },
  { "plan|", QR_COMMAND_PLAN, 2, "" },
  { "plan|-append|--policy", QR_COMMAND_PLAN, 2, "-append|--policy" },
  { "plan|--|-append|--policy=x", QR_COMMAND_PLAN, 3, "-append|--policy=x" },
  { "explain|net0|-S", QR_COMMAND_EXPLAIN, 3, "-S" },
  { "explain|--policy=qemu|net0|--|-S", QR_COMMAND_EXPLAIN, 5, "-S" },
  { "explain|net0|--policy=qemu|--|-S", QR_COMMAND_EXPLAIN, 5, "-S" },
  { "check|-S", QR_COMMAND_CHECK, 2, "-S" },
  { "check|--allow=nic-order|--format=json|--|-S", QR_COMMAND_CHECK, 5, "-S" },
  { "diff|a|b", QR_COMMAND_DIFF, 4, "" },
  { "diff|a|-", QR_COMMAND_DIFF, 4, "" },
  { "diff|a|--format=json|b|--policy|qemu", QR_COMMAND_DIFF, 7, "" },
  { "diff|--|--a|--format=b", QR_COMMAND_DIFF, 5, "" },
  { "diff|a|--|-b", QR_COMMAND_DIFF, 5, "" },
  { "--help", QR_COMMAND_HELP, 1, "--help" },
  { "--version", QR_COMMAND_VERSION, 1, "--version" },
  { "-help", QR_COMMAND_RUN, 1, "-help" },
  { "run|--help", QR_COMMAND_RUN, 2, "--help" },
  { "run|--version", QR_COMMAND_RUN, 2, "--version" },
};

/* Splits @line behind a program's name. */
static char **
split (const char *line)
{
  g_autofree char *whole = g_strconcat ("qriser|", line, NULL);

  return g_strsplit (whole, "|", -1);
}

static gboolean
parse (char **argv, QrOptions *options, GError **error)
{
  return qr_options_parse ((const char *const *) argv, &qr_profiles_builtin, options, error);
}

static void
test_command (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) argv = split (commands[i].line);
  g_auto (QrOptions) options = { .status_fd = -1 };
  g_autofree char *qemu = NULL;
  GError *error = NULL;

  g_assert_true (parse (argv, &options, &error));
  g_assert_no_error (error);
  g_assert_cmpint (options.command, ==, commands[i].command);
  if (options.command == QR_COMMAND_HELP || options.command == QR_COMMAND_VERSION)
    return;
  qemu = g_strjoinv ("|", (char **) options.words);
  g_assert_cmpstr (qemu, ==, commands[i].qemu);
  g_assert_cmpuint (options.first, ==, commands[i].first);
  g_assert_true (options.words == (const char *const *) argv + options.first);
}

static const struct
{
  const char *name, *line, *drawn;
} refused[] = {
  { "format-of-run", "run|--format=json",
    "qriser: error: \"--format\" does not belong to this command\n"
    "  argument 2: --format=json\n"
    "              ^~~~~~~~~~~~~\n" },
  { "format-unknown", "plan|--format=xml",
    "qriser: error: there is no format \"xml\"\n"
    "  argument 2: --format=xml\n"
    "              ^~~~~~~~~~~~\n"
    "  hint: tree, shell, argv0, json\n" },
  { "format-of-check", "check|--format=tree",
    "qriser: error: this command has no format \"tree\"\n"
    "  argument 2: --format=tree\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: json; leave --format out for text\n" },
  { "missing-value", "plan|--policy",
    "qriser: error: \"--policy\" needs a value: NAME[@VERSION]|PATH\n"
    "  argument 2: --policy\n"
    "              ^~~~~~~~\n" },
  { "flag-with-value", "plan|--verbose=1",
    "qriser: error: \"--verbose\" takes no value\n"
    "  argument 2: --verbose=1\n"
    "              ^~~~~~~~~~~\n" },
  { "misspelt", "plan|--polciy=qemu",
    "qriser: error: unknown option \"--polciy\"\n"
    "  argument 2: --polciy=qemu\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: did you mean --policy?\n" },
  { "unknown-value", "plan|--xyzzyxyzzy=1",
    "qriser: error: unknown option \"--xyzzyxyzzy\"\n"
    "  argument 2: --xyzzyxyzzy=1\n"
    "              ^~~~~~~~~~~~~~\n"
    "  hint: qriser --help lists the options\n" },
  { "misspelt-command", "plna|-S",
    "qriser: error: \"plna\" stands where QEMU's arguments begin\n"
    "  argument 1: plna\n"
    "              ^~~~\n"
    "  hint: the command comes first: qriser plan; a disk image of that name is ./plna\n" },
  { "late-command", "--policy=qemu|plan|-S",
    "qriser: error: \"plan\" stands where QEMU's arguments begin\n"
    "  argument 2: plan\n"
    "              ^~~~\n"
    "  hint: the command comes first: qriser plan; a disk image of that name is ./plan\n" },
  { "late", "plan|-S|--policy=qemu",
    "qriser: error: qriser's option \"--policy=qemu\" stands among QEMU's arguments\n"
    "  argument 3: --policy=qemu\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: write it before QEMU's arguments\n" },
  { "late-behind-dashes", "plan|--|--verbose",
    "qriser: error: qriser's option \"--verbose\" stands among QEMU's arguments\n"
    "  argument 3: --verbose\n"
    "              ^~~~~~~~~\n"
    "  hint: write it before QEMU's arguments\n" },
  { "late-after-an-argument", "-m|2G|--qemu|x",
    "qriser: error: qriser's option \"--qemu\" stands among QEMU's arguments\n"
    "  argument 3: --qemu\n"
    "              ^~~~~~\n"
    "  hint: write it before QEMU's arguments\n" },
  { "allow-unknown", "plan|--allow=everything", NULL },
  { "spare-negative", "plan|--spare=-1", "qriser: error: \"-1\" is no number of empty ports\n"
                                        "  argument 2: --spare=-1\n"
                                        "              ^~~~~~~~~~\n"
                                        "  hint: write a number of ports, 0 to 255, or fill\n" },
  { "spare-too-many", "plan|--spare=256", "qriser: error: \"256\" is no number of empty ports\n"
                                         "  argument 2: --spare=256\n"
                                         "              ^~~~~~~~~~~\n"
                                         "  hint: write a number of ports, 0 to 255, or fill\n" },
  { "pack-word", "plan|--pack=maybe", "qriser: error: \"maybe\" is neither on nor off\n"
                                     "  argument 2: --pack=maybe\n"
                                     "              ^~~~~~~~~~~~\n"
                                     "  hint: write on or off\n" },
  { "allow-unknown-of-check", "check|--allow=everything", NULL },
  { "fd-text", "plan|--status-fd=x",
    "qriser: error: \"x\" is no file descriptor\n"
    "  argument 2: --status-fd=x\n"
    "              ^~~~~~~~~~~~~\n" },
  { "fd-of-qemu", "plan|--status-fd=2",
    "qriser: error: descriptor 2 is one that QEMU needs itself\n"
    "  argument 2: --status-fd=2\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: open another one for it, 3 or higher\n" },
  { "fd-negative", "plan|--status-fd=-1",
    "qriser: error: \"-1\" is no file descriptor\n"
    "  argument 2: --status-fd=-1\n"
    "              ^~~~~~~~~~~~~~\n" },
  { "fd-large", "plan|--status-fd|2147483648",
    "qriser: error: \"2147483648\" is no file descriptor\n"
    "  argument 2: --status-fd\n"
    "              ^~~~~~~~~~~\n" },
  { "explain-nothing", "explain",
    "qriser: error: ID is missing\n"
    "  argument 1: explain\n"
    "              ^~~~~~~\n"
    "  hint: qriser explain ID -- QEMU's arguments\n" },
  { "explain-dashes", "explain|--|-S",
    "qriser: error: ID is missing\n"
    "  argument 1: explain\n"
    "              ^~~~~~~\n"
    "  hint: qriser explain ID -- QEMU's arguments\n" },
  { "explain-option", "explain|-S",
    "qriser: error: ID is missing\n"
    "  argument 1: explain\n"
    "              ^~~~~~~\n"
    "  hint: qriser explain ID -- QEMU's arguments\n" },
  { "diff-nothing", "diff",
    "qriser: error: A is missing\n"
    "  argument 1: diff\n"
    "              ^~~~\n"
    "  hint: qriser diff A B\n" },
  { "diff-one", "diff|a|--policy=qemu",
    "qriser: error: B is missing\n"
    "  argument 3: --policy=qemu\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: qriser diff A B\n" },
  { "diff-three", "diff|a|b|c",
    "qriser: error: \"c\" is one word too many\n"
    "  argument 4: c\n"
    "              ^\n"
    "  hint: qriser diff A B\n" },
  { "diff-three-behind-dashes", "diff|a|--|b|c",
    "qriser: error: \"c\" is one word too many\n"
    "  argument 5: c\n"
    "              ^\n"
    "  hint: qriser diff A B\n" },
  { "diff-dash", "diff|-b|a",
    "qriser: error: unknown option \"-b\"\n"
    "  argument 2: -b\n"
    "              ^~\n"
    "  hint: a file of that name is ./-b\n" },
  { "diff-misspelt", "diff|--polciy=qemu|a|b",
    "qriser: error: unknown option \"--polciy\"\n"
    "  argument 2: --polciy=qemu\n"
    "              ^~~~~~~~~~~~~\n"
    "  hint: did you mean --policy?\n" },
  { "diff-input-twice", "diff|-|-",
    "qriser: error: standard input can be read once\n"
    "  argument 3: -\n"
    "              ^\n"
    "  hint: give one of them a file\n" },
  { "diff-allow", "diff|--allow=no-function-0|a|b",
    "qriser: error: \"--allow\" does not belong to this command\n"
    "  argument 2: --allow=no-function-0\n"
    "              ^~~~~~~~~~~~~~~~~~~~~\n" },
  { "help-and-more", "--help|me",
    "qriser: error: \"--help\" takes nothing more\n"
    "  argument 2: me\n"
    "              ^~\n" },
  { "version-and-more", "--version|-S",
    "qriser: error: \"--version\" takes nothing more\n"
    "  argument 2: -S\n"
    "              ^~\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) argv = split (refused[i].line);
  g_auto (QrOptions) options = { .status_fd = -1 };
  GError *error = NULL;

  g_assert_false (parse (argv, &options, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_USAGE);
  g_assert_cmpstr (qr_error_code (error), ==, "usage");
  if (refused[i].drawn != NULL)
    test_error_is (&error, refused[i].drawn);
  else
    test_error_code (&error, QR_STATUS_USAGE, "usage", "no check has the code \"everything\"");
}

static void
test_nothing (void)
{
  const char *argv[] = { "qriser", NULL };
  g_auto (QrOptions) options = { .status_fd = -1 };
  GError *error = NULL;

  g_assert_false (qr_options_parse (argv, &qr_profiles_builtin, &options, &error));
  test_error_is (&error, "qriser: error: no command is given\n"
                         "  hint: qriser --help lists the commands\n");
}

static void
test_values (void)
{
  g_auto (GStrv) argv = split ("plan|--qemu=q|--arch|a|--policy=p@2|--primary=v|--allow=bus-depth"
                               "|--seccomp=off|--sysfs=/s|--format=json|--status-fd=9|--verbose|-S");
  g_autofree char *codes = qr_check_codes ();
  g_auto (GStrv) code = g_strsplit (codes, ", ", 2);
  g_auto (QrOptions) options = { .status_fd = -1 };
  GError *error = NULL;

  g_free (argv[7]);
  argv[7] = g_strconcat ("--allow=", code[0], NULL);
  g_assert_true (parse (argv, &options, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (options.qemu, ==, "q");
  g_assert_cmpstr (options.arch, ==, "a");
  g_assert_cmpstr (options.policy, ==, "p@2");
  g_assert_cmpstr (options.primary, ==, "v");
  g_assert_cmpstr (options.seccomp, ==, "off");
  g_assert_cmpstr (options.sysfs, ==, "/s");
  g_assert_cmpint (options.format, ==, QR_FORMAT_JSON);
  g_assert_cmpint (options.status_fd, ==, 9);
  g_assert_true (options.verbose);
  g_assert_cmpuint (options.allowed->len, ==, 2);
  g_assert_cmpstr (options.allowed->pdata[0], ==, code[0]);
  g_assert_null (options.allowed->pdata[1]);
}

static void
test_defaults (void)
{
  g_auto (GStrv) argv = split ("plan|-S");
  g_auto (QrOptions) options = { .status_fd = 5 };
  GError *error = NULL;

  g_assert_true (parse (argv, &options, &error));
  g_assert_no_error (error);
  g_assert_null (options.qemu);
  g_assert_null (options.qemu_version);
  g_assert_null (options.policy);
  g_assert_null (options.seccomp);
  g_assert_cmpstr (options.sysfs, ==, "/sys");
  g_assert_cmpint (options.format, ==, QR_FORMAT_TREE);
  g_assert_cmpint (options.status_fd, ==, -1);
  g_assert_false (options.verbose);
  g_assert_cmpuint (options.allowed->len, ==, 1);
}

/* A failure knows where to report itself as soon as that was read. */
static void
test_early_status_fd (void)
{
  g_auto (GStrv) argv = split ("plan|--status-fd=7|--format=xml");
  g_auto (QrOptions) options = { .status_fd = -1 };
  GError *error = NULL;

  g_assert_false (parse (argv, &options, &error));
  g_assert_cmpint (options.status_fd, ==, 7);
  g_clear_error (&error);
}

/* No name of ours is one of QEMU's: what a word means never depends on its place. */
static void
test_names (void)
{
  g_autofree const char **names = qr_options_names ();
  g_autofree char *help = qr_options_help ();

  g_assert_nonnull (names[0]);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *word = g_strconcat ("\n  --", names[i], NULL);

      g_assert_null (qr_profiles_find_option (&qr_profiles_builtin, names[i]));
      g_assert_nonnull (strstr (help, word));
    }
  g_assert_null (strchr (help, '\t'));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = g_strdup_printf ("/options/command/%s", commands[i].line);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_command);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/options/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/options/nothing", test_nothing);
  g_test_add_func ("/options/values", test_values);
  g_test_add_func ("/options/defaults", test_defaults);
  g_test_add_func ("/options/early-status-fd", test_early_status_fd);
  g_test_add_func ("/options/names", test_names);
  return g_test_run ();
}
