/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parity-lines.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "live-lines.h"

static void
line_free (gpointer data)
{
  ParityLine *line = data;

  g_free (line->name);
  g_strfreev (line->words);
  g_strfreev (line->versions);
  g_free (line->skip);
  g_free (line);
}

/* --- files of lines ------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  Parity expected;
} expectations[] = { { "same", PARITY_SAME },
                     { "refused", PARITY_REFUSED },
                     { "named", PARITY_NOT_EXPANDED },
                     { "strict", PARITY_STRICT },
                     { "better", PARITY_BETTER } };

static gboolean
parse_expectation (const char *word, Parity *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (expectations); i++)
    if (strcmp (expectations[i].word, word) == 0)
      {
        *out = expectations[i].expected;
        return TRUE;
      }
  return FALSE;
}

/* "all", or versions, and what is expected, with commas; for pc only, if ON_PC, what "pc:" says.
   FALSE: the line is not for that. */
static gboolean
parse_qemus (ParityLine *line, const char *text, gboolean on_pc)
{
  g_autoptr (GStrvBuilder) versions = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  gboolean is_for = TRUE;

  for (char **part = parts; *part != NULL; part++)
    if (g_str_has_prefix (*part, "pc:"))
      {
        Parity expected = line->expected;

        is_for &= parse_expectation (*part + strlen ("pc:"), &expected) || !on_pc;
        line->expected = on_pc ? expected : line->expected;
      }
    else if (strcmp (*part, "alone") == 0)
      line->is_alone = TRUE;
    else if (strcmp (*part, "bound") == 0)
      line->is_bound = TRUE;
    else if (!parse_expectation (*part, &line->expected) && strcmp (*part, "all") != 0)
      {
        g_assert_true (g_ascii_isdigit (**part));
        g_strv_builder_add (versions, *part);
      }
  line->versions = g_strv_builder_end (versions);
  return is_for;
}

/* What a line for q35 has to say on pc. */
static const char *const on_pc[][2] = { { "\\bpc-q35-", "pc-i440fx-" },
                                        { "\\bq35-pcihost\\b", "i440FX-pcihost" },
                                        { "\\bpcie\\.0\\b", "pci.0" },
                                        { "\\bq35\\b", "pc" } };

/* The words of a q35's line on a pc. (transfer full) */
static GStrv
words_on_pc (char **words)
{
  GStrv result = g_strdupv (words);

  for (char **word = result; *word != NULL; word++)
    for (gsize i = 0; i < G_N_ELEMENTS (on_pc); i++)
      {
        g_autoptr (GRegex) regex = g_regex_new (on_pc[i][0], 0, 0, NULL);
        char *text = g_regex_replace_literal (regex, *word, -1, 0, on_pc[i][1], 0, NULL);

        g_free (*word);
        *word = text;
      }
  return result;
}

static void
add_row (GPtrArray *lines, const char *row, const char *arch)
{
  gboolean has_pc = strcmp (arch, "x86_64") == 0;
  g_auto (GStrv) words = NULL, changed = NULL;
  g_autoptr (GError) error = NULL;
  ParityLine *line;

  g_shell_parse_argv (row, NULL, &words, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (words), >=, 2);
  changed = words_on_pc (words + 2);
  for (int pc = 0; pc <= (has_pc && !g_strv_equal ((const char *const *) changed,
                                        (const char *const *) words + 2));
       pc++)
    {
      line = g_new0 (ParityLine, 1);
      line->arch = arch;
      line->name = g_strconcat (words[0], pc ? ", on pc" : "", NULL);
      line->words = g_strdupv (pc ? changed : words + 2);
      if (strstr (row, "@eye@") != NULL && g_getenv ("QRISER_TEST_EYE") == NULL)
        line->skip = g_strdup ("no guest-eye");
      if (parse_qemus (line, words[1], pc))
        g_ptr_array_add (lines, line);
      else
        line_free (line);
    }
}

