/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "live-lines.h"

#include "random-line.h"
#include "vmlib.h"

#include <stdio.h>
#include <string.h>

enum
{
  RANDOM_LINES = 8
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->arch);
  g_free (line->name);
  g_strfreev (line->policies);
  g_strfreev (line->own);
  g_strfreev (line->words);
  g_ptr_array_unref (line->there);
  g_free (line);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static guint
parse_version (const char *text)
{
  guint major = 0, minor = 0;

  g_assert_cmpint (sscanf (text, "%u.%u", &major, &minor), ==, 2);
  return major * 100 + minor;
}

/* "N*" stands for the two words behind it N times. */
static char **
copy_words (char **from, gsize n)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < n; i++)
    {
      char *end;
      guint64 times = g_ascii_strtoull (from[i], &end, 10);

      if (end == from[i] || strcmp (end, "*") != 0)
        g_strv_builder_add (builder, from[i]);
      else
        for (; times > 1; times--)
          g_strv_builder_add_many (builder, from[i + 1], from[i + 2], NULL);
    }
  return g_strv_builder_end (builder);
}

const char *const live_others[] = { "aarch64", "arm", "riscv64", "ppc64", NULL };

const char *
live_arch (const char *file)
{
  g_autofree char *name = g_path_get_basename (file);

  for (gsize i = 0; live_others[i] != NULL; i++)
    {
      g_autofree char *end = g_strconcat (live_others[i], ".lines", NULL);

      if (g_str_has_suffix (name, end))
        return live_others[i];
    }
  return "x86_64";
}

static Line *
parse_case (const char *text, const char *arch)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  Line *line = g_new0 (Line, 1);
  gsize split = 3, n;

  g_shell_parse_argv (text, NULL, &words, &error);
  g_assert_no_error (error);
  n = g_strv_length (words);
  g_assert_cmpuint (n, >, 3);
  line->arch = g_strdup (arch);
  line->name = g_strdup (words[0]);
  line->policies = g_strsplit (strcmp (words[1], "all") == 0  ? "ich9@1,qemu@1"
                               : strcmp (words[1], "pc") == 0 ? "pc@1,qemu@1"
                               : strcmp (words[1], "ports") == 0 ? "root-ports@1,qemu@1"
                               : strcmp (words[1], "pseries") == 0 ? "pseries@1,qemu@1"
                                                              : words[1],
                               ",", -1);
  line->qemu = parse_version (words[2]);
  line->blind = g_str_has_suffix (words[2], ",blind") ? 1 : g_str_has_suffix (words[2], ",blind10") ? 1000 : 0;
  while (split < n && strcmp (words[split], "--") != 0)
    split++;
  line->own = copy_words (words + 3, split < n ? split - 3 : 0);
  line->words = split < n ? copy_words (words + split + 1, n - split - 1) : copy_words (words + 3, n - 3);
  line->there = g_ptr_array_new_with_free_func (g_free);
  return line;
}

GStrv
live_rows (const char *file)
{
  g_autoptr (GStrvBuilder) rows = g_strv_builder_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) all = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  all = g_strsplit (text, "\n", -1);
  for (char **row = all; *row != NULL; row++)
    if (**row != '#' && **row != '\0')
      g_strv_builder_add (rows, *row);
  return g_strv_builder_end (rows);
}

static void
read_lines (const char *file, GPtrArray *lines)
{
  g_auto (GStrv) rows = live_rows (file);

  for (char **row = rows; *row != NULL; row++)
    if (**row == '@')
      {
        g_auto (GStrv) places = g_strsplit (g_strstrip (*row + 1), " ", -1);
        const Line *last = lines->pdata[lines->len - 1];

        for (char **place = places; *place != NULL; place++)
          g_ptr_array_add (last->there, g_strdup (*place));
      }
    else
      g_ptr_array_add (lines, parse_case (*row, live_arch (file)));
}

/* Whether every policy plans the line. */
static gboolean
is_planned (const Line *line)
{
  for (char **policy = line->policies; *policy != NULL; policy++)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_autofree char *place = g_strconcat ("--policy=", *policy, NULL);
      g_auto (GStrv) argv = NULL;
      int status = 1;

      g_strv_builder_add_many (builder, g_getenv ("QRISER"), "plan", place, "--", NULL);
      g_strv_builder_addv (builder, (const char **) line->words);
      argv = g_strv_builder_end (builder);
      if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                         NULL, &status, NULL)
          || status != 0)
        return FALSE;
    }
  return TRUE;
}

