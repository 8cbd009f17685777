/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was learned of a QEMU, on top of the data: found after it, in no way in place of it; and
 * broken ones, which are none. */
#include "config.h"

#include "profiles-load.h"
#include "testlib.h"

#include <string.h>

#define HEAD "{\"schema\":1,\"kind\":\"overlay\",\"source\":\"s\","

static const char good[]
    = HEAD "\"devices\":[{\"driver\":\"novel\",\"bus\":\"novel-bus\"},"
           "{\"driver\":\"edu\",\"bus\":\"System\"}],"
           "\"buses\":[{\"type\":\"novel-bus\",\"parent\":\"PCI\"}],"
           "\"options\":[{\"option\":\"zz-novel\",\"grammar\":\"flag\"},{\"option\":\"a-novel\",\"grammar\":\"raw\"}],"
           "\"machines\":[{\"machine\":\"pc-q35-99.0\",\"like\":\"pc-q35-2.11\"},"
           "{\"machine\":\"lonely\",\"like\":\"nobody\"}]}";

static gboolean
load (const char *text, QrPool *pool, QrProfiles *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text, strlen (text), "f", 0, QR_STATUS_CONFIG, error);

  g_assert_nonnull (doc);
  *out = (QrProfiles){ .overlay = NULL };
  return qr_profiles_load_overlay (doc, pool, out, error);
}

static void
test_found (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  const QrProfiles *both;
  const QrMachine *machine;
  QrProfiles overlay;

  g_assert_true (load (good, pool, &overlay, &error));
  both = qr_profiles_with (&qr_profiles_builtin, &overlay, "x86_64", pool);
  g_assert_cmpstr (qr_profiles_find_device (both, "novel", pool)->bus, ==, "novel-bus");
  g_assert_null (qr_profiles_find_device (&qr_profiles_builtin, "novel", pool));
  g_assert_cmpstr (qr_profiles_find_device (both, "edu", pool)->bus, ==, "PCI");
  g_assert_true (qr_profiles_bus_is_a (both, "novel-bus", "PCI"));
  g_assert_cmpuint (qr_profiles_find_option (both, "a-novel")->grammar, ==, QR_GRAMMAR_RAW);
  g_assert_cmpuint (qr_profiles_find_option (both, "zz-novel")->grammar, ==, QR_GRAMMAR_FLAG);
  g_assert_nonnull (qr_profiles_find_option (both, "m"));
  g_assert_cmpstr (qr_profiles_nearest_device (both, "novell"), ==, "novel");
  g_assert_cmpstr (qr_profiles_nearest_option (both, "zz-novell"), ==, "zz-novel");
  machine = qr_profiles_find_machine (both, "pc-q35-99.0", "x86_64");
  g_assert_cmpstr (machine->family, ==, "q35");
  g_assert_cmpstr (qr_machine_nic (machine, "pc-q35-99.0"), ==, qr_machine_nic (machine, "pc-q35-2.11"));
  g_assert_null (qr_profiles_find_machine (both, "pc-q35-99.0", "aarch64"));
  g_assert_null (qr_profiles_find_machine (both, "lonely", "x86_64"));
  g_assert_null (qr_profiles_find_machine (&qr_profiles_builtin, "pc-q35-99.0", "x86_64"));
}

static const struct
{
  const char *name, *text, *message;
} refused[] = {
  { "kind", "{\"schema\":1,\"kind\":\"devices\",\"source\":\"s\",\"devices\":[]}", "an overlay was expected, not \"devices\"" },
  { "schema", "{\"schema\":2,\"kind\":\"overlay\",\"source\":\"s\"}", "a profile of schema 1 can be read" },
  { "no-source", "{\"schema\":1,\"kind\":\"overlay\"}", "\"source\" is missing here" },
  { "lacks-list", HEAD "\"devices\":[]}", "\"buses\" is missing here" },
  { "other-list", HEAD "\"policies\":[]}", "unknown key \"policies\"" },
  { "no-list", HEAD "\"devices\":1,\"buses\":[],\"options\":[],\"machines\":[]}", "expected an array" },
  { "bad-record", HEAD "\"devices\":[{\"bus\":\"PCI\"}],\"buses\":[],\"options\":[],\"machines\":[]}",
    "\"driver\" is missing here" },
  { "twice", HEAD "\"devices\":[{\"driver\":\"x\"},{\"driver\":\"x\"}],\"buses\":[],\"options\":[],\"machines\":[]}",
    "device type \"x\" is described twice" },
  { "circle", HEAD "\"devices\":[],\"buses\":[{\"type\":\"x\",\"parent\":\"y\"},{\"type\":\"y\",\"parent\":\"y\"}],\"options\":[],"
                   "\"machines\":[]}",
    "bus type \"x\" descends from itself" },
  { "machine-twice", HEAD "\"devices\":[],\"buses\":[],\"options\":[],\"machines\":[{\"machine\":\"x\",\"like\":\"y\"},"
                          "{\"machine\":\"x\",\"like\":\"z\"}]}",
    "machine \"x\" is described twice" },
};

static void
test_refused (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrProfiles overlay;

  g_assert_false (load (refused[i].text, pool, &overlay, &error));
  g_assert_true (g_str_has_prefix (error->message, refused[i].message));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overlay/found", test_found);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/overlay/refused/%s", refused[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_refused);
    }
  return g_test_run ();
}