GPtrArray *
parity_lines (const char *file, const char *arch)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  g_auto (GStrv) rows = live_rows (file);

  for (char **row = rows; *row != NULL; row++)
    add_row (lines, *row, arch);
  return lines;
}

static ParityLine *
parse_object (json_object *object)
{
  ParityLine *line = g_new0 (ParityLine, 1);
  json_object *words = json_object_object_get (object, "argv");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  line->name = g_strdup (json_object_get_string (json_object_object_get (object, "name")));
  line->arch = "x86_64";
  line->skip = g_strdup (json_object_get_string (json_object_object_get (object, "skip")));
  g_assert_nonnull (line->name);
  for (gsize i = 0; i < json_object_array_length (words); i++)
    g_strv_builder_add (builder, json_object_get_string (json_object_array_get_idx (words, i)));
  line->words = g_strv_builder_end (builder);
  line->versions = g_new0 (char *, 1);
  return line;
}

GPtrArray *
parity_lines_json (const char *file)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  json_object *root = json_object_from_file (file);

  g_assert_true (json_object_is_type (root, json_type_array));
  for (gsize i = 0; i < json_object_array_length (root); i++)
    g_ptr_array_add (lines, parse_object (json_object_array_get_idx (root, i)));
  json_object_put (root);
  return lines;
}

/* --- random lines --------------------------------------------------------------------------- */

enum
{
  MAX_PARTS = 5
};

/* Whether what stands behind "-M q35" can be a part of other lines. */
static gboolean
is_part (const ParityLine *line)
{
  static const char *const machines[] = { "-M", "-machine", "--machine", "--M", NULL };

  if (line->expected != PARITY_SAME || line->versions[0] != NULL || line->skip != NULL
      || line->is_alone || g_strv_length (line->words) < 3 || strcmp (line->words[0], "-M") != 0
      || strcmp (line->words[1], "q35") != 0)
    return FALSE;
  for (char **word = line->words + 2; *word != NULL; word++)
    if (g_strv_contains (machines, *word))
      return FALSE;
  return TRUE;
}

static ParityLine *
make_random (const GPtrArray *parts, guint32 seed, guint32 number)
{
  static const char *const machines[] = { "q35", "q35,usb=on", "pc-q35-7.2", "pc-q35-5.2", "pc-q35-2.11", "q35,sata=off" };
  g_autoptr (GRand) random = g_rand_new_with_seed_array ((const guint32[]){ seed, number }, 2);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  GString *name = g_string_new (NULL);
  ParityLine *line = g_new0 (ParityLine, 1);
  gboolean pc = g_rand_boolean (random);

  g_string_printf (name, "random-%u-%u%s:", seed, number, pc ? ", on pc" : "");
  g_strv_builder_add_many (words, "-M", machines[g_rand_int_range (random, 0, G_N_ELEMENTS (machines))], NULL);
  for (int n = g_rand_int_range (random, 2, MAX_PARTS + 1); n > 0; n--)
    {
      const ParityLine *part = parts->pdata[g_rand_int_range (random, 0, (gint32) parts->len)];

      g_strv_builder_addv (words, (const char **) part->words + 2);
      g_string_append_printf (name, " %s", part->name);
    }
  all = g_strv_builder_end (words);
  line->words = pc ? words_on_pc (all) : g_steal_pointer (&all);
  line->arch = "x86_64";
  line->name = g_string_free (name, FALSE);
  line->versions = g_new0 (char *, 1);
  line->is_random = TRUE;
  return line;
}

GPtrArray *
parity_random (const GPtrArray *lines, guint n, guint32 seed)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  GPtrArray *result = g_ptr_array_new_with_free_func (line_free);

  for (guint i = 0; i < lines->len; i++)
    if (strcmp (((const ParityLine *) lines->pdata[i])->arch, "x86_64") == 0 && is_part (lines->pdata[i]))
      g_ptr_array_add (parts, lines->pdata[i]);
  g_assert_true (n == 0 || parts->len > 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (result, make_random (parts, seed, i));
  return result;
}

/* --- images --------------------------------------------------------------------------------- */

