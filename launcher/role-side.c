/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-side.h"

#include <string.h>

/* What stands for the role's id at the beginning of a value. */
static const char id_mark = '@';

typedef struct
{
  const char *key, *value;
  const QrPlace *place; /* NULL: the whole word */
  gboolean given;       /* by the list */
} Pair;

/* A type and what it descends from. */
enum
{
  MAX_BASES = 8,
};

struct QrRoleSide
{
  const QrRolePart *part;
  const QrRoleVariant *variant;
  const QrOption *option;
  const QrOptList *texts[2]; /* the variant's and the part's */
  const QrOptionKeys *keys[MAX_BASES];
  gsize n_keys;
  Pair *pairs;
  gsize n_pairs, n_room;
  const QrProfiles *profiles;
  QrPool *pool;
};

/* The keys of the option with @type (NULL: none); each is made once, where @seen is there. */
static const QrOptionKeys *
look_up (const QrRoleSide *side, const char *type, GHashTable *seen)
{
  const char *option = side->part->option, *name;
  gpointer keys;

  if (seen == NULL)
    return qr_profiles_find_keys (side->profiles, option, type, side->pool);
  name = qr_pool_printf (side->pool, "%s %s", option, type == NULL ? "" : type);
  if (!g_hash_table_lookup_extended (seen, name, NULL, &keys))
    {
      keys = (gpointer) qr_profiles_find_keys (side->profiles, option, type, side->pool);
      g_hash_table_insert (seen, (gpointer) name, keys);
    }
  return keys;
}

/* The records of keys for @type (NULL: none), its own first. */
static void
find_keys (QrRoleSide *side, const char *type, GHashTable *seen)
{
  const QrOptionKeys *keys = look_up (side, type, seen);

  if (keys == NULL && type != NULL)
    keys = look_up (side, NULL, seen);
  while (keys != NULL && side->n_keys < MAX_BASES)
    {
      side->keys[side->n_keys++] = keys;
      keys = keys->base == NULL ? NULL : look_up (side, keys->base, seen);
    }
}

static const QrOptList *
read_text (const QrRoleSide *side, const char *text)
{
  static const QrOptList nothing = { .n = 0 };
  const QrOptList *list
      = text == NULL ? NULL : qr_optlist_parse (side->option, text, 0, side->pool, NULL);

  return list == NULL ? &nothing : list;
}

/* The value that stands without its key, which is the type that has the other keys. */
static const char *
type_of (const QrRoleSide *side)
{
  for (gsize i = 0; i < G_N_ELEMENTS (side->texts); i++)
    if (side->texts[i]->n > 0 && side->texts[i]->opts[0].form == QR_OPT_IMPLIED)
      return side->texts[i]->opts[0].value;
  return NULL;
}

QrRoleSide *
qr_role_side_new (const QrRolePart *part, const QrRoleVariant *variant, const char *text,
                  const QrProfiles *profiles, GHashTable *seen, QrPool *pool)
{
  QrRoleSide *side = qr_pool_new_struct (pool, QrRoleSide);

  side->part = part;
  side->variant = variant;
  side->profiles = profiles;
  side->pool = pool;
  side->option = qr_profiles_find_option (profiles, part->option);
  side->texts[0] = read_text (side, text);
  side->texts[1] = read_text (side, part->text);
  find_keys (side, type_of (side), seen);
  return side;
}

const char *
qr_role_side_name (const QrRoleSide *side)
{
  return side->part->side != NULL ? side->part->side : side->part->option;
}

const QrRolePart *
qr_role_side_part (const QrRoleSide *side)
{
  return side->part;
}

const QrRoleVariant *
qr_role_side_variant (const QrRoleSide *side)
{
  return side->variant;
}

QrRoleVerb
qr_role_side_verb (const QrRoleSide *side)
{
  return (QrRoleVerb) side->part->verb;
}

gboolean
qr_role_side_is_closed (const QrRoleSide *side)
{
  return side->part->closed;
}

gboolean
qr_role_side_is_open (const QrRoleSide *side)
{
  return !side->part->closed && side->n_keys == 0;
}

gboolean
qr_role_is_hint (const char *key)
{
  return g_str_has_prefix (key, PACKAGE_NAME ".");
}

gboolean
qr_role_side_is_device (const QrRoleSide *side)
{
  return side->option->verb == QR_VERB_DEVICE;
}

gboolean
qr_role_side_has (const QrRoleSide *side, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (side->texts); i++)
    if (qr_optlist_find (side->texts[i], key) != NULL)
      return TRUE;
  for (guint32 i = 0; i < side->variant->n_from; i++)
    if (strcmp (side->variant->from[i].key, key) == 0)
      return TRUE;
  return side->part->verb != QR_ROLE_SUM && g_strcmp0 (side->variant->takes, key) == 0;
}

/* The name that QEMU has for @key. */
static const char *
renamed (const QrRoleSide *side, const char *key)
{
  for (guint32 i = 0; i < side->variant->n_renames; i++)
    if (strcmp (side->variant->renames[i].key, key) == 0)
      return side->variant->renames[i].as;
  return key;
}

