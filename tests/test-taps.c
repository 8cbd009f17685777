/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Back ends that are opened for QEMU, those that are left to it, and the numbers they get. */
#include "config.h"

#include "testlib.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "absorb.h"

static const QrTapDefaults defaults = { "br0", "/h", "/up", "/nowhere/down", "/dev/null" };
static const QrTapDefaults with_down = { "br0", "/h", "/up", "/dev/null", "/nowhere/vhost" };

/* @text, words with blanks between, as a line. */
static const QrCmdline *
parse (const char *text, QrPool *pool)
{
  char **words = g_strsplit (text, " ", -1);
  g_autoptr (GError) error = NULL;
  const QrCmdline *line
      = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin, NULL, pool, &error);

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  g_assert_no_error (error);
  return line;
}

/* The line's words with a blank before each. */
static void
show_line (const QrCmdline *line, GString *out)
{
  for (gsize i = 0; i < line->n; i++)
    g_string_append_printf (out, " %s%s%s", line->items[i].word, line->items[i].value == NULL ? "" : " ",
                            line->items[i].value == NULL ? "" : line->items[i].value);
}

static void
show_numbers (const char *before, const int *numbers, guint n, GString *out)
{
  for (guint i = 0; numbers != NULL && i < n; i++)
    g_string_append_printf (out, "%s%d", i == 0 ? before : ":", numbers[i]);
}

/* "3 /h on br0 256", "3 t0 script /up 256:257 vhost 258:259" */
static void
show_tap (const QrTap *tap, GString *out)
{
  static const char *const headers[] = { "", " header", " plain" };

  g_string_append_printf (out, "; %u", tap->argument);
  if (tap->helper != NULL)
    g_string_append_printf (out, " %s on %s", tap->helper, tap->bridge);
  else
    g_string_append_printf (out, " %s", tap->interface == NULL ? "any" : tap->interface);
  if (tap->script != NULL)
    g_string_append_printf (out, " script %s", tap->script);
  g_string_append (out, headers[tap->header]);
  show_numbers (" ", tap->fds, tap->n, out);
  show_numbers (" vhost ", tap->vhost_fds, tap->n, out);
}

static void
check_line (const QrCmdline *line, gboolean planned, const QrTapDefaults *known, const char *result, QrPool *pool)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GArray) taps = NULL;
  g_autoptr (GError) error = NULL;
  const QrCmdline *taken = qr_taps_take (line, planned, known, &qr_profiles_builtin, pool, &taps, &error);

  g_assert_no_error (error);
  if (result == NULL)
    {
      g_assert_true (taken == line);
      g_assert_null (taps);
      return;
    }
  g_assert_nonnull (taps);
  show_line (!planned && taken->written != NULL ? taken->written : taken, shown);
  for (guint i = 0; i < taps->len; i++)
    show_tap (&g_array_index (taps, QrTap, i), shown);
  g_assert_cmpstr (shown->str + 1, ==, result);
}

