/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A profile that is written says what the one says that was read. */
#include "config.h"

#include "seccomp-write.h"

#include <errno.h>
#include <string.h>

#include "seccomp-named.h"
#include "testlib.h"

static const char *const nothing[] = { NULL };

static void
read_named (const char *name, QrSeccompProfile *out)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = qr_seccomp_named (name, FALSE, warnings, out, &error);

  g_assert_no_error (error);
  g_assert_true (good);
}

static void
read_text (const char *text, QrSeccompProfile *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), "written", 0, QR_STATUS_CONFIG, &error);
  QrJson root;
  gboolean good;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  good = qr_seccomp_read (&root, NULL, NULL, out, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

static gint
compare_lines (gconstpointer one, gconstpointer two)
{
  return strcmp (*(const char *const *) one, *(const char *const *) two);
}

/* Each rule as text, sorted; without those that there are twice, or are of no use. */
static char *
rules_of (const QrSeccompProfile *profile)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *rule = &g_array_index (profile->rules, QrSeccompRule, i);
      g_autofree char *text = qr_seccomp_rule_text (rule);
      g_autofree char *line = g_strdup_printf ("%d %s", rule->number, text);

      if (rule->number >= 0 && rule->action != profile->default_action
          && !g_ptr_array_find_with_equal_func (lines, line, g_str_equal, NULL))
        g_ptr_array_add (lines, g_steal_pointer (&line));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static void
test_round (gconstpointer data)
{
  g_auto (QrSeccompProfile) profile = { 0 }, again = { 0 };
  g_autoptr (GString) text = NULL, same = NULL;
  g_autofree char *before = NULL, *after = NULL;

  read_named (data, &profile);
  text = qr_seccomp_write (&profile, nothing);
  read_text (text->str, &again);
  g_assert_cmphex (profile.default_action, ==, again.default_action);
  before = rules_of (&profile);
  after = rules_of (&again);
  g_assert_cmpstr (before, ==, after);
  same = qr_seccomp_write (&again, nothing);
  g_assert_cmpstr (text->str, ==, same->str);
}

static void
test_text (void)
{
  static const char *const comments[] = { "one \"quoted\"", "two", NULL };
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GString) text = NULL;

  read_text ("{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":["
             "{\"names\":[\"write\",\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"
             "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":97,\"args\":["
             "{\"index\":0,\"value\":240,\"valueTwo\":16,\"op\":\"SCMP_CMP_MASKED_EQ\"},"
             "{\"index\":1,\"value\":3,\"op\":\"SCMP_CMP_NE\"}]},"
             "{\"names\":[\"close\"],\"action\":\"SCMP_ACT_ALLOW\"},"
             "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}]}",
             &profile);
  text = qr_seccomp_write (&profile, comments);
  g_strdelimit (text->str, "\n", ' ');
  g_assert_nonnull (
      strstr (text->str, "\"comment\": [     \"one \\\"quoted\\\"\",     \"two\"   ]"));
  g_assert_nonnull (strstr (text->str, "\"names\": [\"close\", \"read\", \"write\"]"));
  g_assert_nonnull (strstr (text->str, "\"errnoRet\": 97"));
  g_assert_nonnull (strstr (text->str, "{ \"index\": 0, \"value\": 240, \"valueTwo\": 16, \"op\": "
                                       "\"SCMP_CMP_MASKED_EQ\" }, { \"index\": 1, \"value\": 3, "
                                       "\"op\": \"SCMP_CMP_NE\" }"));
  g_assert_null (strstr (text->str, "mount"));
}

/* Each comparison for order, as it is written and as it is said. */
static void
test_order (void)
{
  static const struct
  {
    const char *op, *text;
  } cases[] = {
    { "SCMP_CMP_LT", "allowed where argument 0 is less than 0x26" },
    { "SCMP_CMP_LE", "allowed where argument 0 is at most 0x26" },
    { "SCMP_CMP_GT", "allowed where argument 0 is more than 0x26" },
    { "SCMP_CMP_GE", "allowed where argument 0 is at least 0x26" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *args = g_strdup_printf ("{ \"index\": 0, \"value\": 38, \"op\": \"%s\" }", cases[i].op);
      g_autofree char *whole
          = g_strdup_printf ("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"socket\"],"
                             "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[%s]}]}",
                             args);
      g_auto (QrSeccompProfile) profile = { 0 };
      g_autoptr (GString) text = NULL;
      g_autofree char *said = NULL;

      read_text (whole, &profile);
      text = qr_seccomp_write (&profile, nothing);
      g_assert_nonnull (strstr (text->str, args));
      said = qr_seccomp_rule_text (&g_array_index (profile.rules, QrSeccompRule, 0));
      g_assert_cmpstr (said, ==, cases[i].text);
    }
}

static void
test_empty (void)
{
  g_auto (QrSeccompProfile) profile = { SCMP_ACT_LOG, g_array_new (FALSE, FALSE, 1) };
  g_auto (QrSeccompProfile) again = { 0 };
  g_autoptr (GString) text = qr_seccomp_write (&profile, nothing);

  read_text (text->str, &again);
  g_assert_cmphex (again.default_action, ==, SCMP_ACT_LOG);
  g_assert_cmpuint (again.rules->len, ==, 0);
}

static void
test_count (void)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  QrSeccompCount count;

  read_text ("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
             "{\"names\":[\"read\",\"write\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
             "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
             "{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]},"
             "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}]}",
             &profile);
  qr_seccomp_count (&profile, &count);
  g_assert_cmpuint (count.always, ==, 2);
  g_assert_cmpuint (count.some, ==, 1);
  g_assert_cmpuint (count.known, >, 300);
}

static void
test_actions (void)
{
  static const struct
  {
    guint32 action;
    const char *text;
  } cases[] = {
    { SCMP_ACT_ALLOW, "allowed" },       { SCMP_ACT_LOG, "allowed and logged" },
    { SCMP_ACT_ERRNO (EPERM), "EPERM" }, { SCMP_ACT_ERRNO (3000), "errno 3000" },
    { SCMP_ACT_TRAP, "SIGSYS" },         { SCMP_ACT_KILL_PROCESS, "killed" },
    { SCMP_ACT_KILL_THREAD, "killed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = qr_seccomp_action_text (cases[i].action);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_named (gconstpointer data)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (qr_seccomp_named (data, FALSE, warnings, &profile, &error));
  test_error_code (&error, QR_STATUS_USAGE, "no-profile", data);
}

/* Beside what is asked of a running QEMU overlays are filters of their own. */
static void
test_overlays (void)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_auto (QrSeccompProfile) with = { 0 }, without = { 0 };
  g_autofree char *one = NULL, *two = NULL;

  g_assert_true (qr_seccomp_named ("default+client+kvm-wx", TRUE, warnings, &with, NULL));
  read_named ("default+client", &without);
  one = rules_of (&with);
  two = rules_of (&without);
  g_assert_cmpstr (one, ==, two);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "strict", "default", "desktop", "legacy-spawn",
                                       "audit",  "kvm-wx",  "9p",      "strict+9p+client" };
  static const char *const wrong[]
      = { "", "defaul", "default+", "default+no", "default+kvm-wx", "kvm-wx+9p", "9p+numa" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-write/round/%s", names[i]);

      g_test_add_data_func (path, names[i], test_round);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-named/wrong/%u", i);

      g_test_add_data_func (path, wrong[i], test_named);
    }
  g_test_add_func ("/seccomp-named/overlays", test_overlays);
  g_test_add_func ("/seccomp-write/text", test_text);
  g_test_add_func ("/seccomp-write/order", test_order);
  g_test_add_func ("/seccomp-write/empty", test_empty);
  g_test_add_func ("/seccomp-write/count", test_count);
  g_test_add_func ("/seccomp-write/actions", test_actions);
  return g_test_run ();
}
