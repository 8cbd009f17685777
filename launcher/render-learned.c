/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-learned.h"

GString *
qr_render_json_learned (const QrLearned *learned, const char *qemu, gboolean kept)
{
  struct json_object *root = json_object_new_object (), *unlearned = json_object_new_array ();

  qr_json_put (root, "qemu", qr_json_new_text (qemu));
  qr_json_put (root, "version", qr_json_new_text (learned->binary.version));
  qr_learned_put (learned, root);
  for (guint i = 0; i < learned->unlearned->len; i++)
    {
      const QrUnlearned *one = &g_array_index (learned->unlearned, QrUnlearned, i);
      struct json_object *object = json_object_new_object ();

      qr_json_put (object, one->what, qr_json_new_text (one->name));
      qr_json_put (object, "reason", qr_json_new_text (one->reason));
      json_object_array_add (unlearned, object);
    }
  qr_json_put (root, "unlearned", unlearned);
  qr_json_put (root, "kept", json_object_new_boolean (kept));
  return qr_json_finish (root);
}

/* --- a table -----------------------------------------------------------------------------------
 */

static void
append_row (GString *out, const char *what, const char *name, const char *text)
{
  g_string_append_printf (out, "  %-7s  ", what);
  qr_append_printable (out, name, strlen (name));
  g_string_append (out, "  ");
  qr_append_printable (out, text, strlen (text));
  g_string_append_c (out, '\n');
}

static void
append_devices (GString *out, const QrLearned *learned)
{
  for (guint i = 0; i < learned->devices->len; i++)
    {
      const QrDeviceType *device = &g_array_index (learned->devices, QrDeviceType, i);
      g_autofree char *text
          = !qr_device_type_is_pci (device)
                ? g_strdup_printf ("bus %s", device->bus == NULL ? "none" : device->bus)
                : g_strdup_printf ("%s, class %04x, PCI Express: %s",
                                   qr_device_kind_names[device->kind], device->class_code >> 8,
                                   qr_express_names[device->express]);

      append_row (out, "device", device->driver, text);
    }
}

static void
append_others (GString *out, const QrLearned *learned)
{
  for (guint i = 0; i < learned->options->len; i++)
    {
      const QrOption *option = &g_array_index (learned->options, QrOption, i);

      append_row (out, "option", option->name,
                  qr_option_has_argument (option) ? "takes an argument" : "takes no argument");
    }
  for (guint i = 0; i < learned->machines->len; i++)
    {
      const QrAlike *machine = &g_array_index (learned->machines, QrAlike, i);
      g_autofree char *text = g_strdup_printf ("as %s", machine->like);

      append_row (out, "machine", machine->machine, text);
    }
  for (guint i = 0; i < learned->unlearned->len; i++)
    {
      const QrUnlearned *one = &g_array_index (learned->unlearned, QrUnlearned, i);
      g_autofree char *text = g_strdup_printf ("stays unknown: %s", one->reason);

      append_row (out, one->what, one->name, text);
    }
}

GString *
qr_render_learned (const QrLearned *learned, const char *qemu, gboolean kept)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "QEMU %s, ", learned->binary.version);
  qr_append_printable (out, qemu, strlen (qemu));
  if (qr_learned_count (learned) + learned->unlearned->len == 0)
    {
      g_string_append (out, ": the data has all of it\n");
      return out;
    }
  g_string_append (out, ", has what the data lacks:\n");
  append_devices (out, learned);
  append_others (out, learned);
  if (kept && qr_learned_count (learned) > 0)
    g_string_append (out, "Plans for this QEMU know it from now on.\n");
  return out;
}
