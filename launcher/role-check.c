/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-check.h"

#include <string.h>

#include "optlist.h"

/* Parts that one role may have, ways to write them, and words. */
enum
{
  MAX_PARTS = 64,
  MAX_VARIANTS = 1024,
  MAX_WORDS = 1024,
};

gboolean
qr_role_is_name (const char *name)
{
  return g_ascii_islower (*name)
         && name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* Whether @text (or NULL) is in @option's grammar. */
static gboolean
text_is_good (const QrOption *option, const char *text, QrPool *pool)
{
  return text == NULL || qr_optlist_parse (option, text, 0, pool, NULL) != NULL;
}

static gboolean
part_is_good (const QrOption *option, const QrRolePart *part, QrPool *pool)
{
  for (guint32 i = 0; i < part->n_variants; i++)
    {
      const QrRoleVariant *variant = &part->variants[i];

      if (!text_is_good (option, variant->text, pool)
          || !text_is_good (option, variant->again, pool))
        return FALSE;
      for (guint32 j = 0; j < variant->n_defaults; j++)
        if (strchr (variant->defaults[j].text, '=') == NULL
            || !text_is_good (option, variant->defaults[j].text, pool))
          return FALSE;
    }
  return text_is_good (option, part->text, pool);
}

static guint
count_words (const char *const *words)
{
  return words == NULL ? 0 : g_strv_length ((char **) words);
}

/* What is searched through for each word of a list has an end. */
static gboolean
size_is_good (const QrRole *role)
{
  guint variants = 0, words = role->n_choices;

  for (guint32 i = 0; i < role->n_parts; i++)
    {
      const QrRolePart *part = &role->parts[i];

      variants += part->n_variants;
      words += part->n_unless;
      if (part->when != NULL)
        words += count_words (part->when->is) + count_words (part->when->is_not);
      for (guint32 j = 0; j < part->n_variants; j++)
        words += count_words (part->variants[j].is) + count_words (part->variants[j].needs)
                 + part->variants[j].n_defaults + part->variants[j].n_renames
                 + part->variants[j].n_from;
    }
  return variants <= MAX_VARIANTS && words <= MAX_WORDS;
}

static gboolean refuse (const QrJson *json, const char *hint, GError **error, const char *format,
                        ...) G_GNUC_PRINTF (4, 5);

static gboolean
refuse (const QrJson *json, const char *hint, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  qr_json_fail (json, error, hint, "%s", message);
  return FALSE;
}

/* What is found for a role, as words. */
static const char *const *
found_words (const QrRole *role)
{
  static const char *const none[] = { NULL };
  static const char *const firmware[]
      = { "device", "smm", "code", "code-format", "vars", "vars-format", "keeps", NULL };

  return role->finds == QR_ROLE_FINDS_FIRMWARE ? firmware : none;
}

const QrRoleChoice *
qr_role_find_choice (const QrRole *role, const char *key)
{
  for (guint32 i = 0; i < role->n_choices; i++)
    if (strcmp (role->choices[i].key, key) == 0)
      return &role->choices[i];
  return NULL;
}

/* Whether there is a word for @key (or NULL). */
static gboolean
is_word (const QrRole *role, const char *key)
{
  return key == NULL || strcmp (key, "value") == 0 || qr_role_find_choice (role, key) != NULL
         || g_strv_contains (found_words (role), key);
}

static gboolean
check_choices (const QrRole *role, const QrJson *json, GError **error)
{
  static const char *const reserved[] = { "value", "id", "size", NULL };
  static const char *const of_firmware[] = { "secure-boot", "vars" };

  for (guint32 i = 0; i < role->n_choices; i++)
    {
      const char *key = role->choices[i].key;

      if (g_strv_contains (reserved, key) || *key == '\0' || strpbrk (key, "=,.") != NULL
          || qr_role_find_choice (role, key) != &role->choices[i])
        return refuse (json, NULL, error, "\"%s\" cannot be the key of a choice", key);
    }
  for (gsize i = 0; role->finds == QR_ROLE_FINDS_FIRMWARE && i < G_N_ELEMENTS (of_firmware); i++)
    if (qr_role_find_choice (role, of_firmware[i]) == NULL)
      return refuse (json, NULL, error,
                     "a role that finds firmware has the choices secure-boot and "
                     "vars");
  return TRUE;
}

/* What a variant needs for what is done with it. */
static gboolean
check_variant (const QrRole *role, const QrRolePart *part, const QrRoleVariant *variant,
               const QrJson *json, GError **error)
{
  for (guint32 i = 0; i < variant->n_from; i++)
    if (!is_word (role, variant->from[i].word))
      return refuse (json, NULL, error, "there is no word \"%s\"", variant->from[i].word);
  if (part->verb != QR_ROLE_PLAIN && variant->takes == NULL)
    return refuse (json, NULL, error, "a variant of an image or a sum needs \"takes\"");
  if (variant->not_on != NULL && (part->by == NULL || variant->is == NULL))
    return refuse (json, NULL, error, "\"not-on\" stands with words that pick the variant");
  return TRUE;
}

static const char *
side_name (const QrRolePart *part)
{
  return part->side != NULL ? part->side : part->option;
}

/* Whether a part before it, of the same condition, has the same name on a list. */
static gboolean
name_is_taken (const QrRole *role, const QrRolePart *part)
{
  for (const QrRolePart *other = role->parts; other < part; other++)
    if (!other->closed && !part->closed && other->when == NULL && part->when == NULL
        && other->by == NULL && part->by == NULL
        && strcmp (side_name (other), side_name (part)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_part (const QrRole *role, const QrRolePart *part, const QrJson *json,
            const QrProfiles *profiles, GError **error)
{
  const QrOption *option = qr_profiles_find_option (profiles, part->option);
  g_autoptr (QrPool) pool = qr_pool_new ();

  if (option == NULL || !qr_option_has_argument (option))
    return refuse (json, "name one of QEMU's, without a dash", error,
                   "there is no option \"%s\" with an argument", part->option);
  if (!part_is_good (option, part, pool))
    return refuse (json, "write key=value,key=value", error,
                   "a text for option \"%s\" is not in its grammar", part->option);
  if (!is_word (role, part->by) || (part->when != NULL && !is_word (role, part->when->key)))
    return refuse (json, "name a choice, or value", error, "there is no word \"%s\"",
                   is_word (role, part->by) ? part->when->key : part->by);
  if (part->fill != NULL && part->fill->key == NULL && part->verb != QR_ROLE_SUM)
    return refuse (json, NULL, error, "\"fill\" needs \"key\"");
  if (part->verb != QR_ROLE_PLAIN && part->n_variants == 0)
    return refuse (json, NULL, error, "a part for an image or a sum needs a variant");
  if (name_is_taken (role, part))
    return refuse (json, "give one of them \"side\"", error, "two parts are called \"%s\"",
                   side_name (part));
  for (guint32 i = 0; i < part->n_variants; i++)
    if (!check_variant (role, part, &part->variants[i], json, error))
      return FALSE;
  return TRUE;
}

gboolean
qr_role_validate (const QrRole *role, const QrJson *json, const QrProfiles *profiles,
                  GError **error)
{
  if (!qr_role_is_name (role->role))
    return refuse (json, "begin with a small letter; then small letters, digits and \"-\"", error,
                   "\"%s\" cannot be the name of a role", role->role);
  if (role->n_parts == 0 || role->n_parts > MAX_PARTS)
    return refuse (json, NULL, error, "a role has 1 to %d parts", MAX_PARTS);
  if (!size_is_good (role))
    return refuse (json, NULL, error, "a role has %d variants and %d words at most", MAX_VARIANTS,
                   MAX_WORDS);
  if (!check_choices (role, json, error))
    return FALSE;
  for (guint32 i = 0; i < role->n_parts; i++)
    if (!check_part (role, &role->parts[i], json, profiles, error))
      return FALSE;
  return TRUE;
}
