/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-json.h"

#include "bounds.h"
#include "json-make.h"
#include "render-parts.h"

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
  qr_json_put (object, "argument", number (device->opts->argument));
  qr_json_put (object, "text", qr_json_new_text (written));
  return object;
}

static struct json_object *
function (const QrPlan *plan, const QrDevice *device)
{
  struct json_object *object = json_object_new_object ();

  qr_json_put (object, "key", qr_json_new_text (device->key));
  qr_json_put (object, "id", qr_json_new_text (device->id));
  qr_json_put (object, "driver", qr_json_new_text (device->type->driver));
  qr_json_put (object, "origin", qr_json_new_text (qr_render_origin (device)));
  qr_json_put (object, "source", source (plan, device));
  qr_json_put (object, "role",
               qr_json_new_text (qr_class_roles[qr_class_role (qr_device_class (device))]));
  qr_json_put (object, "kind", qr_json_new_text (qr_render_kind (device)));
  qr_json_put (object, "bus", qr_json_new_text (device->bus->name));
  qr_json_put (object, "slot", number (device->addr.slot));
  qr_json_put (object, "function", number (device->addr.function));
  qr_json_put (object, "path", qr_json_new_text (qr_topology_path (plan->topology, device)));
  qr_json_put (object, "multifunction", json_object_new_boolean (device->multifunction));
  qr_json_put (object, "rule", qr_json_new_text (device->rule));
  qr_json_put (object, "reason", qr_json_new_text (device->reason));
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

      qr_json_put (object, "key", qr_json_new_text (device->key));
      qr_json_put (object, "driver", qr_json_new_text (device->type->driver));
      qr_json_put (object, "path", qr_json_new_text (qr_topology_path (plan->topology, device)));
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

      qr_json_put (object, "code", qr_json_new_text (warning->code));
      qr_json_put (object, "message", qr_json_new_text (message));
      qr_json_put (object, "argument", warning->argument == 0 ? NULL : number (warning->argument));
      if (warning->severity == QR_SEVERITY_NOTICE)
        qr_json_put (object, "notice", json_object_new_boolean (TRUE));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
strings (char **words)
{
  struct json_object *list = json_object_new_array ();

  for (; *words != NULL; words++)
    json_object_array_add (list, qr_json_new_text (*words));
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

      qr_json_put (at, "argument", number (use->place.argument));
      if (use->row > 0)
        {
          qr_json_put (at, "file", qr_json_new_text (use->place.file));
          qr_json_put (at, "row", number (use->row));
        }
      qr_json_put (at, "text", qr_json_new_text (word));
      for (gsize j = 0; j < use->n_items; j++)
        {
          g_autofree char *value = qr_render_value (plan, &use->items[j]);

          json_object_array_add (options, qr_json_new_text (use->items[j].word));
          json_object_array_add (options, qr_json_new_text (value));
        }
      qr_json_put (object, "role", qr_json_new_text (use->role->role));
      qr_json_put (object, "id", qr_json_new_text (use->id));
      qr_json_put (object, "source", at);
      qr_json_put (object, "options", options);
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

      qr_json_put (object, "path", qr_json_new_text (file->path));
      qr_json_put (object, "kind", qr_json_new_text (kinds[file->kind]));
      qr_json_put (object, "bytes",
                   file->kind == QR_NEW_COPY ? NULL : number ((gint64) file->bytes));
      qr_json_put (object, "original", qr_json_new_text (file->original));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
qemu (const QrPlan *plan)
{
  struct json_object *object = json_object_new_object ();

  qr_json_put (object, "path", qr_json_new_text (plan->program));
  qr_json_put (object, "version", qr_json_new_text (plan->version));
  qr_json_put (object, "from",
               qr_json_new_text (plan->version == NULL   ? "unknown"
                                 : plan->version_is_kept ? "cache"
                                                         : "configured"));
  return object;
}

static void
add_argument (struct json_object *object, guint argument)
{
  if (argument > 0)
    qr_json_put (object, "argument", json_object_new_int64 (argument));
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
          json_object_array_add (rights, qr_json_new_text (qr_landlock_rights[j]));
      qr_json_put (object, "path", qr_json_new_text (path->path));
      qr_json_put (object, "rights", rights);
      add_argument (object, path->argument);
      if (path->named)
        qr_json_put (object, "by", qr_json_new_text ("allow-path"));
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

      qr_json_put (entry, "port", json_object_new_int64 (port->port));
      add_argument (entry, port->argument);
      json_object_array_add (list, entry);
    }
  qr_json_put (object, "listen", landlock->any_port ? qr_json_new_text ("any") : list);
  if (landlock->any_port)
    json_object_put (list);
  qr_json_put (object, "connect", qr_json_new_text (landlock->any_service ? "any" : "none"));
  return object;
}

/* A key that is not there says nothing. */
static void
add_known (struct json_object *object, const char *key, const char *value)
{
  if (value != NULL)
    qr_json_put (object, key, qr_json_new_text (value));
}

static struct json_object *
descriptor (int fd, const char *what, const char *by, guint argument)
{
  struct json_object *object = json_object_new_object ();

  qr_json_put (object, "fd", number (fd));
  qr_json_put (object, "what", qr_json_new_text (what));
  qr_json_put (object, "by", qr_json_new_text (by));
  qr_json_put (object, "argument", number (argument));
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

  qr_json_put (object, "name", qr_json_new_text (said->user));
  qr_json_put (object, "argument", number (said->argument));
  return object;
}

static struct json_object *
confinement (const QrPlan *plan)
{
  struct json_object *object = json_object_new_object ();

  qr_json_put (object, "seccomp", qr_json_new_text (plan->confinement.profile));
  qr_json_put (object, "exec",
               qr_json_new_text (plan->confinement.starts_programs ? "open" : "once"));
  qr_json_put (object, "why", qr_json_new_text (plan->confinement.why));
  qr_json_put (object, "landlock", qr_json_new_text (qr_landlock_modes[plan->fence.mode]));
  qr_json_put (object, "landlockWhy", qr_json_new_text (plan->fence.why));
  if (plan->fence.mode != QR_LANDLOCK_OFF)
    {
      qr_json_put (object, "paths", fence_paths (&plan->fence.landlock));
      qr_json_put (object, "ports", fence_ports (&plan->fence.landlock));
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

        qr_json_put (object, "kind", qr_json_new_text (qr_bus_use_names[use]));
        qr_json_put (object, "count", number (counts[use]));
        qr_json_put (object, "origin",
                     qr_json_new_text (use == QR_BUS_USE_ROOT ? "machine" : origin));
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
  qr_json_put (object, "used", number (buses->used));
  qr_json_put (object, "limit", number (buses->limit));
  qr_json_put (object, "holders", holders);
  return object;
}

static struct json_object *
io_budget (const QrIoBudget *io)
{
  struct json_object *object = json_object_new_object (), *holders = json_object_new_array ();

  for (guint i = 0; i < io->n_holders; i++)
    {
      struct json_object *holder = json_object_new_object ();

      qr_json_put (holder, "key", qr_json_new_text (io->holders[i].device->key));
      qr_json_put (holder, "units", number (io->holders[i].windows));
      json_object_array_add (holders, holder);
    }
  qr_json_put (object, "used", number (io->used));
  qr_json_put (object, "limit", io->limit == G_MAXUINT ? NULL : number (io->limit));
  qr_json_put (object, "firmware", qr_json_new_text (io->bios ? "seabios" : "other"));
  qr_json_put (object, "holders", holders);
  return object;
}

static struct json_object *
hole64_budget (const QrHole64 *hole)
{
  struct json_object *object = json_object_new_object (), *holders = json_object_new_array ();

  for (guint i = 0; i < hole->n_holders; i++)
    {
      struct json_object *holder = json_object_new_object ();

      qr_json_put (holder, "key", qr_json_new_text (hole->holders[i].device->key));
      qr_json_put (holder, "bytes",
                   hole->holders[i].known ? number ((gint64) hole->holders[i].bytes) : NULL);
      json_object_array_add (holders, holder);
    }
  qr_json_put (object, "used", hole->known ? number ((gint64) hole->used) : NULL);
  qr_json_put (object, "limit", hole->limit > 0 ? number ((gint64) hole->limit) : NULL);
  qr_json_put (object, "holders", holders);
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
  qr_json_put (depth, "used", number (sums->depth));
  qr_json_put (depth, "limit", number (QR_LIMIT_DEPTH));
  for (guint i = 0; i < sums->n_spare; i++)
    json_object_array_add (spare, qr_json_new_text (sums->spare[i]->id));
  qr_json_put (object, "buses", bus_budget (&sums->buses));
  qr_json_put (object, "io_windows", io_budget (&sums->io));
  qr_json_put (object, "depth", depth);
  qr_json_put (object, "memory64", hole64_budget (&sums->hole64));
  qr_json_put (object, "spare_ports", spare);
  return object;
}

GString *
qr_render_json_findings (const GPtrArray *findings)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < findings->len; i++)
    {
      const QrWarning *finding = findings->pdata[i];
      struct json_object *object = json_object_new_object ();

      qr_json_put (object, "code", qr_json_new_text (finding->code));
      qr_json_put (object, "severity", qr_json_new_text (qr_severity_names[finding->severity]));
      qr_json_put (object, "message", qr_json_new_text (finding->message));
      qr_json_put (object, "hint", qr_json_new_text (finding->hint));
      qr_json_put (object, "argument", finding->argument == 0 ? NULL : number (finding->argument));
      json_object_array_add (list, object);
    }
  return qr_json_finish (list);
}

