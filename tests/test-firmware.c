/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the descriptions of firmware is taken. */
#include "config.h"

#include "firmware.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>

#define FLASH(code, vars) \
  "\"mapping\": { \"device\": \"flash\", \"executable\": { \"filename\": \"" code "\", \"format\": \"raw\" }, " \
  "\"nvram-template\": { \"filename\": \"" vars "\", \"format\": \"qcow2\" } }"
#define TARGET(machine) "\"targets\": [{ \"architecture\": \"x86_64\", \"machines\": [\"" machine "\"] }]"
#define UEFI "\"interface-types\": [\"uefi\"]"

static const struct
{
  const char *path, *text;
} files[] = {
  { "sys/10-arm.json", "{ " UEFI ", " FLASH ("/arm", "/v")
    ", \"targets\": [{ \"architecture\": \"aarch64\", \"machines\": [\"virt-*\"] }], \"features\": [] }" },
  { "sys/20-secure.json", "{ " UEFI ", " FLASH ("/unkeyed", "/v") ", " TARGET ("pc-q35-*")
    ", \"features\": [\"secure-boot\", \"requires-smm\"] }" },
  { "sys/30-keyed.json", "{ " UEFI ", " FLASH ("/keyed", "/kv") ", " TARGET ("pc-q35-*")
    ", \"features\": [\"secure-boot\", \"enrolled-keys\", \"requires-smm\"] }" },
  { "sys/40-plain.json", "{ " UEFI ", " FLASH ("/plain", "/v") ", " TARGET ("pc-q35-*") ", \"features\": [] }" },
  { "sys/50-new.json", "{ " UEFI ", \"mapping\": { \"device\": \"kernel\", \"filename\": \"/k\" }, " TARGET ("pc-i440fx-*") " }" },
  { "sys/60-pc.json", "{ " UEFI ", \"mapping\": { \"device\": \"memory\", \"filename\": \"/mem\" }, " TARGET ("pc-i440fx-*") " }" },
  { "one/00.json", "{ " UEFI ", \"mapping\": { \"device\": \"flash\", \"mode\": \"combined\", \"executable\": "
    "{ \"filename\": \"/one\", \"format\": \"raw\" } }, " TARGET ("pc-q35-*") " }" },
  { "state/00.json", "{ " UEFI ", \"mapping\": { \"device\": \"flash\", \"mode\": \"stateless\", \"executable\": "
    "{ \"filename\": \"/stateless\", \"format\": \"raw\" } }, " TARGET ("pc-q35-*") " }" },
  { "sys/notes.txt", "no JSON" },
  { "own/40-plain.json", "{ " UEFI ", " FLASH ("/own", "/v") ", " TARGET ("pc-q35-7.2") " }" },
  { "masked/40-plain.json", "" },
  { "broken/00.json", "{ \"interface-types\": [" },
  { "half/00.json", "{ " UEFI ", " TARGET ("pc-q35-*") ", \"mapping\": { \"device\": \"flash\" } }" },
};

static void
write_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *directory = g_path_get_dirname (files[i].path);

      (void) g_mkdir (directory, 0700);
      g_assert_true (g_file_set_contents (files[i].path, files[i].text, -1, NULL));
    }
}

static const struct
{
  const char *name, *directories, *machine;
  gboolean secure;
  const char *code; /* NULL: none is found */
} cases[] = {
  { "plain", "sys", "q35", FALSE, "/plain" },
  { "secure", "sys", "q35", TRUE, "/keyed" },
  { "type", "sys", "pc-q35-7.2", FALSE, "/plain" },
  { "any-machine", "sys", NULL, FALSE, "/plain" },
  { "alias-of-pc", "sys", "pc", FALSE, "/mem" },
  { "other-machine", "sys", "isapc", FALSE, NULL },
  { "own-first", "own sys", "pc-q35-7.2", FALSE, "/own" },
  { "own-hides", "own sys", "pc-q35-10.0", FALSE, NULL },
  { "own-alias", "own sys", "q35", FALSE, "/own" },
  { "masked", "masked sys", "q35", FALSE, NULL },
  { "masked-last", "sys masked", "q35", FALSE, "/plain" },
  { "no-directory", "nowhere sys", "q35", FALSE, "/plain" },
  { "combined", "one sys", "q35", FALSE, "/plain" },
  { "stateless", "state sys", "q35", FALSE, "/stateless" },
  { "nothing", "nowhere", "q35", FALSE, NULL },
};

static gboolean
find (const char *directories, const char *machine, gboolean secure, QrPool *pool, QrFirmware *out,
      GError **error)
{
  g_auto (GStrv) paths = g_strsplit (directories, " ", -1);
  const QrFirmwareWish wish = { "uefi", "x86_64", machine, secure, (const char *const *) paths };

  write_files ();
  return qr_firmware_find (&wish, &qr_profiles_builtin, pool, out, error);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  QrFirmware firmware = { 0 };
  GError *error = NULL;

  if (find (cases[i].directories, cases[i].machine, cases[i].secure, pool, &firmware, &error))
    g_assert_cmpstr (firmware.code, ==, cases[i].code);
  else
    {
      g_assert_null (cases[i].code);
      test_error_code (&error, QR_STATUS_NO_INPUT, "no-firmware", "no description in");
    }
}

static void
test_contents (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrFirmware firmware;

  g_assert_true (find ("sys", "q35", TRUE, pool, &firmware, &error));
  g_assert_true (firmware.in_flash && firmware.needs_smm);
  g_assert_cmpstr (firmware.code_format, ==, "raw");
  g_assert_cmpstr (firmware.vars, ==, "/kv");
  g_assert_cmpstr (firmware.vars_format, ==, "qcow2");
  g_assert_true (find ("sys", "pc", FALSE, pool, &firmware, &error));
  g_assert_false (firmware.in_flash || firmware.needs_smm);
  g_assert_null (firmware.vars);
}

static void
test_broken (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  QrFirmware firmware;

  g_assert_false (find ("broken sys", "q35", FALSE, pool, &firmware, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-syntax", "");
  g_assert_false (find ("half sys", "q35", FALSE, pool, &firmware, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "\"executable\" is missing here");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/firmware/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/firmware/contents", test_contents);
  g_test_add_func ("/firmware/broken", test_broken);
  return test_run_inside ();
}
