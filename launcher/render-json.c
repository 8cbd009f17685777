/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-json.h"

#include <json.h>

#include "bounds.h"
#include "render-parts.h"

static struct json_object *
text (const char *string)
{
  g_autofree char *valid = string == NULL ? NULL : g_utf8_make_valid (string, -1);

  return valid == NULL ? NULL : json_object_new_string (valid);
}

static void
add (struct json_object *object, const char *key, struct json_object *value)
{
  json_object_object_add (object, key, value);
}

static struct json_object *
number (gint64 value)
{
  return json_object_new_int64 (value);
}

static struct json_object *
source (const QrPlan *plan, const QrDevice *device)
{
  const char *written = qr_render_source (plan, device);
  struct json_object *object;

  if (written == NULL)
    return NULL;
  object = json_object_new_object ();
  add (object, "argument", number (device->opts->argument));
  add (object, "text", text (written));
  return object;
}

static struct json_object *
function (const QrPlan *plan, const QrDevice *device)
{
  struct json_object *object = json_object_new_object ();

  add (object, "key", text (device->key));
  add (object, "id", text (device->id));
  add (object, "driver", text (device->type->driver));
  add (object, "origin", text (qr_render_origin (device)));
  add (object, "source", source (plan, device));
  add (object, "role", text (qr_class_roles[qr_class_role (qr_device_class (device))]));
  add (object, "kind", text (qr_render_kind (device)));
  add (object, "bus", text (device->bus->name));
  add (object, "slot", number (device->addr.slot));
  add (object, "function", number (device->addr.function));
  add (object, "path", text (qr_topology_path (plan->topology, device)));
  add (object, "multifunction", json_object_new_boolean (device->multifunction));
  add (object, "rule", text (device->rule));
  add (object, "reason", text (device->reason));
  return object;
}

static void
add_bus (const QrPlan *plan, const QrBus *bus, struct json_object *list)
{
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = bus->occupants[devfn];

      if (device == NULL || device->origin == QR_ORIGIN_KEPT)
        continue;
      json_object_array_add (list, function (plan, device));
      for (const QrBus *child = device->buses; child != NULL; child = child->sibling)
        add_bus (plan, child, list);
    }
}

