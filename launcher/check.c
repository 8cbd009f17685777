/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check.h"

#include <string.h>

#include "bounds.h"

typedef enum
{
  WARNING,
  ERROR,   /* may be allowed */
  REFUSED, /* by QEMU: nothing to allow */
} Severity;

typedef struct
{
  const QrTopology *topology;
  GHashTable *physical; /* chassis and slot pairs, and expanders' bus numbers → who has them */
} Check;

/* What a rule found on one device. */
typedef struct
{
  char *message;
  const char *key; /* property to point at; NULL: the whole device */
} Finding;

typedef struct
{
  const char *code;
  Severity severity[QR_N_FACES];
  gboolean (*find) (Check *check, const QrDevice *device, Finding *finding);
  const char *hint;
} Rule;

static gboolean found (Finding *finding, const char *key, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
found (Finding *finding, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  finding->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  finding->key = key;
  return TRUE;
}

static const QrDevice *
function_0 (const QrDevice *device)
{
  return qr_bus_occupant (device->bus, (QrPciAddr){ device->addr.slot, 0 });
}

static gboolean
slot_behind_port (Check *check, const QrDevice *device, Finding *finding)
{
  const QrBusTraits *traits = qr_bus_traits (device->bus->kind);

  return device->addr.slot > traits->last_slot
         && found (finding, "addr", "no slot %x on %s \"%s\"", device->addr.slot, traits->name,
                   device->bus->name);
}

static gboolean
no_function_0 (Check *check, const QrDevice *device, Finding *finding)
{
  return device->addr.function > 0 && function_0 (device) == NULL
         && found (finding, "addr", "function %u of slot %x on bus \"%s\" without a function 0",
                   device->addr.function, device->addr.slot, device->bus->name);
}

static gboolean
multifunction_missing (Check *check, const QrDevice *device, Finding *finding)
{
  return device->addr.function > 0 && function_0 (device) != NULL
         && !function_0 (device)->multifunction
         && found (finding, "addr",
                   "%s at function 0 of slot %x on bus \"%s\" is no multifunction device",
                   function_0 (device)->type->driver, device->addr.slot, device->bus->name);
}

static gboolean
is_port (const QrDevice *device)
{
  return device->want == QR_WANT_ROOT_PORT || device->want == QR_WANT_SWITCH_DOWNSTREAM;
}

static gboolean
is_below_port (const QrDevice *device)
{
  return device->bus->kind == QR_BUS_ROOT_PORT || device->bus->kind == QR_BUS_SWITCH_DOWNSTREAM;
}

static gboolean
endpoint_on_upstream (Check *check, const QrDevice *device, Finding *finding)
{
  return device->bus->kind == QR_BUS_SWITCH_UPSTREAM && device->want != QR_WANT_SWITCH_DOWNSTREAM
         && found (finding, "bus", "%s directly on switch upstream port \"%s\"",
                   device->type->driver, device->bus->name);
}

static gboolean
port_below_port (Check *check, const QrDevice *device, Finding *finding)
{
  return is_port (device) && is_below_port (device)
         && found (finding, "bus", "port %s directly below %s \"%s\"", device->type->driver,
                   qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

static gboolean
downstream_off_switch (Check *check, const QrDevice *device, Finding *finding)
{
  return device->want == QR_WANT_SWITCH_DOWNSTREAM && device->bus->kind != QR_BUS_SWITCH_UPSTREAM
         && !is_below_port (device)
         && found (finding, "bus", "switch downstream port on %s \"%s\"",
                   qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

static gboolean
upstream_off_port (Check *check, const QrDevice *device, Finding *finding)
{
  return device->want == QR_WANT_SWITCH_UPSTREAM && !is_below_port (device)
         && device->bus->kind != QR_BUS_SWITCH_UPSTREAM
         && found (finding, "bus", "switch upstream port on %s \"%s\"",
                   qr_bus_traits (device->bus->kind)->name, device->bus->name);
}

static gboolean
port_on_conventional (Check *check, const QrDevice *device, Finding *finding)
{
  return device->want == QR_WANT_ROOT_PORT && device->bus->kind == QR_BUS_CONVENTIONAL
         && found (finding, "bus", "root port %s on conventional PCI bus \"%s\"",
                   device->type->driver, device->bus->name);
}

static gboolean
express_on_conventional (Check *check, const QrDevice *device, Finding *finding)
{
  return device->bus->kind == QR_BUS_CONVENTIONAL && device->type->express == QR_EXPRESS_ALWAYS
         && (device->want == QR_WANT_ENDPOINT || device->want == QR_WANT_EXPRESS_BRIDGE)
         && found (finding, "bus", "PCI Express %s on conventional PCI bus \"%s\"",
                   device->type->driver, device->bus->name);
}

static gboolean
root_only (Check *check, const QrDevice *device, Finding *finding)
{
  return device->type->root_only && !qr_bus_traits (device->bus->kind)->is_root
         && found (finding, "bus", "%s must sit on a root bus, and \"%s\" is none",
                   device->type->driver, device->bus->name);
}

static gboolean
expander_child (Check *check, const QrDevice *device, Finding *finding)
{
  return device->bus->kind == QR_BUS_EXPANDER && device->type->kind == QR_DEVICE_FUNCTION
         && found (finding, "bus", "%s directly on expander \"%s\"", device->type->driver,
                   device->bus->name);
}

static gboolean
physical_slot_taken (Check *check, const QrDevice *device, Finding *finding)
{
  guint chassis = device->numbered ? device->chassis : qr_device_number (device, "chassis");
  guint slot = device->numbered ? device->physical_slot : qr_device_number (device, "slot");
  gpointer key = GUINT_TO_POINTER ((chassis << 16 | (slot & 0xffff)) + 1);

  if (!is_port (device) || g_hash_table_insert (check->physical, key, (gpointer) device))
    return FALSE;
  return found (finding, qr_optlist_find (device->opts, "slot") != NULL ? "slot" : "chassis",
                "chassis %u, slot %u is taken by another port", chassis, slot);
}

static gboolean
bridge_chassis (Check *check, const QrDevice *device, Finding *finding)
{
  return qr_device_type_has_property (device->type, "chassis_nr")
         && qr_device_number (device, "chassis_nr") == 0
         && found (finding, "chassis_nr", "bridge %s has no chassis number", device->type->driver);
}

/* Firmware counts the ordinary buses up from 0, so an expander needs a number of its own. */
static gboolean
expander_number (Check *check, const QrDevice *device, Finding *finding)
{
  guint bus_nr = qr_device_number (device, "bus_nr");
  gpointer key = GUINT_TO_POINTER (G_MAXUINT32 - bus_nr);

  return device->type->kind == QR_DEVICE_EXPANDER
         && (bus_nr == 0 || !g_hash_table_insert (check->physical, key, (gpointer) device))
         && found (finding, "bus_nr", "bus number %u of expander %s is taken", bus_nr,
                   device->type->driver);
}

/* Switches above and including @device. */
static guint
switch_depth (const QrDevice *device)
{
  guint depth = 0;

  for (; device != NULL && device->bus != NULL; device = qr_bus_bridge (device->bus))
    depth += device->want == QR_WANT_SWITCH_UPSTREAM && device->origin != QR_ORIGIN_MACHINE;
  return depth;
}

static gboolean
switch_too_deep (Check *check, const QrDevice *device, Finding *finding)
{
  return device->want == QR_WANT_SWITCH_UPSTREAM && switch_depth (device) > QR_LIMIT_SWITCH_DEPTH
         && found (finding, "bus", "switch %u levels deep; QEMU takes %d", switch_depth (device),
                   QR_LIMIT_SWITCH_DEPTH);
}

static const Rule rules[] = {
  { "multifunction-missing",
    { REFUSED, REFUSED },
    multifunction_missing,
    "give the device at function 0 multifunction=on" },
  { "root-only", { REFUSED, REFUSED }, root_only, "leave bus= out, or name the root bus" },
  { "expander-child",
    { REFUSED, REFUSED },
    expander_child,
    "put a root port on the expander and the device behind that" },
  { "physical-slot-taken",
    { REFUSED, REFUSED },
    physical_slot_taken,
    "give each port its own chassis= and slot=" },
  { "expander-number", { REFUSED, REFUSED }, expander_number, "give it bus_nr=, 1 to 255" },
  { "bridge-chassis", { REFUSED, REFUSED }, bridge_chassis, "give it chassis_nr=, 1 to 255" },
  { "switch-too-deep",
    { REFUSED, REFUSED },
    switch_too_deep,
    "use the other downstream ports of a switch: it has 256" },
  { "slot-behind-port",
    { ERROR, WARNING },
    slot_behind_port,
    "a link has slot 0 only: a guest never looks at others; leave addr= out" },
  { "no-function-0",
    { ERROR, WARNING },
    no_function_0,
    "a guest looks at function 0 first and skips the slot without it; put a device there" },
  { "endpoint-on-upstream",
    { ERROR, WARNING },
    endpoint_on_upstream,
    "put a switch downstream port there and the device behind that" },
  { "port-below-port",
    { ERROR, WARNING },
    port_below_port,
    "a switch goes there: an upstream port, and downstream ports on its bus" },
  { "downstream-off-switch",
    { ERROR, WARNING },
    downstream_off_switch,
    "a downstream port belongs on the bus of a switch upstream port" },
  { "upstream-off-port",
    { ERROR, WARNING },
    upstream_off_port,
    "an upstream port belongs below a root port or a downstream port" },
  { "port-on-conventional",
    { ERROR, WARNING },
    port_on_conventional,
    "a root port belongs on the root complex" },
  { "express-on-conventional",
    { WARNING, WARNING },
    express_on_conventional,
    "a guest cannot reach its extended configuration space there; put it behind a root port" },
};

gboolean
qr_check_is_code (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i].code, code) == 0)
      return TRUE;
  return FALSE;
}

char *
qr_check_codes (void)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    g_string_append_printf (out, "%s%s", i == 0 ? "" : ", ", rules[i].code);
  return g_string_free (out, FALSE);
}

/* Tells of a finding; FALSE when it is an error. */
static gboolean
report (const Rule *rule, Severity severity, const QrDevice *device, const Finding *finding,
        GPtrArray *warnings, GError **error)
{
  const QrOpt *opt = finding->key == NULL ? NULL : qr_optlist_find (device->opts, finding->key);
  QrPlace place;

  if (severity == WARNING)
    {
      qr_warnings_add (warnings, rule->code, device->opts->argument, "%s: %s", finding->message,
                       rule->hint);
      return TRUE;
    }
  if (opt != NULL)
    qr_optlist_place (device->opts, opt, &place);
  else
    qr_optlist_whole (device->opts, &place);
  qr_error_set (error, QR_STATUS_REQUEST, rule->code, &place, rule->hint, "%s", finding->message);
  return FALSE;
}

static gboolean
run_rule (Check *check, const Rule *rule, Severity severity, GPtrArray *warnings, GError **error)
{
  GPtrArray *devices = check->topology->devices;

  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];
      Finding finding = { NULL, NULL };
      gboolean good = TRUE;

      if (device->origin != QR_ORIGIN_USER || device->bus == NULL)
        continue;
      if (rule->find (check, device, &finding))
        good = report (rule, severity, device, &finding, warnings, error);
      g_free (finding.message);
      if (!good)
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_check (const QrTopology *topology, QrFace face, const char *const *allowed, GPtrArray *warnings,
          GError **error)
{
  g_autoptr (GHashTable) physical = g_hash_table_new (NULL, NULL);
  Check check = { topology, physical };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      Severity severity = rules[i].severity[face];

      if (severity == ERROR && allowed != NULL && g_strv_contains (allowed, rules[i].code))
        severity = WARNING;
      if (!run_rule (&check, &rules[i], severity, warnings, error))
        return FALSE;
    }
  return TRUE;
}
