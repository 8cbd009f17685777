/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "each.h"

#include <stdio.h>

typedef struct
{
  const char *what;
  QrEach one;
  gpointer data;
  GMutex lock;
  guint done, n;
} Round;

static void
tell (Round *round)
{
  g_mutex_lock (&round->lock);
  round->done++;
  if (round->what != NULL)
    {
      fprintf (stderr, "\rqriser: asked for %u of %u %s%s", round->done, round->n, round->what,
               round->done == round->n ? "\n" : "");
      (void) fflush (stderr);
    }
  g_mutex_unlock (&round->lock);
}

/* @data: number of the thing and 1. */
static void
do_one (gpointer data, gpointer user_data)
{
  Round *round = user_data;

  round->one (GPOINTER_TO_UINT (data) - 1, round->data);
  tell (round);
}

void
qr_each (guint n, const char *what, QrEach one, gpointer data)
{
  Round round = { .what = what, .one = one, .data = data, .n = n };
  const guint most = MIN (g_get_num_processors (), MAX (n, 1));
  GThreadPool *pool = g_thread_pool_new (do_one, &round, (int) most, FALSE, NULL);

  g_mutex_init (&round.lock);
  for (guint i = 0; i < n; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  g_mutex_clear (&round.lock);
}
