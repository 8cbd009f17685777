/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words of a line are a device list's, and where those of files stand. */
#include "config.h"

#include "bounds.h"
#include "drop-in.h"
#include "list.h"
#include "testlib.h"

#include <string.h>
#include <unistd.h>

/* Items as text: a role's word as it is, options and images in brackets. */
static const struct
{
  const char *name, *line;
  gboolean listed;
  const char *items;
} cases[] = {
  { "nothing", "", TRUE, "" },
  { "roles", "rng= disk=a,b=c", TRUE, "rng= disk=a,b=c" },
  { "mixed", "-m 1G rng= -smp 2 nic=user", TRUE, "[-m 1G] rng= [-smp 2] nic=user" },
  { "end", "rng= -- nic=user -m 1G", TRUE, "rng= [nic=user] [-m 1G]" },
  { "end-alone", "--", TRUE, "" },
  { "end-as-value", "-append -- rng=", TRUE, "[-append --] rng=" },
  { "role-as-value", "-drive disk=a rng=", TRUE, "[-drive disk=a] rng=" },
  { "image", "disk.img ./disk=1", TRUE, "[disk.img] [./disk=1]" },
  { "capital", "Disk=1 1=2 =x", TRUE, "Disk=1 [1=2] [=x]" },
  { "file-tabs", "@tabs.list", TRUE, "rng= disk=x" },
  { "at-alone", "@", TRUE, "[@]" },
  { "no-list", "disk=a @file", FALSE, "[disk=a] [@file]" },
  { "file", "-m 1G @a.list rng=", TRUE, "[-m 1G] disk=x nic=user,a=b [-smp 2] rng=" },
  { "file-lines", "@dos.list", TRUE, "disk=x rng=" },
  { "file-empty", "@empty.list", TRUE, "" },
  { "file-quotes", "@quotes.list", TRUE, "disk=my disk.img rng=#1" },
};

static const struct
{
  const char *name, *text;
} files[] = {
  { "a.list", "# a machine\ndisk=x\n\n\tnic=user,a=b # why\n-smp 2\n" },
  { "dos.list", "disk=x\r\nrng=\r\n" },
  { "tabs.list", "\t# indented\nrng=\t# why\ndisk=x\n" },
  { "empty.list", "# nothing\n\n" },
  { "quotes.list", "'disk=my disk.img'\nrng=\"#1\"" },
};

static void
write_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_true (g_file_set_contents (files[i].name, files[i].text, -1, NULL));
}

static const QrCmdline *
read_line (char **words, gboolean listed, const QrOption *own, QrPool *pool, GError **error)
{
  const QrCmdline *line = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin,
                                            listed ? &qr_list_end : own, pool, error);

  return line == NULL ? NULL : qr_list_read (line, listed, &qr_profiles_builtin, pool, error);
}

static char *
show (const QrCmdline *line)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < line->n; i++)
    {
      const QrItem *item = &line->items[i];

      if (i > 0)
        g_string_append_c (out, ' ');
      if (item->option == &qr_list_role)
        g_string_append (out, item->word);
      else
        g_string_append_printf (out, "[%s%s%s]", item->word, item->value == NULL ? "" : " ",
                                item->value == NULL ? "" : item->value);
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", *cases[i].line == '\0' ? 1 : -1);
  g_autofree char *shown = NULL;
  const QrCmdline *line;
  GError *error = NULL;

  write_files ();
  line = read_line (words, cases[i].listed, NULL, pool, &error);
  g_assert_no_error (error);
  shown = show (line);
  g_assert_cmpstr (shown, ==, cases[i].items);
}

