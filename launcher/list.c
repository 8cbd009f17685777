/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "list.h"

#include <string.h>

#include "bounds.h"
#include "file.h"
#include "shell-line.h"

/* "--" without its dashes; no other word but "-" is called so. */
const QrOption qr_list_end = { .name = "", .grammar = QR_GRAMMAR_FLAG, .verb = QR_VERB_OWN };

const QrOption qr_list_role
    = { .name = "ROLE", .grammar = QR_GRAMMAR_QEMUOPTS, .verb = QR_VERB_OWN };

/* The key of the drop-in face's option that has a word of a list. */
static const char own_key[] = "dev";

typedef struct
{
  const QrProfiles *profiles;
  QrPool *pool;
  GArray *items; /* QrItem */
  gsize n_roles;
  gsize n_bytes; /* of the files that were read */
} List;

/* A file of the list, split into words. */
typedef struct
{
  List *list;
  const QrItem *item; /* that names it */
  const char *file, *text;
  gsize length;
  QrShellLine words;
  gsize counted; /* bytes whose rows are counted */
  guint row;     /* that they end in */
} ListFile;

static gboolean
is_role (const char *word)
{
  gsize length = 0;

  while (g_ascii_isalnum (word[length]) || word[length] == '-')
    length++;
  return g_ascii_isalpha (*word) && word[length] == '=';
}

gboolean
qr_list_is_word (const char *word)
{
  return is_role (word) || (word[0] == '@' && word[1] != '\0');
}

/* @row: in its file, or 0. */
static void
add_role (List *list, const char *word, guint argument, const QrPlace *place, guint row)
{
  QrSource *source = qr_pool_new_struct (list->pool, QrSource);
  QrItem item = { &qr_list_role, word, NULL, argument, source };

  *source = (QrSource){ .whole = *place, .in_list = TRUE, .row = row, .use = ++list->n_roles };
  g_array_append_val (list->items, item);
}

/* How many bytes at @at stand for one of the word in the shell's quoting; 0 with those in @skipped:
 * for none. @quote: the one that is open, or 0. */
static gsize
shell_width (const char *at, char *quote, gsize *skipped)
{
  gboolean opens = *quote == 0 && (*at == '\'' || *at == '"');

  *skipped = 1;
  if (opens || (*quote != 0 && *at == *quote))
    {
      *quote = opens ? *at : 0;
      return 0;
    }
  if (*at != '\\' || *quote == '\'')
    return 1;
  if (at[1] == '\n') /* the line goes on */
    {
      *skipped = 2;
      return 0;
    }
  return *quote == 0 || strchr ("$`\"\\", at[1]) != NULL ? 2 : 1;
}

/* Where byte @offset of a word stands in what is written at @whole: in a file with quotes and
 * backslashes, elsewhere with its commas doubled. */
static gsize
written_offset (const QrPlace *whole, gsize offset)
{
  const char *text = whole->text + whole->start;
  gsize at = 0, width, skipped = 0;
  char quote = 0;

  while (at < whole->length)
    {
      if (whole->file != NULL)
        width = shell_width (text + at, &quote, &skipped);
      else
        width = text[at] == ',' && text[at + 1] == ',' ? 2 : 1;
      if (width > 0 && offset-- == 0)
        return at + (whole->file != NULL ? width - 1 : 0);
      at += width > 0 ? width : skipped;
    }
  return whole->length;
}

/* A part of what stands at @whole. */
static QrPlace
place_part (const QrPlace *whole, const char *word, gsize start, gsize length)
{
  QrPlace part = *whole;
  gsize end;

  if (whole->length != strlen (word)
      || memcmp (whole->text + whole->start, word, whole->length) != 0)
    {
      end = length == 0 ? written_offset (whole, start)
                        : written_offset (whole, start + length - 1) + 1;
      start = written_offset (whole, start);
      length = end - MIN (start, end);
    }
  part.start += start;
  part.length = length;
  return part;
}

void
qr_list_place (const QrItem *item, gsize start, gsize length, QrPlace *out)
{
  *out = place_part (&item->source->whole, item->word, start, length);
}

/* --- files -------------------------------------------------------------------------------- */

