/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "live-compare.h"

#include <string.h>

static const char *
member (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  return json_object_object_get_ex (object, key, &value) ? json_object_get_string (value) : NULL;
}

GPtrArray *
live_planned (struct json_object *plan)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  struct json_object *functions = json_object_object_get (plan, "functions");

  for (gsize i = 0; i < json_object_array_length (functions); i++)
    {
      struct json_object *object = json_object_array_get_idx (functions, i);
      Planned *planned = g_new0 (Planned, 1);

      planned->path = member (object, "path");
      planned->driver = member (object, "driver");
      planned->id = member (object, "id");
      planned->kind = member (object, "kind");
      planned->rule = member (object, "rule");
      planned->multifunction = json_object_get_boolean (json_object_object_get (object, "multifunction"));
      g_ptr_array_add (list, planned);
    }
  return list;
}

const Planned *
live_find_planned (const GPtrArray *plan, const char *path)
{
  for (guint i = 0; i < plan->len; i++)
    if (strcmp (((const Planned *) plan->pdata[i])->path, path) == 0)
      return plan->pdata[i];
  return NULL;
}

/* A diagnostic; the lines of the text come out as TAP comments. */
void
live_note (GString *faults, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    g_string_append_printf (faults, "#   %s\n", *line);
}

/* A virtual function is no device of the line: the guest turns it on when it likes. Those of nvme have
 * its type; lines for it give it an id. */
static gboolean
is_virtual_function (const VmFunction *function)
{
  return strcmp (function->driver, "igbvf") == 0
         || (strcmp (function->driver, "nvme") == 0 && function->id == NULL && !g_str_has_suffix (function->path, ".0"));
}

void
live_compare_objects (const GPtrArray *plan, const GPtrArray *functions, GString *faults)
{
  for (guint i = 0; i < functions->len; i++)
    {
      const VmFunction *function = functions->pdata[i];
      const Planned *planned = live_find_planned (plan, function->path);

      if (is_virtual_function (function))
        continue;
      if (planned == NULL)
        live_note (faults, "QEMU has %s at %s, the plan nothing", function->driver, function->path);
      else if (strcmp (planned->driver, function->driver) != 0)
        live_note (faults, "QEMU has %s at %s, the plan %s", function->driver, function->path, planned->driver);
      else if (g_strcmp0 (planned->id, function->id) != 0)
        live_note (faults, "id of %s at %s: QEMU has %s, the plan %s", function->driver, function->path,
              function->id == NULL ? "none" : function->id, planned->id == NULL ? "none" : planned->id);
    }
  for (guint i = 0; i < plan->len; i++)
    {
      const Planned *planned = plan->pdata[i];

      if (vm_find_function (functions, planned->path) == NULL)
        live_note (faults, "the plan has %s at %s, QEMU nothing", planned->driver, planned->path);
    }
}

/* The PCI Express port type that a guest finds; -2 where any will do. */
static int
expected_type (const Planned *planned)
{
  static const struct
  {
    const char *kind;
    int type;
  } types[] = { { "root-port", 4 }, { "switch-upstream", 5 }, { "switch-downstream", 6 },
                { "endpoint", 0 },  { "host-bridge", -1 },    { "expander", -1 } };

  if (strcmp (planned->driver, "pcie-pci-bridge") == 0)
    return 7;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].kind, planned->kind) == 0)
      return types[i].type;
  return -2;
}

static void
compare_function (const Planned *planned, const VmSeen *seen, GString *faults)
{
  int type = expected_type (planned);

  if (type != -2 && seen->express != type)
    live_note (faults, "%s at %s (%s): port type %d instead of %d", planned->driver, planned->path,
          planned->kind, seen->express, type);
  if (g_str_has_suffix (planned->path, ".0") && planned->multifunction != seen->multifunction)
    live_note (faults, "%s at %s: multifunction bit %d instead of %d", planned->driver, planned->path,
          seen->multifunction, planned->multifunction);
}

