/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies that the user writes: those that ship are read to the same places, and what
 * cannot work is refused at its line and column. */
#include "config.h"

#include "policy-file.h"
#include "testlib.h"

#include <string.h>

#define HEAD "{\"schema\":1,\"kind\":\"policy\",\"source\":\"s\",\"policy\":\"p\",\"version\":1,\"title\":\"t\",\"machines\":[\"q35\"],\n"
#define PORTS(driver, id) \
  "\"homes\":[{\"home\":\"a\",\"on\":\"root\",\"slots\":\"4\",\"functions\":\"0\",\n" \
  "\"behind\":{\"driver\":" driver ",\"id\":" id ",\"inner-slots\":\"0\"}}],\n"
#define RULES(match) "\"rules\":[{\"rule\":\"p/a\",\"match\":" match ",\"homes\":[\"a\"],\"reason\":\"r\"}]}"
#define GOOD PORTS ("\"pcie-root-port\"", "\"port\"")

static const struct
{
  const char *name, *text, *message, *place;
} refused[] = {
  { "empty", "", "broken JSON: expected a JSON value", "1:1" },
  { "no-json", "policy", "broken JSON: expected a JSON value", "1:1" },
  { "another-kind", "{\"schema\":1,\"kind\":\"machine\",\"source\":\"s\"}",
    "expected a profile of kind \"policy\", not \"machine\"", "1:20" },
  { "another-schema", "{\"schema\":2,\"kind\":\"policy\",\"source\":\"s\"}", "a profile of schema 1 can be read, this is of schema 2", "1:11" },
  { "released", "{\"schema\":1,\"kind\":\"policy\",\"source\":\"s\",\n\"policy\":\"ich9\",\"version\":1,\"title\":\"t\",\"machines\":[\"q35\"],\n" GOOD RULES ("{}"),
    "this is not policy ich9@1, which the program has", "2:10" },
  { "inner-slot", HEAD "\"homes\":[{\"home\":\"a\",\"on\":\"root\",\"slots\":\"4\",\"functions\":\"0\",\n"
    "\"behind\":{\"driver\":\"pcie-root-port\",\"id\":\"p\",\"inner-slots\":\"0,3\"}}],\n" RULES ("{}"),
    "behind \"pcie-root-port\" a guest finds slot 0 only", "3:60" },
  { "no-source", "{\"schema\":1,\"kind\":\"policy\"}", "\"source\" is missing here", "1:1" },
  { "unknown-key", HEAD "\"colour\":1," GOOD RULES ("{}"), "unknown key \"colour\"", "2:1" },
  { "key-twice", HEAD "\"version\":1," GOOD RULES ("{}"), "broken JSON: the key stands here a second time", "2:1" },
  { "no-type", HEAD PORTS ("\"pcie-rot-port\"", "\"port\"") RULES ("{}"), "no device type is called \"pcie-rot-port\"", "3:20" },
  { "no-port", HEAD PORTS ("\"edu\"", "\"port\"") RULES ("{}"), "\"edu\" is no port or bridge", "3:20" },
  { "no-bus-of-its-own", HEAD PORTS ("\"virtio-scsi-pci\"", "\"port\"") RULES ("{}"),
    "\"virtio-scsi-pci\" is no port or bridge", "3:20" },
  { "bad-id", HEAD PORTS ("\"pcie-root-port\"", "\"a,b\"") RULES ("{}"), "\"a,b\" cannot begin an id", "3:42" },
  { "empty-id", HEAD PORTS ("\"pcie-root-port\"", "\"\"") RULES ("{}"), "\"\" cannot begin an id", "3:42" },
  { "rule-without-type", HEAD GOOD RULES ("{\"drivers\":[\"edu\",\n\"no-such\"]}"), "no device type is called \"no-such\"", "5:1" },
  { "lacking-without-type", HEAD GOOD RULES ("{\"unless-line-has\":[\n\"no-such\"]}"), "no device type is called \"no-such\"", "5:1" },
  { "view-without-type", HEAD "\"views\":[{\"drivers\":[\"no-such\"],\"as\":\"endpoint\"}],\n" GOOD RULES ("{}"),
    "no device type is called \"no-such\"", "2:22" },
};

