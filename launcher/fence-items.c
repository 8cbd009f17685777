/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fence-items.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "image-nodes.h"
#include "image.h"

/* ui/vnc.c, where displays count from. */
#define FIRST_DISPLAY 5900

/* What an image can be without another file, and the one format whose others are known. */
static const char chained_format[] = "qcow2";
static const char *const lone_formats[] = { "raw", "luks", "vdi", NULL };

typedef struct
{
  const QrCmdline *cmdline;
  const QrRequest *request;
  const QrProfiles *profiles;
  const char *directory; /* of QEMU */
  const char *temporary;
  gboolean copies; /* what is written to images goes elsewhere */
  QrLandlock *out;
  QrFenceFound *found;
  GHashTable *opened; /* the address of an option's name to a GPtrArray of its QrOpened */
} Search;

/* One record that holds for one item. */
typedef struct
{
  Search *search;
  const QrOpened *opened;
  const QrItem *item; /* NULL: for each line */
  const QrOptList *opts;
  const QrItem *cause; /* the one by which a line has it, where item is NULL; or NULL */
} Visit;

static void
add_path (const Visit *visit, const char *path, guint32 rights)
{
  const QrItem *cause = visit->item != NULL ? visit->item : visit->cause;
  const QrLandlockPath found = { path, rights, cause == NULL ? 0 : cause->argument };

  if (*path != '\0')
    g_array_append_val (visit->search->out->paths, found);
}

static void
find_unknown (const Visit *visit, const char *what)
{
  QrFenceFound *found = visit->search->found;

  if (found->unknown != NULL)
    return;
  found->item = visit->item;
  found->unknown = qr_item_phrase (visit->item, what, visit->search->request->pool);
}

static void
add_temporary (const Visit *visit)
{
  add_path (visit, visit->search->temporary,
            QR_LANDLOCK_READ | QR_LANDLOCK_WRITE | QR_LANDLOCK_MAKE);
}

/* --- images ---------------------------------------------------------------------------------- */

static gboolean
is_on (const QrOptList *opts, const char *const *keys)
{
  for (; keys != NULL && *keys != NULL; keys++)
    {
      const char *value = qr_optlist_get (opts, *keys);
      gboolean on = FALSE;

      if (value != NULL && qr_opt_boolean (value, &on) && on)
        return TRUE;
    }
  return FALSE;
}

/* The first image that leads somewhere which is not known: what it leads to stays closed. */
static void
doubt (const Visit *visit, const char *what)
{
  QrFenceFound *found = visit->search->found;

  if (found->doubt != NULL)
    return;
  found->doubtful = visit->item;
  found->doubt = qr_pool_printf (visit->search->request->pool, "option \"%s\" (argument %u): %s",
                                 visit->item->word, visit->item->argument, what);
}

static void
check_format (const Visit *visit, const char *format)
{
  if (format != NULL && strcmp (format, chained_format) != 0
      && !g_strv_contains (lone_formats, format))
    find_unknown (visit, "has an image of a format whose other files are not known");
}

static void
add_chain (const Visit *visit, const char *path, QrImageNode *node, guint32 rights)
{
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (QrImageLink));
  g_autoptr (GError) fault = NULL;

  if (!qr_image_chain (path, qr_image_node_ask, node, visit->search->request->pool, links, &fault))
    doubt (visit, fault->message);
  for (guint i = 0; i < links->len; i++)
    {
      const QrImageLink *link = &g_array_index (links, QrImageLink, i);

      add_path (visit, link->path, link->is_data ? rights : rights & ~(guint32) QR_LANDLOCK_WRITE);
      check_format (visit, link->format);
    }
}

/* What is no path is a service, but for descriptors and what other records are about. */
static void
take_remote (const Visit *visit, const char *name)
{
  visit->search->out->any_service |= *name != '/';
}

static void
take_image (const Visit *visit, const char *written, const char *name)
{
  const QrOpened *opened = visit->opened;
  const QrImageUse use = { visit->search->cmdline, visit->item, visit->opts,
                           opened->formats,        written,     visit->search->request->pool };
  const char *path = qr_image_path (name), *format, *found;
  QrImageNode node;
  gboolean copied
      = (visit->search->copies && (opened->formats == NULL || opened->temporary != NULL))
        || is_on (visit->opts, opened->temporary);
  gboolean fixed = opened->access == QR_OPENED_IMAGE_READ || copied
                   || is_on (visit->opts, opened->fixed) || qr_image_is_below (written);
  guint32 rights
      = QR_LANDLOCK_READ | QR_LANDLOCK_DEVICE | QR_LANDLOCK_IMAGE | (fixed ? 0 : QR_LANDLOCK_WRITE);

  if (copied)
    add_temporary (visit);
  if (path == NULL)
    {
      take_remote (visit, name);
      return;
    }
  add_path (visit, path, rights);
  format = qr_image_format (&use, &node);
  if (g_strcmp0 (format, chained_format) == 0)
    add_chain (visit, path, &node, rights);
  else if (format == NULL && (found = qr_image_leads (path)) != NULL)
    doubt (visit, qr_pool_printf (visit->search->request->pool,
                                  "image \"%s\" leads to another file, and format=%s is not said",
                                  path, found));
  else
    check_format (visit, format);
}

