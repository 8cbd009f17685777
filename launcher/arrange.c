/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "arrange.h"

#include <string.h>

#include "left.h"

static const QrDevice *
device_at (const QrTopology *topology, guint index)
{
  return index < topology->devices->len ? topology->devices->pdata[index] : NULL;
}

/* Whether QEMU gives a function that comes with @device the first free slot. */
static gboolean
takes_first_free (const QrDevice *device)
{
  return device->type->extra != NULL && device->type->extra->place == QR_EXTRA_FIRST_FREE;
}

/* Whether the device at @index can be made before @device instead of behind it. */
static gboolean
lets_past (const QrTopology *topology, guint index, const QrDevice *device)
{
  const QrDevice *other = device_at (topology, index);

  return other != NULL && other->opts->json == device->opts->json && other->type->assigned == NULL
         && !takes_first_free (other) && !other->type->left
         && !qr_left_has_below (device, other->opts);
}

/* Moves the @n devices at @index, one and what comes with it, as far as they may go. */
static void
move_back (QrRequest *request, QrTopology *topology, guint index, guint n)
{
  gpointer *devices = topology->devices->pdata;
  QrDevice *device = devices[index];
  gpointer moved[2] = { device, n > 1 ? devices[index + 1] : NULL };
  guint end = index + n;
  const QrDevice *next;

  while (lets_past (topology, end, device))
    end++;
  if (end == index + n)
    return;
  memmove (devices + index, devices + index + n, (end - index - n) * sizeof *devices);
  memcpy (devices + end - n, moved, n * sizeof *devices);
  for (guint i = index; i < end; i++)
    ((QrDevice *) devices[i])->order = i;
  next = device_at (topology, end);
  qr_request_move_line (request, device->line,
                        next != NULL && next->opts->json == device->opts->json ? &next->line
                                                                               : NULL);
}

void
qr_arrange (QrRequest *request, QrTopology *topology)
{
  /* The last first: none may end up behind one that was behind it. */
  for (guint i = topology->devices->len; i-- > 0;)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin != QR_ORIGIN_USER)
        continue;
      if (takes_first_free (device))
        move_back (request, topology, i, 2);
      else if (device->type->left)
        move_back (request, topology, i, 1);
    }
}
