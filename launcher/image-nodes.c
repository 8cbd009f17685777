/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "image-nodes.h"

#include <string.h>

#include "forms.h"

/* Keys of a block device by which others stand on it. */
static const char node_key[] = "node-name", file_key[] = "file", driver_key[] = "driver";

/* What stands before the keys of what another stands on. */
static const char file_step[] = "file.", backing_step[] = "backing.";

static const char plain_format[] = "raw";

/* Block devices that are no format by themselves, and those that only look at what goes through. */
static const char *const protocols[] = { "file", "host_device", "host_cdrom", NULL };
static const char *const filters[] = { "throttle",     "copy-on-read", "blkdebug",    "blkverify",
                                       "blklogwrites", "compress",     "preallocate", NULL };

enum
{
  NODES_MAX = 16, /* on top of each other that are looked at */
};

/* A value that is looked for by its whole key. */
typedef struct
{
  const char *written;
  const char *value; /* the last; NULL: none */
  QrPool *pool;
} Lookup;

static void
look_up (const char *written, const char *value, gpointer data)
{
  Lookup *lookup = data;

  if (strcmp (written, lookup->written) == 0)
    lookup->value = qr_pool_strndup (lookup->pool, value, strlen (value));
}

/* What the line says at @key of @node, in text; NULL: nothing. */
static const char *
say (const QrImageNode *node, const char *key)
{
  const char *dot = strrchr (key, '.');
  Lookup lookup = { qr_pool_printf (node->pool, "%s%s", node->at, key), NULL, node->pool };

  qr_opts_visit (node->opts, dot == NULL ? key : dot + 1, TRUE, look_up, &lookup);
  return lookup.value;
}

static gboolean
says_one (const QrImageNode *node, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    if (qr_opts_have (node->opts, qr_pool_printf (node->pool, "%s%s", node->at, *keys)))
      return TRUE;
  return FALSE;
}

static gboolean
is_protocol (const char *driver)
{
  return driver != NULL && g_strv_contains (protocols, driver);
}

/* Whether the line says on what @node stands. Keys that say only how that is opened leave it to
 * the header. */
static gboolean
says_backing (const QrImageNode *node)
{
  static const char *const keys[]
      = { "backing", "backing.filename", "backing.file", "backing.file.filename", NULL };
  const char *driver = say (node, "backing.file.driver");

  return says_one (node, keys) || (driver != NULL && !is_protocol (driver));
}

static gboolean
says_data (const QrImageNode *node)
{
  static const char *const keys[]
      = { "data-file",      "data-file.driver",        "data-file.filename",
          "data-file.file", "data-file.file.filename", NULL };

  return says_one (node, keys);
}

void
qr_image_node_ask (guint depth, QrImageSaid *out, gpointer data)
{
  QrImageNode node = *(const QrImageNode *) data;

  for (guint i = 0; i < depth; i++)
    node.at = qr_pool_printf (node.pool, "%s%s", node.at, backing_step);
  *out = (QrImageSaid){ says_backing (&node), says_data (&node), say (&node, "backing.driver") };
}

/* What has a node by its name for its file. */
typedef struct
{
  const char *name;
  QrPool *pool;
  const char *at; /* of that; NULL: nothing has */
} User;

static void
try_user (const char *written, const char *value, gpointer data)
{
  User *user = data;

  if (user->at == NULL && strcmp (value, user->name) == 0)
    user->at = qr_pool_strndup (user->pool, written, strlen (written) - strlen (file_key));
}

static gboolean
find_user (const QrImageUse *use, const char *name, QrImageNode *node)
{
  User user = { name, use->pool, NULL };

  for (gsize i = 0; name != NULL && i < use->cmdline->n; i++)
    {
      const QrItem *item = &use->cmdline->items[i];
      const QrOptList *opts
          = item->option != use->item->option ? NULL : qr_item_opts (item, use->pool, NULL);

      if (opts == NULL)
        continue;
      qr_opts_visit (opts, file_key, TRUE, try_user, &user);
      if (user.at == NULL)
        continue;
      *node = (QrImageNode){ opts, user.at, use->pool };
      return TRUE;
    }
  return FALSE;
}

/* To what has @node for its file; FALSE: nothing has. */
static gboolean
go_up (const QrImageUse *use, QrImageNode *node)
{
  const gsize length = strlen (node->at), step = strlen (file_step);

  if (length == 0)
    return find_user (use, qr_optlist_get (node->opts, node_key), node);
  if (!g_str_has_suffix (node->at, file_step)
      || (length > step && node->at[length - step - 1] != '.'))
    return FALSE;
  node->at = qr_pool_strndup (node->pool, node->at, length - step);
  return TRUE;
}

static const char *
driver_of (const QrImageUse *use, const QrImageNode *node)
{
  const char *driver = NULL;

  if (*node->at != '\0')
    return say (node, driver_key);
  for (const char *const *key = use->formats; driver == NULL && *key != NULL; key++)
    driver = qr_optlist_get (node->opts, *key);
  return driver;
}

/* The block device that gets the path. */
static QrImageNode
find_opener (const QrImageUse *use)
{
  const char *dot = strrchr (use->written, '.'), *driver;
  QrImageNode node = { use->opts, "", use->pool };

  if (dot != NULL)
    node.at = qr_pool_strndup (use->pool, use->written, (gsize) (dot + 1 - use->written));
  if (strcmp (use->written, file_key) != 0)
    return node;
  node.at = file_step; /* a format hands it down */
  while ((driver = driver_of (use, &node)) != NULL && !is_protocol (driver))
    node.at = qr_pool_printf (use->pool, "%s%s", node.at, file_step);
  return node;
}

const char *
qr_image_format (const QrImageUse *use, QrImageNode *out)
{
  const char *driver;

  if (use->formats == NULL)
    return NULL;
  *out = find_opener (use);
  driver = driver_of (use, out);
  if (*out->at == '\0' && !is_protocol (driver))
    return driver;
  for (guint i = 0; i < NODES_MAX && go_up (use, out); i++)
    {
      driver = driver_of (use, out);
      if (driver == NULL || !(is_protocol (driver) || g_strv_contains (filters, driver)))
        return driver;
    }
  return driver == NULL ? NULL : plain_format;
}

gboolean
qr_image_is_below (const char *written)
{
  const char *at = strstr (written, backing_step);

  while (at != NULL && at > written && at[-1] != '.')
    at = strstr (at + 1, backing_step);
  return at != NULL;
}
