/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "build.h"

#include <string.h>

#include "assigned.h"
#include "board.h"
#include "bounds.h"
#include "budget.h"
#include "bus-search.h"
#include "display.h"
#include "left.h"
#include "want.h"

typedef struct
{
  const QrRequest *request;
  const QrProfiles *profiles;
  const QrBuildOptions *options;
  QrPool *pool;
  GPtrArray *warnings;
  QrTopology *topology;
} Build;

static const QrDeviceType *
unknown_type (const Build *build, const char *name, const QrPlace *place, GError **error)
{
  const char *nearest = qr_profiles_nearest_device (build->profiles, name);
  g_autofree char *hint = nearest == NULL ? NULL
                                          : g_strdup_printf ("did you mean \"%s\"? else, %s",
                                                             nearest, qr_profiles_learn_hint);

  qr_error_set (error, QR_STATUS_REQUEST, "unknown-device", place,
                hint == NULL ? qr_profiles_learn_hint : hint, "no device type is called \"%s\"",
                name);
  return NULL;
}

static const QrDeviceType *
find_type (const Build *build, const QrOptList *opts, GError **error)
{
  const QrOpt *driver = qr_optlist_find (opts, "driver");
  const QrDeviceType *type;
  QrPlace place;

  if (driver == NULL || *driver->value == '\0')
    {
      qr_optlist_whole (opts, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "unknown-device", &place,
                    "begin with the device type: -device TYPE,key=value",
                    "no device type is given");
      return NULL;
    }
  type = qr_topology_find_type (build->topology, driver->value);
  if (build->options->leaves)
    type = qr_left_type (build->topology, type, driver->value, opts);
  if (type != NULL && type->creatable)
    return type;
  qr_optlist_place (opts, driver, &place);
  if (type != NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "unknown-device", &place, NULL,
                    "\"%s\" comes with a machine only; -device cannot make it", driver->value);
      return NULL;
    }
  return unknown_type (build, driver->value, &place, error);
}

/* QEMU's id_wellformed(), which it applies to the comma form; JSON ids pass
 * QEMU unchecked, but an empty one or one with a slash breaks it later. */
static gboolean
id_is_good (const QrOptList *opts, const char *id)
{
  return opts->json ? *id != '\0' && strchr (id, '/') == NULL : qr_opt_is_id (id);
}

static gboolean
take_id (const Build *build, const QrOptList *opts, const char **id, GError **error)
{
  const QrOpt *opt = qr_optlist_find (opts, "id");
  const QrDevice *holder;
  QrPlace place, other;

  *id = NULL;
  if (opt == NULL)
    return TRUE;
  qr_optlist_place (opts, opt, &place);
  if (!id_is_good (opts, opt->value))
    {
      qr_error_set (error, QR_STATUS_REQUEST, "device-id", &place,
                    "an id is a letter, then letters, digits, \"-\", \".\" and \"_\"",
                    "\"%s\" cannot be an id", opt->value);
      return FALSE;
    }
  holder = g_hash_table_lookup (build->topology->by_id, opt->value);
  if (holder != NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "device-id", &place, "give each device its own id",
                    "two devices have the id \"%s\"", opt->value);
      qr_optlist_place (holder->opts, qr_optlist_find (holder->opts, "id"), &other);
      qr_error_also (*error, "the first is here:", &other);
      return FALSE;
    }
  *id = opt->value;
  return TRUE;
}

/* The later device that will make a bus called @name, if any. */
static const QrDeviceRequest *
find_later (const Build *build, const char *name)
{
  for (guint i = 0; i < build->request->devices->len; i++)
    {
      const QrDeviceRequest *later = &g_array_index (build->request->devices, QrDeviceRequest, i);
      const char *id = qr_optlist_get (later->opts, "id");
      gsize length = id == NULL ? 0 : strlen (id);

      if (length > 0 && strncmp (name, id, length) == 0 && strchr (".", name[length]) != NULL)
        return later;
    }
  return NULL;
}

