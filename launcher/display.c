/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "display.h"

#include "guest-order.h"

enum
{
  CLASS_VGA = 0x0300, /* base class and subclass */
};

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
      if (display == NULL && device->origin == QR_ORIGIN_USER
          && device->express != QR_EXPRESS_NEVER
          && qr_device_class (device) >> 16 == QR_CLASS_BASE_DISPLAY)
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

      device->is_vga = device->chosen != NULL && qr_device_class (device) >> 8 == CLASS_VGA;
      topology->n_vga += device->is_vga;
    }
  primary = find_primary (topology);
  if (id != NULL)
    {
      primary = g_hash_table_lookup (topology->by_id, id);
      if (primary == NULL || qr_device_class (primary) >> 16 != QR_CLASS_BASE_DISPLAY)
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

const QrDevice *
qr_display_first (const GPtrArray *order)
{
  for (guint i = 0; i < order->len; i++)
    if (((const QrDevice *) order->pdata[i])->is_vga)
      return order->pdata[i];
  return NULL;
}

void
qr_display_check (const QrTopology *topology, GPtrArray *warnings)
{
  g_autoptr (GPtrArray) order = NULL;
  const QrDevice *lit;

  if (topology->n_vga < 2)
    return;
  order = qr_guest_order (topology, QR_GUEST_BY_NUMBER);
  lit = qr_display_first (order);
  if (lit == NULL || lit->is_primary)
    return;
  qr_warnings_add_hinted (
      warnings, QR_SEVERITY_WARNING, "primary-display", lit->opts == NULL ? 0 : lit->opts->argument,
      "leave its bus= and addr= out",
      "firmware lights %s, the first VGA-class function in bus order, and not the "
      "primary display",
      lit->key);
}
