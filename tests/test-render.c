/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms of a plan. Whole trees and commands are in tests/cases; here is what must hold in all. */
#include "config.h"

#include <json.h>
#include <string.h>

#include "render.h"
#include "testlib.h"

static QrPlan *
plan_of (const char *line)
{
  g_autoptr (GError) error = NULL;
  QrPlan *plan = test_plan ("ich9@1", line, &error);

  g_assert_no_error (error);
  return plan;
}

static const char *
member (struct json_object *object, const char *key)
{
  struct json_object *value;

  g_assert_true (json_object_object_get_ex (object, key, &value));
  return value == NULL ? NULL : json_object_get_string (value);
}

/* The function of the plan's JSON with @key. */
static struct json_object *
function (struct json_object *root, const char *key)
{
  struct json_object *list = json_object_object_get (root, "functions");

  for (gsize i = 0; i < json_object_array_length (list); i++)
    if (strcmp (member (json_object_array_get_idx (list, i), "key"), key) == 0)
      return json_object_array_get_idx (list, i);
  g_error ("no function \"%s\"", key);
}

static void
test_json (void)
{
  g_autoptr (QrPlan) plan = plan_of ("-nodefaults -netdev user,id=n -device virtio-net-pci,netdev=n,id=net0");
  g_autoptr (GString) text = qr_render (plan, QR_FORMAT_JSON);
  struct json_object *root = json_tokener_parse (text->str), *net, *source, *budget;

  g_assert_nonnull (root);
  g_assert_cmpstr (member (root, "schema"), ==, "1");
  g_assert_cmpstr (member (root, "machine"), ==, "q35");
  g_assert_cmpstr (member (root, "policy"), ==, "ich9@1");
  g_assert_cmpstr (member (json_object_object_get (root, "qemu"), "path"), ==, "qemu");
  g_assert_null (member (json_object_object_get (root, "qemu"), "version"));
  g_assert_cmpstr (member (json_object_object_get (root, "confinement"), "seccomp"), ==, "desktop");
  net = function (root, "net0");
  g_assert_cmpstr (member (net, "id"), ==, "net0");
  g_assert_cmpstr (member (net, "driver"), ==, "virtio-net-pci");
  g_assert_cmpstr (member (net, "origin"), ==, "user");
  g_assert_cmpstr (member (net, "role"), ==, "network");
  g_assert_cmpstr (member (net, "kind"), ==, "endpoint");
  g_assert_cmpstr (member (net, "bus"), ==, "rp-1c.0");
  g_assert_cmpstr (member (net, "slot"), ==, "0");
  g_assert_cmpstr (member (net, "function"), ==, "0");
  g_assert_cmpstr (member (net, "path"), ==, "00:1c.0/00.0");
  g_assert_cmpstr (member (net, "multifunction"), ==, "false");
  g_assert_cmpstr (member (net, "rule"), ==, "ich9/endpoint");
  source = json_object_object_get (net, "source");
  g_assert_cmpstr (member (source, "argument"), ==, "5");
  g_assert_cmpstr (member (source, "text"), ==, "virtio-net-pci,netdev=n,id=net0");
  g_assert_cmpstr (member (function (root, "mch"), "origin"), ==, "machine");
  g_assert_null (member (function (root, "mch"), "id"));
  g_assert_cmpstr (member (function (root, "rp-1c.0"), "origin"), ==, "added");
  budget = json_object_object_get (root, "budget");
  g_assert_cmpstr (member (json_object_object_get (budget, "buses"), "used"), ==, "2");
  g_assert_cmpstr (member (json_object_object_get (budget, "buses"), "limit"), ==, "256");
  g_assert_cmpstr (member (json_object_object_get (budget, "io_windows"), "used"), ==, "0");
  g_assert_cmpstr (member (json_object_object_get (budget, "io_windows"), "limit"), ==, "14");
  g_assert_cmpstr (member (json_object_object_get (budget, "io_windows"), "firmware"), ==, "seabios");
  g_assert_cmpstr (member (json_object_object_get (budget, "depth"), "used"), ==, "2");
  g_assert_cmpstr (member (json_object_object_get (budget, "memory64"), "used"), ==, "0");
  json_object_put (root);
}

static const struct
{
  const char *key, *kind;
} kinds[] = {
  { "mch", "host-bridge" }, { "ICH9-LPC", "conventional" }, { "rp", "root-port" }, { "up", "switch-upstream" },
  { "down", "switch-downstream" }, { "ep", "endpoint" }, { "rciep", "integrated-endpoint" }, { "br", "bridge" },
  { "conv", "conventional" }, { "hybrid", "conventional" }, { "xp", "expander" },
};

static void
test_kind (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPlan) plan = plan_of (
      "-nodefaults -device pcie-root-port,id=rp,chassis=1 -device x3130-upstream,id=up,bus=rp "
      "-device xio3130-downstream,id=down,bus=up,chassis=2 -device nvme,serial=1,id=ep,bus=down -device e1000e,id=rciep "
      "-device i82801b11-bridge,id=br -device edu,id=conv -device virtio-rng-pci,bus=br,id=hybrid -device pxb-pcie,id=xp,bus_nr=9");

  g_assert_cmpstr (qr_render_kind (test_device (plan, kinds[i].key)), ==, kinds[i].kind);
}

