/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "nearest.h"

#include <string.h>

enum
{
  LONGEST = 64,
};

/* Edits (insert, delete, replace, swap of neighbours) that turn one word into the
 * other; both are at most LONGEST bytes. */
static guint
edit_distance (const char *a, gsize a_length, const char *b, gsize b_length)
{
  guint rows[3][LONGEST + 1];

  for (gsize j = 0; j <= b_length; j++)
    rows[0][j] = (guint) j;
  for (gsize i = 1; i <= a_length; i++)
    {
      guint *now = rows[i % 3], *before = rows[(i - 1) % 3], *earlier = rows[(i + 1) % 3];

      now[0] = (guint) i;
      for (gsize j = 1; j <= b_length; j++)
        {
          guint replace = before[j - 1] + (a[i - 1] != b[j - 1]);

          now[j] = MIN (MIN (before[j], now[j - 1]) + 1, replace);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            now[j] = MIN (now[j], earlier[j - 2] + 1);
        }
    }
  return rows[a_length % 3][b_length];
}

void
qr_nearest_offer (QrNearest *nearest, const char *candidate)
{
  gsize a = strlen (nearest->word), b = strlen (candidate);
  guint limit = (guint) MAX (a / 3, 1), distance;

  if (a > LONGEST || b > LONGEST || (a > b ? a - b : b - a) > limit)
    return;
  distance = edit_distance (nearest->word, a, candidate, b);
  if (distance > limit || distance >= MAX (a, b)) /* nothing of the word would be left */
    return;
  if (nearest->best == NULL || distance < nearest->distance)
    {
      nearest->best = candidate;
      nearest->distance = distance;
    }
}