/* @result NULL: QEMU gets the line as it is. */
static const struct
{
  const char *name, *line, *result;
} lines[] = {
  { "bridge", "-netdev bridge,id=n", "-netdev tap,id=n,fd=256; 1 /h on br0 256" },
  { "bridge-keys", "-netdev bridge,br=b,id=n,helper=/x", "-netdev tap,id=n,fd=256; 1 /x on b 256" },
  { "bridge-type-key", "-netdev id=n,type=bridge", "-netdev tap,id=n,fd=256; 1 /h on br0 256" },
  { "bridge-json", "-netdev {\"type\":\"bridge\",\"id\":\"n\",\"br\":\"b\"}",
    "-netdev {\"type\":\"tap\",\"id\":\"n\",\"fd\":\"256\"}; 1 /h on b 256" },
  { "bridge-nic", "-nic bridge,model=e1000,mac=2:0:0:0:0:1",
    "-nic tap,model=e1000,mac=2:0:0:0:0:1,fd=256; 1 /h on br0 256" },
  { "bridge-net", "-net bridge,br=b", "-net tap,fd=256; 1 /h on b 256" },
  { "bridge-other-key", "-netdev bridge,id=n,vhost=on", NULL },
  { "bridge-nic-key", "-netdev bridge,id=n,model=e1000", NULL },
  { "bridge-no-id", "-netdev bridge", NULL },
  { "bridge-help", "-netdev bridge,id=n,help", NULL },
  { "bridge-command", "-netdev bridge,id=n,helper=/x\t--y", NULL },
  { "bridge-json-number", "-netdev {\"type\":\"bridge\",\"id\":\"n\",\"br\":1}", NULL },
  { "helper", "-netdev tap,id=n,helper=/x,br=b,vhost=off,sndbuf=1M",
    "-netdev tap,id=n,vhost=off,sndbuf=1M,fd=256; 1 /x on b 256" },
  { "helper-vhost", "-netdev tap,id=n,helper=/x,vhost=on",
    "-netdev tap,id=n,vhost=on,fd=256,vhostfd=257; 1 /x on br0 256 vhost 257" },
  { "helper-and-name", "-netdev tap,id=n,helper=/x,ifname=t", NULL },
  { "helper-and-script", "-netdev tap,id=n,helper=/x,script=no", NULL },
  { "helper-and-queues", "-netdev tap,id=n,helper=/x,queues=1", NULL },
  { "helper-and-header", "-netdev tap,id=n,helper=/x,vnet_hdr=on", NULL },
  { "name", "-netdev tap,id=n,ifname=t,script=no,downscript=no", "-netdev tap,id=n,fd=256; 1 t 256" },
  { "no-name", "-netdev tap,id=n,script=,downscript=", "-netdev tap,id=n,fd=256; 1 any 256" },
  { "bridge-key-alone", "-netdev tap,id=n,br=b,ifname=t,script=no,downscript=no",
    "-netdev tap,id=n,fd=256; 1 t 256" },
  { "script", "-netdev tap,id=n,ifname=t,script=/s,,t,downscript=no",
    "-netdev tap,id=n,fd=256; 1 t script /s,t 256" },
  { "scripts-by-default", "-netdev tap,id=n", "-netdev tap,id=n,fd=256; 1 any script /up 256" },
  { "down-script", "-netdev tap,id=n,script=no,downscript=/d", NULL },
  { "header", "-netdev tap,id=n,script=no,vnet_hdr=on", "-netdev tap,id=n,fd=256; 1 any header 256" },
  { "no-header", "-netdev tap,id=n,script=no,vnet_hdr=off", "-netdev tap,id=n,fd=256; 1 any plain 256" },
  { "header-bare", "-netdev tap,id=n,script=no,novnet_hdr", "-netdev tap,id=n,fd=256; 1 any plain 256" },
  { "header-odd", "-netdev tap,id=n,script=no,vnet_hdr=maybe", NULL },
  { "queues", "-netdev tap,id=n,script=no,queues=2", "-netdev tap,id=n,fds=256:257; 1 any 256:257" },
  { "queues-vhost", "-netdev tap,id=n,script=no,queues=0x2,vhost=on",
    "-netdev tap,id=n,vhost=on,fds=256:257,vhostfds=258:259; 1 any 256:257 vhost 258:259" },
  { "queue", "-netdev tap,id=n,script=no,queues=1", "-netdev tap,id=n,fd=256; 1 any 256" },
  { "queues-last", "-netdev tap,id=n,script=no,queues=7,queues=2", "-netdev tap,id=n,fds=256:257; 1 any 256:257" },
  { "queues-none", "-netdev tap,id=n,script=no,queues=0", NULL },
  { "queues-many", "-netdev tap,id=n,script=no,queues=257", NULL },
  { "queues-negative", "-netdev tap,id=n,script=no,queues=-1", NULL },
  { "queues-odd", "-netdev tap,id=n,script=no,queues=2x", NULL },
  { "queues-on-hub", "-net tap,script=no,queues=2", NULL },
  { "queues-of-nic", "-nic tap,script=no,queues=2", "-nic tap,fds=256:257; 1 any 256:257" },
  { "queues-json", "-netdev {\"type\":\"tap\",\"id\":\"n\",\"script\":\"no\",\"queues\":2,\"vhost\":true,\"poll-us\":7}",
    "-netdev {\"type\":\"tap\",\"id\":\"n\",\"vhost\":true,\"poll-us\":7,\"fds\":\"256:257\",\"vhostfds\":\"258:259\"}; "
    "1 any 256:257 vhost 258:259" },
  { "queues-json-text", "-netdev {\"type\":\"tap\",\"id\":\"n\",\"queues\":\"2\"}", NULL },
  { "header-json-text", "-netdev {\"type\":\"tap\",\"id\":\"n\",\"vnet_hdr\":\"on\"}", NULL },
  { "vhost-forced", "-netdev tap,id=n,script=no,vhostforce=on",
    "-netdev tap,id=n,vhostforce=on,fd=256,vhostfd=257; 1 any 256 vhost 257" },
  { "vhost-forced-off", "-netdev tap,id=n,script=no,vhostforce=on,vhost=off",
    "-netdev tap,id=n,vhostforce=on,vhost=off,fd=256; 1 any 256" },
  { "vhost-odd", "-netdev tap,id=n,script=no,vhost=maybe", NULL },
  { "given", "-netdev tap,id=n,fd=5", NULL },
  { "given-several", "-netdev tap,id=n,fds=5:6", NULL },
  { "given-vhost", "-netdev tap,id=n,script=no,vhost=on,vhostfd=5", NULL },
  { "unknown-key", "-netdev tap,id=n,script=no,x=y", NULL },
  { "other-type", "-netdev user,id=n", NULL },
  { "no-back-end", "-m 64", NULL },
  { "two", "-nic bridge -m 64 -netdev tap,id=n,script=no -netdev user,id=m",
    "-nic tap,fd=256 -m 64 -netdev tap,id=n,fd=257 -netdev user,id=m; 1 /h on br0 256; 5 any 257" },
  { "numbers-taken", "-netdev bridge,id=n -netdev tap,id=m,fd=256 -add-fd fd=258,set=1 -hda /dev/fd/257",
    "-netdev tap,id=n,fd=259 -netdev tap,id=m,fd=256 -add-fd fd=258,set=1 -hda /dev/fd/257; 1 /h on br0 259" },
  { "numbers-of-others", "-m 256 -netdev bridge,id=n", "-m 256 -netdev tap,id=n,fd=256; 3 /h on br0 256" },
};

