/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "defaults.h"

#include <string.h>

#include "forms.h"

typedef struct
{
  QrRequest *request;
  const QrCmdline *cmdline;
  const QrDrives *drives;
  const QrProfiles *profiles;
  gboolean console;
  GPtrArray *words;
} Defaults;

/* Whether a -global is for one of @drivers. */
static gboolean
global_names (const Defaults *defaults, const QrItem *item, const char *const *drivers)
{
  QrPool *pool = defaults->request->pool;
  const QrOptList *opts = qr_item_opts (item, pool, NULL);
  const char *driver = NULL, *property;
  const QrOpt *value;

  if (opts != NULL)
    qr_global_read (opts, pool, &driver, &property, &value);
  return driver != NULL && g_strv_contains (drivers, driver);
}

static gboolean
begins (const char *value, const char *const *beginnings)
{
  for (; *beginnings != NULL; beginnings++)
    if (g_str_has_prefix (value, *beginnings))
      return TRUE;
  return FALSE;
}

/* QEMU looks for mentioned options while it reads the line, and not in files. */
static gboolean
is_in_file (const QrItem *item)
{
  return item->source != NULL && item->source->in_file;
}

static gboolean
item_mentions (const Defaults *defaults, const QrItem *item, const QrDefault *standard)
{
  const QrOption *option = item->option;

  if (option == NULL)
    return FALSE;
  if (!is_in_file (item) && standard->options != NULL
      && g_strv_contains (standard->options, option->name))
    return TRUE;
  if (!is_in_file (item) && standard->by != NULL && g_strv_contains (standard->by, option->name)
      && begins (item->value, standard->begins))
    return TRUE;
  return standard->drivers != NULL && option->verb == QR_VERB_GLOBAL
         && global_names (defaults, item, standard->drivers);
}

static gboolean
is_mentioned (const Defaults *defaults, const QrDefault *standard)
{
  const GArray *devices = defaults->request->devices;

  for (gsize i = 0; i < defaults->cmdline->n; i++)
    if (item_mentions (defaults, &defaults->cmdline->items[i], standard))
      return TRUE;
  for (guint i = 0; standard->drivers != NULL && i < devices->len; i++)
    {
      const QrDeviceRequest *device = &g_array_index (devices, QrDeviceRequest, i);
      const char *driver = qr_optlist_get (device->opts, "driver");

      if (driver != NULL && g_strv_contains (standard->drivers, driver))
        return TRUE;
    }
  return FALSE;
}