/* The VGA-class function that firmware lights: the first in bus order. */
static const VmSeen *
first_vga (const GPtrArray *seen)
{
  const VmSeen *first = NULL;

  for (guint i = 0; i < seen->len; i++)
    {
      const VmSeen *one = seen->pdata[i];

      if (one->class_code >> 8 == 0x0300
          && (first == NULL || (one->bus << 8 | one->devfn) < (first->bus << 8 | first->devfn)))
        first = one;
    }
  return first;
}

static void
compare_vga (const GPtrArray *plan, const GPtrArray *seen, GString *faults)
{
  const VmSeen *primary = first_vga (seen);

  for (guint i = 0; i < seen->len; i++)
    {
      const VmSeen *one = seen->pdata[i];
      gsize length = strlen (one->path);
      gboolean above = primary != NULL && one->secondary >= 0 && strncmp (primary->path, one->path, length) == 0
                       && primary->path[length] == '/';
      const Planned *planned = live_find_planned (plan, one->path);

      if (one->secondary >= 0 && one->vga != above)
        live_note (faults, "bridge at %s: VGA enable bit %d instead of %d", one->path, one->vga, above);
      if (one->class_code >> 8 == 0x0300 && planned != NULL && one != primary
          && g_str_has_suffix (planned->rule, "/primary-display"))
        live_note (faults, "%s at %s is planned as the primary display, firmware takes that at %s",
              planned->driver, planned->path, primary->path);
    }
}

void
live_compare_seen (const GPtrArray *plan, const GPtrArray *seen, GString *faults)
{
  for (guint i = 0; i < seen->len; i++)
    {
      const VmSeen *one = seen->pdata[i];
      const Planned *planned = live_find_planned (plan, one->path);

      if (planned == NULL)
        live_note (faults, "the guest sees %04x:%04x at %s, the plan has nothing there", one->vendor, one->device,
              one->path);
      else
        compare_function (planned, one, faults);
    }
  for (guint i = 0; i < plan->len; i++)
    {
      const Planned *planned = plan->pdata[i];

      if (vm_find_seen (seen, planned->path) == NULL)
        live_note (faults, "the plan has %s at %s, the guest does not see it", planned->driver, planned->path);
    }
  compare_vga (plan, seen, faults);
}

void
live_compare_places (const GPtrArray *functions, const GPtrArray *plain, GString *faults)
{
  for (guint i = 0; i < functions->len || i < plain->len; i++)
    {
      const VmFunction *a = i < functions->len ? functions->pdata[i] : NULL;
      const VmFunction *b = i < plain->len ? plain->pdata[i] : NULL;

      if (a != NULL && b != NULL && strcmp (a->path, b->path) == 0 && strcmp (a->driver, b->driver) == 0
          && g_strcmp0 (a->id, b->id) == 0)
        continue;
      live_note (faults, "through qriser %s at %s, in plain QEMU %s at %s", a == NULL ? "nothing" : a->driver,
            a == NULL ? "-" : a->path, b == NULL ? "nothing" : b->driver, b == NULL ? "-" : b->path);
      return;
    }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
live_buses (const char *qtree)
{
  g_auto (GStrv) lines = g_strsplit (qtree, "\n", -1);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  const char *bus[128] = { NULL };
  gboolean pci[128] = { FALSE };

  for (char **at = lines; *at != NULL; at++)
    {
      gsize depth = strspn (*at, " ");
      const char *text = *at + depth;

      g_assert_cmpuint (depth, <, 127);
      if (g_str_has_prefix (text, "bus: "))
        bus[depth] = text + strlen ("bus: ");
      else if (g_str_has_prefix (text, "type ") && depth >= 2)
        pci[depth - 2] = strstr (text, "PCI") != NULL || strstr (text, "pci") != NULL || strstr (text, "pxb") != NULL
                         || strstr (text, "System") != NULL;
      else if (g_str_has_prefix (text, "dev: ") && depth >= 2 && !pci[depth - 2])
        g_ptr_array_add (rows, g_strdup_printf ("%s on %s", text + strlen ("dev: "), bus[depth - 2]));
    }
  g_ptr_array_sort (rows, compare_texts);
  g_ptr_array_add (rows, NULL);
  return g_strjoinv ("\n", (char **) rows->pdata);
}
