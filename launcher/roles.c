/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "roles.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "firmware.h"
#include "image.h"
#include "role-side.h"
#include "size.h"

typedef struct
{
  const QrCmdline *line;
  const QrRoleContext *context;
  QrPool *pool;
  QrRoleUse *uses;
  gsize n_uses;
  GArray *items;     /* QrItem of the line that comes out */
  GArray *files;     /* QrNewFile */
  GHashTable *ids;   /* id → the QrRoleUse that claims it, or any pointer: of another device */
  GHashTable *turns; /* role → how many of it there were, as a pointer */
  GHashTable *once;  /* what stands once on the line and is there */
} Roles;

/* One word on its way. */
typedef struct
{
  Roles *roles;
  QrRoleUse *use;
  const QrItem *item;
  const QrOptList *opts; /* the first is the role and its main value */
  GHashTable *words;     /* key → word: the main value, the choices, what was found */
  GPtrArray *sides;      /* QrRoleSide */
  const QrOpt *size;     /* asks for an image to be made, or NULL */
} Word;

static gboolean fail (const Word *word, const QrOpt *opt, gboolean at_value, const char *code,
                      const char *hint, GError **error, const char *format, ...)
    G_GNUC_PRINTF (7, 8);

/* Refuses @opt, or (NULL) the whole word. */
static gboolean
fail (const Word *word, const QrOpt *opt, gboolean at_value, const char *code, const char *hint,
      GError **error, const char *format, ...)
{
  va_list arguments;
  QrPlace place;

  if (opt == NULL)
    place = word->use->place;
  else if (at_value)
    qr_list_place (word->item, opt->value_start, opt->value_length, &place);
  else
    qr_list_place (word->item, opt->key_start, opt->key_length, &place);
  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_REQUEST, code, &place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

static const char *
word_of (const Word *word, const char *key)
{
  return g_hash_table_lookup (word->words, key);
}

/* The last that says @key, but the role itself. */
static const QrOpt *
find_opt (const Word *word, const char *key)
{
  const QrOpt *found = NULL;

  for (gsize i = 1; i < word->opts->n; i++)
    if (strcmp (word->opts->opts[i].key, key) == 0)
      found = &word->opts->opts[i];
  return found;
}

/* --- which role, which id -------------------------------------------------------------------- */

static gboolean
unknown_role (const Word *word, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  g_autofree const char **names = qr_role_names (word->roles->context->book);
  g_autofree char *known = g_strjoinv (", ", (char **) names), *hint = NULL;
  QrNearest nearest = { .word = first->key };

  for (gsize i = 0; names[i] != NULL; i++)
    qr_nearest_offer (&nearest, names[i]);
  hint = nearest.best != NULL
             ? g_strdup_printf ("did you mean \"%s\"? roles are: %s", nearest.best, known)
             : g_strdup_printf ("roles are: %s; a disk image of that name is ./%s", known,
                                word->use->word);
  return fail (word, first, FALSE, "unknown-role", hint, error, "there is no role \"%s\"",
               first->key);
}

/* Claims the id that the list gives. */
static gboolean
claim_id (Word *word, GError **error)
{
  const QrOpt *opt = find_opt (word, "id");
  const QrRoleUse *holder;

  if (opt == NULL)
    return TRUE;
  if (!qr_opt_is_id (opt->value))
    return fail (word, opt, TRUE, "role-id",
                 "an id is a letter, then letters, digits, \"-\", \".\" and \"_\"", error,
                 "\"%s\" cannot be an id", opt->value);
  holder = g_hash_table_lookup (word->roles->ids, opt->value);
  if (holder != NULL)
    {
      (void) fail (word, opt, TRUE, "role-id", "give each its own id", error,
                   "two roles claim the id \"%s\"", opt->value);
      if (error != NULL)
        qr_error_also (*error, "the first is here:", &holder->place);
      return FALSE;
    }
  g_hash_table_insert (word->roles->ids, (gpointer) opt->value, word->use);
  word->use->id = opt->value;
  return TRUE;
}

/* The role's name with the first number that nobody has as an id. */
static const char *
make_id (Roles *roles, const QrRole *role, guint from)
{
  for (guint number = from;; number++)
    {
      const char *id = qr_pool_printf (roles->pool, "%s%u", role->role, number);

      if (!g_hash_table_contains (roles->ids, id))
        {
          g_hash_table_insert (roles->ids, (gpointer) id, roles->uses);
          return id;
        }
    }
}

/* Ids on the rest of the line are not taken a second time. */
static void
note_ids (Roles *roles)
{
  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts = item->option == NULL || item->option == &qr_list_role
                                  ? NULL
                                  : qr_item_opts (item, roles->pool, NULL);
      const char *id = opts == NULL ? NULL : qr_optlist_get (opts, "id");

      if (id != NULL && !g_hash_table_contains (roles->ids, id))
        g_hash_table_insert (roles->ids, (gpointer) id, NULL);
    }
}

