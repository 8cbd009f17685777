/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-parts.h"

#include <string.h>

#include "carrier.h"

const char *
qr_render_kind (const QrDevice *device)
{
  gboolean express = qr_bus_traits (device->bus->kind)->is_express;

  switch ((QrDeviceKind) device->type->kind)
    {
    case QR_DEVICE_ROOT_PORT:
    case QR_DEVICE_SWITCH_UPSTREAM:
    case QR_DEVICE_SWITCH_DOWNSTREAM:
    case QR_DEVICE_BRIDGE:
    case QR_DEVICE_EXPANDER:
    case QR_DEVICE_HOST_BRIDGE:
      return qr_device_kind_names[device->type->kind];
    case QR_DEVICE_FUNCTION:
    case QR_N_DEVICE_KINDS:
      break;
    }
  if (!express || device->express == QR_EXPRESS_NEVER)
    return "conventional";
  return qr_bus_traits (device->bus->kind)->is_root ? "integrated-endpoint" : "endpoint";
}

const char *
qr_render_origin (const QrDevice *device)
{
  static const char *const names[] = { "user", "machine", "added", "kept", "option" };
  static const char *const written_names[] = { "user", "option", "default", "added" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == QR_N_ORIGINS);
  if (qr_carrier_is_spare (device))
    return "spare";
  return device->origin == QR_ORIGIN_USER ? written_names[device->opts->written]
                                          : names[device->origin];
}

/* Whether the value of a key is not shown; a key of the form a.b.password counts as password. */
typedef gboolean (*IsSecret) (gconstpointer data, const char *key);

static gboolean
is_in (const char *const *secrets, const char *key)
{
  const char *dot = strrchr (key, '.');

  return secrets != NULL && g_strv_contains (secrets, dot == NULL ? key : dot + 1);
}

static gboolean
is_secret_of_option (gconstpointer data, const char *key)
{
  return is_in (((const QrOption *) data)->secrets, key);
}

/* Of a word of a list: of one of the options that it became. */
static gboolean
is_secret_of_use (gconstpointer data, const char *key)
{
  const QrRoleUse *use = data;

  for (gsize i = 0; i < use->n_items; i++)
    if (is_in (use->items[i].option->secrets, key))
      return TRUE;
  return FALSE;
}

static char *
redact_with (const QrOption *grammar, const char *text, IsSecret is_secret, gconstpointer data,
             QrPool *pool)
{
  const QrOptList *opts = qr_optlist_parse (grammar, text, 0, pool, NULL);
  GString *out;
  gsize at = 0;

  if (opts == NULL)
    return g_strdup ("***"); /* cannot tell what is secret in it */
  out = g_string_new (NULL);
  for (gsize i = 0; i < opts->n; i++)
    {
      const QrOpt *opt = &opts->opts[i];

      if (!is_secret (data, opt->key))
        continue;
      g_string_append_len (out, text + at, opt->value_start - at);
      g_string_append (out, opt->form == QR_OPT_STRING ? "\"***\"" : "***");
      at = opt->value_start + opt->value_length;
    }
  g_string_append (out, text + at);
  return g_string_free (out, FALSE);
}

static char *
redact (const QrOption *option, const char *text, QrPool *pool)
{
  return redact_with (option, text, is_secret_of_option, option, pool);
}

char *
qr_render_word (const QrPlan *plan, const QrRoleUse *use)
{
  return redact_with (&qr_list_role, use->word, is_secret_of_use, use, plan->pool);
}

char *
qr_render_value (const QrPlan *plan, const QrItem *item)
{
  return item->option->secrets == NULL ? g_strdup (item->value)
                                       : redact (item->option, item->value, plan->pool);
}

const char *
qr_render_where (const QrPlan *plan, const QrOptList *opts)
{
  const QrSource *source = opts->source;

  if (source != NULL && source->row > 0)
    return qr_pool_printf (plan->pool, "%s:%u", source->whole.file, source->row);
  return qr_pool_printf (plan->pool, "argument %u", opts->argument);
}

/* The word of a list that @opts is from, or NULL. */
static const QrRoleUse *
find_use (const QrPlan *plan, const QrOptList *opts)
{
  gsize use = opts->source == NULL ? 0 : opts->source->use;

  return use == 0 ? NULL : &plan->roles.uses[use - 1];
}

const char *
qr_render_source (const QrPlan *plan, const QrDevice *device)
{
  const QrOptList *opts = device->opts;
  const QrRoleUse *use = opts == NULL ? NULL : find_use (plan, opts);
  char *shown;
  const char *text;

  if (use != NULL)
    {
      shown = qr_render_word (plan, use);
      text = qr_pool_strdup (plan->pool, shown);
      g_free (shown);
      return text;
    }
  if (opts == NULL || opts->written == QR_WRITTEN_BY_USER)
    return opts == NULL ? NULL : opts->text;
  if (opts->cause_option == NULL || opts->cause_option->secrets == NULL)
    return opts->cause.text;
  shown = redact (opts->cause_option, opts->cause.text, plan->pool);
  text = qr_pool_strdup (plan->pool, shown);
  g_free (shown);
  return text;
}

void
qr_render_warnings (const GPtrArray *warnings, GString *out)
{
  for (guint i = 0; i < warnings->len; i++)
    {
      const QrWarning *warning = warnings->pdata[i];
      g_autofree char *text = qr_warning_text (warning);

      g_string_append_printf (out, "%s: ", qr_severity_names[warning->severity]);
      qr_append_printable (out, text, strlen (text));
      g_string_append_printf (out, " (%s", warning->code);
      if (warning->argument > 0)
        g_string_append_printf (out, ", argument %u", warning->argument);
      g_string_append (out, ")\n");
    }
}

char **
qr_render_redacted (const QrPlan *plan)
{
  char **argv = g_strdupv (plan->argv);

  for (guint zone = 0; zone < QR_N_ZONES; zone++)
    for (guint i = 0; i < plan->request->zones[zone]->len; i++)
      {
        const QrLine *line = plan->request->zones[zone]->pdata[i];
        char **value = &argv[plan->positions[line->number] + 1];
        char *shown;

        if (line->option == NULL || line->option->secrets == NULL || line->value == NULL)
          continue;
        shown = redact (line->option, line->value, plan->pool);
        g_free (*value);
        *value = shown;
      }
  return argv;
}
