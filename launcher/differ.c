/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "differ.h"

#include <string.h>

#include "display.h"
#include "guest-order.h"

/* One of the two topologies, as guests come upon it. */
typedef struct
{
  const QrTopology *topology;
  GPtrArray *orders[QR_N_GUEST_ORDERS]; /* NULL: not asked for yet */
} View;

static void
view_clear (View *view)
{
  for (guint by = 0; by < QR_N_GUEST_ORDERS; by++)
    g_clear_pointer (&view->orders[by], g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (View, view_clear)

static const GPtrArray *
order_of (View *view, QrGuestOrder by)
{
  if (view->orders[by] == NULL)
    view->orders[by] = qr_guest_order (view->topology, by);
  return view->orders[by];
}

/* The kind that a device is counted with, or NULL. */
typedef const char *(*Kind) (const QrDevice *device);

static const char *
property (const QrDevice *device, const char *name)
{
  return device->opts == NULL ? NULL : qr_optlist_get (device->opts, name);
}

static gboolean
is_network (const QrDevice *device)
{
  return qr_device_class (device) >> 16 == QR_CLASS_BASE_NETWORK;
}

/* A guest that names an adapter by its index does not count it; the primary of a
 * failover pair comes while the guest runs. */
static const char *
network_kind (const QrDevice *device)
{
  return is_network (device) && property (device, "acpi-index") == NULL
                 && property (device, "failover_pair_id") == NULL
             ? "network"
             : NULL;
}

/* A controller without a disk boots nothing. */
static const char *
boot_kind (const QrDevice *device)
{
  gboolean has_disk = device->type->n_buses == 0 || property (device, "drive") != NULL;

  for (const QrBus *bus = device->buses; bus != NULL; bus = bus->sibling)
    has_disk |= bus->n_devices > 0;
  return has_disk ? device->type->boots_as : NULL;
}

/* UEFI firmware counts all disks together. */
static const char *
disk_kind (const QrDevice *device)
{
  return boot_kind (device) == NULL ? NULL : "disk";
}

/* The devices of one kind in the order of @order. */
static GPtrArray *
of_kind (const GPtrArray *order, Kind kind_of, const char *kind)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < order->len; i++)
    if (g_strcmp0 (kind_of (order->pdata[i]), kind) == 0)
      g_ptr_array_add (list, order->pdata[i]);
  return list;
}

/* What only one of the two shows, behind all others, changes no one's number. */
static gboolean
is_same_order (const GPtrArray *a, const GPtrArray *b)
{
  for (guint i = 0; i < MIN (a->len, b->len); i++)
    if (strcmp (((const QrDevice *) a->pdata[i])->key, ((const QrDevice *) b->pdata[i])->key) != 0)
      return FALSE;
  return TRUE;
}

static guint
argument_of (const QrDevice *device)
{
  return device->opts == NULL ? 0 : device->opts->argument;
}

/* The kinds whose devices come in another order, as "b, a instead of a, b"; NULL: none.
 * @argument: (out): of the device that comes first now */
static char *
find_changed (const GPtrArray *plan, const GPtrArray *plain, Kind kind_of, guint *argument)
{
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < plan->len; i++)
    {
      const char *kind = kind_of (plan->pdata[i]);
      g_autoptr (GPtrArray) now = NULL, before = NULL;

      if (kind == NULL || !g_hash_table_add (done, (gpointer) kind))
        continue;
      now = of_kind (plan, kind_of, kind);
      before = of_kind (plain, kind_of, kind);
      if (is_same_order (now, before))
        continue;
      if (out->len == 0)
        *argument = argument_of (now->pdata[0]);
      else
        g_string_append (out, "; ");
      qr_append_keys (out, now);
      g_string_append (out, " instead of ");
      qr_append_keys (out, before);
    }
  return out->len == 0 ? NULL : g_strdup (out->str);
}

/* Whether a disk of the line has a number that firmware follows; -1 stands for none. */
static gboolean
names_boot_disk (const QrTopology *topology)
{
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const char *index = property (topology->devices->pdata[i], "bootindex");

      if (index != NULL && strcmp (index, "-1") != 0 && !is_network (topology->devices->pdata[i]))
        return TRUE;
    }
  return FALSE;
}

/* Whether two or more devices of one kind could change places. */
static gboolean
has_several (const QrTopology *topology, Kind kind_of)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < topology->devices->len; i++)
    {
      const char *kind = kind_of (topology->devices->pdata[i]);

      if (kind != NULL && !g_hash_table_add (seen, (gpointer) kind))
        return TRUE;
    }
  return FALSE;
}

gboolean
qr_differ_is_possible (const QrTopology *topology)
{
  return qr_topology_first_unplaced (topology) != NULL
         && (topology->n_vga > 1 || has_several (topology, network_kind)
             || (!names_boot_disk (topology) && has_several (topology, disk_kind)));
}

/* A BIOS starts the first VGA-class function, but writes to VGA's fixed ports: of several
 * functions on one bus QEMU gives these to the one that it makes last. */
