/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "desugar.h"

#include <string.h>

typedef struct
{
  const QrCmdline *cmdline;
  const QrProfiles *profiles;
  QrPool *pool;
  QrRequest *request;
} Desugar;

/* Whether @opts has the form: see QrForm. */
static gboolean
form_applies (const QrForm *form, const QrOptList *opts)
{
  const QrOpt *opt;

  if (form->key == NULL && form->is == NULL && form->is_not == NULL)
    return TRUE;
  opt = form->key != NULL ? qr_optlist_find (opts, form->key) : opts->n > 0 ? &opts->opts[0] : NULL;
  if (opt == NULL)
    return FALSE;
  if (form->is != NULL)
    return g_strv_contains (form->is, opt->value);
  return form->is_not == NULL || !g_strv_contains (form->is_not, opt->value);
}

static gboolean
refuse_form (const QrItem *item, const QrForm *form, GError **error)
{
  QrPlace place;

  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place, form->hint,
                "option \"%s\" could make a PCI device and is not expanded yet", item->word);
  return FALSE;
}

/* Looks at what the item's forms lead to; parses its argument only for that. */
static gboolean
check_forms (Desugar *desugar, const QrItem *item, GError **error)
{
  const QrOption *option = item->option;
  const QrOptList *opts;

  if (option->n_forms == 0)
    return TRUE;
  opts = qr_item_opts (item, desugar->pool, error);
  if (opts == NULL)
    return FALSE;
  for (guint32 i = 0; i < option->n_forms; i++)
    {
      const QrForm *form = &option->forms[i];

      if (!form_applies (form, opts))
        continue;
      if (form->effect == QR_EFFECT_PCI)
        return refuse_form (item, form, error);
      if (desugar->request->spawns == NULL)
        {
          desugar->request->spawns = item;
          desugar->request->spawns_hint = form->hint;
        }
    }
  return TRUE;
}

static gboolean
take_machine (Desugar *desugar, const QrItem *item, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, desugar->pool, error);
  const QrOpt *type;

  if (opts == NULL)
    return FALSE;
  g_ptr_array_add (desugar->request->machine_opts, (gpointer) opts);
  type = qr_optlist_find (opts, "type");
  if (type != NULL)
    {
      desugar->request->machine = type->value;
      qr_optlist_place (opts, type, &desugar->request->machine_place);
    }
  return TRUE;
}

static gboolean
take_device (Desugar *desugar, const QrItem *item, GError **error)
{
  QrDeviceRequest device = { .item = item, .index = (gsize) (item - desugar->cmdline->items) };

  device.opts = qr_item_opts (item, desugar->pool, error);
  if (device.opts == NULL)
    return FALSE;
  g_array_append_val (desugar->request->devices, device);
  return TRUE;
}

/* What a -global is for: driver.property=value, or driver=D,property=P,value=V. */
static void
read_global (const QrOptList *opts, QrPool *pool, const char **driver, const char **property)
{
  const char *key = opts->n > 0 ? opts->opts[0].key : "";
  const char *dot = strchr (key, '.');

  *driver = dot != NULL ? qr_pool_strndup (pool, key, (gsize) (dot - key))
                        : qr_optlist_get (opts, "driver");
  *property = dot != NULL ? dot + 1 : qr_optlist_get (opts, "property");
}

