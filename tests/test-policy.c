/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies that cannot work are refused where they are written. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#define HEAD "{\"policy\":\"p\",\"version\":1,\"title\":\"t\",\"machines\":[\"q35\"],\n"
#define ROOT "{\"home\":\"a\",\"on\":\"root\",\"slots\":\"1-1f\",\"functions\":\"0\"}"
#define BEHIND(text) \
  "{\"home\":\"b\",\"on\":\"root\",\"slots\":\"2\",\"functions\":\"0\",\n\"behind\":{" text "}}"
#define PORT "\"driver\":\"d\",\"id\":\"port\",\"inner-slots\":\"0\""
#define HOMES(text) HEAD "\"homes\":[" text "],"
#define RULE "{\"rule\":\"p/a\",\"match\":{},\"homes\":[\"a\"],\"reason\":\"r\"}"
#define RULES(text) HOMES (ROOT) "\n\"rules\":[" text "]}"

static const struct
{
  const char *name, *text, *message, *place;
} refused[] = {
  { "no-homes", HEAD "\"rules\":[]}", "\"homes\" is missing here", "1:1" },
  { "no-rules", HEAD "\"homes\":[]}", "\"rules\" is missing here", "1:1" },
  { "rule-names-no-home",
    RULES ("\n{\"rule\":\"p/a\",\"match\":{},\"homes\":[\"z\"],\"reason\":\"r\"}"),
    "no home is called \"z\"", "4:35" },
  { "home-twice", HOMES (ROOT ",\n" ROOT) "\"rules\":[]}", "home \"a\" is defined twice", "3:9" },
  { "match-key", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"drivr\":[]}}"), "unknown key \"drivr\"", "4:1" },
  { "match-kind", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"kinds\":[\"port\"]}}"),
    "unknown value \"port\"", "4:10" },
  { "match-named", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"named-bus\":\"yes\"}}"),
    "unknown value \"yes\"", "4:13" },
  { "match-class", RULES ("{\"rule\":\"p/a\",\"homes\":[\"a\"],\"reason\":\"r\",\"match\":{\"classes\":[\"02\",\n\"020\"]}}"),
    "expected a PCI class of two, four or six digits", "4:1" },
  { "match-class-letter", RULES ("{\"rule\":\"p/a\",\"homes\":[\"a\"],\"reason\":\"r\",\"match\":{\"classes\":[\n\"0x\"]}}"),
    "expected a PCI class of two, four or six digits", "4:1" },
  { "match-role", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"roles\":[\"disk\"]}}"), "unknown value \"disk\"", "4:10" },
  { "match-vga", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"vga\":\"one\"}}"), "unknown value \"one\"", "4:7" },
  { "match-hotplug", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"hotplug\":\"yes\"}}"), "unknown value \"yes\"", "4:11" },
  { "match-integrated", RULES ("{\"rule\":\"p/a\",\"match\":{\n\"integrated\":\"on\"}}"), "expected true or false", "4:14" },
  { "match-list", RULES ("{\"rule\":\"p/a\",\"match\":\n[]}"), "expected an object", "4:1" },
  { "no-match", RULES ("{\"rule\":\"p/a\",\"homes\":[\"a\"],\"reason\":\"r\"}"), "\"match\" is missing here",
    "3:10" },
  { "no-reason", RULES ("{\"rule\":\"p/a\",\"match\":{},\"homes\":[\"a\"]}"), "\"reason\" is missing here",
    "3:10" },
  { "slot-range", HOMES ("{\"home\":\"a\",\"on\":\"root\",\n\"slots\":\"1-20\",\"functions\":\"0\"}"),
    "expected hexadecimal numbers up to 1f", "3:9" },
  { "slot-backwards", HOMES ("{\"home\":\"a\",\"on\":\"root\",\n\"slots\":\"5-4\",\"functions\":\"0\"}"),
    "expected hexadecimal numbers up to 1f", "3:9" },
  { "function-range", HOMES ("{\"home\":\"a\",\"on\":\"root\",\"slots\":\"1\",\n\"functions\":\"0-8\"}"),
    "expected hexadecimal numbers up to 7", "3:13" },
  { "where", HOMES ("{\"home\":\"a\",\n\"on\":\"bus\"}"), "unknown value \"bus\"", "3:6" },
  { "inner-slots", HOMES (BEHIND ("\"driver\":\"d\",\"id\":\"p\",\"inner-slots\":\"0-20\"")),
    "expected hexadecimal numbers up to 1f", "3:47" },
  { "carrier-key", HOMES (BEHIND (PORT ",\"adopt\":true")), "unknown key \"adopt\"", "3:54" },
  { "opened-by-nobody",
    HOMES ("{\"home\":\"a\",\"on\":\"root\",\"slots\":\"1\",\"functions\":\"0\",\n\"opened-by\":\"z\"}")
      "\"rules\":[]}",
    "\"z\" is no home with something to go behind", "3:13" },
  { "opened-by-bare-home",
    HOMES (ROOT ",{\"home\":\"c\",\"on\":\"root\",\"slots\":\"1\",\"functions\":\"0\",\n\"opened-by\":\"a\"}")
      "\"rules\":[]}",
    "\"a\" is no home with something to go behind", "3:13" },
  { "inside-nobody",
    HOMES ("{\"home\":\"a\",\"on\":\"inside\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"z\"]}")
      "\"rules\":[]}",
    "\"z\" is no home with something to go behind", "3:11" },
  { "inside-bare-home",
    HOMES (ROOT ",{\"home\":\"c\",\"on\":\"inside\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"a\"]}")
      "\"rules\":[]}",
    "\"a\" is no home with something to go behind", "3:11" },
  { "inside-without-list",
    HOMES ("{\"home\":\"a\",\"slots\":\"1\",\"functions\":\"0\",\n\"on\":\"inside\"}") "\"rules\":[]}",
    "\"on\": \"inside\" needs homes under \"inside\"", "3:6" },
  { "list-without-inside",
    HOMES (BEHIND (PORT) ",{\"home\":\"a\",\"on\":\"root\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"b\"]}")
      "\"rules\":[]}",
    "\"on\": \"inside\" needs homes under \"inside\"", "4:10" },
  { "list-with-companion",
    HOMES (BEHIND (PORT) ",{\"home\":\"a\",\"on\":\"companion\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"b\"]}")
      "\"rules\":[]}",
    "\"on\": \"inside\" needs homes under \"inside\"", "4:10" },
  { "numbers", HOMES (BEHIND (PORT ",\"numbers\":\"x\"")), "unknown value \"x\"", "3:64" },
  { "spare-nobody", HEAD "\"spare\":{\"homes\":[\"a\"]},\n\"homes\":[" ROOT "],\"rules\":[]}",
    "\"a\" is no home with something to go behind", "2:19" },
  { "hints-of-qemu", HEAD "\"keeps-state\":true,\n\"hints\":true,\"homes\":[" ROOT "],\"rules\":[]}",
    "a policy with \"keeps-state\" cannot follow hints", "3:9" },
  { "hints-of-libvirt", HEAD "\"counts-first\":true,\n\"hints\":true,\"homes\":[" ROOT "],\"rules\":[]}",
    "a policy with \"counts-first\" cannot follow hints", "3:9" },
  { "unknown-key", HEAD "\"home\":[]}", "unknown key \"home\"", "2:1" },
  { "version-0", "{\"policy\":\"p\",\n\"version\":0,\"title\":\"t\",\"machines\":[],\"homes\":[],\"rules\":[]}",
    "versions of a policy begin with 1", "2:11" },
  { "name", "{\"policy\":\n\"p@1\",\"version\":1,\"title\":\"t\",\"machines\":[],\"homes\":[],\"rules\":[]}",
    "\"p@1\" cannot be the name of a policy", "2:1" },
  { "no-name", "{\"policy\":\n\"\",\"version\":1,\"title\":\"t\",\"machines\":[],\"homes\":[],\"rules\":[]}",
    "\"\" cannot be the name of a policy", "2:1" },
  { "inside-itself", HOMES ("{\"home\":\"a\",\"on\":\"inside\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"a\"],"
    "\"behind\":{" PORT "}}"), "home \"a\" is inside itself only", "3:10" },
  { "inside-in-a-circle", HOMES (BEHIND (PORT) ",{\"home\":\"a\",\"on\":\"inside\",\"slots\":\"1\",\"functions\":\"0\",\n\"inside\":[\"c\"],"
    "\"behind\":{" PORT "}},{\"home\":\"c\",\"on\":\"inside\",\"slots\":\"1\",\"functions\":\"0\",\"inside\":[\"a\"],\"behind\":{" PORT "}}"),
    "home \"a\" is inside itself only", "4:10" },
  { "version", "{\"policy\":\"p\",\n\"version\":10000}", "expected a whole number, 0 to 9999", "2:11" },
};