static const QrDevice *
shown_by_bios (View *view)
{
  const QrDevice *shown = qr_display_first (order_of (view, QR_GUEST_BY_NUMBER));

  for (guint i = 0; shown != NULL && i < view->topology->devices->len; i++)
    {
      const QrDevice *device = view->topology->devices->pdata[i];

      if (device->is_vga && device->bus == shown->bus && device->order > shown->order)
        shown = device;
    }
  return shown;
}

/* UEFI firmware starts the first on its way down. */
static const QrDevice *
shown_by_uefi (View *view)
{
  return qr_display_first (order_of (view, QR_GUEST_BY_PATH));
}

static void
compare_displays (View *plan, View *plain, GPtrArray *warnings)
{
  static const struct
  {
    const char *firmware;
    const QrDevice *(*shown_by) (View *view);
  } kinds[] = { { "a BIOS", shown_by_bios }, { "UEFI firmware", shown_by_uefi } };

  if (plan->topology->n_vga < 2)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const QrDevice *now = kinds[i].shown_by (plan), *before = kinds[i].shown_by (plain);

      if (now != NULL && before != NULL && strcmp (now->key, before->key) != 0)
        qr_warnings_add_hinted (
            warnings, QR_SEVERITY_WARNING, "primary-display", argument_of (now),
            "choose the display by primary= and leave out bus= and addr= of displays",
            "%s shows itself on %s, and in plain QEMU on %s", kinds[i].firmware, now->key,
            before->key);
    }
}

/* The two kinds of firmware count differently; QEMU does not say which one it starts. */
static void
compare_disks (View *plan, View *plain, GPtrArray *warnings)
{
  static const struct
  {
    const char *firmware;
    QrGuestOrder by;
    Kind kind_of;
  } kinds[] = {
    { "a BIOS", QR_GUEST_BY_NUMBER, boot_kind },
    { "UEFI firmware", QR_GUEST_BY_PATH, disk_kind },
  };
  char *orders[G_N_ELEMENTS (kinds)];
  guint arguments[G_N_ELEMENTS (kinds)];
  gboolean same;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    orders[i] = find_changed (order_of (plan, kinds[i].by), order_of (plain, kinds[i].by),
                              kinds[i].kind_of, &arguments[i]);
  same = g_strcmp0 (orders[0], orders[1]) == 0;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (orders[i] != NULL && (i == 0 || !same))
        qr_warnings_add_hinted (
            warnings, QR_SEVERITY_WARNING, "boot-order", arguments[i],
            "give the disk to boot from bootindex=1",
            "%s finds the controllers of disks in the order %s, and boots from the "
            "first",
            same ? "firmware" : kinds[i].firmware, orders[i]);
      g_free (orders[i]);
    }
}

void
qr_differ_order (const QrTopology *plan, const QrTopology *plain, gboolean names_primary,
                 GPtrArray *warnings)
{
  g_auto (View) now = { plan, { NULL } }, before = { plain, { NULL } };
  g_autofree char *networks = NULL;
  guint argument = 0;

  if (!names_boot_disk (plan))
    compare_disks (&now, &before, warnings);
  if (!names_primary)
    compare_displays (&now, &before, warnings);
  networks = find_changed (order_of (&now, QR_GUEST_BY_NUMBER),
                           order_of (&before, QR_GUEST_BY_NUMBER), network_kind, &argument);
  if (networks != NULL)
    qr_warnings_add_hinted (warnings, QR_SEVERITY_WARNING, "nic-order", argument,
                            "give them acpi-index=1, 2 and so on, or their bus= and addr=",
                            "a guest finds the network adapters in the order %s", networks);
}

static gboolean
is_below_port (const QrBus *bus)
{
  return bus->kind == QR_BUS_ROOT_PORT || bus->kind == QR_BUS_SWITCH_DOWNSTREAM;
}

/* Whether QEMU leaves the old interface out for the place that @device has in the plan,
 * and not for that on the bus which QEMU would choose. */
static gboolean
loses_interface (const QrDevice *device)
{
  const char *legacy = property (device, "disable-legacy");

  return device->origin == QR_ORIGIN_USER && device->bus != NULL
         && device->express == QR_EXPRESS_BELOW_PORT && (device->type->io & QR_IO_ROOT_COMPLEX) != 0
         && (device->type->io & QR_IO_BELOW_PORT) == 0
         && (legacy == NULL || strcmp (legacy, "auto") == 0) && is_below_port (device->bus)
         && !is_below_port (device->chosen);
}

void
qr_differ_interface (const QrTopology *plan, GPtrArray *warnings)
{
  g_autoptr (GPtrArray) modern = g_ptr_array_new ();
  g_autoptr (GString) keys = g_string_new (NULL);

  for (guint i = 0; i < plan->devices->len; i++)
    if (loses_interface (plan->devices->pdata[i]))
      g_ptr_array_add (modern, plan->devices->pdata[i]);
  if (modern->len == 0)
    return;
  qr_append_keys (keys, modern);
  qr_warnings_add_hinted (warnings, QR_SEVERITY_NOTICE, "virtio-modern",
                          argument_of (modern->pdata[0]),
                          "disable-legacy=off keeps it, on the conventional bus",
                          "below a port, and so without virtio's old interface: %s", keys->str);
}
