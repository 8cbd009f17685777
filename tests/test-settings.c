/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the system's and the user's file say for a name, and what they may not say. The
 * files stand in a directory of the test's own, where it runs: so errors show short names. */
#include "config.h"

#include "testlib.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings.h"

#define SYSTEM "system.conf"
#define USER "user.conf"

static const char shown_nothing[] = "qemu=- version=- policy=- seccomp=- landlock=- loosen=0";

static gboolean
read_settings (const char *system, const char *user, const char *name, QrPool *pool,
               QrSettings *out, GError **error)
{
  const QrSettingsFile files[] = { { system, geteuid (), TRUE }, { user, geteuid (), FALSE } };

  return qr_settings_read (files, G_N_ELEMENTS (files), name, &qr_profiles_builtin, pool, out,
                           error);
}

static const char *
said (const char *text)
{
  return text == NULL ? "-" : text;
}

static char *
show (const QrSettings *settings)
{
  return g_strdup_printf ("qemu=%s version=%s policy=%s seccomp=%s landlock=%s loosen=%d",
                          said (settings->qemu), said (settings->qemu_version),
                          said (settings->policy), said (settings->seccomp), said (settings->landlock),
                          settings->allow_user_loosen);
}

/* @system and @user: texts; NULL: there is no file. */
static const struct
{
  const char *name, *system, *user, *called, *shown;
} cases[] = {
  { "no-files", NULL, NULL, "qriser", "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "empty", "", "", "qriser", "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "comments", "# a\n\n", "#\n", "qriser", "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "all-keys",
    "[qriser]\n qemu = \"/q\"\n qemu-version = \"7.2\"\n policy = \"qemu@1\"\n seccomp = \"off\"\n"
    " allow-user-loosen = \"on\"\n",
    NULL, "qriser", "qemu=/q version=7.2 policy=qemu@1 seccomp=off landlock=- loosen=1" },
  { "name-before-all", "[qriser]\nqemu = \"/all\"\npolicy = \"ich9\"\n[name \"n\"]\nqemu = \"/n\"\n",
    NULL, "n", "qemu=/n version=- policy=ich9 seccomp=- landlock=- loosen=0" },
  { "other-name", "[qriser]\nqemu = \"/all\"\n[name \"n\"]\nqemu = \"/n\"\n", NULL, "m",
    "qemu=/all version=- policy=- seccomp=- landlock=- loosen=0" },
  { "name-is-whole", "[name \"n\"]\nqemu = \"/n\"\n", NULL, "nn",
    "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "like", "[name \"n\"]\nlike = \"m\"\npolicy = \"qemu\"\n[name \"m\"]\nqemu = \"/m\"\n", NULL, "n",
    "qemu=/m version=- policy=qemu seccomp=- landlock=- loosen=0" },
  { "like-is-behind", "[name \"n\"]\nlike = \"m\"\nqemu = \"/n\"\n[name \"m\"]\nqemu = \"/m\"\n", NULL,
    "n", "qemu=/n version=- policy=- seccomp=- landlock=- loosen=0" },
  { "like-is-before-all", "[qriser]\nqemu = \"/all\"\n[name \"n\"]\nlike = \"m\"\n[name \"m\"]\nqemu = \"/m\"\n",
    NULL, "n", "qemu=/m version=- policy=- seccomp=- landlock=- loosen=0" },
  { "like-of-like",
    "[name \"a\"]\nlike = \"b\"\n[name \"b\"]\nlike = \"c\"\npolicy = \"qemu\"\n[name \"c\"]\nqemu = \"/c\"\npolicy = \"ich9\"\n",
    NULL, "a", "qemu=/c version=- policy=qemu seccomp=- landlock=- loosen=0" },
  { "like-unused", "[name \"a\"]\nlike = \"nobody\"\n", NULL, "b",
    "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "circle-unused", "[name \"a\"]\nlike = \"a\"\n", NULL, "b",
    "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "user-before-system", "[qriser]\nqemu = \"/s\"\npolicy = \"ich9@1\"\n", "[qriser]\nqemu = \"/u\"\n", "qriser",
    "qemu=/u version=- policy=ich9@1 seccomp=- landlock=- loosen=0" },
  { "user-for-all-before-system-for-name", "[name \"n\"]\nqemu = \"/s\"\n", "[qriser]\nqemu = \"/u\"\n", "n",
    "qemu=/u version=- policy=- seccomp=- landlock=- loosen=0" },
  { "user-only", NULL, "[qriser]\nqemu = \"/u\"\n", "qriser",
    "qemu=/u version=- policy=- seccomp=- landlock=- loosen=0" },
  { "user-is-default", NULL, "[qriser]\nseccomp = \"default\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=default landlock=- loosen=0" },
  { "user-tightens", "[qriser]\nseccomp = \"off\"\n", "[qriser]\nseccomp = \"default\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=default landlock=- loosen=0" },
  { "user-tightens-a-step", "[qriser]\nseccomp = \"legacy-spawn\"\n", "[qriser]\nseccomp = \"desktop\"\n",
    "qriser", "qemu=- version=- policy=- seccomp=desktop landlock=- loosen=0" },
  { "user-agrees", "[qriser]\nseccomp = \"desktop\"\n", "[qriser]\nseccomp = \"desktop\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=desktop landlock=- loosen=0" },
  { "user-path-after-off", "[qriser]\nseccomp = \"off\"\n", "[qriser]\nseccomp = \"/p.json\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=/p.json landlock=- loosen=0" },
  { "landlock", "[qriser]\nlandlock = \"require\"\n", NULL, "qriser",
    "qemu=- version=- policy=- seccomp=- landlock=require loosen=0" },
  { "user-holds", NULL, "[qriser]\nlandlock = \"require\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=- landlock=require loosen=0" },
  { "user-lets-go-said", "[qriser]\nallow-user-loosen = \"on\"\nlandlock = \"require\"\n",
    "[qriser]\nlandlock = \"off\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=- landlock=off loosen=1" },
  { "user-agrees-on-path", "[qriser]\nseccomp = \"/p.json\"\n", "[qriser]\nseccomp = \"/p.json\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=/p.json landlock=- loosen=0" },
  { "user-loosens", "[qriser]\nallow-user-loosen = \"on\"\n", "[qriser]\nseccomp = \"off\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=off landlock=- loosen=1" },
  { "user-loosens-said", "[qriser]\nallow-user-loosen = \"yes\"\nseccomp = \"default\"\n",
    "[name \"n\"]\nseccomp = \"legacy-spawn\"\n", "n",
    "qemu=- version=- policy=- seccomp=legacy-spawn landlock=- loosen=1" },
  { "user-loosens-by-path", "[qriser]\nallow-user-loosen = \"true\"\nseccomp = \"/s.json\"\n",
    "[qriser]\nseccomp = \"/u.json\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=/u.json landlock=- loosen=1" },
  { "other-name-loosens", NULL, "[name \"n\"]\nseccomp = \"off\"\n", "qriser",
    "qemu=- version=- policy=- seccomp=- landlock=- loosen=0" },
  { "loosening-hidden-by-name", NULL, "[qriser]\nseccomp = \"off\"\n[name \"n\"]\nseccomp = \"default\"\n", "n",
    "qemu=- version=- policy=- seccomp=default landlock=- loosen=0" },
  { "empty-value", "[qriser]\nqemu = \"\"\n", NULL, "qriser", "qemu= version=- policy=- seccomp=- landlock=- loosen=0" },
  { "empty-name", "[name \"\"]\nqemu = \"/q\"\n", NULL, "", "qemu=/q version=- policy=- seccomp=- landlock=- loosen=0" },
};

static void
write_files (const char *system, const char *user)
{
  (void) unlink (SYSTEM);
  (void) unlink (USER);
  if (system != NULL)
    g_free (test_file (".", SYSTEM, system));
  if (user != NULL)
    g_free (test_file (".", USER, user));
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *shown = NULL;
  GError *error = NULL;
  QrSettings settings;

  write_files (cases[i].system, cases[i].user);
  g_assert_true (read_settings (SYSTEM, USER, cases[i].called, pool, &settings, &error));
  g_assert_no_error (error);
  shown = show (&settings);
  g_assert_cmpstr (shown, ==, cases[i].shown);
}

#define KEYS "  hint: keys are: qemu, qemu-version, policy, seccomp, landlock, allow-user-loosen, like\n"
#define GROUPS "  hint: groups are [qriser] and [name \"argv0\"]\n"
#define LOOSEN "  hint: the system's file would have to say allow-user-loosen = \"on\"\n"

static const struct
{
  const char *name, *system, *user, *called, *drawn;
} refused[] = {
  { "unknown-key", "[qriser]\n  qemu = \"/q\"\n  qmu = \"/q\"\n", NULL, "qriser",
    "qriser: error: unknown key \"qmu\"\n"
    "  system.conf:3:3:   qmu = \"/q\"\n"
    "                     ^~~\n" KEYS },
  { "unknown-key-of-other-name", "[name \"n\"]\nQemu = \"/q\"\n", NULL, "qriser",
    "qriser: error: unknown key \"Qemu\"\n"
    "  system.conf:2:1: Qemu = \"/q\"\n"
    "                   ^~~~\n" KEYS },
  { "unknown-group", "[qriser]\n\n[device \"d\"]\n", NULL, "qriser",
    "qriser: error: unknown group\n"
    "  system.conf:3:1: [device \"d\"]\n"
    "                   ^~~~~~~~~~~~\n" GROUPS },
  { "group-with-id", "[qriser \"q\"]\n", NULL, "qriser",
    "qriser: error: unknown group\n"
    "  system.conf:1:1: [qriser \"q\"]\n"
    "                   ^~~~~~~~~~~~\n" GROUPS },
  { "name-without-id", "[name]\n", NULL, "qriser",
    "qriser: error: unknown group\n"
    "  system.conf:1:1: [name]\n"
    "                   ^~~~~~\n" GROUPS },
  { "group-in-capitals", "[Qriser]\n", NULL, "qriser",
    "qriser: error: unknown group\n"
    "  system.conf:1:1: [Qriser]\n"
    "                   ^~~~~~~~\n" GROUPS },
  { "key-twice", "[qriser]\nqemu = \"/q\"\nqemu = \"/q\"\n", NULL, "qriser",
    "qriser: error: key \"qemu\" stands twice in its group\n"
    "  system.conf:3:1: qemu = \"/q\"\n"
    "                   ^~~~\n" },
  { "group-twice", "[qriser]\n[qriser]\n", NULL, "qriser",
    "qriser: error: the group stands twice\n"
    "  system.conf:2:1: [qriser]\n"
    "                   ^~~~~~~~\n" },
  { "name-twice", "[name \"n\"]\n[name \"m\"]\n[name \"n\"]\n", NULL, "qriser",
    "qriser: error: the group stands twice\n"
    "  system.conf:3:1: [name \"n\"]\n"
    "                   ^~~~~~~~~~\n" },
  { "like-for-all", "[qriser]\nlike = \"n\"\n", NULL, "qriser",
    "qriser: error: key \"like\" means nothing here\n"
    "  system.conf:2:1: like = \"n\"\n"
    "                   ^~~~\n"
    "  hint: it belongs to a group [name \"...\"]\n" },
  { "allow-in-name", "[name \"n\"]\nallow-user-loosen = \"on\"\n", NULL, "qriser",
    "qriser: error: key \"allow-user-loosen\" means nothing here\n"
    "  system.conf:2:1: allow-user-loosen = \"on\"\n"
    "                   ^~~~~~~~~~~~~~~~~\n"
    "  hint: it belongs to the group [qriser] of the system's file\n" },
  { "allow-by-user", NULL, "[qriser]\nallow-user-loosen = \"on\"\nseccomp = \"off\"\n", "qriser",
    "qriser: error: key \"allow-user-loosen\" means nothing here\n"
    "  user.conf:2:1: allow-user-loosen = \"on\"\n"
    "                 ^~~~~~~~~~~~~~~~~\n"
    "  hint: it belongs to the group [qriser] of the system's file\n" },
  { "allow-no-boolean", "[qriser]\nallow-user-loosen = \"1\"\n", NULL, "qriser",
    "qriser: error: \"1\" is neither on nor off\n"
    "  system.conf:2:22: allow-user-loosen = \"1\"\n"
    "                                         ^\n"
    "  hint: write on or off\n" },
  { "like-nobody", "[name \"n\"]\nlike = \"nobody\"\n", NULL, "n",
    "qriser: error: there is no group [name \"nobody\"]\n"
    "  system.conf:2:9: like = \"nobody\"\n"
    "                           ^~~~~~\n" },
  { "like-nobody-of-system", "[name \"m\"]\n", "[name \"n\"]\nlike = \"m\"\n", "n",
    "qriser: error: there is no group [name \"m\"]\n"
    "  user.conf:2:9: like = \"m\"\n"
    "                         ^\n" },
  { "circle-of-1", "[name \"a\"]\nlike = \"a\"\n", NULL, "a",
    "qriser: error: names are like one another in a circle\n"
    "  system.conf:2:9: like = \"a\"\n"
    "                           ^\n"
    "  hint: let one of them be like none\n" },
  { "circle-of-2", "[name \"a\"]\nlike = \"b\"\n[name \"b\"]\nlike = \"a\"\n", NULL, "a",
    "qriser: error: names are like one another in a circle\n"
    "  system.conf:2:9: like = \"b\"\n"
    "                           ^\n"
    "  hint: let one of them be like none\n" },
  { "circle-of-3", "[name \"a\"]\nlike = \"b\"\n[name \"b\"]\nlike = \"c\"\n[name \"c\"]\nlike = \"a\"\n", NULL, "a",
    "qriser: error: names are like one another in a circle\n"
    "  system.conf:2:9: like = \"b\"\n"
    "                           ^\n"
    "  hint: let one of them be like none\n" },
  { "circle-behind-a-name", "[name \"a\"]\nlike = \"b\"\n[name \"b\"]\nlike = \"b\"\n", NULL, "a",
    "qriser: error: names are like one another in a circle\n"
    "  system.conf:4:9: like = \"b\"\n"
    "                           ^\n"
    "  hint: let one of them be like none\n" },
  { "loosens-default", NULL, "[qriser]\nseccomp = \"desktop\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"desktop\"\n"
    "  user.conf:2:12: seccomp = \"desktop\"\n"
    "                             ^~~~~~~\n" LOOSEN },
  { "loosens-system", "[qriser]\nseccomp = \"desktop\"\n", "[name \"n\"]\nseccomp = \"legacy-spawn\"\n", "n",
    "qriser: error: a user's configuration may not loosen confinement to \"legacy-spawn\"\n"
    "  user.conf:2:12: seccomp = \"legacy-spawn\"\n"
    "                             ^~~~~~~~~~~~\n" LOOSEN },
  { "loosens-to-off", "[qriser]\nallow-user-loosen = \"off\"\nseccomp = \"legacy-spawn\"\n",
    "[qriser]\nseccomp = \"off\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"off\"\n"
    "  user.conf:2:12: seccomp = \"off\"\n"
    "                             ^~~\n" LOOSEN },
  { "loosens-by-path", "[qriser]\nseccomp = \"legacy-spawn\"\n", "[qriser]\nseccomp = \"/p.json\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"/p.json\"\n"
    "  user.conf:2:12: seccomp = \"/p.json\"\n"
    "                             ^~~~~~~\n" LOOSEN },
  { "lets-go", NULL, "[qriser]\nlandlock = \"off\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"off\"\n"
    "  user.conf:2:13: landlock = \"off\"\n"
    "                              ^~~\n" LOOSEN },
  { "lets-go-a-step", "[qriser]\nlandlock = \"require\"\n", "[qriser]\nlandlock = \"best-effort\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"best-effort\"\n"
    "  user.conf:2:13: landlock = \"best-effort\"\n"
    "                              ^~~~~~~~~~~\n" LOOSEN },
  { "landlock-word", "[qriser]\nlandlock = \"on\"\n", NULL, "qriser",
    "qriser: error: \"landlock\" must be best-effort, require or off, which \"on\" is not\n"
    "  system.conf:2:13: landlock = \"on\"\n"
    "                                ^~\n" },
  { "loosens-by-like", NULL, "[name \"n\"]\nlike = \"m\"\n[name \"m\"]\nseccomp = \"off\"\n", "n",
    "qriser: error: a user's configuration may not loosen confinement to \"off\"\n"
    "  user.conf:4:12: seccomp = \"off\"\n"
    "                             ^~~\n" LOOSEN },
  { "loosens-path-to-off", "[qriser]\nseccomp = \"/p.json\"\n", "[qriser]\nseccomp = \"off\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"off\"\n"
    "  user.conf:2:12: seccomp = \"off\"\n"
    "                             ^~~\n" LOOSEN },
  { "loosens-path-by-path", "[qriser]\nseccomp = \"/p.json\"\n", "[qriser]\nseccomp = \"/u.json\"\n", "qriser",
    "qriser: error: a user's configuration may not loosen confinement to \"/u.json\"\n"
    "  user.conf:2:12: seccomp = \"/u.json\"\n"
    "                             ^~~~~~~\n" LOOSEN },
  { "broken", "[qriser]\nqemu = /q\n", NULL, "qriser",
    "qriser: error: a value without quotes\n"
    "  system.conf:2:8: qemu = /q\n"
    "                          ^~\n"
    "  hint: write it in double quotes\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrSettings settings;

  write_files (refused[i].system, refused[i].user);
  g_assert_false (read_settings (SYSTEM, USER, refused[i].called, pool, &settings, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_is (&error, refused[i].drawn);
}

/* The values' places, for who reports what they lead to. */
static void
test_places (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrSettings settings;

  write_files ("[qriser]\nqemu = \"/s\"\nseccomp = \"off\"\n", "[qriser]\nqemu = \"/u\"\n");
  g_assert_true (read_settings (SYSTEM, USER, "qriser", pool, &settings, &error));
  g_assert_cmpstr (settings.qemu_place.file, ==, USER);
  g_assert_cmpuint (settings.qemu_place.start, ==, strlen ("[qriser]\nqemu = \""));
  g_assert_cmpuint (settings.qemu_place.length, ==, 2);
}

/* With no path at all nothing is read, wherever the program runs. */
static void
test_no_paths (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *shown = NULL;
  GError *error = NULL;
  QrSettings settings;

  g_assert_true (read_settings (NULL, NULL, "qriser", pool, &settings, &error));
  shown = show (&settings);
  g_assert_cmpstr (shown, ==, shown_nothing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  umask (022);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/settings/read/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/settings/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/settings/places", test_places);
  g_test_add_func ("/settings/no-paths", test_no_paths);
  return test_run_inside ();
}
