/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "match.h"

QrNamed
qr_match_named (const QrTopology *topology, const QrDevice *device)
{
  if (!device->names_bus && !device->aimed)
    return QR_NAMED_NONE;
  return device->chosen == topology->root ? QR_NAMED_ROOT : QR_NAMED_OTHER;
}

static gboolean
has_property (const QrMatch *match, const QrDevice *device)
{
  const char *value = qr_optlist_get (device->opts, match->property);

  return value != NULL && (match->values == NULL || g_strv_contains (match->values, value));
}

static gboolean
has_class (const char *const *classes, const QrDevice *device)
{
  for (; *classes != NULL; classes++)
    if (qr_class_begins (qr_device_class (device), *classes))
      return TRUE;
  return FALSE;
}

/* What the line asks of the device; what is packed goes by no rule. */
static gboolean
is_as_asked (const QrMatch *match, const QrDevice *device)
{
  if (qr_hints_have (device->hints, QR_HINT_PACK))
    return FALSE;
  if (match->integrated != (device->rooted || qr_hints_have (device->hints, QR_HINT_INTEGRATED)))
    return FALSE;
  switch ((QrHotplug) match->hotplug)
    {
    case QR_HOTPLUG_UNASKED:
      return !qr_hints_ask_hotplug (device->hints, TRUE);
    case QR_HOTPLUG_ON:
      return qr_hints_ask_hotplug (device->hints, TRUE);
    case QR_HOTPLUG_OFF:
      return qr_hints_ask_hotplug (device->hints, FALSE);
    case QR_HOTPLUG_ANY:
      break;
    }
  return TRUE;
}

static gboolean
line_has (const QrTopology *topology, const char *const *drivers)
{
  for (guint i = 0; i < topology->devices->len; i++)
    if (g_strv_contains (drivers, ((QrDevice *) topology->devices->pdata[i])->type->driver))
      return TRUE;
  return FALSE;
}

gboolean
qr_match (const QrMatch *match, const QrTopology *topology, const QrDevice *device)
{
  if (match->kinds != 0 && (match->kinds & 1u << device->want) == 0)
    return FALSE;
  if (match->drivers != NULL && !g_strv_contains (match->drivers, device->type->driver))
    return FALSE;
  if (match->classes != NULL && !has_class (match->classes, device))
    return FALSE;
  if (match->roles != 0 && (match->roles & 1u << qr_class_role (qr_device_class (device))) == 0)
    return FALSE;
  if (match->named != QR_NAMED_ANY && match->named != qr_match_named (topology, device))
    return FALSE;
  if (match->display == QR_DISPLAY_PRIMARY && !device->is_primary)
    return FALSE;
  if (match->rivals != QR_RIVALS_ANY
      && (match->rivals == QR_RIVALS_SEVERAL) != (topology->n_vga > 1))
    return FALSE;
  if (match->translation != QR_TRANSLATION_ANY
      && (match->translation == QR_TRANSLATION_PRESENT) != topology->translated)
    return FALSE;
  if (!is_as_asked (match, device))
    return FALSE;
  if (match->assigned_graphics && (device->host == NULL || !device->host->integrated_graphics))
    return FALSE;
  if (match->virtual_functions && device->n_virtual == 0)
    return FALSE;
  if (match->property != NULL && !has_property (match, device))
    return FALSE;
  return match->lacking == NULL || !line_has (topology, match->lacking);
}

gboolean
qr_match_is_due (const QrPolicy *policy, const QrDevice *device)
{
  return device->bus == NULL && device->chosen != NULL && qr_device_type_is_pci (device->type)
         && (device->origin == QR_ORIGIN_USER
             || (device->origin == QR_ORIGIN_EXTRA && policy->keeps_state));
}

gboolean
qr_match_is_bridge (const QrDevice *device)
{
  return device->origin == QR_ORIGIN_USER && device->type->kind == QR_DEVICE_BRIDGE
         && device->buses != NULL && device->buses->kind == QR_BUS_CONVENTIONAL;
}