static void
no_such_bus (const Build *build, const QrOptList *opts, const QrOpt *opt, GError **error)
{
  const QrDeviceRequest *later = find_later (build, opt->value);
  const char *hint = qr_machine_foreign_hint (build->topology->machine, opt->value);
  QrPlace place, other;

  qr_optlist_place (opts, opt, &place);
  if (later != NULL && later->opts->json && !opts->json)
    hint = "QEMU makes JSON devices after all others; write both in the same form";
  else if (later != NULL)
    hint = "QEMU makes devices in their order on the line; move the one with the bus before this "
           "one";
  else if (hint == NULL)
    hint = "bus= takes the id of a port, bridge or controller on this line, or leave it out";
  qr_error_set (error, QR_STATUS_REQUEST, "no-such-bus", &place, hint, "there is no bus \"%s\"%s",
                opt->value, later == NULL ? "" : " yet");
  if (later != NULL)
    {
      qr_optlist_whole (later->opts, &other);
      qr_error_also (*error, "it is made here:", &other);
    }
}

/* The bus that the user named. */
static QrBus *
named_bus (const Build *build, const QrDevice *device, const QrOpt *opt, GError **error)
{
  QrBus *bus = qr_topology_search_name (build->topology, opt->value);
  QrPlace place;

  if (bus == NULL)
    {
      no_such_bus (build, device->opts, opt, error);
      return NULL;
    }
  if (qr_profiles_bus_is_a (build->profiles, bus->type, device->type->bus))
    return bus;
  qr_optlist_place (device->opts, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "wrong-bus", &place, NULL,
                "\"%s\" plugs into a bus of type %s, but \"%s\" is one of type %s",
                device->type->driver, device->type->bus, opt->value, bus->type);
  return NULL;
}

/* A device type that makes a bus of @type, for a hint. */
static const char *
maker_of (const Build *build, const char *type)
{
  const QrController *controller = qr_profiles_find_controller (build->profiles, type);

  if (controller != NULL)
    return controller->driver;
  for (const QrProfiles *profiles = build->profiles; profiles != NULL; profiles = profiles->overlay)
    for (guint32 i = 0; i < profiles->devices.n_records; i++)
      {
        const QrDeviceType *device = qr_profiles_get_device (profiles, i, build->pool);

        for (guint32 j = 0;
             device->creatable && qr_device_type_is_pci (device) && j < device->n_buses; j++)
          if (strcmp (device->buses[j].type, type) == 0)
            return device->driver;
      }
  return NULL;
}

static QrBus *
searched_bus (const Build *build, const QrDevice *device, GError **error)
{
  QrBus *bus = qr_topology_search_type (build->topology, device->type->bus);
  const char *maker;
  g_autofree char *hint = NULL;
  QrPlace place;

  if (bus != NULL)
    return bus;
  maker = maker_of (build, device->type->bus);
  if (maker != NULL)
    hint = g_strdup_printf ("put a device that makes one before it, for example -device %s", maker);
  qr_optlist_place (device->opts, qr_optlist_find (device->opts, "driver"), &place);
  qr_error_set (error, QR_STATUS_REQUEST, "no-such-bus", &place, hint,
                "\"%s\" needs a bus of type %s, and there is none", device->type->driver,
                device->type->bus);
  return NULL;
}

/* @free: the name of a bus that was found for the device, or NULL. */
static gboolean
choose_bus (const Build *build, QrDevice *device, const char *free, GError **error)
{
  const QrOpt *opt = qr_optlist_find (device->opts, "bus");
  QrBus *bus = opt != NULL || free == NULL ? NULL : qr_topology_search_name (build->topology, free);

  if (device->type->bus == NULL || (opt == NULL && strcmp (device->type->bus, "System") == 0))
    {
      if (device->type->n_buses > 0)
        qr_topology_choose (build->topology, device, build->topology->system);
      return TRUE;
    }
  device->names_bus = opt != NULL;
  if (bus == NULL)
    bus = opt != NULL ? named_bus (build, device, opt, error) : searched_bus (build, device, error);
  if (bus == NULL)
    return FALSE;
  qr_topology_choose (build->topology, device, bus);
  return TRUE;
}