/* --- ports ----------------------------------------------------------------------------------- */

static void
add_port (const Visit *visit, const char *digits, guint base)
{
  QrLandlock *out = visit->search->out;
  guint64 number;

  if (g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16 - base, &number, NULL))
    {
      const QrLandlockPort port = { (guint16) (number + base), visit->item->argument };

      g_array_append_val (out->ports, port);
    }
  else
    out->any_port = TRUE;
}

static void
take_address (const Visit *visit, const char *text, guint base)
{
  const char *colon = strrchr (text, ':');

  add_port (visit, colon == NULL ? text : colon + 1, base);
}

/* net/slirp.c, slirp_hostfwd(): "tcp" may be left out. */
static void
take_forward (const Visit *visit, const char *written, const char *text)
{
  const char *at = strchr (text, ':');
  g_autofree char *port = NULL;

  if (g_str_has_prefix (text, "udp:")
      || (visit->opened->above != NULL && !g_str_has_prefix (written, visit->opened->above)))
    return;
  at = at == NULL ? NULL : strchr (at + 1, ':');
  port = at == NULL ? g_strdup ("") : g_strndup (at + 1, strcspn (at + 1, "-"));
  add_port (visit, port, 0);
}

/* --- records --------------------------------------------------------------------------------- */

static void
take_path (const Visit *visit, const char *written, const char *path)
{
  switch ((QrOpenedAccess) visit->opened->access)
    {
    case QR_OPENED_READ:
      add_path (visit, path, QR_LANDLOCK_READ);
      break;
    case QR_OPENED_WRITE:
      add_path (visit, path, QR_LANDLOCK_READ | QR_LANDLOCK_WRITE);
      break;
    case QR_OPENED_CREATE:
      if (qr_image_path (path) != NULL) /* else a descriptor of QEMU's */
        add_path (visit, path,
                  QR_LANDLOCK_READ | QR_LANDLOCK_WRITE | QR_LANDLOCK_MAKE | QR_LANDLOCK_NEW);
      break;
    case QR_OPENED_SOCKET:
      add_path (visit, path, QR_LANDLOCK_SOCKET);
      break;
    case QR_OPENED_DEVICE:
      add_path (visit, path, QR_LANDLOCK_READ | QR_LANDLOCK_WRITE | QR_LANDLOCK_DEVICE);
      break;
    case QR_OPENED_SHARE:
      add_path (visit, path, QR_LANDLOCK_READ | QR_LANDLOCK_WRITE | QR_LANDLOCK_TREE);
      break;
    case QR_OPENED_IMAGE:
    case QR_OPENED_IMAGE_READ:
      take_image (visit, written, path);
      break;
    case QR_OPENED_LISTEN:
      take_address (visit, path, 0);
      break;
    case QR_OPENED_DISPLAY:
      take_address (visit, path, FIRST_DISPLAY);
      break;
    case QR_OPENED_FORWARD:
      take_forward (visit, written, path);
      break;
    case QR_OPENED_ANY_PORT:
      visit->search->out->any_port = TRUE;
      break;
    case QR_OPENED_TEMPORARY:
    case QR_OPENED_UNKNOWN:
      break;
    }
}

static void
take_endings (const Visit *visit, const char *written, const char *path)
{
  const char *const *ending = visit->opened->endings;

  if (ending == NULL)
    take_path (visit, written, path);
  for (; ending != NULL && *ending != NULL; ending++)
    take_path (visit, written,
               qr_pool_printf (visit->search->request->pool, "%s%s", path, *ending));
}

/* What stands behind a word that says what kind of thing it is; NULL: another word. */
static const char *
behind (const QrOpened *opened, const char *value)
{
  if (opened->after == NULL)
    return value;
  for (const char *const *word = opened->after; *word != NULL; word++)
    if (g_str_has_prefix (value, *word))
      return value + strlen (*word);
  return NULL;
}

static void
take_value (const char *written, const char *value, gpointer data)
{
  const Visit *visit = data;
  QrPool *pool = visit->search->request->pool;
  const char *path = behind (visit->opened, value);
  const char *separator = visit->opened->cut ? "," : visit->opened->between;

  while (path != NULL)
    {
      gsize length = separator == NULL ? strlen (path) : strcspn (path, separator);

      take_endings (visit, written, qr_pool_strndup (pool, path, length));
      path = path[length] == '\0' || visit->opened->cut ? NULL : path + length + 1;
    }
}

/* Paths that stand in the record. */
static void
take_fixed (const Visit *visit)
{
  for (const char *const *path = visit->opened->paths; *path != NULL; path++)
    take_path (visit, "",
               **path == '/' || visit->item != NULL
                   ? *path
                   : qr_pool_printf (visit->search->request->pool, "%s/%s",
                                     visit->search->directory, *path));
}