enum
{
  KIB = 1024,
  MIB = 1024 * KIB
};

static const struct
{
  const char *name;
  goffset size; /* all zero; 0: a qcow2 image */
} images[] = { { "disk", 64 * MIB },      { "disk2", 64 * MIB }, { "disk3", 64 * MIB },
               { "disk4", 64 * MIB },     { "cd", 2 * MIB },     { "cd2", 2 * MIB },
               { "floppy", 1440 * KIB },  { "pflash", 4 * MIB }, { "pflash2", 4 * MIB },
               { "floppy2", 1440 * KIB }, { "table", KIB },     { "qcow2", 0 } };

static void
put (guint8 *at, guint64 value, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    at[i] = (guint8) (value >> 8 * (bytes - 1 - i));
}

/*
 * An empty version 2 image of 64 MiB: the header, the table of reference count blocks, one such
 * block and the empty level 1 table, each a cluster (docs/interop/qcow2.txt of QEMU).
 */
static void
write_qcow2 (int fd)
{
  enum
  {
    CLUSTER_BITS = 16,
    CLUSTER = 1 << CLUSTER_BITS
  };
  g_autofree guint8 *image = g_malloc0 (4 * CLUSTER);

  memcpy (image, "QFI\xfb", 4);
  put (image + 4, 2, 4); /* version */
  put (image + 20, CLUSTER_BITS, 4);
  put (image + 24, 64 * MIB, 8);    /* size */
  put (image + 36, 1, 4);           /* entries of the level 1 table */
  put (image + 40, 3 * CLUSTER, 8); /* its offset */
  put (image + 48, 1 * CLUSTER, 8); /* offset of the table of reference count blocks */
  put (image + 56, 1, 4);           /* its clusters */
  put (image + CLUSTER, 2 * CLUSTER, 8);
  for (gsize i = 0; i < 4; i++)
    put (image + 2 * CLUSTER + 2 * i, 1, 2);
  g_assert_cmpint (write (fd, image, 4 * CLUSTER), ==, 4 * CLUSTER);
}

void
parity_make_images (const char *directory)
{
  for (gsize i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_autofree char *path = g_build_filename (directory, images[i].name, NULL);
      int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

      g_assert_cmpint (fd, >=, 0);
      if (images[i].size == 0)
        write_qcow2 (fd);
      else
        g_assert_cmpint (ftruncate (fd, images[i].size), ==, 0);
      close (fd);
    }
}

static char *
replace (const char *word, const char *name, const char *by)
{
  g_autofree char *pattern = g_strdup_printf ("@%s@", name);
  g_auto (GStrv) parts = g_strsplit (word, pattern, -1);

  return g_strjoinv (by, parts);
}

/* Of a word "@conf:LINE;LINE...@": the path of a file with these lines. (transfer full) */
static char *
write_conf (const char *word, const char *directory)
{
  g_auto (GStrv) lines = g_strsplit (word + strlen ("@conf:"), ";", -1);
  g_autofree char *text = g_strjoinv ("\n", lines);
  g_autofree char *name = g_strdup_printf ("conf-%08x", g_str_hash (text));
  char *path = g_build_filename (directory, name, NULL);

  text[strlen (text) - 1] = '\n'; /* the "@" at the end */
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

GStrv
parity_words (GStrv words, const char *directory)
{
  GStrv result = g_strdupv (words);

  for (char **word = result; *word != NULL; word++)
    {
      char *text = strcmp (*word, "@eye@") == 0 ? g_strdup (g_getenv ("QRISER_TEST_EYE"))
                                                : replace (*word, "dir", directory);

      for (gsize i = 0; i < G_N_ELEMENTS (images); i++)
        {
          g_autofree char *path = g_build_filename (directory, images[i].name, NULL);
          char *next = replace (text, images[i].name, path);

          g_free (text);
          text = next;
        }
      g_free (*word);
      *word = text;
      if (g_str_has_prefix (text, "@conf:"))
        {
          *word = write_conf (text, directory);
          g_free (text);
        }
    }
  return result;
}
