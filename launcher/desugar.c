/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "desugar.h"

#include <string.h>

#include "defaults.h"
#include "forms.h"
#include "globals.h"
#include "informs.h"
#include "nets.h"
#include "pairs.h"
#include "usb.h"
#include "vga.h"

typedef struct
{
  const QrCmdline *cmdline;
  const QrProfiles *profiles;
  QrPool *pool;
  QrRequest *request;
  QrDrives *drives;
  const QrItem *vga; /* the last that names a display adapter of the board */
  QrSound sound;
} Desugar;

static const QrOption machine_preset = { .name = "preset", .grammar = QR_GRAMMAR_KEYVAL };

static gboolean
refuse_form (const QrItem *item, const QrForm *form, GError **error)
{
  QrPlace place;

  qr_item_place (item, &place);
  if (item->option->verb == QR_VERB_FILE)
    qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place, form->hint,
                  "group \"%s\" of a file of options is not expanded yet", item->word);
  else
    qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place, form->hint,
                  "option \"%s\" could make a PCI device and is not expanded yet", item->word);
  return FALSE;
}

/* What QEMU's own confinement would keep from it. */
static void
note_bounds (QrRequest *request, const QrForm *form, const QrItem *item)
{
  if (form->effect == QR_EFFECT_FREES)
    request->frees = item;
  if (form->effect == QR_EFFECT_CLOSES)
    request->closed |= form->needs;
  if (form->effect != QR_EFFECT_FORBIDS)
    return;
  request->forbidden |= form->needs;
  for (guint need = 0; need < QR_N_NEEDS; need++)
    if ((form->needs & 1u << need) != 0 && request->forbids[need] == NULL)
      request->forbids[need] = item;
}

/* Looks at what the item's forms lead to; parses its argument only for that. */
static gboolean
check_forms (Desugar *desugar, const QrItem *item, GError **error)
{
  const QrOption *option = item->option;
  gboolean planned = desugar->request->machine != NULL;
  const QrOptList *opts;

  if (option == NULL || option->n_forms == 0)
    return TRUE;
  opts = qr_item_opts (item, desugar->pool, planned ? error : NULL);
  if (opts == NULL)
    return !planned; /* QEMU says it better */
  for (guint32 i = 0; i < option->n_forms; i++)
    {
      const QrForm *form = &option->forms[i];

      if (option->verb == QR_VERB_GLOBAL || !qr_form_applies (form, opts))
        continue;
      if (form->effect == QR_EFFECT_PCI && planned)
        return refuse_form (item, form, error);
      desugar->request->own_firmware |= form->effect == QR_EFFECT_FIRMWARE;
      if (form->effect == QR_EFFECT_NEEDS)
        qr_request_add_needs (desugar->request, form->needs, item, form->hint);
      if (form->effect == QR_EFFECT_SPARES)
        desugar->request->spares |= form->needs;
      if (form->effect == QR_EFFECT_MONITOR && desugar->request->monitor == NULL)
        desugar->request->monitor = item;
      desugar->request->quiet |= form->effect == QR_EFFECT_QUIET;
      note_bounds (desugar->request, form, item);
    }
  return TRUE;
}

static const QrOptList *
machine_opts (Desugar *desugar, const QrItem *item, GError **error)
{
  if (item->option->preset != NULL)
    return qr_optlist_make (&machine_preset, item->option->preset, QR_WRITTEN_FOR_OPTION, NULL,
                            NULL, desugar->pool);
  return qr_item_opts (item, desugar->pool, error);
}

/* Whether a form of the option lets the line through as it is. */
static gboolean
passes (const QrOption *option, const QrOptList *opts)
{
  for (guint32 i = 0; i < option->n_forms; i++)
    if (option->forms[i].effect == QR_EFFECT_PASS && qr_form_applies (&option->forms[i], opts))
      return TRUE;
  return FALSE;
}

static gboolean
take_machine (Desugar *desugar, const QrItem *item, GError **error)
{
  QrRequest *request = desugar->request;
  const QrOptList *opts = machine_opts (desugar, item, error);
  const QrOpt *type;

  if (opts == NULL)
    return FALSE;
  g_ptr_array_add (request->machine_opts, (gpointer) opts);
  type = qr_optlist_find (opts, "type");
  if (type == NULL)
    return TRUE;
  request->machine_type = type->value;
  request->names_machine = TRUE;
  request->informs = passes (item->option, opts);
  qr_optlist_place (opts, type, &request->machine_place);
  return TRUE;
}

