/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "taps.h"

#include <string.h>

#include "descriptors.h"

typedef struct
{
  const QrTapDefaults *defaults;
  const QrProfiles *profiles;
  QrPool *pool;
  GArray *taps;
  QrDescriptors descriptors;
} Taps;

/* What a descriptor stands for, or what QEMU does not look at beside one. */
static const char *const replaced[]
    = { "type", "br", "helper", "ifname", "script", "downscript", "vnet_hdr", "queues", NULL };

/* A number for each queue; NULL with @error set. */
static const int *
take_numbers (Taps *taps, const QrTap *tap, GError **error)
{
  int *numbers = qr_pool_alloc_n (taps->pool, tap->n, sizeof *numbers);

  for (guint i = 0; i < tap->n; i++)
    if (!qr_descriptors_take (&taps->descriptors, &numbers[i]))
      {
        qr_error_set (error, QR_STATUS_UNAVAILABLE, "no-descriptor", &tap->place,
                      "raise the limit: ulimit -n",
                      "QEMU may have %d open files, too few for what is opened for it",
                      taps->descriptors.limit);
        return NULL;
      }
  return numbers;
}

/* "256:257" */
static const char *
join (const Taps *taps, const int *numbers, guint n)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, "%s%d", i == 0 ? "" : ":", numbers[i]);
  return qr_pool_strdup (taps->pool, out->str);
}

/* The keys that stand for @tap, and their values. */
typedef struct
{
  const char *fd_key, *fds, *vhost_key, *vhosts; /* vhosts NULL: none */
} Given;

static Given
give (const Taps *taps, const QrTap *tap)
{
  gboolean several = tap->n > 1;

  return (Given){ several ? "fds" : "fd", join (taps, tap->fds, tap->n),
                  several ? "vhostfds" : "vhostfd",
                  tap->vhost_fds == NULL ? NULL : join (taps, tap->vhost_fds, tap->n) };
}

static const char *
write_text (const Taps *taps, const QrOptList *opts, const Given *given)
{
  const char *more = given->vhosts == NULL
                         ? qr_pool_printf (taps->pool, "%s=%s", given->fd_key, given->fds)
                         : qr_pool_printf (taps->pool, "%s=%s,%s=%s", given->fd_key, given->fds,
                                           given->vhost_key, given->vhosts);

  return qr_pool_printf (taps->pool, "tap,%s",
                         qr_optlist_without (opts, replaced, more, taps->pool));
}

static const char *
write_json (const Taps *taps, const QrOptList *opts, const Given *given)
{
  g_autoptr (GString) out = g_string_new ("{\"type\":\"tap\"");

  for (gsize i = 0; i < opts->n; i++)
    {
      const QrOpt *opt = &opts->opts[i];

      if (!g_strv_contains (replaced, opt->key))
        g_string_append_printf (out, ",\"%s\":%.*s", opt->key, (int) opt->value_length,
                                opts->text + opt->value_start);
    }
  g_string_append_printf (out, ",\"%s\":\"%s\"", given->fd_key, given->fds);
  if (given->vhosts != NULL)
    g_string_append_printf (out, ",\"%s\":\"%s\"", given->vhost_key, given->vhosts);
  g_string_append_c (out, '}');
  return qr_pool_strdup (taps->pool, out->str);
}

/* Where the words of the new argument stand in what the user wrote. */
static const QrSource *
make_source (const Taps *taps, const QrOptList *opts, gsize n_more)
{
  QrSource *source = qr_pool_new_struct (taps->pool, QrSource);
  gsize n = 1 + opts->n + n_more, at = 0;
  QrPlace *places = qr_pool_alloc_n (taps->pool, n, sizeof *places);

  if (opts->source != NULL)
    *source = *opts->source;
  qr_optlist_whole (opts, &source->whole);
  qr_optlist_place (opts, qr_optlist_find (opts, "type"), &places[at++]);
  for (gsize i = 0; i < opts->n; i++)
    if (!g_strv_contains (replaced, opts->opts[i].key))
      qr_optlist_place (opts, &opts->opts[i], &places[at++]);
  while (n_more-- > 0)
    places[at++] = source->whole;
  source->places = places;
  source->n_places = at;
  return source;
}