gboolean
qr_defaults_name_display (QrRequest *request, const QrCmdline *cmdline, const QrProfiles *profiles)
{
  Defaults defaults = { request, cmdline, NULL, profiles, FALSE, NULL };

  for (guint32 i = 0; i < profiles->n_defaults; i++)
    if (profiles->defaults[i].machine_vga && is_mentioned (&defaults, &profiles->defaults[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_on_machine (const Defaults *defaults, const QrDefault *standard)
{
  const QrMachine *machine = defaults->request->machine;

  return machine == NULL || standard->machines == NULL
         || g_strv_contains (standard->machines, machine->family);
}

static gboolean
is_there (const Defaults *defaults, const QrDefault *standard)
{
  return is_on_machine (defaults, standard) && (standard->stays || !defaults->request->nodefaults)
         && !is_mentioned (defaults, standard);
}

static const QrDefault *
find_default (const Defaults *defaults, const char *name)
{
  for (guint32 i = 0; i < defaults->profiles->n_defaults; i++)
    if (strcmp (defaults->profiles->defaults[i].name, name) == 0)
      return &defaults->profiles->defaults[i];
  return NULL;
}

/* The default on whose words this one's are part of on a console line. */
static gboolean
is_joined (const Defaults *defaults, const QrDefault *standard)
{
  for (guint32 i = 0; defaults->console && i < defaults->profiles->n_defaults; i++)
    {
      const QrDefault *other = &defaults->profiles->defaults[i];

      if (g_strcmp0 (other->joins, standard->name) == 0 && is_there (defaults, other))
        return TRUE;
    }
  return FALSE;
}

/* Whether the machine property that the default depends on is off. */
static gboolean
lacks_property (const Defaults *defaults, const QrDefault *standard)
{
  const QrOptList *list;
  const QrOpt *opt;
  gboolean value;

  if (standard->without == NULL
      || !qr_machine_has_property (defaults->request->machine, standard->without))
    return FALSE;
  opt = qr_request_machine_property (defaults->request, standard->without, &list);
  return opt != NULL && qr_opt_boolean (opt->value, &value) && !value;
}

static const char *const *
words_of (const Defaults *defaults, const QrDefault *standard)
{
  const QrDefault *joined
      = standard->joins == NULL ? NULL : find_default (defaults, standard->joins);

  if (is_joined (defaults, standard))
    return NULL;
  if (defaults->console && joined != NULL && is_there (defaults, joined))
    return standard->joined;
  if (defaults->console && standard->console != NULL)
    return standard->console;
  return lacks_property (defaults, standard) ? standard->bare : standard->words;
}

/* QEMU cannot go into the background with its defaults on the terminal. */
static gboolean
check_console (const Defaults *defaults, const QrDefault *standard, GError **error)
{
  const QrItem *item = defaults->request->needy[QR_NEED_DAEMONIZE];
  QrPlace place;

  if (!defaults->console || standard->console == NULL || item == NULL)
    return TRUE;
  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "daemonize-console", &place,
                "write -display none in place of -nographic",
                "QEMU's default %s would use the terminal, which a daemon has not", standard->name);
  return FALSE;
}

static void
add_words (Defaults *defaults, const QrDefault *standard)
{
  const QrRequest *request = defaults->request;
  const char *const *words = words_of (defaults, standard);

  for (; words != NULL && *words != NULL; words++)
    g_ptr_array_add (defaults->words, (gpointer) *words);
  if (standard->machine_vga)
    g_ptr_array_add (defaults->words,
                     (gpointer) qr_machine_vga (request->machine, request->machine_type));
}

/* What switches a default off that -nodefaults would have. */
static void
switch_off (const Defaults *defaults, const QrDefault *standard)
{
  const char *word = standard->off[0] + 1;

  qr_request_add_line (defaults->request, QR_ZONE_HEAD,
                       qr_profiles_find_option (defaults->profiles, word), standard->off[0],
                       standard->off[1]);
}

/* Whether the board makes what the default asks for. */
static gboolean
is_served (const Defaults *defaults, const QrDefault *standard)
{
  const QrMachine *machine = defaults->request->machine;

  return (!standard->machine_vga || machine->vga != NULL)
         && (!standard->machine_nic || machine->nic != NULL);
}

static gboolean
add_default (Defaults *defaults, const QrDefault *standard, GError **error)
{
  gboolean explicit = !defaults->request->leaves_defaults;

  if (!is_there (defaults, standard))
    return TRUE;
  if (!check_console (defaults, standard, error))
    return FALSE;
  qr_request_add_needs (defaults->request, standard->needs, NULL, NULL);
  if (!is_served (defaults, standard))
    return TRUE;
  if (!explicit && standard->off != NULL)
    switch_off (defaults, standard);
  if (explicit || standard->off != NULL)
    add_words (defaults, standard);
  return TRUE;
}

void
qr_defaults_note_needs (QrRequest *request, const QrCmdline *cmdline, const QrProfiles *profiles)
{
  Defaults defaults = { request, cmdline, NULL, profiles, FALSE, NULL };

  for (guint32 i = 0; i < profiles->n_defaults; i++)
    if (profiles->defaults[i].needs != 0 && is_there (&defaults, &profiles->defaults[i]))
      qr_request_add_needs (request, profiles->defaults[i].needs, NULL, NULL);
}

/* The words as items, without drives whose place the user's have. */
static const QrCmdline *
make_items (const Defaults *defaults, GError **error)
{
  QrPool *pool = defaults->request->pool;
  gsize n = 0;
  const char **words = qr_pool_alloc_n (pool, defaults->words->len + 1, sizeof *words);
  QrCmdline *line;
  QrItem *items;

  for (guint i = 0; i < defaults->words->len; i++)
    words[i] = defaults->words->pdata[i];
  line = (QrCmdline *) qr_cmdline_parse (words, 0, defaults->profiles, NULL, pool, error);
  if (line == NULL)
    return NULL;
  items = (QrItem *) line->items;
  for (gsize i = 0; i < line->n; i++)
    {
      if (items[i].option->verb == QR_VERB_DRIVE
          && qr_drives_is_taken (defaults->drives, &items[i]))
        continue;
      items[n] = items[i];
      items[n++].argument = 0;
    }
  line->n = n;
  return line;
}

gboolean
qr_defaults_find (QrRequest *request, const QrCmdline *cmdline, const QrDrives *drives,
                  const QrProfiles *profiles, const QrCmdline **items, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  Defaults defaults = { request, cmdline, drives, profiles, FALSE, words };

  defaults.console = qr_cmdline_has_verb (cmdline, QR_VERB_CONSOLE);
  for (guint32 i = 0; i < profiles->n_defaults; i++)
    if (!add_default (&defaults, &profiles->defaults[i], error))
      return FALSE;
  *items = make_items (&defaults, error);
  return *items != NULL;
}
