/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "display.h"

enum
{
  CLASS_VGA = 0x0300, /* base class and subclass */
  CLASS_BASE_DISPLAY = 0x03,
};

static guint32
class_of (const QrDevice *device)
{
  return device->host != NULL ? device->host->class_code : device->type->class_code;
}

/* Firmware lights the first VGA-class function; without any, a display without
 * VGA can still be the first thing that a guest shows. */
static QrDevice *
find_primary (const QrTopology *topology)
{
  QrDevice *display = NULL;

  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      if (device->is_vga)
        return device;
      if (display == NULL && device->origin == QR_ORIGIN_USER && device->want == QR_WANT_ENDPOINT
          && class_of (device) >> 16 == CLASS_BASE_DISPLAY)
        display = device;
    }
  return display;
}

gboolean
qr_display_mark (QrTopology *topology, const char *id, GError **error)
{
  QrDevice *primary;

  for (guint i = 0; i < topology->devices->len; i++)
    {
      QrDevice *device = topology->devices->pdata[i];

      device->is_vga = device->chosen != NULL && class_of (device) >> 8 == CLASS_VGA;
      topology->n_vga += device->is_vga;
    }
  primary = find_primary (topology);
  if (id != NULL)
    {
      primary = g_hash_table_lookup (topology->by_id, id);
      if (primary == NULL || class_of (primary) >> 16 != CLASS_BASE_DISPLAY)
        {
          qr_error_set (error, QR_STATUS_REQUEST, "no-such-display", NULL,
                        "name the id of a display adapter on this line",
                        "no display adapter has the id \"%s\"", id);
          return FALSE;
        }
    }
  if (primary != NULL)
    primary->is_primary = TRUE;
  return TRUE;
}

/* The first VGA-class function in the order of guest addresses: a bus before those
 * below it, and these in the order of their bridges. */
static const QrDevice *
first_vga (const QrBus *bus)
{
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    if (bus->occupants[devfn] != NULL && bus->occupants[devfn]->is_vga)
      return bus->occupants[devfn];
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    for (const QrBus *child = bus->occupants[devfn] == NULL ? NULL : bus->occupants[devfn]->buses;
         child != NULL; child = child->sibling)
      {
        const QrDevice *found = first_vga (child);

        if (found != NULL)
          return found;
      }
  return NULL;
}

void
qr_display_check (const QrTopology *topology, GPtrArray *warnings)
{
  const QrDevice *lit = topology->n_vga > 1 ? first_vga (topology->root) : NULL;

  if (lit == NULL || lit->is_primary)
    return;
  qr_warnings_add (warnings, "primary-display", lit->opts->argument,
                   "firmware lights %s, the first VGA-class function in bus order, and not the "
                   "primary display; leave its bus= and addr= out",
                   lit->key);
}
