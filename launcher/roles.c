/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "roles.h"

#include <string.h>

#include "role-firmware.h"
#include "role-keys.h"
#include "role-value.h"

static gboolean
unknown_role (const QrRoleWord *word, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  g_autofree char *known
      = qr_role_guess (word->roles->context->book, first->key),
      *hint = g_strdup_printf ("%s; a disk image of that name is ./%s", known, word->use->word);

  return qr_role_word_fail (word, first, FALSE, "unknown-role", hint, error,
                            "there is no role \"%s\"", first->key);
}

/* Claims the id that the list gives. */
static gboolean
claim_id (QrRoleWord *word, GError **error)
{
  const QrOpt *opt = qr_role_word_opt (word, "id");
  const QrRoleUse *holder;

  if (opt == NULL)
    return TRUE;
  if (!qr_opt_is_id (opt->value))
    return qr_role_word_fail (word, opt, TRUE, "role-id",
                              "an id is a letter, then letters, digits, \"-\", \".\" and \"_\"",
                              error, "\"%s\" cannot be an id", opt->value);
  holder = g_hash_table_lookup (word->roles->ids, opt->value);
  if (holder != NULL)
    {
      (void) qr_role_word_fail (word, opt, TRUE, "role-id", "give each its own id", error,
                                "two roles claim the id \"%s\"", opt->value);
      if (error != NULL)
        qr_error_also (*error, "the first is here:", &holder->place);
      return FALSE;
    }
  g_hash_table_insert (word->roles->ids, (gpointer) opt->value, word->use);
  word->use->id = opt->value;
  return TRUE;
}

static gboolean
sides_are_free (const QrRoleWord *word, const char *id)
{
  for (guint i = 0; i < word->sides->len; i++)
    if (!qr_role_side_id_is_free (word->sides->pdata[i], id, word->roles->ids))
      return FALSE;
  return TRUE;
}

/* The role's name with the first number that nobody has as an id. */
static const char *
make_id (const QrRoleWord *word, guint turn)
{
  const QrRole *role = word->use->role;
  QrRoleLine *roles = word->roles;
  guint taken = GPOINTER_TO_UINT (g_hash_table_lookup (roles->numbers, role->role));

  for (guint number = MAX (turn, taken);; number++)
    {
      const char *id = qr_pool_printf (roles->pool, "%s%u", role->role, number);

      if (!g_hash_table_contains (roles->ids, id) && sides_are_free (word, id))
        {
          g_hash_table_insert (roles->ids, (gpointer) id, word->use);
          g_hash_table_insert (roles->numbers, (gpointer) role->role,
                               GUINT_TO_POINTER (number + 1));
          return id;
        }
    }
}

/* Ids on the rest of the line are not taken a second time. */
static void
note_ids (QrRoleLine *roles)
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

static gboolean
holds (const QrRoleWord *word, const QrRoleCondition *condition)
{
  const char *value = condition == NULL ? NULL : qr_role_word_get (word, condition->key);

  if (condition == NULL)
    return TRUE;
  if (value == NULL)
    return FALSE;
  return (condition->is == NULL || g_strv_contains (condition->is, value))
         && (condition->is_not == NULL || !g_strv_contains (condition->is_not, value));
}

/* The way in which @part is written here; NULL: it is left out. */
static const QrRoleVariant *
find_variant (const QrRoleWord *word, const QrRolePart *part)
{
  static const QrRoleVariant plain = { .text = NULL };
  const char *value = part->by == NULL ? NULL : qr_role_word_get (word, part->by);

  if (part->by == NULL)
    return part->n_variants > 0 ? &part->variants[0] : &plain;
  for (guint32 i = 0; value != NULL && i < part->n_variants; i++)
    if (qr_role_variant_fits (&part->variants[i], value))
      return &part->variants[i];
  return NULL;
}

static gboolean
mentions (QrRoleLine *roles, const QrRoleMention *mention)
{
  return qr_role_line_says (roles, mention->option, mention->key) != NULL;
}

static gboolean
is_left_out (const QrRoleWord *word, const QrRolePart *part, const QrRoleVariant *variant)
{
  if (part->once
      && !g_hash_table_add (word->roles->once,
                            qr_pool_printf (word->roles->pool, "%s %s", part->option,
                                            variant->text == NULL ? "" : variant->text)))
    return TRUE;
  for (guint32 i = 0; i < part->n_unless; i++)
    if (mentions (word->roles, &part->unless[i]))
      return TRUE;
  return FALSE;
}

/* Chooses the parts. */
static void
add_sides (QrRoleWord *word)
{
  const QrRole *role = word->use->role;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];
      const QrRoleVariant *variant = holds (word, part->when) ? find_variant (word, part) : NULL;
      const char *text;

      if (variant == NULL || is_left_out (word, part, variant))
        continue;
      text = variant->again != NULL && !g_hash_table_add (word->roles->again, (gpointer) role->role)
                 ? variant->again
                 : variant->text;
      g_ptr_array_add (word->sides,
                       qr_role_side_new (part, variant, text, word->roles->context->book->profiles,
                                         word->roles->keys, word->roles->pool));
    }
}

/* Each role is looked for once. */
static gboolean
find_role (QrRoleLine *roles, const char *name, const QrRole **role, GError **error)
{
  *role = g_hash_table_lookup (roles->roles, name);
  if (*role != NULL)
    return TRUE;
  if (!qr_role_find (roles->context->book, name, roles->pool, role, error))
    return FALSE;
  if (*role != NULL)
    g_hash_table_insert (roles->roles, (gpointer) (*role)->role, (gpointer) *role);
  return TRUE;
}

