/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "informs.h"

#include <string.h>

#include "forms.h"

static gboolean
is_last (const QrCmdline *cmdline, gsize index)
{
  for (gsize i = index + 1; i < cmdline->n; i++)
    if (cmdline->items[i].option == cmdline->items[index].option)
      return FALSE;
  return TRUE;
}

/* "help" stands in the list, or is the implied key's value written out; in JSON it is
 * a value like any other. */
static gboolean
list_helps (const QrItem *item, QrPool *pool)
{
  const char *implied = item->option->implied, *value = NULL;
  const QrOptList *opts;

  if (strstr (item->value, "help") == NULL && strchr (item->value, '?') == NULL)
    return FALSE;
  opts = qr_item_opts (item, pool, NULL); /* a fault is met again, and reported, later */
  if (opts == NULL || opts->json)
    return FALSE;
  if (implied != NULL)
    value = qr_optlist_get (opts, implied);
  return opts->wants_help || (value != NULL && qr_opt_is_help (value));
}

/* Whether the item has a form for which QEMU prints something and ends. */
static gboolean
form_informs (const QrItem *item, QrPool *pool)
{
  const QrOption *option = item->option;

  for (guint32 i = 0; i < option->n_forms; i++)
    {
      const QrOptList *opts
          = option->forms[i].effect == QR_EFFECT_INFORMS ? qr_item_opts (item, pool, NULL) : NULL;

      if (opts != NULL && qr_form_applies (&option->forms[i], opts))
        return TRUE;
    }
  return FALSE;
}

/* Whether QEMU prints something for the item and ends, whatever else stands there. */
static gboolean
item_informs (const QrCmdline *cmdline, gsize index, QrPool *pool)
{
  const QrItem *item = &cmdline->items[index];

  if (item->option == NULL)
    return FALSE;
  switch ((QrHelps) item->option->helps)
    {
    case QR_HELPS_EXACT:
      return qr_opt_is_help (item->value);
    case QR_HELPS_LIST:
      return list_helps (item, pool);
    case QR_HELPS_LAST:
      return qr_opt_is_help (item->value) && is_last (cmdline, index);
    case QR_HELPS_NEVER:
      break;
    }
  return item->option->informs || form_informs (item, pool);
}

gboolean
qr_line_informs (const QrCmdline *cmdline, QrPool *pool)
{
  for (gsize i = 0; i < cmdline->n; i++)
    if (item_informs (cmdline, i, pool))
      return TRUE;
  return FALSE;
}