/* Some machines have a PCI bus only when they are asked for it. */
static gboolean
check_root (QrRequest *request, GError **error)
{
  const QrMachine *machine = request->machine;
  gboolean there;

  if (!qr_request_meets (request, machine->when, machine->n_when, &there, error))
    return FALSE;
  request->busless = !there;
  if (!there)
    request->machine = NULL;
  return TRUE;
}

/* The machine of the line, and whether it is one that can be planned. */
static gboolean
take_machines (Desugar *desugar, const QrTarget *target, GError **error)
{
  const QrProfiles *profiles = desugar->profiles;
  QrRequest *request = desugar->request;

  for (gsize i = 0; i < desugar->cmdline->n; i++)
    {
      const QrItem *item = &desugar->cmdline->items[i];

      if (item->option != NULL && item->option->verb == QR_VERB_MACHINE
          && !take_machine (desugar, item, error))
        return FALSE;
    }
  if (request->machine_type == NULL && target->standard != NULL)
    request->machine_type = target->standard->types[0].name;
  if (request->machine_type != NULL && !request->informs)
    request->machine = qr_profiles_find_machine (profiles, request->machine_type, target->arch);
  return request->machine == NULL || check_root (request, error);
}

/* Whether the device plays or records sound and leaves it to QEMU how. */
static gboolean
takes_default_audio (const Desugar *desugar, const QrOptList *opts)
{
  const char *driver = qr_optlist_get (opts, "driver");
  const QrDeviceType *type
      = driver == NULL ? NULL : qr_profiles_find_device (desugar->profiles, driver, desugar->pool);

  return type != NULL && qr_device_type_has_property (type, "audiodev")
         && qr_optlist_find (opts, "audiodev") == NULL;
}

static gboolean
take_device (Desugar *desugar, const QrItem *item, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, desugar->pool, error);

  if (opts == NULL)
    return FALSE;
  desugar->request->default_audio |= takes_default_audio (desugar, opts);
  qr_request_add_device (desugar->request, QR_ZONE_BODY, opts->json ? QR_TURN_JSON : QR_TURN_TEXT,
                         item->option, item->word, opts);
  return TRUE;
}

/* Notes the devices that the item wants on the root bus. */
static void
note_rooted (Desugar *desugar, const QrItem *item)
{
  const char *const *key = item->option == NULL ? NULL : item->option->roots;
  const QrOptList *opts = key == NULL ? NULL : qr_item_opts (item, desugar->pool, NULL);

  for (; opts != NULL && *key != NULL; key++)
    for (gsize i = 0; i < opts->n; i++)
      if (strcmp (opts->opts[i].key, *key) == 0)
        g_ptr_array_add (desugar->request->rooted, (gpointer) opts->opts[i].value);
}

/* Whether the board makes what the item asks for, so that it becomes a device. */
static gboolean
is_served (const Desugar *desugar, const QrItem *item)
{
  const QrMachine *machine = desugar->request->machine;

  if (item->option->verb == QR_VERB_VGA)
    return machine->vga != NULL;
  if (item->option->verb == QR_VERB_MACHINE)
    return machine->usb != NULL && item->option->n_models > 0;
  return machine->nic != NULL;
}

static gboolean
is_accepted (const Desugar *desugar, const QrItem *item)
{
  const QrOptList *opts = qr_item_opts (item, desugar->request->pool, NULL);

  return opts != NULL && qr_form_accepted (item->option, opts);
}