static void
test_line (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();

  check_line (parse (lines[i].line, pool), TRUE, &defaults, lines[i].result, pool);
}

/* A file that is there is run when QEMU ends, and one that is not known may be. */
static void
test_defaults (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  const char *quiet = "-netdev tap,id=n,ifname=t,script=no,downscript=no,vhost=on";

  check_line (parse ("-netdev tap,id=n,script=no", pool), TRUE, &with_down, NULL, pool);
  check_line (parse (quiet, pool), TRUE, &with_down, "-netdev tap,id=n,vhost=on,fd=256; 1 t 256", pool);
  check_line (parse (quiet, pool), TRUE, NULL, "-netdev tap,id=n,vhost=on,fd=256; 1 t 256", pool);
  check_line (parse ("-netdev tap,id=n,script=no", pool), TRUE, NULL, NULL, pool);
  check_line (parse ("-netdev tap,id=n,downscript=no", pool), TRUE, NULL, NULL, pool);
  check_line (parse ("-netdev bridge,id=n", pool), TRUE, NULL, NULL, pool);
  check_line (parse ("-netdev bridge,id=n,helper=/x,br=b", pool), TRUE, NULL,
              "-netdev tap,id=n,fd=256; 1 /x on b 256", pool);
}

/* What the program says of a QEMU in PREFIX/bin. */
static void
test_shipped (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *directory = test_directory (), *lib = g_strdup_printf ("%s/lib", directory),
                  *qemu = g_strdup_printf ("%s/qemu", lib), *helper = NULL, *first = NULL;
  const QrTapDefaults *known = qr_tap_defaults ("/p/etc", directory, &qr_profiles_builtin, pool);

  first = g_strdup_printf ("%s/libexec/qemu-bridge-helper", directory);
  g_assert_cmpstr (known->bridge, ==, "br0");
  g_assert_cmpstr (known->script, ==, "/p/etc/qemu-ifup");
  g_assert_cmpstr (known->down_script, ==, "/p/etc/qemu-ifdown");
  g_assert_cmpstr (known->vhost, ==, "/dev/vhost-net");
  g_assert_cmpstr (known->helper, ==, first);
  g_assert_cmpint (g_mkdir_with_parents (qemu, 0700), ==, 0);
  helper = test_file (qemu, "qemu-bridge-helper", "");
  known = qr_tap_defaults ("/p/etc", directory, &qr_profiles_builtin, pool);
  g_assert_cmpstr (known->helper, ==, helper);
  g_assert_null (qr_tap_defaults ("/etc", NULL, &qr_profiles_builtin, pool)->helper);
  test_directory_remove (g_steal_pointer (&directory));
}