static gboolean fail (const QrPlace *place, const char *hint, GError **error, const char *format,
                      ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (const QrPlace *place, const char *hint, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_REQUEST, "list-syntax", place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* The word with number @index as it stands in the file, with its quotes. */
static QrPlace
word_place (const ListFile *file, gsize index)
{
  const char *word = file->words.words[index];
  gsize start = file->words.starts[index], length = strlen (word);
  QrPlace rest = { file->item->argument, file->file, file->text, start, file->length - start };

  if (length > rest.length || memcmp (file->text + start, word, length) != 0)
    length = length == 0 ? 1 : written_offset (&rest, length - 1) + 1;
  rest.length = length;
  return rest;
}

/* The row of the word with number @index; words are asked for in their order. */
static guint
row_of (ListFile *file, gsize index)
{
  for (; file->counted < file->words.starts[index]; file->counted++)
    file->row += file->text[file->counted] == '\n';
  return file->row;
}

/* Whether two words stand in one row. */
static gboolean
share_row (const ListFile *file, gsize first, gsize second)
{
  gsize start = file->words.starts[first];

  return memchr (file->text + start, '\n', file->words.starts[second] - start) == NULL;
}

static gboolean
unknown_option (const ListFile *file, gsize index, GError **error)
{
  const char *word = file->words.words[index];
  const char *nearest
      = qr_profiles_nearest_option (file->list->profiles, word + 1 + (word[1] == '-'));
  QrPlace place = word_place (file, index);
  g_autofree char *hint = nearest == NULL ? NULL : g_strdup_printf ("did you mean -%s?", nearest);

  qr_error_set (error, QR_STATUS_REQUEST, "unknown-option", &place, hint,
                "QEMU has no option \"%s\"", word);
  return FALSE;
}

/* Where the parts of an option's argument stand. */
static const QrSource *
value_source (const ListFile *file, const QrItem *item, const QrPlace *whole, guint row)
{
  QrSource *source = qr_pool_new_struct (file->list->pool, QrSource);
  const QrOptList *opts = qr_item_opts (item, file->list->pool, NULL);
  gsize n = opts == NULL ? 0 : opts->n;
  QrPlace *places = qr_pool_alloc_n (file->list->pool, n, sizeof *places);

  for (gsize i = 0; i < n; i++)
    places[i]
        = place_part (whole, item->value, opts->opts[i].value_start, opts->opts[i].value_length);
  *source
      = (QrSource){ .whole = *whole, .places = places, .n_places = n, .in_list = TRUE, .row = row };
  return source;
}

/* QEMU's option at *@at; leaves that at its last word. */
static gboolean
add_option (ListFile *file, gsize *at, GError **error)
{
  guint row = row_of (file, *at);
  QrItem item = { .word = file->words.words[*at], .argument = file->item->argument };
  QrPlace place = word_place (file, *at);

  item.option = qr_cmdline_option (item.word, file->list->profiles, NULL);
  if (item.option == NULL)
    return unknown_option (file, *at, error);
  if (!qr_option_has_argument (item.option))
    item.source = value_source (file, &item, &place, row);
  else if (*at + 1 == file->words.n)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "missing-argument", &place, NULL,
                    "option \"%s\" needs an argument", item.word);
      return FALSE;
    }
  else
    {
      item.value = file->words.words[++*at];
      place = word_place (file, *at);
      item.source = value_source (file, &item, &place, row);
    }
  g_array_append_val (file->list->items, item);
  return TRUE;
}

static gboolean
add_word (ListFile *file, gsize index, GError **error)
{
  const char *word = file->words.words[index];
  QrPlace place = word_place (file, index);

  if (*word == '@')
    return fail (&place, "name each file on the command line", error,
                 "a list cannot name another one, \"%s\"", word);
  if (!is_role (word))
    return fail (&place, "write ROLE=VALUE, as in disk=root.qcow2, or one of QEMU's options", error,
                 "\"%s\" is no word of a device list", word);
  if (index > 0 && share_row (file, index - 1, index))
    return fail (&place, "one word stands in a row; quote a value with blanks", error,
                 "\"%s\" stands behind another word", word);
  add_role (file->list, word, file->item->argument, &place, row_of (file, index));
  return TRUE;
}

static gboolean
add_words (ListFile *file, GError **error)
{
  for (gsize at = 0; at < file->words.n; at++)
    {
      const char *word = file->words.words[at];
      QrPlace place = word_place (file, at);

      gboolean many = file->list->items->len >= QR_LIMIT_ARGUMENTS;

      if (many || strlen (word) > QR_LIMIT_ARGUMENT_BYTES)
        {
          qr_error_set (error, QR_STATUS_REQUEST, "limit", &place, NULL,
                        many ? "a list of more than %d words" : "a word of more than %d bytes",
                        many ? QR_LIMIT_ARGUMENTS : QR_LIMIT_ARGUMENT_BYTES);
          return FALSE;
        }
      if (*word == '-' ? !add_option (file, &at, error) : !add_word (file, at, error))
        return FALSE;
    }
  return TRUE;
}

