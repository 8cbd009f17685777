/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render.h"

#include <string.h>

#include "carrier.h"
#include "render-budget.h"
#include "render-json.h"
#include "size.h"

const char *const qr_format_names[] = { "tree", "shell", "argv0", "json", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (qr_format_names) == QR_N_FORMATS + 1);

static void
append_shell_word (GString *out, const char *word)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_./=,:+@%";

  if (*word != '\0' && word[strspn (word, plain)] == '\0')
    {
      g_string_append (out, word);
      return;
    }
  g_string_append_c (out, '\'');
  for (; *word != '\0'; word++)
    if (*word == '\'')
      g_string_append (out, "'\\''");
    else
      g_string_append_c (out, *word);
  g_string_append_c (out, '\'');
}

/* Each option begins a line of its own, with its argument. */
static GString *
render_shell (const QrPlan *plan)
{
  g_auto (GStrv) argv = qr_render_redacted (plan);
  GString *out = g_string_new (NULL);

  append_shell_word (out, argv[0]);
  for (char **word = argv + 1; *word != NULL; word++)
    {
      gboolean option = **word == '-';

      g_string_append (out, option || word == argv + 1 ? " \\\n  " : " ");
      append_shell_word (out, *word);
    }
  g_string_append_c (out, '\n');
  return out;
}

static GString *
render_argv0 (const QrPlan *plan)
{
  GString *out = g_string_new (NULL);

  for (char **word = plan->argv; *word != NULL; word++)
    g_string_append_len (out, *word, (gssize) strlen (*word) + 1);
  return out;
}

static const char *
origin_text (const QrPlan *plan, const QrDevice *device)
{
  QrPool *pool = plan->pool;

  switch (device->origin)
    {
    case QR_ORIGIN_MACHINE:
      return "machine";
    case QR_ORIGIN_ADDED:
      return qr_carrier_is_spare (device) ? "spare" : "added";
    case QR_ORIGIN_KEPT:
      return qr_pool_printf (pool, "kept for %s", device->key);
    case QR_ORIGIN_EXTRA:
      return qr_pool_printf (pool, "comes with %s", qr_render_where (plan, device->opts));
    case QR_ORIGIN_USER:
      if (device->opts->written == QR_WRITTEN_FOR_DEFAULT)
        return "default";
      if (device->opts->written == QR_WRITTEN_FOR_BUS)
        return "added";
      break;
    case QR_N_ORIGINS:
      break;
    }
  return qr_render_where (plan, device->opts);
}

typedef struct
{
  const QrPlan *plan;
  GString *out;
  GString *indent;
} Tree;

static void
tree_device (Tree *tree, const QrDevice *device, gboolean last)
{
  char addr[QR_PCI_ADDR_TEXT];
  gsize start = tree->out->len;

  g_string_append (tree->out, tree->indent->str);
  g_string_append_printf (tree->out, "%c-%s %s", last ? '`' : '+',
                          qr_pci_addr_format (device->addr, addr), device->type->driver);
  if (device->id != NULL)
    {
      g_string_append (tree->out, " \"");
      qr_append_printable (tree->out, device->id, strlen (device->id));
      g_string_append_c (tree->out, '"');
    }
  while (tree->out->len - start < 46)
    g_string_append_c (tree->out, ' ');
  g_string_append_printf (tree->out, "  %-19s  %s\n", qr_render_kind (device),
                          origin_text (tree->plan, device));
}

static void
tree_bus (Tree *tree, const QrBus *bus)
{
  gsize width = tree->indent->len;
  guint last = 0;

  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    if (bus->occupants[devfn] != NULL)
      last = devfn;
  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = bus->occupants[devfn];

      if (device == NULL)
        continue;
      tree_device (tree, device, devfn == last);
      g_string_append (tree->indent, devfn == last ? "  " : "| ");
      for (const QrBus *child = device->buses; child != NULL; child = child->sibling)
        if (child->n_devfns > 0)
          tree_bus (tree, child);
      g_string_truncate (tree->indent, width);
    }
}

