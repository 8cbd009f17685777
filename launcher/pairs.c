/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pairs.h"

#include <string.h>

static void
keep (QrRequest *request, const QrItem *item)
{
  qr_request_add_line (request, QR_ZONE_BODY, item->option, item->word, item->value);
}

/* The back end of @opts, without @keys and with @id, where the user wrote the item. */
static void
add_back_end (QrRequest *request, const QrItem *item, const QrOptList *opts,
              const char *const *keys, const char *id, const QrProfiles *profiles)
{
  const QrOption *option = qr_profiles_find_option (profiles, item->option->back_end);
  g_autoptr (GString) more = g_string_new ("id=");

  qr_opt_append_escaped (more, id);
  qr_request_add_line (request, QR_ZONE_BODY, option, NULL,
                       qr_optlist_without (opts, keys, more->str, request->pool));
}

static gboolean
takes_key (const QrOption *option, const char *key)
{
  return strcmp (key, "id") == 0 || strcmp (key, "mount_tag") == 0
         || g_strv_contains (option->carries, key) || g_strv_contains (option->drops, key);
}

/* Whether QEMU takes it. */
static gboolean
is_share (const QrOption *option, const QrOptList *opts, const char *id)
{
  for (gsize i = 0; i < opts->n; i++)
    if (!takes_key (option, opts->opts[i].key))
      return FALSE;
  return qr_optlist_find (opts, option->implied) != NULL && id != NULL && qr_opt_is_id (id);
}

/* What the back end does not get. */
static const char *const *
keys_not_carried (const QrOption *option, const QrOptList *opts, QrPool *pool)
{
  const char **keys = qr_pool_alloc_n (pool, opts->n + 1, sizeof *keys);
  gsize n = 0;

  for (gsize i = 0; i < opts->n; i++)
    if (!g_strv_contains (option->carries, opts->opts[i].key))
      keys[n++] = opts->opts[i].key;
  return keys;
}

gboolean
qr_pairs_share (QrRequest *request, const QrItem *item, const QrProfiles *profiles, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, request->pool, error);
  g_autoptr (GString) text = NULL;
  const char *id, *tag;

  if (opts == NULL)
    return FALSE;
  tag = qr_optlist_get (opts, "mount_tag");
  id = qr_optlist_get (opts, "id");
  id = id != NULL ? id : tag;
  if (tag == NULL || !is_share (item->option, opts, id))
    {
      keep (request, item);
      return TRUE;
    }
  if (!qr_opt_check_text (opts, qr_optlist_find (opts, "mount_tag"), error))
    return FALSE;
  add_back_end (request, item, opts, keys_not_carried (item->option, opts, request->pool), id,
                profiles);
  text = g_string_new (item->option->models[0].driver);
  g_string_append_printf (text, ",fsdev=%s,mount_tag=", id);
  qr_opt_append_escaped (text, tag);
  qr_request_add_made_device (request, QR_ZONE_BODY, QR_TURN_TEXT,
                              qr_profiles_verb_option (profiles, QR_VERB_DEVICE), item,
                              qr_pool_strdup (request->pool, text->str));
  return TRUE;
}

gboolean
qr_pairs_sound (QrRequest *request, const QrItem *item, const QrProfiles *profiles, QrSound *sound,
                GError **error)
{
  static const char *const own[] = { "model", "id", NULL };
  const QrOptList *opts = qr_item_opts (item, request->pool, error);
  const QrOpt *name = opts == NULL ? NULL : qr_optlist_find (opts, "model");
  const char *id = opts == NULL ? NULL : qr_optlist_get (opts, "id");
  const QrModel *model = name == NULL ? NULL : qr_option_find_model (item->option, name->value);
  QrPlace place;

  if (opts == NULL)
    return FALSE;
  id = id != NULL ? id : item->option->preset;
  if (model == NULL)
    {
      keep (request, item);
      return TRUE;
    }
  if (sound->model != NULL)
    {
      qr_optlist_place (opts, name, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place,
                    "write further cards as -device with audiodev=",
                    "option \"%s\" makes one sound card only", item->word);
      return FALSE;
    }
  if (!qr_opt_check_text (opts, qr_optlist_find (opts, "id"), error))
    return FALSE;
  add_back_end (request, item, opts, own, id, profiles);
  *sound = (QrSound){ item, model, id };
  return TRUE;
}

static void
add_device (QrRequest *request, const QrSound *sound, const char *driver, gboolean plays,
            const QrProfiles *profiles)
{
  g_autoptr (GString) text = g_string_new (driver);

  if (plays)
    {
      g_string_append (text, ",audiodev=");
      qr_opt_append_escaped (text, sound->id);
    }
  qr_request_add_made_device (request, QR_ZONE_BOARD, QR_TURN_BOARD,
                              qr_profiles_verb_option (profiles, QR_VERB_DEVICE), sound->item,
                              qr_pool_strdup (request->pool, text->str));
}

void
qr_pairs_add_card (QrRequest *request, const QrSound *sound, const QrProfiles *profiles)
{
  if (sound->model == NULL)
    return;
  add_device (request, sound, sound->model->driver, sound->model->codec == NULL, profiles);
  if (sound->model->codec != NULL)
    add_device (request, sound, sound->model->codec, TRUE, profiles);
}