/* The records of @option, as in QrOpened; many items have the same one. */
static const GPtrArray *
find_opened (const Search *search, const char *option)
{
  GPtrArray *found = g_hash_table_lookup (search->opened, option);
  const QrOpened *record;

  if (found != NULL)
    return found;
  found = g_ptr_array_new ();
  while ((record
          = qr_profiles_find_opened (search->profiles, option, found->len, search->request->pool))
         != NULL)
    g_ptr_array_add (found, (gpointer) record);
  g_hash_table_insert (search->opened, (gpointer) option, found);
  return found;
}

static void
take_record (Visit *visit)
{
  const QrOpened *opened = visit->opened;
  const QrForm form = { .when = opened->when, .n_when = opened->n_when };

  if (visit->item != NULL && !qr_form_applies (&form, visit->opts))
    return;
  if (opened->access == QR_OPENED_UNKNOWN)
    find_unknown (visit, opened->what);
  else if (opened->access == QR_OPENED_TEMPORARY)
    add_temporary (visit);
  else if (opened->paths != NULL)
    take_fixed (visit);
  else if (opened->key != NULL)
    qr_opts_visit (visit->opts, opened->key, opened->deep, take_value, visit);
  else if (visit->item->option == NULL)
    take_value ("", visit->item->word, visit);
  else if (visit->item->value != NULL && !visit->opts->json)
    take_value ("", visit->item->value, visit);
}

static void
take_item (Search *search, const QrItem *item)
{
  const char *name = item->option == NULL ? "" : item->option->name;
  const QrOpt word = { .key = "", .value = item->word };
  const QrOptList bare = { .opts = &word, .n = 1, .text = item->word };
  const QrOptList *opts
      = item->option == NULL ? &bare : qr_item_opts (item, search->request->pool, NULL);
  const GPtrArray *opened = find_opened (search, name);

  for (guint i = 0; opts != NULL && i < opened->len; i++)
    take_record (&(Visit){ search, opened->pdata[i], item, opts });
}

/* The first item that has one of @needs; NULL: a default, or nothing has. */
static const QrItem *
find_cause (const Search *search, guint32 needs)
{
  const QrItem *cause = NULL;

  for (guint need = 0; need < QR_N_NEEDS && cause == NULL; need++)
    if ((needs & search->request->needs & 1u << need) != 0)
      cause = search->request->needy[need];
  return cause;
}

/* What each line opens, and each that has certain needs. */
static void
take_common (Search *search)
{
  const GPtrArray *all = find_opened (search, NULL);

  for (guint i = 0; i < all->len; i++)
    {
      const QrOpened *opened = all->pdata[i];

      if (opened->needs == 0 || (opened->needs & search->request->needs) != 0)
        take_record (&(Visit){ search, opened, NULL, NULL, find_cause (search, opened->needs) });
    }
}

/* Needs behind which there are files that nobody lists. */
static void
take_needs (Search *search)
{
  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      const QrNeedRecord *record = qr_profiles_find_need (search->profiles, (QrNeed) need);
      const Visit visit = { search, NULL, search->request->needy[need], NULL };

      if ((search->request->needs & 1u << need) == 0 || !record->unseen)
        continue;
      if (need == QR_NEED_PRIVILEGED && visit.item != NULL)
        {
          search->found->refuser = visit.item;
          search->found->refused = record->what;
        }
      find_unknown (&visit, record->what);
    }
}

/* Whether a record says that all images are copies. */
static gboolean
copies_all (gconstpointer opened)
{
  const QrOpened *record = opened;

  return record->access == QR_OPENED_TEMPORARY && record->n_when == 0;
}

/* Whether an option of the line makes all images copies. */
static gboolean
copies_images (const Search *search)
{
  for (gsize i = 0; i < search->cmdline->n; i++)
    {
      const QrOption *option = search->cmdline->items[i].option;
      const GPtrArray *opened = option == NULL ? NULL : find_opened (search, option->name);

      for (guint j = 0; opened != NULL && j < opened->len; j++)
        if (copies_all (opened->pdata[j]))
          return TRUE;
    }
  return FALSE;
}

void
qr_fence_find (const QrCmdline *cmdline, const QrRequest *request, const QrProfiles *profiles,
               const char *program, const char *temporary, QrLandlock *out, QrFenceFound *found)
{
  g_autofree char *real = realpath (program, NULL); /* QEMU finds itself there */
  g_autofree char *directory = g_path_get_dirname (real != NULL ? real : program);
  g_autoptr (GHashTable) opened
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  Search search = { cmdline, request, profiles, directory, temporary, FALSE, out, found, opened };
  const QrLandlockPath itself = { program, QR_LANDLOCK_READ, 0 };

  *found = (QrFenceFound){ 0 };
  search.copies = copies_images (&search);
  g_array_append_val (out->paths, itself);
  take_common (&search);
  for (gsize i = 0; i < cmdline->n; i++)
    take_item (&search, &cmdline->items[i]);
  take_needs (&search);
  out->any_service |= (request->needs & (1u << QR_NEED_CLIENT)) != 0;
}