/* addr= of a PCI function: text is SLOT.FUNCTION, a JSON number is devfn; -1 stands for none. */
static gboolean
take_addr (QrDevice *device, GError **error)
{
  const QrOpt *opt = qr_optlist_find (device->opts, "addr");
  QrPlace place;
  guint64 devfn;
  gsize bad;

  if (opt == NULL || (opt->form == QR_OPT_NUMBER && strcmp (opt->value, "-1") == 0))
    return TRUE;
  qr_optlist_place (device->opts, opt, &place);
  if (opt->form == QR_OPT_NUMBER)
    {
      if (!g_ascii_string_to_unsigned (opt->value, 10, 0, QR_PCI_DEVFNS - 1, &devfn, NULL))
        {
          qr_error_set (error, QR_STATUS_REQUEST, "addr-range", &place,
                        "write \"addr\": \"SLOT.FUNCTION\" as a string",
                        "as a number, addr is slot * 8 + function, 0 to 255");
          return FALSE;
        }
      device->addr = qr_pci_addr_from_devfn ((guint) devfn);
    }
  else if (!qr_pci_addr_parse (opt->value, &device->addr, &bad, error))
    {
      if (opt->form == QR_OPT_TEXT && place.length == strlen (opt->value))
        place = (QrPlace){ place.argument, place.file, place.text, place.start + bad,
                           place.length - bad };
      qr_error_locate (*error, &place);
      return FALSE;
    }
  device->names_addr = TRUE;
  return TRUE;
}

/* A wish for the key: the id, else what the device is tied to, else the type. */
static void
name_key (QrTopology *topology, QrDevice *device)
{
  static const char *const ties[] = { "netdev", "drive", "chardev", "fsdev", "host" };
  const char *wish = NULL;

  for (gsize i = 0; device->id == NULL && wish == NULL && i < G_N_ELEMENTS (ties); i++)
    {
      const char *tie = qr_optlist_get (device->opts, ties[i]);

      if (tie != NULL)
        wish = qr_pool_printf (topology->pool, "%s:%s", device->type->driver, tie);
    }
  device->by_turn = device->id == NULL && wish == NULL;
  qr_topology_name_key (topology, device,
                        device->id != NULL ? device->id
                        : wish != NULL     ? wish
                                           : device->type->driver);
}

static guint
count_virtual (const QrDevice *device)
{
  const QrVirtual *virtual_functions = device->type->virtual_functions;

  if (virtual_functions == NULL)
    return 0;
  return virtual_functions->property == NULL
             ? virtual_functions->count
             : MIN (qr_device_number (device, virtual_functions->property), QR_PCI_DEVFNS);
}

/* Whether another option of the line wants the device on the root bus; a bus or port that the line
 * gives it counts for more. */
static gboolean
is_rooted (const Build *build, const QrDevice *device)
{
  GPtrArray *rooted = build->request->rooted;

  return device->id != NULL && !device->names_bus && !qr_hints_have (device->hints, QR_HINT_BEHIND)
         && g_ptr_array_find_with_equal_func (rooted, device->id, g_str_equal, NULL);
}

/* The bridge that is all there is on an expander's bus, and what its bus is called after. */
static void
settle_inside (QrTopology *topology, QrDevice *extra, const QrDevice *device)
{
  qr_topology_choose (topology, extra, device->buses);
  qr_topology_settle (topology, extra, device->buses, (QrPciAddr){ 0, 0 });
  extra->id = device->id; /* for the name of the bus; nobody finds the bridge by it */
  qr_topology_add_buses (topology, extra);
  extra->id = NULL;
  extra->rule = "qemu/extra";
  extra->reason = "it comes with the expander";
}

