/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -qriser among QEMU's arguments. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "drop-in.h"

/* Words with blanks between; @shown: what is not as it is when nothing is said. */
static const struct
{
  const char *name, *line, *shown;
} cases[] = {
  { "nothing", "", "" },
  { "qemu-only", "-M q35 -m 1G disk.img", "" },
  { "empty-value", "-qriser @", "" },
  { "qemu", "-qriser qemu=/q", "qemu=/q" },
  { "qemu-version", "-qriser qemu-version=7.2", "qemu-version=7.2" },
  { "qemu-version-long", "-qriser qemu-version=10.0.2", "qemu-version=10.0.2" },
  { "policy", "-qriser policy=ich9@1", "policy=ich9@1" },
  { "primary", "-qriser primary=d", "primary=d" },
  { "spare", "-qriser spare=4", "spare=4" },
  { "spare-fill", "-qriser spare=fill", "spare=fill" },
  { "pack", "-qriser pack=on", "pack=on" },
  { "pack-off", "-qriser pack=off", "" },
  { "roles", "-qriser roles=/a,roles=/b -qriser roles=/c", "roles=/a roles=/b roles=/c" },
  { "controllers", "-qriser controllers=auto", "controllers=auto" },
  { "controllers-off", "-qriser controllers=off", "controllers=off" },
  { "dev", "-qriser dev=disk=a,,format=raw,dev=rng=,policy=qemu -qriser dev=nic=user", "policy=qemu" },
  { "lock", "-qriser lock=/l", "lock=/l" },
  { "seccomp", "-qriser seccomp=off", "seccomp=off" },
  { "sysfs", "-qriser sysfs=/s", "sysfs=/s" },
  { "allow", "-qriser allow=slot-behind-port", "allow=slot-behind-port" },
  { "allow-two", "-qriser allow=slot-behind-port:port-on-conventional",
    "allow=slot-behind-port allow=port-on-conventional" },
  { "status-fd", "-qriser status-fd=3", "status-fd=3" },
  { "status-fd-high", "-qriser status-fd=2147483647", "status-fd=2147483647" },
  { "plan-tree", "-qriser plan=tree", "plan=tree" },
  { "plan-shell", "-qriser plan=shell", "plan=shell" },
  { "plan-argv0", "-qriser plan=argv0", "plan=argv0" },
  { "plan-json", "-qriser plan=json", "plan=json" },
  { "best-effort", "-qriser best-effort=on", "best-effort=on" },
  { "landlock", "-qriser landlock=require", "landlock=require" },
  { "allow-path", "-qriser allow-path=ro:/a,allow-path=rw:/b -qriser allow-path=ro:/c",
    "allow-path=ro:/a allow-path=rw:/b allow-path=ro:/c" },
  { "several-keys", "-qriser plan=json,policy=qemu,seccomp=default",
    "policy=qemu seccomp=default plan=json" },
  { "several-options", "-qriser policy=qemu -M q35 -qriser seccomp=default",
    "policy=qemu seccomp=default" },
  { "in-the-middle", "-M q35 -qriser policy=qemu -m 1G", "policy=qemu" },
  { "last", "-nodefaults -qriser policy=qemu", "policy=qemu" },
  { "two-dashes", "--qriser policy=qemu", "policy=qemu" },
  { "comma-in-value", "-qriser qemu=/a,,b,policy=qemu", "qemu=/a,b policy=qemu" },
  { "comma-at-end", "-qriser policy=qemu,", "policy=qemu" },
  { "equals-in-value", "-qriser qemu=/a=b", "qemu=/a=b" },
  { "as-a-value", "-name -qriser", "" },
  { "as-a-value-then-own", "-name -qriser -qriser policy=qemu", "policy=qemu" },
  { "as-its-own-value", "-name --qriser policy=qemu", "" },
  { "behind-a-flag", "-nodefaults -qriser policy=qemu", "policy=qemu" },
  { "as-a-disk-image", "qriser policy=qemu", "" },
  { "behind-an-unknown-option", "-foo -qriser policy=qemu", "policy=qemu" },
  { "behind-three-dashes", "---foo -qriser policy=qemu", "policy=qemu" },
  { "three-dashes", "---qriser policy=qemu", "" },
  { "with-equals", "-qriser=policy=qemu", "" },
  { "longer", "-qrisers policy=qemu", "" },
  { "behind-option-without-value", "-qriser policy=qemu -name", "policy=qemu" },
};

static void
show_text (GString *out, const char *key, const char *value)
{
  if (value != NULL)
    g_string_append_printf (out, "%s%s=%s", out->len == 0 ? "" : " ", key, value);
}