static const QrPolicy *
load (const char *text, QrPool *pool, GError **error)
{
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), "p.json", 0, QR_STATUS_CONFIG, error);

  return doc == NULL ? NULL : qr_policy_load (doc, &qr_profiles_builtin, pool, error);
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *drawn = NULL, *place = g_strdup_printf ("  p.json:%s: ", refused[i].place);

  g_assert_null (load (refused[i].text, pool, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  if (!g_str_has_prefix (error->message, refused[i].message))
    g_assert_cmpstr (error->message, ==, refused[i].message);
  drawn = qr_error_render (error, "qriser");
  if (strstr (drawn, place) == NULL)
    g_assert_cmpstr (drawn, ==, place);
}

static QrPlan *
plan_with (const QrPolicy *policy, GError **error)
{
  const char *const words[] = { "-nodefaults", "-M", policy->machines[0], "-device", "edu", "-device", "virtio-vga",
                                "-device", "nvme,serial=1", "-device", "qemu-xhci", "-device", "rtl8139", "-device", "e1000e",
                                NULL };
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .policy = policy,
                            .program = "qemu", .place = { FALSE, QR_SPARE_POLICY, NULL } };

  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* A shipped file, read, plans as the compiled one does. */
static void
test_same (gconstpointer data)
{
  const QrPolicy *policy = data;
  g_autofree char *file = g_strdup_printf ("%s-%u.json", policy->name, policy->version);
  g_autofree char *path = g_build_filename (g_getenv ("SRCDIR"), "profiles", "policies", file, NULL);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  const QrPolicy *own = qr_policy_read (path, &qr_profiles_builtin, pool, &error);
  g_autoptr (QrPlan) read = NULL, built = NULL;
  g_autofree char *one = NULL, *two = NULL;

  g_assert_no_error (error);
  read = plan_with (own, &error);
  g_assert_no_error (error);
  built = plan_with (policy, &error);
  g_assert_no_error (error);
  one = g_strjoinv ("\n", read->argv);
  two = g_strjoinv ("\n", built->argv);
  g_assert_cmpstr (one, ==, two);
}

/* One with a home of its own; what it does not name has no place. */
static void
test_own (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  const QrPolicy *own = load (HEAD GOOD RULES ("{\"drivers\":[\"nvme\"]}"), pool, &error);
  static const char *const words[] = { "-nodefaults", "-device", "nvme,serial=1,id=d", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .policy = own,
                            .program = "qemu" };
  g_autoptr (QrPlan) plan = NULL;

  g_assert_no_error (error);
  plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  g_assert_no_error (error);
  test_path_is (plan, "d", "00:04.0/00.0");
  test_path_is (plan, "port-04.0", "00:04.0");
  g_assert_null (plan_with (own, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-place", "policy p@1 has no rule that places edu");
}

/* A rule's homes are a preference, and the next rule takes what finds them full, or a demand. */
static void
test_demand (void)
{
  const char *const words[] = { "-nodefaults", "-device", "nvme,serial=1,id=a", "-device", "nvme,serial=2,id=b", NULL };

  for (gsize demands = 0; demands < 2; demands++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strdup_printf (
          HEAD "\"homes\":[{\"home\":\"a\",\"on\":\"root\",\"slots\":\"4\",\"functions\":\"0\"},"
          "{\"home\":\"b\",\"on\":\"root\",\"slots\":\"5-8\",\"functions\":\"0\"}],"
          "\"rules\":[{\"rule\":\"p/a\",\"match\":{\"drivers\":[\"nvme\"]},\"homes\":[\"a\"],\"demand\":%s,\"reason\":\"r\"},"
          "{\"rule\":\"p/b\",\"match\":{},\"homes\":[\"b\"],\"reason\":\"r\"}]}",
          demands ? "true" : "false");
      const QrPolicy *own = load (text, pool, &error);
      QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .policy = own, .program = "qemu" };
      g_autoptr (QrPlan) plan = NULL;

      g_assert_no_error (error);
      plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
      if (demands)
        {
          test_error_code (&error, QR_STATUS_REQUEST, "no-place", "home \"a\" of policy p@1 is full: held by a");
          continue;
        }
      g_assert_no_error (error);
      test_path_is (plan, "a", "00:04.0");
      test_path_is (plan, "b", "00:05.0");
    }
}

static const struct
{
  const char *match, *device;
  gboolean matches;
} matched[] = {
  { "{\"classes\":[\"0108\"]}", "nvme,serial=1", TRUE },
  { "{\"classes\":[\"01\"]}", "nvme,serial=1", TRUE },
  { "{\"classes\":[\"010802\"]}", "nvme,serial=1", TRUE },
  { "{\"classes\":[\"010801\"]}", "nvme,serial=1", FALSE },
  { "{\"classes\":[\"02\",\"0c03\"]}", "qemu-xhci", TRUE },
  { "{\"classes\":[\"02\",\"0c0320\"]}", "qemu-xhci", FALSE },
  { "{\"classes\":[]}", "qemu-xhci", FALSE },
  { "{\"roles\":[\"storage\"]}", "nvme,serial=1", TRUE },
  { "{\"roles\":[\"network\",\"bus\"]}", "qemu-xhci", TRUE },
  { "{\"roles\":[\"network\"]}", "qemu-xhci", FALSE },
  { "{\"roles\":[\"network\"]}", "e1000e", TRUE },
  { "{\"roles\":[\"other\"]}", "edu", TRUE },
  { "{\"roles\":[\"storage\"],\"classes\":[\"0108\"]}", "virtio-blk-pci,drive=d", FALSE },
};

static void
test_matched (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (HEAD GOOD RULES ("%s"), matched[i].match);
  const QrPolicy *own = load (text, pool, &error);
  const char *const words[] = { "-nodefaults", "-device", matched[i].device, NULL };
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .policy = own,
                            .program = "qemu" };
  g_autoptr (QrPlan) plan = NULL;

  g_assert_no_error (error);
  plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  if (matched[i].matches)
    g_assert_no_error (error);
  else
    test_error_code (&error, QR_STATUS_REQUEST, "no-place", "policy p@1 has no rule that places ");
}

static void
test_missing (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (qr_policy_read ("/nonexistent/p.json", &qr_profiles_builtin, pool, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_NO_INPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/policy-file/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (guint32 i = 0; i < qr_profiles_builtin.n_policies; i++)
    {
      const QrPolicy *policy = &qr_profiles_builtin.policies[i];
      g_autofree char *name = g_strdup_printf ("/policy-file/same/%s-%u", policy->name, policy->version);

      g_test_add_data_func (name, policy, test_same);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (matched); i++)
    {
      g_autofree char *name = g_strdup_printf ("/policy-file/matched/%s %s", matched[i].match, matched[i].device);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_matched);
    }
  g_test_add_func ("/policy-file/own", test_own);
  g_test_add_func ("/policy-file/demand", test_demand);
  g_test_add_func ("/policy-file/missing", test_missing);
  return g_test_run ();
}