/* The role and the id that the list gives. */
static gboolean
read_use (QrRoleLine *roles, const QrItem *item, QrRoleUse *use, GError **error)
{
  QrRoleWord word = { .roles = roles, .use = use, .item = item };

  use->word = item->word;
  use->place = item->source->whole;
  use->row = item->source->row;
  use->opts = qr_optlist_parse (&qr_list_role, item->word, item->argument, roles->pool, error);
  word.opts = use->opts;
  if (word.opts == NULL)
    return FALSE;
  if (!g_utf8_validate (item->word, -1, NULL))
    return qr_role_word_fail (&word, NULL, FALSE, "utf8", NULL, error,
                              "the word is not valid UTF-8");
  if (!find_role (roles, word.opts->opts[0].key, &use->role, error))
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
settle_id (QrRoleWord *word, guint turn, GError **error)
{
  if (!uses_id (word->sides))
    {
      if (word->use->id != NULL)
        return qr_role_word_fail (word, qr_role_word_opt (word, "id"), FALSE, "role-key", NULL,
                                  error, "nothing of role \"%s\" has an id here",
                                  word->use->role->role);
      return TRUE;
    }
  if (word->use->id == NULL)
    word->use->id = make_id (word, turn);
  return TRUE;
}

/* What the machine of the line does not have. */
static gboolean
check_machine (const QrRoleWord *word, const QrRoleSide *side, GError **error)
{
  const QrRoleVariant *variant = qr_role_side_variant (side);
  const char *by = qr_role_side_part (side)->by, *type = qr_role_line_machine (word->roles);
  const QrMachine *machine = variant->not_on == NULL || type == NULL
                                 ? NULL
                                 : qr_profiles_find_machine (word->roles->context->book->profiles,
                                                             type, word->roles->context->arch);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *known = NULL, *hint = NULL;

  if (machine == NULL || !g_strv_contains (variant->not_on, machine->family))
    return TRUE;
  (void) qr_role_words (word->use->role, by, words);
  (void) g_ptr_array_remove (words, (gpointer) variant->is[0]);
  g_ptr_array_add (words, NULL);
  known = g_strjoinv (", ", (char **) words->pdata);
  hint = g_strdup_printf ("known besides are: %s", known);
  return qr_role_word_fail (word, qr_role_word_opt (word, by), TRUE, "role-value", hint, error,
                            "machine \"%s\" has no \"%s\" by itself", type,
                            qr_role_word_get (word, by));
}

static void
add_items (QrRoleWord *word)
{
  QrItem *items = qr_pool_alloc_n (word->roles->pool, word->sides->len, sizeof *items);

  for (guint i = 0; i < word->sides->len; i++)
    qr_role_side_item (word->sides->pdata[i], word->sides, word->use->id, word->item, &items[i]);
  word->use->items = items;
  word->use->n_items = word->sides->len;
  g_array_append_vals (word->roles->items, items, word->sides->len);
}

static gboolean
expand_word (QrRoleWord *word, guint turn, GError **error)
{
  if (!qr_role_word_read (word, error) || !qr_role_word_check (word, error))
    return FALSE;
  if (word->use->role->finds == QR_ROLE_FINDS_FIRMWARE && !qr_role_firmware_find (word, error))
    return FALSE;
  add_sides (word);
  if (!settle_id (word, turn, error) || !qr_role_keys_give (word, error))
    return FALSE;
  for (guint i = 0; i < word->sides->len; i++)
    if (!check_machine (word, word->sides->pdata[i], error)
        || !qr_role_value_check_needs (word, word->sides->pdata[i], error)
        || !qr_role_value_take (word, word->sides->pdata[i], error))
      return FALSE;
  add_items (word);
  return TRUE;
}

static gboolean
expand (QrRoleLine *roles, const QrItem *item, QrRoleUse *use, GError **error)
{
  g_autoptr (GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sides = g_ptr_array_new ();
  guint turn = GPOINTER_TO_UINT (g_hash_table_lookup (roles->turns, use->role->role));
  QrRoleWord word = { roles, use, item, use->opts, words, sides, NULL };

  g_hash_table_insert (roles->turns, (gpointer) use->role->role, GUINT_TO_POINTER (turn + 1));
  use->first_file = roles->files->len;
  if (!expand_word (&word, turn, error))
    return FALSE;
  use->n_files = roles->files->len - use->first_file;
  return TRUE;
}

static gboolean
read_uses (QrRoleLine *roles, GError **error)
{
  gsize at = 0;

  for (gsize i = 0; i < roles->line->n; i++)
    if (roles->line->items[i].option == &qr_list_role
        && !read_use (roles, &roles->line->items[i], &roles->uses[at++], error))
      return FALSE;
  return TRUE;
}

static gboolean
expand_all (QrRoleLine *roles, GError **error)
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
take (QrRoleLine *roles, const GArray *array, gsize size)
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
                         numbers = g_hash_table_new (g_str_hash, g_str_equal),
                         known = g_hash_table_new (g_str_hash, g_str_equal),
                         keys = g_hash_table_new (g_str_hash, g_str_equal),
                         once = g_hash_table_new (g_str_hash, g_str_equal),
                         again = g_hash_table_new (g_str_hash, g_str_equal),
                         said = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (QrItem)),
                     files = g_array_new (FALSE, FALSE, sizeof (QrNewFile));
  QrRoleLine roles = { .line = line,
                       .context = context,
                       .pool = pool,
                       .items = items,
                       .files = files,
                       .ids = ids,
                       .turns = turns,
                       .numbers = numbers,
                       .roles = known,
                       .keys = keys,
                       .once = once,
                       .again = again,
                       .said = said };
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
