/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "absorb.h"

#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "informs.h"
#include "readconfig.h"

typedef struct
{
  const QrProfiles *profiles;
  QrPool *pool;
  GArray *items;       /* QrItem */
  const QrItem *spent; /* see QrCmdline */
} Absorb;

static const QrOption *
find_section (const QrProfiles *profiles, const char *name)
{
  for (guint32 i = 0; i < profiles->n_options; i++)
    if (g_strcmp0 (profiles->options[i].section, name) == 0)
      return &profiles->options[i];
  return NULL;
}

static void
append (GString *text, const char *key, const char *value)
{
  g_string_append_printf (text, "%s%s=", text->len == 0 ? "" : ",", key);
  qr_opt_append_escaped (text, value);
}

/* @group as an option; @reader names the file. */
static void
add_group (Absorb *absorb, const QrConfigGroup *group, const QrItem *reader)
{
  const QrOption *option = find_section (absorb->profiles, group->name);
  gsize n = group->n + (group->id != NULL);
  QrPlace *places = qr_pool_alloc_n (absorb->pool, n, sizeof *places);
  QrSource *source = qr_pool_new_struct (absorb->pool, QrSource);
  g_autoptr (GString) text = g_string_new (NULL);
  QrItem item = { .option = option, .argument = reader->argument, .source = source };

  if (group->id != NULL)
    {
      append (text, "id", group->id);
      places[0] = group->place;
    }
  for (gsize i = 0; i < group->n; i++)
    {
      append (text, group->entries[i].key, group->entries[i].value);
      places[n - group->n + i] = group->entries[i].value_place;
    }
  *source = (QrSource){ group->place, places, n, TRUE };
  if (option == NULL)
    {
      item.option = reader->option;
      item.word = group->name;
      item.value = reader->value;
    }
  else
    {
      item.word = qr_pool_printf (absorb->pool, "-%s", option->name);
      item.value = qr_pool_strndup (absorb->pool, text->str, text->len);
    }
  if (option == NULL || option->grammar != QR_GRAMMAR_KEYVAL || n > 0)
    g_array_append_val (absorb->items, item);
}

/* A file of the user's, which may be a pipe; what QEMU reads unasked is none. */
static GString *
read_file (Absorb *absorb, const QrItem *reader, GError **error)
{
  const char *path = strcmp (reader->value, "-") == 0 ? "./-" : reader->value; /* a file to QEMU */
  struct stat info;

  if (reader->argument == 0)
    return qr_file_read (path, NULL, error);
  if (absorb->spent == NULL && stat (path, &info) == 0 && S_ISFIFO (info.st_mode))
    absorb->spent = reader;
  return qr_file_read_input (path, error);
}