static void
tree_head (const QrPlan *plan, GString *out)
{
  const QrRequest *request = plan->request;

  if (request->informs)
    g_string_append (out, "nothing to plan");
  else if (plan->topology == NULL && request->machine_type == NULL)
    g_string_append (out, "not planned: QEMU's default machine (no -machine on the line)");
  else if (plan->topology == NULL)
    {
      g_string_append (out, "not planned: machine ");
      qr_append_printable (out, request->machine_type, strlen (request->machine_type));
    }
  else
    g_string_append_printf (out, "%s on machine %s%s, policy %s@%u", plan->topology->root->name,
                            request->machine_type,
                            request->names_machine ? "" : " (no -machine on the line)",
                            plan->policy->name, plan->policy->version);
  g_string_append_printf (out, ", seccomp %s\n", plan->confinement.profile);
}

static void
tree_file (const QrNewFile *file, GString *out)
{
  g_autofree char *size = file->kind == QR_NEW_COPY ? NULL : qr_size_format (file->bytes);

  g_string_append (out, "    makes ");
  qr_append_printable (out, file->path, strlen (file->path));
  if (size != NULL)
    g_string_append_printf (out, ", an empty image of %s\n", size);
  else
    {
      g_string_append (out, ", a copy of ");
      qr_append_printable (out, file->original, strlen (file->original));
      g_string_append_c (out, '\n');
    }
}

/* What a word of the device list became. */
static void
tree_use (const QrPlan *plan, const QrRoleUse *use, GString *out)
{
  g_autofree char *word = qr_render_word (plan, use);

  g_string_append_printf (out, "  %s%s", use->id == NULL ? "" : use->id,
                          use->id == NULL ? "" : ": ");
  qr_append_printable (out, word, strlen (word));
  if (use->row > 0)
    {
      g_string_append (out, " (");
      qr_append_printable (out, use->place.file, strlen (use->place.file));
      g_string_append_printf (out, ":%u)\n", use->row);
    }
  else
    g_string_append_printf (out, " (argument %u)\n", use->place.argument);
  for (gsize i = 0; i < use->n_files; i++)
    tree_file (&plan->roles.files[use->first_file + i], out);
  for (gsize i = 0; i < use->n_items; i++)
    {
      g_autofree char *value = qr_render_value (plan, &use->items[i]);

      g_string_append_printf (out, "    %s ", use->items[i].word);
      qr_append_printable (out, value, strlen (value));
      g_string_append_c (out, '\n');
    }
}

static void
tree_fence (const QrFence *fence, GString *out)
{
  g_string_append_printf (out, "landlock %s: ", qr_landlock_modes[fence->mode]);
  qr_append_printable (out, fence->why, strlen (fence->why));
  g_string_append_c (out, '\n');
}

/* "descriptors 256, 257: " */
static void
tree_numbers (const int *fds, guint n, GString *out)
{
  g_string_append (out, n == 1 ? "descriptor " : "descriptors ");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, "%s%d", i == 0 ? "" : ", ", fds[i]);
  g_string_append (out, ": ");
}

static void
tree_named (const char *before, const char *name, GString *out)
{
  g_string_append (out, before);
  qr_append_printable (out, name, strlen (name));
}

/* What is opened for QEMU. */
static void
tree_tap (const QrTap *tap, GString *out)
{
  tree_numbers (tap->fds, tap->n, out);
  if (tap->helper != NULL)
    {
      tree_named ("tap on bridge ", tap->bridge, out);
      tree_named (", by ", tap->helper, out);
    }
  else if (tap->interface != NULL)
    tree_named ("tap ", tap->interface, out);
  else
    g_string_append (out, "tap");
  if (tap->script != NULL)
    tree_named (", set up by ", tap->script, out);
  g_string_append_printf (out, " (argument %u)\n", tap->argument);
  if (tap->vhost_fds == NULL)
    return;
  tree_numbers (tap->vhost_fds, tap->n, out);
  g_string_append_printf (out, "vhost-net (argument %u)\n", tap->argument);
}

/* Whether @bus is one that a host bridge of the line's makes, which is no PCI function. */
static gboolean
is_further_root (const QrPlan *plan, const QrBus *bus)
{
  return bus->kind == QR_BUS_CONVENTIONAL_ROOT && bus != plan->topology->root && bus->n_devfns > 0;
}

/* The root bus of the machine, and those of further host bridges. */
static void
tree_roots (Tree *tree)
{
  const GPtrArray *buses = tree->plan->topology->buses;

  tree_bus (tree, tree->plan->topology->root);
  for (guint i = 0; i < buses->len; i++)
    if (is_further_root (tree->plan, buses->pdata[i]))
      {
        g_string_append_printf (tree->out, "%s\n", ((const QrBus *) buses->pdata[i])->name);
        tree_bus (tree, buses->pdata[i]);
      }
}

