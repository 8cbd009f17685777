/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hint-error.h"

const char *
qr_hint_value (const QrDevice *device, QrHint hint)
{
  return device->hints->opts[hint]->value;
}

QrDevice *
qr_hint_device (const QrTopology *topology, const QrDevice *device, QrHint hint)
{
  QrDevice *named = g_hash_table_lookup (topology->by_id, qr_hint_value (device, hint));

  return named == NULL || named->origin != QR_ORIGIN_USER ? NULL : named;
}

void
qr_hint_refuse (const QrDevice *device, QrHint hint, const char *code, const char *advice,
                GError **error, const char *format, ...)
{
  QrPlace place;
  va_list args;

  qr_optlist_place (device->opts, device->hints->opts[hint], &place);
  va_start (args, format);
  qr_error_setv (error, QR_STATUS_REQUEST, code, &place, advice, format, args);
  va_end (args);
}

void
qr_hint_show (const QrDevice *other, const char *label, GError **error)
{
  QrPlace place;

  if (other->opts == NULL)
    return;
  qr_optlist_whole (other->opts, &place);
  qr_error_also (*error, label, &place);
}

void
qr_hint_refuse_kept (const QrDevice *device, QrHint hint, GError **error)
{
  char addr[QR_PCI_ADDR_TEXT];

  qr_hint_refuse (device, hint, "lock-conflict",
                  "leave the hint out, or let the lock forget: qriser plan --lock=FILE "
                  "--forget=KEY",
                  error, "the lock has %s at %s of bus \"%s\", which is not what hint \"%s\" asks",
                  device->key, qr_pci_addr_format (device->addr, addr), device->bus->name,
                  device->hints->opts[hint]->key);
}