static gboolean
key_fits (const char *pattern, const char *key)
{
  return g_str_has_suffix (pattern, ".") ? g_str_has_prefix (key, pattern)
                                         : strcmp (pattern, key) == 0;
}

gboolean
qr_role_side_takes (const QrRoleSide *side, const char *key)
{
  if (side->part->closed)
    return FALSE;
  if (qr_role_is_hint (key))
    return qr_role_side_is_device (side);
  if (renamed (side, key) != key)
    return TRUE;
  if (qr_role_side_has (side, key))
    return FALSE;
  for (gsize i = 0; i < side->n_keys; i++)
    for (const char *const *pattern = side->keys[i]->keys; *pattern != NULL; pattern++)
      if (key_fits (*pattern, key))
        return TRUE;
  return FALSE;
}

/* Offers and appends the keys of one record. */
static void
append_keys (const QrRoleSide *side, const QrOptionKeys *keys, QrNearest *nearest, GString *out)
{
  for (const char *const *key = keys->keys; *key != NULL; key++)
    {
      if (qr_role_side_has (side, *key))
        continue;
      if (nearest != NULL)
        qr_nearest_offer (nearest, *key);
      if (out != NULL)
        g_string_append_printf (out, "%s%s%s", out->len == 0 ? "" : ", ", *key,
                                g_str_has_suffix (*key, ".") ? "*" : "");
    }
}

static void
append_renames (const QrRoleSide *side, QrNearest *nearest, GString *out)
{
  for (guint32 i = 0; i < side->variant->n_renames; i++)
    {
      if (nearest != NULL)
        qr_nearest_offer (nearest, side->variant->renames[i].key);
      g_string_append_printf (out, "%s%s", out->len == 0 ? "" : ", ",
                              side->variant->renames[i].key);
    }
}

void
qr_role_side_describe (const QrRoleSide *side, QrNearest *nearest, gboolean all, GString *out)
{
  if (side->part->closed)
    return;
  append_renames (side, nearest, out);
  for (gsize i = 0; i < side->n_keys; i++)
    {
      gboolean shared
          = !all && side->option->verb == QR_VERB_DEVICE && i > 0 && i + 1 == side->n_keys;

      append_keys (side, side->keys[i], nearest, shared ? NULL : out);
      if (shared)
        g_string_append_printf (out, "%sthose of every %s", out->len == 0 ? "" : ", ",
                                side->keys[i]->type);
    }
}

static Pair *
add_pair (QrRoleSide *side, const char *key, const char *value, const QrPlace *place)
{
  if (side->n_pairs == side->n_room)
    {
      gsize room = side->n_room == 0 ? 8 : 2 * side->n_room;
      Pair *pairs = qr_pool_alloc_n (side->pool, room, sizeof *pairs);

      if (side->n_pairs > 0)
        memcpy (pairs, side->pairs, side->n_pairs * sizeof *pairs);
      side->pairs = pairs;
      side->n_room = room;
    }
  side->pairs[side->n_pairs] = (Pair){ key, value, NULL, FALSE };
  if (place != NULL)
    {
      QrPlace *copy = qr_pool_new_struct (side->pool, QrPlace);

      *copy = *place;
      side->pairs[side->n_pairs].place = copy;
    }
  return &side->pairs[side->n_pairs++];
}

void
qr_role_side_give (QrRoleSide *side, const char *key, const char *value, const QrPlace *place)
{
  add_pair (side, renamed (side, key), value, place)->given = TRUE;
}