/* Refuses a global property that decides where a device goes or what it is. */
static gboolean
take_global (Desugar *desugar, const QrItem *item, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, desugar->pool, error);
  const char *driver, *property;
  QrPlace place;

  if (opts == NULL)
    return FALSE;
  read_global (opts, desugar->pool, &driver, &property);
  for (guint32 i = 0; property != NULL && i < item->option->n_forms; i++)
    {
      const QrForm *form = &item->option->forms[i];

      if (!g_strv_contains (form->is, property))
        continue;
      qr_optlist_whole (opts, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "not-expanded", &place, form->hint,
                    "a global \"%s\" decides where devices go; it is not expanded yet", property);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_item (Desugar *desugar, const QrItem *item, GError **error)
{
  QrRequest *request = desugar->request;

  if (item->option == NULL)
    return TRUE;
  switch ((QrVerb) item->option->verb)
    {
    case QR_VERB_DEVICE:
      return take_device (desugar, item, error);
    case QR_VERB_MACHINE:
      return take_machine (desugar, item, error);
    case QR_VERB_NODEFAULTS:
      request->nodefaults = TRUE;
      break;
    case QR_VERB_GLOBAL:
      return take_global (desugar, item, error);
    case QR_VERB_INCOMING:
      request->incoming = item;
      break;
    case QR_VERB_NONE:
      break;
    }
  return check_forms (desugar, item, error);
}

static gboolean
is_last (const QrCmdline *cmdline, gsize index)
{
  for (gsize i = index + 1; i < cmdline->n; i++)
    if (cmdline->items[i].option == cmdline->items[index].option)
      return FALSE;
  return TRUE;
}

/* "help" stands in the list, or is the implied key's value written out; in JSON it is
 * a value like any other. */
static gboolean
list_helps (const QrItem *item, QrPool *pool)
{
  const char *implied = item->option->implied, *value = NULL;
  const QrOptList *opts;

  if (strstr (item->value, "help") == NULL && strchr (item->value, '?') == NULL)
    return FALSE;
  opts = qr_item_opts (item, pool, NULL); /* a fault is met again, and reported, later */
  if (opts == NULL || opts->json)
    return FALSE;
  if (implied != NULL)
    value = qr_optlist_get (opts, implied);
  return opts->wants_help || (value != NULL && qr_opt_is_help (value));
}

/* Whether QEMU prints something for the item and ends, whatever else stands there. Where
 * it would go on, the line is planned and confined like any other. */
static gboolean
item_informs (const QrCmdline *cmdline, gsize index, QrPool *pool)
{
  const QrItem *item = &cmdline->items[index];

  if (item->option == NULL)
    return FALSE;
  switch ((QrHelps) item->option->helps)
    {
    case QR_HELPS_EXACT:
      return qr_opt_is_help (item->value);
    case QR_HELPS_LIST:
      return list_helps (item, pool);
    case QR_HELPS_LAST:
      return qr_opt_is_help (item->value) && is_last (cmdline, index);
    case QR_HELPS_NEVER:
      break;
    }
  return item->option->informs;
}

/* Whether a -global is for one of @drivers. */
static gboolean
global_names (const QrItem *item, const char *const *drivers, QrPool *pool)
{
  const QrOptList *opts = qr_item_opts (item, pool, NULL); /* it was read before */
  const char *driver = NULL, *property;

  if (opts != NULL)
    read_global (opts, pool, &driver, &property);
  return driver != NULL && g_strv_contains (drivers, driver);
}

static gboolean
is_mentioned (const Desugar *desugar, const QrDefault *standard)
{
  const QrCmdline *cmdline = desugar->cmdline;
  const GArray *devices = desugar->request->devices;

  for (gsize i = 0; standard->options != NULL && i < cmdline->n; i++)
    if (cmdline->items[i].option != NULL
        && g_strv_contains (standard->options, cmdline->items[i].option->name))
      return TRUE;
  for (gsize i = 0; standard->drivers != NULL && i < cmdline->n; i++)
    if (cmdline->items[i].option != NULL && cmdline->items[i].option->verb == QR_VERB_GLOBAL
        && global_names (&cmdline->items[i], standard->drivers, desugar->pool))
      return TRUE;
  for (guint i = 0; standard->drivers != NULL && i < devices->len; i++)
    {
      const char *driver
          = qr_optlist_get (g_array_index (devices, QrDeviceRequest, i).opts, "driver");

      if (driver != NULL && g_strv_contains (standard->drivers, driver))
        return TRUE;
    }
  return FALSE;
}

static gboolean
refuse_defaults (const Desugar *desugar, GError **error)
{
  for (guint32 i = 0; i < desugar->profiles->n_defaults; i++)
    {
      const QrDefault *standard = &desugar->profiles->defaults[i];

      if (standard->driver == NULL || is_mentioned (desugar, standard))
        continue;
      qr_error_set (error, QR_STATUS_REQUEST, "default-device", NULL, standard->hint,
                    "QEMU would add its default %s, which is not expanded yet", standard->name);
      return FALSE;
    }
  return TRUE;
}

static int
compare_creation (gconstpointer a, gconstpointer b)
{
  const QrDeviceRequest *x = a, *y = b;

  if (x->opts->json != y->opts->json)
    return x->opts->json ? 1 : -1;
  return x->index < y->index ? -1 : x->index > y->index;
}

QrRequest *
qr_desugar (const QrCmdline *cmdline, const QrProfiles *profiles, QrPool *pool, GError **error)
{
  g_autoptr (QrRequest) request = g_new0 (QrRequest, 1);
  Desugar desugar = { cmdline, profiles, pool, request };

  request->machine_opts = g_ptr_array_new ();
  request->devices = g_array_new (FALSE, FALSE, sizeof (QrDeviceRequest));
  for (gsize i = 0; i < cmdline->n; i++)
    if (item_informs (cmdline, i, pool))
      {
        request->informs = TRUE;
        return g_steal_pointer (&request);
      }
  for (gsize i = 0; i < cmdline->n; i++)
    if (!take_item (&desugar, &cmdline->items[i], error))
      return NULL;
  if (!request->nodefaults && !refuse_defaults (&desugar, error))
    return NULL;
  g_array_sort (request->devices, compare_creation);
  return g_steal_pointer (&request);
}

void
qr_request_free (QrRequest *request)
{
  if (request == NULL)
    return;
  g_ptr_array_unref (request->machine_opts);
  g_array_unref (request->devices);
  g_free (request);
}

static gboolean
same_property (const char *a, const char *b)
{
  for (; *a != '\0' && *b != '\0'; a++, b++)
    if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
      return FALSE;
  return *a == *b;
}

const QrOpt *
qr_request_machine_property (const QrRequest *request, const char *name, const QrOptList **list)
{
  const QrOpt *found = NULL;

  for (guint i = 0; i < request->machine_opts->len; i++)
    {
      const QrOptList *opts = request->machine_opts->pdata[i];

      for (gsize j = 0; j < opts->n; j++)
        if (same_property (opts->opts[j].key, name))
          {
            found = &opts->opts[j];
            *list = opts;
          }
    }
  return found;
}