/* The file that @reader names. */
static gboolean
add_file (Absorb *absorb, const QrItem *reader, GError **error)
{
  g_autoptr (GError) fault = NULL;
  GString *text = read_file (absorb, reader, &fault);
  const QrConfigFile *file;
  const char *copy;
  gsize length;
  QrPlace place;

  if (text == NULL)
    {
      qr_item_value_place (reader, &place);
      if (place.text != NULL)
        qr_error_locate (fault, &place);
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  length = text->len;
  copy = qr_pool_strndup (absorb->pool, text->str, length);
  g_string_free (text, TRUE);
  file = qr_readconfig (copy, length, reader->value, QR_CONFIG_QEMU, absorb->pool, error);
  for (gsize i = 0; file != NULL && i < file->n; i++)
    add_group (absorb, &file->groups[i], reader);
  return file != NULL;
}

/* GROUP.ID.KEY=VALUE */
typedef struct
{
  const char *group, *id, *key, *value;
  QrPlace place; /* of the value */
} Set;

static const char *
take_word (Absorb *absorb, const char **at, char end)
{
  const char *start = *at;
  gsize length = strcspn (start, end == '=' ? "=" : "."); /* as QEMU splits it */

  if (start[length] != end || length == 0)
    return NULL;
  *at = start + length + 1;
  return qr_pool_strndup (absorb->pool, start, length);
}

static gboolean
split_set (Absorb *absorb, const QrItem *item, Set *out)
{
  const char *at = item->value;

  out->group = take_word (absorb, &at, '.');
  out->id = out->group == NULL ? NULL : take_word (absorb, &at, '.');
  out->key = out->id == NULL ? NULL : take_word (absorb, &at, '=');
  out->value = at;
  out->place
      = (QrPlace){ item->argument + 1, NULL, item->value, (gsize) (at - item->value), strlen (at) };
  return out->key != NULL && strcmp (out->key, "id") != 0;
}

/* The option before it that @set is for. */
static QrItem *
find_target (Absorb *absorb, const Set *set)
{
  for (guint i = 0; i < absorb->items->len; i++)
    {
      QrItem *item = &g_array_index (absorb->items, QrItem, i);
      const QrOptList *opts;

      if (item->option == NULL || g_strcmp0 (item->option->group, set->group) != 0)
        continue;
      opts = qr_item_opts (item, absorb->pool, NULL);
      if (opts != NULL && !opts->json && g_strcmp0 (qr_optlist_get (opts, "id"), set->id) == 0)
        return item;
    }
  return NULL;
}

static gboolean
add_to (Absorb *absorb, QrItem *item, const Set *set, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, absorb->pool, NULL); /* it was read */

  opts = qr_optlist_extend (opts, item->option, set->key, set->value, &set->place, absorb->pool,
                            error);
  if (opts == NULL)
    return FALSE;
  item->source = opts->source;
  item->value = opts->text;
  return TRUE;
}

/* One without its target is left to QEMU, but where a port of ours could have the id. */
static gboolean
add_set (Absorb *absorb, const QrItem *item, GError **error)
{
  const QrOption *device = qr_profiles_verb_option (absorb->profiles, QR_VERB_DEVICE);
  QrItem *target;
  QrPlace place;
  Set set;

  target = split_set (absorb, item, &set) ? find_target (absorb, &set) : NULL;
  if (target != NULL)
    return add_to (absorb, target, &set, error);
  if (set.key != NULL && strcmp (set.group, device->group) == 0)
    {
      qr_item_value_place (item, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "no-such-id", &place,
                    "the device must stand before it, and not as JSON",
                    "option \"%s\" finds no device \"%s\"", item->word, set.id);
      return FALSE;
    }
  g_array_append_vals (absorb->items, item, 1);
  return TRUE;
}

static gboolean
add_item (Absorb *absorb, const QrItem *item, GError **error)
{
  QrVerb verb = item->option == NULL ? QR_VERB_NONE : (QrVerb) item->option->verb;

  if (verb == QR_VERB_FILE)
    return add_file (absorb, item, error);
  if (verb == QR_VERB_SET)
    return add_set (absorb, item, error);
  g_array_append_vals (absorb->items, item, 1);
  return TRUE;
}

const QrCmdline *
qr_absorb (const QrCmdline *line, const char *user_config, const QrProfiles *profiles, QrPool *pool,
           GError **error)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (QrItem));
  const QrItem unasked
      = { .option = qr_profiles_verb_option (profiles, QR_VERB_FILE), .value = user_config };
  gboolean found = user_config != NULL && !qr_cmdline_has_verb (line, QR_VERB_NO_CONFIG)
                   && g_file_test (user_config, G_FILE_TEST_EXISTS);
  Absorb absorb = { profiles, pool, items, NULL };
  QrCmdline *out;

  if ((!found && !qr_cmdline_has_verb (line, QR_VERB_FILE)
       && !qr_cmdline_has_verb (line, QR_VERB_SET))
      || qr_line_informs (line, pool))
    return line;
  if (found && !add_file (&absorb, &unasked, error))
    return NULL;
  for (gsize i = 0; i < line->n; i++)
    if (!add_item (&absorb, &line->items[i], error))
      return NULL;
  out = qr_pool_new_struct (pool, QrCmdline);
  out->n = items->len;
  if (out->n > 0)
    out->items = memcpy (qr_pool_alloc_n (pool, out->n, sizeof (QrItem)), items->data,
                         out->n * sizeof (QrItem));
  out->written = line;
  out->has_user_config = found;
  out->spent = absorb.spent;
  return out;
}