/* --- words and sides ----------------------------------------------------------------------- */

static void
set_word (Word *word, const char *key, const char *value)
{
  g_hash_table_insert (word->words, (gpointer) key, (gpointer) value);
}

static gboolean
set_words (Word *word, GError **error)
{
  const QrRole *role = word->use->role;
  const QrOpt *first = &word->opts->opts[0];

  if (*first->value == '\0' && role->otherwise == NULL)
    return fail (word, first, FALSE, "role-value", NULL, error, "role \"%s\" needs a value: %s=%s",
                 role->role, role->role, role->value);
  set_word (word, "value", *first->value == '\0' ? role->otherwise : first->value);
  for (guint32 i = 0; i < role->n_choices; i++)
    {
      const QrOpt *opt = find_opt (word, role->choices[i].key);

      set_word (word, role->choices[i].key, opt == NULL ? role->choices[i].otherwise : opt->value);
    }
  return TRUE;
}

static gboolean
holds (const Word *word, const QrRoleCondition *condition)
{
  const char *value = condition == NULL ? NULL : word_of (word, condition->key);

  if (condition == NULL)
    return TRUE;
  if (value == NULL)
    return FALSE;
  return (condition->is == NULL || g_strv_contains (condition->is, value))
         && (condition->is_not == NULL || !g_strv_contains (condition->is_not, value));
}

static gboolean
variant_fits (const QrRoleVariant *variant, const char *value)
{
  if (variant->is != NULL)
    return g_strv_contains (variant->is, value);
  return variant->begins == NULL || g_str_has_prefix (value, variant->begins);
}

/* The way in which @part is written here; NULL: it is left out. */
static const QrRoleVariant *
find_variant (const Word *word, const QrRolePart *part)
{
  static const QrRoleVariant plain = { .text = NULL };
  const char *value = part->by == NULL ? NULL : word_of (word, part->by);

  if (part->by == NULL)
    return part->n_variants > 0 ? &part->variants[0] : &plain;
  for (guint32 i = 0; value != NULL && i < part->n_variants; i++)
    if (variant_fits (&part->variants[i], value))
      return &part->variants[i];
  return NULL;
}

static gboolean
mentions (const Roles *roles, const QrRoleMention *mention)
{
  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts;

      if (item->option == NULL || strcmp (item->option->name, mention->option) != 0)
        continue;
      opts = mention->key == NULL ? NULL : qr_item_opts (item, roles->pool, NULL);
      if (mention->key == NULL || (opts != NULL && qr_optlist_find (opts, mention->key) != NULL))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_left_out (const Word *word, const QrRolePart *part, const QrRoleVariant *variant)
{
  for (guint32 i = 0; i < part->n_unless; i++)
    if (mentions (word->roles, &part->unless[i]))
      return TRUE;
  return part->once
         && !g_hash_table_add (word->roles->once,
                               qr_pool_printf (word->roles->pool, "%s %s", part->option,
                                               variant->text == NULL ? "" : variant->text));
}

/* Chooses the parts. */
static void
add_sides (Word *word, guint turn)
{
  const QrRole *role = word->use->role;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];
      const QrRoleVariant *variant = holds (word, part->when) ? find_variant (word, part) : NULL;
      const char *text;

      if (variant == NULL || is_left_out (word, part, variant))
        continue;
      text = turn > 0 && variant->again != NULL ? variant->again : variant->text;
      g_ptr_array_add (word->sides,
                       qr_role_side_new (part, variant, text, word->roles->context->book->profiles,
                                         word->roles->pool));
    }
}