static char *
show (const QrOptions *options)
{
  GString *out = g_string_new (NULL);

  show_text (out, "qemu", options->qemu);
  show_text (out, "qemu-version", options->qemu_version);
  show_text (out, "policy", options->policy);
  show_text (out, "primary", options->primary);
  if (options->spare == QR_SPARE_FILL)
    show_text (out, "spare", "fill");
  else if (options->spare != QR_SPARE_POLICY)
    g_string_append_printf (out, "%sspare=%d", out->len == 0 ? "" : " ", options->spare);
  show_text (out, "pack", options->pack ? "on" : NULL);
  for (guint i = 0; options->roles->pdata[i] != NULL; i++)
    show_text (out, "roles", options->roles->pdata[i]);
  if (options->controllers >= 0)
    show_text (out, "controllers", options->controllers > 0 ? "auto" : "off");
  show_text (out, "lock", options->lock);
  show_text (out, "seccomp", options->seccomp);
  show_text (out, "best-effort", options->best_effort ? "on" : NULL);
  show_text (out, "landlock", options->landlock);
  for (guint i = 0; options->paths->pdata[i] != NULL; i++)
    show_text (out, "allow-path", options->paths->pdata[i]);
  if (strcmp (options->sysfs, "/sys") != 0)
    show_text (out, "sysfs", options->sysfs);
  for (gsize i = 0; options->allowed->pdata[i] != NULL; i++)
    show_text (out, "allow", options->allowed->pdata[i]);
  if (options->status_fd != -1)
    g_string_append_printf (out, "%sstatus-fd=%d", out->len == 0 ? "" : " ", options->status_fd);
  if (options->command == QR_COMMAND_PLAN)
    show_text (out, "plan", qr_format_names[options->format]);
  return g_string_free (out, FALSE);
}

