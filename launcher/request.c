/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "request.h"

#include <string.h>

QrRequest *
qr_request_new (QrPool *pool)
{
  QrRequest *request = g_new0 (QrRequest, 1);

  request->pool = pool;
  request->machine_opts = g_ptr_array_new ();
  request->board_drives = g_array_new (FALSE, FALSE, sizeof (QrBoardDrive));
  request->rooted = g_ptr_array_new ();
  request->devices = g_array_new (FALSE, FALSE, sizeof (QrDeviceRequest));
  for (guint zone = 0; zone < QR_N_ZONES; zone++)
    request->zones[zone] = g_ptr_array_new ();
  return request;
}

void
qr_request_free (QrRequest *request)
{
  if (request == NULL)
    return;
  g_ptr_array_unref (request->machine_opts);
  g_array_unref (request->board_drives);
  g_ptr_array_unref (request->rooted);
  g_array_unref (request->devices);
  for (guint zone = 0; zone < QR_N_ZONES; zone++)
    g_ptr_array_unref (request->zones[zone]);
  g_free (request);
}

QrLine *
qr_request_add_line (QrRequest *request, QrZone zone, const QrOption *option, const char *word,
                     const char *value)
{
  QrLine *line = qr_pool_new_struct (request->pool, QrLine);

  if (word == NULL)
    word = qr_pool_printf (request->pool, "-%s", option->name);
  *line = (QrLine){ option, word, value, FALSE, request->n_lines++ };
  g_ptr_array_add (request->zones[zone], line);
  return line;
}

void
qr_request_add_device (QrRequest *request, QrZone zone, QrTurn turn, const QrOption *option,
                       const char *word, const QrOptList *opts)
{
  QrLine *line = qr_request_add_line (request, zone, option, word, opts->text);
  QrDeviceRequest device = { line, opts, turn };

  line->is_device = TRUE;
  g_array_append_val (request->devices, device);
}

void
qr_request_add_made_device (QrRequest *request, QrZone zone, QrTurn turn, const QrOption *option,
                            const QrItem *item, const char *text)
{
  QrWritten written = item->argument > 0 ? QR_WRITTEN_FOR_OPTION : QR_WRITTEN_FOR_DEFAULT;
  QrPlace cause;

  qr_item_value_place (item, &cause);
  qr_request_add_device (
      request, zone, turn, option, NULL,
      qr_optlist_make (option, text, written, &cause, item->option, request->pool));
}

/* The zone of the line with @number, and its @index there. */
static GPtrArray *
find_line (const QrRequest *request, guint number, guint *index)
{
  for (guint zone = 0; zone < QR_N_ZONES; zone++)
    for (*index = 0; *index < request->zones[zone]->len; ++*index)
      if (((const QrLine *) request->zones[zone]->pdata[*index])->number == number)
        return request->zones[zone];
  g_assert_not_reached ();
}

void
qr_request_move_line (QrRequest *request, guint number, const guint *before)
{
  GPtrArray *zone;
  guint index;
  gpointer line;

  zone = find_line (request, number, &index);
  line = g_ptr_array_remove_index (zone, index);
  if (before == NULL)
    g_ptr_array_add (request->zones[QR_ZONE_TAIL], line);
  else
    {
      zone = find_line (request, *before, &index);
      g_ptr_array_insert (zone, (int) index, line);
    }
}

/* The index of the line with @number in @zone, looked for from @from on; or its length. */
static guint
find_in_zone (const GPtrArray *zone, guint number, guint from)
{
  guint index = MIN (from, zone->len);

  while (index < zone->len && ((const QrLine *) zone->pdata[index])->number != number)
    index++;
  return index;
}

void
qr_request_insert_device (QrRequest *request, guint before, const QrOption *option,
                          const char *text)
{
  const QrLine *user = g_array_index (request->devices, QrDeviceRequest, before).line;
  GPtrArray *zone = request->zones[QR_ZONE_BODY];
  QrDeviceRequest made = { .turn = QR_TURN_TEXT };
  QrLine *line = qr_request_add_line (request, QR_ZONE_BODY, option, NULL, text);
  guint index = find_in_zone (zone, user->number, request->inserted);

  line->is_device = TRUE;
  made.line = line;
  made.opts = qr_optlist_make (option, text, QR_WRITTEN_FOR_BUS, NULL, NULL, request->pool);
  g_array_insert_val (request->devices, before, made);
  if (index < zone->len) /* where it is most of the time: behind the last one */
    {
      (void) g_ptr_array_remove_index (zone, zone->len - 1);
      g_ptr_array_insert (zone, (int) index, line);
      request->inserted = index;
    }
  else
    qr_request_move_line (request, line->number, &user->number);
}

void
qr_request_add_needs (QrRequest *request, guint32 needs, const QrItem *item, const char *hint)
{
  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      if ((needs & ~request->needs & 1u << need) == 0)
        continue;
      request->needy[need] = item;
      request->hints[need] = hint;
    }
  request->needs |= needs;
}

static int
compare_creation (gconstpointer a, gconstpointer b)
{
  const QrDeviceRequest *x = a, *y = b;

  if (x->turn != y->turn)
    return (int) x->turn - (int) y->turn;
  return x->line->number < y->line->number ? -1 : x->line->number > y->line->number;
}

void
qr_request_sort_devices (QrRequest *request)
{
  g_array_sort (request->devices, compare_creation);
}

static gboolean
same_property (const char *a, const char *b)
{
  for (; *a != '\0' && *b != '\0'; a++, b++)
    if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
      return FALSE;
  return *a == *b;
}

const QrOpt *
qr_request_machine_property (const QrRequest *request, const char *name, const QrOptList **list)
{
  const QrOpt *found = NULL;

  for (guint i = 0; i < request->machine_opts->len; i++)
    {
      const QrOptList *opts = request->machine_opts->pdata[i];

      for (gsize j = 0; j < opts->n; j++)
        if (same_property (opts->opts[j].key, name))
          {
            found = &opts->opts[j];
            *list = opts;
          }
    }
  return found;
}

/* Whether QEMU reads @value as @word: both may say on or off in another way. */
static gboolean
is_same (const char *value, const char *word)
{
  gboolean a, b;

  if (qr_opt_boolean (word, &a) && qr_opt_boolean (value, &b))
    return a == b;
  return strcmp (value, word) == 0;
}

/* Whether the line's machine property is as @condition has it. */
static gboolean
holds (const QrRequest *request, const QrMachineCondition *condition, gboolean *out, GError **error)
{
  const QrOptList *list = NULL;
  const QrOpt *opt = qr_request_machine_property (request, condition->property, &list);
  QrPlace place;

  *out = condition->by_default;
  if (opt == NULL || (condition->automatic && strcmp (opt->value, "auto") == 0))
    return TRUE;
  if (condition->value != NULL)
    {
      *out = is_same (opt->value, condition->value);
      return TRUE;
    }
  if (qr_opt_boolean (opt->value, out))
    return TRUE;
  qr_optlist_place (list, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place, "write on or off",
                "machine property \"%s\" cannot be \"%s\"", condition->property, opt->value);
  return FALSE;
}

gboolean
qr_request_meets (const QrRequest *request, const QrMachineCondition *conditions, guint32 n,
                  gboolean *out, GError **error)
{
  *out = TRUE;
  for (guint32 i = 0; *out && i < n; i++)
    if (!holds (request, &conditions[i], out, error))
      return FALSE;
  return TRUE;
}