static gboolean
load (const char *text, QrPool *pool, QrPolicy *out, GError **error)
{
  g_autofree char *closed = NULL;
  g_autoptr (QrJsonDoc) doc = NULL;
  QrJson root;

  if (g_str_has_suffix (text, ",")) /* the homes are wrong: no rules follow */
    text = closed = g_strconcat (text, "\"rules\":[]}", NULL);
  doc = qr_json_doc_parse (text, strlen (text), "p.json", 0, QR_STATUS_CONFIG, error);
  if (doc == NULL)
    g_error ("%s: %s", text, (*error)->message);
  qr_json_root (doc, &root);
  return qr_schema_load (&qr_policy_schema, &root, pool, out, error)
         && qr_policy_validate (out, &root, error);
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  QrPolicy policy = { NULL };
  g_autofree char *drawn = NULL, *place = g_strdup_printf ("  p.json:%s: ", refused[i].place);

  g_assert_false (load (refused[i].text, pool, &policy, &error));
  g_assert_true (g_str_has_prefix (error->message, refused[i].message));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  drawn = qr_error_render (error, "qriser");
  if (strstr (drawn, place) == NULL)
    g_assert_cmpstr (drawn, ==, place);
}

static void
test_drawn (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrPolicy policy = { NULL };
  GError *error = NULL;

  g_assert_false (load (RULES ("\n{\"rule\":\"p/a\",\"match\":{},\"homes\":[\"zoo\"],\"reason\":\"r\"}"), pool,
                        &policy, &error));
  test_error_is (&error, "qriser: error: no home is called \"zoo\"\n"
                         "  p.json:4:35: {\"rule\":\"p/a\",\"match\":{},\"homes\":[\"zoo\"],\"reason\":\"r\"}]}\n"
                         "                                                 ^~~~~\n"
                         "  hint: define it under \"homes\"\n");
}

