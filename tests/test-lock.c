/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lock files as text: what is read, set, forgotten and written, and the limits. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "bounds.h"
#include "lock.h"

static const char sample[] = "{\n"
                             "  \"schema\": 1,\n"
                             "  \"kind\": \"lock\",\n"
                             "  \"policy\": \"ich9@1\",\n"
                             "  \"machine\": \"q35\",\n"
                             "  \"places\": [\n"
                             "    { \"key\": \"net0\", \"driver\": \"virtio-net-pci\", \"path\": "
                             "\"00:1c.0/00.0\" },\n"
                             "    { \"key\": \"a \\\"name\\\"/é\", \"driver\": \"e1000\", \"path\": "
                             "\"fe:1f.7\" }\n"
                             "  ]\n"
                             "}\n";

static QrLock *
parse (const char *text)
{
  GError *error = NULL;
  QrLock *lock = qr_lock_parse (text, strlen (text), "f", &error);

  g_assert_no_error (error);
  g_assert_nonnull (lock);
  return lock;
}

static void
set (QrLock *lock, const char *key, const char *driver, const char *path)
{
  GError *error = NULL;

  g_assert_true (qr_lock_set (lock, key, driver, path, &error));
  g_assert_no_error (error);
}

/* Checks the text of @lock, and that it is read as the same. */
static void
format_is (const QrLock *lock, const char *wanted)
{
  GString *text = qr_lock_format (lock), *again;
  g_autoptr (QrLock) copy = NULL;

  g_assert_cmpstr (text->str, ==, wanted);
  copy = parse (text->str);
  again = qr_lock_format (copy);
  g_assert_cmpstr (again->str, ==, wanted);
  g_assert_cmpuint (g_hash_table_size (copy->by_key), ==, copy->places->len);
  g_assert_cmpuint (g_hash_table_size (copy->by_path), ==, copy->places->len);
  g_string_free (text, TRUE);
  g_string_free (again, TRUE);
}

static void
test_parse (void)
{
  g_autoptr (QrLock) lock = parse (sample);
  const QrLockPlace *place = lock->places->pdata[1];

  g_assert_cmpstr (lock->policy, ==, "ich9@1");
  g_assert_cmpstr (lock->machine, ==, "q35");
  g_assert_cmpuint (lock->places->len, ==, 2);
  g_assert_cmpstr (place->key, ==, "a \"name\"/é");
  g_assert_cmpstr (place->driver, ==, "e1000");
  g_assert_cmpstr (place->path, ==, "fe:1f.7");
  g_assert_true (qr_lock_find (lock, "a \"name\"/é") == place);
  g_assert_true (qr_lock_at (lock, "fe:1f.7") == place);
  g_assert_true (qr_lock_find (lock, "net0") == lock->places->pdata[0]);
  g_assert_null (qr_lock_find (lock, "NET0"));
  g_assert_null (qr_lock_find (lock, ""));
  g_assert_null (qr_lock_at (lock, "00:1c.0"));
  format_is (lock, sample);
}

/* However it is laid out, as long as it is JSON and a last line ends. */
static void
test_layout (void)
{
  g_autoptr (QrLock) lock = parse (
      "\r\n{\"places\":[{\"path\":\"00:1c.0\\/00.0\",\"driver\":\"virtio-net-pci\",\"key\":\"\\u006eet0\"},\t"
      "{\"key\":\"a \\\"name\\\"/\\u00e9\",\"driver\":\"e1000\",\"path\":\"fe:1f.7\"}],"
      "\"machine\":\"q35\",\"policy\":\"ich9@1\",\"kind\":\"lock\",\"schema\":1}\r\n");

  format_is (lock, sample);
}

static void
test_empty (void)
{
  g_autoptr (QrLock) lock = qr_lock_new ("qemu@12", "pc-q35-7.2");

  g_assert_cmpuint (lock->places->len, ==, 0);
  g_assert_null (qr_lock_find (lock, "a"));
  g_assert_false (qr_lock_forget (lock, "a"));
  format_is (lock, "{\n  \"schema\": 1,\n  \"kind\": \"lock\",\n  \"policy\": \"qemu@12\",\n"
                   "  \"machine\": \"pc-q35-7.2\",\n  \"places\": []\n}\n");
}