static const char *const secret_lines[] = {
  "-nodefaults -object secret,id=s,data=hunter2",
  "-nodefaults -device edu -object secret,data=hunter2,id=s -device edu -m 1G",
  "-nodefaults -object {\"qom-type\":\"secret\",\"id\":\"s\",\"data\":\"hunter2\"}",
  "-nodefaults -spice port=1,password=hunter2",
  "-nodefaults -drive if=none,id=d,file.driver=ssh,file.password=hunter2",
  "-nodefaults -object secret,data=hunter2,,hunter2",
};

static void
test_secret (gconstpointer data)
{
  static const QrFormat shown[] = { QR_FORMAT_TREE, QR_FORMAT_SHELL, QR_FORMAT_JSON };
  g_autoptr (QrPlan) plan = plan_of (data);
  g_autoptr (GString) argv0 = qr_render (plan, QR_FORMAT_ARGV0);

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autoptr (GString) text = qr_render (plan, shown[i]);

      g_assert_null (strstr (text->str, "hunter2"));
    }
  g_assert_nonnull (memmem (argv0->str, argv0->len, "hunter2", strlen ("hunter2")));
}

/* What a shell makes of the words is what they were. */
static void
test_shell_quoting (void)
{
  static const char *const words[] = { "-nodefaults", "-name", "it's a \"name\" $HOME `x` \\ *", "-append", "", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .policy = test_policy ("ich9@1"), .sysfs = "/", .program = "/opt/my qemu",
                            .seccomp = "default" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_autoptr (GString) text = qr_render (plan, QR_FORMAT_SHELL);
  g_auto (GStrv) argv = NULL;
  int argc;

  g_assert_true (g_shell_parse_argv (text->str, &argc, &argv, &error));
  g_assert_cmpuint (g_strv_length (argv), ==, g_strv_length (plan->argv));
  for (int i = 0; i < argc; i++)
    g_assert_cmpstr (argv[i], ==, plan->argv[i]);
}

static void
test_argv0 (void)
{
  g_autoptr (QrPlan) plan = plan_of ("-nodefaults -m 1G");
  g_autoptr (GString) text = qr_render (plan, QR_FORMAT_ARGV0);
  static const char expected[] = "qemu\0-machine\0q35\0-nodefaults\0-m\0001G";

  g_assert_cmpmem (text->str, (int) text->len, expected, (int) sizeof expected);
}

static void
test_explain (void)
{
  g_autoptr (QrPlan) plan = plan_of ("-nodefaults -device qemu-xhci,id=u -device usb-mouse,id=m -device edu,addr=5,id=e");
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) u = qr_render_explain (plan, "u", &error), m = qr_render_explain (plan, "m", &error),
                      e = qr_render_explain (plan, "e", &error), port = qr_render_explain (plan, "rp-1c.0", &error);

  g_assert_cmpstr (u->str, ==, "u: qemu-xhci (argument 3)\n  kind:   endpoint\n  place:  bus=rp-1c.0,addr=00.0\n"
                               "  path:   00:1c.0/00.0\n  rule:   ich9/endpoint\n"
                               "  reason: a PCI Express endpoint goes behind a root port\n");
  g_assert_cmpstr (m->str, ==, "m: usb-mouse (argument 5)\n  bus:    u.0\n"
                               "  reason: not a PCI function; this is the bus that QEMU would choose\n");
  g_assert_nonnull (strstr (e->str, "reason: the line gives the address; QEMU would take this bus\n"));
  g_assert_nonnull (strstr (port->str, "rp-1c.0: pcie-root-port (added)\n"));
  g_assert_null (qr_render_explain (plan, "nobody", &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-such-device", "the plan has no device \"nobody\"");
}

/* Nothing that a terminal would obey comes out of a tree. */
static void
test_tree_is_printable (void)
{
  g_autoptr (QrPlan) plan = plan_of ("-nodefaults -device {\"driver\":\"edu\",\"id\":\"\\u001b[31m\"}");
  g_autoptr (GString) text = qr_render (plan, QR_FORMAT_TREE);

  g_assert_null (strchr (text->str, '\033'));
  g_assert_nonnull (strstr (text->str, "\"\\x1b[31m\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/json", test_json);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strdup_printf ("/render/kind/%s", kinds[i].key);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_kind);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (secret_lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("/render/secret/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, secret_lines[i], test_secret);
    }
  g_test_add_func ("/render/shell-quoting", test_shell_quoting);
  g_test_add_func ("/render/argv0", test_argv0);
  g_test_add_func ("/render/explain", test_explain);
  g_test_add_func ("/render/tree-is-printable", test_tree_is_printable);
  return g_test_run ();
}
