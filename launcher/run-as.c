/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "run-as.h"

#include <string.h>

static gboolean
is_identity (const QrItem *item)
{
  return item->option != NULL && item->option->verb == QR_VERB_IDENTITY;
}

/* What one option says: an option of raw text says what it stands for. */
static const QrOpt *
find_said (const QrItem *item, const char *key, const QrOptList **opts, QrPool *pool)
{
  *opts = qr_item_opts (item, pool, NULL);
  if (*opts == NULL || (*opts)->n == 0)
    return NULL;
  if (item->option->preset != NULL)
    return strcmp (item->option->preset, key) == 0 ? &(*opts)->opts[0] : NULL;
  return qr_optlist_find (*opts, key);
}

/* Whether QEMU must do it: something else is said as well. */
static gboolean
is_for_qemu (const QrItem *item, QrPool *pool)
{
  const QrOptList *opts;
  const QrOpt *user = find_said (item, "user", &opts, pool);

  return user == NULL || opts->n != 1 || opts->wants_help || *user->value == '\0';
}

const QrCmdline *
qr_run_as_take (const QrCmdline *line, gboolean planned, QrPool *pool, QrRunAs *out)
{
  QrCmdline *copy;
  QrItem *items;
  gsize n = 0;

  *out = (QrRunAs){ NULL };
  if (!planned && line->written != NULL)
    return line;
  for (gsize i = 0; i < line->n; i++)
    if (is_identity (&line->items[i]))
      {
        if (is_for_qemu (&line->items[i], pool))
          return line;
        n++;
      }
  if (n == 0)
    return line;
  copy = qr_pool_new_struct (pool, QrCmdline);
  *copy = *line;
  copy->items = items = qr_pool_alloc_n (pool, line->n, sizeof *items);
  copy->n = 0;
  for (gsize i = 0; i < line->n; i++)
    {
      const QrItem *item = &line->items[i];
      const QrOptList *opts;

      if (is_identity (item))
        {
          const QrOpt *user = find_said (item, "user", &opts, pool);

          *out = (QrRunAs){ user->value, item->argument, { 0 } };
          qr_optlist_place (opts, user, &out->place);
        }
      else
        items[copy->n++] = *item;
    }
  return copy;
}

gboolean
qr_run_as_left (const QrCmdline *line, gboolean planned, QrPool *pool, QrRunAsLeft *out)
{
  *out = (QrRunAsLeft){ NULL };
  if (!planned && line->written != NULL)
    return FALSE;
  for (gsize i = 0; i < line->n; i++)
    {
      const QrOptList *opts;
      const QrOpt *said;

      if (!is_identity (&line->items[i]))
        continue;
      said = find_said (&line->items[i], "user", &opts, pool);
      out->user = said == NULL ? out->user : said->value;
      said = find_said (&line->items[i], "chroot", &opts, pool);
      out->root = said == NULL ? out->root : said->value;
    }
  return out->user != NULL || out->root != NULL;
}
