/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The stand-in for QEMU makes the VM that QEMU makes: every line of tests/live/drop-in.lines is
 * given to plain QEMU and, by a link with QEMU's name, to qriser, and both VMs must be the same
 * (parity.h).  Where plain QEMU refuses a line, qriser must end, too.
 *
 * QRISER is the program; QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin.  QEMU 7.2
 * must be there with QRISER_TEST_STRICT=1.  Prints TAP, one line for each line and QEMU.
 *
 * Where they are, every fifth of them (QRISER_TEST_MOVED is another number) is tried with the
 * machine's own policy, too: then nothing but places and what follows from them may differ.  With
 * QRISER_TEST_SHARE=N one line of N is tried at all.  Then lines that are put together from those at random: both must be the same, or QEMU refuses it.
 * QRISER_TEST_SEED is another seed, QRISER_TEST_RANDOM another number of them.
 *
 * drop-in-ARCH.lines are for other architectures, where their QEMUs are.
 *
 * test-parity FILE.lines      tries the lines of another file
 * test-parity --json FILE     tries the lines of a JSON file, one after the other since they may
 *                             name the same images, on QEMU 7.2; what qriser says that it does not
 *                             expand yet is counted, not failed
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live-compare.h"
#include "live-lines.h"
#include "parity-lines.h"
#include "parity.h"
#include "tap.h"
#include "testlib.h"

enum
{
  RANDOM_LINES = 40,
  MOVED = 5
};


typedef struct
{
  const ParityLine *line;
  const Qemu *qemu;
  const char *qriser; /* NULL: plain QEMU is on the other side, too */
  char **other;       /* words of the other side where they are not the line's */
  Parity expected, result;
  const char *part; /* of the notes, where they are expected */
  gboolean moved;   /* by the machine's own policy */
  GString *notes;
} Job;

/* --- one line ------------------------------------------------------------------------------- */

/* The link to qriser in DIRECTORY. (transfer full) */
static char *
link_of (const Job *job, const char *directory)
{
  return g_strdup_printf ("%s/%s-system-%s", directory, job->moved ? "qriser" : "qemu", job->line->arch);
}

static char **
other_line (const Job *job, char **words, const char *directory)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *link = link_of (job, directory);
  g_autofree char *qemu = g_strconcat ("qemu=", job->qemu->path, NULL);

  g_strv_builder_add (builder, job->qriser != NULL ? link : job->qemu->path);
  g_strv_builder_addv (builder, (const char **) words);
  if (job->qriser != NULL)
    g_strv_builder_add_many (builder, "-qriser", qemu, NULL);
  return g_strv_builder_end (builder);
}

static char **
plain_line (const Job *job, char **words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, job->qemu->path);
  g_strv_builder_addv (builder, (const char **) words);
  return g_strv_builder_end (builder);
}

static void
run_job (gpointer data, gpointer unused G_GNUC_UNUSED)
{
  Job *job = data;
  char *directory = test_directory ();
  g_autofree char *link = link_of (job, directory);
  g_auto (GStrv) words = parity_words (job->line->words, directory);
  g_auto (GStrv) changed
      = parity_words (job->other != NULL ? job->other : job->line->words, directory);
  g_auto (GStrv) plain = plain_line (job, words), other = other_line (job, changed, directory);

  parity_make_images (directory);
  if (job->qriser != NULL)
    g_assert_cmpint (symlink (job->qriser, link), ==, 0);
  job->result = parity_compare ((const char *const *) plain, (const char *const *) other,
                                job->qemu->number, job->moved, job->notes);
  test_directory_remove (directory);
}

