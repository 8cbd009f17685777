/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "usb.h"

/* Whether the board makes the controller; a value that is none is QEMU's to refuse. */
static gboolean
is_made (const QrRequest *request, const QrOpt *opt, gboolean display)
{
  gboolean value = FALSE;

  if (opt == NULL)
    return display && !request->nodefaults;
  return qr_opt_boolean (opt->value, &value) && value;
}

static void
add_device (QrRequest *request, const QrItem *item, const char *driver, const QrProfiles *profiles)
{
  qr_request_add_made_device (request, QR_ZONE_BOARD, QR_TURN_BOARD,
                              qr_profiles_verb_option (profiles, QR_VERB_DEVICE), item, driver);
}

static void
add_controller (QrRequest *request, gboolean display, const QrProfiles *profiles)
{
  const QrMachineUsb *usb = request->machine->usb;
  const QrItem *nobody = qr_pool_new_struct (request->pool, QrItem);

  add_device (request, nobody, qr_machine_usb (request->machine, request->machine_type), profiles);
  for (guint i = 0; display && usb->devices != NULL && usb->devices[i] != NULL; i++)
    add_device (request, nobody, usb->devices[i], profiles);
}

/* Whether QEMU plugs what the item names into the first controller there is. */
static gboolean
is_plugged (const QrItem *item)
{
  return item->option != NULL && item->option->verb == QR_VERB_MACHINE
         && item->option->n_models > 0;
}

/* Without a controller QEMU says it better. */
static void
keep (QrRequest *request, const QrCmdline *line)
{
  for (gsize i = 0; i < line->n; i++)
    if (is_plugged (&line->items[i]))
      qr_request_add_line (request, QR_ZONE_BODY, line->items[i].option, line->items[i].word,
                           line->items[i].value);
}

static gboolean
plug (QrRequest *request, const QrItem *item, const QrProfiles *profiles, GError **error)
{
  const QrModel *model = qr_option_find_model (item->option, item->value);
  QrPlace place;

  if (model != NULL)
    {
      add_device (request, item, model->driver, profiles);
      return TRUE;
    }
  qr_item_value_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place,
                "write it as -device, with a controller",
                "USB device \"%s\" is not expanded on machine \"%s\" yet", item->value,
                request->machine_type);
  return FALSE;
}

gboolean
qr_usb_expand (QrRequest *request, const QrCmdline *line, gboolean display,
               const QrProfiles *profiles, GError **error)
{
  const QrMachineUsb *usb = request->machine->usb;
  const QrOptList *list;
  const QrOpt *opt = qr_request_machine_property (request, usb->property, &list);

  if (!is_made (request, opt, display))
    {
      keep (request, line);
      return TRUE;
    }
  if (opt != NULL || request->leaves_defaults)
    qr_request_add_line (request, QR_ZONE_TAIL, NULL, "-machine", usb->off);
  add_controller (request, display, profiles);
  for (gsize i = 0; i < line->n; i++)
    if (is_plugged (&line->items[i]) && !plug (request, &line->items[i], profiles, error))
      return FALSE;
  return TRUE;
}
