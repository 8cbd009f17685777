/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-value.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "role-image.h"
#include "size.h"

/* A bare number gets @unit (or NULL). */
static const char *
with_unit (const QrRoleWord *word, const char *value, const char *unit)
{
  if (unit == NULL || *value == '\0' || value[strspn (value, "0123456789")] != '\0')
    return value;
  return qr_pool_printf (word->roles->pool, "%s%s", value, unit);
}

/* The bytes that another option of the line says. */
static const char *
filled (const QrRoleWord *word, const QrRoleFill *fill)
{
  const char *value = qr_role_line_says (word->roles, fill->option, fill->from);

  return value == NULL ? fill->otherwise : with_unit (word, value, fill->unit);
}

/* What all of the role on the line come to, with what another option says. */
static gboolean
add_sum (const QrRoleWord *word, QrRoleSide *side, const QrRolePart *part,
         const QrRoleVariant *variant, GError **error)
{
  const QrRoleLine *roles = word->roles;
  const char *base = part->fill == NULL ? "0" : filled (word, part->fill);
  guint64 sum, more;
  guint count = 0;

  if (qr_role_side_get (side, variant->takes) != NULL)
    return TRUE;
  if (!qr_size_parse (base, &sum))
    return qr_role_word_fail (word, NULL, FALSE, "role-value", "write slots= and maxmem= there",
                              error, "\"%s\" of option \"-%s\" is no whole number of bytes", base,
                              part->option);
  for (gsize i = 0; i < roles->n_uses; i++)
    {
      const char *size = with_unit (word, roles->uses[i].opts->opts[0].value, variant->unit);

      if (strcmp (roles->uses[i].role->role, word->use->role->role) != 0)
        continue;
      if (!qr_size_parse (size, &more) || more > G_MAXINT64 - sum)
        return qr_role_word_fail (word, &word->opts->opts[0], TRUE, "role-value", "write it as 4G",
                                  error, "\"%s\" is no size", size);
      sum += more;
      count++;
    }
  if (variant->counts != NULL && qr_role_side_get (side, variant->counts) == NULL)
    qr_role_side_set (side, variant->counts, qr_pool_printf (roles->pool, "%u", count), NULL);
  qr_role_side_set (side, variant->takes, qr_pool_printf (roles->pool, "%" G_GUINT64_FORMAT, sum),
                    NULL);
  return TRUE;
}

static gboolean
check_path (const QrRoleWord *word, const char *path, GError **error)
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

gboolean
qr_role_value_take (QrRoleWord *word, QrRoleSide *side, GError **error)
{
  const QrRoleVariant *variant = qr_role_side_variant (side);
  const QrRolePart *part = qr_role_side_part (side);
  const QrOpt *first = &word->opts->opts[0];
  const char *value = with_unit (word, qr_role_word_get (word, "value"), variant->unit);
  QrPlace place;

  if (part->verb == QR_ROLE_SUM)
    return add_sum (word, side, part, variant, error);
  for (guint32 i = 0; i < variant->n_from; i++)
    qr_role_side_set (side, variant->from[i].key, qr_role_word_get (word, variant->from[i].word),
                      NULL);
  if (part->fill != NULL)
    qr_role_side_set (side, part->fill->key, filled (word, part->fill), NULL);
  if (variant->takes == NULL || *value == '\0')
    return TRUE;
  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_role_side_set (side, variant->takes, value,
                    *first->value == '\0' ? &word->use->place : &place);
  if (variant->path && !check_path (word, value, error))
    return FALSE;
  return part->verb != QR_ROLE_IMAGE || qr_role_image_settle (word, side, value, error);
}

gboolean
qr_role_value_check_needs (const QrRoleWord *word, const QrRoleSide *side, GError **error)
{
  const char *const *key = qr_role_side_variant (side)->needs;

  for (; key != NULL && *key != NULL; key++)
    if (!qr_role_side_was_given (side, *key))
      return qr_role_word_fail (word, NULL, FALSE, "role-key", NULL, error,
                                "role \"%s\" needs %s= here", word->use->role->role, *key);
  return TRUE;
}