/* The strings given are copied; a place that is set again stays where it is in the order. */
static void
test_set (void)
{
  g_autoptr (QrLock) lock = qr_lock_new ("ich9@1", "q35");
  char key[] = "net0", driver[] = "e1000", path[] = "00:19.0";

  set (lock, key, driver, path);
  memset (key, '?', 4);
  memset (driver, '?', 5);
  memset (path, '?', 7);
  set (lock, "a \"name\"/é", "e1000", "fe:1f.7");
  g_assert_cmpstr (qr_lock_find (lock, "net0")->path, ==, "00:19.0");
  set (lock, "net0", "virtio-net-pci", "00:1c.0/00.0");
  g_assert_null (qr_lock_at (lock, "00:19.0"));
  g_assert_cmpstr (qr_lock_at (lock, "00:1c.0/00.0")->key, ==, "net0");
  format_is (lock, sample);
  set (lock, "net0", "virtio-net-pci", "00:1c.0/00.0");
  format_is (lock, sample);
  set (lock, "new", "e1000", "00:19.0");
  g_assert_cmpuint (lock->places->len, ==, 3);
}

static void
test_forget (void)
{
  g_autoptr (QrLock) lock = parse (sample);

  g_assert_false (qr_lock_forget (lock, "net1"));
  g_assert_true (qr_lock_forget (lock, "net0"));
  g_assert_false (qr_lock_forget (lock, "net0"));
  g_assert_null (qr_lock_find (lock, "net0"));
  g_assert_null (qr_lock_at (lock, "00:1c.0/00.0"));
  g_assert_cmpuint (lock->places->len, ==, 1);
  set (lock, "other", "virtio-blk-pci", "00:1c.0/00.0");
  set (lock, "net0", "virtio-net-pci", "00:1c.1/00.0");
  g_assert_cmpstr (((const QrLockPlace *) lock->places->pdata[2])->key, ==, "net0");
  g_assert_true (qr_lock_forget (lock, "other"));
  g_assert_true (qr_lock_forget (lock, "net0"));
  g_assert_true (qr_lock_forget (lock, "a \"name\"/é"));
  g_assert_cmpuint (lock->places->len, ==, 0);
  g_assert_cmpuint (g_hash_table_size (lock->by_path), ==, 0);
}

#define PATH_HINT \
  "  hint: write BUS:SLOT.FUNCTION and, for what lies below, /SLOT.FUNCTION, in lower-case " \
  "hexadecimal with all digits\n"

static const struct
{
  const char *name, *key, *driver, *path, *drawn;
} unsettable[] = {
  { "empty-key", "", "d", "00:02.0", "\"key\" is empty\n" },
  { "empty-driver", "k", "", "00:02.0", "\"driver\" is empty\n" },
  { "empty-path", "k", "d", "", "\"path\" is empty\n" },
  { "key-not-utf8", "k\xff", "d", "00:02.0", "\"key\" is not valid UTF-8\n" },
  { "driver-not-utf8", "k", "\xc0\xaf", "00:02.0", "\"driver\" is not valid UTF-8\n" },
  { "malformed-path", "k", "d", "02.0", "\"02.0\" is not the path of a place\n" PATH_HINT },
  { "path-not-utf8", "k", "d", "00:02.0\xff", "\"path\" is not valid UTF-8\n" },
  { "taken", "k", "d", "00:1c.0/00.0", "place 00:1c.0/00.0 belongs to \"net0\"\n" },
  { "set-to-taken", "a \"name\"/é", "d", "00:1c.0/00.0",
    "place 00:1c.0/00.0 belongs to \"net0\"\n" },
};