/* Places that a lock keeps for what is not on the line. */
static struct json_object *
kept (const QrPlan *plan)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < plan->topology->kept->len; i++)
    {
      const QrDevice *device = plan->topology->kept->pdata[i];
      struct json_object *object = json_object_new_object ();

      add (object, "key", text (device->key));
      add (object, "driver", text (device->type->driver));
      add (object, "path", text (qr_topology_path (plan->topology, device)));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
warnings (const QrPlan *plan)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < plan->warnings->len; i++)
    {
      const QrWarning *warning = plan->warnings->pdata[i];
      struct json_object *object = json_object_new_object ();
      g_autofree char *message = qr_warning_text (warning);

      add (object, "code", text (warning->code));
      add (object, "message", text (message));
      add (object, "argument", warning->argument == 0 ? NULL : number (warning->argument));
      if (warning->severity == QR_SEVERITY_NOTICE)
        add (object, "notice", json_object_new_boolean (TRUE));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
strings (char **words)
{
  struct json_object *list = json_object_new_array ();

  for (; *words != NULL; words++)
    json_object_array_add (list, text (*words));
  return list;
}

/* What each word of the device list became; the options stand in argv with their places. */
static struct json_object *
roles (const QrPlan *plan)
{
  struct json_object *list = json_object_new_array ();

  for (gsize i = 0; i < plan->roles.n; i++)
    {
      const QrRoleUse *use = &plan->roles.uses[i];
      struct json_object *object = json_object_new_object (), *at = json_object_new_object (),
                         *options = json_object_new_array ();
      g_autofree char *word = qr_render_word (plan, use);

      add (at, "argument", number (use->place.argument));
      if (use->row > 0)
        {
          add (at, "file", text (use->place.file));
          add (at, "row", number (use->row));
        }
      add (at, "text", text (word));
      for (gsize j = 0; j < use->n_items; j++)
        {
          g_autofree char *value = qr_render_value (plan, &use->items[j]);

          json_object_array_add (options, text (use->items[j].word));
          json_object_array_add (options, text (value));
        }
      add (object, "role", text (use->role->role));
      add (object, "id", text (use->id));
      add (object, "source", at);
      add (object, "options", options);
      json_object_array_add (list, object);
    }
  return list;
}

/* Files that run makes before QEMU starts. */
static struct json_object *
new_files (const QrPlan *plan)
{
  static const char *const kinds[] = { "qcow2", "raw", "copy" };
  struct json_object *list = json_object_new_array ();

  for (gsize i = 0; i < plan->roles.n_files; i++)
    {
      const QrNewFile *file = &plan->roles.files[i];
      struct json_object *object = json_object_new_object ();

      add (object, "path", text (file->path));
      add (object, "kind", text (kinds[file->kind]));
      add (object, "bytes", file->kind == QR_NEW_COPY ? NULL : number ((gint64) file->bytes));
      add (object, "original", text (file->original));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
qemu (const QrPlan *plan)
{
  struct json_object *object = json_object_new_object ();

  add (object, "path", text (plan->program));
  add (object, "version", text (plan->version));
  add (object, "from",
       text (plan->version == NULL   ? "unknown"
             : plan->version_is_kept ? "cache"
                                     : "configured"));
  return object;
}

static void
add_argument (struct json_object *object, guint argument)
{
  if (argument > 0)
    add (object, "argument", json_object_new_int64 (argument));
}

static struct json_object *
fence_paths (const QrLandlock *landlock)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < landlock->paths->len; i++)
    {
      const QrLandlockPath *path = &g_array_index (landlock->paths, QrLandlockPath, i);
      struct json_object *object = json_object_new_object ();
      struct json_object *rights = json_object_new_array ();

      for (guint j = 0; qr_landlock_rights[j] != NULL; j++)
        if ((path->rights & 1u << j) != 0)
          json_object_array_add (rights, text (qr_landlock_rights[j]));
      add (object, "path", text (path->path));
      add (object, "rights", rights);
      add_argument (object, path->argument);
      json_object_array_add (list, object);
    }
  return list;
}

/* Ports that QEMU may listen at; "any" where they are not held. */
static struct json_object *
fence_ports (const QrLandlock *landlock)
{
  struct json_object *object = json_object_new_object ();
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < landlock->ports->len; i++)
    {
      const QrLandlockPort *port = &g_array_index (landlock->ports, QrLandlockPort, i);
      struct json_object *entry = json_object_new_object ();

      add (entry, "port", json_object_new_int64 (port->port));
      add_argument (entry, port->argument);
      json_object_array_add (list, entry);
    }
  add (object, "listen", landlock->any_port ? text ("any") : list);
  if (landlock->any_port)
    json_object_put (list);
  add (object, "connect", text (landlock->any_service ? "any" : "none"));
  return object;
}

/* A key that is not there says nothing. */
static void
add_known (struct json_object *object, const char *key, const char *value)
{
  if (value != NULL)
    add (object, key, text (value));
}

static struct json_object *
descriptor (int fd, const char *what, const char *by, guint argument)
{
  struct json_object *object = json_object_new_object ();

  add (object, "fd", number (fd));
  add (object, "what", text (what));
  add (object, "by", text (by));
  add (object, "argument", number (argument));
  return object;
}