/* On a line that goes as it is, what stands in files stays there. */
static void
test_files (void)
{
  static const char line[] = "-netdev bridge,id=n -readconfig %s -netdev bridge,id=s -set netdev.s.br=b";
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *directory = test_directory (),
                  *file = test_file (directory, "c", "[netdev \"f\"]\n  type = \"bridge\"\n"),
                  *text = g_strdup_printf (line, file), *as_is = NULL;
  g_autoptr (GError) error = NULL;
  const QrCmdline *absorbed = qr_absorb (parse (text, pool), NULL, &qr_profiles_builtin, pool, &error);

  g_assert_no_error (error);
  check_line (absorbed, TRUE, &defaults,
              "-netdev tap,id=n,fd=256 -netdev tap,id=f,fd=257 -netdev tap,id=s,fd=258; "
              "1 /h on br0 256; 3 /h on br0 257; 5 /h on b 258",
              pool);
  as_is = g_strdup_printf ("-netdev tap,id=n,fd=256 -readconfig %s -netdev bridge,id=s -set netdev.s.br=b; "
                           "1 /h on br0 256",
                           file);
  check_line (absorbed, FALSE, &defaults, as_is, pool);
  check_line (parse ("-netdev bridge,id=n", pool), FALSE, &defaults, "-netdev tap,id=n,fd=256; 1 /h on br0 256", pool);
  test_directory_remove (g_steal_pointer (&directory));
}

/* Errors show what the user wrote. */
static void
test_places (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GArray) taps = NULL;
  g_autoptr (GError) error = NULL;
  const QrCmdline *line = parse ("-netdev tap,vhost=off,ifname=t,id=n,script=/s,downscript=no", pool);
  const char *text = line->items[0].value;
  const QrTap *tap;
  const QrOptList *opts;
  QrPlace place;

  line = qr_taps_take (line, TRUE, NULL, &qr_profiles_builtin, pool, &taps, &error);
  g_assert_no_error (error);
  tap = &g_array_index (taps, QrTap, 0);
  g_assert_cmpstr (tap->place.text, ==, text);
  g_assert_cmpuint (tap->place.argument, ==, 2);
  g_assert_true (g_str_has_prefix (text + tap->place.start, "t,id"));
  g_assert_true (g_str_has_prefix (text + tap->script_place.start, "/s,"));
  opts = qr_item_opts (&line->items[0], pool, &error);
  g_assert_no_error (error);
  qr_optlist_place (opts, qr_optlist_find (opts, "id"), &place);
  g_assert_cmpstr (place.text, ==, text);
  g_assert_true (g_str_has_prefix (text + place.start, "n,script"));
  qr_optlist_place (opts, qr_optlist_find (opts, "fd"), &place);
  g_assert_cmpuint (place.length, ==, strlen (text));
  qr_optlist_place (opts, qr_optlist_find (opts, "type"), &place);
  g_assert_cmpuint (place.length, ==, strlen ("tap"));
}

