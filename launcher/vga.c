/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "vga.h"

#include <string.h>

/* Whether @tail, behind a model, is what QEMU takes there: ",retrace=dumb". */
static gboolean
is_tail (const QrOption *option, const char *tail)
{
  while (*tail == ',')
    {
      gsize length = strcspn (tail + 1, ",");
      const char *const *known = option->tails;

      while (*known != NULL
             && (strlen (*known) != length || strncmp (*known, tail + 1, length) != 0))
        known++;
      if (*known == NULL)
        return FALSE;
      tail += 1 + length;
    }
  return *tail == '\0';
}

/* The option's word for no adapter. */
static const char *
no_model (const QrOption *option)
{
  guint32 i = 0;

  while (option->models[i].driver != NULL)
    i++;
  return option->models[i].name;
}

gboolean
qr_vga_is_there (const QrItem *item)
{
  g_autofree char *name = g_strndup (item->value, strcspn (item->value, ","));
  const QrModel *model = qr_option_find_model (item->option, name);

  return model == NULL || model->driver != NULL;
}

void
qr_vga_expand (QrRequest *request, const QrItem *item, const QrProfiles *profiles)
{
  const char *tail = item->value + strcspn (item->value, ",");
  const char *name = qr_pool_strndup (request->pool, item->value, (gsize) (tail - item->value));
  const QrModel *model = qr_option_find_model (item->option, name);

  if (model == NULL || !is_tail (item->option, tail))
    {
      qr_request_add_line (request, QR_ZONE_BODY, item->option, item->word, item->value);
      return;
    }
  if (*tail != '\0')
    qr_request_add_line (request, QR_ZONE_BODY, item->option, item->word,
                         qr_pool_printf (request->pool, "%s%s", no_model (item->option), tail));
  if (model->driver != NULL)
    qr_request_add_made_device (request, QR_ZONE_BOARD, QR_TURN_BOARD,
                                qr_profiles_verb_option (profiles, QR_VERB_DEVICE), item,
                                model->driver);
}