/* A part of a word is found in its file, where it is not quoted. */
static void
test_places (void)
{
  static const char *const words[] = { "@a.list", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrCmdline *line;
  GError *error = NULL;
  QrPlace place;

  write_files ();
  line = read_line ((char **) words, TRUE, NULL, pool, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (line->items[1].argument, ==, 1);
  qr_list_place (&line->items[1], 9, 3, &place);
  g_assert_cmpstr (place.file, ==, "a.list");
  g_assert_cmpuint (place.length, ==, 3);
  g_assert_true (strncmp (place.text + place.start, "a=b", 3) == 0);
  qr_item_value_place (&line->items[2], &place);
  g_assert_true (place.length == 1 && place.text[place.start] == '2');
}

static void
test_quoted_place (void)
{
  static const char *const words[] = { "@quotes.list", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrCmdline *line;
  GError *error = NULL;
  QrPlace place;

  write_files ();
  line = read_line ((char **) words, TRUE, NULL, pool, &error);
  g_assert_no_error (error);
  qr_list_place (&line->items[0], 5, 2, &place);
  g_assert_true (place.length == 2 && strncmp (place.text + place.start, "my", 2) == 0);
  qr_list_place (&line->items[0], 8, 8, &place);
  g_assert_true (place.length == 8 && strncmp (place.text + place.start, "disk.img", 8) == 0);
  qr_list_place (&line->items[1], 4, 2, &place);
  g_assert_true (place.length == 2 && strncmp (place.text + place.start, "#1", 2) == 0);
}

/* Every way to quote a byte. */
static void
test_written (void)
{
  static const char *const words[] = { "@odd.list", NULL };
  static const char text[] = "a=x\\ \"q\\\"\\n'\"'s\\\nt,key=v\n";
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrCmdline *line;
  GError *error = NULL;
  const char *word;
  QrPlace place;

  g_assert_true (g_file_set_contents ("odd.list", text, -1, NULL));
  line = read_line ((char **) words, TRUE, NULL, pool, &error);
  test_error_code (&error, QR_STATUS_REQUEST, "shell-syntax", "");
  g_assert_null (line);
  g_assert_true (g_file_set_contents ("odd.list", "a=x\\ \"q\\\"'n\"'\"s'\\\nt,key=v\n", -1, NULL));
  line = read_line ((char **) words, TRUE, NULL, pool, &error);
  g_assert_no_error (error);
  word = line->items[0].word;
  g_assert_cmpstr (word, ==, "a=x q\"'n\"st,key=v");
  qr_list_place (&line->items[0], (gsize) (strstr (word, "key") - word), 3, &place);
  g_assert_true (place.length == 3 && strncmp (place.text + place.start, "key", 3) == 0);
  qr_list_place (&line->items[0], 3, 2, &place);
  g_assert_true (strncmp (place.text + place.start, " \"q", 3) == 0);
}

/* The drop-in face has words of a list in its own option, and no others. */
static void
test_drop_in (void)
{
  static const char *const words[]
      = { "-m", "1G", "-qriser", "dev=disk=a,,format=raw,policy=qemu,dev=rng=", "nic=user", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autofree char *shown = NULL;
  const QrCmdline *line;
  GError *error = NULL;
  QrPlace place;

  line = read_line ((char **) words, FALSE, &qr_drop_in_option, pool, &error);
  g_assert_no_error (error);
  shown = show (line);
  g_assert_cmpstr (shown, ==,
                   "[-m 1G] [-qriser dev=disk=a,,format=raw,policy=qemu,dev=rng=] "
                   "disk=a,format=raw rng= [nic=user]");
  qr_list_place (&line->items[2], 0, 4, &place);
  g_assert_true (place.length == 4 && strncmp (place.text + place.start, "disk", 4) == 0);
  g_assert_cmpuint (place.argument, ==, 4);
  qr_list_place (&line->items[2], 7, 6, &place); /* behind a comma that is doubled */
  g_assert_true (place.length == 6 && strncmp (place.text + place.start, "format", 6) == 0);
  qr_list_place (&line->items[3], 0, 3, &place);
  g_assert_true (strncmp (place.text + place.start, "rng", 3) == 0);
}

static void
test_drop_in_wrong (void)
{
  static const char *const words[] = { "-qriser", "dev=disk", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_null (read_line ((char **) words, FALSE, &qr_drop_in_option, pool, &error));
  test_error_is (&error, "qriser: error: \"disk\" is no word of a device list\n"
                         "  argument 2: dev=disk\n"
                         "                  ^~~~\n"
                         "  hint: write -qriser dev=ROLE=VALUE, as in dev=disk=root.qcow2\n");
}

/* A line without a list is not copied. */
static void
test_same (void)
{
  static const char *const words[] = { "-m", "1G", "disk.img", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrCmdline *line = qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, &error);

  g_assert_true (qr_list_read (line, TRUE, &qr_profiles_builtin, pool, &error) == line);
}

/* A file of @n words. */
static const QrCmdline *
read_many (gsize n, QrPool *pool, GError **error)
{
  static const char *const words[] = { "@many.list", NULL };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, "rng=\n");
  g_assert_true (g_file_set_contents ("many.list", text->str, -1, NULL));
  return read_line ((char **) words, TRUE, NULL, pool, error);
}

static void
test_limit (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_cmpuint (read_many (QR_LIMIT_ARGUMENTS, pool, &error)->n, ==, QR_LIMIT_ARGUMENTS);
  g_assert_null (read_many (QR_LIMIT_ARGUMENTS + 1, pool, &error));
  test_error_is (&error, "qriser: error: a list of more than 65536 words\n"
                         "  many.list:65537:1: rng=\n"
                         "                     ^~~~\n");
  g_assert_null (read_many (100000, pool, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "limit", "a list of more than 65536 words");
}

/* Files of one line have one limit. */
static void
test_limit_of_line (void)
{
  static const char *const words[] = { "@half.list", "@half.list", NULL };
  g_autofree char *half = g_strnfill (QR_LIMIT_FILE_BYTES / 2 + 1, '\n');
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_true (g_file_set_contents ("half.list", half, -1, NULL));
  g_assert_null (read_line ((char **) words, TRUE, NULL, pool, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "limit", "more than 16777216 bytes");
}

static const QrCmdline *
read_long (gsize length, QrPool *pool, GError **error)
{
  static const char *const words[] = { "@long.list", NULL };
  g_autofree char *text = g_strnfill (length, 'a');

  memcpy (text, "rng=", 4);
  g_assert_true (g_file_set_contents ("long.list", text, -1, NULL));
  return read_line ((char **) words, TRUE, NULL, pool, error);
}

static void
test_limit_word (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;

  g_assert_cmpuint (read_long (QR_LIMIT_ARGUMENT_BYTES, pool, &error)->n, ==, 1);
  g_assert_null (read_long (QR_LIMIT_ARGUMENT_BYTES + 1, pool, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "limit", "a word of more than 131071 bytes");
}

/* What is piped in is read once, as a file is. */
static void
test_pipe (void)
{
  g_autofree char *word = NULL, *shown = NULL;
  g_autoptr (QrPool) pool = qr_pool_new ();
  const char *words[] = { NULL, NULL };
  const QrCmdline *line;
  GError *error = NULL;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], "rng=\n", 5), ==, 5);
  close (ends[1]);
  words[0] = word = g_strdup_printf ("@/proc/self/fd/%d", ends[0]);
  line = read_line ((char **) words, TRUE, NULL, pool, &error);
  close (ends[0]);
  g_assert_no_error (error);
  shown = show (line);
  g_assert_cmpstr (shown, ==, "rng=");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/list/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/list/places", test_places);
  g_test_add_func ("/list/quoted-place", test_quoted_place);
  g_test_add_func ("/list/written", test_written);
  g_test_add_func ("/list/drop-in", test_drop_in);
  g_test_add_func ("/list/drop-in-wrong", test_drop_in_wrong);
  g_test_add_func ("/list/same", test_same);
  g_test_add_func ("/list/limit", test_limit);
  g_test_add_func ("/list/limit-word", test_limit_word);
  g_test_add_func ("/list/limit-of-line", test_limit_of_line);
  g_test_add_func ("/list/pipe", test_pipe);
  return test_run_inside ();
}