/* Under a low limit numbers go down from it, and do not run out in silence. */
static void
test_limit (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GArray) taps = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, low;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  low = before;
  low.rlim_cur = 257;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  check_line (parse ("-netdev tap,id=n,script=no,queues=3", pool), TRUE, &defaults,
              "-netdev tap,id=n,fds=256:255:254; 1 any 256:255:254", pool);
  low.rlim_cur = 64;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  check_line (parse ("-netdev bridge,id=n", pool), TRUE, &defaults, "-netdev tap,id=n,fd=63; 1 /h on br0 63", pool);
  g_assert_null (qr_taps_take (parse ("-netdev tap,id=n,script=no,queues=64", pool), TRUE, &defaults,
                               &qr_profiles_builtin, pool, &taps, &error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  test_error_code (&error, QR_STATUS_UNAVAILABLE, "no-descriptor", "64 open files");
}

static void
test_open_number (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();

  g_assert_cmpint (dup2 (STDERR_FILENO, 256), ==, 256);
  check_line (parse ("-netdev bridge,id=n", pool), TRUE, &defaults, "-netdev tap,id=n,fd=257; 1 /h on br0 257", pool);
  g_assert_cmpint (close (256), ==, 0);
}

#define BRIDGE "-netdev bridge,id=n"
#define T QR_FACE_TOOL
#define D QR_FACE_DROP_IN

/* @profile: what the line gets; "-" behind it where nothing is opened for it. */
static const struct
{
  const char *name, *line;
  QrFace face;
  const char *chosen, *landlock, *profile;
} plans[] = {
  { "tool", BRIDGE, T, NULL, NULL, "desktop" },
  { "drop-in", BRIDGE, D, NULL, NULL, "desktop" },
  { "unplanned", "-M isapc " BRIDGE, T, NULL, NULL, "desktop" },
  { "chosen", BRIDGE, T, "strict", NULL, "strict+client" },
  { "spawn", BRIDGE, T, "legacy-spawn", NULL, "legacy-spawn" },
  { "forbidden", "-sandbox on,spawn=deny " BRIDGE, T, NULL, NULL, "desktop" },
  { "off", BRIDGE, T, "off", NULL, "off-" },
  { "off-with-landlock", BRIDGE, T, "off", "require", "off" },
  { "off-without-landlock", BRIDGE, T, "off", "off", "off-" },
  { "sandbox-off", "-sandbox off " BRIDGE, T, NULL, NULL, "off-" },
  { "sandbox-off-drop-in", "-sandbox off " BRIDGE, D, NULL, NULL, "desktop" },
  { "sandbox-off-chosen", "-sandbox off " BRIDGE, T, "desktop", NULL, "desktop" },
  { "informs", "-version " BRIDGE, T, NULL, NULL, "off-" },
  { "down-script", "-netdev tap,id=n,script=no,downscript=/d", D, NULL, NULL, "legacy-spawn-" },
};

static void
test_plan_of (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = g_strsplit (plans[i].line, " ", -1);
  const QrPlanOptions options = { .face = plans[i].face,
                                  .words = (const char *const *) words,
                                  .first = 1,
                                  .arch = "x86_64",
                                  .sysfs = "/nowhere",
                                  .program = "/opt/q/bin/qemu-system-x86_64",
                                  .seccomp = plans[i].chosen,
                                  .landlock = plans[i].landlock,
                                  .temporary = "/var/tmp",
                                  .etc = "/nowhere", .prefix = "/nowhere" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_autofree char *profile = NULL, *given = NULL;

  g_assert_no_error (error);
  profile = g_strdup_printf ("%s%s", plan->confinement.profile, plan->taps == NULL ? "-" : "");
  g_assert_cmpstr (profile, ==, plans[i].profile);
  given = g_strjoinv (" ", plan->argv);
  g_assert_cmpint (strstr (given, "-netdev tap,id=n,fd=256") != NULL, ==, plan->taps != NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/taps/line/%s", lines[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autofree char *path = g_strdup_printf ("/taps/plan/%s", plans[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_plan_of);
    }
  g_test_add_func ("/taps/defaults", test_defaults);
  g_test_add_func ("/taps/shipped", test_shipped);
  g_test_add_func ("/taps/files", test_files);
  g_test_add_func ("/taps/places", test_places);
  g_test_add_func ("/taps/limit", test_limit);
  g_test_add_func ("/taps/open-number", test_open_number);
  return test_run_inside ();
}