static struct json_object *
side (const QrDiffItem *item)
{
  struct json_object *object;

  if (item == NULL)
    return NULL;
  object = json_object_new_object ();
  qr_json_put (object, "driver", qr_json_new_text (item->driver));
  qr_json_put (object, "kind", qr_json_new_text (item->kind));
  qr_json_put (object, "path", qr_json_new_text (item->path));
  qr_json_put (object, "origin", qr_json_new_text (item->origin));
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

      qr_json_put (object, "change", qr_json_new_text (qr_change_names[difference->change]));
      qr_json_put (object, "key", qr_json_new_text (item->key));
      qr_json_put (object, "before", side (difference->before));
      qr_json_put (object, "after", side (difference->after));
      json_object_array_add (list, object);
    }
  return qr_json_finish (list);
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
  qr_json_put (root, "schema", number (1));
  qr_json_put (root, "qemu", qemu (plan));
  qr_json_put (root, "machine", qr_json_new_text (plan->request->machine_type));
  qr_json_put (root, "policy", qr_json_new_text (policy));
  qr_json_put (root, "functions", functions);
  if (plan->topology != NULL && plan->topology->kept->len > 0)
    qr_json_put (root, "kept", kept (plan));
  if (plan->roles.n > 0)
    qr_json_put (root, "roles", roles (plan));
  if (plan->roles.n_files > 0)
    qr_json_put (root, "new-files", new_files (plan));
  if (plan->taps != NULL)
    qr_json_put (root, "descriptors", descriptors (plan));
  if (plan->run_as.user != NULL)
    qr_json_put (root, "user", run_as (&plan->run_as));
  qr_json_put (root, "budget", budget (plan));
  qr_json_put (root, "confinement", confinement (plan));
  qr_json_put (root, "warnings", warnings (plan));
  qr_json_put (root, "argv", strings (argv));
  return qr_json_finish (root);
}