/* "@" stands for an empty word. */
static char **
words_of (const char *line)
{
  g_autofree char *whole = g_strconcat ("qemu-system-x86_64", *line == '\0' ? "" : " ", line, NULL);
  char **words = g_strsplit (whole, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (strcmp (*word, "@") == 0)
      **word = '\0';
  return words;
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = words_of (cases[i].line);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (QrOptions) options = { 0 };
  g_autofree char *shown = NULL;
  GError *error = NULL;

  g_assert_true (qr_drop_in_parse ((const char *const *) words, &qr_profiles_builtin, pool,
                                   &options, &error));
  g_assert_no_error (error);
  shown = show (&options);
  g_assert_cmpstr (shown, ==, cases[i].shown);
  g_assert_true (options.words == (const char *const *) words + 1);
  g_assert_cmpuint (options.first, ==, 1);
  g_assert_cmpint (options.command, ==, strstr (shown, "plan=") == NULL ? QR_COMMAND_RUN : QR_COMMAND_PLAN);
}

#define KEYS "  hint: keys are: qemu, qemu-version, policy, primary, spare, pack, roles, controllers, dev, lock, allow, seccomp, best-effort, landlock, allow-path, sysfs, plan, status-fd\n"

/* @status_fd: what is known of it nevertheless. */
static const struct
{
  const char *name, *line;
  int status_fd;
  const char *drawn;
} refused[] = {
  { "unknown", "-M q35 -qriser poliicy=qemu", -1,
    "qriser: error: option \"-qriser\" has no key \"poliicy\"\n"
    "  argument 4: poliicy=qemu\n"
    "              ^~~~~~~\n" KEYS },
  { "format-of-the-tool", "-qriser format=json", -1,
    "qriser: error: option \"-qriser\" has no key \"format\"\n"
    "  argument 2: format=json\n"
    "              ^~~~~~\n" KEYS },
  { "verbose-of-the-tool", "-qriser verbose=on", -1,
    "qriser: error: option \"-qriser\" has no key \"verbose\"\n"
    "  argument 2: verbose=on\n"
    "              ^~~~~~~\n" KEYS },
  { "key-empty", "-qriser =v", -1,
    "qriser: error: option \"-qriser\" has no key \"\"\n"
    "  argument 2: =v\n"
    "              ^\n" KEYS },
  { "value-empty", "-qriser qemu=", -1,
    "qriser: error: \"qemu\" needs a value: PATH\n"
    "  argument 2: qemu=\n"
    "                   ^\n" },
  { "no-argument", "-M q35 -qriser", -1,
    "qriser: error: option \"-qriser\" needs an argument\n"
    "  hint: write -qriser key=value,...\n" },
  { "bare", "-qriser policy", -1,
    "qriser: error: \"policy\" has no value\n"
    "  argument 2: policy\n"
    "              ^~~~~~\n"
    "  hint: write key=value\n" },
  { "bare-no", "-qriser policy=qemu,noseccomp", -1,
    "qriser: error: \"seccomp\" has no value\n"
    "  argument 2: policy=qemu,noseccomp\n"
    "                          ^~~~~~~~~\n"
    "  hint: write key=value\n" },
  { "help", "-qriser help", -1,
    "qriser: error: \"help\" has no value\n"
    "  argument 2: help\n"
    "              ^~~~\n"
    "  hint: write key=value\n" },
  { "json", "-qriser {\"policy\":\"qemu\"}", -1,
    "qriser: error: \"{\"policy\":\"qemu\"}\" has no value\n"
    "  argument 2: {\"policy\":\"qemu\"}\n"
    "              ^~~~~~~~~~~~~~~~~\n"
    "  hint: write key=value\n" },
  { "twice-in-one", "-qriser policy=qemu,policy=qemu", -1,
    "qriser: error: key \"policy\" stands twice\n"
    "  argument 2: policy=qemu,policy=qemu\n"
    "                          ^~~~~~\n" },
  { "twice-in-two", "-qriser policy=qemu -m 1G --qriser policy=qemu", -1,
    "qriser: error: key \"policy\" stands twice\n"
    "  argument 6: policy=qemu\n"
    "              ^~~~~~\n" },
  { "allow-twice", "-qriser allow=slot-behind-port -qriser allow=slot-behind-port", -1,
    "qriser: error: key \"allow\" stands twice\n"
    "  argument 4: allow=slot-behind-port\n"
    "              ^~~~~\n" },
  { "version", "-qriser qemu-version=7", -1,
    "qriser: error: \"7\" is no version\n"
    "  argument 2: qemu-version=7\n"
    "                           ^\n"
    "  hint: write it as 7.2 or 10.0\n" },
  { "plan", "-qriser plan=xml", -1,
    "qriser: error: there is no format \"xml\"\n"
    "  argument 2: plan=xml\n"
    "                   ^~~\n"
    "  hint: tree, shell, argv0, json\n" },
  { "status-fd-word", "-qriser status-fd=x", -1,
    "qriser: error: \"x\" is no file descriptor\n"
    "  argument 2: status-fd=x\n"
    "                        ^\n" },
  { "status-fd-too-high", "-qriser status-fd=2147483648", -1,
    "qriser: error: \"2147483648\" is no file descriptor\n"
    "  argument 2: status-fd=2147483648\n"
    "                        ^~~~~~~~~~\n" },
  { "status-fd-stderr", "-qriser status-fd=2", -1,
    "qriser: error: descriptor 2 is one that QEMU needs itself\n"
    "  argument 2: status-fd=2\n"
    "                        ^\n"
    "  hint: open another one for it, 3 or higher\n" },
  { "status-fd-before-a-fault", "-qriser status-fd=5,policy=a,policy=b", 5,
    "qriser: error: key \"policy\" stands twice\n"
    "  argument 2: status-fd=5,policy=a,policy=b\n"
    "                                   ^~~~~~\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = words_of (refused[i].line);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (QrOptions) options = { 0 };
  GError *error = NULL;

  g_assert_false (qr_drop_in_parse ((const char *const *) words, &qr_profiles_builtin, pool,
                                    &options, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, "usage");
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_USAGE);
  g_assert_cmpint (options.status_fd, ==, refused[i].status_fd);
  test_error_is (&error, refused[i].drawn);
}

/* A code that is none: the hint lists those that there are. */
static const char *const codes[] = { "allow=nothing", "allow=", "allow=slot-behind-port:", "allow=slot-behind-port:x" };

static void
test_code (gconstpointer data)
{
  g_autofree char *line = g_strconcat ("-qriser ", (const char *) data, NULL), *known = qr_check_codes (),
                  *hint = g_strdup_printf ("\n  hint: %s\n", known), *drawn = NULL;
  g_auto (GStrv) words = words_of (line);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (QrOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (qr_drop_in_parse ((const char *const *) words, &qr_profiles_builtin, pool,
                                    &options, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_USAGE);
  drawn = qr_error_render (error, "qriser");
  g_assert_true (g_str_has_prefix (drawn, "qriser: error: no check has the code \""));
  g_assert_nonnull (strstr (drawn, "\n  argument 2: allow="));
  g_assert_true (g_str_has_suffix (drawn, hint));
}

/* Each key of the table has a case above. */
static void
test_keys (void)
{
  for (guint i = 0; i < qr_n_switches; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("-qriser %s=", qr_switches[i].name);
      guint n = 0;

      for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
        n += g_str_has_prefix (cases[j].line, prefix);
      g_assert_cmpint (n > 0, ==, qr_switches[i].drop_in);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/drop-in/line/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/drop-in/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/drop-in/code/%s", codes[i]);

      g_test_add_data_func (name, codes[i], test_code);
    }
  g_test_add_func ("/drop-in/keys", test_keys);
  return g_test_run ();
}