gboolean
qr_role_side_was_given (const QrRoleSide *side, const char *key)
{
  key = renamed (side, key);
  for (gsize i = 0; i < side->n_pairs; i++)
    if (side->pairs[i].given && strcmp (side->pairs[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

void
qr_role_side_set (QrRoleSide *side, const char *key, const char *value, const QrPlace *place)
{
  (void) add_pair (side, key, value, place);
}

const char *
qr_role_side_get (const QrRoleSide *side, const char *key)
{
  for (gsize i = side->n_pairs; i-- > 0;)
    if (strcmp (side->pairs[i].key, key) == 0)
      return side->pairs[i].value;
  for (gsize i = 0; i < G_N_ELEMENTS (side->texts); i++)
    if (qr_optlist_get (side->texts[i], key) != NULL)
      return qr_optlist_get (side->texts[i], key);
  return NULL;
}

gboolean
qr_role_side_is (const QrRoleSide *side, const char *key, const char *value)
{
  return g_strcmp0 (qr_role_side_get (side, key), value) == 0;
}

gboolean
qr_role_side_is_on (const QrRoleSide *side, const char *key)
{
  const char *value = qr_role_side_get (side, key);
  gboolean on;

  return value != NULL && qr_opt_boolean (value, &on) && on;
}

static gboolean
list_uses_id (const QrOptList *list)
{
  for (gsize i = 0; i < list->n; i++)
    if (*list->opts[i].value == id_mark)
      return TRUE;
  return FALSE;
}

gboolean
qr_role_side_uses_id (const QrRoleSide *side)
{
  for (guint32 i = 0; i < side->variant->n_defaults; i++)
    if (list_uses_id (read_text (side, side->variant->defaults[i].text)))
      return TRUE;
  return list_uses_id (side->texts[0]) || list_uses_id (side->texts[1]);
}

gboolean
qr_role_side_id_is_free (const QrRoleSide *side, const char *id, GHashTable *taken)
{
  for (gsize i = 0; i < G_N_ELEMENTS (side->texts); i++)
    {
      const char *own = qr_optlist_get (side->texts[i], "id");
      g_autofree char *whole
          = own == NULL || *own != id_mark ? NULL : g_strconcat (id, own + 1, NULL);

      if (whole != NULL && g_hash_table_contains (taken, whole))
        return FALSE;
    }
  return TRUE;
}

/* --- the option --------------------------------------------------------------------------- */

/* The argument while it is written. */
typedef struct
{
  const QrRoleSide *side;
  const GPtrArray *sides;
  const char *id;
  GString *text;
  GArray *places; /* QrPlace of each key */
  const QrPlace *whole;
} Writer;

/* Whether one of the sides is called @name. */
static gboolean
is_there (const GPtrArray *sides, const char *name)
{
  for (guint i = 0; i < sides->len; i++)
    if (strcmp (qr_role_side_name (sides->pdata[i]), name) == 0)
      return TRUE;
  return FALSE;
}

/* A link to another side, "@-SIDE", that is left out. */
static gboolean
leads_nowhere (const Writer *writer, const QrOpt *opt)
{
  return opt->value[0] == id_mark && opt->value[1] == '-' && strcmp (opt->key, "id") != 0
         && !is_there (writer->sides, opt->value + 2);
}

static void
write_pair (Writer *writer, const char *key, const char *value, const QrPlace *place)
{
  gboolean raw = writer->side->option->grammar == QR_GRAMMAR_RAW;

  if (writer->text->len > 0)
    g_string_append_c (writer->text, ',');
  if (key != NULL && !raw)
    g_string_append_printf (writer->text, "%s=", key);
  if (raw)
    g_string_append (writer->text, value);
  else
    qr_opt_append_escaped (writer->text, value);
  g_array_append_vals (writer->places, place == NULL ? writer->whole : place, 1);
}

/* A key of the record's, the role's id written out. */
static void
write_own (Writer *writer, const QrOpt *opt)
{
  g_autofree char *value = NULL;

  if (leads_nowhere (writer, opt))
    return;
  if (*opt->value == id_mark)
    value = g_strconcat (writer->id, opt->value + 1, NULL);
  write_pair (writer, opt->form == QR_OPT_IMPLIED ? NULL : opt->key,
              value != NULL ? value : opt->value, NULL);
}

/* Whether the list gives one of @keys (or NULL). */
static gboolean
gives_any (const QrRoleSide *side, const char *const *keys)
{
  for (; keys != NULL && *keys != NULL; keys++)
    if (qr_role_side_was_given (side, *keys))
      return TRUE;
  return FALSE;
}

/* Keys that belong together: where the list has another value for one of them none is written. */
static void
write_defaults (Writer *writer, const QrRoleDefault *group)
{
  const QrOptList *list = read_text (writer->side, group->text);

  if (gives_any (writer->side, group->unless))
    return;
  for (gsize i = 0; i < list->n; i++)
    {
      const char *given = qr_role_side_get (writer->side, list->opts[i].key);

      if (given != NULL && strcmp (given, list->opts[i].value) != 0)
        return;
    }
  for (gsize i = 0; i < list->n; i++)
    if (qr_role_side_get (writer->side, list->opts[i].key) == NULL)
      write_own (writer, &list->opts[i]);
}

void
qr_role_side_item (const QrRoleSide *side, const GPtrArray *sides, const char *id,
                   const QrItem *word, QrItem *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (QrPlace));
  Writer writer = { side, sides, id, text, places, &word->source->whole };
  QrSource *source = qr_pool_new_struct (side->pool, QrSource);
  QrPlace *copy;

  for (gsize i = 0; i < G_N_ELEMENTS (side->texts); i++)
    for (gsize j = 0; j < side->texts[i]->n; j++)
      write_own (&writer, &side->texts[i]->opts[j]);
  for (gsize i = 0; i < side->n_pairs; i++)
    write_pair (&writer, side->pairs[i].key, side->pairs[i].value, side->pairs[i].place);
  for (guint32 i = 0; i < side->variant->n_defaults; i++)
    write_defaults (&writer, &side->variant->defaults[i]);
  copy = qr_pool_alloc_n (side->pool, places->len, sizeof *copy);
  if (places->len > 0)
    memcpy (copy, places->data, places->len * sizeof *copy);
  *source = *word->source;
  source->places = copy;
  source->n_places = places->len;
  *out = (QrItem){ side->option, qr_pool_printf (side->pool, "-%s", side->option->name),
                   qr_pool_strndup (side->pool, text->str, text->len), word->argument, source };
}