/* Whether @key chooses between parts of the role, and by @value, too; appends the words that it
 * could have. */
static gboolean
word_is_known (const QrRole *role, const char *key, const char *value, GPtrArray *words)
{
  gboolean chooses = FALSE;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];
      gboolean by = g_strcmp0 (part->by, key) == 0;

      if (part->when != NULL && strcmp (part->when->key, key) == 0)
        {
          chooses = TRUE;
          qr_role_add_words (part->when->is, words);
          if (part->when->is == NULL)
            return TRUE; /* it excludes some, and takes all others */
        }
      for (guint32 j = 0; by && j < part->n_variants; j++)
        {
          chooses = TRUE;
          qr_role_add_words (part->variants[j].is, words);
          if (part->variants[j].is == NULL && variant_fits (&part->variants[j], value))
            return TRUE;
        }
    }
  for (guint i = 0; i < words->len; i++)
    if (strcmp (words->pdata[i], value) == 0)
      return TRUE;
  return !chooses;
}

static gboolean
check_word (const Word *word, const char *key, const char *otherwise, const QrOpt *opt,
            GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const char *value = word_of (word, key);
  QrNearest nearest = { .word = value };
  g_autofree char *known = NULL, *hint = NULL;

  if (g_strcmp0 (value, otherwise) == 0 || word_is_known (word->use->role, key, value, words))
    return TRUE;
  if (otherwise != NULL && *otherwise != '\0')
    qr_role_add_word (otherwise, words);
  for (guint i = 0; i < words->len; i++)
    qr_nearest_offer (&nearest, words->pdata[i]);
  g_ptr_array_add (words, NULL);
  known = g_strjoinv (", ", (char **) words->pdata);
  hint = nearest.best != NULL
             ? g_strdup_printf ("did you mean \"%s\"? known are: %s", nearest.best, known)
             : g_strdup_printf ("known are: %s", known);
  if (strcmp (key, "value") == 0)
    return fail (word, opt, TRUE, "role-value", hint, error, "role \"%s\" has no %s \"%s\"",
                 word->use->role->role, word->use->role->value, value);
  return fail (word, opt, TRUE, "role-value", hint, error, "role \"%s\" has no %s \"%s\"",
               word->use->role->role, key, value);
}

static gboolean
check_words (const Word *word, GError **error)
{
  const QrRole *role = word->use->role;

  if (!check_word (word, "value", role->otherwise, &word->opts->opts[0], error))
    return FALSE;
  for (guint32 i = 0; i < role->n_choices; i++)
    if (!check_word (word, role->choices[i].key, role->choices[i].otherwise,
                     find_opt (word, role->choices[i].key), error))
      return FALSE;
  return TRUE;
}

/* --- keys ------------------------------------------------------------------------------------ */

