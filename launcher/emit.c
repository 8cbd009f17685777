/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "emit.h"

#include <string.h>
#include <sys/resource.h>

#include "json-doc.h"
#include "bounds.h"
#include "bus-search.h"

/* The keys that a device of the user's lacks, in the order they are written. */
typedef struct
{
  GString *out;
  gboolean json;
  gboolean first; /* nothing stands before in the same list */
} Extra;

static void
add_key (Extra *extra, const char *key, const char *value, gboolean is_text)
{
  if (!extra->first)
    g_string_append_c (extra->out, ',');
  extra->first = FALSE;
  if (!extra->json)
    {
      g_string_append_printf (extra->out, "%s=", key);
      qr_opt_append_escaped (extra->out, value);
      return;
    }
  g_string_append_printf (extra->out, "\"%s\":", key);
  if (is_text)
    qr_json_append_string (extra->out, value);
  else
    g_string_append (extra->out, value);
}

static void
add_number (Extra *extra, const char *key, guint value)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", value);
  add_key (extra, key, text, FALSE);
}

static void
add_numbers (Extra *extra, const QrDevice *device)
{
  if ((device->numbered & QR_NUMBERED_BRIDGE) != 0)
    add_number (extra, "chassis_nr", device->chassis);
  if ((device->numbered & QR_NUMBERED_CHASSIS) != 0)
    add_number (extra, "chassis", device->chassis);
  if ((device->numbered & QR_NUMBERED_SLOT) != 0)
    add_number (extra, "slot", device->physical_slot);
  if ((device->numbered & QR_NUMBERED_PORT) != 0)
    add_number (extra, "port", device->port);
}

/* Whether bus=NAME can be added so that QEMU finds this bus and no other. */
static const char *
pinned_bus (const QrTopology *topology, const QrDevice *device)
{
  const QrBus *bus = device->bus != NULL ? device->bus : device->chosen;

  if (device->names_bus || bus == NULL || bus == topology->system || bus->unnamed)
    return NULL;
  return bus == topology->root || qr_topology_name_is_unique (topology, bus) ? bus->name : NULL;
}

/* Whether the property is what the policy made it, and not the user. */
static gboolean
is_opened (const QrDevice *device)
{
  return device->multifunction && qr_optlist_find (device->opts, "multifunction") == NULL;
}

static void
add_place (Extra *extra, const QrTopology *topology, const QrDevice *device)
{
  const char *bus = pinned_bus (topology, device);
  char addr[QR_PCI_ADDR_TEXT];

  if (bus != NULL)
    add_key (extra, "bus", bus, TRUE);
  if (device->bus != NULL && !device->names_addr
      && (!extra->json || qr_optlist_find (device->opts, "addr") == NULL))
    add_key (extra, "addr", qr_pci_addr_format (device->addr, addr), TRUE);
  if (is_opened (device))
    add_key (extra, "multifunction", extra->json ? "true" : "on", FALSE);
  add_numbers (extra, device);
}

static void
append_json (GString *out, const QrOptList *opts, const QrTopology *topology,
             const QrDevice *device)
{
  const char *end = strrchr (opts->text, '}');
  const QrOpt *addr
      = device->bus == NULL || device->names_addr ? NULL : qr_optlist_find (opts, "addr");
  const char *rest = opts->text;
  char text[QR_PCI_ADDR_TEXT];
  Extra extra = { out, TRUE, opts->n == 0 };

  if (addr != NULL) /* "addr": -1 stands for none, and a key must not stand twice */
    {
      g_string_append_len (out, rest, (gssize) addr->value_start);
      g_string_append_printf (out, "\"%s\"", qr_pci_addr_format (device->addr, text));
      rest += addr->value_start + addr->value_length;
    }
  g_string_append_len (out, rest, end - rest);
  add_place (&extra, topology, device);
  g_string_append (out, end);
}

static void
append_text (GString *out, const QrOptList *opts, const QrTopology *topology,
             const QrDevice *device)
{
  Extra extra = { out, FALSE, opts->open_end || *opts->text == '\0' };

  g_string_append (out, opts->text);
  add_place (&extra, topology, device);
}

/* What the line has for @device, without the keys that are ours. */
static const QrOptList *
emitted_opts (const QrTopology *topology, const QrDevice *device)
{
  if (device->hints == NULL)
    return device->opts;
  return qr_hints_strip (device->opts, qr_profiles_verb_option (topology->profiles, QR_VERB_DEVICE),
                         topology->pool);
}

static char *
device_argument (const QrTopology *topology, const QrDevice *device)
{
  const QrOptList *opts = emitted_opts (topology, device);
  GString *out = g_string_new (NULL);

  if (opts->json)
    append_json (out, opts, topology, device);
  else
    append_text (out, opts, topology, device);
  return g_string_free (out, FALSE);
}

static char *
added_argument (const QrDevice *device)
{
  GString *out = g_string_new (device->type->driver);
  Extra extra = { out, FALSE, FALSE };
  char addr[QR_PCI_ADDR_TEXT];

  add_key (&extra, "id", device->id, TRUE);
  add_key (&extra, "bus", device->bus->name, TRUE);
  add_key (&extra, "addr", qr_pci_addr_format (device->addr, addr), TRUE);
  if (device->multifunction)
    add_key (&extra, "multifunction", "on", TRUE);
  add_numbers (&extra, device);
  if (device->no_io)
    add_key (&extra, "io-reserve", "0", FALSE);
  if (device->no_hotplug)
    add_key (&extra, "hotplug", "off", FALSE);
  return g_string_free (out, FALSE);
}

