/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "readconfig.h"

#include <string.h>

enum
{
  QEMU_LINE_BYTES = 1022, /* util/qemu-config.c, qemu_config_foreach() */
  QEMU_WORD_BYTES = 63,   /* of a group, an id or a key */
};

typedef struct
{
  const char *text, *file;
  QrConfigReader whose;
  QrPool *pool;
  GArray *groups;  /* QrConfigGroup */
  GArray *entries; /* QrConfigEntry of the last group */
  const char *at;
} Reader;

static void
place_of (const Reader *reader, const char *at, gsize length, QrPlace *out)
{
  *out = (QrPlace){ 0, reader->file, reader->text, (gsize) (at - reader->text), length };
}

static gboolean fail (const Reader *reader, const char *at, gsize length, const char *hint,
                      GError **error, const char *format, ...) G_GNUC_PRINTF (6, 7);

static gboolean
fail (const Reader *reader, const char *at, gsize length, const char *hint, GError **error,
      const char *format, ...)
{
  va_list arguments;
  QrPlace place;

  place_of (reader, at, length, &place);
  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_CONFIG, "config-syntax", &place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

static void
skip_blanks (Reader *reader)
{
  reader->at += strspn (reader->at, " \t\r");
}

/* What begins a group, a key or an id. */
static gsize
word_length (const char *at)
{
  gsize n = 0;

  while (g_ascii_isalnum (at[n]) || (at[n] != '\0' && strchr ("-._", at[n]) != NULL))
    n++;
  return n;
}

/* QEMU's words end at a blank only. */
static gboolean
is_hidden_from_qemu (const Reader *reader)
{
  return reader->whose == QR_CONFIG_QEMU && strchr (" \t\r", reader->at[-1]) == NULL;
}

/* Refuses a word of @length bytes at @at that QEMU would cut. */
static gboolean
check_length (const Reader *reader, const char *at, gsize length, GError **error)
{
  return reader->whose == QR_CONFIG_OURS || length <= QEMU_WORD_BYTES
         || fail (reader, at, length, NULL, error, "QEMU reads %d bytes of a name at most",
                  QEMU_WORD_BYTES);
}

static gboolean
end_line (Reader *reader, GError **error)
{
  gsize rest;

  skip_blanks (reader);
  rest = strcspn (reader->at, "\n");
  if (rest > 0)
    return fail (reader, reader->at, rest, "begin a new line", error,
                 "more text where the line should end");
  reader->at += *reader->at == '\n';
  return TRUE;
}

/* A value in quotes; there is no escape for a quote inside. */
static gboolean
read_quoted (Reader *reader, const char **out, QrPlace *place, GError **error)
{
  const char *start = reader->at + 1;
  gsize length;

  if (*reader->at != '"')
    return fail (reader, reader->at, strcspn (reader->at, " \t\r\n"), "write it in double quotes",
                 error, "a value without quotes");
  length = strcspn (start, "\"\n");
  if (start[length] != '"')
    return fail (reader, reader->at, length + 1, NULL, error, "the value has no closing quote");
  *out = qr_pool_strndup (reader->pool, start, length);
  place_of (reader, start, length, place);
  reader->at = start + length + 1;
  return TRUE;
}

static void
finish_group (Reader *reader)
{
  QrConfigGroup *group;
  QrConfigEntry *entries;

  if (reader->groups->len == 0)
    return;
  group = &g_array_index (reader->groups, QrConfigGroup, reader->groups->len - 1);
  group->n = reader->entries->len;
  entries = qr_pool_alloc_n (reader->pool, group->n, sizeof *entries);
  if (group->n > 0)
    memcpy (entries, reader->entries->data, group->n * sizeof *entries);
  group->entries = entries;
  g_array_set_size (reader->entries, 0);
}

static gboolean
read_heading (Reader *reader, GError **error)
{
  const char *start = reader->at;
  QrConfigGroup group = { 0 };
  QrPlace id;
  gsize length;

  reader->at++;
  skip_blanks (reader);
  length = word_length (reader->at);
  if (length == 0)
    return fail (reader, reader->at, 1, NULL, error, "a group has no name");
  if (!check_length (reader, reader->at, length, error))
    return FALSE;
  group.name = qr_pool_strndup (reader->pool, reader->at, length);
  reader->at += length;
  skip_blanks (reader);
  if (*reader->at == '"' && is_hidden_from_qemu (reader))
    return fail (reader, reader->at, 1, "write a blank before it", error,
                 "QEMU takes this quote for a part of the name");
  if (*reader->at == ']' && reader->whose == QR_CONFIG_QEMU
      && (start[1] != *group.name || strchr (" \t\r", reader->at[-1]) != NULL))
    return fail (reader, start, (gsize) (reader->at - start) + 1, "remove the blanks", error,
                 "QEMU takes blanks in a heading for a part of the name");
  if (*reader->at == '"'
      && (!read_quoted (reader, &group.id, &id, error)
          || !check_length (reader, reader->text + id.start, id.length, error)))
    return FALSE;
  skip_blanks (reader);
  if (*reader->at != ']')
    return fail (reader, reader->at, 1, "write [group] or [group \"id\"]", error,
                 "the heading does not end in \"]\"");
  reader->at++;
  place_of (reader, start, (gsize) (reader->at - start), &group.place);
  finish_group (reader);
  g_array_append_val (reader->groups, group);
  return end_line (reader, error);
}

static gboolean
read_entry (Reader *reader, GError **error)
{
  QrConfigEntry entry = { 0 };
  gsize length = word_length (reader->at);

  if (length == 0)
    return fail (reader, reader->at, MAX (strcspn (reader->at, " \t\r\n"), 1),
                 "write key = \"value\"", error, "this is neither a group nor a key");
  if (reader->groups->len == 0)
    return fail (reader, reader->at, length, "begin with a group", error,
                 "a key before the first group");
  if (!check_length (reader, reader->at, length, error))
    return FALSE;
  entry.key = qr_pool_strndup (reader->pool, reader->at, length);
  place_of (reader, reader->at, length, &entry.key_place);
  reader->at += length;
  skip_blanks (reader);
  if (*reader->at == '=' && is_hidden_from_qemu (reader))
    return fail (reader, reader->at, 1, "write a blank before it", error,
                 "QEMU takes this \"=\" for a part of the key");
  if (*reader->at != '=')
    return fail (reader, reader->at, MAX (strcspn (reader->at, " \t\r\n"), 1),
                 "write key = \"value\"", error, "expected \"=\" after \"%s\"", entry.key);
  reader->at++;
  skip_blanks (reader);
  if (!read_quoted (reader, &entry.value, &entry.value_place, error) || !end_line (reader, error))
    return FALSE;
  g_array_append_val (reader->entries, entry);
  return TRUE;
}

static gboolean
read_line (Reader *reader, GError **error)
{
  const char *start = reader->at;
  gsize length = strcspn (start, "\n");

  if (reader->whose == QR_CONFIG_QEMU && length > QEMU_LINE_BYTES)
    return fail (reader, start, length, NULL, error, "QEMU reads %d bytes of a line at most",
                 QEMU_LINE_BYTES);
  if (*start == '#')
    {
      reader->at += strcspn (start, "\n");
      return end_line (reader, error);
    }
  skip_blanks (reader);
  if (*reader->at == '\n' || *reader->at == '\0')
    return end_line (reader, error);
  if (*reader->at == '[' || *reader->at == '#')
    return reader->at == start ? read_heading (reader, error)
                               : fail (reader, reader->at, 1, "remove the blanks before it", error,
                                       "\"%c\" must begin the line", *reader->at);
  return read_entry (reader, error);
}

const QrConfigFile *
qr_readconfig (const char *text, gsize length, const char *file, QrConfigReader whose, QrPool *pool,
               GError **error)
{
  Reader reader = { text,
                    file,
                    whose,
                    pool,
                    g_array_new (FALSE, FALSE, sizeof (QrConfigGroup)),
                    g_array_new (FALSE, FALSE, sizeof (QrConfigEntry)),
                    text };
  QrConfigFile *out = qr_pool_new_struct (pool, QrConfigFile);
  QrConfigGroup *groups;
  const char *bad;
  gboolean good = TRUE;

  if (!g_utf8_validate_len (text, length, &bad))
    good = fail (&reader, bad, 1, NULL, error, "a byte that is no text");
  while (good && *reader.at != '\0')
    good = read_line (&reader, error);
  finish_group (&reader);
  out->n = reader.groups->len;
  groups = qr_pool_alloc_n (pool, out->n, sizeof *groups);
  if (out->n > 0)
    memcpy (groups, reader.groups->data, out->n * sizeof *groups);
  out->groups = groups;
  g_array_unref (reader.groups);
  g_array_unref (reader.entries);
  return good ? out : NULL;
}