/* The item with descriptors for @tap, whose numbers are chosen. */
static gboolean
give_numbers (Taps *taps, const QrOptList *opts, QrTap *tap, QrItem *out, GError **error)
{
  Given given;

  tap->fds = take_numbers (taps, tap, error);
  if (tap->fds == NULL)
    return FALSE;
  if (tap->vhost != NULL)
    {
      tap->vhost_fds = take_numbers (taps, tap, error);
      if (tap->vhost_fds == NULL)
        return FALSE;
    }
  given = give (taps, tap);
  out->source = make_source (taps, opts, tap->vhost == NULL ? 1 : 2);
  out->value = opts->json ? write_json (taps, opts, &given) : write_text (taps, opts, &given);
  g_array_append_vals (taps->taps, tap, 1);
  return TRUE;
}

/* The item of @line that is the same, or NULL. */
static QrItem *
find_same (const QrCmdline *line, const QrItem *item)
{
  for (gsize i = 0; i < line->n; i++)
    if (line->items[i].option == item->option && line->items[i].value == item->value)
      return (QrItem *) &line->items[i];
  return NULL;
}

/* Takes @item, which goes to QEMU; of @written, where that does. */
static gboolean
take_item (Taps *taps, QrItem *item, const QrCmdline *written, GError **error)
{
  QrItem *same, taken = *item;
  const QrOptList *opts;
  QrTap tap;

  if (!qr_tap_is_one (item, taps->pool))
    return TRUE;
  same = written == NULL ? NULL : find_same (written, item);
  if (written != NULL && same == NULL)
    return TRUE;
  opts = qr_tap_read (item, taps->defaults, taps->profiles, taps->pool, &tap);
  if (opts == NULL)
    return TRUE;
  if (!give_numbers (taps, opts, &tap, &taken, error))
    return FALSE;
  *item = taken;
  if (same != NULL)
    *same = taken;
  return TRUE;
}

static QrCmdline *
copy_line (const QrCmdline *line, QrPool *pool)
{
  QrCmdline *copy = qr_pool_new_struct (pool, QrCmdline);
  QrItem *items = qr_pool_alloc_n (pool, line->n, sizeof *items);

  *copy = *line;
  copy->items = items;
  if (line->n > 0)
    memcpy (items, line->items, line->n * sizeof *items);
  return copy;
}

static gboolean
take_items (Taps *taps, QrCmdline *line, const QrCmdline *written, GError **error)
{
  for (gsize i = 0; i < line->n; i++)
    if (!take_item (taps, (QrItem *) &line->items[i], written, error))
      return FALSE;
  return TRUE;
}

gboolean
qr_taps_are_on (const QrCmdline *line, QrPool *pool)
{
  for (gsize i = 0; i < line->n; i++)
    if (qr_tap_is_one (&line->items[i], pool))
      return TRUE;
  return FALSE;
}

const QrCmdline *
qr_taps_take (const QrCmdline *line, gboolean planned, const QrTapDefaults *defaults,
              const QrProfiles *profiles, QrPool *pool, GArray **taps, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (QrTap));
  Taps state = { .defaults = defaults, .profiles = profiles, .pool = pool, .taps = found };
  QrCmdline *out, *written = NULL;
  gboolean good;

  *taps = NULL;
  out = copy_line (line, pool);
  if (!planned && line->written != NULL)
    out->written = written = copy_line (line->written, pool);
  qr_descriptors_begin (line, &state.descriptors);
  good = take_items (&state, out, written, error);
  qr_descriptors_clear (&state.descriptors);
  if (!good)
    return NULL;
  if (found->len == 0)
    return line;
  *taps = g_steal_pointer (&found);
  return out;
}
