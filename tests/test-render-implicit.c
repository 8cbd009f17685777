/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine type brings along: two surveys as one list, read back from its JSON, and compared.
 */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "render-implicit.h"

/* "BUS TYPE [hotplug]; PATH DRIVER; ..." */
static void
read_survey (const char *text, QrSurvey *out)
{
  g_auto (GStrv) parts = g_strsplit (text, "; ", -1);

  qr_survey_init (out);
  for (char **part = parts; *part != NULL; part++)
    {
      g_auto (GStrv) words = g_strsplit (*part, " ", -1);

      if (strchr (words[0], ':') != NULL)
        qr_survey_add_function (out, words[1], words[0]);
      else if (words[0][0] != '\0')
        qr_survey_add_root (out, words[0], words[1], words[2] != NULL);
    }
}

/* @bare, @full: NULL: QEMU does not start so */
static void
make (const char *bare, const char *full, QrImplicit *out)
{
  QrSurvey without, with;

  *out = (QrImplicit){ .fails = full == NULL ? "no full" : NULL,
                       .fails_bare = bare == NULL ? "no bare" : NULL };
  read_survey (bare == NULL ? "" : bare, &without);
  read_survey (full == NULL ? "" : full, &with);
  qr_implicit_take ("machine", &without, &with, out);
}

#define BARE "pcie.0 PCIE; 00:00.0 host; 00:01.0 display"
#define FULL "pcie.0 PCIE; pci.9 PCI hotplug; 00:00.0 host; 00:01.0 nic; 00:02.0 display"

static void
test_table (void)
{
  g_auto (QrImplicit) implicit;
  g_autoptr (GString) out = NULL;

  make (BARE, FULL, &implicit);
  out = qr_render_implicit (&(QrKnown){ &implicit, QR_KNOWN_DATA, NULL }, 1);
  g_assert_cmpstr (out->str, ==,
                   "machine: pcie.0 (PCIE, no hot-plug), free 02-1f; pci.9 (PCI, hot-plug), free "
                   "00-1f  default\n"
                   "  00:00.0  host\n"
                   "  00:01.0  nic  default\n"
                   "  00:01.0  display  with -nodefaults only\n"
                   "  00:02.0  display  default\n");
}

static void
test_failures (void)
{
  g_auto (QrImplicit) half, none;
  g_autoptr (GString) out = NULL;
  QrKnown known[] = { { &half, QR_KNOWN_PROBE, NULL }, { &none, QR_KNOWN_PROBE, NULL } };

  make (NULL, "pci.0 PCI; 00:00.0 host", &half);
  make (NULL, NULL, &none);
  out = qr_render_implicit (known, G_N_ELEMENTS (known));
  g_assert_cmpstr (out->str, ==,
                   "machine: pci.0 (PCI, no hot-plug), free 01-1f  default\n"
                   "  does not start with -nodefaults: no bare\n"
                   "  00:00.0  host  default\n"
                   "machine\n"
                   "  does not start: no full\n"
                   "  does not start with -nodefaults: no bare\n");
}

static void
read_back (const char *text, QrPool *pool, QrImplicit *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), "kept", 0, QR_STATUS_CONFIG, &error);
  QrJson root, element;
  gboolean good;

  g_assert_no_error (error);
  qr_json_root (doc, &root);
  qr_json_element (&root, 0, &element);
  good = qr_implicit_read (&element, pool, out, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

/* What is printed twice is the same. */
static void
test_read (void)
{
  static const char *const surveys[][2] = { { BARE, FULL }, { FULL, BARE }, { NULL, FULL },
                                            { BARE, NULL }, { "", "" },     { NULL, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (surveys); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      g_auto (QrImplicit) implicit, again;
      g_autoptr (GString) first = NULL, second = NULL;

      make (surveys[i][0], surveys[i][1], &implicit);
      first = qr_render_json_implicit (&(QrKnown){ &implicit, QR_KNOWN_PROBE, NULL }, 1);
      read_back (first->str, pool, &again);
      second = qr_render_json_implicit (&(QrKnown){ &again, QR_KNOWN_PROBE, NULL }, 1);
      g_assert_cmpstr (second->str, ==, first->str);
    }
}

static void
differ (const char *known_bare, const char *known_full, const char *bare, const char *full,
        const char *expected)
{
  g_auto (QrImplicit) known, asked;
  g_autoptr (GPtrArray) differences = NULL;
  g_autofree char *joined = NULL;

  make (known_bare, known_full, &known);
  make (bare, full, &asked);
  differences = qr_implicit_compare (&known, &asked);
  g_ptr_array_add (differences, NULL);
  joined = g_strjoinv ("; ", (char **) differences->pdata);
  g_assert_cmpstr (joined, ==, expected);
}

static void
test_compare (void)
{
  differ (BARE, FULL, BARE, FULL, "");
  differ ("pcie.0 PCIE; 00:00.0 host", "pcie.0 PCIE; 00:00.0 host", "pcie.0 PCIE; 00:00.0 host",
          "pcie.0 PCIE; 00:00.0 host; 00:01.0 nic", "only QEMU has nic at 00:01.0 (default)");
  differ ("pcie.0 PCIE; 00:00.0 host; 00:1f.0 lpc", "pcie.0 PCIE; 00:00.0 host; 00:1f.0 lpc",
          "pcie.0 PCIE; 00:00.0 host", "pcie.0 PCIE; 00:00.0 host; 00:1f.0 lpc",
          "only QEMU has lpc at 00:1f.0 (default); only the data has lpc at 00:1f.0 (machine)");
  differ ("pci.0 PCI", "pci.0 PCI", "pci.0 PCI hotplug", "pci.0 PCI",
          "the root buses without its defaults are pci.0 (PCI, hot-plug), and known are pci.0 "
          "(PCI, no hot-plug)");
  differ ("pci.0 PCI", "pci.0 PCI", "pci.0 PCI", NULL, "QEMU does not start: no full");
  differ ("pci.0 PCI", "pci.0 PCI", NULL, "pci.0 PCI",
          "QEMU does not start without its defaults: no bare");
  differ (NULL, "pci.0 PCI", "pci.0 PCI", FULL, "");
}

/* Rubbish in what was kept. */
static void
test_rubbish (void)
{
  static const char function[]
      = "{\"machine\": \"m\", \"fails\": null, \"fails-nodefaults\": null, \"roots\": [],"
        " \"functions\": [{\"driver\": \"d\", \"path\": \"p\", \"origin\": \"heaven\"}]}";
  static const char list[]
      = "{\"machine\": \"m\", \"fails\": null, \"fails-nodefaults\": null, \"functions\": {}}";
  static const char *const texts[] = { "{}", "{\"machine\": 1}", list, function };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (QrJsonDoc) doc
          = qr_json_doc_parse (texts[i], strlen (texts[i]), "kept", 0, QR_STATUS_CONFIG, &error);
      g_auto (QrImplicit) out = { NULL };
      QrJson root;

      g_assert_no_error (error);
      qr_json_root (doc, &root);
      g_assert_false (qr_implicit_read (&root, pool, &out, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render-implicit/table", test_table);
  g_test_add_func ("/render-implicit/failures", test_failures);
  g_test_add_func ("/render-implicit/read", test_read);
  g_test_add_func ("/render-implicit/compare", test_compare);
  g_test_add_func ("/render-implicit/rubbish", test_rubbish);
  return g_test_run ();
}