static void
test_unsettable (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrLock) lock = parse (sample);
  g_autofree char *drawn = g_strdup_printf ("qriser: error: %s", unsettable[i].drawn);
  GError *error = NULL;

  g_assert_false (qr_lock_set (lock, unsettable[i].key, unsettable[i].driver, unsettable[i].path,
                               &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  g_assert_cmpstr (qr_error_code (error), ==, "lock-file");
  test_error_is (&error, drawn);
  g_assert_false (qr_lock_set (lock, unsettable[i].key, unsettable[i].driver, unsettable[i].path,
                               NULL));
  format_is (lock, sample);
}

/* Writes the @i-th of many paths. */
static void
nth_path (guint i, char path[32])
{
  g_snprintf (path, 32, "%02x:%02x.%u/%02x.%u", i >> 16, i >> 11 & 31, i >> 8 & 7, i >> 3 & 31,
              i & 7);
}

/* As many places as there may be, set and read, and one more. */
static void
test_places (void)
{
  g_autoptr (QrLock) lock = qr_lock_new ("ich9@1", "q35"), copy = NULL;
  g_autofree char *drawn = NULL;
  char key[16], path[32];
  GError *error = NULL;
  GString *text;

  for (guint i = 0; i < QR_LIMIT_LOCK_PLACES; i++)
    {
      g_snprintf (key, sizeof key, "k%u", i);
      nth_path (i, path);
      set (lock, key, "d", path);
    }
  text = qr_lock_format (lock);
  copy = parse (text->str);
  g_assert_cmpuint (copy->places->len, ==, QR_LIMIT_LOCK_PLACES);
  g_assert_cmpstr (qr_lock_find (copy, "k65535")->path, ==, "00:1f.7/1f.7");
  g_assert_false (qr_lock_set (lock, "more", "d", "01:00.0", &error));
  test_error_code (&error, QR_STATUS_CONFIG, "lock-file", "a lock file holds at most 65536 places");
  set (lock, "k7", "d", "01:00.0");
  g_string_truncate (text, text->len - strlen ("\n  ]\n}\n"));
  g_string_append (text, ",\n{\"key\":\"more\",\"driver\":\"d\",\"path\":\"01:00.0\"}]}\n");
  g_assert_null (qr_lock_parse (text->str, text->len, "f", &error));
  drawn = qr_error_render (error, "qriser");
  g_assert_true (g_str_has_prefix (
      drawn, "qriser: error: a lock file holds at most 65536 places\n  f:65543:8: "));
  test_error_code (&error, QR_STATUS_CONFIG, "lock-file", "");
  g_string_free (text, TRUE);
}

/* Whatever a string holds comes back; no byte of it breaks a line. */
static void
test_strings (void)
{
  static const char *const strings[] = { "\"", "\\", "/", "\n", "\t\x01\x7f", "名前 😀", "{}[],:", " " };
  g_autoptr (QrLock) lock = qr_lock_new ("\"@1", "\n\\"), copy = NULL;
  GString *text;
  guint lines = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      char path[32];

      nth_path ((guint) i, path);
      set (lock, strings[i], strings[i], path);
    }
  text = qr_lock_format (lock);
  copy = parse (text->str);
  g_assert_cmpstr (copy->policy, ==, "\"@1");
  g_assert_cmpstr (copy->machine, ==, "\n\\");
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      const QrLockPlace *place = copy->places->pdata[i];

      g_assert_cmpstr (place->key, ==, strings[i]);
      g_assert_cmpstr (place->driver, ==, strings[i]);
    }
  for (gsize i = 0; i < text->len; i++)
    lines += text->str[i] == '\n';
  g_assert_cmpuint (lines, ==, 8 + G_N_ELEMENTS (strings));
  g_string_free (text, TRUE);
}

/* What plans print is what a lock takes: the board, ports, bridges, expanders. */
static void
test_plan_paths (void)
{
  GError *error = NULL;
  g_autoptr (QrLock) lock = qr_lock_new ("ich9@1", "q35");
  g_autoptr (QrPlan) plan = test_plan (
      "ich9@1",
      "-nodefaults -device virtio-net-pci -device e1000 -device pxb-pcie,id=x,bus_nr=254 "
      "-device pcie-root-port,id=p,bus=x,chassis=99,addr=1 -device virtio-rng-pci,bus=p",
      &error);
  const QrTopology *topology;

  g_assert_no_error (error);
  topology = plan->topology;
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->bus != NULL)
        set (lock, device->key, device->type->driver, qr_topology_path (topology, device));
    }
  g_assert_cmpuint (lock->places->len, >, 8);
  g_assert_nonnull (qr_lock_at (lock, "fe:01.0/00.0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (unsettable); i++)
    {
      g_autofree char *name = g_strdup_printf ("/lock/unsettable/%s", unsettable[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_unsettable);
    }
  g_test_add_func ("/lock/parse", test_parse);
  g_test_add_func ("/lock/layout", test_layout);
  g_test_add_func ("/lock/empty", test_empty);
  g_test_add_func ("/lock/set", test_set);
  g_test_add_func ("/lock/forget", test_forget);
  g_test_add_func ("/lock/places", test_places);
  g_test_add_func ("/lock/strings", test_strings);
  g_test_add_func ("/lock/plan-paths", test_plan_paths);
  return g_test_run ();
}
