/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "tap-read.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum
{
  MAX_QUEUES = 256, /* the kernel's MAX_TAP_QUEUES */
};

/* One back end of the line. */
typedef struct
{
  const QrItem *item;
  const QrOptList *opts;
  const QrTapDefaults *defaults;
  const QrProfiles *profiles;
  QrPool *pool;
} BackEnd;

static gboolean
has (const BackEnd *end, const char *key)
{
  return qr_optlist_find (end->opts, key) != NULL;
}

static gboolean
has_one (const BackEnd *end, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    if (has (end, *keys))
      return TRUE;
  return FALSE;
}

/* The value of @key as text; absent: @otherwise. */
static const char *
text_of (const BackEnd *end, const char *key, const char *otherwise)
{
  const char *value = qr_optlist_get (end->opts, key);

  return value == NULL ? otherwise : value;
}

/* Reads a key that is on or off. FALSE: its value is neither. */
static gboolean
read_boolean (const BackEnd *end, const char *key, gboolean otherwise, gboolean *out)
{
  const QrOpt *opt = qr_optlist_find (end->opts, key);

  *out = otherwise;
  if (opt == NULL)
    return TRUE;
  return (!end->opts->json || opt->form == QR_OPT_BOOLEAN) && qr_opt_boolean (opt->value, out);
}

/* Reads how many queues there are. FALSE: it is none of the kernel's numbers. */
static gboolean
read_queues (const BackEnd *end, guint *out)
{
  const QrOpt *opt = qr_optlist_find (end->opts, "queues");
  char *rest;
  guint64 n;

  *out = 1;
  if (opt == NULL)
    return TRUE;
  n = g_ascii_strtoull (opt->value, &rest, 0);
  *out = (guint) MIN (n, MAX_QUEUES + 1);
  return (!end->opts->json || opt->form == QR_OPT_NUMBER) && g_ascii_isdigit (*opt->value)
         && *rest == '\0' && n > 0 && n <= MAX_QUEUES;
}

/* QEMU looks at all keys before it opens anything. */
static gboolean
has_known_keys (const BackEnd *end)
{
  static const char *const back_end[] = { "type", "id", NULL }, *const adapter[]
                                                                = { "model", "mac", NULL };
  const QrOption *netdev = qr_profiles_verb_option (end->profiles, QR_VERB_NETDEV);
  const QrOptionKeys *known = qr_profiles_find_keys (end->profiles, netdev->name,
                                                     qr_optlist_get (end->opts, "type"), end->pool);
  gboolean is_nic = end->item->option->verb == QR_VERB_NIC;

  for (gsize i = 0; known != NULL && i < end->opts->n; i++)
    {
      const char *key = end->opts->opts[i].key;

      if (!g_strv_contains (back_end, key) && !(is_nic && g_strv_contains (adapter, key))
          && !g_strv_contains (known->keys, key))
        return FALSE;
    }
  return known != NULL;
}

/* In JSON a name is a string. */
static gboolean
has_texts (const BackEnd *end)
{
  static const char *const keys[]
      = { "type", "id", "br", "helper", "ifname", "script", "downscript", NULL };

  for (gsize i = 0; end->opts->json && i < end->opts->n; i++)
    if (g_strv_contains (keys, end->opts->opts[i].key) && end->opts->opts[i].form != QR_OPT_STRING)
      return FALSE;
  return TRUE;
}

/* One that a helper opens. */
static gboolean
read_helped (const BackEnd *end, QrTap *tap)
{
  static const char *const clashing[]
      = { "ifname", "script", "downscript", "vnet_hdr", "queues", NULL };
  const QrTapDefaults *defaults = end->defaults;

  tap->n = 1;
  tap->helper = text_of (end, "helper", defaults == NULL ? NULL : defaults->helper);
  tap->bridge = text_of (end, "br", defaults == NULL ? NULL : defaults->bridge);
  return tap->helper != NULL && tap->bridge != NULL && strpbrk (tap->helper, " \t") == NULL
         && !has_one (end, clashing);
}

/* Whether nothing is run when QEMU ends. */
static gboolean
ends_quietly (const BackEnd *end)
{
  const QrTapDefaults *defaults = end->defaults;
  const char *script = text_of (end, "downscript", NULL);

  if (script != NULL)
    return *script == '\0' || strcmp (script, "no") == 0;
  return defaults != NULL && defaults->down_script != NULL
         && !g_file_test (defaults->down_script, G_FILE_TEST_EXISTS);
}

/* One that is opened by its name. */
static gboolean
read_named (const BackEnd *end, QrTap *tap)
{
  const QrTapDefaults *defaults = end->defaults;
  const char *name = text_of (end, "ifname", "");
  gboolean header;

  tap->script = text_of (end, "script", defaults == NULL ? NULL : defaults->script);
  if (tap->script == NULL || !ends_quietly (end) || !read_queues (end, &tap->n)
      || !read_boolean (end, "vnet_hdr", FALSE, &header))
    return FALSE;
  if (*tap->script == '\0' || strcmp (tap->script, "no") == 0)
    tap->script = NULL;
  tap->interface = *name == '\0' ? NULL : name;
  tap->header = !has (end, "vnet_hdr") ? QR_TAP_HEADER_IF_THERE
                : header               ? QR_TAP_HEADER_ON
                                       : QR_TAP_HEADER_OFF;
  /* on a hub there is one queue, and nobody says so */
  return end->item->option->verb != QR_VERB_NET || !has (end, "queues");
}