/* A random list, without what libvirt puts where no guest looks. */
static Line *
make_random (guint32 seed, guint32 number)
{
  g_autoptr (GRand) random = g_rand_new_with_seed_array ((const guint32[]){ seed, number }, 2);
  GPtrArray *words = random_line (random);
  Line *line = g_new0 (Line, 1);

  line->arch = g_strdup ("x86_64");
  line->name = g_strdup_printf ("random-%u-%u", seed, number);
  line->policies = g_strsplit ("ich9@1,ich9-wide@1,libvirt@1", ",", -1);
  line->qemu = 702;
  line->own = g_new0 (char *, 1);
  line->there = g_ptr_array_new_with_free_func (g_free);
  for (guint i = words->len; i-- > 0;)
    if (g_str_has_prefix (words->pdata[i], "ich9-usb-ehci1"))
      g_ptr_array_remove_range (words, --i, 2);
  g_ptr_array_set_free_func (words, NULL);
  g_ptr_array_add (words, NULL);
  line->words = (char **) g_ptr_array_free (words, FALSE);
  return line;
}

/* QRISER_TEST_SEED is another seed. */
static void
add_random (GPtrArray *lines)
{
  const char *text = g_getenv ("QRISER_TEST_SEED");
  guint32 seed = text == NULL ? 1 : (guint32) g_ascii_strtoull (text, NULL, 10);
  guint added = 0;

  for (guint32 number = 0; added < RANDOM_LINES; number++)
    {
      Line *line = make_random (seed, number);

      if (is_planned (line))
        {
          g_ptr_array_add (lines, line);
          added++;
        }
      else
        line_free (line);
    }
}

GPtrArray *
live_lines (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("SRCDIR"), "tests", "live", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  const char *only = g_getenv ("QRISER_TEST_LINE"), *text = g_getenv ("QRISER_TEST_SHARE");
  guint share = text == NULL ? 1 : (guint) MAX (g_ascii_strtoull (text, NULL, 10), 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) entries = g_dir_open (directory, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ".lines") && !g_str_has_prefix (name, "drop-in")) /* test-parity's */
      g_ptr_array_add (names, g_build_filename (directory, name, NULL));
  g_ptr_array_sort (names, compare_texts);
  for (guint i = 0; i < names->len; i++)
    read_lines (names->pdata[i], lines);
  add_random (lines);
  for (guint i = share == 1 ? 0 : lines->len; i-- > 0;)
    if (i % share != 0)
      g_ptr_array_remove_index (lines, i);
  for (guint i = only == NULL ? 0 : lines->len; i-- > 0;)
    if (!g_str_has_prefix (((Line *) lines->pdata[i])->name, only))
      g_ptr_array_remove_index (lines, i);
  return lines;
}

/* --- QEMU binaries ------------------------------------------------------------------- */

static void
qemu_free (gpointer data)
{
  Qemu *qemu = data;

  g_free (qemu->path);
  g_free (qemu->arch);
  g_free (qemu->version);
  g_free (qemu);
}

static void
add_qemu (GPtrArray *list, const char *path, const char *arch)
{
  const char *const argv[] = { path, "-version", NULL };
  g_autofree char *text = NULL;
  const char *version;
  Qemu *qemu;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, NULL, NULL))
    return;
  version = text == NULL ? NULL : strstr (text, "version ");
  if (version == NULL)
    return;
  version += strlen ("version ");
  qemu = g_new0 (Qemu, 1);
  qemu->path = g_strdup (path);
  qemu->arch = g_strdup (arch);
  qemu->version = g_strndup (version, strspn (version, "0123456789."));
  qemu->number = parse_version (qemu->version);
  g_ptr_array_add (list, qemu);
}

GPtrArray *
live_qemus (const char *arch)
{
  g_auto (GStrv) paths = strcmp (arch, "x86_64") == 0 ? vm_qemus () : vm_qemus_for (arch);
  GPtrArray *list = g_ptr_array_new_with_free_func (qemu_free);

  for (char **path = paths; *path != NULL; path++)
    add_qemu (list, *path, arch);
  return list;
}