/* The function that comes along with a device; QEMU finds it a place. */
static gboolean
add_extra (Build *build, const QrDevice *device, GError **error)
{
  const QrExtraFunction *record = device->type->extra;
  const QrDeviceType *type;
  QrDevice *extra;

  if (record == NULL)
    return TRUE;
  type = device->type->left ? qr_left_function (build->topology, device)
                            : qr_topology_find_type (build->topology, record->driver);
  if (type == NULL)
    {
      qr_error_set (error, QR_STATUS_CONFIG, "profile", NULL, NULL,
                    "extra function \"%s\" is not in the catalogue", record->driver);
      return FALSE;
    }
  extra = qr_topology_add_device (build->topology, type, NULL, QR_ORIGIN_EXTRA);
  qr_topology_name_key (build->topology, extra, type->driver);
  extra->line = device->line;
  extra->opts = device->opts;
  extra->want = QR_WANT_CONVENTIONAL;
  if (record->place == QR_EXTRA_INSIDE)
    settle_inside (build->topology, extra, device);
  else
    extra->chosen = build->topology->root;
  return TRUE;
}

static gboolean
add_device (Build *build, const QrDeviceRequest *request, GError **error)
{
  const QrDeviceType *type = find_type (build, request->opts, error);
  const char *id, *multifunction;
  QrDevice *device;

  if (type == NULL || !take_id (build, request->opts, &id, error))
    return FALSE;
  device = qr_topology_add_device (build->topology, type, id, QR_ORIGIN_USER);
  device->opts = request->opts;
  device->line = request->line->number;
  if (!build->options->plain && !qr_hints_parse (device->opts, build->pool, &device->hints, error))
    return FALSE;
  build->topology->translated |= type->iommu;
  name_key (build->topology, device);
  if (!choose_bus (build, device, request->bus, error))
    return FALSE;
  if (qr_device_type_is_pci (type))
    {
      multifunction = qr_optlist_get (request->opts, "multifunction");
      if (multifunction != NULL)
        (void) qr_opt_boolean (multifunction, &device->multifunction); /* QEMU refuses nonsense */
      if (qr_machine_makes_conventional (build->topology->machine_record, type->driver,
                                         device->express == QR_EXPRESS_BELOW_PORT))
        device->express = QR_EXPRESS_NEVER;
      device->want = qr_want_of (build->topology, device);
      device->n_virtual = count_virtual (device);
      device->rooted = is_rooted (build, device);
      if (type->assigned != NULL)
        qr_assigned_read (device, build->options->sysfs, build->pool, build->warnings);
      if (!take_addr (device, error))
        return FALSE;
    }
  qr_topology_add_buses (build->topology, device);
  return qr_budget_check_buses (build->topology, FALSE, error) && add_extra (build, device, error);
}

static void
lower (guint *limit, guint other)
{
  if (other > 0 && (*limit == 0 || other < *limit))
    *limit = other;
}

/* How many buses there may be: what is asked for, or what the machine has room for. */
static gboolean
limit_buses (const Build *build, GError **error)
{
  QrTopology *topology = build->topology;
  const QrMachine *machine = topology->machine;
  gboolean holds;

  topology->bus_limit = build->options->bus_limit;
  lower (&topology->bus_limit, topology->machine_record->buses);
  for (guint32 i = 0; i < machine->n_bus_limits; i++)
    {
      const QrMachineBuses *record = &machine->bus_limits[i];

      if (!qr_request_meets (build->request, record->when, record->n_when, &holds, error))
        return FALSE;
      if (holds)
        lower (&topology->bus_limit, record->buses);
    }
  return TRUE;
}

QrTopology *
qr_build (const QrRequest *request, const QrProfiles *profiles, const QrBuildOptions *options,
          QrPool *pool, GPtrArray *warnings, GError **error)
{
  g_autoptr (QrTopology) topology = qr_board_new (request, profiles, pool, error);
  Build build = { request, profiles, options, pool, warnings, topology };

  if (topology == NULL || !limit_buses (&build, error))
    return NULL;
  if (request->devices->len > QR_LIMIT_FUNCTIONS)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "limit", NULL, NULL,
                    "%u devices; qriser plans %d at most", request->devices->len,
                    QR_LIMIT_FUNCTIONS);
      return NULL;
    }
  for (guint i = 0; i < request->devices->len; i++)
    if (!add_device (&build, &g_array_index (request->devices, QrDeviceRequest, i), error))
      return NULL;
  return qr_display_mark (topology, options->primary, error) ? g_steal_pointer (&topology) : NULL;
}