/* Whether the guest's packets go through the kernel. */
static gboolean
read_vhost (const BackEnd *end, QrTap *tap)
{
  const char *device = end->defaults == NULL ? NULL : end->defaults->vhost;
  gboolean forced, wanted;

  if (!read_boolean (end, "vhostforce", FALSE, &forced)
      || !read_boolean (end, "vhost", forced, &wanted))
    return FALSE;
  if (wanted && device != NULL && faccessat (AT_FDCWD, device, R_OK | W_OK, AT_EACCESS) == 0)
    tap->vhost = device;
  return TRUE;
}

gboolean
qr_tap_is_one (const QrItem *item, QrPool *pool)
{
  static const char *const types[] = { "bridge", "tap", NULL };
  QrVerb verb = item->option == NULL ? QR_VERB_NONE : (QrVerb) item->option->verb;
  const QrOptList *opts;
  const char *type;

  if (verb != QR_VERB_NETDEV && verb != QR_VERB_NIC && verb != QR_VERB_NET)
    return FALSE;
  opts = qr_item_opts (item, pool, NULL);
  type = opts == NULL ? NULL : qr_optlist_get (opts, "type");
  return type != NULL && g_strv_contains (types, type);
}

/* What the back end asks for, as QEMU reads it. FALSE: it is left to QEMU. */
static gboolean
read_back_end (BackEnd *end, QrTap *tap)
{
  static const char *const given[] = { "fd", "fds", "vhostfd", "vhostfds", NULL };
  gboolean is_bridge;

  end->opts = qr_item_opts (end->item, end->pool, NULL);
  is_bridge = strcmp (qr_optlist_get (end->opts, "type"), "bridge") == 0;
  if (end->item->option->verb == QR_VERB_NETDEV && !has (end, "id"))
    return FALSE;
  if (end->opts->wants_help || has_one (end, given) || !has_texts (end) || !has_known_keys (end))
    return FALSE;
  return (is_bridge || has (end, "helper") ? read_helped (end, tap) : read_named (end, tap))
         && read_vhost (end, tap);
}

/* The place of the first of @keys that is written, else of all. */
static void
find_place (const BackEnd *end, const char *const *keys, QrPlace *out)
{
  qr_optlist_whole (end->opts, out);
  for (; *keys != NULL; keys++)
    if (has (end, *keys))
      {
        qr_optlist_place (end->opts, qr_optlist_find (end->opts, *keys), out);
        return;
      }
}

static void
find_places (const BackEnd *end, QrTap *tap)
{
  static const char *const openers[] = { "helper", "br", "ifname", NULL };
  static const char *const scripts[] = { "script", NULL };

  find_place (end, tap->helper != NULL ? openers : openers + 2, &tap->place);
  find_place (end, scripts, &tap->script_place);
}

const QrOptList *
qr_tap_read (const QrItem *item, const QrTapDefaults *defaults, const QrProfiles *profiles,
             QrPool *pool, QrTap *out)
{
  BackEnd end = { .item = item, .defaults = defaults, .profiles = profiles, .pool = pool };

  *out = (QrTap){ .argument = item->argument };
  if (!read_back_end (&end, out))
    return NULL;
  find_places (&end, out);
  return end.opts;
}

/* The first of several that is there, else the first of all. */
static const char *
find_helper (const QrOptList *said, const char *prefix, QrPool *pool)
{
  const char *first = NULL;

  for (gsize i = 0; prefix != NULL && i < said->n; i++)
    {
      const char *path = strcmp (said->opts[i].key, "helper") != 0
                             ? NULL
                             : qr_pool_printf (pool, "%s/%s", prefix, said->opts[i].value);

      if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
        return path;
      if (first == NULL)
        first = path;
    }
  return first;
}

const QrTapDefaults *
qr_tap_defaults (const char *etc, const char *prefix, const QrProfiles *profiles, QrPool *pool)
{
  const QrOption *netdev = qr_profiles_verb_option (profiles, QR_VERB_NETDEV);
  const QrOptList *said
      = qr_optlist_make (netdev, netdev->preset, QR_WRITTEN_FOR_DEFAULT, NULL, NULL, pool);
  QrTapDefaults *defaults = qr_pool_new_struct (pool, QrTapDefaults);

  defaults->vhost = QR_VHOST_DEVICE;
  defaults->bridge = qr_optlist_get (said, "br");
  defaults->helper = find_helper (said, prefix, pool);
  defaults->script = qr_pool_printf (pool, "%s/%s", etc, qr_optlist_get (said, "script"));
  defaults->down_script = qr_pool_printf (pool, "%s/%s", etc, qr_optlist_get (said, "downscript"));
  return defaults;
}
