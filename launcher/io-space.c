/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "io-space.h"

#include "size.h"

/* Where the catalogue looks for an I/O BAR of @device. */
static guint
place_bit (const QrDevice *device)
{
  const QrBusTraits *traits = qr_bus_traits (device->bus->kind);

  if (!traits->is_express)
    return QR_IO_CONVENTIONAL;
  return traits->is_root ? QR_IO_ROOT_COMPLEX : QR_IO_BELOW_PORT;
}

/* A virtio function has an I/O BAR for its old interface. */
static gboolean
has_bar (const QrDevice *device)
{
  const QrDeviceType *type = device->type;

  if (!type->creatable)
    return TRUE;
  if (type->express == QR_EXPRESS_BELOW_PORT && !type->conventional)
    {
      if (qr_device_says (device, "disable-legacy", TRUE))
        return FALSE;
      if (qr_device_says (device, "disable-legacy", FALSE)
          || device->express != (QrExpress) type->express)
        return TRUE;
    }
  return (type->io & place_bit (device)) != 0;
}

guint
qr_io_bytes (const QrDevice *device)
{
  if (device->host != NULL)
    return device->host->io_bytes;
  return has_bar (device) ? device->type->io_bytes : 0;
}

/* What the bridge or port asks for; FALSE: it leaves that to firmware. */
static gboolean
reserve (const QrDevice *device, guint64 *bytes)
{
  const char *text
      = device->opts == NULL || !qr_device_type_has_property (device->type, "io-reserve")
            ? NULL
            : qr_optlist_get (device->opts, "io-reserve");

  *bytes = 0;
  return device->no_io || (text != NULL && qr_size_parse (text, bytes));
}

gboolean
qr_io_is_shut (const QrDevice *device)
{
  guint64 bytes;

  return qr_device_type_is_port (device->type) && reserve (device, &bytes) && bytes == 0;
}

guint
qr_io_windows (const QrDevice *device, QrIoFirmware firmware)
{
  const QrBus *bus = qr_device_secondary (device);
  guint64 sum = 0, reserved;

  if (firmware == QR_IO_YIELDS && qr_io_is_shut (device))
    return 0;
  for (guint devfn = 0; bus != NULL && devfn < bus->n_devfns; devfn++)
    if (bus->occupants[devfn] != NULL)
      sum += qr_io_bytes (bus->occupants[devfn])
             + QR_IO_WINDOW * (guint64) qr_io_windows (bus->occupants[devfn], firmware);
  if (firmware == QR_IO_KEEPS)
    {
      if (sum == 0 && qr_device_has_shpc (device))
        sum = QR_IO_WINDOW;
      if (reserve (device, &reserved))
        sum = MAX (sum, reserved);
    }
  return (guint) MIN ((sum + QR_IO_WINDOW - 1) / QR_IO_WINDOW, G_MAXUINT16);
}