/* What is opened for QEMU. */
static struct json_object *
descriptors (const QrPlan *plan)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < plan->taps->len; i++)
    {
      const QrTap *tap = &g_array_index (plan->taps, QrTap, i);
      const char *by = tap->helper != NULL ? tap->helper : QR_TAP_DEVICE;

      for (guint queue = 0; queue < tap->n; queue++)
        {
          struct json_object *object = descriptor (tap->fds[queue], "tap", by, tap->argument);

          add_known (object, "bridge", tap->bridge);
          add_known (object, "interface", tap->interface);
          add_known (object, "script", queue == 0 ? tap->script : NULL);
          json_object_array_add (list, object);
        }
      for (guint queue = 0; tap->vhost_fds != NULL && queue < tap->n; queue++)
        json_object_array_add (
            list, descriptor (tap->vhost_fds[queue], "vhost-net", tap->vhost, tap->argument));
    }
  return list;
}

static struct json_object *
run_as (const QrRunAs *said)
{
  struct json_object *object = json_object_new_object ();

  add (object, "name", text (said->user));
  add (object, "argument", number (said->argument));
  return object;
}

static struct json_object *
confinement (const QrPlan *plan)
{
  struct json_object *object = json_object_new_object ();

  add (object, "seccomp", text (plan->confinement.profile));
  add (object, "exec", text (plan->confinement.starts_programs ? "open" : "once"));
  add (object, "why", text (plan->confinement.why));
  add (object, "landlock", text (qr_landlock_modes[plan->fence.mode]));
  add (object, "landlockWhy", text (plan->fence.why));
  if (plan->fence.mode != QR_LANDLOCK_OFF)
    {
      add (object, "paths", fence_paths (&plan->fence.landlock));
      add (object, "ports", fence_ports (&plan->fence.landlock));
    }
  return object;
}

static void
add_uses (struct json_object *list, const guint *counts, const char *origin)
{
  for (guint use = 0; use < QR_N_BUS_USES; use++)
    if (counts[use] > 0)
      {
        struct json_object *object = json_object_new_object ();

        add (object, "kind", text (qr_bus_use_names[use]));
        add (object, "count", number (counts[use]));
        add (object, "origin", text (use == QR_BUS_USE_ROOT ? "machine" : origin));
        json_object_array_add (list, object);
      }
}

/* Bus numbers that firmware will give out: each root, port and bridge takes one. */
static struct json_object *
bus_budget (const QrBusBudget *buses)
{
  struct json_object *object = json_object_new_object (), *holders = json_object_new_array ();

  add_uses (holders, buses->users, "user");
  add_uses (holders, buses->added, "added");
  add (object, "used", number (buses->used));
  add (object, "limit", number (buses->limit));
  add (object, "holders", holders);
  return object;
}

static struct json_object *
io_budget (const QrIoBudget *io)
{
  struct json_object *object = json_object_new_object (), *holders = json_object_new_array ();

  for (guint i = 0; i < io->n_holders; i++)
    {
      struct json_object *holder = json_object_new_object ();

      add (holder, "key", text (io->holders[i].device->key));
      add (holder, "units", number (io->holders[i].windows));
      json_object_array_add (holders, holder);
    }
  add (object, "used", number (io->used));
  add (object, "limit", io->limit == G_MAXUINT ? NULL : number (io->limit));
  add (object, "firmware", text (io->bios ? "seabios" : "other"));
  add (object, "holders", holders);
  return object;
}

static struct json_object *
hole64_budget (const QrHole64 *hole)
{
  struct json_object *object = json_object_new_object (), *holders = json_object_new_array ();

  for (guint i = 0; i < hole->n_holders; i++)
    {
      struct json_object *holder = json_object_new_object ();

      add (holder, "key", text (hole->holders[i].device->key));
      add (holder, "bytes",
           hole->holders[i].known ? number ((gint64) hole->holders[i].bytes) : NULL);
      json_object_array_add (holders, holder);
    }
  add (object, "used", hole->known ? number ((gint64) hole->used) : NULL);
  add (object, "limit", hole->limit > 0 ? number ((gint64) hole->limit) : NULL);
  add (object, "holders", holders);
  return object;
}