static gboolean
is_choice (const QrRole *role, const char *key)
{
  for (guint32 i = 0; i < role->n_choices; i++)
    if (strcmp (role->choices[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

static QrRoleSide *
image_side (const Word *word)
{
  for (guint i = 0; i < word->sides->len; i++)
    if (qr_role_side_verb (word->sides->pdata[i]) == QR_ROLE_IMAGE)
      return word->sides->pdata[i];
  return NULL;
}

static gboolean
unknown_key (const Word *word, const QrOpt *opt, GError **error)
{
  const QrRole *role = word->use->role;
  g_autoptr (GString) hint = g_string_new (NULL);
  QrNearest nearest = { .word = opt->key };

  qr_nearest_offer (&nearest, "id");
  g_string_append (hint, "id");
  for (guint32 i = 0; i < role->n_choices; i++)
    {
      qr_nearest_offer (&nearest, role->choices[i].key);
      g_string_append_printf (hint, ", %s", role->choices[i].key);
    }
  for (guint i = 0; i < word->sides->len; i++)
    qr_role_side_describe (word->sides->pdata[i], &nearest, FALSE, hint);
  g_string_prepend (hint, "keys are: ");
  if (nearest.best != NULL)
    {
      g_autofree char *guess = g_strdup_printf ("did you mean \"%s\"? ", nearest.best);

      g_string_prepend (hint, guess);
    }
  return fail (word, opt, FALSE, "role-key", hint->str, error, "role \"%s\" has no key \"%s\" here",
               role->role, opt->key);
}

static gboolean
two_sides (const Word *word, const QrOpt *opt, const QrRoleSide *one, const QrRoleSide *two,
           GError **error)
{
  g_autofree char *hint = g_strdup_printf ("write %s.%s= or %s.%s=", qr_role_side_name (one),
                                           opt->key, qr_role_side_name (two), opt->key);

  return fail (word, opt, FALSE, "role-key", hint, error,
               "key \"%s\" fits two sides of role \"%s\"", opt->key, word->use->role->role);
}

/* "SIDE.KEY"; @key: behind the dot. */
static QrRoleSide *
named_side (const Word *word, const char *text, const char **key)
{
  for (guint i = 0; i < word->sides->len; i++)
    {
      const char *name = qr_role_side_name (word->sides->pdata[i]);
      gsize length = strlen (name);

      if (!qr_role_side_is_closed (word->sides->pdata[i]) && strncmp (text, name, length) == 0
          && text[length] == '.' && text[length + 1] != '\0')
        {
          *key = text + length + 1;
          return word->sides->pdata[i];
        }
    }
  return NULL;
}

/* Gives @opt to the side that it belongs to. */
static gboolean
give_key (const Word *word, const QrOpt *opt, GError **error)
{
  const char *key = opt->key;
  QrRoleSide *named = named_side (word, opt->key, &key), *found = NULL;
  QrPlace place;

  qr_list_place (word->item, opt->value_start, opt->value_length, &place);
  if (named != NULL && qr_role_side_has (named, key))
    return fail (word, opt, FALSE, "role-key", NULL, error, "the role gives \"%s\" by itself", key);
  if (named != NULL)
    {
      qr_role_side_give (named, key, opt->value, &place);
      return TRUE;
    }
  for (guint i = 0; i < word->sides->len; i++)
    {
      QrRoleSide *side = word->sides->pdata[i];

      if (!qr_role_side_takes (side, opt->key))
        continue;
      if (found != NULL)
        return two_sides (word, opt, found, side, error);
      found = side;
      if (qr_role_is_hint (opt->key))
        break;
    }
  for (guint i = 0; found == NULL && i < word->sides->len; i++)
    if (qr_role_side_is_open (word->sides->pdata[i]))
      found = word->sides->pdata[i];
  if (found == NULL)
    return unknown_key (word, opt, error);
  qr_role_side_give (found, opt->key, opt->value, &place);
  return TRUE;
}

static gboolean
give_keys (Word *word, GError **error)
{
  for (gsize i = 1; i < word->opts->n; i++)
    {
      const QrOpt *opt = &word->opts->opts[i];

      if (is_choice (word->use->role, opt->key))
        continue;
      if (strcmp (opt->key, "id") == 0 && word->use->id != NULL)
        continue;
      if (strcmp (opt->key, "size") == 0 && image_side (word) != NULL)
        word->size = opt;
      else if (!give_key (word, opt, error))
        return FALSE;
    }
  return TRUE;
}

/* --- what names something ----------------------------------------------------------------------
 */

static gboolean
check_path (const Word *word, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  struct stat info;
  QrPlace place;

  if (stat (path, &info) == 0)
    return TRUE;
  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_error_set (error, qr_file_status (errno), "no-file", &place, NULL, "\"%s\": %s", path,
                g_strerror (errno));
  return FALSE;
}

/* An image of @bytes that is not there is made, in the format that the list or the name says. */
static gboolean
ask_for_image (Word *word, QrRoleSide *side, const char *path, GError **error)
{
  const char *format = qr_role_side_get (side, "format");
  QrNewFile file = { .path = path };
  g_autofree char *most = NULL;

  if (format == NULL && g_str_has_suffix (path, ".qcow2"))
    format = "qcow2";
  if (format == NULL || (strcmp (format, "qcow2") != 0 && strcmp (format, "raw") != 0))
    return fail (word, word->size, FALSE, "image-format", "write format=qcow2 or format=raw", error,
                 "the format of the new image \"%s\" must be qcow2 or raw", path);
  file.kind = *format == 'q' ? QR_NEW_QCOW2 : QR_NEW_RAW;
  if (!qr_size_parse (word->size->value, &file.bytes) || file.bytes == 0)
    return fail (word, word->size, TRUE, "role-value", "write it as 20G", error,
                 "\"%s\" is no size of a disk", word->size->value);
  if (file.bytes % 512 != 0 || file.bytes > qr_new_file_most (file.kind))
    {
      most = qr_size_format (qr_new_file_most (file.kind));
      return fail (word, word->size, TRUE, "role-value", NULL, error,
                   "a disk has whole sectors of 512 bytes, and %s at most", most);
    }
  qr_list_place (word->item, word->size->value_start, word->size->value_length, &file.place);
  g_array_append_val (word->roles->files, file);
  if (qr_role_side_get (side, "format") == NULL)
    qr_role_side_set (side, "format", format, NULL);
  return TRUE;
}

static gboolean
no_image (const Word *word, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrPlace place;

  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_error_set (error, QR_STATUS_NO_INPUT, "no-file", &place,
                "with size=20G it is made, as qcow2 by its name or with format=",
                "there is no image \"%s\"", path);
  return FALSE;
}

/* The format is never left to a search by QEMU where a guest can write. */
static gboolean
settle_format (const Word *word, QrRoleSide *side, QrImage image, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  gboolean read_only = qr_role_side_is (side, "media", "cdrom")
                       || qr_role_side_is_on (side, "readonly")
                       || qr_role_side_is_on (side, "read-only");

  if (qr_role_side_get (side, "format") != NULL)
    return TRUE;
  if (image == QR_IMAGE_QCOW2)
    qr_role_side_set (side, "format", "qcow2", NULL);
  else if (image == QR_IMAGE_UNKNOWN && read_only)
    qr_role_side_set (side, "format", "raw", NULL);
  else if (image == QR_IMAGE_CHAINED)
    return fail (word, first, TRUE, "image-format",
                 "a guest can write such a header into a raw image; say format=qcow2 or format=raw",
                 error, "\"%s\" is a qcow2 image that leads to another file, and not by its name",
                 path);
  else
    return fail (word, first, TRUE, "image-format",
                 "write format=raw if that is what it is; only qcow2 is known by its header", error,
                 "the format of \"%s\" is not said", path);
  return TRUE;
}

static gboolean
settle_image (Word *word, QrRoleSide *side, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrImage image;
  QrPlace place;

  if (!qr_image_look (path, &image, error))
    {
      qr_list_place (word->item, first->value_start, first->value_length, &place);
      if (error != NULL)
        qr_error_locate (*error, &place);
      return FALSE;
    }
  if (image == QR_IMAGE_ABSENT)
    return word->size != NULL ? ask_for_image (word, side, path, error)
                              : no_image (word, path, error);
  return settle_format (word, side, image, path, error);
}

/* The bytes that another option of the line says, as it stands there. */
static const char *
filled (const Word *word, const QrRoleFill *fill)
{
  const Roles *roles = word->roles;
  const char *value = NULL;

  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts;

      if (item->option == NULL || strcmp (item->option->name, fill->option) != 0)
        continue;
      opts = qr_item_opts (item, roles->pool, NULL);
      value = opts != NULL && qr_optlist_find (opts, fill->from) != NULL
                  ? qr_optlist_get (opts, fill->from)
                  : value;
    }
  if (value == NULL)
    return fill->otherwise;
  if (*value == '\0' || value[strspn (value, "0123456789")] != '\0')
    return value;
  return qr_pool_printf (roles->pool, "%s%s", value, fill->unit);
}

/* What all of the role on the line come to, with what another option says. */
static gboolean
add_sum (const Word *word, QrRoleSide *side, const QrRolePart *part, const QrRoleVariant *variant,
         GError **error)
{
  const Roles *roles = word->roles;
  const char *base = part->fill == NULL ? "0" : filled (word, part->fill);
  guint64 sum, more;
  guint count = 0;

  if (qr_role_side_get (side, variant->takes) != NULL)
    return TRUE;
  if (!qr_size_parse (base, &sum))
    return fail (word, NULL, FALSE, "role-value", "write slots= and maxmem= there", error,
                 "\"%s\" of option \"-%s\" is no whole number of bytes", base, part->option);
  for (gsize i = 0; i < roles->n_uses; i++)
    {
      const char *word_text = roles->uses[i].word;
      const char *value = strchr (word_text, '=') + 1;
      g_autofree char *size = g_strndup (value, strcspn (value, ","));

      if (strcmp (roles->uses[i].role->role, word->use->role->role) != 0)
        continue;
      if (!qr_size_parse (size, &more) || more > G_MAXINT64 - sum)
        return fail (word, &word->opts->opts[0], TRUE, "role-value", "write it as 4G", error,
                     "\"%s\" is no size", size);
      sum += more;
      count++;
    }
  if (variant->counts != NULL && qr_role_side_get (side, variant->counts) == NULL)
    qr_role_side_set (side, variant->counts, qr_pool_printf (roles->pool, "%u", count), NULL);
  qr_role_side_set (side, variant->takes, qr_pool_printf (roles->pool, "%" G_GUINT64_FORMAT, sum),
                    NULL);
  return TRUE;
}

/* The keys that the role itself gives values of the list. */
static gboolean
take_value (Word *word, QrRoleSide *side, GError **error)
{
  const QrRoleVariant *variant = qr_role_side_variant (side);
  const QrRolePart *part = qr_role_side_part (side);
  const QrOpt *first = &word->opts->opts[0];
  const char *value = word_of (word, "value");
  QrPlace place;

  if (part->verb == QR_ROLE_SUM)
    return add_sum (word, side, part, variant, error);
  for (guint32 i = 0; i < variant->n_from; i++)
    qr_role_side_set (side, variant->from[i].key, word_of (word, variant->from[i].word), NULL);
  if (part->fill != NULL)
    qr_role_side_set (side, part->fill->key, filled (word, part->fill), NULL);
  if (variant->takes == NULL || *value == '\0')
    return TRUE;
  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_role_side_set (side, variant->takes, value,
                    *first->value == '\0' ? &word->use->place : &place);
  if (variant->path && !check_path (word, value, error))
    return FALSE;
  return part->verb != QR_ROLE_IMAGE || settle_image (word, side, value, error);
}

static gboolean
check_needs (const Word *word, const QrRoleSide *side, GError **error)
{
  const char *const *key = qr_role_side_variant (side)->needs;

  for (; key != NULL && *key != NULL; key++)
    if (!qr_role_side_was_given (side, *key))
      return fail (word, NULL, FALSE, "role-key", NULL, error, "role \"%s\" needs %s= here",
                   word->use->role->role, *key);
  return TRUE;
}

/* --- firmware ------------------------------------------------------------------------------------
 */

/* The machine of the line, as it is written. */
static const char *
machine_type (const Roles *roles)
{
  const char *type = roles->context->machine;

  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_MACHINE
                                  ? NULL
                                  : qr_item_opts (item, roles->pool, NULL);

      if (opts != NULL && qr_optlist_get (opts, "type") != NULL)
        type = qr_optlist_get (opts, "type");
    }
  return type;
}

/* Variables of UEFI live in a file of the guest's, made of the template when it is not there. */
static gboolean
keep_variables (Word *word, const QrFirmware *firmware, GError **error)
{
  const char *path = word_of (word, "vars");
  const QrOpt *opt = find_opt (word, "vars");
  QrNewFile file = { QR_NEW_COPY, path, 0, firmware->vars, { 0 } };

  set_word (word, "vars-format", firmware->vars_format);
  if (*path == '\0')
    {
      set_word (word, "vars", firmware->vars);
      set_word (word, "keeps", "off");
      return TRUE;
    }
  set_word (word, "keeps", "on");
  qr_list_place (word->item, opt->value_start, opt->value_length, &file.place);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_array_append_val (word->roles->files, file);
  else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return fail (word, opt, TRUE, "role-value", NULL, error, "\"%s\" is no file", path);
  return TRUE;
}

static gboolean
find_firmware (Word *word, GError **error)
{
  const QrRoleContext *context = word->roles->context;
  QrFirmwareWish wish = { .interface = word_of (word, "value"),
                          .arch = context->arch,
                          .machine = machine_type (word->roles),
                          .directories = context->firmware_paths };
  QrFirmware firmware;

  if (strcmp (wish.interface, "uefi") != 0)
    return TRUE;
  if (!qr_opt_boolean (word_of (word, "secure-boot"), &wish.secure)
      && strcmp (word_of (word, "secure-boot"), "off") != 0)
    return fail (word, find_opt (word, "secure-boot"), TRUE, "role-value", "write on or off", error,
                 "\"%s\" is neither on nor off", word_of (word, "secure-boot"));
  if (!qr_firmware_find (&wish, context->book->profiles, word->roles->pool, &firmware, error))
    {
      if (error != NULL)
        qr_error_locate (*error, &word->use->place);
      return FALSE;
    }
  set_word (word, "device", firmware.in_flash ? "flash" : "memory");
  set_word (word, "smm", firmware.needs_smm ? "on" : "off");
  set_word (word, "code", firmware.code);
  set_word (word, "code-format", firmware.code_format);
  return firmware.vars == NULL || keep_variables (word, &firmware, error);
}

/* --- all
 * ------------------------------------------------------------------------------------------ */

/* The role and the id that the list gives. */
static gboolean
read_use (Roles *roles, const QrItem *item, QrRoleUse *use, GError **error)
{
  Word word = { .roles = roles, .use = use, .item = item };

  use->word = item->word;
  use->place = item->source->whole;
  word.opts = qr_optlist_parse (&qr_list_role, item->word, item->argument, roles->pool, error);
  if (word.opts == NULL)
    return FALSE;
  if (!g_utf8_validate (item->word, -1, NULL))
    return fail (&word, NULL, FALSE, "utf8", NULL, error, "the word is not valid UTF-8");
  if (!qr_role_find (roles->context->book, word.opts->opts[0].key, roles->pool, &use->role, error))
    return FALSE;
  if (use->role == NULL)
    return unknown_role (&word, error);
  return claim_id (&word, error);
}

static gboolean
uses_id (const GPtrArray *sides)
{
  for (guint i = 0; i < sides->len; i++)
    if (qr_role_side_uses_id (sides->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Finds an id for what has one; refuses one where nothing has. */
static gboolean
settle_id (Word *word, guint turn, GError **error)
{
  if (!uses_id (word->sides))
    {
      if (word->use->id != NULL)
        return fail (word, find_opt (word, "id"), FALSE, "role-key", NULL, error,
                     "nothing of role \"%s\" has an id here", word->use->role->role);
      return TRUE;
    }
  if (word->use->id == NULL)
    word->use->id = make_id (word->roles, word->use->role, turn);
  return TRUE;
}

static void
add_items (Word *word)
{
  QrItem *items = qr_pool_alloc_n (word->roles->pool, word->sides->len, sizeof *items);

  for (guint i = 0; i < word->sides->len; i++)
    qr_role_side_item (word->sides->pdata[i], word->sides, word->use->id, word->item->argument,
                       &word->use->place, &items[i]);
  word->use->items = items;
  word->use->n_items = word->sides->len;
  g_array_append_vals (word->roles->items, items, word->sides->len);
}

static gboolean
expand_word (Word *word, guint turn, GError **error)
{
  if (!set_words (word, error) || !check_words (word, error))
    return FALSE;
  if (word->use->role->finds == QR_ROLE_FINDS_FIRMWARE && !find_firmware (word, error))
    return FALSE;
  add_sides (word, turn);
  if (!settle_id (word, turn, error) || !give_keys (word, error))
    return FALSE;
  for (guint i = 0; i < word->sides->len; i++)
    if (!check_needs (word, word->sides->pdata[i], error)
        || !take_value (word, word->sides->pdata[i], error))
      return FALSE;
  add_items (word);
  return TRUE;
}

static gboolean
expand (Roles *roles, const QrItem *item, QrRoleUse *use, GError **error)
{
  g_autoptr (GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sides = g_ptr_array_new ();
  guint turn = GPOINTER_TO_UINT (g_hash_table_lookup (roles->turns, use->role->role));
  Word word = { roles, use, item, NULL, words, sides, NULL };

  g_hash_table_insert (roles->turns, (gpointer) use->role->role, GUINT_TO_POINTER (turn + 1));
  word.opts = qr_optlist_parse (&qr_list_role, item->word, item->argument, roles->pool, error);
  return word.opts != NULL && expand_word (&word, turn, error);
}

static gboolean
read_uses (Roles *roles, GError **error)
{
  gsize at = 0;

  for (gsize i = 0; i < roles->line->n; i++)
    if (roles->line->items[i].option == &qr_list_role
        && !read_use (roles, &roles->line->items[i], &roles->uses[at++], error))
      return FALSE;
  return TRUE;
}

static gboolean
expand_all (Roles *roles, GError **error)
{
  gsize at = 0;

  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];

      if (item->option != &qr_list_role)
        g_array_append_vals (roles->items, item, 1);
      else if (!expand (roles, item, &roles->uses[at++], error))
        return FALSE;
    }
  return TRUE;
}

/* @array's elements in the pool. */
static gconstpointer
take (Roles *roles, const GArray *array, gsize size)
{
  gpointer copy = qr_pool_alloc_n (roles->pool, array->len, size);

  if (array->len > 0)
    memcpy (copy, array->data, array->len * size);
  return copy;
}

const QrCmdline *
qr_roles_expand (const QrCmdline *line, const QrRoleContext *context, QrPool *pool,
                 QrRoleUses *uses, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal),
                         turns = g_hash_table_new (g_str_hash, g_str_equal),
                         once = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (QrItem)),
                     files = g_array_new (FALSE, FALSE, sizeof (QrNewFile));
  Roles roles = { line, context, pool, NULL, 0, items, files, ids, turns, once };
  QrCmdline *out;

  *uses = (QrRoleUses){ NULL, 0, NULL, 0 };
  for (gsize i = 0; i < line->n; i++)
    roles.n_uses += line->items[i].option == &qr_list_role;
  if (roles.n_uses == 0)
    return line;
  roles.uses = qr_pool_alloc_n (pool, roles.n_uses, sizeof *roles.uses);
  if (!read_uses (&roles, error))
    return NULL;
  note_ids (&roles);
  if (!expand_all (&roles, error))
    return NULL;
  out = qr_pool_new_struct (pool, QrCmdline);
  out->items = take (&roles, items, sizeof (QrItem));
  out->n = items->len;
  *uses = (QrRoleUses){ roles.uses, roles.n_uses, take (&roles, files, sizeof (QrNewFile)),
                        files->len };
  return out;
}
