/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check.h"

#include <string.h>

#include "budget-rules.h"
#include "number-rules.h"
#include "place-rules.h"

typedef enum
{
  NOTICE,
  WARNING,
  ERROR,   /* may be allowed */
  REFUSED, /* by QEMU: nothing to allow */
} Severity;

typedef struct
{
  const char *code;
  Severity severity[QR_N_FACES];
  QrRuleFind find;
  const char *hint;
  gboolean any_bus;   /* for devices that are no PCI functions, too */
  QrBudgetRule whole; /* looks at all at once, instead of find */
} Rule;

static const Rule rules[] = {
  { "multifunction-missing",
    { REFUSED, REFUSED },
    qr_rule_multifunction_missing,
    "give the device at function 0 multifunction=on" },
  { "root-only", { REFUSED, REFUSED }, qr_rule_root_only, "leave bus= out, or name the root bus" },
  { "expander-child",
    { REFUSED, REFUSED },
    qr_rule_expander_child,
    "put a root port on the expander and the device behind that" },
  { "physical-slot-taken",
    { REFUSED, REFUSED },
    qr_rule_physical_slot_taken,
    "give each port its own chassis= and slot=" },
  { "expander-number", { REFUSED, REFUSED }, qr_rule_expander_number, "give it bus_nr=, 1 to 255" },
  { "bridge-chassis",
    { REFUSED, REFUSED },
    qr_rule_bridge_chassis,
    "give it chassis_nr=, 1 to 255" },
  { "number-range", { REFUSED, REFUSED }, qr_rule_number_range, "write a number of that range" },
  { "bootindex-twice",
    { REFUSED, REFUSED },
    qr_rule_bootindex_twice,
    "give each its own bootindex=, or none",
    TRUE },
  { "virtio-no-interface",
    { REFUSED, REFUSED },
    qr_rule_virtio_no_interface,
    "below a port disable-legacy=off keeps the old one; on the root complex it is there by "
    "itself" },
  { "path-too-long",
    { REFUSED, REFUSED },
    qr_rule_path_too_long,
    "put it next to what is above it: a switch has 256 downstream ports, a bridge 32 slots" },
  { "slot-behind-port",
    { ERROR, WARNING },
    qr_rule_slot_behind_port,
    "a link has slot 0 only: a guest never looks at others; leave addr= out" },
  { "no-function-0",
    { ERROR, WARNING },
    qr_rule_no_function_0,
    "a guest looks at function 0 first and skips the slot without it; put a device there" },
  { "endpoint-on-upstream",
    { ERROR, WARNING },
    qr_rule_endpoint_on_upstream,
    "put a switch downstream port there and the device behind that" },
  { "port-below-port",
    { ERROR, WARNING },
    qr_rule_port_below_port,
    "a switch goes there: an upstream port, and downstream ports on its bus" },
  { "downstream-off-switch",
    { ERROR, WARNING },
    qr_rule_downstream_off_switch,
    "a downstream port belongs on the bus of a switch upstream port" },
  { "upstream-off-port",
    { ERROR, WARNING },
    qr_rule_upstream_off_port,
    "an upstream port belongs below a root port or a downstream port" },
  { "port-on-conventional",
    { ERROR, WARNING },
    qr_rule_port_on_conventional,
    "a root port belongs on the root complex of a machine with PCI Express" },
  { "expander-hidden",
    { ERROR, WARNING },
    qr_rule_expander_hidden,
    "bus 0 is the root complex, and a guest finds nothing of the expander; give it bus_nr=, 1 to "
    "255" },
  { "bus-numbers",
    { ERROR, WARNING },
    NULL,
    "ports that share a number hide devices; give bus_nr= of expanders more distance, or ask for "
    "less with bus-reserve= or --spare=0",
    .whole = qr_rule_bus_numbers },
  { "io-windows",
    { ERROR, WARNING },
    NULL,
    "one bridge, or one port with --pack=on, needs one window for many devices, and devices "
    "without I/O BARs none; io-reserve=0 frees nothing",
    .whole = qr_rule_io_windows },
  { "acpi-index-twice",
    { ERROR, WARNING },
    qr_rule_acpi_index_twice,
    "give each its own acpi-index=, or none" },
  { "express-on-conventional",
    { WARNING, WARNING },
    qr_rule_express_on_conventional,
    "a guest cannot reach its extended configuration space there; put it behind a root port" },
  { "bridge-below-port",
    { WARNING, WARNING },
    qr_rule_bridge_below_port,
    "a link is for PCI Express; put a PCI Express to PCI bridge there" },
  { "bridge-chassis-taken",
    { WARNING, WARNING },
    qr_rule_bridge_chassis_taken,
    "a guest tells slots apart by it; give each bridge its own chassis_nr=" },
  { "slot-number-wide", { WARNING, WARNING }, qr_rule_slot_number_wide, "use slot=, 0 to 8191" },
  { "io-window-closed",
    { WARNING, WARNING },
    qr_rule_io_window_closed,
    "a guest cannot use the BAR; leave io-reserve=0 out" },
  { "memory64", { WARNING, WARNING }, NULL, NULL, .whole = qr_rule_memory64 },
  { "isolation",
    { WARNING, WARNING },
    NULL,
    "a guest that assigns one of them to a guest of its own needs it behind a root port",
    .whole = qr_rule_isolation },
  { "addr-hexadecimal",
    { NOTICE, NOTICE },
    qr_rule_addr_hexadecimal,
    "slot ten is addr=a; who means this one writes 0x before it" },
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

/* Where rules report to. */
typedef struct
{
  gboolean survey;
  const char *const *allowed;
  GPtrArray *warnings;
  GError **error;
} Report;

static Severity
severity_on (const Rule *rule, QrFace face, const Report *to)
{
  Severity severity = rule->severity[face];

  return severity == ERROR && to->allowed != NULL && g_strv_contains (to->allowed, rule->code)
             ? WARNING
             : severity;
}

/* Tells of a finding, of @device or (NULL) of all; FALSE when it is an error that ends the run. */
static gboolean
report (const Report *to, const Rule *rule, Severity severity, const QrDevice *device,
        const QrFinding *finding)
{
  static const QrSeverity severities[]
      = { QR_SEVERITY_NOTICE, QR_SEVERITY_WARNING, QR_SEVERITY_ERROR, QR_SEVERITY_ERROR };
  const QrOptList *opts = device == NULL ? NULL : device->opts;
  const QrOpt *opt = finding->key == NULL ? NULL : qr_optlist_find (opts, finding->key);
  const char *hint = finding->hint != NULL ? finding->hint : rule->hint;
  QrPlace place;

  if (severity < ERROR || to->survey)
    {
      qr_warnings_add_hinted (to->warnings, severities[severity], rule->code,
                              opts == NULL ? 0 : opts->argument, hint, "%s", finding->message);
      return TRUE;
    }
  if (opt != NULL)
    qr_optlist_place (opts, opt, &place);
  else if (opts != NULL)
    qr_optlist_whole (opts, &place);
  qr_error_set (to->error, QR_STATUS_REQUEST, rule->code, opts == NULL ? NULL : &place, hint, "%s",
                finding->message);
  return FALSE;
}

/* An address that the policy chose, as some other program does, is worth a warning, no more. */
static Severity
severity_for (const QrDevice *device, const QrFinding *finding, Severity severity)
{
  gboolean chosen
      = !device->names_bus && !device->names_addr && g_strcmp0 (finding->key, "addr") == 0;

  return severity == ERROR && chosen ? WARNING : severity;
}

static gboolean
run_rule (const QrTopology *topology, QrRuleMemory *memory, const Rule *rule, Severity severity,
          const Report *to)
{
  GPtrArray *devices = topology->devices;

  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];
      g_auto (QrFinding) finding = { NULL };

      if (device->origin != QR_ORIGIN_USER || (device->bus == NULL && !rule->any_bus))
        continue;
      if (rule->find (memory, device, &finding)
          && !report (to, rule, severity_for (device, &finding, severity), device, &finding))
        return FALSE;
    }
  return TRUE;
}

/* Under a name that stands in for QEMU, too, what only our own placing leads to is no warning. */
static gboolean
run_whole (const QrTopology *topology, const QrBudget *budget, const Rule *rule, QrFace face,
           const Report *to)
{
  g_auto (QrFinding) finding = { NULL };

  return !rule->whole (topology, budget, &finding)
         || report (to, rule, severity_on (rule, finding.ours ? QR_FACE_TOOL : face, to), NULL,
                    &finding);
}

gboolean
qr_check (const QrTopology *topology, const QrBudget *budget, QrFace face,
          const char *const *allowed, gboolean survey, GPtrArray *warnings, GError **error)
{
  g_auto (QrRuleMemory) memory = { { NULL } };
  Report to = { survey, allowed, warnings, error };

  qr_rule_memory_init (&memory, topology);
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const Rule *rule = &rules[i];

      if (!(rule->whole != NULL
                ? run_whole (topology, budget, rule, face, &to)
                : run_rule (topology, &memory, rule, severity_on (rule, face, &to), &to)))
        return FALSE;
    }
  return TRUE;
}
