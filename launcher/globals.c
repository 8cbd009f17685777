/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "globals.h"

#include <string.h>

#include "forms.h"

typedef struct
{
  QrRequest *request;
  const QrProfiles *profiles;
  const QrForm *form; /* that has the property */
  const char *driver, *property;
  const QrOpt *value;
  const QrOptList *opts;
} Global;

/* The form of @option that lists @property, or NULL. */
static const QrForm *
find_form (const QrOption *option, const char *property)
{
  for (guint32 i = 0; i < option->n_forms; i++)
    if (option->forms[i].n_when > 0 && g_strv_contains (option->forms[i].when[0].is, property))
      return &option->forms[i];
  return NULL;
}

static gboolean
refuse (const Global *global, GError **error)
{
  QrPlace place;

  qr_optlist_whole (global->opts, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place, global->form->hint,
                "a global \"%s\" cannot be followed", global->property);
  return FALSE;
}

/* Whether QEMU turns the property off in what it makes for the option that @device is for. */
static gboolean
is_fixed (const Global *global, const QrDeviceRequest *device)
{
  const QrOption *cause = device->opts->cause_option;
  const char *driver = qr_optlist_get (device->opts, "driver");

  for (guint32 i = 0; cause != NULL && i < cause->n_models; i++)
    if (g_strcmp0 (cause->models[i].driver, driver) == 0 && cause->models[i].fixed != NULL
        && g_strv_contains (cause->models[i].fixed, global->property))
      return TRUE;
  return FALSE;
}

static gboolean
apply_to (const Global *global, QrDeviceRequest *device, GError **error)
{
  const char *value = global->value == NULL       ? NULL
                      : is_fixed (global, device) ? "off"
                                                  : global->value->value;
  QrPlace place;

  if (value == NULL || qr_optlist_find (device->opts, global->property) != NULL)
    return TRUE;
  qr_optlist_place (global->opts, global->value, &place);
  device->opts = qr_optlist_extend (device->opts, device->line->option, global->property, value,
                                    &place, global->request->pool, error);
  return device->opts != NULL;
}

/* Whether the global is for @type; QEMU does not look at aliases here. */
static gboolean
is_for (const Global *global, const QrDeviceType *type)
{
  return strcmp (type->driver, global->driver) == 0
         || (type->parents != NULL && g_strv_contains (type->parents, global->driver))
         || (qr_device_type_is_pci (type)
             && g_strcmp0 (qr_profiles_find_bus_type (global->profiles, type->bus)->devices,
                           global->driver)
                    == 0);
}

static gboolean
apply (const Global *global, GError **error)
{
  QrPool *pool = global->request->pool;

  if (global->form->effect == QR_EFFECT_PCI)
    return refuse (global, error);
  for (guint i = 0; i < global->request->devices->len; i++)
    {
      QrDeviceRequest *device = &g_array_index (global->request->devices, QrDeviceRequest, i);
      const char *driver = qr_optlist_get (device->opts, "driver");
      const QrDeviceType *type
          = driver == NULL ? NULL : qr_profiles_find_device (global->profiles, driver, pool);

      if (type != NULL && is_for (global, type) && !apply_to (global, device, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_globals_apply (QrRequest *request, const QrCmdline *line, const QrProfiles *profiles,
                  GError **error)
{
  Global global = { .request = request, .profiles = profiles };

  for (gsize i = line->n; i-- > 0;)
    {
      const QrItem *item = &line->items[i];

      if (item->option == NULL || item->option->verb != QR_VERB_GLOBAL)
        continue;
      global.opts = qr_item_opts (item, request->pool, error);
      if (global.opts == NULL)
        return FALSE;
      qr_global_read (global.opts, request->pool, &global.driver, &global.property, &global.value);
      global.form = global.property == NULL ? NULL : find_form (item->option, global.property);
      if (global.form != NULL && global.driver != NULL && !apply (&global, error))
        return FALSE;
    }
  return TRUE;
}