static GString *
render_tree (const QrPlan *plan)
{
  g_autoptr (GString) indent = g_string_new (NULL);
  Tree tree = { plan, g_string_new (NULL), indent };

  tree_head (plan, tree.out);
  if (plan->topology != NULL)
    {
      tree_roots (&tree);
      qr_render_budget (plan, tree.out);
    }
  if (plan->roles.n > 0)
    g_string_append (tree.out, "device list\n");
  for (gsize i = 0; i < plan->roles.n; i++)
    tree_use (plan, &plan->roles.uses[i], tree.out);
  for (guint i = 0; plan->taps != NULL && i < plan->taps->len; i++)
    tree_tap (&g_array_index (plan->taps, QrTap, i), tree.out);
  if (plan->run_as.user != NULL)
    {
      tree_named ("user ", plan->run_as.user, tree.out);
      g_string_append_printf (tree.out, " (argument %u)\n", plan->run_as.argument);
    }
  if (!plan->confinement.is_usual)
    {
      g_string_append_printf (tree.out, "seccomp %s: ", plan->confinement.profile);
      qr_append_printable (tree.out, plan->confinement.why, strlen (plan->confinement.why));
      g_string_append_c (tree.out, '\n');
    }
  if (!plan->fence.is_usual)
    tree_fence (&plan->fence, tree.out);
  qr_render_warnings (plan->warnings, tree.out);
  return tree.out;
}

GString *
qr_render (const QrPlan *plan, QrFormat format)
{
  switch (format)
    {
    case QR_FORMAT_TREE:
      return render_tree (plan);
    case QR_FORMAT_SHELL:
      return render_shell (plan);
    case QR_FORMAT_ARGV0:
      return render_argv0 (plan);
    case QR_FORMAT_JSON:
      return qr_render_json (plan);
    case QR_N_FORMATS:
      break;
    }
  g_assert_not_reached ();
}

GString *
qr_render_findings (const GPtrArray *warnings, QrFormat format)
{
  GString *out;

  if (format == QR_FORMAT_JSON)
    return qr_render_json_findings (warnings);
  out = g_string_new (NULL);
  qr_render_warnings (warnings, out);
  return out;
}

static const QrDevice *
find_device (const QrPlan *plan, const char *key)
{
  const QrDevice *device
      = plan->topology == NULL ? NULL : g_hash_table_lookup (plan->topology->by_id, key);

  if (device == NULL && plan->topology != NULL)
    device = g_hash_table_lookup (plan->topology->by_key, key);
  return device;
}

GString *
qr_render_explain (const QrPlan *plan, const char *key, GError **error)
{
  const QrDevice *device = find_device (plan, key);
  char addr[QR_PCI_ADDR_TEXT];
  GString *out;

  if (device == NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "no-such-device", NULL,
                    plan->topology == NULL
                        ? "the machine of the line is not planned"
                        : "name an id of the line, or a key that plan --format=json shows",
                    "the plan has no device \"%s\"", key);
      return NULL;
    }
  out = g_string_new (NULL);
  qr_append_printable (out, device->key, strlen (device->key));
  g_string_append_printf (out, ": %s", device->type->driver);
  g_string_append_printf (out, " (%s)\n", origin_text (plan, device));
  if (device->bus == NULL)
    {
      const char *bus = device->chosen == NULL ? "none" : device->chosen->name;

      g_string_append (out, "  bus:    ");
      qr_append_printable (out, bus, strlen (bus));
      g_string_append_printf (out, "\n  reason: not a PCI function; %s\n",
                              device->names_bus ? "the line names the bus"
                                                : "this is the bus that QEMU would choose");
      return out;
    }
  g_string_append_printf (out, "  kind:   %s\n", qr_render_kind (device));
  g_string_append (out, "  place:  bus=");
  qr_append_printable (out, device->bus->name, strlen (device->bus->name));
  g_string_append_printf (out, ",addr=%s\n", qr_pci_addr_format (device->addr, addr));
  g_string_append_printf (out, "  path:   %s\n", qr_topology_path (plan->topology, device));
  g_string_append_printf (out, "  rule:   %s\n  reason: %s\n", device->rule, device->reason);
  qr_render_cost (plan, device, out);
  return out;
}