static void
run_all (GArray *jobs, guint threads)
{
  GThreadPool *pool = g_thread_pool_new (run_job, NULL, (int) threads, TRUE, NULL);

  for (guint i = 0; i < jobs->len; i++)
    if (g_array_index (jobs, Job, i).line->skip == NULL)
      g_thread_pool_push (pool, &g_array_index (jobs, Job, i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

static void
add_job (GArray *jobs, const ParityLine *line, const Qemu *qemu, const char *qriser, char **other,
         Parity expected, const char *part)
{
  Job job = { line, qemu, qriser, other, expected, PARITY_DIFFERENT, part, FALSE, g_string_new (NULL) };

  g_array_append_val (jobs, job);
}

/* The line as the machine's own policy has it. */
static void
add_moved (GArray *jobs, const ParityLine *line, const Qemu *qemu, const char *qriser)
{
  add_job (jobs, line, qemu, qriser, NULL, line->expected, NULL);
  g_array_index (jobs, Job, jobs->len - 1).moved = TRUE;
}

/* --- that the comparison sees what differs, and only that ------------------------------------- */

static const struct
{
  const char *name, *plain, *other;
  const char *part; /* of what is noted; NULL: the same */
  Parity result;    /* with a part, where it is not "different" */
} checks[] = {
  { "itself", "-M q35", "-M q35", NULL },
  { "defaults said", "-M q35",
    "-M q35 -nodefaults -serial vc -parallel vc -monitor vc -device VGA -netdev user,id=u -netdev "
    "hubport,id=a,hubid=0 "
    "-netdev hubport,id=b,hubid=0,netdev=u -device e1000e,netdev=a,mac=52:54:00:12:34:56 "
    "-drive if=none,media=cdrom,id=ide2-cd0 -device ide-cd,bus=ide.2,drive=ide2-cd0",
    NULL },
  { "drives said",
    "-M q35 -vga none -nic none -snapshot -hda @disk@ -drive if=virtio,file=@disk2@,format=raw",
    "-M q35 -nodefaults -serial vc -parallel vc -monitor vc -snapshot -drive "
    "if=none,id=ide0-hd0,file=@disk@ "
    "-drive if=none,id=virtio0,file=@disk2@,format=raw -device virtio-blk-pci,drive=virtio0 "
    "-device ide-hd,bus=ide.0,drive=ide0-hd0 -drive if=none,media=cdrom,id=ide2-cd0 "
    "-device ide-cd,bus=ide.2,drive=ide2-cd0",
    NULL },
  { "networks said",
    "-M q35 -net user -nic user,id=lan,model=virtio -net nic,model=virtio,vectors=3",
    "-M q35 -vga std -nic none -netdev user,id=lan -netdev user,id=a -netdev "
    "hubport,id=b,hubid=0,netdev=a "
    "-netdev hubport,id=c,hubid=0 -device "
    "virtio-net-pci,vectors=0,netdev=lan,mac=52:54:00:12:34:56 "
    "-device virtio-net-pci,vectors=3,netdev=c,mac=52:54:00:12:34:57",
    NULL },
  { "USB said", "-M q35 -usbdevice tablet -nic user",
    "-M q35 -nic none -device ich9-usb-ehci1,addr=1d.7,multifunction=on "
    "-device ich9-usb-uhci1,masterbus=usb-bus.0,firstport=0,addr=1d.0,multifunction=on "
    "-device ich9-usb-uhci2,masterbus=usb-bus.0,firstport=2,addr=1d.1,multifunction=on "
    "-device ich9-usb-uhci3,masterbus=usb-bus.0,firstport=4,addr=1d.2,multifunction=on "
    "-device VGA -netdev user,id=u -device e1000e,netdev=u,mac=52:54:00:12:34:56 -device "
    "usb-tablet,bus=usb-bus.0",
    NULL },
  { "-nographic said", "-M q35 -nographic -cdrom @cd@ -vga none -nic none",
    "-M q35 -nographic -nodefaults -serial mon:stdio -parallel null -cdrom @cd@", NULL },
  { "an address", "-M q35 -nodefaults -device e1000,addr=3",
    "-M q35 -nodefaults -device e1000,addr=4", "at 00:03.0: nothing, in plain QEMU e1000" },
  { "an id", "-M q35 -nodefaults -device e1000", "-M q35 -nodefaults -device e1000,id=n",
    "at 00:01.0: e1000 n, in plain QEMU e1000" },
  { "a MAC address", "-M q35 -nic user", "-M q35 -nic user,mac=52:54:00:12:34:57",
    "+ mac = \"52:54:00:12:34:57\" (of dev: e1000e" },
  { "vectors", "-M q35 -nic user,model=virtio",
    "-M q35 -nic none -netdev user,id=u -device virtio-net-pci,netdev=u", "- vectors = 0 (0x0)" },
  { "a netdev's id", "-M q35 -nic user,id=u", "-M q35 -nic user,id=v", "- netdev = \"u\"" },
  { "a netdev's id lost", "-M q35 -nic user,id=u", "-M q35 -nic user", "+ netdev = \"<net 0>\"" },
  { "peers crossed",
    "-M q35 -netdev user,id=a -netdev user,id=b -device e1000,netdev=a -device e1000,netdev=b",
    "-M q35 -netdev user,id=a -netdev user,id=b -device e1000,netdev=b -device e1000,netdev=a",
    "+ netdev = \"a\" (of dev: e1000" },
  { "a hub", "-M q35 -net nic -net user", "-M q35 -nic user", "- hub 0" },
  { "a drive's id", "-M q35 -hda @disk@",
    "-M q35 -drive if=none,id=d,file=@disk@ -device ide-hd,bus=ide.0,drive=d",
    "+ drive = \"d\" (of dev: ide-hd" },
  { "a drive on another bus", "-M q35 -hda @disk@", "-M q35 -hdb @disk@",
    "- drive = \"ide0-hd0\"" },
  { "the default monitor", "-M q35", "-M q35 -monitor none", "- compat_monitor0: filename=vc" },
  { "a serial port", "-M q35", "-M q35 -serial null", "+ serial0: filename=null" },
  { "a device off PCI", "-M q35 -usb", "-M q35 -usb -device usb-tablet", "+ dev: usb-tablet" },
  { "one refusal", "-M q35 -device nonsense", "-M q35", "through qriser: runs", PARITY_BETTER },
  { "the other's refusal", "-M q35", "-M q35 -device nonsense", "plain: runs" },
};

static ParityLine check_lines[G_N_ELEMENTS (checks)];
static GStrv check_others[G_N_ELEMENTS (checks)];

static void
add_checks (GArray *jobs, const Qemu *qemu)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autoptr (GError) error = NULL;

      if (check_lines[i].name == NULL)
        {
          check_lines[i].arch = "x86_64";
          check_lines[i].name = g_strconcat ("comparison: ", checks[i].name, NULL);
          g_shell_parse_argv (checks[i].plain, NULL, &check_lines[i].words, &error);
          g_assert_no_error (error);
          g_shell_parse_argv (checks[i].other, NULL, &check_others[i], &error);
          g_assert_no_error (error);
        }
      add_job (jobs, &check_lines[i], qemu, NULL, check_others[i],
               checks[i].part == NULL || checks[i].result != PARITY_SAME ? checks[i].result
                                                                        : PARITY_DIFFERENT,
               checks[i].part);
    }
}

/* --- all ------------------------------------------------------------------------------------ */

static gboolean
is_for (const ParityLine *line, const Qemu *qemu)
{
  g_autofree char *version = g_strdup_printf ("%u.%u", qemu->number / 100, qemu->number % 100);

  return strcmp (line->arch, qemu->arch) == 0
         && (line->versions[0] == NULL || g_strv_contains ((const char *const *) line->versions, version));
}

static void
print_job (const Job *job, gboolean is_json)
{
  static const char *const words[]
      = { "the same",          "refused by both", "not expanded yet",
          "refused by qriser", "runs by qriser",  "different" };
  g_autofree char *text
      = g_strdup_printf ("%s%s, QEMU %s for %s: %s", job->line->name, job->moved ? ", moved" : "",
                         job->qemu->version, job->qemu->arch, words[job->result]);
  gboolean good = job->line->is_random
                      ? job->result == PARITY_SAME || job->result == PARITY_REFUSED || job->result == PARITY_BETTER
                  : is_json ? job->result != PARITY_DIFFERENT && job->result != PARITY_STRICT
                          : job->result == job->expected;

  good = good && (job->part == NULL || strstr (job->notes->str, job->part) != NULL);
  if (job->line->skip != NULL)
    {
      g_autofree char *skip = g_strdup_printf ("%s: %s", job->line->name, job->line->skip);

      tap_missing (skip, TRUE);
      return;
    }
  tap_result (good, text);
  if (job->result != PARITY_DIFFERENT || !good)
    printf ("%s", job->notes->str);
}

static void
report_missing_one (const GPtrArray *qemus, const GPtrArray *lines, const Qemu *wanted, gboolean must)
{
  g_autofree char *text = NULL;
  gboolean is_there = FALSE;
  guint n = 0;

  for (guint j = 0; j < qemus->len; j++)
    {
      const Qemu *qemu = qemus->pdata[j];

      is_there |= qemu->number == wanted->number && strcmp (qemu->arch, wanted->arch) == 0;
    }
  for (guint j = 0; j < lines->len; j++)
    n += is_for (lines->pdata[j], wanted);
  text = g_strdup_printf ("no QEMU %s for %s: %u lines not tried", wanted->version, wanted->arch, n);
  if (!is_there && n > 0)
    tap_missing (text, must);
}

static void
report_missing (const GPtrArray *qemus, const GPtrArray *lines, gboolean is_json)
{
  for (gint i = -1; i < 0 || live_others[i] != NULL; i++)
    {
      char *arch = (char *) (i < 0 ? "x86_64" : live_others[i]);
      const Qemu old = { NULL, arch, (char *) "7.2", 702 }, new = { NULL, arch, (char *) "10.0", 1000 };

      report_missing_one (qemus, lines, &old, i < 0);
      if (!is_json)
        report_missing_one (qemus, lines, &new, FALSE);
    }
}

static void
print_counts (const GArray *jobs, const char *what, gboolean is_random, gboolean moved)
{
  guint counts[PARITY_DIFFERENT + 1] = { 0 };

  for (guint i = 0; i < jobs->len; i++)
    if (g_array_index (jobs, Job, i).line->skip == NULL
        && g_array_index (jobs, Job, i).line->is_random == is_random
        && g_array_index (jobs, Job, i).moved == moved
        && g_array_index (jobs, Job, i).qriser != NULL)
      counts[g_array_index (jobs, Job, i).result]++;
  printf ("# %s: %u the same, %u refused by name, %u refused by both, %u run by qriser alone, "
          "%u refused by qriser alone, %u different\n",
          what, counts[PARITY_SAME], counts[PARITY_NOT_EXPANDED],
          counts[PARITY_REFUSED], counts[PARITY_BETTER], counts[PARITY_STRICT],
          counts[PARITY_DIFFERENT]);
}

static guint32
number_of (const char *variable, guint32 otherwise)
{
  const char *text = g_getenv (variable);

  return text == NULL ? otherwise : (guint32) g_ascii_strtoull (text, NULL, 10);
}

/* The lines and QEMUs of other architectures. */
static void
add_others (GPtrArray *lines, GPtrArray *qemus)
{
  for (gsize i = 0; live_others[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("drop-in-%s.lines", live_others[i]);
      g_autofree char *file = g_build_filename (g_getenv ("SRCDIR"), "tests", "live", name, NULL);

      g_ptr_array_extend_and_steal (lines, parity_lines (file, live_others[i]));
      g_ptr_array_extend_and_steal (qemus, live_qemus (live_others[i]));
    }
}

int
main (int argc, char **argv)
{
  gboolean is_json = argc == 3 && strcmp (argv[1], "--json") == 0;
  g_autofree char *file
      = argc > 1 ? g_strdup (argv[argc - 1])
                 : g_build_filename (g_getenv ("SRCDIR"), "tests", "live", "drop-in.lines", NULL);
  g_autoptr (GPtrArray) lines = is_json ? parity_lines_json (file) : parity_lines (file, live_arch (file)),
                        qemus = live_qemus (live_arch (file));
  g_autoptr (GPtrArray) random
      = parity_random (lines, is_json ? 0 : number_of ("QRISER_TEST_RANDOM", strcmp (live_arch (file), "x86_64") == 0 ? RANDOM_LINES : 0), number_of ("QRISER_TEST_SEED", 1));
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  guint share = is_json ? 1 : MAX (number_of ("QRISER_TEST_SHARE", 1), 1);
  guint moved = MAX (number_of ("QRISER_TEST_MOVED", MOVED), 1);
  const char *qriser = g_getenv ("QRISER");

  g_assert_nonnull (qriser);
  if (argc == 1)
    add_others (lines, qemus);
  if (share > 1)
    printf ("# every line of %u is tried\n", share);
  for (guint i = 0; i < qemus->len; i++)
    {
      const Qemu *qemu = qemus->pdata[i];

      if (is_json && qemu->number != 702)
        continue;
      if (!is_json && strcmp (qemu->arch, "x86_64") == 0)
        add_checks (jobs, qemu);
      for (guint j = 0; j < lines->len; j++)
        {
          const ParityLine *line = lines->pdata[j];

          if (!is_for (line, qemu) || j % share != 0)
            continue;
          add_job (jobs, line, qemu, qriser, NULL, line->expected, NULL);
          if (!is_json && line->expected == PARITY_SAME && !line->is_bound && j / share % moved == 0)
            add_moved (jobs, line, qemu, qriser);
        }
      for (guint j = 0; j < random->len && strcmp (qemu->arch, "x86_64") == 0; j++)
        add_job (jobs, random->pdata[j], qemu, qriser, NULL, PARITY_SAME, NULL);
    }
  run_all (jobs, is_json ? 1 : (guint) MIN (g_get_num_processors (), 8));
  for (guint i = 0; i < jobs->len; i++)
    print_job (&g_array_index (jobs, Job, i), is_json);
  report_missing (qemus, lines, is_json);
  print_counts (jobs, is_json ? "wild" : "parity", FALSE, FALSE);
  if (random->len > 0)
    {
      print_counts (jobs, "random", TRUE, FALSE);
      print_counts (jobs, "the machine's own policy", FALSE, TRUE);
    }
  return tap_finish ();
}