/* The whole file, its rows ended by "\n" alone; NULL with @error set. */
static const char *
read_text (List *list, const char *path, gsize *length, GError **error)
{
  GString *read = qr_file_read_input (path, error);
  const char *nul;
  char *text;
  QrPlace place;

  if (read == NULL)
    return NULL;
  list->n_bytes += read->len;
  if (list->n_bytes > QR_LIMIT_FILE_BYTES)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "limit", NULL, NULL,
                    "the files of device lists have more than %d bytes", QR_LIMIT_FILE_BYTES);
      g_string_free (read, TRUE);
      return NULL;
    }
  *length = read->len;
  text = qr_pool_strndup (list->pool, read->str, read->len);
  g_string_free (read, TRUE);
  nul = memchr (text, '\0', *length);
  if (nul != NULL)
    {
      place = (QrPlace){ 0, path, text, (gsize) (nul - text), 1 };
      (void) fail (&place, "a list is text", error, "a NUL byte");
      return NULL;
    }
  for (char *at = text; (at = strstr (at, "\r\n")) != NULL;)
    *at = ' ';
  return text;
}

/* The file that @item names behind "@". */
static gboolean
add_file (List *list, const QrItem *item, GError **error)
{
  ListFile file = { .list = list, .item = item, .file = item->word + 1, .row = 1 };
  QrPlace place = { item->argument, NULL, item->word, 1, strlen (item->word) - 1 };

  file.text = read_text (list, file.file, &file.length, error);
  if (file.text == NULL)
    {
      if (error != NULL)
        qr_error_locate (*error, &place);
      return FALSE;
    }
  return qr_shell_split (file.text, file.file, list->pool, &file.words, error)
         && add_words (&file, error);
}

/* --- the line ----------------------------------------------------------------------------- */

/* Words of a list in the argument of the drop-in face's option. */
static gboolean
add_own (List *list, const QrItem *item, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, list->pool, error);

  for (gsize i = 0; opts != NULL && i < opts->n; i++)
    {
      const QrOpt *opt = &opts->opts[i];
      QrPlace place;

      if (strcmp (opt->key, own_key) != 0)
        continue;
      qr_optlist_place (opts, opt, &place);
      if (!is_role (opt->value))
        return fail (&place, "write -" PACKAGE_NAME " dev=ROLE=VALUE, as in dev=disk=root.qcow2",
                     error, "\"%s\" is no word of a device list", opt->value);
      add_role (list, opt->value, item->argument + 1, &place, 0);
    }
  return opts != NULL;
}

static gboolean
add_item (List *list, const QrItem *item, gboolean *mixed, GError **error)
{
  QrPlace place;

  if (item->option == &qr_list_end && (!*mixed || strcmp (item->word, "--") != 0))
    {
      qr_item_place (item, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "unknown-option", &place,
                    "\"--\" stands once, where the device list ends", "QEMU has no option \"%s\"",
                    item->word);
      return FALSE;
    }
  if (item->option == &qr_list_end)
    {
      *mixed = FALSE;
      return TRUE;
    }
  if (*mixed && item->option == NULL && is_role (item->word))
    {
      qr_item_place (item, &place);
      add_role (list, item->word, item->argument, &place, 0);
      return TRUE;
    }
  if (*mixed && item->option == NULL && qr_list_is_word (item->word))
    return add_file (list, item, error);
  g_array_append_vals (list->items, item, 1);
  return item->option == NULL || item->option->verb != QR_VERB_OWN || add_own (list, item, error);
}

/* Whether there is anything to do for the item. */
static gboolean
is_special (const QrItem *item, gboolean mixed)
{
  if (item->option == NULL)
    return mixed && qr_list_is_word (item->word);
  return item->option->verb == QR_VERB_OWN;
}

const QrCmdline *
qr_list_read (const QrCmdline *line, gboolean mixed, const QrProfiles *profiles, QrPool *pool,
              GError **error)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (QrItem));
  List list = { profiles, pool, items, 0, 0 };
  gboolean special = FALSE;
  QrCmdline *out;

  for (gsize i = 0; i < line->n; i++)
    special |= is_special (&line->items[i], mixed);
  if (!special)
    return line;
  for (gsize i = 0; i < line->n; i++)
    if (!add_item (&list, &line->items[i], &mixed, error))
      return NULL;
  out = qr_pool_new_struct (pool, QrCmdline);
  out->n = items->len;
  if (out->n > 0)
    out->items = memcpy (qr_pool_alloc_n (pool, out->n, sizeof (QrItem)), items->data,
                         out->n * sizeof (QrItem));
  return out;
}