/* NULL where nothing is planned. */
static struct json_object *
budget (const QrPlan *plan)
{
  const QrBudget *sums = &plan->budget;
  struct json_object *object, *depth, *spare;

  if (plan->topology == NULL)
    return NULL;
  object = json_object_new_object ();
  depth = json_object_new_object ();
  spare = json_object_new_array ();
  add (depth, "used", number (sums->depth));
  add (depth, "limit", number (QR_LIMIT_DEPTH));
  for (guint i = 0; i < sums->n_spare; i++)
    json_object_array_add (spare, text (sums->spare[i]->id));
  add (object, "buses", bus_budget (&sums->buses));
  add (object, "io_windows", io_budget (&sums->io));
  add (object, "depth", depth);
  add (object, "memory64", hole64_budget (&sums->hole64));
  add (object, "spare_ports", spare);
  return object;
}

/* The document as text, and a final newline; frees it. */
static GString *
finish (struct json_object *root)
{
  const int style
      = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
  GString *out = g_string_new (json_object_to_json_string_ext (root, style));

  g_string_append_c (out, '\n');
  json_object_put (root);
  return out;
}

GString *
qr_render_json_findings (const GPtrArray *findings)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < findings->len; i++)
    {
      const QrWarning *finding = findings->pdata[i];
      struct json_object *object = json_object_new_object ();

      add (object, "code", text (finding->code));
      add (object, "severity", text (qr_severity_names[finding->severity]));
      add (object, "message", text (finding->message));
      add (object, "hint", text (finding->hint));
      add (object, "argument", finding->argument == 0 ? NULL : number (finding->argument));
      json_object_array_add (list, object);
    }
  return finish (list);
}

static struct json_object *
side (const QrDiffItem *item)
{
  struct json_object *object;

  if (item == NULL)
    return NULL;
  object = json_object_new_object ();
  add (object, "driver", text (item->driver));
  add (object, "kind", text (item->kind));
  add (object, "path", text (item->path));
  add (object, "origin", text (item->origin));
  return object;
}

GString *
qr_render_json_diff (const GArray *differences)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < differences->len; i++)
    {
      const QrDifference *difference = &g_array_index (differences, QrDifference, i);
      const QrDiffItem *item = difference->before != NULL ? difference->before : difference->after;
      struct json_object *object = json_object_new_object ();

      add (object, "change", text (qr_change_names[difference->change]));
      add (object, "key", text (item->key));
      add (object, "before", side (difference->before));
      add (object, "after", side (difference->after));
      json_object_array_add (list, object);
    }
  return finish (list);
}

GString *
qr_render_json (const QrPlan *plan)
{
  struct json_object *root = json_object_new_object (), *functions = json_object_new_array ();
  g_auto (GStrv) argv = qr_render_redacted (plan);
  g_autofree char *policy
      = plan->policy == NULL ? NULL
                             : g_strdup_printf ("%s@%u", plan->policy->name, plan->policy->version);

  if (plan->topology != NULL)
    for (guint i = 0; i < plan->topology->buses->len; i++)
      {
        const QrBus *bus = plan->topology->buses->pdata[i];

        if (qr_bus_traits (bus->kind)->is_root && bus->kind != QR_BUS_NOT_PCI && bus->owner == NULL)
          add_bus (plan, bus, functions);
      }
  add (root, "schema", number (1));
  add (root, "qemu", qemu (plan));
  add (root, "machine", text (plan->request->machine_type));
  add (root, "policy", text (policy));
  add (root, "functions", functions);
  if (plan->topology != NULL && plan->topology->kept->len > 0)
    add (root, "kept", kept (plan));
  if (plan->roles.n > 0)
    add (root, "roles", roles (plan));
  if (plan->roles.n_files > 0)
    add (root, "new-files", new_files (plan));
  if (plan->taps != NULL)
    add (root, "descriptors", descriptors (plan));
  if (plan->run_as.user != NULL)
    add (root, "user", run_as (&plan->run_as));
  add (root, "budget", budget (plan));
  add (root, "confinement", confinement (plan));
  add (root, "warnings", warnings (plan));
  add (root, "argv", strings (argv));
  return finish (root);
}