static void
emit_added (const QrTopology *topology, GPtrArray *argv)
{
  const QrOption *device = qr_profiles_verb_option (topology->profiles, QR_VERB_DEVICE);

  for (guint i = 0; i < topology->added->len; i++)
    {
      g_ptr_array_add (argv, g_strconcat ("-", device->name, NULL));
      g_ptr_array_add (argv, added_argument (topology->added->pdata[i]));
    }
}

/* Whether the line gives the place of every PCI function, and nothing is added to it: then
 * nothing can move, and its devices stay word for word. */
static gboolean
is_complete (const QrTopology *topology)
{
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin == QR_ORIGIN_USER && device->bus != NULL
          && (!device->names_bus || !device->names_addr || device->numbered != 0
              || is_opened (device)))
        return FALSE;
    }
  return topology->added->len == 0;
}

/* What emission needs to know while it goes along the line. */
typedef struct
{
  const QrRequest *request;
  const QrTopology *topology; /* NULL: nothing is placed */
  const QrDevice **devices;   /* by number of line; NULL for other lines */
  GPtrArray *argv;
  gsize *positions;
  gboolean ports_out;
} Emit;

static void emit_zone (Emit *emit, QrZone zone);

/* Ports and bridges of ours, and the board's devices behind them. */
static void
emit_ports (Emit *emit)
{
  if (emit->ports_out || emit->topology == NULL)
    return;
  emit->ports_out = TRUE;
  emit_added (emit->topology, emit->argv);
  emit_zone (emit, QR_ZONE_BOARD);
}

static void
emit_line (Emit *emit, const QrLine *line)
{
  const QrDevice *device = emit->devices[line->number];

  emit->positions[line->number] = emit->argv->len;
  g_ptr_array_add (emit->argv, g_strdup (line->word));
  if (device != NULL)
    g_ptr_array_add (emit->argv, device_argument (emit->topology, device));
  else if (line->value != NULL)
    g_ptr_array_add (emit->argv, g_strdup (line->value));
}

static void
emit_zone (Emit *emit, QrZone zone)
{
  const GPtrArray *lines = emit->request->zones[zone];

  for (guint i = 0; i < lines->len; i++)
    {
      const QrLine *line = lines->pdata[i];

      if (zone == QR_ZONE_BODY && line->is_device)
        emit_ports (emit);
      emit_line (emit, line);
    }
  if (zone == QR_ZONE_BODY)
    emit_ports (emit);
}

char **
qr_emit (const QrRequest *request, const QrTopology *topology, const char *program,
         const gsize **positions)
{
  g_autofree const QrDevice **devices = g_new0 (const QrDevice *, request->n_lines + 1);
  gboolean complete = topology == NULL || is_complete (topology);
  Emit emit = { request, topology, devices, g_ptr_array_new (), NULL, FALSE };

  emit.positions = qr_pool_alloc_n (request->pool, request->n_lines, sizeof *emit.positions);
  for (guint i = 0; topology != NULL && i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin == QR_ORIGIN_USER && !complete)
        devices[device->line] = device;
    }
  g_ptr_array_add (emit.argv, g_strdup (program));
  emit_zone (&emit, QR_ZONE_HEAD);
  emit_zone (&emit, QR_ZONE_BODY);
  emit_zone (&emit, QR_ZONE_TAIL);
  g_ptr_array_add (emit.argv, NULL);
  *positions = emit.positions;
  return (char **) g_ptr_array_free (emit.argv, FALSE);
}

/* Bytes that execve copies: the strings, their pointers and the two ends. */
static gsize
exec_size (const char *const *strings)
{
  gsize size = sizeof (char *);

  for (; *strings != NULL; strings++)
    size += strlen (*strings) + 1 + sizeof (char *);
  return size;
}

/* Linux fs/exec.c, prepare_arg_pages: a quarter of the stack limit, at least
 * 128 KiB, at most 6 MiB. */
static gsize
exec_limit (void)
{
  const gsize most = 6 * 1024 * 1024, least = 128 * 1024;
  struct rlimit stack;

  if (getrlimit (RLIMIT_STACK, &stack) != 0 || stack.rlim_cur == RLIM_INFINITY)
    return most;
  return CLAMP ((gsize) stack.rlim_cur / 4, least, most);
}

gboolean
qr_emit_check_size (const char *const *argv, const char *const *environment, gsize limit,
                    GError **error)
{
  gsize size = exec_size (argv) + exec_size (environment);

  if (limit == 0)
    limit = exec_limit ();
  for (const char *const *word = argv; *word != NULL; word++)
    if (strlen (*word) > QR_LIMIT_ARGUMENT_BYTES)
      {
        qr_error_set (error, QR_STATUS_REQUEST, "limit", NULL, NULL,
                      "an argument of the emitted line has %" G_GSIZE_FORMAT
                      " bytes; Linux takes %d at most",
                      strlen (*word), QR_LIMIT_ARGUMENT_BYTES);
        return FALSE;
      }
  if (size <= limit)
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "limit", NULL,
                "raise the stack limit (ulimit -s), or give fewer devices",
                "the emitted line takes %" G_GSIZE_FORMAT
                " bytes with the environment; execve takes %" G_GSIZE_FORMAT " here",
                size, limit);
  return FALSE;
}