static void
test_good (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrPolicy policy = { NULL };
  GError *error = NULL;

  g_assert_true (load (HOMES (ROOT "," BEHIND (PORT) ",{\"home\":\"c\",\"on\":\"chosen\",\"slots\":\"1\","
                                   "\"functions\":\"1-7\",\"opened-by\":\"b\"}") "\"rules\":[" RULE "]}",
                       pool, &policy, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (policy.n_homes, ==, 3);
  g_assert_true (qr_policy_find_home (&policy, "c") == &policy.homes[2]);
  g_assert_null (qr_policy_find_home (&policy, "C"));
  g_assert_cmphex (policy.homes[0].slots, ==, 0xfffffffe);
  g_assert_cmphex (policy.homes[2].functions, ==, 0xfe);
  g_assert_cmpint (policy.homes[2].where, ==, QR_WHERE_CHOSEN);
  g_assert_cmpstr (policy.homes[1].carrier->prefix, ==, "port");
  g_assert_cmpuint (policy.homes[1].carrier->inner_slots, ==, 1);
  g_assert_cmpuint (policy.rules[0].match->kinds, ==, 0);
}

/* The shipped ones: whatever a device is, the policy's rules name it somewhere. */
static void
test_shipped (gconstpointer data)
{
  const QrPolicy *policy = data;
  guint32 kinds = 0;

  for (guint32 i = 0; i < policy->n_rules; i++)
    {
      const QrMatch *match = policy->rules[i].match;

      for (const char *const *home = policy->rules[i].homes; *home != NULL; home++)
        g_assert_nonnull (qr_policy_find_home (policy, *home));
      g_assert_cmpuint (strlen (policy->rules[i].reason), >, 0);
      if (match->drivers == NULL && match->property == NULL)
        kinds |= match->kinds == 0 ? (1u << QR_N_WANTS) - 1 : match->kinds;
    }
  g_assert_cmphex (kinds, ==, (1u << QR_N_WANTS) - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/policy/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (guint32 i = 0; i < qr_profiles_builtin.n_policies; i++)
    {
      const QrPolicy *policy = &qr_profiles_builtin.policies[i];
      g_autofree char *name = g_strdup_printf ("/policy/shipped/%s-%u", policy->name, policy->version);

      g_test_add_data_func (name, policy, test_shipped);
    }
  g_test_add_func ("/policy/drawn", test_drawn);
  g_test_add_func ("/policy/good", test_good);
  return g_test_run ();
}
