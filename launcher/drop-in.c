/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "drop-in.h"

#include <string.h>

#include "cmdline.h"

const QrOption qr_drop_in_option
    = { .name = PACKAGE_NAME, .grammar = QR_GRAMMAR_QEMUOPTS, .verb = QR_VERB_OWN };

typedef struct
{
  QrOptions *options;
  QrPool *pool;
  guint argument;
  GHashTable *seen; /* keys */
} DropIn;

static const QrSwitch *
find_key (const char *key)
{
  for (guint i = 0; i < qr_n_switches; i++)
    if (qr_switches[i].drop_in && strcmp (qr_switches[i].name, key) == 0)
      return &qr_switches[i];
  return NULL;
}

/* "keys are: ..." for a hint. (transfer full) */
static char *
known_keys (void)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < qr_n_switches; i++)
    if (qr_switches[i].drop_in)
      g_string_append_printf (out, "%s%s", out->len == 0 ? "keys are: " : ", ",
                              qr_switches[i].name);
  return g_string_free (out, FALSE);
}

static gboolean refuse (const QrOptList *list, const QrOpt *opt, const char *hint, GError **error,
                        const char *format, ...) G_GNUC_PRINTF (5, 6);

static gboolean
refuse (const QrOptList *list, const QrOpt *opt, const char *hint, GError **error,
        const char *format, ...)
{
  va_list arguments;
  QrPlace place;

  qr_optlist_key_place (list, opt, &place);
  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_USAGE, "usage", &place, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* Codes of checks between colons. */
static gboolean
take_codes (DropIn *in, const QrSwitch *option, const char *value, const QrPlace *place,
            GError **error)
{
  g_auto (GStrv) codes = g_strsplit (value, ":", -1);

  if (*codes == NULL) /* nothing splits into nothing, and is no code */
    return qr_switch_set (option, value, place, in->options, error);
  for (char **code = codes; *code != NULL; code++)
    if (!qr_switch_set (option, qr_pool_strdup (in->pool, *code), place, in->options, error))
      return FALSE;
  return TRUE;
}

static gboolean
may_repeat (const QrSwitch *option)
{
  return option != NULL
         && (option->kind == QR_SWITCH_DEVICE || option->kind == QR_SWITCH_LIST
             || option->kind == QR_SWITCH_PATHS);
}

static gboolean
take_opt (DropIn *in, const QrOptList *list, const QrOpt *opt, GError **error)
{
  const QrSwitch *option = find_key (opt->key);
  g_autofree char *known = NULL;
  QrPlace place;

  if (opt->form == QR_OPT_BARE)
    return refuse (list, opt, "write key=value", error, "\"%s\" has no value", opt->key);
  if (!g_hash_table_add (in->seen, (gpointer) opt->key) && !may_repeat (option))
    return refuse (list, opt, NULL, error, "key \"%s\" stands twice", opt->key);
  if (option == NULL)
    {
      known = known_keys ();
      return refuse (list, opt, known, error, "option \"-%s\" has no key \"%s\"", PACKAGE_NAME,
                     opt->key);
    }
  qr_optlist_place (list, opt, &place);
  if (option->kind == QR_SWITCH_CODE)
    return take_codes (in, option, opt->value, &place, error);
  return qr_switch_set (option, opt->value, &place, in->options, error);
}

static gboolean
take_own (DropIn *in, const char *value, GError **error)
{
  const QrOptList *list;

  if (value == NULL)
    {
      qr_error_set (error, QR_STATUS_USAGE, "usage", NULL, "write -" PACKAGE_NAME " key=value,...",
                    "option \"-" PACKAGE_NAME "\" needs an argument");
      return FALSE;
    }
  list = qr_optlist_parse (&qr_drop_in_option, value, in->argument, in->pool, error);
  for (gsize i = 0; list != NULL && i < list->n; i++)
    if (!take_opt (in, list, &list->opts[i], error))
      return FALSE;
  return list != NULL;
}

gboolean
qr_drop_in_parse (const char *const *argv, const QrProfiles *profiles, QrPool *pool,
                  QrOptions *options, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  DropIn in = { options, pool, 0, seen };

  qr_options_init (options, QR_COMMAND_RUN);
  options->words = argv + 1;
  options->first = 1;
  for (guint i = 1; argv[i] != NULL; i++)
    {
      const QrOption *option = qr_cmdline_option (argv[i], profiles, &qr_drop_in_option);

      if (option == NULL || !qr_option_has_argument (option))
        continue;
      in.argument = i + 1;
      if (option == &qr_drop_in_option && !take_own (&in, argv[i + 1], error))
        return FALSE;
      if (argv[++i] == NULL)
        break;
    }
  return TRUE;
}