static gboolean
take_item (Desugar *desugar, const QrItem *item, GError **error)
{
  QrRequest *request = desugar->request;
  QrVerb verb = item->option == NULL ? QR_VERB_DRIVE : (QrVerb) item->option->verb;

  if (!check_forms (desugar, item, error))
    return FALSE;
  note_rooted (desugar, item);
  switch (verb)
    {
    case QR_VERB_DEVICE:
      return take_device (desugar, item, error);
    case QR_VERB_DRIVE:
      return qr_drives_take (desugar->drives, item, error);
    case QR_VERB_VGA:
    case QR_VERB_NIC:
    case QR_VERB_NET:
    case QR_VERB_MACHINE:
      if (!is_served (desugar, item))
        break;
      if (verb == QR_VERB_VGA)
        desugar->vga = item;
      return TRUE; /* expanded when all are known */
    case QR_VERB_OWN:
      return TRUE;
    case QR_VERB_SHARE:
      return qr_pairs_share (request, item, desugar->profiles, error);
    case QR_VERB_SOUND:
      return qr_pairs_sound (request, item, desugar->profiles, &desugar->sound, error);
    case QR_VERB_NODEFAULTS:
      request->nodefaults = TRUE;
      break;
    case QR_VERB_INCOMING:
      request->incoming = item;
      break;
    case QR_VERB_CONFINE: /* what it forbids is known by its forms */
      request->odd_confinement |= !is_accepted (desugar, item);
      break;
    case QR_VERB_NONE:
    case QR_VERB_GLOBAL: /* written into the devices when all are known */
    case QR_VERB_NETDEV:
    case QR_VERB_CONSOLE:
    case QR_VERB_FILE:
    case QR_VERB_SET:
    case QR_VERB_NO_CONFIG:
    case QR_VERB_OBJECT:
    case QR_VERB_IDENTITY:
      break;
    }
  qr_request_add_line (request, QR_ZONE_BODY, item->option, item->word, item->value);
  return TRUE;
}

/* Whether the line has an option that chooses how sound is played. */
static gboolean
chooses_audio (const Desugar *desugar)
{
  for (gsize i = 0; i < desugar->cmdline->n; i++)
    if (desugar->cmdline->items[i].option != NULL && desugar->cmdline->items[i].option->audio)
      return TRUE;
  return FALSE;
}

/* Sound that QEMU chooses by itself comes with its other defaults only. */
static void
note_default_audio (Desugar *desugar)
{
  QrRequest *request = desugar->request;

  request->default_audio &= !request->nodefaults && !chooses_audio (desugar);
  request->leaves_defaults
      = request->default_audio
        || (request->machine != NULL && !qr_machine_makes_devices (request->machine));
  if (request->default_audio)
    qr_request_add_needs (request, 1u << QR_NEED_DESKTOP, NULL, NULL);
}

/* What a line that is not planned needs, by its options and by what QEMU adds to it. */
static gboolean
note_needs (Desugar *desugar, GError **error)
{
  QrRequest *request = desugar->request;

  for (gsize i = 0; i < desugar->cmdline->n; i++)
    {
      const QrItem *item = &desugar->cmdline->items[i];
      gboolean makes = item->option != NULL && item->option->verb == QR_VERB_DEVICE;
      const QrOptList *opts = makes ? qr_item_opts (item, desugar->pool, NULL) : NULL;

      if (!check_forms (desugar, item, error))
        return FALSE;
      request->default_audio |= opts != NULL && takes_default_audio (desugar, opts);
    }
  note_default_audio (desugar);
  qr_defaults_note_needs (request, desugar->cmdline, desugar->profiles);
  return TRUE;
}

/* QEMU would find nothing in a pipe that was read to see which machine the line is for. */
static gboolean
refuse_spent (const QrItem *item, GError **error)
{
  QrPlace place;

  qr_item_value_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "file-once", &place, "give a file",
                "\"%s\" can be read only once, and the line goes to QEMU as it is", item->value);
  return FALSE;
}

/* The line as it is, but for what is ours. */
static gboolean
pass_items (Desugar *desugar, GError **error)
{
  const QrCmdline *line
      = desugar->cmdline->written != NULL ? desugar->cmdline->written : desugar->cmdline;

  if (desugar->cmdline->spent != NULL)
    return refuse_spent (desugar->cmdline->spent, error);

  for (gsize i = 0; i < line->n; i++)
    {
      const QrItem *item = &line->items[i];

      if (item->option == NULL || item->option->verb != QR_VERB_OWN)
        qr_request_add_line (desugar->request, QR_ZONE_BODY, item->option, item->word, item->value);
    }
  return note_needs (desugar, error);
}

