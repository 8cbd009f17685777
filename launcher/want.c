/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "want.h"

static QrWant
want_of_device (const QrDevice *device)
{
  const QrDeviceType *type = device->type;

  switch ((QrDeviceKind) type->kind)
    {
    case QR_DEVICE_ROOT_PORT:
      return QR_WANT_ROOT_PORT;
    case QR_DEVICE_SWITCH_UPSTREAM:
      return QR_WANT_SWITCH_UPSTREAM;
    case QR_DEVICE_SWITCH_DOWNSTREAM:
      return QR_WANT_SWITCH_DOWNSTREAM;
    case QR_DEVICE_BRIDGE:
      return type->express == QR_EXPRESS_ALWAYS ? QR_WANT_EXPRESS_BRIDGE : QR_WANT_BRIDGE;
    case QR_DEVICE_EXPANDER:
      return QR_WANT_EXPANDER;
    case QR_DEVICE_FUNCTION:
    case QR_DEVICE_HOST_BRIDGE:
    case QR_N_DEVICE_KINDS:
      break;
    }
  if (type->root_only)
    return QR_WANT_INTEGRATED;
  return device->express == QR_EXPRESS_NEVER || type->conventional ? QR_WANT_CONVENTIONAL
                                                                   : QR_WANT_ENDPOINT;
}

QrWant
qr_want_of (const QrTopology *topology, const QrDevice *device)
{
  QrWant want = want_of_device (device);

  if (topology->root->kind != QR_BUS_CONVENTIONAL_ROOT
      || qr_bus_traits (device->chosen->kind)->is_express)
    return want;
  return want == QR_WANT_ENDPOINT         ? QR_WANT_CONVENTIONAL
         : want == QR_WANT_EXPRESS_BRIDGE ? QR_WANT_BRIDGE
                                          : want;
}