/* Words in front: the machine, and that QEMU adds nothing. */
static void
add_head (Desugar *desugar)
{
  const QrOption *nodefaults = qr_profiles_verb_option (desugar->profiles, QR_VERB_NODEFAULTS);
  const QrOption *no_config = qr_profiles_verb_option (desugar->profiles, QR_VERB_NO_CONFIG);
  QrRequest *request = desugar->request;

  if (desugar->cmdline->has_user_config)
    qr_request_add_line (request, QR_ZONE_HEAD, no_config, NULL, NULL);
  if (!request->names_machine)
    qr_request_add_line (request, QR_ZONE_HEAD, NULL, "-machine", request->machine_type);
  if (!request->nodefaults && !request->leaves_defaults)
    qr_request_add_line (request, QR_ZONE_HEAD, nodefaults, NULL, NULL);
}

/* The user's items and those of the defaults as one line. */
static const QrCmdline *
join (Desugar *desugar, const QrCmdline *defaults)
{
  QrCmdline *all = qr_pool_new_struct (desugar->pool, QrCmdline);
  gsize n = desugar->cmdline->n;
  QrItem *items = qr_pool_alloc_n (desugar->pool, n + defaults->n, sizeof *items);

  for (gsize i = 0; i < n + defaults->n; i++)
    items[i] = i < n ? desugar->cmdline->items[i] : defaults->items[i - n];
  *all = (QrCmdline){ items, n + defaults->n };
  return all;
}

/* What the board makes, in that order. */
static gboolean
expand_board (Desugar *desugar, const QrCmdline *line, GError **error)
{
  QrRequest *request = desugar->request;
  gboolean display = desugar->vga != NULL
                         ? qr_vga_is_there (desugar->vga)
                         : qr_defaults_name_display (request, desugar->cmdline, desugar->profiles);

  if (desugar->vga != NULL && !request->machine->nics_first)
    qr_vga_expand (request, desugar->vga, desugar->profiles);
  if (request->machine->nic != NULL && !qr_nets_expand (request, line, desugar->profiles, error))
    return FALSE;
  if (desugar->vga != NULL && request->machine->nics_first)
    qr_vga_expand (request, desugar->vga, desugar->profiles);
  return request->machine->usb == NULL
         || qr_usb_expand (request, line, display, desugar->profiles, error);
}

static gboolean
expand_items (Desugar *desugar, GError **error)
{
  QrRequest *request = desugar->request;
  const QrCmdline *defaults;

  for (gsize i = 0; i < desugar->cmdline->n; i++)
    if (!take_item (desugar, &desugar->cmdline->items[i], error))
      return FALSE;
  note_default_audio (desugar);
  if (!qr_defaults_find (request, desugar->cmdline, desugar->drives, desugar->profiles, &defaults,
                         error))
    return FALSE;
  add_head (desugar);
  for (gsize i = 0; i < defaults->n; i++)
    if (!take_item (desugar, &defaults->items[i], error))
      return FALSE;
  if (!expand_board (desugar, join (desugar, defaults), error))
    return FALSE;
  qr_pairs_add_card (request, &desugar->sound, desugar->profiles);
  qr_drives_finish (desugar->drives);
  if (!qr_globals_apply (request, desugar->cmdline, desugar->profiles, error))
    return FALSE;
  qr_request_sort_devices (request);
  return TRUE;
}

QrRequest *
qr_desugar (const QrCmdline *cmdline, const QrProfiles *profiles, const QrTarget *target,
            QrPool *pool, GError **error)
{
  g_autoptr (QrRequest) request = qr_request_new (pool);
  g_autoptr (QrDrives) drives = qr_drives_new (request, profiles);
  Desugar desugar = { cmdline, profiles, pool, request, drives, NULL, { NULL } };
  gboolean good;

  request->version = target->version;
  request->informs = qr_line_informs (cmdline, pool);
  if (!request->informs && !take_machines (&desugar, target, error))
    return NULL;
  if (request->machine == NULL)
    good = pass_items (&desugar, error);
  else
    good = expand_items (&desugar, error);
  return good ? g_steal_pointer (&request) : NULL;
}
